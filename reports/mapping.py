"""What a map tile shows: counts from afar, pins from near.

A tile is answered by PostgreSQL as JSON, in one statement (two where pins would be too many):
cursor, counts and pins are of one snapshot, and Python has nothing left to do for each of them.
docs/adr/0008-map-pyramid.md tells how it counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from geo.boxes import Box
from reports.models import EVER
from reports.pyramid import DEEPER, FINEST, MICRO, TOWNS_FROM
from reports.queries import Selection
from reports.workflow import CLOSED, OPEN, Status
from townhall.live import CURSOR_SQL, cursor

POINTS_FROM_ZOOM = 14
MAX_POINTS = 500
SPOT_ZOOM = 22  # of `reports_spot`, migration 0008


@dataclass(frozen=True)
class Tile:
    """`clusters` and `reports` are JSON texts; `cut`: there are more reports than are shown."""

    cursor: str
    clusters: str
    reports: str
    cut: bool = False

    @cached_property
    def shown(self) -> str:
        cut = "true" if self.cut else "false"
        return f'"clusters": {self.clusters}, "reports": {self.reports}, "cut": {cut}'

    @cached_property
    def tag(self) -> str:
        """Of what is shown: the cursor is newer in each body, but old ones stay valid."""
        return hashlib.sha256(self.shown.encode()).hexdigest()[:20]

    @cached_property
    def body(self) -> bytes:
        """`{"cursor": str, "clusters": [{"at": [lon, lat], "n": int, "by": {status: int}}],
        "reports": [postcard], "cut": bool}`. A cluster of one is a report."""
        return f'{{"cursor": "{self.cursor}", {self.shown}}}'.encode()


def tile(z: int, x: int, y: int, selection: Selection) -> Tile:
    """The content of one tile. At most three statements. Raises BadTile."""
    Box.of_tile(z, x, y)
    where = Where(z, _interleaved(x, y), selection, timezone.localdate())
    if z < POINTS_FROM_ZOOM:
        return _counted(where)
    near = _pointed(where)
    # So dense that pins would be left out: rings tell the truth, as far down as there are cells.
    return _counted(where) if near.cut and z <= FINEST else near


def _interleaved(x: int, y: int) -> int:
    """Column and row with their bits interleaved, as `reports_spot` does it."""
    return sum(
        (x >> bit & 1) << 2 * bit | (y >> bit & 1) << 2 * bit + 1 for bit in range(SPOT_ZOOM)
    )


@dataclass(frozen=True)
class Where:
    """A tile and a selection, as pieces of SQL and their values."""

    z: int
    number: int
    selection: Selection
    today: dt.date

    def span(self, level: int) -> dict[str, int]:
        """The squares of a finer level in the tile: from the first to before the last."""
        deeper = 2 * (level - self.z)
        return {"first": self.number << deeper, "last": (self.number + 1) << deeper}

    @property
    def first_month(self) -> dt.date | None:
        return self.selection.first_month(self.today)

    @property
    def next_month(self) -> dt.date:
        """The latest month that counts: clocks differ."""
        return (self.today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)

    @property
    def open(self) -> list[Status]:
        asked = self.selection.statuses
        return sorted(OPEN if asked is None else asked & OPEN)

    @property
    def closed(self) -> list[Status]:
        asked = self.selection.statuses
        return sorted(CLOSED - {Status.DUPLICATE} if asked is None else asked & CLOSED)

    @property
    def lately(self) -> bool:
        """Closed reports only from the stored day on."""
        return self.selection.statuses is None

    @property
    def towns(self) -> str:
        return (
            "ANY(ARRAY(SELECT id FROM townhall_municipality WHERE key = ANY(%(towns)s)))"
            if self.selection.municipalities
            else ""
        )

    @property
    def values(self) -> dict[str, Any]:
        return {
            "open": self.open,
            "closed": self.closed,
            "group": self.selection.group,
            "towns": list(self.selection.municipalities),
            "first_month": self.first_month,
            "next_month": self.next_month,
            "language": (get_language() or "de")[:2],
        }


def _all_of(*conditions: str) -> str:
    return " AND ".join(filter(None, conditions))


# ── From afar ────────────────────────────────────────────────────────────────────────────────
def _counted(where: Where) -> Tile:
    level = min(where.z + DEEPER, FINEST)
    sql = f"""
        WITH parts AS (
            SELECT cell AS spot, status, n, lon, lat, reports FROM reports_pyramidcell
            WHERE {_in_cells(where, level)}
            UNION ALL
            SELECT cell >> {2 * (FINEST - level)}, status, n, lon, lat, reports
            FROM reports_pyramiddelta WHERE {_in_deltas(where)}
        ),
        heaps AS (
            SELECT spot, status, sum(n) AS n, sum(lon::float8) AS lon, sum(lat::float8) AS lat,
                sum(reports::float8) AS reports
            FROM parts GROUP BY spot, status HAVING sum(n) <> 0
        ),
        cells AS (
            SELECT spot, sum(n)::integer AS n, sum(lon) AS lon, sum(lat) AS lat,
                sum(reports)::bigint AS one, json_object_agg(status, n ORDER BY status) AS "by"
            FROM heaps GROUP BY spot
        )
        SELECT {CURSOR_SQL},
            (SELECT coalesce(json_agg(json_build_object(
                'at', json_build_array(round(lon / n) / {MICRO}, round(lat / n) / {MICRO}),
                'n', n, 'by', "by") ORDER BY spot), '[]')::text FROM cells WHERE n > 1),
            (SELECT coalesce(json_agg({_CARD} ORDER BY report.code), '[]')::text
             FROM cells JOIN reports_report AS report ON report.id = cells.one {_CARD_JOINS}
             WHERE n = 1 AND report.is_public)
    """  # noqa: S608
    first = {f"fine_{name}": value for name, value in where.span(FINEST).items()}
    taken, clusters, reports = _ask(sql, where.values | where.span(level) | first)
    return Tile(taken, clusters, reports)


def _in_cells(where: Where, level: int) -> str:
    ever = f"= date '{EVER}'"
    period = "= ANY(ARRAY(SELECT generate_series(%(first_month)s::date, %(next_month)s, '1 month')"
    everybody = "" if level >= TOWNS_FROM else "municipality = 0"
    return _all_of(
        f"level = {level} AND cell >= %(first)s AND cell < %(last)s",
        f"month {period}::date))" if where.first_month else f"month {ever}",
        f"municipality = {where.towns}" if where.towns else everybody,
        _in_states("lately", where),
        _in_group(where),
    )


def _in_deltas(where: Where) -> str:
    return _all_of(
        "cell >= %(fine_first)s AND cell < %(fine_last)s",
        "day >= %(first_month)s" if where.first_month else "",
        f"municipality = {where.towns}" if where.towns else "",
        _in_states("day >= (SELECT reports_since())", where),
        _in_group(where),
    )


def _in_states(lately: str, where: Where) -> str:
    closed = f"AND {lately}" if where.lately else ""
    return f"(status = ANY(%(open)s) OR status = ANY(%(closed)s) {closed})"


def _in_group(where: Where) -> str:
    if not where.selection.group:
        return ""
    return '"group" = (SELECT id FROM reports_category WHERE code = %(group)s)'


# ── From near ────────────────────────────────────────────────────────────────────────────────
_OPEN_SQL = ", ".join(f"'{status}'" for status in sorted(OPEN))  # as the partial indexes say it

_EARLIEST = f"""
    SELECT reports_month(changed_at) FROM reports_report
    WHERE is_public AND NOT (status IN ({_OPEN_SQL})) ORDER BY 1 LIMIT 1
