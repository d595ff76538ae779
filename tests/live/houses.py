"""A house of its own for a test: a database made from the migrations, and real servers on it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import psycopg
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30
SCRATCH = """
    CREATE TABLE IF NOT EXISTS live_scratch (
        id bigserial PRIMARY KEY, topic text, code text, version int,
        xid xid8 NOT NULL DEFAULT pg_current_xact_id()
    );
    CREATE INDEX IF NOT EXISTS live_scratch_xid ON live_scratch (xid);
"""


@dataclass
class Server:
    """A web process with the sockets at `ws://127.0.0.1:PORT/live/`."""

    port: int
    environment: dict[str, str]
    application: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def live(self) -> str:
        return f"ws://127.0.0.1:{self.port}/live/"

    def start(self) -> None:
        serve = "from config.web import listen, serve; serve(listen({!r}, {}), {!r})"
        code = serve.format("127.0.0.1", self.port, self.application)
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=self.environment
        )
        self._wait()

    def stop(self, *, hard: bool = False) -> None:
        if self.process is not None:
            (self.process.kill if hard else self.process.terminate)()
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"{self.application} did not start")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self.application} did not open its port")

    def get(self, path: str) -> bytes:
        with urlopen(self.url + path, timeout=PATIENCE_SECONDS) as answer:
            body: bytes = answer.read()
        return body


@dataclass
class House:
    """A database, and the servers opened on it."""

    database: str
    parameters: dict[str, Any]
    servers: list[Server] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        known = self.parameters
        host = str(known.get("host", "")).replace("/", "%2F")
        login = f"{known.get('user', '')}:{known.get('password', '')}".rstrip(":")
        return f"postgis://{login}@{host}:{known.get('port', 5432)}/{self.database}"

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection[Any]:
        """A connection of the test's own to the database of the house."""
        known = {**self.parameters, "dbname": self.database}
        return psycopg.connect(**known, autocommit=autocommit)

    def serve(self, application: str = "tests.live.house:application", **more: str) -> Server:
        """Another server process; `more` are environment variables."""
        here = {"DATABASE_URL": self.database_url, "LIVE_DATABASE_URL": "", "DEBUG": "0"}
        environment = {**os.environ, **here, **more}
        server = Server(_free_port(), environment, application)
        server.start()
        self.servers.append(server)
        return server

    def manage(self, *words: str) -> str:
        return _manage(self.database_url, *words)

    def close(self) -> None:
        for server in self.servers:
            server.stop(hard=True)
        _drop(self.database, self.parameters)


@contextmanager
def template() -> Iterator[House]:
    """An empty, migrated database that others are copied from."""
    house = empty()
    try:
        house.manage("migrate", "--skip-checks")
        with house.connect() as connection:
            connection.execute(SCRATCH)
        yield house
    finally:
        house.close()


def empty() -> House:
    """A database with the extensions that the cluster gives to each, and nothing else."""
    return _new_house("template1")


def build(model: House) -> House:
    return _new_house(model.database)


def _new_house(model: str) -> House:
    name = f"augenmerk_house_{uuid4().hex[:12]}"
    parameters = _parameters()
    names = (sql.Identifier(name), sql.Identifier(model))
    _maintain(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names), parameters)
    return House(name, parameters)


def _drop(name: str, parameters: dict[str, Any]) -> None:
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    _maintain(command, parameters)


def _maintain(command: sql.Composed, parameters: dict[str, Any]) -> None:
    """Another session may hold a database for a moment; of autovacuum we can't get rid."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with _maintenance(parameters) as connection:
                connection.execute(command)
            return
        except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _maintenance(parameters: dict[str, Any]) -> psycopg.Connection[Any]:
    return psycopg.connect(**{**parameters, "dbname": "postgres"}, autocommit=True)


def _parameters() -> dict[str, Any]:
    known = connections["default"].get_connection_params()
    return {name: known[name] for name in ("host", "port", "user", "password") if name in known}


def _manage(database_url: str, *words: str) -> str:
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
