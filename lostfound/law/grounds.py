"""Where a rule stands, how sure we are of it, and the shape of an answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    STATUTE = "A"
    PRACTICE = "B"  # an official page or a commentary says so
    READING = "C"  # our own reading: a setting of the municipality


@dataclass(frozen=True)
class Ground:
    """`cite` is written as German lawyers write it, in every language: "§ 973 Abs. 1 BGB"."""

    cite: str
    certainty: Certainty = Certainty.STATUTE


@dataclass(frozen=True)
class Answer:
    """May it be done? Yes when nothing is missing. Codes, which a screen turns into words.

    `then` is what must be done along with a yes or, after a no, to get further. `until` is the day
    up to which (included) the answer stays as it is, where time alone changes it.
    """

    ground: Ground
    missing: tuple[StrEnum, ...] = ()
    then: tuple[StrEnum, ...] = ()
    until: dt.date | None = None

    @property
    def allowed(self) -> bool:
        return not self.missing

    def __bool__(self) -> bool:
        return self.allowed


def practice(cite: str) -> Ground:
    return Ground(cite, Certainty.PRACTICE)


def reading(cite: str) -> Ground:
    return Ground(cite, Certainty.READING)
