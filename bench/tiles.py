"""Map tiles over HTTP at several zooms, beside the same SQL by pgbench.

Tiles are those around random reports, so busy places count most. Uncached: each question is put to
the database, which the product does unless it was put half a second ago. 304: a crowd watches the
same eight tiles and knows them already.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from statistics import median
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify  # type: ignore[import-untyped]
from django.test import Client

from bench import pgbench
from bench.house import House, Server, has_granian
from bench.load import keep_asking, once, request
from bench.row import Row, cost, limit, rate
from geo.boxes import tile_at
from reports.api.tiles import hot
from reports.models import Report

ZOOMS = (7, 10, 12, 14, 16)
SAMPLE = 40  # tiles of each zoom
GZIP = {"Accept-Encoding": "gzip"}
UNCACHED = 0.35  # of pgbench's rate, by one web process
UNCACHED_GRANIAN = 0.55  # by a process for each core
ENOUGH_BYTES = 25_000
MOST_STATEMENTS = 3


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    seconds = 2 if quick else 5
    tiles = {zoom: _tiles(zoom) for zoom in ZOOMS}
    floor = {
        zoom: pgbench.run(house, [_script(tile) for tile in each], seconds=seconds).per_second
        for zoom, each in tiles.items()
    }
    with house.serving(MAP_HOT_MS="0") as server:
        for zoom, each in tiles.items():
            yield rate(
                f"map z{zoom}, uncached",
                floor=floor[zoom],
                ours=_cold_pace(server, each, seconds),
                unit="tiles/s",
                at_least=UNCACHED,
            )
            yield limit(
                f"map z{zoom}, gzip",
                ours=max(len(once(server.port, _get(server, tile, **GZIP)).body) for tile in each),
                unit="bytes",
                at_most=ENOUGH_BYTES,
            )
    if has_granian():
        with house.pages(MAP_HOT_MS="0") as server:
            for zoom, each in tiles.items():
                yield rate(
                    f"map z{zoom}, uncached, granian",
                    floor=floor[zoom],
                    ours=_cold_pace(server, each, seconds),
                    unit="tiles/s",
                    at_least=UNCACHED_GRANIAN,
                )
    with house.serving() as server:
        for zoom, each in tiles.items():
            known = _known(server, each[:8])
            ours = keep_asking(server.port, known, expected=304, seconds=seconds).per_second
            yield rate(
                f"map z{zoom}, 304", floor=floor[zoom], ours=ours, unit="tiles/s", at_least=1
            )
    yield limit(
        "map, SQL", ours=_most_statements(tiles), unit="statements", at_most=MOST_STATEMENTS
    )


def growth(house: House, *, quick: bool) -> Iterator[Row]:
    """Ten times as many reports in the same towns: what a tile's SQL takes then and now."""
    tiles = {zoom: _tiles(zoom) for zoom in ZOOMS}
    before = {zoom: _ms(each) for zoom, each in tiles.items()}
    reports = house.reports
    house.fill(10 * reports)
    for zoom, each in tiles.items():
        name = f"map z{zoom}, {10 * reports:,} to {reports:,} reports"
        yield cost(name, floor=before[zoom], ours=_ms(each), unit="ms of SQL", at_most=2)


# ── Questions ────────────────────────────────────────────────────────────────────────────────
def _tiles(zoom: int) -> list[str]:
    """ "12/2145/1391", the busy ones several times. The same in each run."""
    places = Report.objects.filter(source="seed").order_by("code")
    lucky = random.Random(zoom).sample(range(5_000), SAMPLE)
    found = places.values_list("public_position", flat=True)[:5_000]
    spots = [spot for spot in found if spot]
    return [tile_at(spots[each % len(spots)], zoom) for each in lucky]


def _get(server: Server, tile: str, **headers: str) -> bytes:
    return request("GET", f"/api/v1/map/{tile}/", port=server.port, headers=headers)


def _cold_pace(server: Server, tiles: Sequence[str], seconds: float) -> float:
    ask = _cold(server, tiles)
    keep_asking(server.port, ask, expected=200, seconds=0.5)  # warm
    return keep_asking(server.port, ask, expected=200, seconds=seconds).per_second


def _cold(server: Server, tiles: Sequence[str]) -> Callable[[], bytes]:
    asked = cycle([_get(server, tile, **GZIP) for tile in tiles])
    return lambda: next(asked)


def _known(server: Server, tiles: Sequence[str]) -> Callable[[], bytes]:
    """What a page asks that has seen the tile."""
    tags = [once(server.port, _get(server, tile)).header("ETag") for tile in tiles]
    asked = cycle(
        [
            _get(server, tile, **{"If-None-Match": tag})
            for tile, tag in zip(tiles, tags, strict=True)
        ]
    )
    return lambda: next(asked)


# ── Statements ───────────────────────────────────────────────────────────────────────────────
class _Heard(list[str]):
    """The statements of what runs meanwhile, as they are sent."""

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.append(mogrify(sql, params, connection) if params else sql)
        return execute(sql, params, many, context)


def _heard(tile: str) -> _Heard:
    """One question through the real view."""
    heard = _Heard()
    hot.forget()
    with connection.execute_wrapper(heard):
        answer = Client(headers={"host": "127.0.0.1"}).get(f"/api/v1/map/{tile}/")
    assert answer.status_code == 200, answer.content
    return heard


def _script(tile: str) -> str:
    return "".join(" ".join(sql.split()) + ";\n" for sql in _heard(tile))


def _most_statements(tiles: Mapping[int, Sequence[str]]) -> int:
    return max(len(_heard(tile)) for each in tiles.values() for tile in each[:5])


def _ms(tiles: Sequence[str]) -> float:
    """The middle tile's time, each the best of five: the statement sent and its row read."""
    return median(min(_timed(_heard(tile)) for _run in range(5)) for tile in tiles)


def _timed(statements: Sequence[str]) -> float:
    began = time.perf_counter()
    with connection.cursor() as query:
        for sql in statements:
            query.execute(sql)
            query.fetchall()
    return (time.perf_counter() - began) * 1000
