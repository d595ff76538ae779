"""The archive: an uncompressed tar of the dump, the photos, their checksums and a manifest.

    database.dump       pg_dump's custom format
    media/images/…      the files that the dump's rows name
    SHA256SUMS          of all above, in their order: `sha256sum -c` checks it by hand
    manifest.json       what this is, from when, for which version; with the checksum of the list

Nothing of it is believed before all of it is checked, and names of other shapes are refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from .postgres import Trouble

FORMAT: Final = 1
DUMP: Final = "database.dump"
SUMS: Final = "SHA256SUMS"
MANIFEST: Final = "manifest.json"
MEDIA: Final = "media/"
CHUNK: Final = 1024 * 1024
MANIFEST_BYTES: Final = 10 * 1024 * 1024
_PHOTO = re.compile(r"media/images/[0-9a-f]{2}/[0-9a-f-]{36}-[0-9a-f]{8}/(full|thumb)\.webp")


@dataclass(frozen=True)
class Manifest:
    made_at: str
    augenmerk: str
    postgres: str
    pg_dump: str
    extensions: dict[str, str]
    migrations: list[str]
    secret_key: str
    rows: dict[str, int]
    photos: int
    missing: list[str] = field(default_factory=list)
    sums: str = ""
    format: int = FORMAT

    def write(self) -> bytes:
        """With a seal over itself: a manifest that was changed by accident is not read."""
        facts = asdict(self)
        return json.dumps({**facts, "seal": _seal(facts)}, indent=1).encode()

    @classmethod
    def read(cls, text: bytes) -> Manifest:
        """Raises Trouble."""
        try:
            facts = json.loads(text)
            seal = facts.pop("seal")
            if facts["format"] != FORMAT:
                raise Trouble(f"The archive is of format {facts['format']}; this reads {FORMAT}.")
            if seal == _seal(facts):
                return cls(**facts)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise Trouble("The archive's manifest was changed or is damaged.")


def _seal(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


class Hashing:
    """Reads through and remembers the checksum."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._sum.update(piece)
        return piece

    def line(self, name: str) -> bytes:
        """As in SHA256SUMS."""
        return f"{self._sum.hexdigest()}  {name}\n".encode()


class Writer:
    """Puts file after file into an archive that grows."""

    def __init__(self, file: IO[bytes], *, mtime: float, sums: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._mtime = mtime
        self._sums = sums

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        hashing = Hashing(content)
        self._put(name, hashing, size)
        self._sums.write(hashing.line(name))

    def finish(self, manifest: Callable[[str], Manifest]) -> None:
        """The list of checksums, and the manifest that is told the list's own."""
        size = self._sums.tell()
        self._sums.seek(0)
        hashing = Hashing(self._sums)
        self._put(SUMS, hashing, size)
        text = manifest(hashing.line("").split()[0].decode()).write()
        with tempfile.SpooledTemporaryFile(MANIFEST_BYTES) as file:
            file.write(text)
            file.seek(0)
            self._put(MANIFEST, file, len(text))
        self._tar.close()

    def _put(self, name: str, content: Any, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, int(self._mtime), 0o600
        self._tar.addfile(member, content)


class Archive:
    """An archive that was checked from its first to its last byte."""

    def __init__(self, path: Path, *, scratch: Path | None = None) -> None:
        """Raises Trouble. `scratch`: a private folder for a list of checksums."""
        self.path = path
        try:
            with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
                self.manifest = _check(tar, scratch)
        except FileNotFoundError:
            raise Trouble(f"There is no {path}.") from None
        except (tarfile.TarError, EOFError) as error:
            raise Trouble(f"{path} is no whole archive: {error}.") from None
        except OSError as error:
            raise Trouble(f"{path} can't be read: {error.strerror or error}.") from None

    def each(self, take: Callable[[str, IO[bytes]], None]) -> None:
        """Hand over dump and photos, one after the other, by name and open file."""
        with self.path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            for member in tar:
                if member.name not in {SUMS, MANIFEST}:
                    take(member.name, _content(tar, member))


def _check(tar: tarfile.TarFile, scratch: Path | None) -> Manifest:
    manifest = None
    with tempfile.TemporaryFile(dir=scratch) as ours:
        listed = ""
        for member in tar:
            if manifest is not None or (listed and member.name != MANIFEST):
                raise Trouble(f"The archive holds something after its end: {member.name[:80]!r}.")
            content = _content(tar, member)
            if member.name == MANIFEST:
                manifest = Manifest.read(content.read(MANIFEST_BYTES))
            elif member.name == SUMS:
                listed = _compare(content, ours)
            else:
                ours.write(_sum(member.name, content))
        if manifest is None or not listed:
            raise Trouble("The archive has no end: it was cut off.")
        if manifest.sums != listed:
            raise Trouble("The archive's list of checksums is not the one of its manifest.")
    return manifest


def _sum(name: str, content: IO[bytes]) -> bytes:
    if name != DUMP and not _PHOTO.fullmatch(name):
        raise Trouble(f"The archive holds what no backup of ours holds: {name[:80]!r}.")
    hashing = Hashing(content)
    while hashing.read(CHUNK):
        pass
    return hashing.line(name)


def _compare(content: IO[bytes], ours: IO[bytes]) -> str:
    """Line by line with what was found; returns the list's own checksum. Raises Trouble."""
    ours.seek(0)
    total = hashlib.sha256()
    for said in content:
        total.update(said)
        found = ours.readline()
        if said != found:
            name = (found or said).decode("utf-8", "replace").partition("  ")[2].strip()
            raise Trouble(f"The archive was changed or is damaged: {name[:120]}.")
    if ours.readline():
        raise Trouble("The archive holds files that its list of checksums doesn't name.")
    return total.hexdigest()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise Trouble(f"The archive holds something that is no file: {member.name[:80]!r}.")
    return content
