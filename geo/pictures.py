"""A place drawn by ourselves: for paper, and for pages without scripts or without a network.

Positions on a picture are pixels from its top left corner, in the projection of the web's tiles, so
that these fit under it where there are any. Without them it is drawn from what we know ourselves:
boundaries, roads, and the names of the gazetteer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from django.contrib.gis.db import models
from django.contrib.gis.geos import Point
from django.db.models import Func, Value
from django.utils import timezone
from numpy.typing import NDArray

from . import features
from .boxes import MAX_LATITUDE, Box
from .distances import distance_m
from .models import Line, Place, PlaceKind
from .tiles import Tile

TILE = 256  # pixels of a tile's side
EQUATOR_M = 40_075_017
CLOSEST = 16.5  # zoom: a single place still has its streets around it
MOST_TILES = 48
MOST_ROADS = 3000
MOST_NAMES = 4000
LOCAL_FROM = 12.5  # zoom from which local roads are drawn
STREETS_FROM = 13.0  # zoom from which streets are named everywhere
NEXT_TO_M = 500  # and before that next to the places in question
LETTER = 0.56  # width of a letter, on average, in sizes of the font
STEPS_M = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class Laid:
    """A tile's place on the picture."""

    tile: Tile
    left: float
    top: float
    size: float


@dataclass(frozen=True)
class Frame:
    """A part of the world on a picture. `left` and `top`: pixels of the world at this zoom."""

    width: int
    height: int
    zoom: float
    left: float
    top: float

    @classmethod
    def around(cls, places: Sequence[Point], *, width: int, height: int, margin: int) -> Frame:
        """As close as all places allow. Without any: the whole of Germany would do, or nothing."""
        spots = [_on_earth(place.x, place.y) for place in places] or [_on_earth(10.4, 51.2)]
        across, down = _span(x for x, _y in spots), _span(y for _x, y in spots)
        room = (width - 2 * margin, height - 2 * margin)
        scales = [each / span for each, span in zip(room, (across, down), strict=True) if span]
        zoom = min([math.log2(scale / TILE) for scale in scales] + [CLOSEST])
        world = TILE * 2**zoom
        middle = [(min(each) + max(each)) / 2 * world for each in zip(*spots, strict=True)]
        return cls(width, height, zoom, middle[0] - width / 2, middle[1] - height / 2)

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = _on_earth(lon, lat)
        world = TILE * 2**self.zoom
        return round(x * world - self.left, 1), round(y * world - self.top, 1)

    def pixels(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """`pixel` for rows of longitude and latitude."""
        world = TILE * 2**self.zoom
        x = (corners[:, 0] + 180) / 360 * world - self.left
        up = np.arcsinh(np.tan(np.radians(corners[:, 1].clip(-MAX_LATITUDE, MAX_LATITUDE))))
        return np.column_stack([x, (1 - up / np.pi) / 2 * world - self.top])

    @property
    def box(self) -> Box:
        west, north = self._back(0, 0)
        east, south = self._back(self.width, self.height)
        return Box(west, south, east, north)

    @property
    def metre(self) -> float:
        """Pixels of a metre in the middle."""
        _lon, lat = self._back(self.width / 2, self.height / 2)
        return TILE * 2**self.zoom / (EQUATOR_M * math.cos(math.radians(lat)))

    def tiles(self, *, least: int, most: int) -> list[Laid]:
        """That fill the picture, sharp enough for paper; none where it takes too many."""
        zoom = min(math.ceil(self.zoom), most)
        found: list[Laid] = []
        while zoom >= least:
            found = list(self._laid(zoom))
            if len(found) <= MOST_TILES:
                return found
            zoom -= 1
        return []

    def bar(self, *, longest: float = 120) -> tuple[int, float]:
        """A round number of metres for a scale bar, and its pixels."""
        metres = max((each for each in STEPS_M if each * self.metre <= longest), default=STEPS_M[0])
        return metres, round(metres * self.metre, 1)

    def _laid(self, zoom: int) -> Iterator[Laid]:
        size = TILE * 2 ** (self.zoom - zoom)
        for y in range(int(self.top // size), int((self.top + self.height) // size) + 1):
            for x in range(int(self.left // size), int((self.left + self.width) // size) + 1):
                at = (round(x * size - self.left, 2), round(y * size - self.top, 2))
                yield Laid(Tile(zoom, x, y), *at, round(size, 2))

    def _back(self, x: float, y: float) -> tuple[float, float]:
        world = TILE * 2**self.zoom
        lon = (x + self.left) / world * 360 - 180
        lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + self.top) / world))))
        return lon, lat


@dataclass(frozen=True)
class Name:
    text: str
    x: float
    y: float
    kind: str


@dataclass(frozen=True)
class Drawn:
    """SVG path data of a shape and what it is: "ours", "others", or a RoadClass ("" unknown)."""

    path: str
    kind: str


@dataclass
class Sheet:
    """What lies where: of things that would lie upon each other the first stays."""

    frame: Frame
    names: list[Name] = field(default_factory=list)
    _taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def keep_free(self, x: float, y: float, radius: float) -> None:
        self._taken.append((x - radius, y - radius, x + radius, y + radius))

    def write(self, text: str, x: float, y: float, *, size: float, kind: str) -> bool:
        """A name with its middle there, or nearby within the picture; False: there is no room."""
        half, high = len(text) * size * LETTER / 2, size * 0.6
        x = min(max(x, half + 2), self.frame.width - half - 2)
        y = min(max(y, high + 2), self.frame.height - high - 2)
        box = (x - half, y - high, x + half, y + high)
        if any(_overlap(box, other) for other in self._taken):
            return False
        self._taken.append(box)
        self.names.append(Name(text, round(x, 1), round(y + size * 0.35, 1), kind))
        return True


