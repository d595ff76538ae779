"""HTTP/1.1 over a bare socket: one request, one answer, one connection. May hang up half-way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

PATIENCE_S: Final = 20.0  # the product's own page waits as long


class Lost(Exception):
    """No whole answer came: the request may have arrived or not."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def has_words(self) -> bool:
        """A person or a program can read what happened: a problem document or a page."""
        kind = self.headers.get("content-type", "")
        return kind.startswith("application/problem+json") or (
            kind.startswith("text/html") and b"<h1" in self.content
        )


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def head(self, host: str) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", "Connection: close"]
        if self.body or self.method == "POST":
            lines.append(f"Content-Length: {len(self.body)}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def as_json(path: str, content: Any) -> Request:
    body = json.dumps(content).encode()
    return Request("POST", path, body, {"Content-Type": "application/json"})


def as_form(
    path: str,
    fields: list[tuple[str, str]],
    files: list[tuple[str, bytes]] = [],  # noqa: B006
) -> Request:
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, content in files:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="foto.jpg"'
        parts.append(f"{head}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + content + b"\r\n")
    body = b"".join([*parts, f"--{edge}--\r\n".encode()])
    return Request("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})


@dataclass(frozen=True)
class Line:
    """Where to call, and from which address: each resident has one of their own."""

    port: int
    source: str = "127.0.0.1"

    async def ask(self, request: Request, *, patience_s: float = PATIENCE_S) -> Answer:
        """Raises Lost."""
        try:
            async with asyncio.timeout(patience_s):
                return await self._ask(request)
        except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise Lost(type(error).__name__) from None

    async def hang_up_in(self, request: Request, *, at: float) -> None:
        """Send the first share of the body, and go. Nothing may come of it."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                _reader, writer = await self._connect()
                try:
                    part = int(len(request.body) * at)
                    writer.write(request.head(self._host) + request.body[:part])
                    await writer.drain()
                finally:
                    writer.transport.abort()

    @property
    def _host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.source, 0), limit=2**22
        )

    async def _ask(self, request: Request) -> Answer:
        reader, writer = await self._connect()
        try:
            writer.write(request.head(self._host) + request.body)
            head = await reader.readuntil(b"\r\n\r\n")
            return await _answer(head, reader)
        finally:
            writer.transport.abort()


async def _answer(head: bytes, reader: asyncio.StreamReader) -> Answer:
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for line in lines:
        name, _colon, value = line.partition(":")
        if name.lower() == "set-cookie":
            key, _equals, rest = value.strip().partition("=")
            cookies[key] = rest.partition(";")[0]
        headers[name.lower()] = value.strip()
    if "content-length" in headers:
        content = await reader.readexactly(int(headers["content-length"]))
    else:
        content = await reader.read()
    return Answer(int(first.split()[1]), headers, content, cookies)
