"""Which area holds each of many points: without the database, for whoever places thousands.

Gives the same answers as `townhall.people.municipality_at` and its like, some 300,000 a second. It
needs NumPy and the shapes in memory: for commands, not for pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils import timezone

from .models import Area
from .queries import SLACK_DEGREES

NOWHERE = -1


@dataclass(frozen=True)
class Shapes:
    """The areas of one layer, by key. Read once, asked as often as you like."""

    keys: list[str]
    shapes: Any  # an array of prepared polygons, in the order of `keys`
    tree: shapely.STRtree

    @classmethod
    def read(cls, layer: str) -> Self:
        """Today's areas of the layer "owner/slug"."""
        areas = Area.objects.valid_on(timezone.localdate()).in_layer(layer).order_by("key")
        rows = list(areas.annotate(wkb=AsWKB("shape")).values_list("key", "wkb"))
        return cls.of([key for key, _wkb in rows], [bytes(wkb) for _key, wkb in rows])

    @classmethod
    def of(cls, keys: list[str], wkb: list[bytes]) -> Self:
        """`wkb`: polygons in the order of `keys`, which are sorted."""
        shapes = shapely.from_wkb(np.array(wkb, dtype=object))
        shapely.prepare(shapes)
        return cls(keys, shapes, shapely.STRtree(shapes))

    def keys_at(self, lon: Any, lat: Any) -> list[str | None]:
        """The key of each point's area; None outside of all. `lon`, `lat`: arrays of degrees.

        Inside of several, and on a border or a rounding error off it, the lowest key has it.
        """
        lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        found = self._inside(lon, lat)
        (rest,) = np.nonzero(found == NOWHERE)
        found[rest] = self._on_border(lon[rest], lat[rest])
        return [None if each == NOWHERE else self.keys[each] for each in found.tolist()]

    def _inside(self, lon: Any, lat: Any) -> Any:
        """Positions in `keys`. By the boxes first; then area by area, so that a prepared polygon
        stays in the processor's cache for all of its points."""
        point, shape = self.tree.query(shapely.points(lon, lat))
        order = np.argsort(shape, kind="stable")
        point, shape = point[order], shape[order]
        holds = shapely.contains_xy(self.shapes[shape], lon[point], lat[point])
        return _lowest(point[holds], shape[holds], len(lon))

    def _on_border(self, lon: Any, lat: Any) -> Any:
        """Of the few that lie in no area: who touches them, else who is near enough."""
        places = shapely.points(lon, lat)
        point, shape = self.tree.query(places, predicate="dwithin", distance=SLACK_DEGREES)
        near = _lowest(point, shape, len(lon))
        touches = shapely.covers(self.shapes[shape], places[point])
        on_it = _lowest(point[touches], shape[touches], len(lon))
        return np.where(on_it == NOWHERE, near, on_it)


def _lowest(point: Any, shape: Any, count: int) -> Any:
    """For each of `count` points the lowest shape that is paired with it, or NOWHERE."""
    lowest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(lowest, point, shape)
    lowest[lowest == np.iinfo(np.int64).max] = NOWHERE
    return lowest
