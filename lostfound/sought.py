"""The words of a search, understood: which kinds, colours, brands and places they mean.

What the public may read of a thing is made of codes and a few known names, so a search looks
through a closed vocabulary and asks the database for codes. A word that stands nowhere in public
means nothing, whatever it may mean in private: it is told so and left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Q
from django.utils import translation

from geo.models import Place, PlaceKind
from geo.wording import plain, short
from lostfound import brands
from lostfound.catalogue import THING_KINDS, Colour
from lostfound.everyday import COLOUR_WORDS, EMPTY_WORDS, KIND_WORDS
from townhall.models import Municipality

MOST_WORDS = 8
SHORTEST_BEGINNING = 3  # letters of a word that is still being typed
SHORTEST_PART = 3  # of a compound's last part: „Rad“, „Uhr“, „Hut“
SHORTEST_DOER = 5  # before „er“, which makes nouns of verbs as well as plurals
SHORTEST_FRONT = 5  # of its first: „Rucksackhülle“
SHORTEST_TYPO = 5  # letters of a word in which one may be wrong

_LETTERS = re.compile(r"[a-z0-9]+")
_SPELT_OUT = re.compile(r"(?<=[aou])e")
_ENDINGS = ("ern", "en", "er", "es", "em", "e", "n", "s")


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
        """At most one statement: for words that may be names of places."""
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
        """What listings must say: all that was understood. Nobody fits words without meaning."""
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
    """Each word that says something, with what it means; brands of several words together."""
    said = text.split()[:MOST_WORDS]
    start = 0
    while start < len(said):
        brand, length = brands.brand_at(said, start)
        word = _flat(said[start])
        if length > 1:
            yield " ".join(said[start : start + length]), Meaning(brands=frozenset({brand}))
        elif brand:  # „iPhone“ is a kind of thing, too
            yield said[start], _whole(word) | Meaning(brands=frozenset({brand}))
        elif word and word not in _empty():
            yield said[start], _meaning(word)
        start += max(length, 1)


def _meaning(word: str) -> Meaning:
    """The first way of reading it that leads anywhere."""
    ways: Sequence[Callable[[str], Meaning]] = (_whole, _begun, _compound, _mistyped)
    for way in ways:
        if meaning := way(word):
            return meaning
    return Meaning()


def _whole(word: str) -> Meaning:
    return _vocabulary().by_stem.get(_stem(word), Meaning())


def _begun(word: str) -> Meaning:
    if len(word) < SHORTEST_BEGINNING:
        return Meaning()
    return _joined(
        meaning for known, meaning in _vocabulary().by_word.items() if known.startswith(word)
    )


def _compound(word: str) -> Meaning:
    """By its last part, „Lederrucksack“; else by its first, „Rucksackhülle“. Longest part first."""
    stem = _stem(word)
    by_stem = _vocabulary().by_stem
    is_somebody = stem + "er" == word  # a „Bringer“ is no ring
    for cut in range(2, len(stem) - SHORTEST_PART + 1):
        if stem[cut:] in by_stem and not (is_somebody and len(stem) - cut < SHORTEST_DOER):
            return by_stem[stem[cut:]]
    for cut in range(len(word) - 2, SHORTEST_FRONT - 1, -1):
        if meaning := by_stem.get(word[:cut].removesuffix("s")) or by_stem.get(_stem(word[:cut])):
            return meaning
    return Meaning()


def _mistyped(word: str) -> Meaning:
    """With a letter too many, too few, wrong, or two swapped."""
    if len(word) < SHORTEST_TYPO:
        return Meaning()
    near = _vocabulary().by_hole
    return _joined(near[hole] for hole in _holes(word) if hole in near)


def _joined(meanings: Iterable[Meaning]) -> Meaning:
    joined = Meaning()
    for meaning in meanings:
        joined |= meaning
    return joined


def _places(words: Sequence[str]) -> Mapping[str, Meaning]:
    """Of these words, those that begin the name of a town or an Ortsteil. One statement."""
    wanted = {word: plain(word) for word in words}
    wanted = {word: name for word, name in wanted.items() if len(name) >= SHORTEST_BEGINNING}
    if not wanted:
        return {}
    begins = Q()
    for name in wanted.values():
        begins |= Q(search_text__startswith=name)
    parts = list(
        Place.objects.filter(begins, kind=PlaceKind.LOCALITY).values_list("name", flat=True)[:50]
    )
    towns = [(pk, name) for pk, name in Municipality.objects.values_list("pk", "name")]
    found = {}
    for word, name in wanted.items():
        meaning = Meaning(
            towns=frozenset(pk for pk, town in towns if plain(town).startswith(name)),
            places=frozenset(short(part) for part in parts if plain(part).startswith(name)),
        )
        if meaning:
            found[word] = meaning
    return found


# ── The vocabulary ───────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Vocabulary:
    """`by_word`: as written (flat), `by_stem`: without endings, `by_hole`: without a letter."""

    by_word: Mapping[str, Meaning] = field(default_factory=dict)
    by_stem: Mapping[str, Meaning] = field(default_factory=dict)
    by_hole: Mapping[str, Meaning] = field(default_factory=dict)


@cache
def _vocabulary() -> Vocabulary:
    by_word: dict[str, Meaning] = {}
    by_stem: dict[str, Meaning] = {}
    by_hole: dict[str, Meaning] = {}
    for word, meaning in _entries():
        flat = _flat(word)
        _add(by_word, flat, meaning)
        _add(by_stem, _stem(flat), meaning)
        if len(flat) >= SHORTEST_TYPO:
            for hole in _holes(flat):
                _add(by_hole, hole, meaning)
    return Vocabulary(by_word, by_stem, by_hole)


def _add(entries: dict[str, Meaning], key: str, meaning: Meaning) -> None:
    entries[key] = entries.get(key, Meaning()) | meaning


def _entries() -> Iterator[tuple[str, Meaning]]:
    for code, words in KIND_WORDS.items():
        for word in {*words.split(), *_label_words(THING_KINDS[code].label)}:
            yield word, Meaning(kinds=frozenset({code}))
    for colour, words in COLOUR_WORDS.items():
        for word in {*words.split(), *_label_words(Colour(colour).label)}:
            yield word, Meaning(colours=frozenset({colour}))


def _label_words(label: object) -> Iterator[str]:
    """The words of a label in both languages, without „andere“ and the like."""
    for language in ("de", "en"):
        with translation.override(language):
            for word in re.findall(r"[\w-]+", str(label)):
                if len(word) > 3 and word.lower() not in {"other", "andere", "anderes", "sonstige"}:
                    yield word


@cache
def _empty() -> frozenset[str]:
    return frozenset(_flat(word) for word in EMPTY_WORDS.split())


def _flat(word: str) -> str:
    """Lower case, without dots and accents: ä, ae and a meet, ß is ss, E-Bike is ebike."""
    text = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss"))
    letters = "".join(_LETTERS.findall(text))
    return _SPELT_OUT.sub("", letters)


def _stem(flat: str) -> str:
    """Without the ending that case and number put on it; at least three letters stay."""
    for ending in _ENDINGS:
        if flat.endswith(ending) and len(flat) - len(ending) >= 3:
            return flat.removesuffix(ending)
    return flat


def _holes(word: str) -> set[str]:
    """The word, and all that is left of it without one letter."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
