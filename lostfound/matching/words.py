"""A text as words that can be compared: split, stemmed, compounds taken apart, typos forgiven."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lostfound.matching import thesaurus
from lostfound.matching.lexicon import key_of, lemma_of, lexicon
from lostfound.searching.brands import brand_at

MAX_SIGNS = 4_000  # of one text; who writes more repeats themselves
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’]?[^\W\d_]+)*|[,;.:!?()\n/–]|-")
_BREAKS = frozenset(",;.:!?()\n–")
_LINKS = ("", "s", "es", "n", "en", "er", "e", "ns")
_OF_TYPO = 0.9
_OF_THESAURUS = 0.5


@dataclass(frozen=True)
class Word:
    """A word of a text. `senses`: what it may mean → how surely. `at`: which word it is. `said`:
    as it was written, empty for a part of a compound.
    """

    key: str
    senses: dict[str, float]
    brand: str = ""
    said: str = ""
    at: int = 0
    breaks_before: bool = False  # a comma, a full stop, a bracket
    is_absent: bool = False  # „ohne Sattel“, „Sattel fehlt“

    @property
    def is_number(self) -> bool:
        return self.key[0].isdigit()


def words_of(text: str) -> list[Word]:
    """All words in their order, those that tell nothing included."""
    found: list[Word] = []
    breaks = True
    tokens = list(_tokens(text[:MAX_SIGNS]))
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token in _BREAKS:
            breaks = True
            place += 1
            continue
        used, keys, brand = _longest(tokens, place)
        said = " ".join(tokens[place : place + used]) if len(keys) == 1 else ""
        for key in keys:
            found.append(Word(key, senses_of(key), brand, said, len(found), breaks))
            breaks = False
        place += used
    return found


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        sign = match.group()
        if sign not in "-/":
            yield sign.replace("'", "").replace("’", "")


def _longest(tokens: list[str], place: int) -> tuple[int, tuple[str, ...], str]:
    """How many tokens make the longest name we know here, their keys, and the make they name."""
    known = lexicon()
    brand, brand_length = brand_at(_until_break(tokens, place), 0)
    for length in (3, 2, 1):
        run = tokens[place : place + length]
        if len(run) < length or _BREAKS.intersection(run):
            continue
        for glue in ("-", "") if length > 1 else ("",):
            key = key_of(glue.join(run))
            if length >= brand_length and known.knows(key):
                return length, (key,), known.brands.get(key, brand)
        if length == brand_length:
            return length, (key_of("".join(run)),), brand
    return 1, parts_of(tokens[place]), ""


def _until_break(tokens: list[str], place: int) -> list[str]:
    ahead = tokens[place : place + 4]
    return list(takewhile(lambda token: token not in _BREAKS, ahead))


# The longest word in the Duden's own corpus has 79 letters. What is longer is somebody leaning on a
# key, and taking it apart costs the square of its length: 5,000 letters took a minute.
LONGEST = 80


@lru_cache(maxsize=50_000)
def parts_of(word: str) -> tuple[str, ...]:
    """The keys of a compound's parts, its head last: „Damenfahrrad“ → „Dame“, „Fahrrad“."""
    if len(word) > LONGEST:
        return (word[:LONGEST].lower(),)
    known = lexicon()
    key = key_of(word)
    if known.knows(key) or key in known.common or len(word) < 7 or not word.isalpha():
        return (key,)
    lemma = lemma_of(word)
    if known.knows(lemma):
        return (lemma,)
    return _split(word.lower()) or (key,)


def _split(word: str) -> tuple[str, ...]:
    """The best way to take a compound apart; empty when there is none.

    German compounds end in what they are: the head must be a word we know, what stands before it
    need not be one.
    """
    known = lexicon()
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for cut in range(3, len(word) - 2):
        head = key_of(word[cut:])
        if head not in known.parts:
            continue
        front, sureness = _front(word[:cut])
        if sureness < 1 and len(word) - cut < 5:
            continue
        score = sureness * 10 + len(word) - cut
        if front and score > best[0]:
            best = (score, (*front, head))
    return best[1]


def _front(word: str) -> tuple[tuple[str, ...], float]:
    """The parts before the head, and how surely they are words."""
    known = lexicon()
    for link in _LINKS:
        if not word.endswith(link) or len(word) - len(link) < 3:
            continue
        key = key_of(word[: len(word) - len(link)] if link else word)
        if key in known.parts or key in known.brands:
            return (key,), 2.0
    if len(word) >= 7 and (deeper := _split(word)):
        return deeper, 1.5
    if len(word) >= 4:
        return (key_of(word),), 0.5
    return (), 0.0


@lru_cache(maxsize=50_000)
def senses_of(key: str) -> dict[str, float]:
    """What a key may mean: ideas, synonyms of the thesaurus, and always itself."""
    known = lexicon()
    senses = {f"={key}": 1.0}
    if key in known.common or (key[0].isdigit() and key not in known.words):
        return senses
    if key in known.words:
        return senses | known.words[key]
    if key in known.colours or key in known.brands:
        return senses
    if meant := _meant(key):
        return senses | {idea: sureness * _OF_TYPO for idea, sureness in known.words[meant].items()}
    for number in thesaurus.meanings_of(key):
        senses[f"~{number}"] = _OF_THESAURUS
    return senses


def _meant(key: str) -> str:
    """The word that was mistyped, if it is one of ours. One slip, two in a long word."""
    if len(key) < 6:
        return ""
    slips = 1 if len(key) < 9 else 2
    found = process.extractOne(key, _long_words(), scorer=OSA.distance, score_cutoff=slips)
    return str(found[0]) if found and found[0][0] == key[0] else ""


@lru_cache(maxsize=1)
def _long_words() -> list[str]:
    return [key for key in lexicon().words if len(key) > 5]
