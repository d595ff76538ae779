"""The line of a process: its hub, the listener that feeds it, and the watch over its readers.

It belongs to the event loop that runs the sockets, starts with the first of them and ends a beat
after the last one has left.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain, repeat
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

import psycopg
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connections

from .cursors import CURSOR_SQL
from .hub import Hub
from .limits import ANSWER_SECONDS, BACK_OFF_SECONDS, LISTEN_SECONDS, PAYLOAD_BYTES
from .relay import Relay
from .ringing import CHANNEL
from .watch import watch

log = logging.getLogger(__name__)

# A snapshot taken before its own notification is queued. PostgreSQL delivers in the order of
# commits, so when the marker comes back, everything the snapshot sees has come before it.
# A snapshot too long for a notification leaves its place empty.
_MARK = f"""
    SELECT pg_notify('{CHANNEL}', json_build_object(
        'marker', %s::text,
        'cursor', CASE WHEN length(cursor) < {PAYLOAD_BYTES - 200} THEN cursor END
    )::text) FROM {CURSOR_SQL} AS here(cursor)
"""  # noqa: S608 - constants of our own


class NoListener(Exception):
    """The database can't be heard at the moment."""


class Line:
    def __init__(self) -> None:
        self.hub = Hub()
        self._heard = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None

    async def listening(self) -> None:
        """Return once notifications arrive here. Raises NoListener after LISTEN_SECONDS.

        For a socket that has entered the hub.
        """
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen(), name="live listener")
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(watch(self.hub), name="live watch")
        try:
            async with asyncio.timeout(LISTEN_SECONDS):
                await self._heard.wait()
        except TimeoutError:
            raise NoListener from None

    async def _listen(self) -> None:
        """Hear notifications until nobody is left to tell; reconnects for ever."""
        layer = get_channel_layer()
        relay = Relay(layer, self.hub, on_heard=self._heard.set) if layer else None
        try:
            await self._listen_with(relay)
        finally:
            if relay is not None:
                relay.close()

    async def _listen_with(self, relay: Relay | None) -> None:
        waits = _back_off()
        while self.hub.sockets:
            try:
                if relay is not None:
                    await relay.follow()
                    self._heard.clear()
                    if not self.hub.sockets:
                        return
                async with await _connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._heard.set()
                    self.hub.resync()
                    waits = _back_off()
                    await self._forward(connection, relay)
            except (psycopg.Error, OSError) as error:  # TimeoutError is an OSError
                log.warning("The live line lost its database: %s", str(error).strip())
                self._heard.clear()
                await asyncio.sleep(next(waits))
            finally:
                self._heard.clear()

    async def _forward(self, connection: psycopg.AsyncConnection[Any], relay: Relay | None) -> None:
        """Forward notifications and beat. Returns when there is nobody to tell, or a relay."""
        name = uuid4().hex
        with relay.relaying(name) if relay is not None else nullcontext():
            while self.hub.sockets:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await connection.execute(_MARK, [name])
                async for notify in connection.notifies(timeout=settings.LIVE_BEAT_SECONDS):
                    notification = self.hub.hear(notify.payload)
                    if notification.get("marker") == name:
                        self.hub.tell_all({"kind": "cursor", "cursor": notification["cursor"]})
                    if relay is not None:
                        relay.pass_on(notify.payload)
                    await asyncio.sleep(0)  # a crowd of notifications: let the writers write
                if relay is not None and relay.gives_way:
                    return


async def _connect() -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(
        **_database(),
        autocommit=True,
        connect_timeout=int(LISTEN_SECONDS),
        keepalives_idle=30,
        application_name="augenmerk live",
    )


def _database() -> dict[str, Any]:
    """Where to listen: LIVE_DATABASE_URL, or the database of everybody."""
    if settings.LIVE_DATABASE_URL:
        _, _, rest = settings.LIVE_DATABASE_URL.partition("://")
        return {"conninfo": f"postgresql://{rest}"}
    parameters = connections["default"].get_connection_params()
    wanted = ("dbname", "host", "port", "user", "password", "options", "service", "passfile")
    kept = {name for name in parameters if name in wanted or name.startswith("ssl")}
    return {name: parameters[name] for name in kept}


def _back_off() -> Iterator[float]:
    return chain(BACK_OFF_SECONDS, repeat(BACK_OFF_SECONDS[-1]))


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Line] = WeakKeyDictionary()


def line_here() -> Line:
    """The line of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _lines:
        _lines[loop] = Line()
    return _lines[loop]


def sockets_here() -> int:
    """How many pages are connected to this process. From any thread."""
    return sum(len(line.hub.sockets) for line in list(_lines.values()))
