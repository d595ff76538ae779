"""The public search. It reads listings alone, so no question can reach what they do not hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db.models import Q
from django.db.models.functions import Cast

from geo.boxes import Box
from lostfound.catalogue import kinds_of
from lostfound.models import Listing
from lostfound.queries import ListingQuerySet
from lostfound.sought import Sought

RADII_KM = (1, 2, 5, 10, 25)
USUAL_KM = 5
NO_PART = "-"


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
    if selection.near:
        hits = hits.alias(ground=Cast("cell", PointField(geography=True)))
        hits = hits.filter(ground__dwithin=(selection.near, D(km=selection.km)))
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
    if selection.square:
        condition &= Q(cell__coveredby=selection.square.polygon())
    return condition


def of_towns(keys: Sequence[str]) -> Q:
    """Found in one of the towns, or kept there."""
    return Q(municipality__key__in=keys) | Q(office__municipality__key__in=keys)
