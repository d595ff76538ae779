"""Points as people and pages write them."""

from __future__ import annotations

import math
import re

from django.contrib.gis.geos import Point

_NUMBER = r"(-?\d{1,3}(?:[.,]\d+)?)"
_COORDINATES = re.compile(rf"^\s*{_NUMBER}\s*°?\s*[,;\s]\s*{_NUMBER}\s*°?\s*$")


def point_from(text: str) -> Point | None:
    """The point in "lon,lat", or None when the text is no such thing."""
    parts = text.split(",")
    if len(parts) != 2:
        return None
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        return None
    return _point(lon, lat)


def typed_coordinates(text: str) -> Point | None:
    """The point in coordinates as people write them: latitude first, comma or full stop."""
    found = _COORDINATES.match(text)
    if found is None:
        return None
    lat, lon = (float(part.replace(",", ".")) for part in found.groups())
    return _point(lon, lat)


def written(point: Point) -> str:
    """ "lon,lat" with the 0.1 m that a place can mean."""
    return f"{point.x:.6f},{point.y:.6f}"


def _point(lon: float, lat: float) -> Point | None:
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return Point(lon, lat, srid=4326)
