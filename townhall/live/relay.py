"""The relay: one process listens to PostgreSQL and tells the others, by Redis (settings.REDIS_URL).

Every live process may be it. Who hears no relay for a while listens by itself and passes on what it
hears through the channel layer, one message for each *process*; the others follow. So Redis is
never needed: without it each process is its own relay. Nobody votes, and two relays at once do no
harm: each is a whole line of its own, and a page hears some things twice.

What is passed on is numbered, and a relay that listened anew has a new name. So a follower notices
whatever Redis lost, and sends `resync`. docs/live.md tells why nothing is lost.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from .hub import Hub
from .limits import PULSE_SECONDS, RELAY_QUEUE, RELAY_SECONDS, SILENT_SECONDS

GROUP = "live"
_PULSE = ""  # no payload: "I live"

log = logging.getLogger(__name__)


class Layer(Protocol):
    """What we need of a channel layer of Channels."""

    async def new_channel(self, prefix: str = ...) -> str: ...
    async def group_add(self, group: str, channel: str) -> None: ...
    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...
    async def receive(self, channel: str) -> dict[str, Any]: ...


class Following:
    """Whom we follow and what we have heard from it. Knows no clock and no network."""

    def __init__(self) -> None:
        self.relay = ""
        self.last = 0
        self.heard_at = float("-inf")

    def take(self, said: Mapping[str, Any], *, now: float) -> tuple[bool, bool]:
        """Whether a message is ours to forward, and whether something was lost before it.

        `now`: seconds of any one clock.
        """
        relay, number = str(said["relay"]), int(said["number"])
        is_pulse = said["payload"] == _PULSE
        if relay != self.relay:
            is_alive = now - self.heard_at < SILENT_SECONDS
            if is_alive and relay > self.relay:
                return False, False
            self.relay, self.last, self.heard_at = relay, number, now
            return True, True
        expected = self.last if is_pulse else self.last + 1
        self.last, self.heard_at = number, now
        return True, number != expected


class Relay:
    """The relay's and the follower's part of one process. Lives on one event loop.

    `on_heard` is called once the line is alive.
    """

    def __init__(self, layer: Layer, hub: Hub, *, on_heard: Callable[[], None]) -> None:
        self._layer = layer
        self._hub = hub
        self._on_heard = on_heard
        self._name = ""
        self._number = 0
        self._following = Following()
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outbox: asyncio.Queue[str] = asyncio.Queue(RELAY_QUEUE)
        self._other = ""  # the relay to which we give way
        self._tasks: list[asyncio.Task[None]] = []

    # ── Following ────────────────────────────────────────────────────────────────────────────
    async def follow(self) -> None:
        """Forward what the relay says. Returns when there is none: then listen, and `pass_on`."""
        self._start()
        loop = asyncio.get_running_loop()
        self._following = Following()
        patience = PULSE_SECONDS * 1.5
        while self._hub.sockets:
            try:
                async with asyncio.timeout(patience + random.random()):  # noqa: S311  no secret
                    said = await self._inbox.get()
            except TimeoutError:
                return
            is_ours, is_broken = self._following.take(said, now=loop.time())
            if not is_ours:
                continue
            patience = SILENT_SECONDS
            if is_broken:
                self._hub.resync()
            self._on_heard()
            self._deliver(said)

    def _deliver(self, said: Mapping[str, Any]) -> None:
        if said["payload"] == _PULSE:
            return
        notification = self._hub.hear(str(said["payload"]))
        if notification.get("marker") == self._following.relay:
            self._hub.tell_all({"kind": "cursor", "cursor": notification["cursor"]})

    # ── Being the relay ──────────────────────────────────────────────────────────────────────
    @contextmanager
    def relaying(self, name: str) -> Iterator[None]:
        """We listen meanwhile, under a name that is new and marks our beats."""
        while not self._outbox.empty():
            self._outbox.get_nowait()
        self._name, self._number, self._other = name, 0, ""
        self.pass_on(_PULSE)  # at once, before another process begins, too
        try:
            yield
        finally:
            self._name = ""

    def pass_on(self, payload: str) -> None:
        """Never waits. What finds no room is missed by the others, who notice by its number."""
        with suppress(asyncio.QueueFull):
            self._outbox.put_nowait(payload)
            return
        self._number += 1

    @property
    def gives_way(self) -> bool:
        """Two began at the same time: the smaller name stays."""
        while not self._inbox.empty():
            other = str(self._inbox.get_nowait()["relay"])
            if self._name and other < self._name:
                self._other = other
        return bool(self._other)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    # ── Redis ────────────────────────────────────────────────────────────────────────────────
    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(self._receive(), name="live relay, in"),
                asyncio.create_task(self._send(), name="live relay, out"),
            ]

    async def _receive(self) -> None:
        """Fills the inbox for ever."""
        channel = ""
        while True:
            try:
                channel = channel or await self._joined()
                said = await self._layer.receive(channel)
            except Exception as error:
                log.warning("The relay can't be heard: %s", error)
                await asyncio.sleep(RELAY_SECONDS)
                continue
            if said["relay"] != self._name:
                self._inbox.put_nowait(said)

    async def _joined(self) -> str:
        channel = await self._layer.new_channel()
        await self._layer.group_add(GROUP, channel)
        return channel

    async def _send(self) -> None:
        """Empties the outbox for ever, and pulses where there is nothing to say."""
        was_deaf = False
        while True:
            payload = _PULSE
            with suppress(TimeoutError):
                async with asyncio.timeout(PULSE_SECONDS):
                    payload = await self._outbox.get()
            if not self._name:
                continue
            self._number += payload != _PULSE
            said = {"relay": self._name, "number": self._number, "payload": payload}
            try:
                async with asyncio.timeout(RELAY_SECONDS):
                    await self._layer.group_send(GROUP, said)
                was_deaf = False
            except Exception as error:
                if not was_deaf:
                    log.warning("Redis takes nothing; other live processes listen alone: %s", error)
                was_deaf = True
