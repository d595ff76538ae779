"""„Montagsmodus“: hazards first, then what came since the town hall closed, by place and kind.

Forty reports of one storm are worked as a few heaps, not as forty rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.desk.rows import Row
from reports.models import Report


@dataclass(frozen=True)
class Heap:
    """Reports to be worked as one: of a kind, in an Ortsteil. `kind` "" for what is alone."""

    kind: str
    place: str
    rows: tuple[Row, ...]
    is_hazard: bool = False


def heaps(rows: Sequence[Row]) -> list[Heap]:
    """Hazards; then the largest heaps; what stays alone together at the end, by place."""
    hazards = tuple(row for row in rows if row.report.is_hazard)
    found: dict[tuple[int, int, str], list[Row]] = {}
    for row in rows:
        report = row.report
        if not report.is_hazard:
            key = (report.category_id, report.municipality_id, report.locality)
            found.setdefault(key, []).append(row)
    large = [_heap(some) for some in found.values() if len(some) > 1]
    large.sort(key=lambda heap: (-len(heap.rows), heap.kind, heap.place))
    alone = [some[0] for some in found.values() if len(some) == 1]
    alone.sort(key=lambda row: (place_of(row.report), *_walk(row)))
    made = [Heap("", "", hazards, is_hazard=True)] if hazards else []
    return [*made, *large, *([Heap("", "", tuple(alone))] if alone else [])]


def _heap(rows: list[Row]) -> Heap:
    """House by house along the streets, as somebody would walk."""
    first = rows[0].report
    return Heap(first.category.label, place_of(first), tuple(sorted(rows, key=_walk)))


def place_of(report: Report) -> str:
    town = report.municipality.name.partition(" (")[0]
    return f"{report.locality}, {town}" if report.locality else town


def _walk(row: Row) -> tuple[str, int, str]:
    number = row.report.house_number
    digits = number[: len(number) - len(number.lstrip("0123456789"))]
    return row.report.street, int(digits or 0), number
