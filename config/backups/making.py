"""Making a backup while people go on reporting.

Dump and list of photos come from one exported snapshot. Files never change once written and are
written before their row, so they are copied afterwards; only the sweep removes any, and it pauses.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from psycopg import sql

from townhall.photos.storing import REMOVAL

from .archive import DUMP, MEDIA, Archive, Manifest, Writer
from .postgres import Database, Trouble, failed, output, program

# Who is signed in, and from where somebody tried, is nobody's business after a restore.
WITHOUT_ROWS = (
    "django_session",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "townhall_tally",
    "spatial_ref_sys",
)
NAME = re.compile(r"augenmerk-\d{4}-\d\d-\d\dT\d{6}Z\.tar")
LAST = "state/last-backup.json"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Snapshot:
    """What one moment of the database holds."""

    name: str
    folders: list[str]
    rows: dict[str, int]
    migrations: list[str]
    extensions: dict[str, str]


def make(folder: Path, *, keep: int | None = None, say: Say, now: datetime | None = None) -> Path:
    """Write a checked archive into the folder and return its path. Raises Trouble.

    `keep`: how many archives of this folder stay, the new one among them.
    """
    now = now or datetime.now(UTC)
    _private(folder)
    target = _free_name(folder, now)
    _remove_leftovers(folder)
    try:
        with _growing(target) as (growing, aside):
            with growing.open("wb") as file:
                _fill(file, aside, now=now, say=say)
                file.flush()
                os.fsync(file.fileno())
            checked = Archive(growing, scratch=aside)
            growing.rename(target)
        _settle(folder)
    except OSError as error:
        raise Trouble(f"The backup can't be written: {error.strerror or error}.") from None
    _note(target, checked.manifest, now)
    say(f"{target}: {target.stat().st_size / 1024**2:.1f} MB, read again and verified")
    for old in _older(folder, keep):
        old.unlink()
        say(f"removed {old.name} (the newest {keep} are kept)")
    return target


def fingerprint() -> str:
    """Tells whether two installations have the same SECRET_KEY, and nothing about it."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"augenmerk backup", "sha256").hex()[:16]


def _fill(file: IO[bytes], aside: Path, *, now: datetime, say: Say) -> None:
    database = Database.here()
    with database.connect() as keeper, (aside / "sums").open("w+b") as sums:
        server = keeper.info.server_version // 10_000
        dumper = program("pg_dump", server=server)
        _pause_sweep(keeper)
        with _snapshot(keeper) as seen:
            say(f"dumping {sum(seen.rows.values())} rows of {len(seen.rows)} tables")
            dump = _dump(database, dumper, seen.name, aside / DUMP)
        output([program("pg_restore", server=server), "--list", dump])
        writer = Writer(file, mtime=now.timestamp(), sums=sums)
        with dump.open("rb") as content:
            writer.add(DUMP, content, dump.stat().st_size)
        dump.unlink()
        missing = _copy_photos(writer, seen.folders)
        say(f"{len(seen.folders)} photos")
        if missing:
            say(
                f"WARNING: {len(missing)} files of photos are not in the storage, e.g. {missing[0]}"
            )
        writer.finish(
            lambda total: Manifest(
                made_at=now.isoformat(timespec="seconds"),
                augenmerk=_version(),
                postgres=str(keeper.info.server_version),
                pg_dump=output([dumper, "--version"]).strip(),
                extensions=seen.extensions,
                migrations=seen.migrations,
                secret_key=fingerprint(),
                rows=seen.rows,
                photos=len(seen.folders),
                missing=missing[:1000],
                sums=total,
            )
        )


def _pause_sweep(keeper: psycopg.Connection[Any]) -> None:
    """For as long as this connection lives; before the snapshot, which must not see what goes."""
    keeper.execute("SET lock_timeout = '30s'")
    try:
        keeper.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [REMOVAL])
    except psycopg.errors.LockNotAvailable:
        raise Trouble("Another backup of this database is at work.") from None


