"""A scratch database with the real server on it, gone when we are gone.

A keeper process waits for our end, be it by Ctrl-C or `kill -9`, and drops the database; server
and worker die with us by themselves (config/serve.py asks the kernel for it).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from bench import seed
from config.serve import die_with, ready

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 60


class NotReady(Exception):
    """A process did not come up, or a command failed. Carries what it said."""


@dataclass
class House:
    """A database, what runs on it, and how many reports lie in it besides the demo's."""

    database: str
    folder: Path
    reports: int = 0
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._log = (self.folder / "log").open("ab")

    @property
    def last_words(self) -> str:
        """What the processes of the house complained about last."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-1000:].strip()

    @property
    def parameters(self) -> dict[str, Any]:
        return _parameters() | {"dbname": self.database}

    @property
    def database_url(self) -> str:
        known = _parameters()
        host = str(known.get("host", "")).replace("/", "%2F")
        login = f"{known.get('user', '')}:{known.get('password', '')}".rstrip(":")
        return f"postgis://{login}@{host}:{known.get('port', 5432)}/{self.database}"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process of the house: nothing of it touches the real one's data."""
        return os.environ | {
            "DATABASE_URL": self.database_url,
            "LIVE_DATABASE_URL": "",
            "AUGENMERK_HOME": str(self.folder),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.assets),
            "SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "AUGENMERK_MAILBOX": "1",
            "EMAIL_HOST": "",
            "DEBUG": "0",
            "LOG_LEVEL": "ERROR",
            "LIMITS_TIMES": "1000",
        }

    @property
    def assets(self) -> Path:
        """Where bin/setup has collected them; else a place of our own."""
        return Path(settings.STATIC_ROOT) if settings.ASSETS_COLLECTED else self.folder / "static"

    def manage(self, *words: str) -> str:
        """A management command of the product, on this house."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotReady(f"{words[0]}: {done.stderr.strip()[-1000:]}")
        return done.stdout

    def fill(self, reports: int) -> None:
        """At least so many reports, by COPY. What is there stays."""
        if reports > self.reports:
            seed.seed(self.database_url, reports=reports - self.reports)
            self.reports = reports

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(**self.parameters, autocommit=True)

    def start(
        self, *command: str, talks: bool = False, **environment: str
    ) -> subprocess.Popen[bytes]:
        """A Python process that ends with us. `environment`: in addition to that of the house.

        `talks`: its standard input and output are pipes to us; else they are nowhere.
        """
        parent = os.getpid()
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment | environment,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else subprocess.DEVNULL,
            stderr=self._log,
            preexec_fn=lambda: die_with(parent),
            start_new_session=True,  # Ctrl-C comes to us alone
        )
        self._children.append(child)
        return child

    @contextmanager
    def serving(self, **environment: str) -> Iterator[Server]:
        """What `bin/serve` runs: web and worker."""
        with self._listening("config.serve", **environment) as server:
            yield server

    @contextmanager
    def pages(self, **environment: str) -> Iterator[Server]:
        """Pages and API by granian, a process for each core, as on larger installations."""
        processes = str(os.cpu_count() or 1)
        with self._listening("config.pages", WEB_PROCESSES=processes, **environment) as server:
            yield server

    @contextmanager
    def _listening(self, module: str, **environment: str) -> Iterator[Server]:
        port = free_port()
        process = self.start(
            "-m",
            module,
            talks=False,
            HOST="127.0.0.1",
            PORT=str(port),
            PUBLIC_URL=f"http://127.0.0.1:{port}",
            **environment,
        )
        try:
            self.wait_until(lambda: ready("127.0.0.1", port), process)
            yield Server(port, process)
        finally:
            self.end(process)

    def wait_until(self, is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        """Raises NotReady when the process ends or PATIENCE_S pass."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_so():
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotReady(f"{process.args!r} did not start:\n{self.last_words}")
            time.sleep(0.1)

    def end(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in filter(None, (process.stdin, process.stdout)):
            pipe.close()
        self._children.remove(process)

    def close(self) -> None:
        for process in list(self._children):
            self.end(process)
        self._log.close()


@dataclass(frozen=True)
class Server:
    """`config.serve` or `config.pages` on a port."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> list[int]:
        """Of web and worker, which are children of the process that was started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text(encoding="ascii").split()]

    @property
    def web(self) -> int:
        """The process that holds the sockets."""
        return next(pid for pid in self.pids if "config.web" in command_of(pid))


@contextmanager
def build(*, demo: bool = True) -> Iterator[House]:
    """A house with migrated tables and, unless told otherwise, the demo region and its assets."""
    folder = Path(tempfile.mkdtemp(prefix="augenmerk-bench-"))
    folder.chmod(0o755)
    house = House(f"augenmerk_scratch_{uuid4().hex[:10]}", folder)
    keeper = _keeper(house)
    try:
        with _maintenance() as line:
            name = sql.Identifier(house.database)
            line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template1").format(name))
        house.manage("migrate", "--skip-checks")
        if demo:
            house.manage("demo")
        if demo and not settings.ASSETS_COLLECTED:  # each icon would be read from disk each time
            house.manage("collectstatic", "--noinput")
        with _here(house):
            yield house
    finally:
        house.close()
        assert keeper.stdin is not None
        keeper.stdin.close()
        keeper.wait()


@contextmanager
def _here(house: House) -> Iterator[None]:
    """Our own Django works on the house, too, for what is measured without HTTP."""
    here = connections["default"]
    before = here.settings_dict["NAME"]
    connections.close_all()
    here.settings_dict["NAME"] = house.database
    try:
        yield
    finally:
        connections.close_all()
        here.settings_dict["NAME"] = before


def _keeper(house: House) -> subprocess.Popen[bytes]:
    """Ends after us, however we end: it reads until nobody can write to it any more."""
    host = {f"PG{name.upper()}": str(value) for name, value in _parameters().items()}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "bench" / "keeper.py"), house.database, str(house.folder)],
        env=os.environ | host,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def _maintenance() -> psycopg.Connection[Any]:
    return psycopg.connect(**_parameters(), dbname="postgres", autocommit=True)


def _parameters() -> dict[str, Any]:
    known = connections["default"].get_connection_params()
    return {name: known[name] for name in ("host", "port", "user", "password") if known.get(name)}


def has_granian() -> bool:
    """It comes with the packages for larger installations: `bin/setup --scale`."""
    return find_spec("granian") is not None


def answers(port: int) -> bool:
    """Whether somebody listens on the port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")


def resident_mb(pid: int) -> float:
    """Memory as `ps` and `top` show it (RSS), shared libraries included."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
