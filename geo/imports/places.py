"""Makes a gazetteer of doors: whose they are, each once, with their streets and localities."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median
from typing import NamedTuple

import shapely
from django.utils import timezone

from geo.boxes import Box
from geo.models import Area, PlaceKind
from geo.wording import plain, search_text, short

from .doors import Door
from .files import Refused

# The same number of the same street so close by is the same door: an entrance, a shop, the house.
SAME_DOOR_M = 250
METRES = 111_200.0  # of a degree of latitude
# A street is one entry for each of these cells along its course, about 110 by 110 m.
CELL = (0.0015, 0.001)
GERMANY_TURNED = Box(47.0, 5.5, 55.5, 15.5)

spelt = lru_cache(maxsize=200_000)(plain)


class Town(NamedTuple):
    key: str
    name: str


class Entry(NamedTuple):
    """A row of the gazetteer, as `Place`."""

    kind: PlaceKind
    name: str
    house_number: str
    locality: str
    town: Town
    lon: float
    lat: float

    @property
    def search_text(self) -> str:
        return _search_text(self.name, self.locality, self.town.name)


@lru_cache(maxsize=200_000)
def _search_text(name: str, locality: str, area_name: str) -> str:
    return search_text(name, locality=locality, area_name=area_name)


@dataclass
class Gazetteer:
    """`outside` every area lay so many houses, the first of them at `astray` (lon, lat)."""

    entries: list[Entry] = field(default_factory=list)
    doubles: int = 0
    outside: int = 0
    astray: tuple[float, float] | None = None

    def counts(self) -> dict[Town, Counter[PlaceKind]]:
        """How many entries of each kind every town has, by name; a street once."""
        found: dict[Town, Counter[PlaceKind]] = defaultdict(Counter)
        streets = set()
        for each in self.entries:
            street = (each.town, each.locality, each.name)
            if each.kind != PlaceKind.STREET or street not in streets:
                found[each.town][each.kind] += 1
            if each.kind == PlaceKind.STREET:
                streets.add(street)
        return dict(sorted(found.items(), key=lambda pair: pair[0].name))


def compile_gazetteer(doors: Sequence[Door], *, layer: str) -> Gazetteer:
    """Entries for all doors inside the layer's areas of today. Raises Refused if there are none."""
    made = Gazetteer()
    by_town: dict[Town, list[Door]] = defaultdict(list)
    for door, town in zip(doors, _towns(doors, layer), strict=True):
        if town:
            by_town[town].append(door)
        elif door.number:
            made.outside += 1
            made.astray = made.astray or (door.lon, door.lat)
    if not any(door.number for found in by_town.values() for door in found):
        raise Refused(_elsewhere(doors, layer))
    for town in sorted(by_town):
        made.entries.extend(_entries(town, by_town[town], made))
    return made


def _towns(doors: Sequence[Door], layer: str) -> list[Town | None]:
    """Whose each door is; on a border, the lowest key's. Raises Refused if there is no area."""
    areas = Area.objects.in_layer(layer).valid_on(timezone.localdate()).order_by("key")
    tree = shapely.STRtree(shapely.points([(door.lon, door.lat) for door in doors]))
    owners: list[Town | None] = [None] * len(doors)
    known = False
    for area in areas.defer("attributes", "label_at").iterator(chunk_size=200):
        known = True
        shape = shapely.from_wkb(bytes(area.shape.wkb))
        town = Town(area.key, area.name)
        for at in tree.query(shape, predicate="intersects"):
            owners[at] = owners[at] or town
    if not known:
        raise Refused(f"{layer} has no areas yet. Bring the municipalities in by import_areas.")
    return owners


def _elsewhere(doors: Sequence[Door], layer: str) -> str:
    lon, lat = doors[0].lon, doors[0].lat
    turned = (
        " Longitude and latitude look swapped (--swap-axes)."
        if GERMANY_TURNED.west <= lon <= GERMANY_TURNED.east
        and GERMANY_TURNED.south <= lat <= GERMANY_TURNED.north
        else ""
    )
    return (
        f"Not one address lies in an area of {layer}; the first lies at {lon:.4f} east, "
        f"{lat:.4f} north.{turned}"
    )


