"""What a text says of a thing: what it is, its colours, makes, numbers, and all other words.

Nothing is certain in it: texts are a stranger's hurried words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lostfound.catalogue import THING_KINDS
from lostfound.matching.lexicon import key_of, lexicon
from lostfound.matching.words import Word, words_of

Shade = Mapping[str, float]  # colour of the catalogue → how surely


def _keys(words: str) -> frozenset[str]:
    return frozenset(map(key_of, words.split()))


# What follows these is in or on the thing, not the thing itself.
_OPENS_DETAIL = _keys("mit an am samt inkl inklusive dazu mitsamt")
_OPENS_CONTENTS = _keys(
    "darin drin inhalt enthält enthalten innen drinnen befinden befindet darunter befand"
)
# Not there: the next noun of these, the one before those.
_WITHOUT = _keys("ohne kein keine keinen keiner")
_MISSING = _keys("fehlt fehlen fehlend fehlende")
# What numbers count or measure: „29 Zoll“, „Größe 38“, „iPhone 12“.
_UNITS = _keys("zoll größe gr gb liter l cm gang gänge euro € iphone nummer nr klasse")
_SIZES = _keys("größe gr")


@dataclass(frozen=True)
class Colour:
    """A colour and what has it: an idea, empty for the thing itself."""

    shade: Shade
    of: str = ""


@dataclass(frozen=True)
class Reading:
    words: tuple[Word, ...]  # without colours, makes and what tells nothing
    colours: tuple[Colour, ...]
    brands: frozenset[str]
    numbers: Mapping[str, frozenset[str]]  # unit → numbers
    kinds: Mapping[str, float]  # code of the catalogue → how surely
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)  # choice → ideas


@lru_cache(maxsize=20_000)
def read(text: str) -> Reading:
    words = _with_absent(words_of(text))
    zones = _zones(words)
    telling = tuple(word for word in words if _tells(word))
    head = _head(words, zones)
    return Reading(
        words=telling,
        colours=tuple(_colours(words, zones, head)),
        brands=frozenset(word.brand for word in words if word.brand),
        numbers=_numbers(words),
        kinds=_kinds(telling, zones),
        choices=_choices(telling, zones),
    )


def _tells(word: Word) -> bool:
    """Colours are compared by themselves, and makes, unless they say what it is: „iPhone“."""
    known = lexicon()
    is_name_only = bool(word.brand) and word.key not in known.words
    return not is_name_only and word.key not in known.common and word.key not in known.colours


def _with_absent(words: list[Word]) -> list[Word]:
    absent: set[int] = set()
    for word in words:
        step = 1 if word.key in _WITHOUT else -1 if word.key in _MISSING else 0
        for place in (word.at + step, word.at + 2 * step) if step else ():
            if not 0 <= place < len(words) or words[max(place, place - step)].breaks_before:
                break
            if _thing(words[place]):
                absent.add(place)
                break
    return [replace(word, is_absent=True) if word.at in absent else word for word in words]


def _zones(words: list[Word]) -> list[int]:
    """For each word: 0 for the thing itself, 1 for what it has, 2 for what is in it."""
    zones: list[int] = []
    zone = 0
    for word in words:
        if word.breaks_before and zone == 1:
            zone = 0
        if word.key in _OPENS_CONTENTS:
            zone = 2
        elif word.key in _OPENS_DETAIL and zone == 0:
            zone = 1
        zones.append(zone)
    return zones


def _kind_of(word: Word) -> tuple[str, float]:
    """The kind a word names most surely."""
    ideas = lexicon().ideas
    named = [
        (ideas[sense].kind, sureness)
        for sense, sureness in word.senses.items()
        if sense in ideas and ideas[sense].kind in THING_KINDS
    ]
    return max(named, key=lambda kind: kind[1], default=("", 0.0))


def _head(words: list[Word], zones: list[int]) -> int:
    """Which word names the thing; -1 where none does."""
    named = [word.at for word in words if _kind_of(word)[0]]
    own = [at for at in named if zones[at] == 0]
    return (own or named or [-1])[0]


def _kinds(words: Iterable[Word], zones: list[int]) -> dict[str, float]:
    """The first thing named outside of the details is what it is; later ones perhaps."""
    kinds: dict[str, float] = {}
    weight = 1.0
    for word in sorted(words, key=lambda word: (zones[word.at], word.at)):
        kind, sureness = _kind_of(word)
        if kind and kind not in kinds:
            kinds[kind] = weight * sureness * (1.0, 0.5, 0.3)[zones[word.at]]
            weight *= 0.6
    return kinds


def _choices(words: Iterable[Word], zones: list[int]) -> dict[str, frozenset[str]]:
    ideas = lexicon().ideas
    chosen: dict[str, set[str]] = {}
    for word in words:
        if zones[word.at] == 2:
            continue
        for sense in word.senses:
            if sense in ideas and ideas[sense].choice:
                chosen.setdefault(ideas[sense].choice, set()).add(sense)
    return {choice: frozenset(names) for choice, names in chosen.items()}


def _colours(words: list[Word], zones: list[int], head: int) -> Iterable[Colour]:
    shades = lexicon().colours
    for word in words:
        if word.key in shades:
            yield Colour(shades[word.key], _owner(words, word.at, zones, head))


def _owner(words: list[Word], at: int, zones: list[int], head: int) -> str:
    """The idea of what has the colour: the noun after the word, else the one before it."""
    for step in (1, -1):
        place = at + step
        while 0 <= place < len(words) and abs(place - at) <= 3:
            between = words[place] if step > 0 else words[place + 1]
            if between.breaks_before:
                break
            name = _thing(words[place])
            if name:
                is_own = place == head or (zones[place] == 0 and place < head)
                return "" if is_own else name
            place += step
    return "" if zones[at] == 0 else "?"


def _thing(word: Word) -> str:
    """The idea of a word that names a thing or a part of one."""
    ideas = lexicon().ideas
    for sense in word.senses:
        if sense in ideas and ideas[sense].is_thing:
            return sense
    return ""


def _numbers(words: list[Word]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word in words:
        if not word.is_number:
            continue
        for place in (word.at + 1, word.at - 1):
            if 0 <= place < len(words) and words[place].key in _UNITS:
                unit = words[place].key
                unit = "grosse" if unit in _SIZES else unit
                found.setdefault(unit, set()).add(word.key.replace(",", "."))
                break
    return {unit: frozenset(numbers) for unit, numbers in found.items()}
