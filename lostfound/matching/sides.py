"""A loss and a find as the matcher compares them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, Point

from geo.cells import DEGREE_M
from lostfound.identifiers import FAMILIES
from lostfound.matching.lexicon import key_of
from lostfound.matching.reading import Colour, Reading, read
from lostfound.models import FoundItem, HiddenMark, LossMark, LossReport
from lostfound.searching.brands import coarse_brand

Number = tuple[str, str, str]  # family of identifiers, keyed hash, last four


@dataclass(frozen=True)
class Side:
    """`kinds`: what was chosen, not read: code of the catalogue → how surely. `first` and `last`:
    the days between which it was lost; of a find they are the same.
    """

    reading: Reading
    kinds: Mapping[str, float]
    numbers: frozenset[Number]
    where: GEOSGeometry | None
    first: dt.date | None
    last: dt.date | None


def of_loss(loss: LossReport) -> Side:
    """Reads `marks`, prefetched where there are many."""
    marks = list(loss.marks.all())
    reading = _with_codes(
        _all_said(loss.description, marks),
        colours=[loss.colour, loss.second_colour],
        brand=loss.brand,
    )
    kinds = {loss.kind: 1.0}
    return Side(reading, kinds, _numbers(marks), loss.places, loss.lost_from, loss.lost_until)


def of_item(item: FoundItem) -> Side:
    """Reads `marks`, `parts` and `find_place`, prefetched where there are many. A purse is also
    what is in it.
    """
    marks, parts = list(item.marks.all()), list(item.parts.all())
    said = "\n".join([_all_said(item.description, marks), *(part.description for part in parts)])
    reading = _with_codes(
        said,
        colours=[item.colour, item.second_colour],
        brand=item.brand,
    )
    place = item.find_place.position if item.find_place else None
    where = item.found_at or place
    kinds = {part.kind: 0.6 for part in parts} | {item.kind: 1.0}
    return Side(reading, kinds, _numbers(marks), where, item.found_on, item.found_on)


def _all_said(description: str, marks: Iterable[LossMark | HiddenMark]) -> str:
    return "\n".join([description, *(mark.text for mark in marks if mark.text)])


def _with_codes(text: str, *, colours: list[str], brand: str) -> Reading:
    """What was chosen in the form is surer than what a text seems to say."""
    reading = read(text)
    own = tuple(Colour({colour: 1.0}) for colour in colours if colour)
    known = coarse_brand(brand) or (key_of(brand) if brand else "")
    return replace(
        reading,
        colours=own or reading.colours,
        brands=reading.brands | ({known} if known else set()),
    )


def _numbers(marks: Iterable[LossMark | HiddenMark]) -> frozenset[Number]:
    return frozenset(
        (FAMILIES[mark.kind], mark.digest, mark.tail)
        for mark in marks
        if mark.digest and mark.kind in FAMILIES
    )


def metres_between(where: GEOSGeometry | None, spot: Point | None) -> float | None:
    """From the nearest of the points and ways of a loss. None: one of the two is unknown."""
    if where is None or spot is None or where.empty:
        return None
    shrink = math.cos(math.radians(spot.y))

    def flat(place: Any) -> Any:
        """Metres east and north of the spot: right to a few per mille within a county."""
        return np.column_stack(
            ((place[:, 0] - spot.x) * shrink * DEGREE_M, (place[:, 1] - spot.y) * DEGREE_M)
        )

    shape = shapely.transform(shapely.from_wkb(bytes(where.wkb)), flat)
    return float(shape.distance(shapely.Point(0, 0)))


def days_between(lost: Side, found: Side) -> int | None:
    """From the loss until the find; less than 0: found before it was lost."""
    if lost.first is None or lost.last is None or found.first is None:
        return None
    if found.first < lost.first:
        return (found.first - lost.first).days
    return max(0, (found.first - lost.last).days)
