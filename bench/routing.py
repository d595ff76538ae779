"""Whose place is it? One point of a submission, and a million at once, among 11,000 areas."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import Point
from django.test import override_settings

from bench.house import House
from bench.row import Row, cost, rate
from geo.bulk import Shapes
from reports import routing
from reports.models import Category
from townhall.models import Municipality
from townhall.people import municipality_at

LAYER = "bench/areas"
SIDE = 105  # squared: as many areas as Germany has municipalities
WEST, SOUTH, EAST, NORTH = 6.0, 47.5, 15.0, 55.0
BENDS = 5  # an edge is halved so often: 32 corners, 128 around an area
Corner = tuple[float, float]


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    side = 20 if quick else SIDE
    wkb = [shapely.to_wkb(each) for each in areas(side)]
    keys = [f"{number:08}" for number in range(len(wkb))]
    _store(house, keys, wkb)
    with override_settings(MUNICIPALITY_LAYER=LAYER):
        yield _one_by_one(house, 50 if quick else 500)
        yield _all_at_once(keys, wkb, 20_000 if quick else 1_000_000)


def _one_by_one(house: House, times: int) -> Row:
    """Town, rules and explanation of a place, beside nothing but `ST_Covers`."""
    town = Municipality.objects.select_related("fallback_department").get(slug="bensheim")
    category = Category.objects.get(code="schlagloch")

    def ours(point: Point) -> None:
        municipality_at(point)
        routing.route(town, category=category, position=point, answers={})

    with house.connect() as line:
        found = line.execute("SELECT id FROM geo_layer WHERE owner = 'bench'").fetchone()
        assert found is not None

        def bare(point: Point) -> None:
            line.execute(
                "SELECT key FROM geo_area WHERE layer_id = %s AND "
                "ST_Covers(shape, ST_SetSRID(ST_MakePoint(%s, %s), 4326))",
                [found[0], point.x, point.y],
            ).fetchone()

        floor_ms, ours_ms = _medians(_points(times), bare, ours)
    name = "routing: a point among 11,000 areas"
    return cost(name, floor=floor_ms, ours=ours_ms, unit="ms", at_most=10)


def _all_at_once(keys: list[str], wkb: list[bytes], count: int) -> Row:
    """Both have the polygons at hand."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(WEST, EAST, count), rng.uniform(SOUTH, NORTH, count)
    shapes = Shapes.of(keys, wkb)
    began = time.perf_counter()
    bare = _bare(shapes, lon, lat)
    between = time.perf_counter()
    ours = shapes.keys_at(lon, lat)
    ended = time.perf_counter()
    assert all(ours[n] == keys[each] for n, each in enumerate(bare) if each >= 0)
    return rate(
        "routing: many points at once",
        floor=count / (between - began),
        ours=count / (ended - between),
        unit="points/s",
        at_least=0.5,
    )


def _bare(shapes: Shapes, lon: Any, lat: Any) -> Any:
    """Sorted shapely and no more: who lies on a border is nobody's, overlaps go unnoticed."""
    point, shape = shapes.tree.query(shapely.points(lon, lat))
    order = np.argsort(shape, kind="stable")
    point, shape = point[order], shape[order]
    holds = shapely.contains_xy(shapes.shapes[shape], lon[point], lat[point])
    found = np.full(len(lon), -1)
    found[point[holds]] = shape[holds]
    return found


def _medians(
    points: list[Point], bare: Callable[[Point], None], ours: Callable[[Point], None]
) -> tuple[float, float]:
    """Milliseconds, measured in turns; the first few don't count."""
    times: tuple[list[float], list[float]] = ([], [])
    for point in points:
        for work, spent in zip((bare, ours), times, strict=True):
            began = time.perf_counter()
            work(point)
            spent.append((time.perf_counter() - began) * 1000)
    warm = len(points) // 10
    return statistics.median(times[0][warm:]), statistics.median(times[1][warm:])


def _points(count: int) -> list[Point]:
    rng = Random(2)
    return [
        Point(rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH), srid=4326) for _ in range(count)
    ]


def _store(house: House, keys: list[str], wkb: list[bytes]) -> None:
    """The layer, unless an earlier run has left it."""
    with house.connect() as line:
        if line.execute("SELECT 1 FROM geo_layer WHERE owner = 'bench'").fetchone():
            return
        owner, _, slug = LAYER.partition("/")
        row = line.execute(
            "INSERT INTO geo_layer (owner, slug, name, attribution) "
            "VALUES (%s, %s, 'Bench', '') RETURNING id",
            [owner, slug],
        ).fetchone()
        assert row is not None
        with line.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO geo_area (layer_id, key, name, shape, label_at, validity, attributes) "
                "SELECT %s, %s, %s, shape, ST_PointOnSurface(shape), daterange(NULL, NULL), '{}' "
                "FROM (SELECT ST_Multi(ST_GeomFromWKB(%s, 4326))) AS given (shape)",
                [(row[0], key, key, each) for key, each in zip(keys, wkb, strict=True)],
            )
        line.execute("ANALYZE geo_area")


# ── Made-up areas ────────────────────────────────────────────────────────────────────────────
def areas(side: int) -> list[Any]:
    """`side`² polygons without gap or overlap, with borders as crooked as real ones."""
    rng = Random(1)
    width, height = (EAST - WEST) / side, (NORTH - SOUTH) / side
    corners = [
        [_corner(x, y, side, width, height, rng) for x in range(side + 1)] for y in range(side + 1)
    ]
    across = [[_bent(*pair, rng) for pair in pairwise(line)] for line in corners]
    columns = [list(column) for column in zip(*corners, strict=True)]
    along = [[_bent(*pair, rng) for pair in pairwise(line)] for line in columns]
    return [
        shapely.Polygon(
            [
                *across[y][x],
                *along[x + 1][y],
                corners[y + 1][x + 1],
                *reversed(across[y + 1][x]),
                *reversed(along[x][y]),
            ]
        )
        for y in range(side)
        for x in range(side)
    ]


def _corner(x: int, y: int, side: int, width: float, height: float, rng: Random) -> Corner:
    shift = 0.2 if 0 < x < side and 0 < y < side else 0.0
    lon, lat = WEST + x * width, SOUTH + y * height
    return lon + rng.uniform(-shift, shift) * width, lat + rng.uniform(-shift, shift) * height


def _bent(start: Corner, end: Corner, rng: Random) -> list[Corner]:
    """The way from start to end without its last corner: each half shifted sideways a little."""
    way = [start, end]
    for _ in range(BENDS):
        halves = [(a, _beside(a, b, rng)) for a, b in pairwise(way)]
        way = [corner for pair in halves for corner in pair] + [end]
    return way[:-1]


def _beside(a: Corner, b: Corner, rng: Random) -> Corner:
    off = rng.uniform(-0.07, 0.07)
    return (a[0] + b[0]) / 2 + off * (b[1] - a[1]), (a[1] + b[1]) / 2 - off * (b[0] - a[0])
