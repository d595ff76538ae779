"""Takes a request's body whole, under limits, before anybody works with it."""

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

log = logging.getLogger(__name__)

KB, MB, GB = 1024, 1024**2, 1024**3


@dataclass(frozen=True)
class Limits:
    """What a body may cost. Five photos of 20 MB and a form fit into one."""

    body: int = 110 * MB
    memory: int = 1 * MB  # of one body; what is more goes to disk
    spooled: int = 4 * GB  # all bodies together that are being taken or worked with
    bodies: int = 256  # being taken at the same time
    idle_s: float = 30.0  # without a single byte
    grace_s: float = 30.0  # after which a body must have come at `slowest` on average
    slowest: float = 1 * KB  # bytes per second: an eighth of the worst mobile line
    total_s: float = 3600.0


class ClientGone(Exception):
    """The connection ended before the body did."""


class Refused(Exception):
    """The body is not taken. `status` says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def is_full(error: BaseException) -> bool:
    """Whether it says that a disk has no room; with time, or an administrator, it will."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


@dataclass
class Body:
    """A whole body: `size` bytes, to be read from the start."""

    content: IO[bytes]
    size: int

    def close(self) -> None:
        with suppress(OSError):  # a full disk, once more: what was not written is not wanted
            self.content.close()


@dataclass
class Spooler:
    """Takes bodies, in memory first, then on disk. Lives in the event loop; holds no thread."""

    limits: Limits
    folder: Path
    disk: Executor
    taking: int = field(default=0, init=False)
    held: int = field(default=0, init=False)

    async def take(self, receive: Receive, *, announced: int | None) -> Body:
        """The whole body of a request that announced so many bytes (None: in chunks).

        Raises Refused (too large, too slow, too many) and ClientGone.
        """
        if announced is not None and announced > self.limits.body:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        first = await self._next(receive, within_s=self.limits.idle_s)
        if not first.get("more_body") and len(first["body"]) <= self.limits.memory:
            content = first["body"]
            self.held += len(content)
            return Body(BytesIO(content), len(content))
        if self.taking >= self.limits.bodies:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self.taking += 1
        try:
            return await self._take_all(first, receive)
        finally:
            self.taking -= 1

    def release(self, body: Body) -> None:
        self.held -= body.size
        body.close()

    async def _take_all(self, message: Message, receive: Receive) -> Body:
        started = monotonic()
        body = self._new_body()
        try:
            while True:
                await self._keep(body, message["body"])
                if not message.get("more_body"):
                    break
                message = await self._next(receive, within_s=self._patience(started, body.size))
            body.content.seek(0)
        except BaseException as error:
            self.release(body)
            if is_full(error):
                log.error("No room for a body of more than %d bytes: the disk is full", body.size)
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE) from None
            raise
        return body

    def _new_body(self) -> Body:
        return Body(
            SpooledTemporaryFile(self.limits.memory, dir=str(self.folder)),
            0,
        )

    async def _keep(self, body: Body, chunk: bytes) -> None:
        if body.size + len(chunk) > self.limits.body:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self.held + len(chunk) > self.limits.spooled:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        body.size += len(chunk)
        self.held += len(chunk)
        if body.size <= self.limits.memory:
            body.content.write(chunk)
        else:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.disk, body.content.write, chunk)

    def _patience(self, started: float, size: int) -> float:
        """Seconds until the next chunk must be here: neither idle, nor a trickle, nor endless."""
        limits, spent = self.limits, monotonic() - started
        until_too_slow = limits.grace_s + size / limits.slowest - spent
        return min(limits.idle_s, until_too_slow, limits.total_s - spent)

    async def _next(self, receive: Receive, *, within_s: float) -> Message:
        try:
            async with asyncio.timeout(within_s):
                message = await receive()
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        return message
