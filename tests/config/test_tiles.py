"""`/kacheln/` before a real tile server on this machine, in all its moods."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from config import tiles
from config.findings import Level
from config.tiles import TileDoor, served_region
from geo.boxes import Box
from geo.tiles import Region, Shelf, Source, Stock, Tile
from geo.tiles.breaker import FAILURES
from geo.tiles.shelf import FRESH_S
from tests.townhall import pictures
from townhall.models import Municipality

PICTURE = pictures.encoded(pictures.corners(256, 256), "PNG")
OURS = "/kacheln/12/2146/1392"


class TileServer(ThreadingHTTPServer):
    """Draws the same tile for everybody, as long as its mood is good."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mood = "good"
        self.asked: list[Any] = []
        self.release = threading.Event()
        self.template = f"http://127.0.0.1:{self.server_address[1]}/{{z}}/{{y}}/{{x}}.png"


class Handler(BaseHTTPRequestHandler):
    server: TileServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        getattr(self, self.server.mood)()

    def good(self) -> None:
        if self.headers.get("If-None-Match") == '"one"':
            self._answer(304)
        else:
            self._answer(200, PICTURE, ETag='"one"', **{"Set-Cookie": "spy=1"})

    def slow(self) -> None:
        self.server.release.wait(10)
        self.good()

    def ill(self) -> None:
        self._answer(500)

    def chatty(self) -> None:
        self._answer(200, b"<html>Buy our maps</html>", **{"Content-Type": "image/png"})

    def huge(self) -> None:
        self._answer(200, PICTURE + bytes(2 * 1024 * 1024))

    def packed(self) -> None:
        self._answer(200, PICTURE, **{"Content-Encoding": "gzip"})

    def elsewhere(self) -> None:
        self._answer(302, Location="http://localhost:1/spy.png")

    def without(self) -> None:
        self._answer(404)

    def _answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[TileServer]:
    made = TileServer()
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.release.set()
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """How many seconds a tile may take."""

    def limit(seconds: float) -> None:
        for module in ("source", "stock"):
            monkeypatch.setattr(f"geo.tiles.{module}.PATIENCE_S", seconds)

    limit(30)  # a machine that has much else to do
    return limit


class House:
    """A door, its stock and its shelf."""

    def __init__(self, server: TileServer, folder: Path) -> None:
        self.shelf = Shelf(folder, most_bytes=10**6)
        self.stock = Stock(Source(server.template), self.shelf)
        self.door = TileDoor(self.stock, region=self._region)

    async def _region(self) -> Region:
        return Region((Box(8.55, 49.65, 8.70, 49.73),), least=6, most=18)

    async def get(self, path: str = OURS, method: str = "GET", **headers: str) -> Any:
        """Status, headers, content."""
        said: list[Any] = []

        async def send(message: Any) -> None:
            said.append(message)

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        asked = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]
        scope = {"type": "http", "method": method, "path": path, "headers": asked}
        await self.door(scope, receive, send)
        start, body = said
        told = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], told, body["body"]


@pytest.fixture
def visit(
    server: TileServer, tmp_path: Path, patience: Callable[[float], None]
) -> Callable[..., Any]:
    """Run a story in a house of its own; the shelf stays between two stories."""

    def run(story: Callable[[House], Awaitable[Any]]) -> Any:
        async def told() -> Any:
            house = House(server, tmp_path / "shelf")
            try:
                return await story(house)
            finally:
                await house.stock.close()

        return asyncio.run(told())

    return run


def test_a_tile_is_fetched_once_and_then_kept(
    visit: Callable[..., Any], server: TileServer
) -> None:
    async def story(house: House) -> None:
        for _ in range(3):
            status, told, content = await house.get()
            assert (status, told["content-type"], content) == (200, "image/png", PICTURE)
            assert "max-age=604800" in told["cache-control"]
            assert told["x-content-type-options"] == "nosniff"

    visit(story)
    visit(story)  # after a restart
    assert [path for path, _headers in server.asked] == ["/12/1392/2146.png"]


