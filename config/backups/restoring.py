"""Putting an archive in the place of what is there: all of it or nothing.

The archive is checked whole before anything is touched. Photos come first, because rows must not
name what isn't there; a crash then leaves stray files that the sweep removes. The database is
replaced in one transaction: whatever fails, the old one is still there.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from townhall.photos.storing import store

from .archive import CHUNK, DUMP, MEDIA, Archive
from .making import Say, fingerprint
from .postgres import Database, Trouble, failed, output, program

# Tables whose rows tell that somebody has worked here.
TELLING = ("reports_report", "townhall_image", "townhall_letter", "townhall_municipality",
           "townhall_user", "lostfound_founditem")  # fmt: skip
# Lines of pg_restore's list that need a superuser, or are there already.
_NOT_OURS = (" SCHEMA - ", " EXTENSION - ", " COMMENT - ", "spatial_ref_sys")

# Everything in the schema that no extension brought. Tables first: they take most along.
_EMPTY = """
BEGIN;
SET LOCAL lock_timeout = '30s';
SET LOCAL client_min_messages = warning;
DO $$
DECLARE it record;
BEGIN
  FOR it IN
    SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) AS command FROM (
      SELECT 1 AS turn, 'pg_class'::regclass AS catalog, oid, CASE relkind
          WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
          ELSE 'TABLE' END AS kind, oid::regclass::text AS name
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
          AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT relispartition
      UNION ALL
      SELECT 2, 'pg_proc'::regclass, oid, 'ROUTINE', oid::regprocedure::text
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL
      SELECT 3, 'pg_type'::regclass, t.oid, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
          t.oid::regtype::text
        FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND (typtype IN ('e', 'd', 'r')
          OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
      UNION ALL
      SELECT 4, 'pg_ts_config'::regclass, oid, 'TEXT SEARCH CONFIGURATION', oid::regconfig::text
        FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace
      UNION ALL
      SELECT 5, 'pg_collation'::regclass, oid, 'COLLATION', oid::regcollation::text
        FROM pg_collation WHERE collnamespace = 'public'::regnamespace
    ) AS found
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = catalog AND d.objid = found.oid
                        AND d.deptype = 'e')
    ORDER BY turn, kind DESC
  LOOP
    EXECUTE it.command;
  END LOOP;
END $$;
"""

# A new epoch: every cursor from before is unknown, so open pages reload. The transaction ids of
# another cluster may lie in this one's future, where every page would miss them for ever. What a
# worker had in hand is waiting again; its letters are not doubled, because each asks its own row.
_NEW_LIFE = """
RESET search_path;
UPDATE public.townhall_installation SET epoch = gen_random_uuid();
DO $$
DECLARE it record;
BEGIN
  FOR it IN
    SELECT c.oid::regclass AS place, quote_ident(a.attname) AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND a.atttypid = 'xid8'::regtype AND NOT a.attisdropped AND NOT c.relispartition
  LOOP
    EXECUTE format('UPDATE %1$s SET %2$s = pg_current_xact_id() WHERE %2$s > pg_current_xact_id()',
                   it.place, it.name);
  END LOOP;
END $$;
DELETE FROM public.procrastinate_jobs AS left_over
  WHERE status = 'doing' AND queueing_lock IN (
    SELECT queueing_lock FROM public.procrastinate_jobs WHERE status = 'todo');
UPDATE public.procrastinate_jobs SET status = 'todo', worker_id = NULL, abort_requested = false
  WHERE status = 'doing';
