"""What happened to whom, and where: the cases that the demo's reports are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Point

from geo.models import Area, Place, PlaceKind
from reports.workflow import Status
from townhall.models import Municipality

from .answers import FORWARDS, answers_to
from .people import TOWNS
from .rules import PARK
from .texts import TEXTS, WEIGHTS, Said

SHARES: dict[Status, int] = {
    Status.DUPLICATE: 9,
    Status.FORWARDED: 15,
    Status.NO_ACTION: 15,
    Status.ON_HOLD: 12,
    Status.NEW: 54,
    Status.IN_PROGRESS: 75,
    Status.DONE: 120,
}
COUNT = sum(SHARES.values())


@dataclass
class Case:
    """What happened to one resident, before it becomes rows."""

    category: str
    said: Said
    status: Status
    town: Municipality
    position: Point
    main: Case | None = None


def make_cases(rng: Random, towns: Mapping[str, Municipality]) -> list[Case]:
    """All cases; those that repeat another one come after it."""
    atlas = _Atlas.read(rng, towns)
    told = list(_told(rng))
    cases: list[Case] = []
    for status, share in reversed(SHARES.items()):
        for code, said in _take(told, status, share):
            if status == Status.DUPLICATE:
                main = rng.choice([each for each in cases if _may_lead(each, code)])
                position = atlas.beside(main.position, main.town)
                cases.append(Case(code, said, status, main.town, position, main))
            else:
                town = atlas.town()
                cases.append(Case(code, said, status, town, atlas.position(town)))
    _stroll(cases, rng)
    return cases


def _stroll(cases: Sequence[Case], rng: Random) -> None:
    """Put two green matters of Bensheim into the park, which somebody else looks after."""
    west, south = min(x for x, _ in PARK) + 0.005, min(y for _, y in PARK) + 0.003
    green = [each for each in cases if each.category in {"bewuchs", "baumgefahr", "sitzbank"}]
    for case in [each for each in green if each.town.slug == "bensheim" and not each.main][:2]:
        lon, lat = west + rng.uniform(0, 0.006), south + rng.uniform(0, 0.004)
        case.position = Point(round(lon, 6), round(lat, 6), srid=4326)


def _may_lead(case: Case, code: str) -> bool:
    """Others can point to it: the same matter, still in work."""
    return case.category == code and case.status == Status.IN_PROGRESS


def _told(rng: Random) -> Iterable[tuple[str, Said]]:
    """COUNT texts in the mix of WEIGHTS; no text comes again before all of its kind came."""
    pool = [code for code, weight in WEIGHTS.items() for _ in range(weight)]
    rng.shuffle(pool)
    decks = {code: rng.sample(texts, len(texts)) for code, texts in TEXTS.items()}
    uses: Counter[str] = Counter()
    for code in pool[:COUNT]:
        deck = decks[code]
        yield code, deck[uses[code] % len(deck)]
        uses[code] += 1


def _take(told: list[tuple[str, Said]], status: Status, share: int) -> list[tuple[str, Said]]:
    """Remove and return the first `share` that can end in this status."""
    fitting = [each for each in told if _can_be(status, *each)]
    reserved = _reserved(told, status)
    free = [each for each in fitting if id(each) not in reserved]
    if status == Status.NEW:  # visitors look there first: two in three with something to see
        seen = [each for each in free if each[1].scene][: share * 2 // 3]
        free = [*seen, *(each for each in free if not each[1].scene)]
    chosen = free[:share]
    for each in chosen:
        told.remove(each)
    return chosen


def _reserved(told: Sequence[tuple[str, Said]], status: Status) -> set[int]:
    """The last few that only the rarer fates can use are kept for them."""
    kept: set[int] = set()
    for rare, share in SHARES.items():
        if rare == status:
            break
        able = [each for each in reversed(told) if _can_be(rare, *each) and id(each) not in kept]
        kept.update(id(each) for each in able[:share])
    return kept


def _can_be(status: Status, code: str, said: Said) -> bool:
    if status == Status.DUPLICATE:
        return code in {"schlagloch", "laterne", "wilder-muell", "sperrmuell"}
    if status == Status.FORWARDED:
        return code in FORWARDS and said.answers.get("lage") != "open_road"
    words = answers_to(code, about=said.about)
    if status == Status.NO_ACTION:
        return bool(words.nothing) and not is_alarming(code, said)
    if status == Status.ON_HOLD:
        return bool(words.waiting) and not is_alarming(code, said)
    return True


def is_alarming(code: str, said: Said) -> bool:
    return code in {"kanaldeckel", "oelspur", "baumgefahr"} or any(
        said.answers.get(question) == answer
        for question, answer in (
            ("akut", "yes"),
            ("giftig", "yes"),
            ("verletzung", "yes"),
            ("wasser_im_haus", "yes"),
            ("licht", "leaning"),
        )
    )


@dataclass
class _Atlas:
    """Streets and outlines to put reports on."""

    rng: Random
    towns: list[Municipality]
    weights: list[int]
    streets: dict[str, list[Point]]
    outlines: dict[str, MultiPolygon]

    @classmethod
    def read(cls, rng: Random, towns: Mapping[str, Municipality]) -> _Atlas:
        rows = Place.objects.filter(source="demo", kind=PlaceKind.STREET)
        streets: dict[str, list[Point]] = {}
        for key, position in sorted(
            ((row.area_key, row.position) for row in rows),
            key=lambda each: (each[0], each[1].coords),
        ):
            streets.setdefault(key, []).append(position)
        areas = Area.objects.in_layer(settings.MUNICIPALITY_LAYER)
        sizes = {town.slug: town.size for town in TOWNS}
        return cls(
            rng=rng,
            towns=list(towns.values()),
            # Bensheim twice: most logins of the demo work there.
            weights=[sizes[slug] * (2 if slug == "bensheim" else 1) + 3 for slug in towns],
            streets=streets,
            outlines={area.key: area.shape for area in areas},
        )

    def town(self) -> Municipality:
        return self.rng.choices(self.towns, self.weights)[0]

    def position(self, town: Municipality) -> Point:
        """On or beside a street of the town."""
        return self._near(self.rng.choice(self.streets[town.key]), town, metres=28)

    def beside(self, place: Point, town: Municipality) -> Point:
        return self._near(place, town, metres=8)

    def _near(self, place: Point, town: Municipality, *, metres: float) -> Point:
        outline = self.outlines[town.key].prepared
        for _ in range(20):
            # A degree of latitude has 111 km, one of longitude 72 km here.
            point = Point(
                round(place.x + self.rng.gauss(0, metres) / 72_000, 6),
                round(place.y + self.rng.gauss(0, metres) / 111_000, 6),
                srid=4326,
            )
            if outline.contains(point):
                return point
        return place
