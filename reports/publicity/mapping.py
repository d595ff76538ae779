"""What a map tile shows: counts from afar, pins from near.

A tile is answered by PostgreSQL as JSON, in one statement: cursor, counts and pins are of one
snapshot, and Python has nothing left to do for each of them.
docs/adr/0008-map-pyramid.md tells how it counts.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from geo.boxes import Box
from reports.models import EVER
from reports.publicity import shown
from reports.publicity.pyramid import DEEPER, FINEST, MICRO, TOWNS_FROM
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

    @cached_property
    def zipped(self) -> bytes:
        return gzip.compress(self.body, compresslevel=5, mtime=0)


def tile(z: int, x: int, y: int, selection: Selection) -> Tile:
    """The content of one tile. At most three statements, five with words. Raises BadTile."""
    box = Box.of_tile(z, x, y)
    if selection.is_narrow:
        return _narrow(box, selection)
    where = Where(z, _interleaved(x, y), selection, timezone.localdate())
    sql = f"""
        WITH {_all_of(_counted(where), _pointed(where), by=", ")}
        SELECT {CURSOR_SQL}, {_rings(where)}, {_pins(where)}, {_cut(where)}
    """
    with connection.cursor() as query:
        query.execute(sql, where.values)
        taken, clusters, reports, cut = query.fetchone()
    return Tile(taken or cursor(), clusters, reports, cut)


def _narrow(box: Box, selection: Selection) -> Tile:
    """Pins at every zoom, for what the pyramid does not count: any MAX_POINTS of them."""
    taken = cursor()
    hits = shown.reports(selection).inside(box).order_by()
    found = list(hits.values_list("pk", flat=True)[: MAX_POINTS + 1])
    with connection.cursor() as query:
        query.execute(_NAMED, {"found": found[:MAX_POINTS], "language": _language()})
        (reports,) = query.fetchone()
    return Tile(taken, "[]", reports, cut=len(found) > MAX_POINTS)


def _language() -> str:
    return (get_language() or "de")[:2]


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

    @property
    def has_rings(self) -> bool:
        return self.z <= FINEST

    @property
    def has_pins(self) -> bool:
        return self.z >= POINTS_FROM_ZOOM

    @property
    def level(self) -> int:
        """Of the cells that are shown."""
        return min(self.z + DEEPER, FINEST)

    def _span(self, name: str, level: int) -> dict[str, int]:
        """The squares of a finer level in the tile: from the first to before the last."""
        deeper = 2 * (level - self.z)
        first, end = self.number << deeper, (self.number + 1) << deeper
        return {f"first_{name}": first, f"end_{name}": end}

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
            "most": MAX_POINTS,
            "language": _language(),
            **self._span("spot", SPOT_ZOOM),
            **(
                self._span("cell", self.level) | self._span("fine", FINEST)
                if self.has_rings
                else {}
            ),
        }


_TOO_MANY = "(SELECT n > %(most)s FROM total)"


def _all_of(*pieces: str, by: str = " AND ") -> str:
    return by.join(filter(None, pieces))


# ── From afar ────────────────────────────────────────────────────────────────────────────────
def _counted(where: Where) -> str:
    """CTEs `cells`, and `total` with the number of reports in the tile."""
    if not where.has_rings:
        return ""
    return f"""
        parts AS (
            SELECT cell AS spot, status, n, lon, lat, reports FROM reports_pyramidcell
            WHERE {_in_cells(where)}
            UNION ALL
            SELECT cell >> {2 * (FINEST - where.level)}, status, n, lon, lat, reports
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
        ),
        total AS (SELECT coalesce(sum(n), 0) AS n FROM cells)
    """  # noqa: S608


def _in_cells(where: Where) -> str:
    ever = f"= date '{EVER}'"
    period = "= ANY(ARRAY(SELECT generate_series(%(first_month)s::date, %(next_month)s, '1 month')"
    everybody = "" if where.level >= TOWNS_FROM else "municipality = 0"
    return _all_of(
        f"level = {where.level} AND cell >= %(first_cell)s AND cell < %(end_cell)s",
        f"month {period}::date))" if where.first_month else f"month {ever}",
        f"municipality = {where.towns}" if where.towns else everybody,
        _in_states("lately", where),
        _in_group(where),
    )


def _in_deltas(where: Where) -> str:
    return _all_of(
        "cell >= %(first_fine)s AND cell < %(end_fine)s",
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


def _pointed(where: Where) -> str:
    """CTE `hits`: any MAX_POINTS and one, not the newest, for sorting would have to find all."""
    if not where.has_pins:
        return ""
    halves = [_open(where)] * bool(where.open) + [_closed(where)] * bool(where.closed)
    return f"hits AS MATERIALIZED ({' UNION ALL '.join(f'({half})' for half in halves)})"


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
    spot = "reports_spot(public_position)"
    span = f"{spot} >= %(first_spot)s AND {spot} < %(end_spot)s"
    few = f"NOT {_TOO_MANY}" if where.has_rings else ""
    return f"""
        SELECT {_COLUMNS} FROM reports_report
        WHERE {_all_of("is_public", span, *conditions, group, month, towns, few)}
        LIMIT %(most)s + 1
    """  # noqa: S608


# ── What is shown ────────────────────────────────────────────────────────────────────────────
# Below POINTS_FROM_ZOOM rings, and what is alone in its cell; far enough above it pins. Between
# the two pins, or, where they would be too many, rings: these tell the truth.
_COLUMNS = (
    "code, version, status, is_hazard, municipality_id, category_id, street, locality, "
    "public_position"
)
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


def _rings(where: Where) -> str:
    if not where.has_rings:
        return "'[]'"
    return f"""(
        SELECT coalesce(json_agg(json_build_object(
            'at', json_build_array(round(lon / n) / {MICRO}, round(lat / n) / {MICRO}),
            'n', n, 'by', "by") ORDER BY spot), '[]')::text
        FROM cells WHERE {_all_of("n > 1", _too_many(where))}
    )"""  # noqa: S608


def _pins(where: Where) -> str:
    parts = []
    if where.has_rings:
        alone = _all_of("cells.n = 1 AND is_public", _too_many(where))
        parts.append(
            f"SELECT {_COLUMNS} FROM cells JOIN reports_report ON id = cells.one WHERE {alone}"  # noqa: S608
        )
    if where.has_pins:
        parts.append("(SELECT * FROM hits LIMIT %(most)s)")
    reports = " UNION ALL ".join(parts)
    return f"({_cards(f'({reports})')})"


def _cards(reports: str) -> str:
    """SQL: the postcards of `reports`, a table or a query in brackets, as one JSON text."""
    return f"""
        SELECT coalesce(json_agg({_CARD} ORDER BY report.code), '[]')::text
        FROM {reports} AS report
        JOIN reports_category AS category ON category.id = report.category_id
        LEFT JOIN reports_category AS parent ON parent.id = category.group_id
        JOIN townhall_municipality AS town ON town.id = report.municipality_id
    """  # noqa: S608


_NAMED = f"{_cards('reports_report')} WHERE report.id = ANY(%(found)s) AND report.is_public"


def _cut(where: Where) -> str:
    return "(SELECT count(*) > %(most)s FROM hits)" if where.has_pins else "false"


def _too_many(where: Where) -> str:
    return _TOO_MANY if where.has_pins else ""
