"""How alike two texts are: word by word, each found in the other as itself, as another word for
the same idea, as a broader one, or mistyped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from lostfound.matching.frequencies import Frequencies
from lostfound.matching.lexicon import lexicon
from lostfound.matching.reading import Reading
from lostfound.matching.words import Word

OF_SYNONYM = 0.95
OF_ABSENT = 0.2  # the one says that it has something, the other that it hasn't
OF_UNKNOWN_LEFT = 0.25  # of what only one side says: how much it speaks against
OF_UNKNOWN_RIGHT = 0.45
MOST_WORDS = 6
PRIOR = 9.0  # bits that nobody has: two words alike are no proof


@dataclass(frozen=True)
class Shared:
    """A word of the one text, its like in the other, and how alike they are."""

    word: Word
    other: Word | None
    likeness: float


def words_alike(lost: Reading, found: Reading, frequencies: Frequencies) -> float:
    """0 to 1: which part of what the two texts say they both say. Rare words count for more."""
    both, left = _evidence(lost.words, found.words, frequencies)
    again, right = _evidence(found.words, lost.words, frequencies)
    both = (both + again) / 2
    return both / (both + OF_UNKNOWN_LEFT * left + OF_UNKNOWN_RIGHT * right + PRIOR)


def telling_words(lost: Reading, found: Reading, frequencies: Frequencies) -> list[str]:
    """The rarest of what both say, as staff may read it; at most `MOST_WORDS`."""
    pairs = [pair for pair in shared_words(lost.words, found.words) if pair.likeness >= 0.5]
    pairs.sort(key=lambda pair: -frequencies.weight_of(pair.word))
    return list(dict.fromkeys(_name(pair.word) for pair in pairs))[:MOST_WORDS]


def _name(word: Word) -> str:
    """As the owner wrote it; of a compound's part the name of its idea."""
    ideas = lexicon().ideas
    names = (sense.capitalize() for sense in word.senses if sense in ideas)
    return word.said or next(names, word.key.capitalize())


def shared_words(words: Sequence[Word], others: Sequence[Word]) -> list[Shared]:
    """Each word once, with what is most like it on the other side."""
    seen: set[str] = set()
    pairs = []
    for word in words:
        if word.key not in seen:
            seen.add(word.key)
            pairs.append(_best(word, others))
    return pairs


def _best(word: Word, others: Sequence[Word]) -> Shared:
    best = Shared(word, None, 0.0)
    for other in others:
        likeness = alike(word.key, other.key, word, other)
        if word.is_absent != other.is_absent:
            likeness *= OF_ABSENT
        if likeness > best.likeness:
            best = Shared(word, other, likeness)
    return best


def _evidence(
    words: Sequence[Word], others: Sequence[Word], frequencies: Frequencies
) -> tuple[float, float]:
    """Bits that the others say, too, and bits that they don't."""
    both = alone = 0.0
    for pair in shared_words(words, others):
        weight = frequencies.weight_of(pair.word)
        both += weight * pair.likeness
        alone += weight * (1 - pair.likeness)
    return both, alone


def alike(key: str, other_key: str, word: Word, other: Word) -> float:
    """1: the same word. The order does not matter."""
    if key == other_key:
        return 1.0
    likeness = max(
        (
            sureness * other.senses[sense]
            for sense, sureness in word.senses.items()
            if sense in other.senses
        ),
        default=0.0,
    )
    likeness = min(likeness, OF_SYNONYM)
    if likeness < 0.8:
        likeness = max(likeness, _written_alike(*sorted((key, other_key))))
    return likeness


@lru_cache(maxsize=200_000)
def _written_alike(key: str, other: str) -> float:
    """One is the other mistyped, or a part of it."""
    shorter = min(len(key), len(other))
    if shorter < 4 or not (key.isalpha() and other.isalpha()):
        return 0.0
    if (key in other or other in key) and shorter >= 4:
        return 0.6 if shorter >= 5 else 0.4
    near = OSA.normalized_similarity(key, other)
    return float(near) * 0.9 if near >= (0.8 if shorter >= 6 else 1.0) else 0.0
