"""The score of a loss and a find: named components, each with its reason, and their sum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.contrib.gis.geos import Point

from lostfound.catalogue import THING_KINDS
from lostfound.matching.frequencies import Frequencies, background
from lostfound.matching.likeness import telling_words, words_alike
from lostfound.matching.reading import Colour, Reading, Shade
from lostfound.matching.sides import Number, Side, days_between, metres_between


class Name(StrEnum):
    """The components, in the order in which they are shown."""

    NUMBER = "number"
    TEXT = "text"
    KIND = "kind"
    COLOUR = "colour"
    BRAND = "brand"
    DETAILS = "details"
    PLACE = "place"
    DAYS = "days"


@dataclass(frozen=True)
class Component:
    """`score` 0 to 1; `said`: a code of wording.MATCH_REASONS; `facts` for its sentence."""

    score: float
    said: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """`weight` in nats from the worst to the best score; at `neutral` it tells nothing."""

    weight: float
    neutral: float


RULES: dict[Name, Rule] = {
    Name.NUMBER: Rule(20.0, 0.5),
    Name.TEXT: Rule(14.0, 0.25),
    Name.KIND: Rule(3.0, 0.6),
    Name.COLOUR: Rule(3.5, 0.5),
    Name.BRAND: Rule(4.5, 0.35),
    Name.DETAILS: Rule(3.0, 0.5),
    Name.PLACE: Rule(3.5, 0.4),
    Name.DAYS: Rule(3.0, 0.6),
}
PRIOR = -1.5  # a candidate about which nothing is known

NEAR: dict[frozenset[str], float] = {
    frozenset(pair.split()): near
    for pair, near in {
        "black grey": 0.45,
        "brown beige": 0.5,
        "red pink": 0.45,
        "silver grey": 0.7,
        "gold yellow": 0.5,
        "white beige": 0.5,
        "white silver": 0.35,
        "white grey": 0.25,
        "orange yellow": 0.45,
        "orange red": 0.4,
        "orange brown": 0.35,
        "purple pink": 0.45,
        "purple blue": 0.3,
        "purple red": 0.25,
        "blue grey": 0.2,
        "green grey": 0.15,
        "gold brown": 0.25,
        "black blue": 0.25,
        "black brown": 0.3,
        "beige grey": 0.25,
        "gold beige": 0.3,
    }.items()
}


def total(components: Mapping[Name, Component]) -> float:
    """0 to 1, from what is known; what isn't adds nothing."""
    points = PRIOR + sum(points_of(name, part) for name, part in components.items())
    return 1 / (1 + math.exp(-points))


def points_of(name: Name, component: Component) -> float:
    """For (+) or against (−) it, in nats."""
    rule = RULES[name]
    return rule.weight * (component.score - rule.neutral)


# ── What two texts say ───────────────────────────────────────────────────────────────────────
def of_texts(
    lost: Reading, found: Reading, *, frequencies: Frequencies | None = None
) -> dict[Name, Component]:
    components = {
        Name.TEXT: _text(lost, found, frequencies or background()),
        Name.KIND: of_kinds(lost.kinds, found.kinds),
        Name.COLOUR: of_colours(lost.colours, found.colours),
        Name.BRAND: of_brands(lost.brands, found.brands),
        Name.DETAILS: of_details(lost, found),
    }
    return {name: part for name, part in components.items() if part is not None}


def _text(lost: Reading, found: Reading, frequencies: Frequencies) -> Component | None:
    if not lost.words or not found.words:
        return None
    score = words_alike(lost, found, frequencies)
    said = "alike" if score >= 0.4 else "some" if score >= 0.2 else "other"
    words = [] if said == "other" else telling_words(lost, found, frequencies)
    return Component(round(score, 3), said, {"words": words} if words else {})


def _chosen_and_said(lost: Side, found: Side) -> Component | None:
    """What was chosen in the form, and what the texts name: people choose the next best tile."""
    chosen = of_kinds(lost.kinds, found.kinds)
    said = of_kinds(lost.reading.kinds, found.reading.kinds)
    if chosen is None or said is None:
        return chosen or said
    return _kind_component((chosen.score + said.score) / 2)


def of_kinds(lost: Mapping[str, float], found: Mapping[str, float]) -> Component | None:
    if not lost or not found:
        return None
    best = max(
        kinds_alike(kind, other) * min(sureness, other_sureness)
        for kind, sureness in lost.items()
        for other, other_sureness in found.items()
    )
    return _kind_component(best)


def _kind_component(score: float) -> Component:
    said = "same" if score >= 0.7 else "group" if score >= 0.35 else "other"
    return Component(round(score, 3), said)


_KINDRED = tuple(
    frozenset(group.split())
    for group in (
        "purse handbag cash card identity_paper",
        "backpack bag handbag suitcase laptop book",
        "jewellery watch",
        "phone tablet laptop electronics headphones camera memory",
        "card ticket identity_paper document foreign_paper",
        "bicycle ebike scooter toy helmet",
        "glasses sunglasses",
        "jacket clothing headwear shoes",
        "keys car_key",
        "electronics tool sports other",
        "animal toy",
        "pram toy",
        "headphones hearing_aid",
    )
)


