"""HTTP as it comes in: bodies taken whole, then Django as WSGI in threads.

Django's own ASGI handler makes a third of the requests per second, and an adapter that runs the
application while the body still comes takes a lost connection for the end of the body (a report
without its photo) and lets ten stalled uploads block ten threads. So nothing runs before the last
byte is here, and a body shorter than announced never runs at all.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from .peers import Proxies
from .refusals import refusal
from .spool import KB, MB, Body, ClientGone, Limits, Message, Receive, Refused, Spooler

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

log = logging.getLogger(__name__)

_WHOLE = 1 * MB  # an answer up to this size is sent at once and its thread is free
_CHUNK = 256 * KB
_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
# Said by proxies, and read by Proxies only; with an underscore they would pass as the real ones.
_OURS_TO_READ = (b"forwarded", b"x-forwarded-", b"x-real-ip")


class FileBody:
    """`wsgi.file_wrapper`: a file needs no thread of the application to be sent."""

    def __init__(self, file: IO[bytes], size: int = _CHUNK) -> None:
        self.file = file
        self.size = max(size, _CHUNK)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.size), b"")

    def close(self) -> None:
        self.file.close()


@dataclass
class Answer:
    """What the application said: whole, or its beginning and the rest of a file."""

    status: int
    headers: Headers
    begin: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None


@dataclass
class Edge:
    """An ASGI application around a WSGI one."""

    application: WSGIApplication
    folder: Path
    proxies: Proxies = field(default_factory=Proxies)
    limits: Limits = field(default_factory=Limits)
    threads: int = 8
    queue: int = 512  # requests with a thread or waiting for one
    stall_s: float = 60.0  # a reader that takes nothing for so long is gone

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="django")
        self._disk = ThreadPoolExecutor(2, thread_name_prefix="disk")
        self._spooler = Spooler(self.limits, self.folder, self._disk)
        self._at_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._disk.shutdown(wait=False, cancel_futures=True)
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._body(scope, receive)
        except ClientGone:
            return
        except Refused as refused:
            await _refuse(refused.status, scope, receive, send)
            return
        try:
            if self._at_work >= self.queue:
                await _refuse(HTTPStatus.SERVICE_UNAVAILABLE, scope, receive, send)
            else:
                await self._run(scope, body, receive, send)
        finally:
            self._spooler.release(body)

    async def _body(self, scope: Scope, receive: Receive) -> Body:
        announced, chunked = _announced(scope["headers"])
        if not announced and not chunked:
            return Body(BytesIO(), 0)
        return await self._spooler.take(receive, announced=None if chunked else announced)

    async def _run(self, scope: Scope, body: Body, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        wire = _Wire(scope, receive, send, loop, self.stall_s)
        self._at_work += 1
        try:
            environ = self._environ(scope, body)
            answer = await loop.run_in_executor(self._pool, self._call, environ, wire)
        finally:
            self._at_work -= 1
            wire.stop_watching()
        if answer is None:
            return
        if answer.rest is None:
            await wire.start(answer.status, answer.headers)
            await wire.end(answer.begin)
            return
        try:
            await self._send_file(answer, wire)
        finally:
            wire.stop_watching()
            await loop.run_in_executor(self._disk, answer.close or _nothing_to_do)

    async def _send_file(self, answer: Answer, wire: "_Wire") -> None:
        loop = asyncio.get_running_loop()
        assert answer.rest is not None
        with suppress(ClientGone):
            await wire.start(answer.status, answer.headers)
            chunk: bytes = answer.begin
            while chunk:
                await wire.part(chunk)
                chunk = await loop.run_in_executor(self._disk, next, answer.rest, b"")
            await wire.end()

    def _call(self, environ: dict[str, Any], wire: "_Wire") -> Answer | None:
        """Runs the application, in a thread. None: the answer has been sent from here.

        Or nobody waits for it any more. Who was given up by impatient clients, and worked for all
        the same, would keep the next ones waiting until they are impatient, too.
        """
        if wire.is_gone:
            return None
        said = _Said()
        result = self.application(environ, said.start_response)
        close: Callable[[], None] = getattr(result, "close", _nothing_to_do)
        handed_on = False
        try:
            if environ["REQUEST_METHOD"] == "HEAD":
                return said.whole(b"", measured=False)
            chunks = iter(result)
            begin, complete = _beginning(chunks)
            if complete:
                return said.whole(begin)
            if isinstance(result, FileBody):
                handed_on = True
                return Answer(said.status, said.headers, begin, chunks, close)
            _stream(said, begin, chunks, wire)
            return None
        finally:
            if not handed_on:
                close()

    def _environ(self, scope: Scope, body: Body) -> dict[str, Any]:
        headers = scope["headers"]
        peer = (scope.get("client") or ("0.0.0.0", 0))[0]  # noqa: S104  a socket without address
        host, port = scope.get("server") or ("localhost", 80)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
            "QUERY_STRING": scope["query_string"].decode("latin-1"),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port or 80),
            "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
            "REMOTE_ADDR": self.proxies.client_of(peer, headers),
            "CONTENT_LENGTH": str(body.size),
            "augenmerk.was_forwarded": any(n.startswith(_OURS_TO_READ) for n, _ in headers),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.proxies.scheme_of(peer, headers),
            "wsgi.input": body.content,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileBody,
        }
        _add_headers(environ, headers)
        return environ


class _Said:
    """What the application told `start_response`."""

    status: int = 500
    headers: Headers

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        self.status = int(status[:3])
        self.headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers]
        return _no_write

    def whole(self, content: bytes, *, measured: bool = True) -> Answer:
        headers = self.headers
        if self.status in _WITHOUT_BODY:
            return Answer(self.status, _without_length(headers))
        if measured and not any(name.lower() == b"content-length" for name, _ in headers):
            headers = [*headers, (b"content-length", str(len(content)).encode())]
        return Answer(self.status, headers, content)


@dataclass
class _Wire:
    """The way back to the client, which may end at any time."""

    scope: Scope
    receive: Receive
    send: Send
    loop: asyncio.AbstractEventLoop
    stall_s: float
    _watch: asyncio.Task[None] | None = field(default=None, init=False)

    async def start(self, status: int, headers: Headers) -> None:
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def part(self, chunk: bytes) -> None:
        """One chunk of many; waits for a slow reader. Raises ClientGone."""
        if self._watch is None:
            self._watch = self.loop.create_task(_until_gone(self.receive))
        await self._send_in_time({"type": "http.response.body", "body": chunk, "more_body": True})
        if self._watch.done():
            raise ClientGone

    async def end(self, chunk: bytes = b"") -> None:
        await self._send_in_time({"type": "http.response.body", "body": chunk, "more_body": False})

    @property
    def is_gone(self) -> bool:
        """Whether the client has hung up, as far as config/door.py can tell."""
        gone = self.scope.get("extensions", {}).get("augenmerk.gone")
        return gone is not None and bool(gone["call"]())

    def stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()

    async def _send_in_time(self, message: Message) -> None:
        try:
            async with asyncio.timeout(self.stall_s):
                await self.send(message)
        except TimeoutError:
            _hang_up(self.scope)
            raise ClientGone from None

    def run(self, coroutine: Any) -> None:
        """From a thread of the application: waits until it is done."""
        asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()


def _stream(said: _Said, begin: bytes, chunks: Iterator[bytes], wire: _Wire) -> None:
    """Sends a long answer from the application's thread, at the reader's pace."""
    with suppress(ClientGone):
        wire.run(wire.start(said.status, said.headers))
        wire.run(wire.part(begin))
        for chunk in chunks:
            if chunk:
                wire.run(wire.part(chunk))
        wire.run(wire.end())


def _beginning(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    """What comes until _WHOLE is passed, and whether that was all."""
    kept: list[bytes] = []
    size = 0
    for chunk in chunks:
        kept.append(chunk)
        size += len(chunk)
        if size > _WHOLE:
            return b"".join(kept), False
    return b"".join(kept), True


async def _refuse(status: HTTPStatus, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers without the application and closes the connection.

    Whoever is still sending gets to read the answer: a socket closed on unread bytes resets the
    connection and takes the answer along. So the rest is thrown away for a moment.
    """
    headers, content = refusal(
        status,
        scope["path"],
        accept=_header(scope["headers"], b"accept"),
        languages=_header(scope["headers"], b"accept-language"),
    )
    log.warning("%s refused: %d %s", scope["method"], status, status.phrase)
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(2):
            await _until_gone(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _hang_up(scope: Scope) -> None:
    """config/door.py tells how; elsewhere the server's own time-outs must do."""
    abort = scope.get("extensions", {}).get("augenmerk.abort")
    if abort is not None:
        abort["call"]()


def _announced(headers: Headers) -> tuple[int, bool]:
    """Bytes announced, and whether the body comes in chunks. The parser has checked both."""
    length, chunked = 0, False
    for name, value in headers:
        if name == b"content-length":
            length = int(value)
        elif name == b"transfer-encoding":
            chunked = True
    return length, chunked


def _add_headers(environ: dict[str, Any], headers: Headers) -> None:
    for name, value in headers:
        if b"_" in name or name.startswith(_OURS_TO_READ):
            continue
        text = value.decode("latin-1")
        if name == b"content-type":
            environ["CONTENT_TYPE"] = text
        elif name not in {b"content-length", b"transfer-encoding"}:
            key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
            glue = "; " if name == b"cookie" else ","
            environ[key] = f"{environ[key]}{glue}{text}" if key in environ else text


def _header(headers: Headers, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in headers if name == wanted), "")


def _without_length(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() != b"content-length"]


def _nothing_to_do() -> None:
    return None


def _no_write(chunk: bytes) -> None:
    raise NotImplementedError("Django answers by iteration, never by write()")
