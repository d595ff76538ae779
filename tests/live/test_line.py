"""The live line from the transaction to the open page, on real servers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from townhall.live.limits import MISSED

from .houses import House, Server
from .pages import Page, cursor_of, pages, talk, until, write


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
            insert(slow, "scratch:order", "slow", 1)
            insert(fast, "scratch:order", "fast", 1)
            fast.commit()
            cursor = now(live_house)
            slow.commit()
        async with talk(server.live) as socket:
            *missed, ready = await socket.subscribe("scratch:order", cursor=cursor)
            assert [message["code"] for message in missed] == ["slow"]
            (again,) = await socket.subscribe("scratch:order", cursor=ready["cursor"])
            assert again["kind"] == "ready"

    asyncio.run(page())


def test_transactions_that_commit_in_the_other_order_both_ring(
    live_house: House, server: Server
) -> None:
    async def page() -> None:
        async with talk(server.live) as socket:
            await socket.subscribe("scratch:crossed")
            with (
                live_house.connect(autocommit=False) as first,
                live_house.connect(autocommit=False) as second,
            ):
                write(first, "scratch:crossed", "first", 1)
                write(second, "scratch:crossed", "second", 1)
                second.commit()
                first.commit()
            assert await socket.notes(2) == [("second", 1), ("first", 1)]

    asyncio.run(page())


def test_another_database_of_the_cluster_neither_disturbs_nor_is_heard(
    live_house: House, server: Server, open_house: Callable[[], House]
) -> None:
    """It writes, rings the same channel and keeps a transaction open that holds xmin down."""
    elsewhere = open_house()

    async def page() -> None:
        with (
            elsewhere.connect(autocommit=False) as endless,
            elsewhere.connect() as noisy,
            live_house.connect() as connection,
        ):
            write(endless, "scratch:cluster", "endless", 1)
            write(connection, "scratch:cluster", "seen", 1)
            cursor = cursor_of(connection)
            write(noisy, "scratch:cluster", "foreign", 1)
            write(connection, "scratch:cluster", "missed", 1)
            async with talk(server.live) as socket:
                *missed, _ready = await socket.subscribe("scratch:cluster", cursor=cursor)
                assert [message["code"] for message in missed] == ["missed"]
                write(noisy, "scratch:cluster", "foreign", 2)
                write(connection, "scratch:cluster", "live", 1)
                assert await socket.notes(1) == [("live", 1)]
                endless.rollback()

    asyncio.run(page())


def test_the_beat_never_promises_what_was_not_delivered(live_house: House, server: Server) -> None:
    """Whatever a beat's snapshot sees has come before it, while many write at once."""

    async def page() -> None:
        heard: set[str] = set()
        cursor = now(live_house)
        with live_house.connect() as reader, busy(live_house, "scratch:beat", writers=6):
            async with talk(server.live) as socket:
                *missed, _ready = await socket.subscribe("scratch:beat", cursor=cursor)
                heard.update(message["code"] for message in missed)
                for _ in range(4):
                    while (message := await socket.hear())["kind"] != "cursor":
                        heard.add(message["code"])
                    assert visible(reader, "scratch:beat", message["cursor"]) <= heard
        assert len(heard) > 20

    asyncio.run(page())


def test_a_listener_that_loses_its_database_tells_every_page_to_ask_again(
    open_house: Callable[[], House],
) -> None:
    house = open_house()
    server = house.serve(LIVE_BEAT_SECONDS="1")

    async def scene() -> None:
        async with pages(3, server.live, ["scratch:killed"], now(house)) as opened:
            with house.connect() as connection, busy(house, "scratch:killed", writers=2):
                for cut in (1, 2):
                    cut_listeners(connection)
                    await until(lambda cut=cut: all(page.resyncs >= cut for page in opened))
            await all_know_the_truth(house, "scratch:killed", opened)

    asyncio.run(scene())


def test_a_server_restarted_under_200_open_pages_loses_nothing(
    open_house: Callable[[], House],
) -> None:
    house = open_house()
    server = house.serve(LIVE_BEAT_SECONDS="1")

    async def scene() -> None:
        async with pages(200, server.live, ["scratch:restart"], now(house)) as opened:
            with busy(house, "scratch:restart", writers=2):
                for hard in (False, True):
                    await asyncio.to_thread(server.stop, hard=hard)
                    await until(lambda: not any(page.is_ready.is_set() for page in opened))
                    await asyncio.to_thread(server.start)
                    await until(lambda: all(page.is_ready.is_set() for page in opened))
            await all_know_the_truth(house, "scratch:restart", opened)

    asyncio.run(scene())


