"""One open page as the hub sees it: topics, and a bounded queue towards the reader."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from enum import IntEnum
from typing import Any

from .limits import QUEUE
from .ringing import encode
from .topics import Topic

Event = dict[str, Any]
"""A message as ASGI sends it. Every socket gets the same object: nobody changes it."""


def event(message: Mapping[str, Any]) -> Event:
    return {"type": "websocket.send", "text": encode(message)}


class CloseCode(IntEnum):
    """Why we close a socket. Told in docs/live.md."""

    TRY_AGAIN_LATER = 1013
    NONSENSE = 4000
    SLOW = 4008
    TOO_MANY = 4029


class Socket:
    """Queues without waiting; one writer at a time, and only while there is something to write.

    A reader that lets QUEUE messages pile up is closed, never waited for. `close` says why and
    returns at once; `address` is the client's and `session_key` its sign-in, if any. Lives on one
    event loop.
    """

    __slots__ = (
        "_send",
        "_waiting",
        "_writer",
        "address",
        "close",
        "is_open",
        "sending_since",
        "session_key",
        "topics",
    )

    def __init__(
        self,
        send: Callable[[Event], Awaitable[None]],
        *,
        close: Callable[[CloseCode], None],
        address: str = "",
        session_key: str | None = None,
    ) -> None:
        self.close = close
        self.is_open = True
        self.address = address
        self.session_key = session_key
        self.topics: dict[str, Topic] = {}  # by the name under which they are rung
        self.sending_since: float | None = None  # loop time at which the present send began
        self._send = send
        self._waiting: deque[Event] = deque()
        self._writer: asyncio.Task[None] | None = None

    def put(self, message: Event) -> None:
        if not self.is_open:
            return
        if len(self._waiting) >= QUEUE:
            self.close(CloseCode.SLOW)
            return
        self._waiting.append(message)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def finish(self, *, unsaid: bool) -> None:
        """Take nothing more; write what waits, or leave it `unsaid`."""
        self.is_open = False
        if self._writer is not None:
            if unsaid:
                self._writer.cancel()
            await asyncio.wait([self._writer])

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                self.sending_since = loop.time()
                await self._send(self._waiting.popleft())
        except OSError:  # the reader is gone; the consumer hears of it by itself
            self._waiting.clear()
        finally:
            self.sending_since = None
            self._writer = None
