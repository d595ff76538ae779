"""Areas as GeoJSON for the map's ground: simplified together, so that neighbours stay joined."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

import shapely
from django.db import connection

from .models import Area

# Moves no border by more than about 40 m; five decimals are a metre.
TOLERANCE_DEGREES = 0.0004
DECIMALS = 5


def fingerprint(layer: str, *, on: date) -> str:
    """Changes whenever an area of the layer does; "" for a layer without areas. One statement."""
    owner, _, slug = layer.partition("/")
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT, [owner, slug, on])
        return cursor.fetchone()[0] or ""


# xmin names the transaction that wrote the row: no column to keep, none to forget.
_FINGERPRINT = """
    SELECT md5(string_agg(area.id || ':' || area.xmin, ',' ORDER BY area.id))
    FROM geo_area AS area JOIN geo_layer AS layer ON layer.id = area.layer_id
    WHERE layer.owner = %s AND layer.slug = %s AND area.validity @> %s
"""


@lru_cache(maxsize=16)
def collection(layer: str, *, on: date, mark: str) -> bytes:
    """A GeoJSON FeatureCollection (UTF-8) of the layer's areas by key. One statement, once.

    Each has `key`, `name` and `label` ([lon, lat], where its name is written). `mark` is the
    layer's fingerprint: what was drawn for it is kept.
    """
    areas = list(Area.objects.in_layer(layer).valid_on(on).order_by("key"))
    shapes = _simplified([shapely.from_wkb(bytes(area.shape.wkb)) for area in areas])
    features = [_feature(area, shape) for area, shape in zip(areas, shapes, strict=True)]
    answer = {"type": "FeatureCollection", "features": features}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _simplified(shapes: list[Any]) -> list[Any]:
    if not shapes:
        return []
    joined = shapely.coverage_simplify(shapes, TOLERANCE_DEGREES)
    return list(shapely.transform(joined, lambda corners: corners.round(DECIMALS)))


def _feature(area: Area, shape: Any) -> dict[str, Any]:
    label = [round(area.label_at.x, DECIMALS), round(area.label_at.y, DECIMALS)]
    return {
        "type": "Feature",
        "id": area.key,
        "properties": {"key": area.key, "name": area.name, "label": label},
        "geometry": shapely.geometry.mapping(shape),
    }
