"""Databases for tests: copies of one that is migrated once, which takes 20 s of a core."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60
KEPT = 3  # models: a switch of branches needs no new one
LOCK = 0x6D6F64656C  # "model": whoever makes one, or throws old ones away
PREFIX = "augenmerk_model_"


def model() -> str:
    """The name of a migrated database that is good for copies; kept for the next run."""
    name = PREFIX + _digest_of_migrations()
    with maintenance() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if name not in _models(connection):
            _make(name, connection)
    return name


def _digest_of_migrations() -> str:
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label}/{file.name}".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _models(connection: psycopg.Connection[Any]) -> list[str]:
    """Newest first."""
    found = connection.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC",
        [PREFIX],
    )
    return [name for (name,) in found]


def _make(name: str, connection: psycopg.Connection[Any]) -> None:
    """Gets its name when it is done: what an interrupted run leaves is nobody's model."""
    half = PREFIX + "half"
    drop(half)
    for old in _models(connection)[KEPT - 1 :]:
        drop(old)
    copy("template1", half)
    manage(url(half), "migrate", "--skip-checks")
    maintain(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name))
    )


# ── After a test that commits ────────────────────────────────────────────────────────────────
MIGRATED = {"django_content_type", "django_migrations", "auth_permission", "spatial_ref_sys"}
REFERRED = (
    "procrastinate_jobs",
    "procrastinate_workers",
)  # at once, where Django's wait for the end


def empty() -> None:
    """Nothing is left of what was committed, not even in the queue.

    Truncating all tables takes a second, looking for full ones and deleting their few rows a
    hundredth. Where rows are locked for good, the table is truncated.
    """
    connection = connections["default"]
    tables = sorted(set(connection.introspection.table_names()) - MIGRATED, key=_referred_last)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE proname IN ('lostfound_no_change', 'reports_evidence_locked')"
        )
        locked = {name for (name,) in cursor.fetchall()}
        while full := _full(tables, cursor):  # a trigger may write while others are emptied
            for table in full:
                way = "TRUNCATE {} CASCADE" if table in locked else "DELETE FROM {}"
                cursor.execute(sql.SQL(way).format(sql.Identifier(table)))


def _referred_last(table: str) -> tuple[int, str]:
    return (REFERRED.index(table) if table in REFERRED else -1), table


def _full(tables: list[str], cursor: Any) -> list[str]:
    looks = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name))
        for name in tables
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(looks))
    full = {name for (name,) in cursor.fetchall()}
    return [name for name in tables if name in full]


# ── Making and leaving ───────────────────────────────────────────────────────────────────────
def copy(source: str, name: str) -> None:
    names = (sql.Identifier(name), sql.Identifier(source))
    maintain(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


def drop(name: str) -> None:
    maintain(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def maintain(command: sql.Composed) -> None:
    """Another session may hold a database for a moment; of autovacuum we can't get rid."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with maintenance() as connection:
                connection.execute(command)
            return
        except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@contextmanager
def maintenance() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**{**parameters(), "dbname": "postgres"}, autocommit=True) as connection:
        yield connection


def parameters() -> dict[str, Any]:
    known = connections["default"].get_connection_params()
    return {name: known[name] for name in ("host", "port", "user", "password") if name in known}


def url(database: str) -> str:
    """As DATABASE_URL has it."""
    known = parameters()
    host = str(known.get("host", "")).replace("/", "%2F")
    login = f"{known.get('user', '')}:{known.get('password', '')}".rstrip(":")
    return f"postgis://{login}@{host}:{known.get('port', 5432)}/{database}"


def manage(database_url: str, *words: str) -> str:
    """What `manage.py` says on that database."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
