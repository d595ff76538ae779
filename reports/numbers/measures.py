"""What is counted and measured, for all and by week, category, department and Ortsteil: in SQL.

Four statements whatever the rows: each reads its reports once and groups them five ways. Persons
are no group: nobody is ranked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from reports.numbers.spans import Span
from reports.queries import ReportQuerySet
from reports.workflow import OPEN, Status

Key = tuple[Any, ...]


class Group(StrEnum):
    """How reports are told apart."""

    ALL = "all"
    STEP = "step"  # week or month; its key is the first day
    CATEGORY = "category"  # primary key
    DEPARTMENT = "department"  # primary key
    LOCALITY = "locality"  # primary key of the town, name of the Ortsteil (the core: the town's)


@dataclass(frozen=True)
class Times:
    """Of `count` reports half took up to `median`, nine of ten up to `most`. Hours."""

    count: int = 0
    median: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Line:
    """One group's numbers. Closed ones and deadlines are those of the time, whenever received.

    `answered`: from receipt to the first word or step that the reporter could see; of what came in
    in this time. `finished`: from receipt to „Erledigt“; of what was done in this time. `due`:
    deadlines that ended in this time; `kept` of them were closed by then.
    """

    received: int = 0
    duplicates: int = 0
    done: int = 0
    no_action: int = 0
    forwarded: int = 0
    reopened: int = 0
    due: int = 0
    kept: int = 0
    answered: Times = Times()
    finished: Times = Times()

    @property
    def kept_share(self) -> int | None:
        """Percent; None where no deadline ended."""
        return round(100 * self.kept / self.due) if self.due else None

    @property
    def unanswered(self) -> int:
        return self.received - self.duplicates - self.answered.count


Numbers = dict[Group, dict[Key, Line]]
NOTHING = Line()


def measure(reports: ReportQuerySet, span: Span) -> Numbers:
    """The numbers of these reports in this time, by every group. Four statements."""
    numbers: Numbers = {group: {} for group in Group}
    for question in (_RECEIVED, _CLOSED, _DUE, _REOPENED):
        for group, key, facts in _asked(question, reports, span):
            line = numbers[group].get(key, NOTHING)
            numbers[group][key] = replace(line, **facts)
    return numbers


def open_now(reports: ReportQuerySet) -> int:
    """How many wait at this moment. One statement."""
    return reports.filter(status__in=sorted(OPEN)).count()


def _asked(
    question: str, reports: ReportQuerySet, span: Span
) -> Iterator[tuple[Group, Key, dict[str, Any]]]:
    placed = reports.order_by().annotate(place=_PLACE).values(*_READ)
    base, parameters = placed.query.sql_with_params()
    zone = timezone.get_current_timezone_name()
    values = {"step": span.step, "first": span.first, "end": span.end, "zone": zone}
    sql, named = _with_named(f"WITH care AS ({base}) {question}", parameters, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        names = [column.name for column in cursor.description]
        for row in cursor:
            yield _read(dict(zip(names, row, strict=True)))


# The ORM writes its parameters by place, the questions by name: one statement can't mix both.
def _with_named(
    sql: str, parameters: tuple[Any, ...], values: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    for place, value in enumerate(parameters):
        sql = sql.replace("%s", f"%(p{place})s", 1)
        values[f"p{place}"] = value
    return sql, values


_PLACE = Coalesce(NullIf("locality", Value("")), "municipality__name")
_READ = (
    "id",
    "status",
    "category_id",
    "department_id",
    "municipality_id",
    "place",
    "received_at",
    "closed_at",
    "due_on",
)

_GROUPS = """
    GROUP BY GROUPING SETS
        ((), (step), (category_id), (department_id), (municipality_id, place))
"""
_KEYS = """
    GROUPING(step, category_id, department_id, municipality_id) AS grouping,
    step, category_id, department_id, municipality_id, place