"""  # noqa: S608


def _pointed(where: Where) -> Tile:
    """Any MAX_POINTS of the tile, not the newest: sorting would first have to find all."""
    halves = [_open(where)] * bool(where.open) + [_closed(where)] * bool(where.closed)
    sql = f"""
        WITH hits AS MATERIALIZED ({" UNION ALL ".join(f"({half})" for half in halves)}),
        shown AS (SELECT * FROM hits LIMIT {MAX_POINTS})
        SELECT {CURSOR_SQL},
            (SELECT coalesce(json_agg({_CARD} ORDER BY report.code), '[]')::text
             FROM shown AS report {_CARD_JOINS}),
            (SELECT count(*) > {MAX_POINTS} FROM hits)
    """  # noqa: S608
    taken, reports, cut = _ask(sql, where.values | where.span(SPOT_ZOOM))
    return Tile(taken, "[]", reports, cut)


def _open(where: Where) -> str:
    return _found(
        where,
        f"status IN ({_OPEN_SQL})",
        "status = ANY(%(open)s)" if len(where.open) < len(OPEN) else "",
    )


def _closed(where: Where) -> str:
    """Month by month: so those closed lately are found among all that ever were."""
    earliest = "date_trunc('month', reports_since())" if where.lately else f"({_EARLIEST})"
    begin = f"greatest({earliest}, %(first_month)s::date)" if where.first_month else earliest
    return _found(
        where,
        f"NOT (status IN ({_OPEN_SQL})) AND status = ANY(%(closed)s)",
        f"reports_month(changed_at) = ANY(ARRAY(SELECT generate_series({begin}, %(next_month)s,"
        " '1 month')::date))",
        "changed_at >= (SELECT reports_since()::timestamp AT TIME ZONE 'Europe/Berlin')"
        if where.lately
        else "",
    )


def _found(where: Where, *conditions: str) -> str:
    group = (
        "category_id = ANY(ARRAY(SELECT id FROM reports_category WHERE group_id ="
        " (SELECT id FROM reports_category WHERE code = %(group)s)))"
        if where.selection.group
        else ""
    )
    month = "reports_month(changed_at) >= %(first_month)s" if where.first_month else ""
    towns = f"municipality_id = {where.towns}" if where.towns else ""
    span = "reports_spot(public_position) >= %(first)s AND reports_spot(public_position) < %(last)s"
    return f"""
        SELECT code, version, status, is_hazard, municipality_id, category_id, street, locality,
            public_position
        FROM reports_report WHERE {_all_of("is_public", span, *conditions, group, month, towns)}
        LIMIT {MAX_POINTS + 1}
    """  # noqa: S608


# ── Pins ─────────────────────────────────────────────────────────────────────────────────────
# What live.postcard says, for `report`.
_CARD = f"""json_build_object(
    'kind', 'report', 'code', report.code, 'version', report.version, 'status', report.status,
    'hazard', report.is_hazard, 'group', coalesce(parent.code, ''), 'category', category.code,
    'municipality', town.key,
    'title', concat_ws(', ',
        nullif(coalesce(category.translations ->> %(language)s, category.name), ''),
        CASE category.public_place WHEN 'none' THEN NULL
            WHEN 'locality' THEN nullif(report.locality, '')
            ELSE coalesce(nullif(report.street, ''), nullif(report.locality, '')) END),
    'at', json_build_array(
        round(ST_X(report.public_position) * {MICRO}) / {MICRO},
        round(ST_Y(report.public_position) * {MICRO}) / {MICRO}))"""
_CARD_JOINS = """
    JOIN reports_category AS category ON category.id = report.category_id
    LEFT JOIN reports_category AS parent ON parent.id = category.group_id
    JOIN townhall_municipality AS town ON town.id = report.municipality_id
"""


def _ask(sql: str, values: dict[str, Any]) -> tuple[Any, ...]:
    """One row, whose first column is the cursor."""
    with connection.cursor() as query:
        query.execute(sql, values)
        row: tuple[Any, ...] = query.fetchone()
    return row if row[0] is not None else (cursor(), *row[1:])