def test_a_browser_that_has_it_gets_nothing_twice(visit: Callable[..., Any]) -> None:
    async def story(house: House) -> None:
        etag = (await house.get())[1]["etag"]
        assert (await house.get(if_none_match=f'W/"x", {etag}'))[::2] == (304, b"")
        assert (await house.get(if_none_match='"x"'))[0] == 200
        assert (await house.get(method="HEAD"))[::2] == (200, b"")
        assert (await house.get(method="POST"))[0] == 405

    visit(story)


def test_the_source_learns_nothing_about_visitors(
    visit: Callable[..., Any], server: TileServer
) -> None:
    async def story(house: House) -> None:
        for path in (OURS, "/kacheln/12/2147/1392"):
            await house.get(
                path,
                cookie="sitzung=1",
                user_agent="Anna",
                referer="http://x/",
                accept_language="de",
            )

    visit(story)
    for _path, headers in server.asked:
        assert {"Cookie", "Referer", "Accept-Language", "X-Forwarded-For"}.isdisjoint(headers)
        assert headers["User-Agent"] == "Augenmerk"


def test_many_who_want_the_same_tile_make_one_request(
    visit: Callable[..., Any], server: TileServer
) -> None:
    async def story(house: House) -> Any:
        return await asyncio.gather(*(house.get() for _ in range(30)))

    answers = visit(story)
    assert {status for status, _told, _content in answers} == {200}
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/kacheln/12/1/1",
        "/kacheln/5/16/10",
        "/kacheln/19/274690/178480",
        "/kacheln/12/99999999/1",
        "/kacheln/12/2146/1392.png",
        "/kacheln/12/2146/-1",
        "/kacheln/12/2146/٣",
        "/kacheln/",
        "/kacheln/12/2146/1392/../1",
    ],
)
def test_beyond_what_is_served_there_is_no_map(
    visit: Callable[..., Any], server: TileServer, path: str
) -> None:
    async def story(house: House) -> Any:
        return await house.get(path)

    assert visit(story)[0] == 404
    assert not server.asked


def test_a_slow_source_keeps_nobody_longer_than_its_time(
    visit: Callable[..., Any], server: TileServer, patience: Callable[[float], None]
) -> None:
    async def story(house: House) -> None:
        await house.get()
        server.mood = "slow"
        patience(0.2)
        start = time.monotonic()
        status, told, _content = await house.get("/kacheln/12/2147/1392")
        assert (status, told["cache-control"]) == (503, "no-store")
        assert time.monotonic() - start < 5  # the server would take ten
        patience(30)
        server.mood = "good"
        assert (await house.get("/kacheln/12/2148/1392"))[0] == 200

    visit(story)


@pytest.mark.parametrize("mood", ["ill", "chatty", "huge", "packed", "elsewhere"])
def test_what_is_no_tile_is_not_handed_on(
    visit: Callable[..., Any], server: TileServer, mood: str
) -> None:
    server.mood = mood

    async def story(house: House) -> None:
        assert (await house.get())[0] == 503
        assert house.shelf.size() == 0
        server.mood = "good"
        assert (await house.get())[0] == 200

    visit(story)
    assert len(server.asked) == 2


def test_a_source_that_fails_is_left_alone_and_tried_again(
    visit: Callable[..., Any], server: TileServer
) -> None:
    async def story(house: House) -> None:
        now = 1000.0
        house.stock.breaker.clock = lambda: now
        await house.get(OURS)
        server.mood = "ill"
        several = [f"/kacheln/16/{34325 + n}/22310" for n in range(9)]
        for path in several:
            assert (await house.get(path))[0] == 503
        assert len(server.asked) == 1 + FAILURES
        assert (await house.get(OURS))[0] == 200  # what is here stays
        now += 31
        assert (await house.get(several[0]))[0] == 503  # the trial
        assert len(server.asked) == 2 + FAILURES
        server.mood, now = "good", now + 61
        assert [(await house.get(path))[0] for path in several] == [200] * 9

    visit(story)


