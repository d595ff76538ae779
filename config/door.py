"""uvicorn's protocols with what they lack.

HTTP: limits for a request's head, and a way to hang up. A client that sends its head byte by byte,
or without end, would hold a socket and memory forever. WebSocket: a way to write one message to
thousands of sockets.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from .headers import of_a_refusal

HEAD_S = 15.0
HEAD_BYTES = 64 * 1024
HEAD_FIELDS = 100


class Door(HttpToolsProtocol):
    _head_bytes = 0
    _fields = 0
    _field_bytes = 0
    _in_head = True
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of this request is too long.")

    def send_400_response(self, msg: str) -> None:
        """As uvicorn's, with the headers that every answer of ours carries."""
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(msg)).encode()),
            (b"connection", b"close"),
            *of_a_refusal(),
        ]
        lines = [b"HTTP/1.1 400 Bad Request", *(name + b": " + value for name, value in headers)]
        self.transport.write(b"\r\n".join([*lines, b"", msg.encode("ascii")]))
        self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        line = self.transport
        extensions: dict[str, Any] = {
            "augenmerk.abort": {"call": line.abort},
            "augenmerk.gone": {"call": line.is_closing},
        }
        self.scope["extensions"] = extensions
        self._in_head, self._head_bytes = True, 0
        self._fields = self._field_bytes = 0
        if self._head_timer is None:
            self._wait_for_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A head that came at once is as long as one that came by and by."""
        self._fields += 1
        self._field_bytes += len(name) + len(value)
        if self._fields > HEAD_FIELDS or self._field_bytes > HEAD_BYTES:
            raise ValueError("too long a head")  # the parser stops, and uvicorn answers 400
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self._in_head = False
        super().on_headers_complete()

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_S, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class LiveDoor(WebSocketsSansIOProtocol):
    """Takes frames that were encoded for many, beside what ASGI's `send` brings."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # the application's task has been made, but it has not begun
            self.scope["extensions"]["augenmerk.write"] = {"call": self.write_now}

    def write_now(self, frame: bytes) -> bool:
        """Write a whole frame if that takes no waiting; False: use `send`, which waits."""
        is_free = (
            self.handshake_complete
            and not self.disconnected
            and not self.close_sent
            and self.writable.is_set()
            and self.conn.state is State.OPEN
        )
        if is_free:
            self.transport.write(frame)
        return is_free
