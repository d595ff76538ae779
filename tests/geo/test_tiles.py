"""Which tiles are ours, when a source is left alone, and what lies on the shelf."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.boxes import Box
from geo.tiles import Breaker, Kept, Region, Shelf, Tile
from geo.tiles.breaker import FAILURES, LONGEST_PAUSE_S, PAUSE_S
from geo.tiles.shelf import DAY_S, FRESH_S, OLDEST_S

BENSHEIM = Box(8.55, 49.65, 8.70, 49.73)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)


# ── Region ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("tile", "is_ours"),
    [
        (Tile(12, 2146, 1392), True),
        (Tile(12, 2150, 1392), True),  # a wide screen looks beyond the border
        (Tile(12, 2154, 1392), False),
        (Tile(16, 34335, 22310), True),
        (Tile(16, 34400, 22310), False),
        (Tile(5, 16, 10), False),  # too far out
        (Tile(19, 274690, 178480), False),  # too near
        (Tile(12, -1, 1392), False),
        (Tile(6, 64, 21), False),  # off the globe
    ],
)
def test_only_tiles_around_what_is_served_are_ours(tile: Tile, is_ours: bool) -> None:
    assert Region((BENSHEIM,), least=6, most=18).holds(tile) is is_ours


def test_without_a_municipality_no_tile_is_ours() -> None:
    nowhere = Region((), least=6, most=18)
    assert not nowhere.holds(Tile(12, 2146, 1392))
    assert nowhere.some_tile() is None


def test_the_source_is_tried_with_a_tile_of_ours() -> None:
    region = Region((BENSHEIM,), least=6, most=18)
    tile = region.some_tile()
    assert tile is not None
    assert region.holds(tile)


# ── Breaker ──────────────────────────────────────────────────────────────────────────────────
class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_who_fails_five_times_is_left_alone() -> None:
    breaker = broken(Clock())
    assert breaker.is_open
    assert breaker.is_resting
    assert not breaker.allows()


def test_after_a_while_one_asks_and_its_luck_decides() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += PAUSE_S
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert not breaker.is_open
    assert breaker.allows()


def test_each_failed_trial_doubles_the_rest() -> None:
    clock = Clock()
    breaker = broken(clock)
    rests = []
    for _ in range(7):
        begin = clock.now
        while not breaker.allows():
            clock.now += 1
        rests.append(clock.now - begin)
        breaker.failed()
    assert rests == [30, 60, 120, 240, 480, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_a_trial_that_nobody_tells_the_end_of_is_repeated() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += PAUSE_S
    assert breaker.allows()
    clock.now += PAUSE_S
    assert breaker.allows()


def test_those_who_fail_together_are_counted_as_one_bad_moment() -> None:
    clock = Clock()
    breaker = broken(clock)
    breaker.failed()
    breaker.failed()
    clock.now += PAUSE_S
    assert breaker.allows()


# ── Shelf ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "tiles", most_bytes=5000)


def put(shelf: Shelf, tile: Tile, *, age_s: float, now: float = 10**9) -> None:
    shelf.keep(tile, Kept(PNG, "image/png", their_etag='"a"'))
    file = shelf.folder / str(tile)
    os.utime(file, (now - age_s, now - age_s))


def test_a_kept_tile_is_found_as_it_was(shelf: Shelf) -> None:
    tile = Tile(12, 2146, 1392)
    assert shelf.read(tile) is None
    put(shelf, tile, age_s=0)
    assert shelf.read(tile) == Kept(PNG, "image/png", '"a"', "", checked_at=10**9)


@pytest.mark.parametrize("content", [b"", b"{", b"[]\n", b'{"size": 3}\nab', b"\xff\n"])
def test_what_a_crash_has_left_is_no_tile(shelf: Shelf, content: bytes) -> None:
    file = shelf.folder / "12/1/1"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert shelf.read(Tile(12, 1, 1)) is None


def test_the_shelf_stays_within_its_size_and_the_oldest_go_first(shelf: Shelf) -> None:
    for x in range(8):
        put(shelf, Tile(12, x, 1), age_s=x * DAY_S)
    assert shelf.size() > 5000
    assert shelf.tidy(now=10**9) == 4
    assert shelf.size() <= 0.9 * 5000
    assert [shelf.read(Tile(12, x, 1)) is not None for x in range(8)] == [True] * 4 + [False] * 4


def test_what_nobody_looked_at_for_months_goes(shelf: Shelf) -> None:
    put(shelf, Tile(12, 1, 1), age_s=OLDEST_S + 1)
    put(shelf, Tile(12, 2, 1), age_s=FRESH_S + 1)
    assert shelf.tidy(now=10**9) == 1
    left = shelf.read(Tile(12, 2, 1))
    assert left is not None
    assert not left.is_fresh(now=10**9)
