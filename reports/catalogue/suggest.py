"""Which category do everyday words mean? The one seam where a trained model may stand later.

Words of a text are stemmed (Snowball, German and English) and looked up among the names and
synonyms of the categories: the same stem, a part of a compound ("Mülltonne" has "Müll"), a typo.
Rare words count more than those that many categories share.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

import snowballstemmer
from rapidfuzz.distance import DamerauLevenshtein

WORD = re.compile(r"[^\W\d_]{2,}")
MOST_WORDS = 200
NAME, SYNONYM, GROUP = 3.0, 2.5, 0.6
COMPOUND, TYPO = 0.7, 0.6
SHORTEST_PART = 4
LEAST = 1.5
_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_DIGRAPHS = re.compile(r"(?<![aeq])([aou])e(?![aeiouy])")
_FILLERS = """
    aber alle als also am an and are auch auf aus bei beim bin bis bitte da dann das dass dem den
    der des die dies diese dieser dieses doch dort du durch ein eine einem einen einer eines er es
    etwas euch fur ganz gar gibt hab habe haben hat hier hinter ich ihr im immer in is ist ja jetzt
    kann kein keine konnen leider man mehr mehrere mein mich mir mit mochte nach neben nicht noch
    nun nur ob oder of on ohne schon sehr seit sich sie sind so steht straße strasse the this uber
    um und uns unser unten unter vom von vor war wann was wer werden wie wieder wir wird wo wurde
    wurden zu zum zur zwischen gegen gross grosse grosser kaputt defekt beschadigt liegt liegen
    damen herren geehrte hallo danke grusse freundlichen viele meldung melden
"""
_SILENT = frozenset(_FILLERS.split())


@dataclass(frozen=True)
class Choice:
    """A category as words: all that a resident might call it."""

    code: str
    names: tuple[str, ...]
    synonyms: str = ""
    group: str = ""


@dataclass(frozen=True)
class Hit:
    """A category that the words may mean; `word` is what spoke most for it."""

    code: str
    score: float
    word: str


def suggest(text: str, choices: Sequence[Choice], *, limit: int = 3) -> list[Hit]:
    """The likeliest categories, best first; none where the words tell nothing."""
    index = _index(tuple(choices))
    scores: defaultdict[str, float] = defaultdict(float)
    loudest: dict[str, tuple[float, str]] = {}
    for word in _words(text):
        for code, score in index.votes(stem(word)).items():
            scores[code] += score
            loudest[code] = max(loudest.get(code, (0.0, "")), (score, word))
    ranked = sorted(scores, key=lambda code: (-scores[code], index.order[code]))
    return [
        Hit(code, round(scores[code], 3), loudest[code][1])
        for code in ranked[:limit]
        if scores[code] >= LEAST
    ]


def fold(word: str) -> str:
    """Lower case without umlauts and accents; "ae" and "ä" meet."""
    plain = unicodedata.normalize("NFC", word.lower()).translate(_FOLDED)
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return _DIGRAPHS.sub(r"\1", plain)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The German stem of a word, folded: "Schlaglöcher" and "Schlagloch" meet."""
    return fold(str(_stemmer().stemWord(unicodedata.normalize("NFC", word.lower()))))


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("german")


def _words(text: str) -> Iterable[str]:
    """The telling words of a text, each once, in order."""
    words = dict.fromkeys(match.group().lower() for match in WORD.finditer(text))
    return [word for word in words if fold(word) not in _SILENT][:MOST_WORDS]


class _Index:
    """Stems of all choices, each with what it is worth to which choice."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.order = {choice.code: place for place, choice in enumerate(choices)}
        self.worth: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for choice in choices:
            for text, weight in (
                *((name, NAME) for name in choice.names),
                (choice.synonyms, SYNONYM),
                (choice.group, GROUP),
            ):
                for word in _words(text):
                    known = self.worth[stem(word)]
                    known[choice.code] = max(weight, known.get(choice.code, 0.0))
        self.rarity = {
            each: log(1 + len(choices) / len(codes)) for each, codes in self.worth.items()
        }
        self._cached = lru_cache(maxsize=4096)(self._votes)

    def votes(self, word: str) -> dict[str, float]:
        return self._cached(word)

    def _votes(self, word: str) -> dict[str, float]:
        """What a stem says for each choice: the best of its likenesses to known stems."""
        near = self._likenesses(word)
        votes: dict[str, float] = {}
        for known, likeness in near.items():
            for code, weight in self.worth[known].items():
                score = likeness * weight * self.rarity[known]
                votes[code] = max(score, votes.get(code, 0.0))
        return votes

    def _likenesses(self, word: str) -> dict[str, float]:
        near = {known: likeness for known in self.worth if (likeness := _compound(word, known))}
        if word in self.worth:
            near[word] = 1.0
        if near or len(word) <= SHORTEST_PART:
            return near
        most = 1 if len(word) < 8 else 2
        return {
            known: TYPO
            for known in self.worth
            if known[0] == word[0]
            and len(known) > SHORTEST_PART
            and DamerauLevenshtein.distance(word, known, score_cutoff=most) <= most
        }


@lru_cache(maxsize=16)
def _index(choices: tuple[Choice, ...]) -> _Index:
    return _Index(choices)


def _compound(word: str, known: str) -> float:
    """How much of the longer word the shorter makes up, when it begins or ends it; else 0."""
    short, long = sorted((word, known), key=len)
    if len(short) < SHORTEST_PART or not (long.startswith(short) or long.endswith(short)):
        return 0.0
    return COMPOUND * (0.5 + 0.5 * len(short) / len(long))