@contextmanager
def _snapshot(keeper: psycopg.Connection[Any]) -> Iterator[Snapshot]:
    with keeper.transaction():
        keeper.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = keeper.execute("SELECT pg_export_snapshot()").fetchall()
        try:
            yield Snapshot(
                name=rows[0][0],
                folders=_column(keeper, "SELECT folder FROM townhall_image ORDER BY folder"),
                rows={table: _count(keeper, table) for table in _tables(keeper)},
                migrations=_column(
                    keeper, "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
                ),
                extensions=dict(
                    keeper.execute("SELECT extname, extversion FROM pg_extension").fetchall()
                ),
            )
        except psycopg.errors.UndefinedTable:
            raise Trouble("This database holds no Augenmerk: bin/setup makes one.") from None


def _tables(keeper: psycopg.Connection[Any]) -> list[str]:
    """Ours, without those of extensions and those whose rows are left out."""
    tables = _column(
        keeper,
        """SELECT relname::text FROM pg_class c
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
             AND NOT relispartition AND NOT EXISTS (
               SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid
                 AND deptype = 'e')
           ORDER BY 1""",
    )
    return [table for table in tables if table not in WITHOUT_ROWS]


def _count(keeper: psycopg.Connection[Any], table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))
    return int(keeper.execute(query).fetchall()[0][0])


def _column(keeper: psycopg.Connection[Any], query: Any) -> list[str]:
    return [row[0] for row in keeper.execute(query).fetchall()]


def _dump(database: Database, dumper: Path, snapshot: str, target: Path) -> Path:
    """Without owners, rights and comments: a restore needs no superuser."""
    process = database.run(
        dumper,
        "--format=custom",
        "--schema=public",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        *(f"--exclude-table-data=public.{table}" for table in WITHOUT_ROWS),
        f"--snapshot={snapshot}",
        f"--file={target}",
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, said = process.communicate()
    if process.returncode:
        raise Trouble(failed(dumper, said))
    return target


def _copy_photos(writer: Writer, folders: list[str]) -> list[str]:
    """Returns the names of files that rows name and the storage doesn't have."""
    missing = []
    for folder in folders:
        for name in (f"{folder}/full.webp", f"{folder}/thumb.webp"):
            try:
                with default_storage.open(name) as content:
                    writer.add(MEDIA + name, content, content.size)
            except FileNotFoundError:
                missing.append(name)
    return missing


# ── Files ────────────────────────────────────────────────────────────────────────────────────
def _free_name(folder: Path, now: datetime) -> Path:
    """Named by the second. Who backs up twice in one gets the next: names tell the order."""
    while True:
        target = folder / f"augenmerk-{now:%Y-%m-%dT%H%M%SZ}.tar"
        if not target.exists():
            return target
        now += timedelta(seconds=1)


def _private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"{folder} can't be made: {error.strerror}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Trouble(f"{folder} can't be written.")


@contextmanager
def _growing(target: Path) -> Iterator[tuple[Path, Path]]:
    """A file for our eyes only under a name of its own, and a folder beside it.

    Both are gone in the end, unless the file was given its name. Locked while we live.
    """
    path = target.with_name(f".{target.name}.new")
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _aside(path).mkdir(mode=0o700)
        yield path, _aside(path)
    finally:
        path.unlink(missing_ok=True)
        shutil.rmtree(_aside(path), ignore_errors=True)
        os.close(handle)


def _aside(path: Path) -> Path:
    return path.with_suffix(".aside")


def _remove_leftovers(folder: Path) -> None:
    """Of backups that were killed: what nobody holds a lock on."""
    for path in folder.glob(".augenmerk-*.tar.new"):
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            path.unlink(missing_ok=True)
            shutil.rmtree(_aside(path), ignore_errors=True)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _older(folder: Path, keep: int | None) -> list[Path]:
    archives = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    return archives[: max(0, len(archives) - keep)] if keep else []


def _note(target: Path, manifest: Manifest, now: datetime) -> None:
    """For /metrics: when the last backup was made."""
    facts = {"at": now.timestamp(), "bytes": target.stat().st_size, "photos": manifest.photos}
    file = settings.HOME / LAST
    with suppress(OSError):  # another user's home: the backup is good all the same
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(facts), encoding="utf-8")


def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
