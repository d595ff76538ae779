"""Squares of a fixed grid: how places are told that nobody shall know exactly."""

from __future__ import annotations

import math

from django.contrib.gis.geos import Point

from .boxes import Box
from .distances import EARTH_M

DEGREE_M = EARTH_M * math.pi / 180


def cell_at(place: Point, *, metres: int) -> Box:
    """The square of about `metres` by `metres` that holds the place.

    The grid starts at 0° N, 0° E and is the same for everybody, so the square tells nothing but
    itself: no offset that could be averaged away. Rows have one height in degrees, their squares
    one width, which is right in the row's middle.
    """
    high = metres / DEGREE_M
    row = math.floor(place.y / high)
    wide = high / max(math.cos(math.radians((row + 0.5) * high)), 0.01)
    column = math.floor(place.x / wide)
    return Box(column * wide, row * high, (column + 1) * wide, (row + 1) * high)
