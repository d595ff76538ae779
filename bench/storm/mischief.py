"""Who breaks things: at moments and in ways that only the seed knows."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from .house import House
from .post import Mood, PostOffice
from .processes import kill

HOUR: Final = 3600
FULL_S: Final = 8.0
PATIENT: Final = 0.7  # how often the next kill waits until the house is up
Say = Callable[[str], None]
Deed = Callable[[], Awaitable[None]]


@dataclass
class Agent:
    house: House
    post: PostOffice
    luck: random.Random
    say: Say
    done: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)

    async def rage(self, seconds: float) -> None:
        """For so long; afterwards everything has room, mail and time again."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kill_at_random(seconds))
            for share, deed in self._plan(seconds):
                group.create_task(_later(share * seconds, deed))
        await self.calm()

    async def calm(self) -> None:
        for disk in (self.house.home_disk, self.house.database_disk):
            disk.free()
        await self.post.become(Mood.NORMAL)

    def _plan(self, seconds: float) -> list[tuple[float, Deed]]:
        """What is done once, and when, as a share of the storm."""
        plan: list[tuple[float, Deed]] = [
            (0.08, lambda: self._mood(Mood.GREYLISTING)),
            (0.20, lambda: self._mood(Mood.CUTTING)),
            (0.28, lambda: self._mood(Mood.MUTE)),
            (0.33, lambda: self._mood(Mood.NORMAL)),
            (0.45, lambda: self._mood(Mood.DOWN)),
            (0.45, lambda: self._hours_without_mail(seconds * 0.2)),
            (0.68, lambda: self._mood(Mood.NORMAL)),
            # At least once in the shortest storm:
            (0.40, lambda: self._once(self._kill_live)),
            (0.60, lambda: self._once(self._kill_database)),
        ]
        if self.house.home_disk.is_small:
            plan += [(0.15, self._no_room_at_home), (0.75, self._no_room_for_the_database)]
        else:
            self.skipped.append("full disks (mounting small file systems needs root)")
        if self.house.clock.can_be_set:
            plan += [(0.88, lambda: self._set_clock(-2 * HOUR))]
        else:
            self.skipped.append("clock changes, hours of no mail (no C compiler: apt install gcc)")
        return plan

    # ── Killing ──────────────────────────────────────────────────────────────────────────
    async def _kill_at_random(self, seconds: float) -> None:
        ways = (
            (5, self._kill_web), (5, self._kill_worker), (3, self._kill_live),
            (2, self._kill_database), (1, self._kill_postmaster), (2, self._kill_backend),
            (1, self._kill_decoder), (1, self._kill_house),
        )  # fmt: skip
        ends = time.monotonic() + seconds
        while (pause := self.luck.uniform(3.0, 13.0)) < ends - time.monotonic():
            await asyncio.sleep(pause)
            if self.luck.random() < PATIENT:
                await self._breath()
            [way] = self.luck.choices([way for _, way in ways], [weight for weight, _ in ways])
            await self._once(way)

    async def _breath(self) -> None:
        """Let the house get up again, or a slow machine would only ever see it start."""
        with suppress(TimeoutError):
            await self.house.is_ready(self.house.port, within_s=20)

    async def _once(self, way: Callable[[], None]) -> None:
        name = way.__name__.removeprefix("_").replace("_", " ")
        self.done[name] += 1
        self.say(name)
        way()

    def _kill_web(self) -> None:
        self.house.kill("config.web")

    def _kill_worker(self) -> None:
        self.house.kill("config.worker")

    def _kill_decoder(self) -> None:
        self.house.kill("photos/decoder.py")

    def _kill_live(self) -> None:
        kill([pid for pid in [self.house.live.pid] if pid])

    def _kill_house(self) -> None:
        """The supervisor; all that it started must die with it."""
        kill([pid for pid in [self.house.supervisor.pid] if pid])

    def _kill_database(self) -> None:
        self.house.cluster.kill_all()

    def _kill_postmaster(self) -> None:
        self.house.cluster.kill_postmaster()

    def _kill_backend(self) -> None:
        self.house.cluster.kill_backend(self.luck)

    # ── Mail ─────────────────────────────────────────────────────────────────────────────
    async def _mood(self, mood: Mood) -> None:
        self.say(f"mail server: {mood.value}")
        self.done[f"mail: {mood.value}"] += 1
        await self.post.become(mood)

    async def _hours_without_mail(self, seconds: float) -> None:
        """Seven hours by the house's clock, so that the long pauses between attempts pass."""
        if not self.house.clock.can_be_set:
            return
        for _ in range(7):
            await asyncio.sleep(seconds / 7)
            await self._set_clock(HOUR)

    # ── Clock and disks ──────────────────────────────────────────────────────────────────
    async def _set_clock(self, seconds: int) -> None:
        self.house.clock.put(seconds)
        self.done["clock forward" if seconds > 0 else "clock back"] += 1
        self.say(f"clock: {seconds / HOUR:+.0f} h")

    async def _no_room_at_home(self) -> None:
        self.say("disk full: photos and spool")
        self.done["disk full: photos and spool"] += 1
        await asyncio.to_thread(self.house.home_disk.fill)
        await asyncio.sleep(FULL_S)
        self.house.home_disk.free()
        self.say("disk: room again")

    async def _no_room_for_the_database(self) -> None:
        self.say("disk full: database")
        self.done["disk full: database"] += 1
        ends = time.monotonic() + FULL_S
        while time.monotonic() < ends:  # what the database itself frees is taken, too
            await asyncio.to_thread(self.house.database_disk.fill)
            await asyncio.sleep(0.5)
        self.house.database_disk.free()
        self.say("disk: room again")


async def _later(seconds: float, deed: Deed) -> None:
    await asyncio.sleep(seconds)
    await deed()
