"""PostgreSQL's own programs, and how they reach our database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import conninfo

DEBIAN = Path("/usr/lib/postgresql")
_NUMBER = re.compile(r"\b(\d+)(?:\.\d+)*")


class Trouble(Exception):
    """A sentence for the administrator: what is wrong and what to do."""


@dataclass(frozen=True)
class Database:
    """Where the database is. A PgBouncer is passed by: a snapshot belongs to a session."""

    parameters: dict[str, Any]

    @classmethod
    def here(cls) -> Database:
        if settings.LIVE_DATABASE_URL:
            _, _, rest = settings.LIVE_DATABASE_URL.partition("://")
            return cls(dict(conninfo.conninfo_to_dict(f"postgresql://{rest}")))
        known = connection.get_connection_params()
        words = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
        return cls({name: value for name, value in known.items() if name in words})

    @property
    def name(self) -> str:
        return str(self.parameters.get("dbname", ""))

    def connect(self) -> psycopg.Connection[Any]:
        """In autocommit. Raises Trouble."""
        try:
            return psycopg.connect(
                **self.parameters,
                autocommit=True,
                connect_timeout=10,
                keepalives_idle=30,
                application_name="augenmerk backup",
            )
        except psycopg.OperationalError as error:
            raise Trouble(f"The database does not answer: {_first_line(str(error))}") from None

    def run(self, program: Path, *words: str, **how: Any) -> subprocess.Popen[bytes]:
        """Start a program on this database. The password is in no list of processes."""
        public = {key: value for key, value in self.parameters.items() if key != "password"}
        environment = dict(os.environ)
        if password := self.parameters.get("password"):
            environment["PGPASSWORD"] = str(password)
        place = f"--dbname={conninfo.make_conninfo(**public)}"
        return subprocess.Popen([program, *words, place], env=environment, **how)  # noqa: S603


def program(name: str, *, server: int) -> Path:
    """The program of the server's major version, else of the next newer. Raises Trouble.

    Older ones refuse a newer server; newer ones may write what an older server can't read.
    """
    found = {version: path for path in _installed(name) if (version := _major(path)) >= server}
    if not found:
        raise Trouble(
            f"No {name} for PostgreSQL {server} on this machine. "
            f"Install it: apt-get install postgresql-client-{server}"
        )
    return found[min(found)]


def _installed(name: str) -> Iterable[Path]:
    """What is in the PATH comes last and is preferred among equals."""
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"))
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)


def _major(path: Path) -> int:
    """0 for what doesn't say. Debian's wrapper in /usr/bin says a version like the real one."""
    said = output([path, "--version"])
    found = _NUMBER.search(said)
    return int(found[1]) if found else 0


def output(command: Sequence[Path | str]) -> str:
    """What a program says. Raises Trouble when it fails."""
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise Trouble(failed(command[0], done.stderr))
    return done.stdout.decode("utf-8", "replace")


def failed(program: Path | str, said: bytes) -> str:
    return f"{Path(program).name} failed: {_first_line(said.decode('utf-8', 'replace'))}"


def _first_line(text: str) -> str:
    """The first that tells of an error; never the DETAIL, which may quote a row."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    return (telling or lines or ["it said nothing"])[0][:300]
