"""Where the bars of a chart stand: numbers only, in units of the chart's own. No Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100
SLOT = 10  # the width of a week: two bars and a gap on either side
BAR = 3.5
LEAST = 4  # a single report is no column as high as the chart


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Columns:
    """Two rows of columns side by side; the tallest possible one counts `top`."""

    width: int
    height: int
    top: int
    first: Sequence[Bar]
    second: Sequence[Bar]


def columns(first: Sequence[int], second: Sequence[int]) -> Columns:
    """Pairs of columns on a scale that ends at a round number. Both are equally long."""
    top = round_up(max([*first, *second, LEAST]))
    return Columns(
        width=SLOT * len(first),
        height=HEIGHT,
        top=top,
        first=[_column(n, count, top, 1.3) for n, count in enumerate(first)],
        second=[_column(n, count, top, 1.3 + BAR + 0.4) for n, count in enumerate(second)],
    )


def _column(place: int, count: int, top: int, inset: float) -> Bar:
    height = round(HEIGHT * count / top, 2)
    return Bar(round(SLOT * place + inset, 2), round(HEIGHT - height, 2), BAR, height)


def round_up(count: int) -> int:
    """The next number that reads well at the top of a scale: 1, 2, 4, 5, 10, 20, 40, 50, …"""
    scale = 1
    while True:
        for step in (1, 2, 4, 5):
            if count <= step * scale:
                return step * scale
        scale *= 10


def shares(counts: Sequence[int]) -> list[float]:
    """Each as percent of the greatest; all 0 where nothing was counted."""
    most = max(counts, default=0)
    return [round(100 * count / most, 1) if most else 0.0 for count in counts]
