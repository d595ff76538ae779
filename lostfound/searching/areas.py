"""Where things were found, as coarsely as everybody may know: squares with counts, and by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db.models import Count

from geo.cells import cell_at
from geo.wording import short
from lostfound.queries import ListingQuerySet

MOST_SQUARES = 300
MOST_CELLS = 20_000  # read for one map
MOST_NAMES = 60
WIDER = 2  # squares of twice the side, until they are few enough


@dataclass(frozen=True)
class Square:
    """So many things in a square; `lon`, `lat` are its middle."""

    lon: float
    lat: float
    metres: int
    count: int

    @property
    def for_map(self) -> dict[str, object]:
        box = cell_at(Point(self.lon, self.lat), metres=self.metres)
        return {
            "box": [round(side, 6) for side in (box.west, box.south, box.east, box.north)],
            "n": self.count,
            "square": f"{self.lon:.6f},{self.lat:.6f},{self.metres}",
        }


@dataclass(frozen=True)
class Part:
    """So many things in a part of a town, or in a town where no part is known."""

    town: str
    key: str
    place: str
    count: int


@dataclass(frozen=True)
class Areas:
    """`unplaced`: how many lie in no square, because nobody knows or may know where they were."""

    squares: Sequence[Square]
    parts: Sequence[Part]
    unplaced: int
    is_cut: bool


def areas_of(hits: ListingQuerySet) -> Areas:
    """Two statements."""
    rows = hits.order_by().values("cell", "cell_m").annotate(n=Count("pk")).order_by("-n")
    cells = list(rows[:MOST_CELLS])
    squares = [
        Square(row["cell"].x, row["cell"].y, row["cell_m"], row["n"])
        for row in cells
        if row["cell"]
    ]
    parts = _parts(hits)
    return Areas(
        squares=_few(squares),
        parts=parts[:MOST_NAMES],
        unplaced=sum(row["n"] for row in cells if not row["cell"]),
        is_cut=len(parts) > MOST_NAMES,
    )


def _parts(hits: ListingQuerySet) -> list[Part]:
    named = hits.order_by().values("municipality__name", "municipality__key", "place")
    rows = named.annotate(n=Count("pk")).order_by("-n", "municipality__name", "place")
    return [
        Part(short(row["municipality__name"]), row["municipality__key"], row["place"], row["n"])
        for row in rows[: MOST_NAMES + 1]
    ]


def _few(squares: Sequence[Square]) -> Sequence[Square]:
    """Coarser squares where there are too many to draw."""
    while len(squares) > MOST_SQUARES:
        squares = _coarser(squares, metres=max(square.metres for square in squares) * WIDER)
    return squares


def _coarser(squares: Iterable[Square], *, metres: int) -> Sequence[Square]:
    counts: Counter[tuple[float, float]] = Counter()
    for square in squares:
        middle = cell_at(Point(square.lon, square.lat), metres=metres).centre()
        counts[middle.x, middle.y] += square.count
    return [Square(lon, lat, metres, n) for (lon, lat), n in counts.most_common()]
