"""Which tiles are ours to show: those around what we serve, and no others.

Without this the door would hand out the map of the world in our name, and fill the disk with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.geos import Point

from geo.boxes import MAX_ZOOM, Box, tile_at

# Tiles around each area's box, at every zoom: as far as a wide screen looks beyond a border.
# js/map/backdrop.js counts the same.
MARGIN = 4


@dataclass(frozen=True)
class Tile:
    """A square of the web map: 2^z columns from the west and rows from the north."""

    z: int
    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.z}/{self.x}/{self.y}"


@dataclass(frozen=True)
class Region:
    """Boxes of areas, and the zooms from `least` to `most`."""

    boxes: tuple[Box, ...]
    least: int
    most: int

    def holds(self, tile: Tile) -> bool:
        if not (self.least <= tile.z <= min(self.most, MAX_ZOOM)):
            return False
        size = 2**tile.z
        if not (0 <= tile.x < size and 0 <= tile.y < size):
            return False
        return any(_is_near(tile, box) for box in self.boxes)

    def some_tile(self) -> Tile | None:
        """One in the middle, to try the source with; None where nothing is served."""
        if not self.boxes:
            return None
        z = min(max(12, self.least), self.most)
        return _tile_of(self.boxes[0].centre(), z)


def _is_near(tile: Tile, box: Box) -> bool:
    first = _tile_of(Point(box.west, box.north, srid=4326), tile.z)
    last = _tile_of(Point(box.east, box.south, srid=4326), tile.z)
    return (
        first.x - MARGIN <= tile.x <= last.x + MARGIN
        and first.y - MARGIN <= tile.y <= last.y + MARGIN
    )


def _tile_of(point: Point, z: int) -> Tile:
    z, x, y = map(int, tile_at(point, z).split("/"))
    return Tile(z, x, y)
