"""A house of its own for a test: a database with all tables, and real servers on it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import psycopg

from tests import databases
from tests.databases import ROOT

PATIENCE_SECONDS = 60
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
        return databases.url(self.database)

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
        return databases.manage(self.database_url, *words)

    def close(self) -> None:
        for server in self.servers:
            server.stop(hard=True)
        databases.drop(self.database)


def migrated() -> House:
    """An empty, migrated database."""
    house = _new_house(databases.model())
    with house.connect() as connection:
        connection.execute(SCRATCH)
    return house


def empty() -> House:
    """A database with the extensions that the cluster gives to each, and nothing else."""
    return _new_house("template1")


def _new_house(model: str) -> House:
    name = f"augenmerk_house_{uuid4().hex[:12]}"
    databases.copy(model, name)
    return House(name, databases.parameters())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