# ── The ground ───────────────────────────────────────────────────────────────────────────────
def towns(frame: Frame, sheet: Sheet, *, layer: str, ours: Iterable[str]) -> list[Drawn]:
    """The layer's areas on the picture; those not ours are named at their edge of it."""
    today, known = timezone.localdate(), set(ours)
    view = shapely.box(-9, -9, frame.width + 9, frame.height + 9)
    mark = features.fingerprint(layer, on=today)
    drawn = []
    for feature in json.loads(features.collection(layer, on=today, mark=mark))["features"]:
        shape = shapely.transform(shapely.geometry.shape(feature["geometry"]), frame.pixels)
        seen = shapely.make_valid(shape).intersection(view)
        if seen.is_empty:
            continue
        is_ours = feature["properties"]["key"] in known
        drawn.append(Drawn(_path(seen), "ours" if is_ours else "others"))
        if not is_ours and seen.area > frame.width * frame.height / 40:
            at = shapely.maximum_inscribed_circle(seen).coords[0]
            sheet.write(_short(feature["properties"]["name"]), *at, size=15, kind="town")
    return drawn


def roads(frame: Frame, sheet: Sheet, *, layer: str) -> list[Drawn]:
    """Its lines, the lesser ones first so that the others lie on top. One statement."""
    if not layer:
        return []
    degree = frame.metre * EQUATOR_M / 360
    box = frame.box
    view = Func(*map(Value, (box.west, box.south, box.east, box.north)), Value(4326),
                function="ST_MakeEnvelope", output_field=models.GeometryField())  # fmt: skip
    rough = Func(
        "shape", Value(0.5 / degree), function="ST_Simplify", output_field=models.GeometryField()
    )
    course = Func(rough, view, function="ST_ClipByBox2D", output_field=models.GeometryField())
    lines = Line.objects.in_layer(layer).valid_on(timezone.localdate())
    near = lines.nearest_first(box.centre(), within_m=_radius_m(box)).annotate(course=course)
    if frame.zoom < LOCAL_FROM:
        near = near.exclude(road_class="G")
    rows = near.values_list("course", "road_class", "name")[:MOST_ROADS]
    found = []
    for shape, kind, name in rows:
        if shape is None or shape.empty:
            continue
        line = shapely.transform(shapely.from_wkb(bytes(shape.wkb)), frame.pixels)
        found.append((Drawn(_path(line), kind), line, name))
    written = {name.text for name in sheet.names}
    for drawn, line, name in sorted(found, key=lambda row: -row[1].length):
        is_great = drawn.kind in {"A", "B", "L"}
        if not name or name in written or not (is_great or frame.zoom >= STREETS_FROM):
            continue
        at = line.interpolate(0.5, normalized=True)
        if line.length > 40 and sheet.write(name, at.x, at.y, size=11, kind="street"):
            written.add(name)
    return [drawn for drawn, _line, _name in sorted(found, key=lambda row: _WEIGHT[row[0].kind])]


def places(frame: Frame, sheet: Sheet, *, near: Sequence[Point]) -> list[tuple[float, float]]:
    """Write the names of Ortsteile and streets, those next to `near` first. One statement.

    Returns where the gazetteer knows a street: dots that stand for its course.
    """
    box = frame.box
    kinds = [PlaceKind.LOCALITY, PlaceKind.STREET]
    rows = Place.objects.within(box.centre(), metres=_radius_m(box), kinds=kinds).order_by("kind")
    found = [place for place in rows[:MOST_NAMES] if box.covers(place.position)]
    at = {place: frame.pixel(place.position.x, place.position.y) for place in found}
    for place in found:
        if place.kind == PlaceKind.LOCALITY:
            sheet.write(place.name, *at[place], size=14, kind="locality")
    spots = [frame.pixel(spot.x, spot.y) for spot in near or [box.centre()]]
    streets = [place for place in found if place.kind == PlaceKind.STREET]
    aside = {place: min(math.dist(at[place], spot) for spot in spots) for place in streets}
    reach = math.inf if frame.zoom >= STREETS_FROM else NEXT_TO_M * frame.metre
    streets = [place for place in sorted(streets, key=aside.__getitem__) if aside[place] <= reach]
    written: set[tuple[str, str]] = set()
    for place in streets:
        thing = (place.name, place.locality)
        if thing not in written and sheet.write(place.name, *at[place], size=11, kind="street"):
            written.add(thing)
    return [at[place] for place in streets]


_WEIGHT = {"": 0, "G": 1, "K": 2, "L": 3, "B": 4, "A": 5}


def _radius_m(box: Box) -> float:
    corner = Point(box.west, box.north, srid=4326)
    return distance_m(box.centre(), corner)


def _short(name: str) -> str:
    return name.partition(" (")[0]  # „Heppenheim (Bergstraße)“ is long


# ── Geometry ─────────────────────────────────────────────────────────────────────────────────
def _on_earth(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator, 0 to 1 from the north west."""
    up = math.radians(min(max(lat, -MAX_LATITUDE), MAX_LATITUDE))
    return (lon + 180) / 360, (1 - math.asinh(math.tan(up)) / math.pi) / 2


def _span(numbers: Iterable[float]) -> float:
    known = list(numbers)
    return max(known) - min(known)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _path(shape: shapely.Geometry) -> str:
    """SVG path data of lines and polygons, and of collections of them."""
    match shape.geom_type:
        case "LineString":
            return _run(shape.coords)
        case "Polygon":
            return "".join(f"{_run(ring.coords)}Z" for ring in (shape.exterior, *shape.interiors))
        case "Point" | "MultiPoint":
            return ""
    return "".join(map(_path, shape.geoms))


def _run(corners: Iterable[Sequence[float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, *_height in corners)