def kinds_alike(kind: str, other: str) -> float:
    if kind == other:
        return 1.0
    if any({kind, other} <= group for group in _KINDRED):
        return 0.5
    tiles = {THING_KINDS[each].group if each in THING_KINDS else each for each in (kind, other)}
    return 0.5 if len(tiles) == 1 and tiles != {"other"} else 0.1


def of_brands(lost: frozenset[str], found: frozenset[str]) -> Component | None:
    if not lost or not found:
        return None
    same = lost & found
    if same:
        return Component(1.0, "same")
    return Component(0.0, "other")


def of_colours(lost: Sequence[Colour], found: Sequence[Colour]) -> Component | None:
    """The thing's own colours; where a side names none, those of its parts.

    Who names fewer colours names the main ones: these must be there. The others may be.
    """
    fewer, more = sorted((lost, found), key=lambda side: len(_own(side)))
    if not fewer or not more:
        return None
    main, rest = _share(_own(fewer), _own(more)), _share(_own(more), fewer)
    score = 0.7 * main + 0.3 * rest
    said = "same" if score >= 0.65 else "near" if score >= 0.35 else "other"
    return Component(round(score, 3), said)


def _share(colours: Sequence[Colour], others: Sequence[Colour]) -> float:
    """How well these are found among the others."""
    best = (max(shades_alike(one.shade, other.shade) for other in others) for one in colours)
    return sum(best) / len(colours)


def _own(colours: Sequence[Colour]) -> list[Colour]:
    return [colour for colour in colours if not colour.of] or list(colours)


def shades_alike(one: Shade, other: Shade) -> float:
    return max(
        sureness * other_sureness * (1.0 if code == other_code else _near(code, other_code))
        for code, sureness in one.items()
        for other_code, other_sureness in other.items()
    )


def _near(code: str, other: str) -> float:
    if "patterned" in (code, other):
        return 0.4
    return NEAR.get(frozenset((code, other)), 0.0)


def of_details(lost: Reading, found: Reading) -> Component | None:
    """Colours of the same part, sizes and counts, for whom it is made, of what: both named them."""
    votes = [*_part_colours(lost, found), *_numbers(lost, found), *_choices(lost, found)]
    if not votes:
        return None
    score = sum(votes) / len(votes)
    return Component(round(score, 3), "same" if score >= 0.5 else "other")


def _part_colours(lost: Reading, found: Reading) -> list[float]:
    return [
        max(shades_alike(one.shade, other.shade) for other in found.colours if other.of == one.of)
        for one in lost.colours
        if one.of and any(other.of == one.of for other in found.colours)
    ]


def _numbers(lost: Reading, found: Reading) -> list[float]:
    return [
        1.0 if lost.numbers[unit] & found.numbers[unit] else 0.0
        for unit in lost.numbers
        if unit in found.numbers
    ]


def _choices(lost: Reading, found: Reading) -> list[float]:
    return [
        1.0 if lost.choices[choice] & found.choices[choice] else 0.0
        for choice in lost.choices
        if choice in found.choices
    ]


# ── Place and days ───────────────────────────────────────────────────────────────────────────
def of_distance(metres: float) -> Component:
    """Half the certainty is gone after about two kilometres: things are carried to the counter."""
    score = 1 / (1 + (metres / 2_000) ** 1.3)
    said = "near" if metres <= 1_000 else "town" if metres <= 10_000 else "far"
    return Component(round(score, 3), said, {"metres": round(metres)})


def of_days(days: int) -> Component:
    """Days from the loss until the find. A find before the loss is held against it, not dropped:
    people mistake the day, and offices write the day on which it was brought.
    """
    if days < 0:
        score = max(0.0, 0.45 + 0.15 * (days + 1))
        return Component(round(score, 3), "before", {"days": -days})
    score = 1 / (1 + (days / 20) ** 1.5)
    said = "soon" if days <= 7 else "weeks" if days <= 60 else "late"
    return Component(round(score, 3), said, {"days": days})


# ── Numbers that name one thing alone ────────────────────────────────────────────────────────
def of_numbers(lost: frozenset[Number], found: frozenset[Number]) -> Component | None:
    """The same IMEI is the same telephone; another one is another, unless somebody mistyped."""
    if {digest for _, digest, _ in lost} & {digest for _, digest, _ in found}:
        return Component(1.0, "same")
    families = {family for family, _, _ in lost} & {family for family, _, _ in found}
    if not families:
        return None
    ours, theirs = (
        {number[0::2] for number in side if number[0] in families} for side in (lost, found)
    )
    return Component(0.7, "tail") if ours & theirs else Component(0.2, "other")


def of_sides(lost: Side, found: Side) -> dict[Name, Component]:
    """Everything known, for staff."""
    spot = found.where if isinstance(found.where, Point) else None
    metres, days = metres_between(lost.where, spot), days_between(lost, found)
    return {
        **_if_known(Name.NUMBER, of_numbers(lost.numbers, found.numbers)),
        **of_texts(lost.reading, found.reading),
        **_if_known(Name.KIND, _chosen_and_said(lost, found)),
        **_if_known(Name.PLACE, None if metres is None else of_distance(metres)),
        **_if_known(Name.DAYS, None if days is None else of_days(days)),
    }


def _if_known(name: Name, component: Component | None) -> dict[Name, Component]:
    return {name: component} if component else {}
