"""The hub and its sockets without a database or a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

import pytest

from townhall.live import TopicKind
from townhall.live.addresses import client_address, session_key
from townhall.live.hub import Hub
from townhall.live.limits import QUEUE, SEND_SECONDS, SUBSCRIBE_BURST
from townhall.live.pace import Pace
from townhall.live.sockets import CloseCode, Message, Socket, event, never
from townhall.live.topics import Topic
from townhall.live.watch import drop_slow


class Kind(TopicKind):
    prefix: ClassVar[str] = "tile"


def tile(name: str) -> Topic:
    return Topic(f"tile:{name}", Kind(), name)


class Reader:
    """The other end of a socket. While it is not `reading`, nothing leaves."""

    def __init__(self, hub: Hub, address: str = "", write: Callable[[bytes], bool] = never) -> None:
        self.heard: list[str] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.closed: CloseCode | None = None
        self.hub = hub
        self.socket = Socket(self._take, close=self._close, address=address, write=write)
        hub.enter(self.socket)

    async def _take(self, message: Message) -> None:
        await self.reading.wait()
        self.heard.append(message["text"])

    def _close(self, code: CloseCode) -> None:
        self.closed = code
        self.hub.leave(self.socket)


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def run() -> None:
        asyncio.run(test())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@in_a_loop
async def test_a_message_on_two_topics_of_a_page_comes_once_and_is_the_same_text_for_all() -> None:
    hub = Hub()
    one, other, stranger = Reader(hub), Reader(hub), Reader(hub)
    hub.join(one.socket, [tile("a"), tile("b")])
    hub.join(other.socket, [tile("b")])
    hub.join(stranger.socket, [tile("c")])
    hub.deliver(["tile:a", "tile:b"], {"kind": "report", "title": "Straße"})
    await asyncio.sleep(0)
    assert one.heard == ['{"kind":"report","title":"Straße"}']
    assert one.heard[0] is other.heard[0]
    assert stranger.heard == []


class Wire:
    """A server's buffer that takes frames at once while it is not full."""

    def __init__(self) -> None:
        self.is_full = False
        self.frames: list[bytes] = []

    def write(self, frame: bytes) -> bool:
        if not self.is_full:
            self.frames.append(frame)
        return not self.is_full


@in_a_loop
async def test_a_message_leaves_at_once_where_the_way_is_free() -> None:
    hub, wire = Hub(), Wire()
    reader = Reader(hub, write=wire.write)
    hub.join(reader.socket, [tile("a")])
    hub.deliver(["tile:a"], {"kind": "note", "text": "ü" * 70})
    said = '{"kind":"note","text":"' + "ü" * 70 + '"}'
    assert wire.frames == [b"\x81\x7e" + len(said.encode()).to_bytes(2, "big") + said.encode()]
    assert reader.heard == []


@in_a_loop
async def test_what_has_to_wait_is_not_overtaken() -> None:
    hub, wire = Hub(), Wire()
    reader = Reader(hub, write=wire.write)
    hub.join(reader.socket, [tile("a")])
    wire.is_full = True
    reader.reading.clear()
    hub.deliver(["tile:a"], {"version": 1})
    wire.is_full = False
    hub.deliver(["tile:a"], {"version": 2})
    assert wire.frames == []
    reader.reading.set()
    for _turn in range(3):
        await asyncio.sleep(0)
    assert reader.heard == ['{"version":1}', '{"version":2}']
    hub.deliver(["tile:a"], {"version": 3})
    assert wire.frames == [b"\x81\x0d" + b'{"version":3}']


@in_a_loop
async def test_who_left_hears_nothing_and_leaves_nothing_behind() -> None:
    hub = Hub()
    reader = Reader(hub, address="192.0.2.1")
    hub.join(reader.socket, [tile("a")])
    hub.leave(reader.socket)
    hub.leave(reader.socket)
    hub.deliver(["tile:a"], {})
    await asyncio.sleep(0)
    assert reader.heard == []
    assert hub._wanted == {}
    assert hub.from_address("192.0.2.1") == 0


@in_a_loop
async def test_who_left_while_its_rights_were_asked_for_is_not_joined() -> None:
    hub = Hub()
    reader = Reader(hub)
    hub.leave(reader.socket)
    hub.join(reader.socket, [tile("a")])
    assert hub._wanted == {}


@in_a_loop
async def test_a_reader_that_stops_reading_is_dropped_and_the_others_hear_at_once() -> None:
    hub = Hub()
    slow, quick = Reader(hub), Reader(hub)
    slow.reading.clear()
    for each in (slow, quick):
        hub.join(each.socket, [tile("a")])
    for number in range(QUEUE + 2):
        hub.deliver(["tile:a"], {"version": number})
        await asyncio.sleep(0)
        assert len(quick.heard) == number + 1
    assert slow.closed is CloseCode.SLOW
    assert quick.closed is None


@in_a_loop
async def test_a_reader_that_takes_one_message_too_long_is_dropped() -> None:
    hub = Hub()
    slow = Reader(hub)
    slow.reading.clear()
    hub.join(slow.socket, [tile("a")])
    hub.deliver(["tile:a"], {})
    await asyncio.sleep(0)
    now = asyncio.get_running_loop().time()
    drop_slow(hub, now=now + SEND_SECONDS - 1)
    assert slow.closed is None
    drop_slow(hub, now=now + SEND_SECONDS + 1)
    assert slow.closed is CloseCode.SLOW


@in_a_loop
async def test_finishing_says_what_waits_or_leaves_it() -> None:
    hub = Hub()
    reader = Reader(hub)
    reader.socket.put(event({"kind": "last words"}))
    await reader.socket.finish(unsaid=False)
    reader.socket.put(event({"kind": "too late"}))
    assert reader.heard == ['{"kind":"last words"}']
    stuck = Reader(hub)
    stuck.reading.clear()
    stuck.socket.put(event({"kind": "never"}))
    await asyncio.sleep(0)
    await stuck.socket.finish(unsaid=True)
    assert stuck.heard == []


@pytest.mark.parametrize(
    "payload", ["", "{", "[]", "7", '"x"', '{"rings":7}', '{"rings":[7]}', '{"rings":[[1,2]]}']
)
def test_a_notification_that_is_not_ours_is_ignored(payload: str) -> None:
    assert Hub().hear(payload).get("marker") is None


def test_a_notification_is_delivered_and_given_back() -> None:
    assert Hub().hear(json.dumps({"marker": "me", "cursor": "c"})) == {
        "marker": "me",
        "cursor": "c",
    }


def test_a_burst_passes_at_once_and_more_has_to_wait() -> None:
    pace = Pace()
    assert [pace.wait(100.0) for _ in range(SUBSCRIBE_BURST)] == [0.0] * SUBSCRIBE_BURST
    assert pace.wait(100.0) == pytest.approx(0.5)
    assert pace.wait(101.0) == pytest.approx(0.0)
    assert pace.wait(200.0) == 0.0


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("nonsense", ""),
    ],
)
def test_clients_are_counted_by_address_or_by_connection(peer: str, address: str) -> None:
    assert client_address({"client": (peer, 1)}) == address


def test_a_socket_without_a_peer_is_not_counted() -> None:
    assert client_address({"client": None}) == ""


def test_the_sign_in_is_read_from_the_cookies() -> None:
    headers = [(b"cookie", b"a=1"), (b"cookie", b"augenmerk_sitzung=abc; b=2")]
    assert session_key({"headers": headers}) == "abc"
    assert session_key({"headers": []}) is None