def test_a_map_that_asks_for_all_at_once_stops_when_the_source_is_gone(
    visit: Callable[..., Any], server: TileServer
) -> None:
    server.mood = "ill"

    async def story(house: House) -> None:
        paths = [f"/kacheln/16/{34325 + n}/22310" for n in range(20)]
        answers = await asyncio.gather(*(house.get(path) for path in paths))
        assert {status for status, _told, _content in answers} == {503}

    visit(story)
    assert len(server.asked) < 15


def test_a_tile_that_the_source_does_not_have_is_no_failure(
    visit: Callable[..., Any], server: TileServer
) -> None:
    server.mood = "without"

    async def story(house: House) -> None:
        for _ in range(FAILURES + 2):
            assert (await house.get())[0] == 404
        assert not house.stock.breaker.is_open

    visit(story)
    assert len(server.asked) == 1


def test_an_old_tile_is_shown_at_once_and_asked_about_behind_it(
    visit: Callable[..., Any], server: TileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(lambda house: house.get())
    later = time.time() + FRESH_S + 60
    monkeypatch.setattr("geo.tiles.stock.time.time", lambda: later)

    async def story(house: House) -> None:
        server.mood = "slow"
        assert (await house.get())[0] == 200
        server.mood = "good"
        server.release.set()
        await _until(lambda: len(server.asked) == 2 and not house.stock._flights)

    visit(story)
    assert server.asked[1][1]["If-None-Match"] == '"one"'


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.01)


def test_a_full_disk_costs_no_map(
    visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_tile: Any) -> None:
        raise OSError(28, "No space left on device")

    async def story(house: House) -> None:
        monkeypatch.setattr(house.shelf, "keep", full)
        assert (await house.get())[0] == 200

    visit(story)


def test_while_the_database_is_away_the_map_keeps_its_region(
    visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> Region:
        raise OperationalError

    async def story(house: House) -> None:
        assert (await house.get())[0] == 200
        house.door._ask_region, house.door._region_until = away, 0
        assert (await house.get())[0] == 200
        house.door._region, house.door._region_until = None, 0
        assert (await house.get())[0] == 503

    visit(story)


def findings() -> list[tuple[Level, str]]:
    return [(found.level, found.what) for found in tiles.look_at_source()]


def test_the_doctor_says_how_the_source_is(
    town: Municipality, settings: Any, server: TileServer, tmp_path: Path, patience: object
) -> None:
    settings.HOME = tmp_path
    assert findings() == [(Level.NOTE, "map background: none, maps stay plain")]
    settings.TILE_SOURCE = server.template
    host = f"127.0.0.1:{server.server_address[1]}"
    assert findings() == [(Level.OK, f"map background: {host} answers, 0 MB kept")]
    server.mood = "ill"
    assert findings() == [(Level.NOTE, f"map background: {host}: status 500; maps stay plain")]
    town.delete()
    assert findings() == [(Level.NOTE, "map background: nothing is served yet")]


# ── The region, and what pages say ───────────────────────────────────────────────────────────
def test_the_region_is_where_municipalities_take_part(town: Municipality, settings: Any) -> None:
    region = served_region()
    assert region.holds(Tile(12, 2146, 1392))
    town.delete()
    assert not served_region().holds(Tile(12, 2146, 1392))


@pytest.mark.django_db
def test_a_page_tells_its_map_of_tiles_only_where_there_are_any(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert b"map-tiles" not in client.get("/").content
    settings.TILE_ATTRIBUTION = "© Beispiel"
    stock = Stock(Source("http://127.0.0.1:1/{z}/{x}/{y}"), Shelf(tmp_path, most_bytes=1))
    monkeypatch.setattr(tiles.door, "stock", stock)
    page = client.get("/").content.decode()
    assert '"url": "/kacheln/{z}/{x}/{y}", "credit": "\\u00a9 Beispiel"' in page
    for _ in range(FAILURES):
        stock.breaker.failed()
    assert b"map-tiles" not in client.get("/").content
