"""The live line from the transaction to the open page, on real servers."""

from __future__ import annotations

import asyncio

from .houses import House, Server
from .pages import cursor_of, talk, write


def test_what_commits_rings_the_page(live_house: House, server: Server) -> None:
    async def page() -> None:
        async with talk(server.live) as socket:
            (ready,) = await socket.subscribe("scratch:first")
            assert ready["topics"] == ["scratch:first"]
            assert ready["refused"] == []
            with live_house.connect() as connection, connection.transaction():
                write(connection, "scratch:first", "A", 1)
            assert await socket.hear("note") == {"kind": "note", "code": "A", "version": 1}

    asyncio.run(page())


def test_what_rolls_back_rings_nobody(live_house: House, server: Server) -> None:
    async def page() -> None:
        async with talk(server.live) as socket:
            await socket.subscribe("scratch:rollback")
            with live_house.connect(autocommit=False) as connection:
                write(connection, "scratch:rollback", "A", 1)
                connection.rollback()
                write(connection, "scratch:rollback", "B", 1)
            assert await socket.notes(1) == [("B", 1)]

    asyncio.run(page())


def test_a_page_hears_what_it_missed_even_from_a_slow_transaction(
    live_house: House, server: Server
) -> None:
    """The first transaction has the lower id and commits after the second: ids don't tell."""

    async def page() -> None:
        with (
            live_house.connect(autocommit=False) as slow,
            live_house.connect(autocommit=False) as fast,
        ):
            write(slow, "scratch:order", "slow", 1)
            write(fast, "scratch:order", "fast", 1)
            fast.commit()
            with live_house.connect() as reader:
                cursor = cursor_of(reader)
            slow.commit()
        async with talk(server.live) as socket:
            *missed, ready = await socket.subscribe("scratch:order", cursor=cursor)
            assert [message["code"] for message in missed] == ["slow"]
            assert await socket.subscribe("scratch:order", cursor=ready["cursor"])

    asyncio.run(page())
