"""A throwaway PostgreSQL cluster whose crashes are real: fsync is on, and it may be killed."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from .processes import Kept, children, kill

_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
fsync = on
full_page_writes = on
jit = off
max_connections = 200
max_wal_size = 192MB
min_wal_size = 32MB
wal_recycle = off
log_min_messages = warning
"""
_ROLE = """
CREATE ROLE augenmerk LOGIN CREATEDB;
CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent;
CREATE EXTENSION btree_gist;
"""
STARTED_WITHIN_S = 60


class NoPostgres(Exception):
    """No PostgreSQL with PostGIS is installed here."""


def programs() -> Path:
    """The folder of the newest PostgreSQL that has PostGIS."""
    for folder in sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -float(each.parent.name)
    ):
        control = f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control"
        if (folder / "postgres").exists() and Path(control).exists():
            return folder
    raise NoPostgres


@dataclass
class Cluster:
    """`folder` belongs to an unprivileged user: PostgreSQL refuses to run as root."""

    folder: Path
    sockets: Path
    owner: str | None
    environment: Mapping[str, str]
    keeper: Kept

    @classmethod
    def make(cls, folder: Path, *, sockets: Path, log: Path, clock: Mapping[str, str]) -> Cluster:
        owner = "postgres" if os.geteuid() == 0 else None
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        data = folder / "data"
        for place in (data, sockets):
            place.mkdir(mode=0o700)
            if owner:
                shutil.chown(place, owner, owner)
        _initdb(data, owner, environment)
        (data / "pg_hba.conf").write_text("local all all trust\n")  # its socket is ours alone
        with (data / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS.format(sockets=sockets))
        command = [str(programs() / "postgres"), "-D", str(data)]
        keeper = Kept("database", command, {**environment, **clock}, log, data, user=owner)
        return cls(data, sockets, owner, environment, keeper)

    @property
    def url(self) -> str:
        return f"postgis://augenmerk@{str(self.sockets).replace('/', '%2F')}/augenmerk"

    def connect(self, *, user: str = "augenmerk", database: str = "augenmerk") -> Any:
        return psycopg.connect(
            host=str(self.sockets), user=user, dbname=database, autocommit=True, connect_timeout=5
        )

    async def start(self) -> None:
        self.keeper.start()
        await self.answers()
        with self.connect(user="postgres", database="template1") as owner:
            owner.execute(_ROLE)
        with self.connect(user="postgres", database="postgres") as owner:
            owner.execute("CREATE DATABASE augenmerk OWNER augenmerk")
        self.keeper.keep()

    async def answers(self, within_s: float = STARTED_WITHIN_S) -> None:
        """Waits until it does, also through a recovery. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while True:
                try:
                    with self.connect(user="postgres", database="postgres"):
                        return
                except psycopg.OperationalError:
                    await asyncio.sleep(0.1)

    # ── Ways to die ──────────────────────────────────────────────────────────────────────
    def kill_all(self) -> None:
        """As a power cut: the postmaster, then every process of it."""
        if pid := self.keeper.pid:
            kill([pid, *children(pid)])

    def kill_postmaster(self) -> None:
        """Its orphans must notice by themselves."""
        kill([self.keeper.pid] if self.keeper.pid else [])

    def kill_backend(self, luck: random.Random) -> None:
        """One process: the postmaster throws all others out and recovers."""
        if found := children(self.keeper.pid):
            kill([luck.choice(found)])

    async def close(self) -> None:
        await self.keeper.close(signal.SIGINT)


def _initdb(data: Path, owner: str | None, environment: Mapping[str, str]) -> None:
    command = [
        str(programs() / "initdb"), "-D", str(data), "-U", "postgres", "--auth", "trust",
        "--encoding", "UTF8", "--locale", "C.UTF-8", "--lc-collate", "C", "--data-checksums",
    ]  # fmt: skip
    as_user: dict[str, Any] = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    subprocess.run(
        command, env=dict(environment), cwd=data, check=True, capture_output=True, **as_user
    )


def crashes(log: Path) -> int:
    """How often the cluster recovered from a crash, by its own log."""
    return len(re.findall("automatic recovery in progress", log.read_text(errors="replace")))