def test_several_processes_hear_the_same_and_one_may_die(open_house: Callable[[], House]) -> None:
    house = open_house()
    servers = [house.serve(LIVE_BEAT_SECONDS="1") for _ in range(2)]

    async def scene() -> None:
        cursor = now(house)
        async with (
            pages(5, servers[0].live, ["scratch:several"], cursor) as here,
            pages(5, servers[1].live, ["scratch:several"], cursor) as there,
        ):
            with house.connect() as connection:
                write(connection, "scratch:several", "A", 1)
                await all_know_the_truth(house, "scratch:several", [*here, *there])
                await asyncio.to_thread(servers[0].stop, hard=True)
                write(connection, "scratch:several", "A", 2)
                await all_know_the_truth(house, "scratch:several", there)
                await asyncio.to_thread(servers[0].start)
                await all_know_the_truth(house, "scratch:several", here)

    asyncio.run(scene())


def test_a_page_that_missed_too_much_is_told_to_read_anew_and_hears_on(
    live_house: House, server: Server
) -> None:
    async def page() -> None:
        with live_house.connect() as connection:
            cursor = cursor_of(connection)
            connection.execute(
                "INSERT INTO live_scratch (topic, code, version)"
                " SELECT 'scratch:much', n, 1 FROM generate_series(1, %s) n",
                [MISSED + 1],
            )
            async with talk(server.live) as socket:
                reload, ready = await socket.subscribe("scratch:much", cursor=cursor)
                assert reload == {"kind": "reload", "topics": ["scratch:much"]}
                write(connection, "scratch:much", "X", 1)
                assert await socket.notes(1) == [("X", 1)]
                assert len(await socket.subscribe("scratch:much", cursor=ready["cursor"])) == 2

    asyncio.run(page())


def test_a_cursor_of_another_installation_is_told_to_read_anew(
    live_house: House, server: Server
) -> None:
    _, _, snapshot = now(live_house).partition(":")

    async def page(cursor: str) -> None:
        async with talk(server.live) as socket:
            reload, _ready = await socket.subscribe("scratch:other", cursor=cursor)
            assert reload["kind"] == "reload"

    for cursor in (f"{'0' * 32}:{snapshot}", "nonsense", "", f"{now(live_house)[:33]}1:{2**60}:"):
        asyncio.run(page(cursor))


def insert(
    connection: psycopg.Connection[tuple[object]], topic: str, code: str, version: int
) -> None:
    """Change the data without ringing: what a page can only learn by asking."""
    connection.execute(
        "INSERT INTO live_scratch (topic, code, version) VALUES (%s, %s, %s)",
        [topic, code, version],
    )


def now(house: House) -> str:
    with house.connect() as connection:
        return cursor_of(connection)


def truth(house: House, topic: str) -> dict[str, int]:
    with house.connect() as connection:
        rows = connection.execute(
            "SELECT code, max(version) FROM live_scratch WHERE topic = %s GROUP BY code", [topic]
        )
        return {code: version for code, version in rows}  # noqa: C416 - rows are untyped


def visible(connection: psycopg.Connection[tuple[str]], topic: str, cursor: str) -> set[str]:
    rows = connection.execute(
        "SELECT code FROM live_scratch WHERE topic = %s AND pg_visible_in_snapshot(xid, %s)",
        [topic, cursor.partition(":")[2]],
    )
    return {code for (code,) in rows}


async def all_know_the_truth(house: House, topic: str, opened: list[Page]) -> None:
    expected = truth(house, topic)
    assert expected
    await until(lambda: all(page.known == expected for page in opened), "the same on every page")


def cut_listeners(connection: psycopg.Connection[tuple[object]]) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'augenmerk live' AND datname = current_database()"
    )


@contextmanager
def busy(house: House, topic: str, *, writers: int) -> Iterator[None]:
    """Several connections write and ring all the while; each commits a moment after it rang.

    So slowly that a server may take its time to start, before more is missed than is told again.
    """
    done = threading.Event()

    def write_on(name: int) -> None:
        with house.connect(autocommit=False) as connection:
            number = 0
            while not done.is_set():
                number += 1
                write(connection, topic, f"{name}-{number % 500}", number)
                done.wait(0.05 * (name + 1))
                connection.commit()

    threads = [threading.Thread(target=write_on, args=(name,)) for name in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()