def _entries(town: Town, found: Sequence[Door], made: Gazetteer) -> Iterator[Entry]:
    """A town's gazetteer: its doors, streets and localities."""
    spellings = _spellings(found)
    houses = _each_once((door for door in found if door.number), town)
    made.doubles += sum(1 for door in found if door.number) - len(houses)
    courses: dict[tuple[str, str], list[Door]] = defaultdict(list)
    for door in houses:
        name = spellings[spelt(door.street)]
        courses[name, door.locality].append(door)
        yield Entry(
            PlaceKind.ADDRESS, name, door.number, door.locality, town, *_rounded(door.lon, door.lat)
        )
    known = {name for name, _locality in courses}
    for door in found:
        if door.street and not door.number and spellings[spelt(door.street)] not in known:
            courses[spellings[spelt(door.street)], _locality_of(door, town)].append(door)
    for (name, locality), course in courses.items():
        for lon, lat in _along(course):
            yield Entry(PlaceKind.STREET, name, "", locality, town, lon, lat)
    yield from _localities(town, found, houses)


def _spellings(doors: Iterable[Door]) -> dict[str, str]:
    """ "Berliner Str." and "Berliner Straße" are one: the more usual, then the longer wins."""
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for door in doors:
        if door.street:
            used[spelt(door.street)][door.street] += 1
    return {
        plainly: max(names, key=lambda name: (names[name], len(name), name))
        for plainly, names in used.items()
    }


def _each_once(doors: Iterable[Door], town: Town) -> list[Door]:
    """One of those with the same street and number near each other; it keeps the locality."""
    kept: dict[tuple[str, str], list[Door]] = defaultdict(list)
    for door in doors:
        door = door._replace(locality=_locality_of(door, town))
        same = kept[spelt(door.street), door.number]
        at = next((at for at, other in enumerate(same) if _metres(door, other) < SAME_DOOR_M), None)
        if at is None:
            same.append(door)
        elif door.locality and not same[at].locality:
            same[at] = same[at]._replace(locality=door.locality)
    return [door for same in kept.values() for door in same]


def _locality_of(door: Door, town: Town) -> str:
    """The Ortsteil; none where the file only repeats the town."""
    return "" if spelt(door.locality) == spelt(short(town.name)) else door.locality


def _metres(a: Door, b: Door) -> float:
    across = (a.lon - b.lon) * math.cos(math.radians(a.lat))
    return math.hypot(across, a.lat - b.lat) * METRES


def _along(course: Iterable[Door]) -> Iterator[tuple[float, float]]:
    """The middle of a street's doors in each cell it passes."""
    cells: dict[tuple[int, int], list[Door]] = defaultdict(list)
    for door in course:
        cells[math.floor(door.lon / CELL[0]), math.floor(door.lat / CELL[1])].append(door)
    for cell in cells.values():
        count = len(cell)
        yield _rounded(
            sum(each.lon for each in cell) / count, sum(each.lat for each in cell) / count
        )


def _localities(town: Town, found: Sequence[Door], houses: Sequence[Door]) -> Iterator[Entry]:
    """Where the file places them, else in the middle of their doors; the town itself as well."""
    itself = spelt(short(town.name))
    spots: dict[str, tuple[str, list[Door]]] = {}
    for door in found:
        if not door.street:
            spots.setdefault(spelt(door.locality), (door.locality, [door]))
    placed = set(spots)
    for door in houses:
        name = door.locality or short(town.name)
        if spelt(name) not in placed:
            spots.setdefault(spelt(name), (name, []))[1].append(door)
    if itself not in spots:
        spots[itself] = (short(town.name), list(houses))
    for name, doors in spots.values():
        if doors:
            lon, lat = median(each.lon for each in doors), median(each.lat for each in doors)
            yield Entry(PlaceKind.LOCALITY, name, "", "", town, *_rounded(lon, lat))


def _rounded(lon: float, lat: float) -> tuple[float, float]:
    """Six decimals are 0.1 m."""
    return round(lon, 6), round(lat, 6)
