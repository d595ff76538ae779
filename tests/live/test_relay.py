"""One listener for several live processes: what followers hear, and what they notice."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer

from townhall.live import relay as relays
from townhall.live.hub import Hub
from townhall.live.limits import SILENT_SECONDS
from townhall.live.relay import Following, Relay

from .test_hub import Reader, in_a_loop, tile


def said(relay: str, number: int, payload: str = "{}") -> dict[str, Any]:
    return {"relay": relay, "number": number, "payload": payload}


def pulse(relay: str, number: int) -> dict[str, Any]:
    return said(relay, number, "")


# ── Whom to follow ───────────────────────────────────────────────────────────────────────────
def test_who_begins_to_follow_may_have_missed_something() -> None:
    following = Following()
    assert following.take(pulse("a", 7), now=0) == (True, True)
    assert following.take(said("a", 8), now=1) == (True, False)
    assert following.take(pulse("a", 8), now=2) == (True, False)


def test_a_lost_message_is_noticed_by_the_next_one_or_by_the_next_pulse() -> None:
    following = Following()
    following.take(pulse("a", 1), now=0)
    assert following.take(said("a", 3), now=0) == (True, True)
    assert following.take(pulse("a", 4), now=1) == (True, True)
    assert following.take(pulse("a", 4), now=2) == (True, False)


def test_of_two_relays_all_follow_the_same_one() -> None:
    following = Following()
    following.take(pulse("b", 1), now=0)
    assert following.take(said("c", 1), now=1) == (False, False)
    assert following.take(said("a", 1), now=1) == (True, True)
    assert following.take(said("b", 2), now=1) == (False, False)


def test_a_silent_relay_is_followed_no_more() -> None:
    following = Following()
    following.take(pulse("a", 1), now=0)
    assert following.take(said("b", 5), now=SILENT_SECONDS) == (True, True)


# ── From one process to another ──────────────────────────────────────────────────────────────
class Process:
    """A relay's or follower's part, with one page that listens to `tile:a`."""

    def __init__(self, layer: InMemoryChannelLayer) -> None:
        self.hub = Hub()
        self.page = Reader(self.hub)
        self.hub.join(self.page.socket, [tile("a")])
        self.is_live = asyncio.Event()
        self.relay = Relay(layer, self.hub, on_heard=self.is_live.set)
        self.following = asyncio.create_task(self.relay.follow())

    def heard(self) -> list[str]:
        return [json.loads(text)["kind"] for text in self.page.heard]

    async def hears(self, *kinds: str) -> None:
        async with asyncio.timeout(60):
            while self.heard() != list(kinds):
                await asyncio.sleep(0.01)

    def close(self) -> None:
        self.hub.leave(self.page.socket)
        self.following.cancel()
        self.relay.close()


RING = '{"rings":[[["tile:a"],{"kind":"report"}]]}'


@in_a_loop
async def test_followers_hear_what_the_relay_hears_and_its_beats() -> None:
    layer = InMemoryChannelLayer()
    one, other = Process(layer), Process(layer)
    await asyncio.sleep(0)
    one.following.cancel()
    with one.relay.relaying("one"):
        async with asyncio.timeout(60):
            await other.is_live.wait()
        one.relay.pass_on(RING)
        one.relay.pass_on('{"marker":"somebody","cursor":"e:1:1:"}')
        one.relay.pass_on('{"marker":"one","cursor":"e:2:2:"}')
        await other.hears("resync", "report", "cursor")
    one.close()
    other.close()


@in_a_loop
async def test_a_process_without_a_relay_listens_by_itself() -> None:
    alone = Process(InMemoryChannelLayer())
    async with asyncio.timeout(60):
        await alone.following
    assert not alone.is_live.is_set()
    alone.close()


@in_a_loop
async def test_of_two_that_began_at_once_the_greater_name_gives_way() -> None:
    layer = InMemoryChannelLayer()
    one, other = Process(layer), Process(layer)
    await asyncio.sleep(0.05)
    one.following.cancel()
    other.following.cancel()
    with one.relay.relaying("a"), other.relay.relaying("b"):
        async with asyncio.timeout(60):
            while not other.relay.gives_way:
                await asyncio.sleep(0.01)
        assert not one.relay.gives_way
    one.close()
    other.close()


class Broken(InMemoryChannelLayer):  # type: ignore[misc]  # channels has no types
    tries = 0

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.tries += 1
        raise ConnectionError("no route to host")


def test_a_redis_that_is_gone_is_told_once_and_stops_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def speak() -> None:
        layer = Broken()
        process = Process(layer)
        await asyncio.sleep(0)
        process.following.cancel()
        with process.relay.relaying("a"):
            process.relay.pass_on(RING)
            async with asyncio.timeout(60):
                while layer.tries < 2:
                    await asyncio.sleep(0.01)
        process.close()

    asyncio.run(speak())
    assert [record.message for record in caplog.records] == [
        "Redis takes nothing; other live processes listen alone: no route to host"
    ]


def test_what_finds_no_room_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fill() -> None:
        relay = Relay(InMemoryChannelLayer(), Hub(), on_heard=print)
        relay.pass_on("1")
        relay.pass_on("2")
        assert relay._number == 1

    monkeypatch.setattr(relays, "RELAY_QUEUE", 1)
    asyncio.run(fill())
