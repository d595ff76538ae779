"""PostgreSQL's own load generator: what the same statements cost without Python and HTTP."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.house import House

_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([\d.]+) ms", re.MULTILINE)


class PgbenchFailed(Exception):
    """Carries what it said."""


@dataclass(frozen=True)
class Pace:
    """Transactions per second of all clients, and milliseconds that one takes."""

    per_second: float
    ms: float


def run(
    house: House,
    scripts: Sequence[str],
    *,
    clients: int = 8,
    seconds: float = 10,
    counting_from: int = 0,
) -> Pace:
    """The scripts, equally often, in the protocol that Django uses. Raises PgbenchFailed.

    `:n` is `counting_from` at first, for scripts that count.
    """
    known = house.parameters
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.sql" for number in range(len(scripts))]
        for file, script in zip(files, scripts, strict=True):
            file.write_text(script, encoding="utf-8")
        done = subprocess.run(
            [
                *(
                    program(),
                    "--no-vacuum",
                    "--protocol=simple",
                    "-D",
                    f"n={counting_from}",
                    "-T",
                    f"{max(1, round(seconds))}",
                ),
                *("-c", str(clients), "-j", "2", "-h", str(known.get("host", ""))),
                *("-p", str(known.get("port", 5432)), "-U", str(known.get("user", ""))),
                *(part for file in files for part in ("-f", str(file))),
                house.database,
            ],
            env=house.environment | {"PGPASSWORD": str(known.get("password", ""))},
            capture_output=True,
            text=True,
            check=False,
        )
    tps, latency = _TPS.search(done.stdout), _LATENCY.search(done.stdout)
    if done.returncode or not tps or not latency or "aborted" in done.stderr:
        raise PgbenchFailed(done.stderr.strip()[-1000:])
    return Pace(float(tps[1]), float(latency[1]))


def program() -> str:
    """Debian keeps it with the server, out of the way. Raises PgbenchFailed."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    found = shutil.which("pgbench") or (str(kept[-1]) if kept else "")
    if not found:
        raise PgbenchFailed("pgbench is not installed; it comes with the package postgresql.")
    return found
