"""Open map pages: sockets that come back after every loss and ask what they missed."""

from __future__ import annotations

import asyncio
import json
import math
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from .wire import Line, Lost, Request

ZOOM: Final = 12
Known = tuple[int, str]  # version and status, or "gone"


def tile_of(lon: float, lat: float) -> str:
    """The live line's topic for a place: Web Mercator, zoom 12."""
    n = 2**ZOOM
    x = int((lon + 180) / 360 * n)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
    return f"tile:{ZOOM}/{x}/{y}"


def _box(topic: str) -> str:
    _zoom, x, y = (int(part) for part in topic.removeprefix("tile:").split("/"))
    n = 2**ZOOM

    def lat(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / n))))

    return f"{x / n * 360 - 180},{lat(y + 1)},{(x + 1) / n * 360 - 180},{lat(y)}"


@dataclass
class Listener:
    """One open page. `known`: what it would show of each report in its tiles."""

    port: int
    web_port: int
    source: str
    topics: tuple[str, ...]
    luck: random.Random
    known: dict[str, Known] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)
    cursor: str | None = None
    is_ready: bool = False

    async def listen(self) -> None:
        tries = 0
        while True:
            with suppress(OSError, TimeoutError, WebSocketException):
                async with self._connect() as socket:
                    await self._follow(socket)
            tries = 0 if self.is_ready else min(tries + 1, 3)
            self.is_ready = False
            self.heard["reconnects"] += 1
            await asyncio.sleep((1, 2, 4, 5)[tries] * self.luck.uniform(0.75, 1.25))

    def _connect(self) -> Any:
        here = f"127.0.0.1:{self.port}"
        return connect(
            f"ws://{here}/live/", origin=f"http://{here}",  # type: ignore[arg-type]
            local_addr=(self.source, 0), open_timeout=15, ping_interval=None, close_timeout=1,
        )  # fmt: skip

    async def _follow(self, socket: ClientConnection) -> None:
        await self._subscribe(socket)
        knocking = asyncio.create_task(self._knock(socket))
        try:
            async for text in socket:
                await self._hear(socket, json.loads(text))
        finally:
            knocking.cancel()

    async def _knock(self, socket: ClientConnection) -> None:
        """A connection that answers nothing within two knocks is dead, as in the product's page."""
        while True:
            before = self.heard.total()
            with suppress(WebSocketException):
                await socket.send('{"type": "ping"}')
            await asyncio.sleep(10)
            if self.heard.total() == before:
                socket.transport.abort()
                return

    async def _subscribe(self, socket: ClientConnection) -> None:
        wish = {"type": "subscribe", "topics": self.topics, "cursor": self.cursor}
        await socket.send(json.dumps(wish))

    async def _hear(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        kind = message["kind"]
        self.heard[kind] += 1
        match kind:
            case "report" | "gone":
                self._note(message["code"], message["version"], message.get("status", "gone"))
            case "ready" | "cursor":
                self.cursor = message["cursor"] or self.cursor
                self.is_ready = self.is_ready or kind == "ready"
            case "resync":
                await asyncio.sleep(self.luck.uniform(0, 2))
                await self._subscribe(socket)
            case "reload":
                await self._read_anew()

    def _note(self, code: str, version: int, status: str) -> None:
        if version >= self.known.get(code, (0, ""))[0]:
            self.known[code] = (version, status)

    async def _read_anew(self) -> None:
        """The page reads its data again, by the public door."""
        for topic in self.topics:
            after = ""
            while after is not None:
                path = f"/api/v1/reports/?bbox={_box(topic)}&status=all&limit=200&after={after}"
                page = await self._page(path)
                for row in page["results"]:
                    self._note(row["code"], row["version"], row["status"])
                after = page["next"] and page["next"].replace("+", "%2B")

    async def _page(self, path: str) -> Any:
        while True:
            with suppress(Lost, ValueError):
                answer = await Line(self.web_port, self.source).ask(Request("GET", path))
                if answer.status == 200:
                    return answer.json()
            await asyncio.sleep(self.luck.uniform(0.5, 2))