DELETE FROM public.procrastinate_workers;
COMMIT;
"""


@dataclass
class Restore:
    """An archive that was found good, and the database whose place it takes."""

    archive: Archive
    database: Database
    say: Say

    @classmethod
    def of(cls, path: Path, *, say: Say) -> Restore:
        """Check the archive, and whether it fits here. Touches nothing. Raises Trouble."""
        say(f"checking {path}")
        restore = cls(Archive(path), Database.here(), say)
        restore._refuse_newer()
        restore._refuse_company()
        return restore

    @cached_property
    def server(self) -> int:
        with self.database.connect() as link:
            return link.info.server_version // 10_000

    def what_is_lost(self) -> str:
        """What stands in the database now, in words; empty when nobody has worked there yet."""
        with self.database.connect() as link:
            counts = {table: _rows(link, table) for table in TELLING}
        held = [f"{count} {table.partition('_')[2]}s" for table, count in counts.items() if count]
        return ", ".join(held).replace("municipalitys", "municipalities")

    def run(self) -> None:
        """Raises Trouble; then the database is as it was."""
        scratch = settings.HOME / "state"
        scratch.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix=".restore-") as folder:
            dump = Path(folder) / DUMP
            placed = _Placed(dump)
            try:
                self.archive.each(placed.take)
            except OSError as error:
                raise Trouble(f"Photos can't be written: {error.strerror or error}.") from None
            self.say(f"photos: {placed.new} files written, {placed.same} were there already")
            connection.close()
            self._make_extensions()
            self._replace(dump, Path(folder) / "list")
        self._count()
        connection.close()
        call_command("migrate", verbosity=0, interactive=False)
        self.say("migrations: all applied")
        self._look_for_photos()

    def warnings(self) -> list[str]:
        found = []
        manifest = self.archive.manifest
        if manifest.secret_key != fingerprint():
            found.append(
                "SECRET_KEY is another one than where the backup was made. Everything works, but a "
                "report that is sent a second time gets links that don't open. Better put the old "
                f"key into {settings.HOME / 'env'}"
            )
        if manifest.missing:
            found.append(f"{len(manifest.missing)} files were missing when the backup was made")
        return found

    # ── Before ───────────────────────────────────────────────────────────────────────────────
    def _refuse_newer(self) -> None:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        known = {f"{app}.{name}" for app, name in loader.disk_migrations}
        # What later migrations replaced ("squashed") is known by name as well.
        known |= {
            f"{app}.{name}"
            for each in loader.disk_migrations.values()
            for app, name in each.replaces
        }
        ours = {app for app, _ in loader.disk_migrations}
        newer = [
            name
            for name in self.archive.manifest.migrations
            if name not in known and name.partition(".")[0] in ours
        ]
        if newer:
            raise Trouble(
                f"The archive is of a newer Augenmerk ({self.archive.manifest.augenmerk}): "
                f"{newer[0]} is unknown here. Update this one first."
            )

    def _refuse_company(self) -> None:
        connection.close()
        with self.database.connect() as link:
            others = link.execute(
                """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
                   AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid"""
            ).fetchall()
        if others:
            pids = ", ".join(str(row[0]) for row in others[:8])
            raise Trouble(
                f"Somebody is connected to the database {self.database.name} (PostgreSQL's "
                f"processes {pids}). End web server, worker and psql first."
            )

    # ── The database ─────────────────────────────────────────────────────────────────────────
    def _make_extensions(self) -> None:
        with self.database.connect() as link:
            for name in self.archive.manifest.extensions:
                command = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA public")
                try:
                    if name != "plpgsql":
                        link.execute(command.format(sql.Identifier(name)))
                except psycopg.Error:
                    raise Trouble(
                        f"The database needs the extension {name}. "
                        f"As its superuser: create extension {name};"
                    ) from None

    def _replace(self, dump: Path, chosen: Path) -> None:
        """The old objects go and the dump's come in one transaction, committed by our own hand."""
        reader = program("pg_restore", server=self.server)
        lines = output([reader, "--list", dump]).splitlines()
        ours = [line for line in lines if not any(mark in line for mark in _NOT_OURS)]
        chosen.write_text("\n".join(ours) + "\n", encoding="utf-8")
        self.say("replacing the database")
        source = subprocess.Popen(  # noqa: S603
            [reader, "--no-owner", "--no-privileges", f"--use-list={chosen}", "--file=-", dump],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        client = program("psql", server=self.server)
        sink = self.database.run(
            client,
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        with source, sink:
            _pour(source, sink, reader=reader, client=client)
        with self.database.connect() as link:
            link.execute("ANALYZE")

    # ── After ────────────────────────────────────────────────────────────────────────────────
    def _count(self) -> None:
        with self.database.connect() as link:
            for table, rows in self.archive.manifest.rows.items():
                there = _rows(link, table)
                if there != rows and not table.startswith("procrastinate_"):
                    raise Trouble(f"{table} has {there} rows, the manifest says {rows}.")
        total = sum(self.archive.manifest.rows.values())
        self.say(f"database: {total} rows in {len(self.archive.manifest.rows)} tables, as counted")

    def _look_for_photos(self) -> None:
        with self.database.connect() as link:
            rows = link.execute("SELECT folder FROM townhall_image").fetchall()
        names = [f"{folder}/{size}.webp" for (folder,) in rows for size in ("full", "thumb")]
        lost = [name for name in names if not default_storage.exists(name)]
        if lost:
            self.say(f"WARNING: {len(lost)} of {len(names)} files of photos are missing")
        else:
            self.say(f"photos: all {len(names)} files of {len(rows)} photos are there")


class _Placed:
    """Takes an archive's files one by one; what is there already stays untouched."""

    def __init__(self, dump: Path) -> None:
        self.new = self.same = 0
        self._dump = dump

    def take(self, name: str, content: IO[bytes]) -> None:
        if name == DUMP:
            with self._dump.open("wb") as file:
                _copy(content.read, file.write)
            return
        name, data = name.removeprefix(MEDIA), content.read()
        if _is_there(name, data):
            self.same += 1
        else:
            store(name, data)
            self.new += 1


def _is_there(name: str, data: bytes) -> bool:
    try:
        with default_storage.open(name) as file:
            return bool(file.read() == data)
    except FileNotFoundError:
        return False


def _pour(
    source: subprocess.Popen[bytes], sink: subprocess.Popen[bytes], *, reader: Path, client: Path
) -> None:
    """Without our COMMIT at the end psql takes everything back."""
    assert source.stdout and source.stderr and sink.stdin and sink.stderr
    try:
        sink.stdin.write(_EMPTY.encode())
        _copy(source.stdout.read, sink.stdin.write)
        if source.wait():
            sink.kill()
            raise Trouble(failed(reader, source.stderr.read()))
        sink.stdin.write(_NEW_LIFE.encode())
        sink.stdin.flush()
    except BrokenPipeError:  # psql stopped at an error; it tells which
        source.kill()
    finally:
        with suppress(BrokenPipeError):
            sink.stdin.close()
    said = sink.stderr.read()
    if sink.wait():
        raise Trouble(f"{failed(client, said)}\nThe database is as it was.")


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], Any]) -> None:
    while piece := read(CHUNK):
        write(piece)


def _rows(link: psycopg.Connection[Any], table: str) -> int:
    """0 also where there is no such table."""
    known = link.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchall()
    if not known[0][0]:
        return 0
    query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))
    return int(link.execute(query).fetchall()[0][0])
