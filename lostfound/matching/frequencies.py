"""How much a word tells: what stands in every second text tells little of a thing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lostfound.matching.lexicon import DATA, lexicon
from lostfound.matching.words import Word, words_of


@dataclass(frozen=True)
class Frequencies:
    """In how many of `texts` texts an idea or word occurs. What does not stand here is rare."""

    texts: int
    counts: Mapping[str, int]

    def weight_of(self, word: Word) -> float:
        """In bits, of the most telling of its sure meanings: 1 for the commonest."""
        known = lexicon().ideas
        ideas = [
            sense for sense, sureness in word.senses.items() if sense in known and sureness > 0.8
        ]
        said = max((self.counts.get(sense, 0) for sense in ideas or [f"={word.key}"]), default=0)
        return max(1.0, math.log2((self.texts + 1) / (said + 0.5 + self.texts / 250)))


def counted(texts: Iterable[str]) -> Frequencies:
    counts: Counter[str] = Counter()
    number = 0
    for text in texts:
        number += 1
        counts.update({sense for word in words_of(text) for sense in word.senses})
    return Frequencies(number, counts)


@lru_cache(maxsize=1)
def background() -> Frequencies:
    """Of everyday texts about lost things (bench/matching.py --frequencies writes them)."""
    first, *lines = (DATA / "frequencies.tsv").read_text(encoding="utf-8").splitlines()
    counts = {}
    for line in lines:
        sense, _, number = line.rpartition("\t")
        counts[sense] = int(number)
    return Frequencies(int(first), counts)
