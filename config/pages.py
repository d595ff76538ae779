"""Pages and API alone, by granian: `python -m config.pages`. For several hosts behind nginx.

The live line runs elsewhere (`config.web`). Never without a proxy that takes bodies whole before it
speaks to us (docs/scale-out.md): a stalled upload would hold a thread here. The packages of
requirements/scale.lock must be there: `bin/setup --scale`.
"""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from . import settings

HEAD_MS = 15_000
ENDED_WITHIN_S = 30  # requests at hand are finished; the slowest is a large photo


def main() -> None:
    """Serves until SIGTERM or SIGINT. Addresses and paths are personal data: no access log."""
    Granian(
        "config.whole:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS),
        websockets=False,
        workers=settings.WEB_PROCESSES,
        blocking_threads=settings.WEB_THREADS,
        log_level=LogLevels.error,  # it warns of eight threads on two cores
        workers_kill_timeout=ENDED_WITHIN_S,
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    main()
