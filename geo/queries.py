"""Questions about places, in the users' words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.contrib.gis.geos import Point
from django.db.models import BooleanField, ExpressionWrapper, Q

if TYPE_CHECKING:
    from .models import Area, Place  # noqa: F401

# Boundaries come with six decimals, so neighbours may part by one of them: 0.1 m.
SLACK_DEGREES = 1e-6


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas of any layer."""

    def valid_on(self, day: date) -> AreaQuerySet:
        return self.filter(validity__contains=day)

    def in_layer(self, name: str) -> AreaQuerySet:
        """`name` is "owner/slug"."""
        owner, _, slug = name.partition("/")
        return self.filter(layer__owner=owner, layer__slug=slug)

    def at(self, point: Point) -> AreaQuerySet:
        """Areas that hold the point, those it lies well inside of first, then by key.

        A point on a border, or a rounding error off it, comes out with all its neighbours.
        """
        return (
            self.filter(shape__dwithin=(point, SLACK_DEGREES))
            .annotate(
                holds=ExpressionWrapper(Q(shape__contains=point), BooleanField()),
                covers=ExpressionWrapper(Q(shape__covers=point), BooleanField()),
            )
            .order_by("-holds", "-covers", "key")
        )


class PlaceQuerySet(models.QuerySet["Place"]):
    """Entries of the gazetteer."""
