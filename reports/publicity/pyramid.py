"""Counts of public reports for the map from afar: folded, kept up with the days, proved, rebuilt.

The triggers of migration 0010 write every difference as a delta, in the transaction that makes
it. `fold` adds the deltas to the cells and takes them away, in one transaction. So whatever
snapshot a reader has, a report is counted once, in a delta or in the cells, and an answer
(mapping.py) is their sum in one statement. docs/adr/0008-map-pyramid.md tells why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from reports.models import EVER
from reports.queries import CURRENT_DAYS

DEEPER = 2  # a tile of zoom z shows 4 × 4 cells of level z + 2
FINEST = 15
LEVELS = range(DEEPER, FINEST + 1)
# On coarser levels a cell holds so many towns that all of them together get rows of their own.
TOWNS_FROM = 13
MICRO = 1_000_000
_FOLDING = 0x4B41_5054  # the key of the advisory lock under which alone cells are written


@dataclass(frozen=True)
class Difference:
    """Where pyramid and plain count disagree. Each side: n, lon, lat, reports.

    `level` None: in the reports of one day; `month` is that day then.
    """

    level: int | None
    month: dt.date
    cell: int
    municipality: int
    status: str
    lately: bool
    group: int
    told: tuple[int, ...]
    true: tuple[int, ...]


# ── Pieces of SQL ────────────────────────────────────────────────────────────────────────────
_SUMS = "n, lon, lat, reports"
_DAY_KEY = 'day, cell, municipality, status, "group"'
_KEY = 'level, month, cell, municipality, status, lately, "group"'
_ADDED = ", ".join(f"sum({each})::bigint AS {each}" for each in _SUMS.split(", "))
_NOT_NOTHING = "(n <> 0 OR lon <> 0 OR lat <> 0 OR reports <> 0)"
_ADD = ", ".join(f"{each} = old.{each} + excluded.{each}" for each in _SUMS.split(", "))
_SET = ", ".join(f"{each} = excluded.{each}" for each in _SUMS.split(", "))


def _on_all_levels(faces: str) -> str:
    """SQL: `faces` (of level 15, with month and lately) as every level counts them.

    Each level is counted from the one below it, which has fewer rows than the faces have.
    """
    finest = f"""(
        SELECT each.month, cell << 2 AS cell, municipality, status, lately, "group", {_SUMS}
        FROM ({faces}) AS face
        CROSS JOIN LATERAL (VALUES (face.month), (date '{EVER}')) AS each (month)
    )"""  # noqa: S608
    steps = [_level(FINEST, finest)]
    steps += [_level(level, f"level_{level + 1}") for level in reversed(LEVELS[:-1])]
    every = " UNION ALL ".join(f"TABLE level_{level}" for level in LEVELS)
    return f"WITH {', '.join(steps)} {every}"


def _level(level: int, below: str) -> str:
    """SQL: one level, counted from rows whose cells are one level finer."""
    town, towns = "municipality", ""
    if level == TOWNS_FROM - 1:
        town, towns = "each.town", "CROSS JOIN LATERAL (VALUES (municipality), (0)) AS each (town)"
    return f"""level_{level} AS (
        SELECT {level} AS level, month, cell >> 2 AS cell, {town} AS municipality, status, lately,
            "group", {_ADDED}
        FROM {below} AS below {towns} GROUP BY 1, 2, 3, 4, 5, 6, 7
    )"""  # noqa: S608


def _dated(days: str) -> str:
    """SQL: rows with a day as faces."""
    return f"""
        SELECT date_trunc('month', day)::date AS month, day >= (SELECT reports_since()) AS lately,
            cell, municipality, status, "group", {_SUMS}
        FROM {days}
    """  # noqa: S608


# ── Folding ──────────────────────────────────────────────────────────────────────────────────
_FOLD = f"""
    WITH deltas AS (DELETE FROM reports_pyramiddelta RETURNING *),
    kept AS (
        INSERT INTO reports_pyramidday AS old ({_DAY_KEY}, {_SUMS})
        SELECT {_DAY_KEY}, {_ADDED} FROM deltas WHERE day >= (SELECT reports_since())
        GROUP BY {_DAY_KEY} ORDER BY {_DAY_KEY}
        ON CONFLICT ({_DAY_KEY}) DO UPDATE SET {_ADD}
    ),
    added AS (
        INSERT INTO reports_pyramidcell AS old ({_KEY}, {_SUMS})
        SELECT * FROM ({_on_all_levels(_dated("deltas"))}) AS rolled
        WHERE {_NOT_NOTHING} ORDER BY {_KEY}
        ON CONFLICT ({_KEY}) DO UPDATE SET {_ADD}
    )
    SELECT count(*) FROM deltas