"""
_BY_GROUPING = {
    0b1111: (Group.ALL, ()),
    0b0111: (Group.STEP, ("step",)),
    0b1011: (Group.CATEGORY, ("category_id",)),
    0b1101: (Group.DEPARTMENT, ("department_id",)),
    0b1110: (Group.LOCALITY, ("municipality_id", "place")),
}


def _read(row: dict[str, Any]) -> tuple[Group, Key, dict[str, Any]]:
    group, columns = _BY_GROUPING[row.pop("grouping")]
    key = tuple(row[column] for column in columns)
    facts = {name: value for name, value in row.items() if name in Line.__dataclass_fields__}
    for name in ("answered", "finished"):
        if name in row:
            median, most = row[f"{name}_hours"] or (None, None)
            facts[name] = Times(row[name], median, most)
    return group, key, facts


def _step(column: str) -> str:
    return f"date_trunc(%(step)s, {column} AT TIME ZONE %(zone)s)::date AS step"


def _within(column: str) -> str:
    start, end = (f"%({name})s::timestamp AT TIME ZONE %(zone)s" for name in ("first", "end"))
    return f"{column} >= {start} AND {column} < {end}"


def _hours(moment: str, since: str = "received_at", *, only: str = "true") -> str:
    elapsed = f"extract(epoch FROM {moment} - {since}) / 3600"
    return f"""percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {elapsed})
        FILTER (WHERE {only})"""


# What staff took back at once did not happen: see EventQuerySet.standing.
_STANDS = """NOT EXISTS (
    SELECT FROM reports_event AS undone WHERE undone.report_id = event.report_id
    AND undone.version = event.version + 1 AND undone.kind = 'undone')"""

# Whose first answer: of staff, and such as the reporter sees.
_RECEIVED = f"""
    , came AS (
        SELECT care.*, {_step("received_at")},
               CASE WHEN status <> '{Status.DUPLICATE}' THEN (
                   SELECT min(event.at) FROM reports_event AS event
                   WHERE event.report_id = care.id AND event.actor_id IS NOT NULL
                     AND event.visibility IN ('public', 'reporter')
                     AND {_STANDS}) END AS answered_at
        FROM care WHERE {_within("received_at")}
    )
    SELECT {_KEYS}, count(*) AS received,
           count(*) FILTER (WHERE status = '{Status.DUPLICATE}') AS duplicates,
           count(answered_at) AS answered,
           {_hours("answered_at", only="answered_at IS NOT NULL")} AS answered_hours
    FROM came {_GROUPS}
"""  # noqa: S608 - column names and codes of our own

_CLOSED = f"""
    , ended AS (SELECT care.*, {_step("closed_at")} FROM care WHERE {_within("closed_at")})
    SELECT {_KEYS}, count(*) FILTER (WHERE status = '{Status.DONE}') AS done,
           count(*) FILTER (WHERE status = '{Status.NO_ACTION}') AS no_action,
           count(*) FILTER (WHERE status = '{Status.FORWARDED}') AS forwarded,
           count(*) FILTER (WHERE status = '{Status.DONE}') AS finished,
           {_hours("closed_at", only=f"status = '{Status.DONE}'")} AS finished_hours
    FROM ended {_GROUPS}
"""  # noqa: S608

# A deadline counts once it has ended, or the report has been closed before.
_DUE = f"""
    , owed AS (
        SELECT care.*, date_trunc(%(step)s, due_on::timestamp)::date AS step,
               (closed_at AT TIME ZONE %(zone)s)::date AS closed_on
        FROM care
        WHERE due_on >= %(first)s AND due_on < %(end)s AND status <> '{Status.DUPLICATE}'
          AND (closed_at IS NOT NULL OR due_on < (now() AT TIME ZONE %(zone)s)::date)
    )
    SELECT {_KEYS}, count(*) AS due, count(*) FILTER (WHERE closed_on <= due_on) AS kept
    FROM owed {_GROUPS}
"""  # noqa: S608

_REOPENED = f"""
    , again AS (
        SELECT care.*, {_step("event.at")}
        FROM care JOIN reports_event AS event ON event.report_id = care.id
        WHERE event.kind = 'status' AND event.status = '{Status.NEW}' AND {_within("event.at")}
          AND {_STANDS}
    )
    SELECT {_KEYS}, count(DISTINCT id) AS reopened FROM again {_GROUPS}
"""  # noqa: S608
