"""An open page in Python: follows docs/live.md as a stranger would write it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from townhall.live.cursors import CURSOR_SQL
from townhall.live.ringing import CHANNEL, Ring, payloads

PATIENCE_SECONDS = 60.0
MANNERS: dict[str, Any] = {"origin": "http://localhost", "compression": None, "open_timeout": 60}


def write(
    connection: psycopg.Connection[Any], topic: str, code: str, version: int, **more: Any
) -> None:
    """What a deed does, on a connection of the test: change the data and ring."""
    connection.execute(
        "INSERT INTO live_scratch (topic, code, version) VALUES (%s, %s, %s)",
        [topic, code, version],
    )
    message = {"kind": "note", "code": code, "version": version, **more}
    for payload in payloads([Ring([topic], message)]):
        connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


class Talk:
    """One socket, message by message."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def hear(self, kind: str | None = None) -> dict[str, Any]:
        """The next message (of that kind)."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                if kind in (None, message["kind"]):
                    return message

    async def subscribe(self, *topics: str, cursor: str | None = None) -> list[dict[str, Any]]:
        """Everything up to and with `ready`, without the beats between."""
        await self.say({"type": "subscribe", "topics": topics, "cursor": cursor})
        messages = [await self.hear()]
        while messages[-1]["kind"] != "ready":
            messages.append(await self.hear())
        return [message for message in messages if message["kind"] != "cursor"]

    async def notes(self, count: int) -> list[tuple[str, int]]:
        heard = [await self.hear("note") for _ in range(count)]
        return [(message["code"], message["version"]) for message in heard]

    async def close_code(self) -> int | None:
        """Read on until the server has closed."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await self.socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@asynccontextmanager
async def talk(url: str, **more: Any) -> AsyncIterator[Talk]:
    async with connect(url, **{**MANNERS, **more}) as socket:
        yield Talk(socket)


class Page:
    """Knows the newest version of each code, comes back after a loss, asks what it missed."""

    def __init__(self, url: str, topics: Sequence[str], cursor: str) -> None:
        self.url = url
        self.topics = list(topics)
        self.cursor = cursor
        self.known: dict[str, int] = {}
        self.resyncs = 0
        self.is_ready = asyncio.Event()

    async def stay_open(self) -> None:
        while True:
            try:
                async with connect(self.url, **MANNERS) as socket:
                    await self._ask(socket)
                    async for text in socket:
                        await self._take(socket, json.loads(text))
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError):
                pass
            self.is_ready.clear()
            await asyncio.sleep(0.1)

    async def _ask(self, socket: ClientConnection) -> None:
        wish = {"type": "subscribe", "topics": self.topics, "cursor": self.cursor}
        await socket.send(json.dumps(wish))

    async def _take(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        match message:
            case {"kind": "note", "code": code, "version": version}:
                self.known[code] = max(version, self.known.get(code, 0))
            case {"kind": "ready", "cursor": cursor}:
                self.cursor = cursor
                self.is_ready.set()
            case {"kind": "cursor", "cursor": cursor} if self.is_ready.is_set():
                self.cursor = cursor
            case {"kind": "resync"}:
                self.resyncs += 1
                self.is_ready.clear()
                await self._ask(socket)


@asynccontextmanager
async def pages(
    count: int, url: str, topics: Sequence[str], cursor: str
) -> AsyncIterator[list[Page]]:
    opened = [Page(url, topics, cursor) for _ in range(count)]
    tasks = [asyncio.create_task(page.stay_open()) for page in opened]
    try:
        for page in opened:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await page.is_ready.wait()
        yield opened
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(fact: Callable[[], bool], what: str = "it") -> None:
    """Wait until the fact holds; fails after PATIENCE_SECONDS."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not fact():
        assert asyncio.get_running_loop().time() < deadline, f"{what} did not happen"
        await asyncio.sleep(0.02)


def cursor_of(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(f"SELECT {CURSOR_SQL}").fetchone()
    assert row is not None
    return str(row[0])
