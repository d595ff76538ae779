"""The door at /live/: who gets in, what is refused, and what it costs to be rude or slow."""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import socket as sockets
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from townhall.live.limits import (
    MESSAGE_CHARACTERS,
    MISTAKES,
    PAYLOAD_BYTES,
    QUEUE,
    TOPICS_PER_SOCKET,
)
from townhall.live.sockets import CloseCode

from .houses import House, Server
from .pages import MANNERS, PATIENCE_SECONDS, talk, write

HOW_IT_ENDS = {
    "signedout": "DELETE FROM django_session WHERE session_key = %(key)s",
    "expired": "UPDATE django_session SET expire_date = now() WHERE session_key = %(key)s",
    "inactive": "UPDATE townhall_user SET is_active = false WHERE username = %(name)s",
    "newpassword": "UPDATE townhall_user SET password = 'other' WHERE username = %(name)s",
    "noright": "UPDATE townhall_user SET username = 'renamed' WHERE username = %(name)s",
}
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from townhall.models import User
for name in {names}:
    user = User.objects.create(username=name)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print("session", name, session.session_key)
"""


@pytest.fixture(scope="module")
def sessions(live_house: House) -> dict[str, str]:
    """The session keys of members of staff who have signed in, by name."""
    code = SIGN_IN.format(names=["anna", "bruno", *HOW_IT_ENDS])
    said = live_house.manage("shell", "--no-imports", "-c", code)
    lines = [line.split() for line in said.splitlines() if line.startswith("session ")]
    return {name: key for _, name, key in lines}


def cookie(key: str) -> dict[str, str]:
    return {"Cookie": f"augenmerk_sitzung={key}"}


def test_a_staff_topic_opens_for_its_staff_only(server: Server, sessions: dict[str, str]) -> None:
    async def visit(headers: dict[str, str]) -> list[str]:
        async with talk(server.live, additional_headers=headers) as socket:
            (ready,) = await socket.subscribe("desk:anna", "scratch:open")
            assert sorted(ready["topics"] + ready["refused"]) == ["desk:anna", "scratch:open"]
            topics: list[str] = ready["topics"]
            return topics

    assert asyncio.run(visit(cookie(sessions["anna"]))) == ["desk:anna", "scratch:open"]
    for nobody in (cookie(sessions["bruno"]), {}, cookie("forged"), cookie("'; drop")):
        assert asyncio.run(visit(nobody)) == ["scratch:open"]


@pytest.mark.parametrize("name", HOW_IT_ENDS)
def test_a_staff_topic_closes_when_the_right_to_it_ends(
    live_house: House, server: Server, sessions: dict[str, str], name: str
) -> None:
    key = sessions[name]

    async def visit() -> None:
        async with talk(server.live, additional_headers=cookie(key)) as socket:
            await socket.subscribe(f"desk:{name}", "scratch:ends")
            with live_house.connect() as connection:
                connection.execute(HOW_IT_ENDS[name], {"key": key, "name": name})  # type: ignore[arg-type]
                assert (await socket.hear("closed"))["topics"] == [f"desk:{name}"]
                write(connection, f"desk:{name}", "private", 1)
                write(connection, "scratch:ends", "public", 1)
            assert await socket.notes(1) == [("public", 1)]

    asyncio.run(visit())


def test_a_capability_opens_a_topic_that_is_rung_without_the_token(
    live_house: House, server: Server
) -> None:
    digest = hashlib.sha256(b"token").hexdigest()

    async def visit() -> None:
        with live_house.connect() as connection:
            write(connection, f"secret:{digest}", "A", 1)
            async with talk(server.live) as socket:
                (ready,) = await socket.subscribe(
                    "secret:token", "secret:other", f"secret:{digest}"
                )
                assert ready["topics"] == ["secret:token"]
                write(connection, f"secret:{digest}", "A", 2)
                heard: list[tuple[str, int]] = []
                while ("A", 2) not in heard:  # the first may still be on its way
                    heard += await socket.notes(1)
                assert heard in ([("A", 2)], [("A", 1), ("A", 2)])

    asyncio.run(visit())


def test_topics_that_cannot_be_are_refused(server: Server) -> None:
    strange = ["", ":", "scratch:", "scratch", "unknown:x", "scratch:ä", "scratch:a b", "x" * 500]

    async def visit() -> None:
        async with talk(server.live) as socket:
            (ready,) = await socket.subscribe(*strange)
            assert ready["topics"] == []
            assert ready["refused"] == strange

    asyncio.run(visit())


def test_a_page_that_unsubscribes_hears_no_more(live_house: House, server: Server) -> None:
    async def visit() -> None:
        async with talk(server.live) as socket:
            await socket.subscribe("scratch:left", "scratch:kept")
            await socket.say({"type": "unsubscribe", "topics": ["scratch:left", "unknown:x"]})
            await socket.say({"type": "ping"})
            assert await socket.hear("pong") == {"kind": "pong"}
            with live_house.connect() as connection:
                write(connection, "scratch:left", "A", 1)
                write(connection, "scratch:kept", "B", 1)
            assert await socket.notes(1) == [("B", 1)]

    asyncio.run(visit())


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "{",
        "[" * 5_000,
        "null",
        "7",
        "{}",
        '{"type": "dance"}',
        '{"type": ["ping"]}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "topics": "scratch:a"}',
        '{"type": "subscribe", "topics": []}',
        '{"type": "subscribe", "topics": [1]}',
        '{"type": "subscribe", "topics": ["scratch:a"], "cursor": 7}',
        '{"type": "unsubscribe", "topics": {}}',
        json.dumps({"type": "subscribe", "topics": ["scratch:a"] * (TOPICS_PER_SOCKET + 1)}),
        json.dumps({"type": "ping", "x": "x" * MESSAGE_CHARACTERS}),
        b"\x00\xff",
    ],
)
def test_nonsense_is_answered_with_a_sentence_and_the_line_stays(
    server: Server, nonsense: str | bytes
) -> None:
    async def visit() -> None:
        async with talk(server.live) as socket:
            await socket.socket.send(nonsense)
            assert (await socket.hear("error"))["message"]
            assert len(await socket.subscribe("scratch:a")) == 1

    asyncio.run(visit())


def test_who_talks_nothing_but_nonsense_is_shown_out(server: Server) -> None:
    async def visit() -> None:
        async with talk(server.live) as socket:
            for _ in range(MISTAKES):
                await socket.socket.send("nonsense")
                await socket.hear("error")
            assert await socket.close_code() == CloseCode.NONSENSE

    asyncio.run(visit())


def test_a_message_without_end_closes_the_socket(server: Server) -> None:
    async def visit() -> None:
        async with talk(server.live) as socket:
            await socket.socket.send("x" * 1_000_000)
            assert await socket.close_code() == 1009

    asyncio.run(visit())


def test_a_socket_has_at_most_so_many_topics(server: Server) -> None:
    async def visit() -> None:
        async with talk(server.live) as socket:
            await socket.subscribe(*(f"scratch:n{number}" for number in range(TOPICS_PER_SOCKET)))
            (ready,) = await socket.subscribe("scratch:n7", "scratch:more")
            assert ready["topics"] == ["scratch:n7"]
            assert ready["refused"] == ["scratch:more"]

    asyncio.run(visit())


def test_a_foreign_page_does_not_get_a_socket(server: Server) -> None:
    async def visit(**more: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(server.live, **{**MANNERS, **more}):
                pass
        assert refused.value.response.status_code == 403

    asyncio.run(visit(origin="https://evil.example"))


def test_a_visitor_gets_no_cookie(server: Server) -> None:
    async def visit() -> None:
        async with talk(server.live) as socket:
            await socket.subscribe("scratch:a", "desk:anna")
            assert socket.socket.response is not None
            assert "set-cookie" not in socket.socket.response.headers

    asyncio.run(visit())


def test_one_address_holds_only_so_many_sockets(open_house: Callable[[], House]) -> None:
    server = open_house().serve(TRUSTED_PROXIES="127.0.0.1", LIVE_SOCKETS_PER_ADDRESS="2")
    near, far = ({"X-Forwarded-For": f"192.0.2.{number}"} for number in (1, 2))

    async def visit() -> None:
        async with (
            talk(server.live, additional_headers=near) as first,
            talk(server.live, additional_headers=near),
            talk(server.live, additional_headers=near) as third,
            talk(server.live, additional_headers=far) as other,
        ):
            assert await third.close_code() == CloseCode.TOO_MANY
            await first.subscribe("scratch:a")
            await other.subscribe("scratch:a")
            await first.socket.close()
            async with talk(server.live, additional_headers=near) as again:
                await again.subscribe("scratch:a")

    asyncio.run(visit())


def test_the_listener_goes_past_a_pooler(open_house: Callable[[], House]) -> None:
    house = open_house()
    server = house.serve(LIVE_DATABASE_URL=house.database_url)

    async def visit() -> None:
        async with talk(server.live) as socket:
            await socket.subscribe("scratch:past")
            with house.connect() as connection:
                write(connection, "scratch:past", "A", 1)
            assert await socket.notes(1) == [("A", 1)]

    asyncio.run(visit())


def test_without_a_listener_nobody_is_promised_anything(open_house: Callable[[], House]) -> None:
    server = open_house().serve(LIVE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")

    async def visit() -> None:
        async with talk(server.live) as socket:
            await socket.say({"type": "subscribe", "topics": ["scratch:a"]})
            assert (await socket.hear())["kind"] == "error"
            assert await socket.close_code() == CloseCode.TRY_AGAIN_LATER

    asyncio.run(visit())


def test_a_slow_reader_is_dropped_while_the_others_hear_at_once(
    live_house: House, server: Server
) -> None:
    """The slow one asks for everything and never reads; buffers and queue fill up."""
    filler = "x" * (PAYLOAD_BYTES - 200)

    async def visit() -> None:
        slow = stubborn(server)
        async with talk(server.live) as quick:
            await quick.subscribe("scratch:flood")
            with live_house.connect() as connection:
                for number in range(0, 3 * QUEUE, 100):
                    with connection.transaction():
                        for version in range(number, number + 100):
                            write(connection, "scratch:flood", "A", version, filler=filler)
                    heard = await quick.notes(100)
                    assert heard[-1] == ("A", number + 99)
        await asyncio.to_thread(hung_up_on, slow)

    asyncio.run(visit())


def test_a_thousand_pages_hear_one_message(live_house: House, server: Server) -> None:
    """Prints how long the last one waited and what a socket costs; asserts neither."""
    count = 1_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4_000)), hard))

    async def visit() -> None:
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(talk(server.live))
            await first.subscribe("scratch:warm")
            assert server.process is not None
            before = resident_kb(server.process.pid)
            crowd = [await stack.enter_async_context(talk(server.live)) for _ in range(count)]
            for each in crowd:
                await each.subscribe("scratch:crowd")
            cost = (resident_kb(server.process.pid) - before) / count
            waiting = [asyncio.create_task(each.notes(1)) for each in crowd]
            await asyncio.sleep(0)
            with live_house.connect() as connection:
                began = time.perf_counter()
                write(connection, "scratch:crowd", "A", 1)
            assert await asyncio.gather(*waiting) == [[("A", 1)]] * count
            took = (time.perf_counter() - began) * 1_000
            print(f"\n{count} sockets: {took:.0f} ms to the last, {cost:.1f} kB each")  # noqa: T201

    asyncio.run(visit())


def resident_kb(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def stubborn(server: Server) -> sockets.socket:
    """A client that shakes hands, subscribes, and reads nothing afterwards."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
    raw.settimeout(PATIENCE_SECONDS)
    raw.connect(("127.0.0.1", server.port))
    raw.sendall(
        b"GET /live/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: " + b64encode(bytes(16)) + b"\r\n\r\n"
    )
    assert raw.recv(1_024).startswith(b"HTTP/1.1 101")
    wish = b'{"type": "subscribe", "topics": ["scratch:flood"]}'
    raw.sendall(bytes([0x81, 0x80 | len(wish), 0, 0, 0, 0]) + wish)  # a mask of zeros
    while b'"ready"' not in raw.recv(1_024):  # a beat may come before
        pass
    return raw


def hung_up_on(raw: sockets.socket) -> None:
    """Read to the end: there is one, because the server dropped us. It may come with the reason."""
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 1 << 22)
    last = b""
    with raw:
        while data := raw.recv(1 << 20):
            last = (last + data)[-4:]
            if last == bytes([0x88, 2]) + CloseCode.SLOW.to_bytes(2, "big"):
                return
