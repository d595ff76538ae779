"""The web process: `python -m config.web`. Pages, API and live line on one listening socket."""

import asyncio
import logging
import os
import socket
import sys

import uvicorn

from . import notify
from .door import Door, LiveDoor

STALL_MS = 60_000  # a reader that acknowledges nothing for so long loses its connection


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError when the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


class WithoutEndings(logging.Filter):
    """Who is cut off because we end is no error of ours: their page sends again."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


def serve(listener: socket.socket, application: str = "config.asgi:application") -> None:
    """Serves until SIGTERM or SIGINT. Addresses and paths are personal data: no access log."""
    if hasattr(socket, "TCP_USER_TIMEOUT") and listener.family != socket.AF_UNIX:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALL_MS)
    config = uvicorn.Config(
        application,
        http=Door,
        ws=LiveDoor,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,  # its window costs more memory than our messages
        loop="uvloop",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",  # it would note the address of every socket
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
    )
    _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    async def on_tick(self, counter: int) -> bool:
        """Ten times per second. uvicorn's own `callback_notify` goes by a clock that may be set."""
        if counter % (10 * notify.EVERY_S) == 0:
            notify.turning()
        return await super().on_tick(counter)


if __name__ == "__main__":
    inherited = os.environ.get("AUGENMERK_LISTENER")
    if inherited:
        serve(socket.socket(fileno=int(inherited)))
    else:
        serve(listen(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))))
    sys.exit(0)
