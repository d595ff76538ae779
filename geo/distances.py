"""How far and which way."""

from __future__ import annotations

import math

from django.contrib.gis.geos import Point

EARTH_M = 6_371_008.8  # mean radius; distances come out within 0.5 %
POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def distance_m(a: Point, b: Point) -> float:
    """Metres along the ground between two points in WGS 84."""
    south, north = math.radians(a.y), math.radians(b.y)
    across = math.radians(b.x - a.x)
    chord = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin(across / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(math.sqrt(min(chord, 1)))


def compass(a: Point, b: Point) -> str:
    """Which way `b` lies from `a`: one of N, NE, E, SE, S, SW, W, NW."""
    south, north = math.radians(a.y), math.radians(b.y)
    across = math.radians(b.x - a.x)
    east = math.sin(across) * math.cos(north)
    up = math.cos(south) * math.sin(north) - math.sin(south) * math.cos(north) * math.cos(across)
    return POINTS[round(math.degrees(math.atan2(east, up)) / 45) % 8]
