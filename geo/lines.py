"""Which road a point lies at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.contrib.gis.geos import Point
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils import timezone

from .models import Line

AT_M = 25  # a road, its pavements and verges, and a pin that was set in a hurry


@dataclass(frozen=True)
class Road:
    """A road near a point. Empty texts and None where the layer does not know.

    `road_class` is one of RoadClass, `owner` one of RoadOwner, `in_town` the Ortsdurchfahrt.
    """

    key: str
    name: str
    road_class: str
    owner: str
    in_town: bool | None
    distance_m: float

    @classmethod
    def read(cls, facts: dict[str, Any] | None) -> Self | None:
        """What `nearest_as_json` answered."""
        return cls(**facts) if facts else None


def nearest_line(point: Point, *, layer: str, within_m: float = AT_M) -> Road | None:
    """The road of the layer ("owner/slug") closest to the point today. One statement.

    None if there is none within `within_m` metres. Of equally near ones, always the same.
    """
    return Road.read(nearest_as_json(point, layer=layer, within_m=within_m).first())


def nearest_as_json(
    point: Point | Combinable, *, layer: str, within_m: float = AT_M
) -> QuerySet[Line, dict[str, Any]]:
    """`nearest_line` as one value, to ask along with something else. For `Road.read`."""
    lines = Line.objects.in_layer(layer).valid_on(timezone.localdate())
    facts = JSONObject(
        key="key",
        name="name",
        road_class="road_class",
        owner="owner",
        in_town="in_town",
        distance_m="metres",
    )
    nearest: QuerySet[Line, dict[str, Any]] = lines.nearest_first(
        point, within_m=within_m
    ).values_list(facts, flat=True)[:1]
    return nearest
