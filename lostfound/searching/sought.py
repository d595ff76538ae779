"""The words of a search, understood: which kinds, colours, brands and places they mean.

What the public may read of a thing is made of codes and a few known names, so a search looks
through a closed vocabulary (the matcher's lexicon, and lostfound/everyday) and asks the database
for codes. A word that stands nowhere in public means nothing here, whatever it may mean in private:
the page says so and leaves it out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.db.models import Q
from django.utils import translation

from geo.models import Place, PlaceKind
from geo.wording import plain, short
from lostfound.catalogue import THING_KINDS, Colour
from lostfound.matching import thesaurus
from lostfound.matching.lexicon import key_of, lexicon
from lostfound.matching.words import parts_of, senses_of
from lostfound.searching import brands, everyday
from townhall.models import Municipality

MOST_WORDS = 8
SURE = 0.8  # of a sense: the word itself, or one letter beside it, but no wider idea
COLOUR_SURE = 0.5
SHORTEST_BEGINNING = 3  # letters of a word that is still being typed
SHORTEST_TYPO = 5  # letters of a word in which one may be wrong

Key = TypeVar("Key")

_SIGNS = re.compile(r"[^\w-]+|(?<!\w)-|-(?!\w)")


@dataclass(frozen=True)
class Meaning:
    """Codes and names that a word may mean; any of them will do."""

    kinds: frozenset[str] = frozenset()
    colours: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    towns: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()

    def __or__(self, other: Meaning) -> Meaning:
        return Meaning(
            self.kinds | other.kinds,
            self.colours | other.colours,
            self.brands | other.brands,
            self.towns | other.towns,
            self.places | other.places,
        )

    def __bool__(self) -> bool:
        return any((self.kinds, self.colours, self.brands, self.towns, self.places))

    def condition(self) -> Q:
        condition = Q()
        for name, values in (
            ("kind", self.kinds),
            ("colour", self.colours),
            ("brand", self.brands),
            ("municipality", self.towns),
            ("place", self.places),
        ):
            if values:
                condition |= Q(**{f"{name}__in": sorted(values)})
        return condition


@dataclass(frozen=True)
class Sought:
    """A search's words with their meanings. `unknown`: those that stand nowhere in public."""

    meanings: Sequence[Meaning] = ()
    unknown: Sequence[str] = ()

    @classmethod
    def read(cls, text: str) -> Sought:
        """Two statements where words may be names of places, else none."""
        meanings: list[Meaning] = []
        strange: list[str] = []
        for said, meaning in _words(text):
            if meaning:
                meanings.append(meaning)
            else:
                strange.append(said)
        named = _places(strange)
        unknown = [said for said in strange if said not in named]
        return cls((*meanings, *named.values()), unknown)

    @property
    def means_nothing(self) -> bool:
        """Words were typed, and none of them is known."""
        return bool(self.unknown) and not self.meanings

    def condition(self) -> Q:
        """What listings must say: all that was understood. Nothing fits words without meaning."""
        if self.means_nothing:
            return Q(pk__in=[])
        condition = Q()
        for meaning in self.meanings:
            condition &= meaning.condition()
        return condition

    @property
    def kinds(self) -> frozenset[str]:
        """All kinds that were named."""
        return frozenset().union(*(meaning.kinds for meaning in self.meanings))


def _words(text: str) -> Iterator[tuple[str, Meaning]]:
    """Each word that says something, with what it means; names of several words together."""
    said = [word for part in text.split() if (word := _SIGNS.sub("", part) or _named(part))]
    said = said[:MOST_WORDS]
    start = 0
    while start < len(said):
        brand, length = brands.brand_at(said, start)
        own = Meaning(brands=frozenset({brand})) if brand else Meaning()
        pair = said[start : start + 2]
        if length < len(pair) and len(pair) == 2 and (meaning := _whole("-".join(pair))):
            yield " ".join(pair), meaning  # „E Bike“
            start += 2
        elif brand:  # „iPhone“ is a kind of thing, too
            whole = _whole(said[start]) if length == 1 else Meaning()
            yield " ".join(said[start : start + length]), whole | own
            start += length
        else:
            if key_of(said[start]) not in _empty():
                yield said[start], _meaning(said[start])
            start += 1


def _named(part: str) -> str:
    """A brand that is made of signs."""
    return part if brands.coarse_brand(part) else ""


def _meaning(word: str) -> Meaning:
    """The first way of reading it that leads anywhere."""
    ways: Sequence[Callable[[str], Meaning]] = (
        _whole,
        _compound,
        _begun,
        _mistyped,
        _synonym,
        _slipped,
    )
    for way in ways:
        if meaning := way(word):
            return meaning
    return Meaning()


def _whole(word: str) -> Meaning:
    return _known().get(key_of(word)) or _known().get(key_of(word.replace("-", "")), Meaning())


def _compound(word: str) -> Meaning:
    """By what it is, its last part: „Lederrucksack“. Else by what it belongs to."""
    parts = parts_of(word.replace("-", ""))
    for key in reversed(parts if len(parts) > 1 else ()):
        if meaning := _known().get(key):
            return meaning
    return Meaning()


