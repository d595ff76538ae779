"""The product as it is: `config.serve` with web and worker, and a second web for the live line."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .clock import Clock
from .database import Cluster
from .disks import Disk
from .processes import Kept, called, descendants, kill
from .residents import Spot
from .wire import Line, Lost, Request

ROOT: Final = Path(__file__).resolve().parents[2]
MAIL_DOMAIN: Final = "kreis.example"
_SPOTS: Final = """
    SELECT town.slug, ST_X(spot.geom), ST_Y(spot.geom)
    FROM townhall_municipality town
    JOIN geo_area area ON area.key = town.key
    JOIN geo_layer layer ON layer.id = area.layer_id AND layer.slug = 'gemeinden',
    LATERAL ST_Dump(ST_GeneratePoints(area.shape, CASE WHEN town.slug = ANY(%s) THEN 60 ELSE 6 END,
                                      %s)) AS spot
    ORDER BY 1, 2, 3
"""


class Broken(Exception):
    """The house can't even be set up."""


@dataclass
class House:
    """Everything that belongs to one run, in one folder."""

    folder: Path
    clock: Clock
    database_disk: Disk
    home_disk: Disk
    cluster: Cluster
    port: int
    live_port: int
    environment: dict[str, str]
    supervisor: Kept
    live: Kept

    @classmethod
    def build(cls, folder: Path, *, mail_port: int) -> House:
        clock = Clock.make(folder)
        database_disk = Disk.make(folder / "database", megabytes=2500)
        home_disk = Disk.make(folder / "home", megabytes=500)
        logs = folder / "logs"
        logs.mkdir()
        cluster = Cluster.make(
            database_disk.folder,
            sockets=folder / "s",
            log=logs / "postgres.log",
            clock=clock.environment,
        )
        port, live_port = _free_port(), _free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": cluster.url,
            "AUGENMERK_HOME": str(home_disk.folder),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "LOG_LEVEL": "WARNING",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail_port),
            "EMAIL_USE_TLS": "0",
            "DEFAULT_FROM_EMAIL": f"Augenmerk <maengel@{MAIL_DOMAIN}>",
            "LIVE_BEAT_SECONDS": "5",
            "LIMITS_TIMES": "1000000",  # all residents come from one address
            **clock.environment,
        }
        python = sys.executable
        supervisor = Kept(
            "house", [python, "-m", "config.serve"], environment, logs / "house.log", ROOT
        )
        live = Kept(
            "live", [python, "-m", "config.web"], environment | {"PORT": str(live_port)},
            logs / "live.log", ROOT,
        )  # fmt: skip
        return cls(
            folder, clock, database_disk, home_disk, cluster, port, live_port, environment,
            supervisor, live,
        )  # fmt: skip

    async def open(self) -> None:
        """Empty database, then the demo region, then everybody to their places."""
        await self.cluster.start()
        for words in (["migrate", "--verbosity", "0", "--skip-checks"], ["demo"]):
            await asyncio.to_thread(self.manage, *words)
        for kept in (self.supervisor, self.live):
            kept.start()
            kept.keep()
        for port in (self.port, self.live_port):
            await self.is_ready(port, within_s=180)

    async def is_ready(self, port: int, *, within_s: float) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while True:
                try:
                    if (await Line(port).ask(Request("GET", "/readyz"))).status == 200:
                        return
                except Lost:
                    pass
                await asyncio.sleep(0.2)

    def manage(self, *words: str) -> str:
        """What the command said. Raises Broken when it failed."""
        status, text = self.run(*words)
        if status:
            raise Broken(f"manage.py {words[0]}: {text[-1500:]}")
        return text

    def run(self, *words: str) -> tuple[int, str]:
        """Exit status and all that the command said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    async def close(self) -> None:
        for kept in (self.supervisor, self.live):
            await kept.close()
        await self.cluster.close()
        for disk in (self.home_disk, self.database_disk):
            disk.close()

    # ── Who can be killed ────────────────────────────────────────────────────────────────
    def kill(self, words: str) -> int:
        """Processes of the house with these words in their command line. Returns how many."""
        found = list(called(descendants(self.supervisor.pid), words)) if self.supervisor.pid else []
        kill(found)
        return len(found)

    # ── Where people are ─────────────────────────────────────────────────────────────────
    async def spots(self, towns: tuple[str, ...], seed: int) -> list[Spot]:
        """Places all over the region, many of them in `towns`, and what can be reported there."""
        with self.cluster.connect() as connection:
            rows = connection.execute(_SPOTS, [list(towns), seed]).fetchall()
        offers: dict[str, tuple[str, ...]] = {}
        spots = []
        for town, lon, lat in rows:
            lon, lat = round(lon, 6), round(lat, 6)
            if town not in offers:
                offers[town] = await self._categories(lon, lat)
            spots.append(Spot(lon, lat, town, offers[town]))
        return spots

    async def _categories(self, lon: float, lat: float) -> tuple[str, ...]:
        """Those that take a report without an answer and refuse none."""
        answer = await Line(self.port).ask(
            Request("GET", f"/api/v1/categories/?lat={lat}&lon={lon}")
        )
        return tuple(
            entry["code"]
            for entry in answer.json()
            if not entry["blocks"]
            and not any(question["required"] for question in entry["questions"])
        )

    @property
    def password(self) -> str:
        text = (self.home_disk.folder / "demo-logins.txt").read_text(encoding="utf-8")
        found = re.search(r"Passwort: (\S+)", text)
        if not found:
            raise Broken("no password in demo-logins.txt")
        return found[1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
