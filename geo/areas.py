"""Which areas hold a point."""

from __future__ import annotations

from django.contrib.gis.geos import Point
from django.utils import timezone

from .models import Area


def areas_at(point: Point, *, layer: str | None = None) -> list[Area]:
    """Today's areas at the point, by layer and key, each with its layer. One statement.

    `layer` is "owner/slug"; None means every layer. Where areas of one layer overlap, all that
    the point lies inside of are named. A point on their common border belongs to one of them:
    the one with the lowest key, always.
    """
    areas = Area.objects.valid_on(timezone.localdate()).at(point).select_related("layer")
    if layer is not None:
        areas = areas.in_layer(layer)
    by_layer: dict[str, list[Area]] = {}
    for area in areas.defer("shape", "label_at"):
        by_layer.setdefault(str(area.layer), []).append(area)
    return [area for name in sorted(by_layer) for area in _without_touching(by_layer[name])]


def _without_touching(areas: list[Area]) -> list[Area]:
    """Of one layer's areas, sorted: all that hold the point, else the first on its border."""
    return [area for area in areas if getattr(area, "holds", False)] or areas[:1]