def _begun(word: str) -> Meaning:
    begins = key_of(word)
    if len(begins) < SHORTEST_BEGINNING:
        return Meaning()
    return _joined(meaning for key, meaning in _known().items() if key.startswith(begins))


def _mistyped(word: str) -> Meaning:
    """With a letter too many, too few, wrong, or two swapped."""
    key = key_of(word)
    if len(key) < SHORTEST_TYPO or not key.isalpha():
        return Meaning()
    near = _with_holes()
    return _joined(near[hole] for hole in _holes(key) if hole in near)


def _slipped(word: str) -> Meaning:
    """With two of them in a long word, as the matcher forgives them."""
    senses = senses_of(key_of(word))
    return _joined(_kinds_meaning(idea) for idea, sure in senses.items() if sure >= SURE)


def _synonym(word: str) -> Meaning:
    numbers = thesaurus.meanings_of(key_of(word))
    return _joined(_by_synonym()[number] for number in numbers if number in _by_synonym())


def _joined(meanings: Iterable[Meaning]) -> Meaning:
    joined = Meaning()
    for meaning in meanings:
        joined |= meaning
    return joined


def _places(words: Sequence[str]) -> Mapping[str, Meaning]:
    """Of these words, those that begin the name of a town or an Ortsteil. Two statements."""
    wanted = {word: plain(word) for word in words}
    wanted = {word: name for word, name in wanted.items() if len(name) >= SHORTEST_BEGINNING}
    if not wanted:
        return {}
    begins = Q()
    for name in wanted.values():
        begins |= Q(search_text__startswith=name)
    parts = Place.objects.filter(begins, kind=PlaceKind.LOCALITY).values_list("name", flat=True)
    names = {short(part): plain(part) for part in parts[:50]}
    towns = {pk: plain(town) for pk, town in Municipality.objects.values_list("pk", "name")}
    found = {
        word: Meaning(towns=_beginning(towns, name), places=_beginning(names, name))
        for word, name in wanted.items()
    }
    return {word: meaning for word, meaning in found.items() if meaning}


def _beginning(names: Mapping[Key, str], start: str) -> frozenset[Key]:
    return frozenset(key for key, name in names.items() if name.startswith(start))


# ── The vocabulary: read once per process ────────────────────────────────────────────────────
@cache
def _known() -> Mapping[str, Meaning]:
    """What is public, by the keys of all words for it."""
    known: dict[str, Meaning] = defaultdict(Meaning)
    for key, ideas in lexicon().words.items():
        known[key] |= _joined(_kinds_meaning(idea) for idea, sure in ideas.items() if sure >= SURE)
    for key, colours in lexicon().colours.items():
        sure = frozenset(colour for colour, sure in colours.items() if sure >= COLOUR_SURE)
        known[key] |= Meaning(colours=sure)
    for code, words in everyday.KINDS.items():
        for word in {*words.split(), *_label_words(THING_KINDS[code].label)}:
            known[key_of(word)] |= Meaning(kinds=frozenset({code}))
    for colour, words in everyday.COLOURS.items():
        for word in words.split():
            known[key_of(word)] |= Meaning(colours=frozenset({colour}))
    for colour in Colour:
        for word in _label_words(colour.label):
            known[key_of(word)] |= Meaning(colours=frozenset({colour.value}))
    return {key: meaning for key, meaning in known.items() if meaning}


@cache
def _kinds_meaning(idea: str) -> Meaning:
    """The kinds of an idea and of all narrower ones: a „Schlüssel“ may be one of a car."""
    known = lexicon().ideas.get(idea)
    kinds = frozenset({known.kind}) if known and known.kind else frozenset()
    return _joined((Meaning(kinds=kinds), *(_kinds_meaning(each) for each in _narrower()[idea])))


@cache
def _narrower() -> Mapping[str, Sequence[str]]:
    narrower: dict[str, list[str]] = defaultdict(list)
    for idea in lexicon().ideas.values():
        for broader in idea.broader:
            if broader != idea.name:
                narrower[broader].append(idea.name)
    return narrower


@cache
def _with_holes() -> Mapping[str, Meaning]:
    """The vocabulary with one letter left out of each word: for typing errors."""
    holes: dict[str, Meaning] = defaultdict(Meaning)
    for key, meaning in _known().items():
        if len(key) >= SHORTEST_TYPO - 1:
            for hole in _holes(key):
                holes[hole] |= meaning
    return dict(holes)


def _holes(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


@cache
def _by_synonym() -> Mapping[str, Meaning]:
    """What is public, by the thesaurus' numbers of meanings."""
    numbers: dict[str, Meaning] = defaultdict(Meaning)
    for key, meaning in _known().items():
        for number in thesaurus.meanings_of(key):
            numbers[number] |= meaning
    return dict(numbers)


@cache
def _empty() -> frozenset[str]:
    return lexicon().common | {key_of(word) for word in everyday.EMPTY.split()}


def _label_words(label: object) -> Iterator[str]:
    """The words of a label in both languages, without „andere“ and the like."""
    for language in ("de", "en"):
        with translation.override(language):
            for word in re.findall(r"[\w-]+", str(label)):
                if len(word) > 2 and word.lower() not in {"other", "andere", "anderes", "sonstige"}:
                    yield word
