"""One open page as the hub sees it: topics, and a bounded queue towards the reader."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from websockets.frames import Frame, Opcode

from .limits import QUEUE
from .ringing import encode
from .topics import Topic

Message = dict[str, Any]
"""A message as ASGI sends it."""


@dataclass(frozen=True, slots=True)
class Event:
    """A message, encoded once. Every socket gets the same object: nobody changes it.

    `frame` are the bytes on the wire: what a server sends bears no mask, so they are the same for
    all.
    """

    said: Message
    frame: bytes


def event(message: Mapping[str, Any]) -> Event:
    text = encode(message)
    frame = Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
    return Event({"type": "websocket.send", "text": text}, frame)


class CloseCode(IntEnum):
    """Why we close a socket. Told in docs/live.md."""

    TRY_AGAIN_LATER = 1013
    NONSENSE = 4000
    SLOW = 4008
    TOO_MANY = 4029


def never(frame: bytes) -> bool:
    """The `write` of a server that takes messages by `send` only."""
    return False


class Socket:
    """Queues without waiting; one writer at a time, and only while there is something to write.

    `write` spares the queue and the writer where the way is free: it takes a frame at once, or
    returns False when the server's buffer is full, the handshake not over, or the reader gone. Two
    thirds of the time that a message takes to 5,000 readers were tasks that had nothing to wait
    for. A reader that lets QUEUE messages pile up is closed, never waited for. `close` says why and
    returns at once; `address` is the client's and `session_key` its sign-in, if any. Lives on one
    event loop.
    """

    __slots__ = (
        "_send",
        "_waiting",
        "_write",
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
        send: Callable[[Message], Awaitable[None]],
        *,
        close: Callable[[CloseCode], None],
        write: Callable[[bytes], bool] = never,
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
        self._write = write
        self._waiting: deque[Event] = deque()
        self._writer: asyncio.Task[None] | None = None

    def put(self, message: Event) -> None:
        if not self.is_open:
            return
        if self._writer is None and self._write(message.frame):
            return
        if len(self._waiting) >= QUEUE:
            self.close(CloseCode.SLOW)
            return
        self._waiting.append(message)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write_out())

    async def finish(self, *, unsaid: bool) -> None:
        """Take nothing more; write what waits, or leave it `unsaid`."""
        self.is_open = False
        if self._writer is not None:
            if unsaid:
                self._writer.cancel()
            await asyncio.wait([self._writer])

    async def _write_out(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                self.sending_since = loop.time()
                await self._send(self._waiting.popleft().said)
        except OSError:  # the reader is gone; the consumer hears of it by itself
            self._waiting.clear()
        finally:
            self.sending_since = None
            self._writer = None


def direct_writer(scope: Mapping[str, Any]) -> Callable[[bytes], bool]:
    """How config/door.py takes a frame; a server without such a door is never ready for one."""
    extension = scope.get("extensions", {}).get("augenmerk.write", {})
    write: Callable[[bytes], bool] = extension.get("call", never)
    return write
