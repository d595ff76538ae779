"""Tiles on disk: one file each, within a size and an age. What is lost is fetched again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .region import Tile

DAY_S = 24 * 3600
FRESH_S = 30 * DAY_S  # then the source is asked whether it still looks like that
OLDEST_S = 120 * DAY_S  # not asked about for so long: nobody looks there
ROOM_LEFT = 0.9  # of the size, after tidying


@dataclass(frozen=True)
class Kept:
    """A tile. `kind` is its media type, `their_…` what the source said for asking again.

    `checked_at`: seconds since 1970 when the source last said that it looks like that.
    """

    content: bytes
    kind: str
    their_etag: str = ""
    their_date: str = ""
    checked_at: float = 0.0

    @property
    def etag(self) -> str:
        """Ours: of the content, so that it outlives a change of the source."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:20]}"'

    def is_fresh(self, *, now: float) -> bool:
        return now - self.checked_at < FRESH_S


class Shelf:
    """All tiles of one source in a folder of their own. May be shared by several processes."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes

    def read(self, tile: Tile) -> Kept | None:
        """None where there is none, or a file that a crash has left behind."""
        try:
            with self._file(tile).open("rb") as file:
                facts = json.loads(file.readline())
                content, checked_at = file.read(), os.fstat(file.fileno()).st_mtime
            if len(content) != facts["size"]:
                return None
            return Kept(
                content, facts["kind"], facts["their_etag"], facts["their_date"], checked_at
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, tile: Tile, kept: Kept) -> None:
        """Whole or not at all. Raises OSError (disk full)."""
        file = self._file(tile)
        file.parent.mkdir(parents=True, exist_ok=True)
        facts = {
            "kind": kept.kind,
            "their_etag": kept.their_etag,
            "their_date": kept.their_date,
            "size": len(kept.content),
        }
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as new:
                new.write(json.dumps(facts).encode() + b"\n" + kept.content)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def checked(self, tile: Tile) -> None:
        """The source says that it still looks like that."""
        with suppress(OSError):
            os.utime(self._file(tile))

    def tidy(self, *, now: float | None = None) -> int:
        """Take away what is too old, and the oldest while there is too much. Returns how many."""
        moment = time.time() if now is None else now
        files = sorted(self._all())
        total, gone = sum(size for _age, size, _file in files), 0
        room = self.most_bytes * ROOM_LEFT if total > self.most_bytes else total
        for checked_at, size, file in files:
            if total <= room and moment - checked_at < OLDEST_S:
                break
            file.unlink(missing_ok=True)
            total -= size
            gone += 1
        return gone

    def size(self) -> int:
        return sum(size for _age, size, _file in self._all())

    def _all(self) -> Iterator[tuple[float, int, Path]]:
        for file in self.folder.glob("*/*/*"):
            with suppress(OSError):  # another process took it away
                facts = file.stat()
                yield facts.st_mtime, facts.st_size, file

    def _file(self, tile: Tile) -> Path:
        return self.folder / str(tile.z) / str(tile.x) / str(tile.y)
