"""How often the matcher puts what belongs together first: `manage.py match_eval`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.geos import Point

from lostfound.catalogue import THING_KINDS
from lostfound.matching import score
from lostfound.matching.reading import read
from lostfound.matching.sides import Side

Row = Mapping[str, Any]


def evaluate(document: Mapping[str, Any], *, text_only: bool) -> dict[str, float]:
    """Rank every found text for each lost one. `text_only`: nothing but the two texts is read.

    Nothing in the document is believed to be there or to make sense but the texts.
    """
    pairs = _rows(document.get("pairs"))
    founds = [
        _side(row, "found", text_only=text_only)
        for row in (*pairs, *_rows(document.get("negatives")))
    ]
    ranks = [
        _rank(_side(row, "lost", text_only=text_only), founds, own=number)
        for number, row in enumerate(pairs)
    ]
    return {
        "recall_at_1": _share(ranks, within=1),
        "recall_at_5": _share(ranks, within=5),
    }


def _rows(given: object) -> list[Row]:
    return [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []


def _share(ranks: list[int], *, within: int) -> float:
    return round(sum(rank <= within for rank in ranks) / len(ranks), 4) if ranks else 0.0


def _rank(lost: Side, founds: Iterable[Side], *, own: int) -> int:
    """From 1. Of finds with one score the own one counts as the last: luck is no merit."""
    totals = [score.total(score.of_sides(lost, found)) for found in founds]
    return sum(total >= totals[own] for total in totals)


def _side(row: Row, side: str, *, text_only: bool) -> Side:
    reading = read(_text(row, f"{side}_text"))
    if text_only:
        return Side(reading, {}, frozenset(), None, None, None)
    day = _day(row.get(f"{side}_date"))
    where = _point(row.get(f"{side}_lon"), row.get(f"{side}_lat"))
    return Side(reading, _kinds(_text(row, "category")), frozenset(), where, day, day)


def _text(row: Row, name: str) -> str:
    given = row.get(name)
    return given if isinstance(given, str) else ""


def _kinds(category: str) -> dict[str, float]:
    """A code of the catalogue, a word for one, or whatever somebody calls a category."""
    code = category.strip().lower()
    if not code or code in THING_KINDS:
        return {code: 1.0} if code else {}
    return dict(read(category).kinds) or {code: 1.0}


def _day(given: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(given)[:10])
    except ValueError:
        return None


def _point(lon: object, lat: object) -> Point | None:
    try:
        x, y = float(str(lon)), float(str(lat))
    except ValueError:
        return None
    is_place = math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90
    return Point(x, y, srid=4326) if is_place else None
