"""The public search. It reads listings alone, so no question can reach what they do not hold."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point, Polygon
from django.db.models import Q

from geo.boxes import Box
from lostfound.catalogue import kinds_of
from lostfound.models import Listing, Office
from lostfound.queries import ListingQuerySet
from lostfound.searching.sought import Sought
from townhall.models import Municipality

RADII_KM = (1, 2, 5, 10, 25)
USUAL_KM = 5
NO_PART = "-"
CORNERS = 48


@dataclass(frozen=True)
class Selection:
    """What a visitor looks for:
    `?q=&group=&kind=&colour=&from=&to=&town=&near=&km=&square=&part=`.

    `towns`: eight-digit keys; none means all. `near`: within `km` of a place, as exactly as squares
    tell. `square`: one of the map's. `part`: an Ortsteil by its name, NO_PART where none is known.
    """

    words: str = ""
    group: str = ""
    kind: str = ""
    colour: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    towns: tuple[str, ...] = ()
    near: Point | None = None
    km: int = USUAL_KM
    square: Box | None = None
    part: str = ""

    @property
    def kinds(self) -> list[str]:
        """Codes of the catalogue; none: all."""
        if self.kind:
            return [self.kind]
        return [kind.code for kind in kinds_of(self.group)] if self.group else []


def found(selection: Selection, sought: Sought) -> ListingQuerySet:
    """The public listings of a selection, newest find first."""
    hits = Listing.objects.public().filter(_facts(selection), sought.condition())
    return hits.order_by("-found_on", "-id")


def _facts(selection: Selection) -> Q:
    facts: dict[str, Any] = {
        "kind__in": selection.kinds,
        "colour": selection.colour,
        "found_on__gte": selection.since,
        "found_on__lte": selection.until,
    }
    condition = Q(**{name: value for name, value in facts.items() if value})
    if selection.part:
        condition &= Q(place="" if selection.part == NO_PART else selection.part)
    if selection.towns:
        condition &= of_towns(selection.towns)
    if selection.near:
        condition &= Q(cell__coveredby=_circle(selection.near, metres=selection.km * 1000))
    if selection.square:
        condition &= Q(cell__coveredby=selection.square.polygon())
    return condition


def _circle(place: Point, *, metres: float) -> Polygon:
    """As a polygon in degrees: thirty thousand points are tried in it while measuring on the globe
    does a thousand, and squares of 300 m don't ask for more."""
    box = Box.around(place, metres=metres)
    across, up = (box.east - box.west) / 2, (box.north - box.south) / 2
    turns = [2 * math.pi * corner / CORNERS for corner in range(CORNERS)]
    ring = [(place.x + across * math.cos(t), place.y + up * math.sin(t)) for t in turns]
    return Polygon((*ring, ring[0]), srid=4326)


def of_towns(keys: Sequence[str]) -> Q:
    """Found in one of the towns, or kept there. Without a join: an "or" over two tables would read
    every row."""
    towns = Municipality.objects.filter(key__in=keys)
    offices = Office.objects.filter(municipality__key__in=keys)
    return Q(municipality__in=towns.values("pk")) | Q(office__in=offices.values("pk"))
