"""Coins and notes: what a pile of them is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MOST_PIECES: Final = 100_000
NOTES: Final = (50000, 20000, 10000, 5000, 2000, 1000, 500)
COINS: Final = (200, 100, 50, 20, 10, 5, 2, 1)
ALL: Final = NOTES + COINS  # cents, the largest first


def worth(pieces: Mapping[int, int]) -> int:
    """Cents of so many of each."""
    return sum(cents * count for cents, count in pieces.items())
