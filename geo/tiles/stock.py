"""Tiles from the shelf, else from the source: each asked for once, however many want it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from .breaker import Breaker
from .region import Tile
from .shelf import Kept, Shelf
from .source import AT_A_TIME, PATIENCE_S, NoTile, Source, SourceFailed

MOST_WAITING = 200  # tiles on their way; who comes later sees the plain ground
MISSING_S = 3600.0  # for so long we believe that the source has no such tile
MOST_MISSING = 10_000
TIDY_EVERY = 500  # new tiles
T = TypeVar("T")
log = logging.getLogger(__name__)


class Unreachable(Exception):
    """There is no such tile here, and the source does not answer now."""


class Stock:
    """Lives in one event loop. Files are read and written in two threads of its own."""

    def __init__(self, source: Source, shelf: Shelf, *, breaker: Breaker | None = None) -> None:
        self.breaker = breaker or Breaker()
        self._source, self._shelf = source, shelf
        self._flights: dict[Tile, asyncio.Task[Kept]] = {}
        self._missing: dict[Tile, float] = {}
        self._places = asyncio.Semaphore(AT_A_TIME)
        self._disk = ThreadPoolExecutor(2, thread_name_prefix="tiles")
        self._new = 0

    async def tile(self, tile: Tile) -> Kept:
        """At once if it is here, even where it is old; else within two seconds.

        Raises NoTile and Unreachable.
        """
        kept = await self._in_thread(lambda: self._shelf.read(tile))
        if kept is not None:
            if not kept.is_fresh(now=time.time()):
                self._flight(tile, kept)
            return kept
        if self._missing.get(tile, 0) > time.monotonic():
            raise NoTile
        flight = self._flight(tile, None)
        if flight is None:
            raise Unreachable
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await asyncio.shield(flight)
        except (TimeoutError, SourceFailed):
            raise Unreachable from None

    async def close(self) -> None:
        for flight in self._flights.values():
            flight.cancel()
        await self._source.close()
        self._disk.shutdown(wait=False, cancel_futures=True)

    def _flight(self, tile: Tile, known: Kept | None) -> asyncio.Task[Kept] | None:
        """The one that brings this tile; None when nobody may ask now."""
        if tile in self._flights:
            return self._flights[tile]
        is_trial = self.breaker.is_open
        if len(self._flights) >= MOST_WAITING or not self.breaker.allows():
            return None
        bring = self._bring(tile, known, is_trial=is_trial)
        flight = asyncio.get_running_loop().create_task(bring)
        self._flights[tile] = flight
        flight.add_done_callback(lambda done: self._landed(tile, done))
        return flight

    def _landed(self, tile: Tile, flight: asyncio.Task[Kept]) -> None:
        del self._flights[tile]
        if not flight.cancelled():
            flight.exception()  # whoever waited has got it; nobody else needs to

    async def _bring(self, tile: Tile, known: Kept | None, *, is_trial: bool) -> Kept:
        async with self._places:
            if self.breaker.is_open and not is_trial:  # since it took its place in the line
                raise SourceFailed("the ones before got no answer")
            kept = await self._fetch(tile, known)
        try:
            await self._put(tile, kept, known)
        except OSError as error:  # a full disk costs the next visitor a moment, nobody the map
            log.warning("A map tile can't be kept: %s", error.strerror)
        return kept

    async def _fetch(self, tile: Tile, known: Kept | None) -> Kept:
        try:
            kept = await self._source.fetch(tile, known)
        except NoTile:
            self.breaker.succeeded()
            self._note_missing(tile)
            raise
        except SourceFailed as failure:
            if self.breaker.failed():
                log.warning("The source of map tiles fails (%s): plain ground for now", failure)
            raise
        if self.breaker.is_open:
            log.info("The source of map tiles answers again")
        self.breaker.succeeded()
        return kept

    async def _put(self, tile: Tile, kept: Kept, known: Kept | None) -> None:
        if known is not None and kept == replace(known, checked_at=kept.checked_at):
            await self._in_thread(lambda: self._shelf.checked(tile))
            return
        await self._in_thread(lambda: self._shelf.keep(tile, kept))
        self._new += 1
        if self._new % TIDY_EVERY == 1:  # the first one tidies what an earlier run has left
            await self._in_thread(self._shelf.tidy)

    def _note_missing(self, tile: Tile) -> None:
        if len(self._missing) >= MOST_MISSING:
            self._missing.clear()
        self._missing[tile] = time.monotonic() + MISSING_S

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)
