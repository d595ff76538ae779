"""Which category is probably meant: by what was typed, and by what is reported around there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import connection

from reports.catalogue import offered as catalogue
from reports.catalogue.offered import Entry, Group
from reports.catalogue.suggest import suggest

MOST = 3
NEAR_M = 1500
NEIGHBOURS = 60
MAX_TEXT = 4000


@dataclass(frozen=True)
class Proposal:
    """A category that is probably meant: by the words (`is_said`), or as usual at the place."""

    entry: Entry
    is_said: bool


def propose(
    groups: Sequence[Group], *, text: str = "", at: Point | None = None, most: int = MOST
) -> list[Proposal]:
    """Categories offered in `groups`, likeliest first: what the words mean, then what is usual at
    the place. One statement with a place, none without.
    """
    entries = {entry.code: entry for group in groups for entry in group.entries}
    said = [hit.code for hit in suggest(text[:MAX_TEXT], catalogue.choices(groups), limit=most)]
    usual = usual_at(at) if at is not None and len(said) < most else []
    codes = [code for code in dict.fromkeys([*said, *usual]) if code in entries]
    return [Proposal(entries[code], code in said) for code in codes[:most]]


def usual_at(point: Point) -> list[str]:
    """Codes of what the public reports closest to the point are about, the most frequent first."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT category.code FROM (SELECT category_id FROM reports_report "
            "WHERE is_public AND ST_DWithin(public_position::geography, %(at)s::geography, %(m)s) "
            "ORDER BY public_position::geography <-> %(at)s::geography LIMIT %(most)s) AS near "
            "JOIN reports_category AS category ON category.id = near.category_id",
            {"at": point.ewkt, "m": NEAR_M, "most": NEIGHBOURS},
        )
        counts = Counter(code for (code,) in sql.fetchall())
    return sorted(counts, key=lambda code: (-counts[code], code))
