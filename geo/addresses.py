"""Words for places: the search of the address field, and the way back from a point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import connection, transaction

from .distances import distance_m
from .models import Place
from .wording import Wanted, short

SHORTEST = 3  # letters; fewer would fit half the gazetteer
MOST_WORDS = 8
# Of a word's trigrams: finds "Bensehim" and the "weg" in "Mühlweg".
LIKENESS = 0.4
CANDIDATES = 100
# What is less than this part as good as the best hit is noise beside it.
WORTH_SHOWING = 0.6
# A number on a door speaks for its neighbours, not for the street; an Ortsteil for its fields.
DOOR_M = 60
NAMED_M = 0.5  # rounding to six decimals moves a point by less
LOCALITY_M = 2_000
DEMO = "demo"  # the source of places whose positions are made up


def search(
    text: str,
    *,
    area_keys: Sequence[str] | None = None,
    near: Point | None = None,
    limit: int = 8,
) -> list[Place]:
    """Places that fit what was typed, best first; a street is named once. Two statements.

    Every word must be found, in any order and with a typing error or two. A house number picks
    the address if we know it, else its street. `area_keys` restricts to these municipalities,
    `near` prefers what is close (and of a street its closest entry).
    """
    wanted = Wanted.read(text)
    words = wanted.words[:MOST_WORDS]
    if max(map(len, words), default=0) < SHORTEST:
        return []
    places = Place.objects.named(words).with_number(wanted.house_number)
    if area_keys is not None:
        places = places.filter(area_key__in=area_keys)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {LIKENESS}")
        found = list(places.best_first(words, near=near)[:CANDIDATES])
    return _one_of_each(_worth_showing(found), near=near)[:limit]


def has_demo(places: Iterable[Place]) -> bool:
    """Whether one of these positions is made up, which people should be told."""
    return any(place.source == DEMO for place in places)


def _worth_showing(found: Sequence[Place]) -> list[Place]:
    scores = [getattr(place, "score", 0.0) for place in found]
    enough = WORTH_SHOWING * max(scores, default=0.0)
    return [place for place, score in zip(found, scores, strict=True) if score >= enough]


def _one_of_each(places: Iterable[Place], *, near: Point | None) -> list[Place]:
    """A street has several entries along its course: take the closest, or the middle one."""
    courses: dict[tuple[str, ...], list[Place]] = {}
    for place in places:
        thing = (place.kind, place.name, place.house_number, place.locality, place.area_key)
        courses.setdefault(thing, []).append(place)
    real = [_real_before_made_up(course) for course in courses.values()]
    return [
        min(course, key=lambda place: distance_m(place.position, _aim(course, near)))
        for course in real
    ]


def _real_before_made_up(course: list[Place]) -> list[Place]:
    return [place for place in course if place.source != DEMO] or course


def _aim(course: Sequence[Place], near: Point | None) -> Point:
    if near is not None:
        return near
    across = sum(place.position.x for place in course) / len(course)
    up = sum(place.position.y for place in course) / len(course)
    return Point(across, up, srid=4326)


@dataclass(frozen=True)
class Address:
    """The nearest thing with a name. Empty strings where nothing is known.

    The house number is for staff; `without_number` is what everybody may read.
    """

    street: str
    house_number: str
    locality: str
    area_key: str
    area_name: str
    distance_m: float

    @property
    def without_number(self) -> str:
        return _listed(self.street, self.locality, self.area_name)

    def __str__(self) -> str:
        return _listed(f"{self.street} {self.house_number}", self.locality, self.area_name)


def nearest(point: Point, *, within_m: float = 300, area_key: str = "") -> Address | None:
    """The street (with number, if a door is within 60 m) at the point. One statement.

    A point that is a street's own entry was chosen by its name: it gets no number.
    Where no street is within `within_m`, the Ortsteil within 2 km, without a street; None
    farther out. `area_key` keeps the answer inside one municipality.
    """
    parameters: dict[str, float | str] = {
        "lon": point.x,
        "lat": point.y,
        "street_m": within_m,
        "door_m": min(DOOR_M, within_m),
        "locality_m": LOCALITY_M,
        "area_key": area_key,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, parameters)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return _address(found)


# One walk through the index for each kind; the nearest of a kind is all that counts.
_NEAREST = """
    SELECT reach.kind, place.name, place.house_number, place.locality, place.area_key,
           place.area_name, place.metres
    FROM (VALUES ('address', %(door_m)s), ('street', %(street_m)s), ('locality', %(locality_m)s))
        AS reach (kind, metres)
    CROSS JOIN LATERAL (
        SELECT *, position::geography(POINT, 4326)
                  <-> ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography AS metres
        FROM geo_place
        WHERE geo_place.kind = reach.kind
          AND ST_DWithin(position::geography(POINT, 4326),
                         ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography,
                         reach.metres)
          AND (%(area_key)s = '' OR geo_place.area_key = %(area_key)s)
        ORDER BY metres, id
        LIMIT 1
    ) AS place
"""

Row = tuple[str, str, str, str, str, float]


def _address(found: dict[str, Row]) -> Address | None:
    door, street, locality = (found.get(kind) for kind in ("address", "street", "locality"))
    if street and street[5] < NAMED_M and (door is None or street[5] < door[5]):
        return Address(*street)
    if door and (street is None or door[5] <= street[5] or door[0] == street[0]):
        return Address(*door)
    if street:
        return Address(*street)
    if locality:
        name, _number, _locality, area_key, area_name, metres = locality
        return Address("", "", name, area_key, area_name, metres)
    return None


def in_words(point: Point) -> str:
    """ "Lindenstraße, Auerbach, Bensheim": street, Ortsteil, municipality; "" in the wild."""
    address = nearest(point)
    return address.without_number if address else ""


def label(place: Place) -> str:
    """ "Lindenstraße 4, Auerbach, Bensheim" """
    return _listed(f"{place.name} {place.house_number}", place.locality, place.area_name)


def _listed(*parts: str) -> str:
    return ", ".join(dict.fromkeys(short(part.strip()) for part in parts if part.strip()))