"""  # noqa: S608


def fold() -> int:
    """Add the deltas to the cells; how many there were. 0 also while somebody else does it."""
    with transaction.atomic(), connection.cursor() as query:
        query.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDING])
        if not query.fetchone()[0]:
            return 0
        query.execute(_FOLD)
        (folded,) = query.fetchone()
        if folded:
            _clear(query)
    return int(folded)


def _clear(query: Any) -> None:
    """Take away the rows that nothing is left of."""
    query.execute("DELETE FROM reports_pyramidcell WHERE n = 0")
    query.execute("DELETE FROM reports_pyramidday WHERE n = 0")


# ── Days ─────────────────────────────────────────────────────────────────────────────────────
_LEAVE = f"""
    WITH gone AS (DELETE FROM reports_pyramidday WHERE day < %s RETURNING *),
    faces AS (
        SELECT date_trunc('month', day)::date AS month, lately, cell, municipality, status,
            "group", sign * n AS n, sign * lon AS lon, sign * lat AS lat, sign * reports AS reports
        FROM gone CROSS JOIN (VALUES (true, -1), (false, 1)) AS side (lately, sign)
    )
    INSERT INTO reports_pyramidcell AS old ({_KEY}, {_SUMS})
    SELECT * FROM ({_on_all_levels("SELECT * FROM faces")}) AS rolled ORDER BY {_KEY}
    ON CONFLICT ({_KEY}) DO UPDATE SET {_ADD}
"""  # noqa: S608


def keep_up(today: dt.date | None = None) -> dt.date:
    """Let „lately“ begin 30 days before today, and the counts with it. Returns its first day.

    One transaction: map and list, which both look at the stored day, never tell of different ones.
    Any number of days late is made good; a clock that was set back has everything counted anew.
    """
    since = _since(today or timezone.localdate())
    with _folding_alone() as query:
        query.execute("SELECT reports_since()")
        (before,) = query.fetchone()
        if since > before:
            query.execute(_LEAVE, [since])
            _move(query, since)
            _clear(query)
        elif since < before:
            _move(query, since)
            _recount(query)
    return since


def _since(today: dt.date) -> dt.date:
    return today - dt.timedelta(days=CURRENT_DAYS)


def _move(query: Any, since: dt.date) -> None:
    query.execute(
        "INSERT INTO reports_lately (id, since) VALUES (1, %s) "
        "ON CONFLICT (id) DO UPDATE SET since = excluded.since",
        [since],
    )


# ── Proof and repair ─────────────────────────────────────────────────────────────────────────
# Every public report, counted plainly: by month, as the cells tell it, and by day, while lately.
_TRUE = f"""
    counted AS MATERIALIZED (
        SELECT reports_month(changed_at) AS month, day >= since AS lately,
            CASE WHEN day >= since THEN day END AS day,
            (reports_spot(public_position) >> 14)::integer AS cell,
            municipality_id AS municipality, status, coalesce(category.group_id, 0) AS "group",
            count(*) AS n,
            sum(round(ST_X(public_position) * {MICRO})::bigint) AS lon,
            sum(round(ST_Y(public_position) * {MICRO})::bigint) AS lat,
            sum(report.id) AS reports
        FROM reports_report AS report
        JOIN reports_category AS category ON category.id = report.category_id
        CROSS JOIN (SELECT reports_since()) AS lately (since)
        CROSS JOIN LATERAL (
            SELECT (report.changed_at AT TIME ZONE 'Europe/Berlin')::date
        ) AS change (day)
        WHERE is_public AND public_position IS NOT NULL
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    ),
    true_cells AS ({_on_all_levels("SELECT * FROM counted")}),
    true_days AS (SELECT {_DAY_KEY}, {_SUMS} FROM counted WHERE day IS NOT NULL)
