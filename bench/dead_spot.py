"""A bad network between a browser and the product: connections are cut at any byte, both ways."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum


class Weather(Enum):
    CALM = "calm"
    BAD = "bad"  # most connections are cut somewhere
    DEAD = "dead"  # none comes through


@dataclass(frozen=True)
class Fate:
    """After so many bytes `upwards` (from the browser) or downwards the connection ends."""

    upwards: bool
    at_byte: int
    silent_s: float  # so long nothing passes any more before it is told


@dataclass
class DeadSpot:
    """A proxy in a thread of its own: `with DeadSpot(port, luck) as spot: … spot.url`."""

    server: int
    luck: random.Random
    cut_share: float = 0.6
    longest_log10: float = 5.6  # of the bytes until the cut: evenly on a logarithmic scale
    weather: Weather = Weather.CALM
    cuts: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _lines: set[asyncio.StreamWriter] = field(default_factory=set)

    def __enter__(self) -> DeadSpot:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        opened = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._carry, "127.0.0.1", 0), self._loop
        )
        self._door = opened.result(10)
        return self

    def __exit__(self, *problem: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def port(self) -> int:
        port: int = self._door.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def turn(self, weather: Weather) -> None:
        """From now on; open connections are cut, so that browsers make new ones."""
        self.weather = weather
        self._here(self._hang_up)

    async def _end(self) -> None:
        self._door.close()
        self._hang_up()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _here(self, deed: Callable[[], object]) -> None:
        async def do() -> None:
            deed()

        asyncio.run_coroutine_threadsafe(do(), self._loop).result(10)

    def _hang_up(self) -> None:
        for line in list(self._lines):
            line.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather is Weather.DEAD:
            writer.transport.abort()
            return
        try:
            above_reader, above = await asyncio.open_connection("127.0.0.1", self.server)
        except OSError:
            writer.transport.abort()
            return
        line = {writer, above}
        self._lines |= line
        fate = self._fate()
        try:
            pumps = (
                self._pump(reader, above, fate if fate and fate.upwards else None),
                self._pump(above_reader, writer, fate if fate and not fate.upwards else None),
            )
            tasks = [asyncio.ensure_future(pump) for pump in pumps]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        finally:
            self._lines -= line
            for each in line:
                each.transport.abort()

    def _fate(self) -> Fate | None:
        if self.weather is not Weather.BAD or self.luck.random() > self.cut_share:
            return None
        return Fate(
            upwards=self.luck.random() < 0.5,
            at_byte=int(10 ** self.luck.uniform(0, self.longest_log10)),
            silent_s=self.luck.choice((0, 0, 0, 0.5, 2)),
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fate: Fate | None
    ) -> None:
        left = fate.at_byte if fate else None
        with suppress(OSError):
            while chunk := await reader.read(64 * 1024):
                writer.write(chunk if left is None else chunk[:left])
                await writer.drain()
                if left is None:
                    continue
                left -= len(chunk)
                if left <= 0 and fate:
                    self.cuts += 1
                    await asyncio.sleep(fate.silent_s)
                    return
