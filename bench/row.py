"""A line of the table: what the bare work costs, what ours costs, and whether that is enough."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`floor` and `ratio` are None where only our own number counts (statements, bytes).

    `ratio` is ours / floor, so a rate is good when high and a time is good when low. `target`
    says which: "≥ 10 %", "≤ 1.5 ×", "≤ 12".
    """

    name: str
    floor: float | None
    ours: float
    ratio: float | None
    unit: str
    target: str
    holds: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def rate(name: str, *, floor: float, ours: float, unit: str, at_least: float) -> Row:
    """Work done per second: ours shall reach this share of the floor's."""
    ratio = ours / floor
    return Row(name, floor, ours, ratio, unit, f"≥ {at_least * 100:.0f} %", ratio >= at_least)


def cost(name: str, *, floor: float, ours: float, unit: str, at_most: float) -> Row:
    """Time or bytes: ours shall stay below so many times the floor's."""
    ratio = ours / floor
    return Row(name, floor, ours, ratio, unit, f"≤ {at_most:g} ×", ratio <= at_most)


def limit(name: str, *, ours: float, unit: str, at_most: float) -> Row:
    """A number of our own that has no floor beside it."""
    return Row(name, None, ours, None, unit, f"≤ {at_most:g}", ours <= at_most)