"""  # noqa: S608


def _differing(told: str, true: str, key: str) -> str:
    """SQL: the keys for which `told` and `true` have not the same sums, with both."""
    sums = _SUMS.split(", ")
    both = [
        f"coalesce({side}.{each}, 0) AS {side}_{each}" for side in (told, true) for each in sums
    ]
    unequal = " OR ".join(f"coalesce({told}.{e}, 0) <> coalesce({true}.{e}, 0)" for e in sums)
    return f"""
        SELECT {key}, {", ".join(both)} FROM {told} FULL JOIN {true} USING ({key}) WHERE {unequal}
    """  # noqa: S608


_DIFFERENCES = f"""
    WITH {_TRUE},
    told_cells AS (
        SELECT {_KEY}, {_ADDED} FROM (
            SELECT {_KEY}, {_SUMS} FROM reports_pyramidcell
            UNION ALL SELECT * FROM ({_on_all_levels(_dated("reports_pyramiddelta"))}) AS deltas
        ) AS both_parts GROUP BY {_KEY}
    ),
    told_days AS (
        SELECT {_DAY_KEY}, {_ADDED} FROM (
            SELECT {_DAY_KEY}, {_SUMS} FROM reports_pyramidday
            UNION ALL SELECT {_DAY_KEY}, {_SUMS} FROM reports_pyramiddelta
            WHERE day >= (SELECT reports_since())
        ) AS both_parts GROUP BY {_DAY_KEY}
    )
    SELECT * FROM ({_differing("told_cells", "true_cells", _KEY)}) AS cells
    UNION ALL
    SELECT NULL, day, cell, municipality, status, true, "group",
        told_days_n, told_days_lon, told_days_lat, told_days_reports,
        true_days_n, true_days_lon, true_days_lat, true_days_reports
    FROM ({_differing("told_days", "true_days", _DAY_KEY)}) AS days
    ORDER BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608

# Count, comparison and the end of the deltas that are counted already are one statement: what
# others write meanwhile is a delta that it does not see, and stays one.
_RECOUNT = f"""
    WITH {_TRUE},
    drained AS (DELETE FROM reports_pyramiddelta RETURNING 1),
    cells AS (SELECT * FROM reports_pyramidcell),
    days AS (SELECT * FROM reports_pyramidday),
    mended_cells AS (
        INSERT INTO reports_pyramidcell ({_KEY}, {_SUMS})
        SELECT {_KEY}, true_cells_n, true_cells_lon, true_cells_lat, true_cells_reports
        FROM ({_differing("cells", "true_cells", _KEY)}) AS wrong ORDER BY {_KEY}
        ON CONFLICT ({_KEY}) DO UPDATE SET {_SET}
        RETURNING 1
    ),
    mended_days AS (
        INSERT INTO reports_pyramidday ({_DAY_KEY}, {_SUMS})
        SELECT {_DAY_KEY}, true_days_n, true_days_lon, true_days_lat, true_days_reports
        FROM ({_differing("days", "true_days", _DAY_KEY)}) AS wrong ORDER BY {_DAY_KEY}
        ON CONFLICT ({_DAY_KEY}) DO UPDATE SET {_SET}
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM mended_cells) + (SELECT count(*) FROM mended_days)
"""  # noqa: S608


def differences() -> Iterator[Difference]:
    """Where the tables together are not what a plain count says. One statement, one snapshot."""
    with transaction.atomic(), connection.cursor() as query:
        _with_room(query)
        query.execute(_DIFFERENCES)
        for row in query:
            level, month, cell, town, status, lately, group = row[:7]
            told, true = _whole(*row[7:11]), _whole(*row[11:])
            yield Difference(level, month, cell, town, status, lately, group, told, true)


def _whole(*sums: Any) -> tuple[int, ...]:
    return tuple(map(int, sums))


def rebuild() -> int:
    """Make the tables what a plain count says, while deeds go on; how many rows were wrong."""
    with _folding_alone() as query:
        return _recount(query)


def _recount(query: Any) -> int:
    _with_room(query)
    query.execute(_RECOUNT)
    (mended,) = query.fetchone()
    _clear(query)
    query.execute("ANALYZE reports_pyramidcell")
    return int(mended)


def _with_room(query: Any) -> None:
    """Memory to sort millions, for this transaction."""
    query.execute("SET LOCAL work_mem = '128MB'")


@contextmanager
def _folding_alone() -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as query:
        query.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING])
        yield query
