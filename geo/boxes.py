"""Boxes on the map and the tiles of the web's square grid."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from django.contrib.gis.geos import Point, Polygon

MAX_ZOOM = 22
# The grid is a square in Web Mercator, which therefore ends at this latitude.
MAX_LATITUDE = 85.0511287798066
NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{0,17})?|\.\d{1,17})(e-\d{1,2})?", re.ASCII | re.IGNORECASE)


class BadBox(ValueError):
    """The text is not `west,south,east,north` in degrees. Carries the text."""


class BadTile(ValueError):
    """There is no such tile. Carries `z/x/y`."""


@dataclass(frozen=True)
class Box:
    """Degrees, WGS 84. West of the date line only: `west <= east` always."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> Box:
        """Read `west,south,east,north`.

        Raises BadBox for anything else: too few or many numbers, reversed sides, nan, inf,
        or degrees that are not on the globe.
        """
        parts = [part.strip() for part in text.split(",")] if len(text) < 200 else []
        if len(parts) != 4 or not all(NUMBER.fullmatch(part) for part in parts):
            raise BadBox(text[:200])
        west, south, east, north = map(float, parts)
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise BadBox(text)
        return cls(west, south, east, north)

    @classmethod
    def of_tile(cls, z: int, x: int, y: int) -> Box:
        """The tile's box. Raises BadTile outside the grid or beyond zoom 22."""
        if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
            raise BadTile(f"{z}/{x}/{y}")
        return cls(_west(z, x), _north(z, y + 1), _west(z, x + 1), _north(z, y))

    @classmethod
    def around(cls, point: Point, *, metres: float) -> Box:
        """A box that holds every place within `metres` of the point."""
        up = metres / 110_500
        across = up / max(math.cos(math.radians(point.y)), 0.01)
        return cls(point.x - across, point.y - up, point.x + across, point.y + up)

    def polygon(self) -> Polygon:
        shape = Polygon.from_bbox((self.west, self.south, self.east, self.north))
        shape.srid = 4326
        return shape

    def centre(self) -> Point:
        return Point((self.west + self.east) / 2, (self.south + self.north) / 2, srid=4326)

    def covers(self, point: Point) -> bool:
        return self.west <= point.x <= self.east and self.south <= point.y <= self.north

    def __str__(self) -> str:
        return f"{self.west:.6f},{self.south:.6f},{self.east:.6f},{self.north:.6f}"


def tile_at(point: Point, zoom: int = 12) -> str:
    """The tile that holds the point, as `"12/2145/1391"` (zoom/x/y)."""
    size = 2**zoom
    latitude = math.radians(min(max(point.y, -MAX_LATITUDE), MAX_LATITUDE))
    across = (point.x + 180) / 360
    down = (1 - math.asinh(math.tan(latitude)) / math.pi) / 2
    return f"{zoom}/{_clamp(across * size, size)}/{_clamp(down * size, size)}"


def _clamp(position: float, size: int) -> int:
    return min(max(int(position), 0), size - 1)


def _west(z: int, x: int) -> float:
    return x / float(2**z) * 360 - 180


def _north(z: int, y: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / float(2**z)))))
