"""Money is whole cents. What is not whole stays exact until the end, where it is rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor


class Rounding(StrEnum):
    """The law doesn't say how a fraction of a cent is rounded."""

    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"


@dataclass(eq=False)
class NegativeMoney(Exception):
    cents: int


def rounded(exact: Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Whole cents of an amount that isn't negative."""
    match rounding:
        case Rounding.DOWN:
            return floor(exact)
        case Rounding.UP:
            return ceil(exact)
        case Rounding.HALF_UP:
            return floor(exact + Fraction(1, 2))


def checked(cents: int) -> int:
    """The same amount. Raises NegativeMoney."""
    if cents < 0:
        raise NegativeMoney(cents)
    return cents
