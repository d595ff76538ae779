"""What a server needs around us, written for this installation: systemd units, nginx, Caddy.

The texts are templates in `deploy/`, filled with paths, user and ports of here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine

from townhall.photos import pool

from .notify import WATCHDOG_S
from .spool import MB, Limits

FOLDER = Path(__file__).resolve().parent / "deploy"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
WRITTEN = "Written by bin/setup for {}. It will be again: changes go into `systemctl edit`."
EXAMPLE = "Written by bin/setup for {} as an example: copy it, then change the copy."
BODY_MORE_MB = 10  # what the web server takes beyond our own limit
WEB_MB, DECODER_MB = 512, 384
# Paths that mean the same to systemd, nginx and a shell, unquoted.
_PLAIN = re.compile(r"[A-Za-z0-9/._:\[\]-]+")


class Unwritable(Exception):
    """Something of this installation does not fit into such files. Carries a sentence."""


@dataclass(frozen=True)
class Server:
    """This installation as a server. `name`: its system user, and how its units begin."""

    name: str
    url: str
    host: str
    port: int
    live_port: int | None
    home: Path
    checkout: Path

    @classmethod
    def here(cls) -> Server:
        """Raises Unwritable."""
        live = os.environ.get("LIVE_PORT", "")
        if live and not live.isdecimal():
            raise Unwritable(f"LIVE_PORT must be a number, not {live!r}.")
        server = cls(
            name=os.environ.get("SERVICE_USER") or "augenmerk",
            url=settings.PUBLIC_URL,
            host=os.environ.get("HOST", "127.0.0.1"),
            port=int(os.environ.get("PORT", "8000")),
            live_port=int(live) if live else None,
            home=settings.HOME,
            checkout=settings.BASE_DIR,
        )
        for word in (server.name, server.host, *map(str, (server.home, server.checkout))):
            if not _PLAIN.fullmatch(word):
                raise Unwritable(f"A web server would stumble over {word!r}: move it elsewhere.")
        return server

    @property
    def database(self) -> str:
        """The unit of our private cluster; empty when the database is somebody else's."""
        private = os.environ.get("PRIVATE_DATABASE", "")
        return f"postgresql@{private.replace('/', '-')}.service" if private else ""

    @property
    def names(self) -> list[str]:
        """What people may type: the public name first."""
        public = urlsplit(self.url).hostname or "localhost"
        others = [name for name in settings.ALLOWED_HOSTS if name not in LOOPBACK]
        return list(dict.fromkeys([public, *others]))

    def at(self, port: int) -> str:
        """Where a process listens."""
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"


def written(server: Server) -> dict[str, str]:
    """The text of every file by its name."""
    return dict(_units(server)) | {
        name: _filled(name, server, written=EXAMPLE.format(server.url))
        for name in ("nginx.conf", "Caddyfile")
    }


def _units(server: Server) -> Iterator[tuple[str, str]]:
    name = server.name
    processes = [("web", server.port, "pages" if server.live_port else "pages and live line")]
    if server.live_port:
        processes.append(("live", server.live_port, "live line"))
    units: dict[str, str] = {}
    for process, port, what in processes:
        facts = {"unit": f"{name}-{process}", "what": what, "listen": server.at(port)}
        units[f"{name}-{process}.socket"] = _filled("web.socket", server, **facts)
        units[f"{name}-{process}.service"] = _filled("web.service", server, **facts)
    units[f"{name}-worker.service"] = _filled("worker.service", server)
    units[f"{name}-backup.service"] = _filled("backup.service", server)
    units[f"{name}-backup.timer"] = _filled("backup.timer", server)
    wanted = [unit for unit in units if unit != f"{name}-backup.service"]
    yield f"{name}.target", _filled("target", server, wanted=wanted)
    yield from units.items()


def _filled(template: str, server: Server, **more: Any) -> str:
    engine = Engine(dirs=[str(FOLDER)], autoescape=False)
    text = engine.get_template(template).render(Context(_facts(server) | more))
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(lines) + "\n"


def _facts(server: Server) -> dict[str, Any]:
    certificates = f"/etc/letsencrypt/live/{server.names[0]}"
    return {
        "written": WRITTEN.format(server.url),
        "name": server.name,
        "user": server.name,
        "url": server.url,
        "host": server.names[0],
        "all_names": server.names,
        "pages": server.at(server.port),
        "live": server.at(server.live_port or server.port),
        "live_port": server.live_port,
        "database": server.database,
        "checkout": server.checkout,
        "python": server.checkout / ".venv" / "bin" / "python",
        "home": server.home,
        "server": server.home / "server",
        "static": settings.STATIC_ROOT,
        "backups": settings.BACKUP_FOLDER,
        "keep": settings.BACKUP_KEEP,
        "writable": writable(),
        "in_home": str(server.checkout).startswith(("/home/", "/root/", "/run/user/")),
        "proxies": ",".join(settings.TRUSTED_PROXIES),
        "hsts_s": settings.SECURE_HSTS_SECONDS,
        "beat_s": settings.LIVE_BEAT_SECONDS,
        "live_s": 3 * settings.LIVE_BEAT_SECONDS + 30,
        "watchdog_s": WATCHDOG_S,
        "body_mb": Limits().body // MB + BODY_MORE_MB,
        "web_memory_mb": WEB_MB + DECODER_MB * pool.SIZE,
        "certificate": f"{certificates}/fullchain.pem",
        "certificate_key": f"{certificates}/privkey.pem",
        "http2_directive": _nginx_version() >= (1, 25, 1),
    }


def writable() -> list[Path]:
    """Where the running service writes."""
    own = [settings.HOME / name for name in ("spool", "state", "tiles")]
    return [Path(settings.MEDIA_ROOT), *own, Path(settings.BACKUP_FOLDER)]


def _nginx_version() -> tuple[int, ...]:
    """Of the one on this machine; none: of Debian 12, whose words newer ones understand, too."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if nginx is None:
        return (1, 22)
    said = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else (1, 22)
