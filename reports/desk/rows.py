"""Rows of the desk's list, and one page of them.

The page is read by keyset (`after`), so page 200 costs what page 1 costs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.desk import search
from reports.desk.wish import Wish, rank_in
from reports.models import Report, Supporter
from reports.queries import ReportQuerySet
from townhall.calendar import Calendar
from townhall.models import ClosingDay, User

PAGE = 50
HEAPED = 300


@dataclass(frozen=True)
class Deadline:
    """Working days left (0: today), or days over time. `share` of the time that is used, 0–100."""

    left: int
    over: int
    share: int
    is_paused: bool = False  # the reporter was asked: the clock stands still

    @property
    def words(self) -> str:
        if self.is_paused:
            return str(_("paused: waits for the reporter"))
        if self.over:
            sentence = ngettext("overdue for %(n)d day", "overdue for %(n)d days", self.over)
            return sentence % {"n": self.over}
        if self.left == 0:
            return str(_("due today"))
        sentence = ngettext("%(n)d working day left", "%(n)d working days left", self.left)
        return sentence % {"n": self.left}

    @property
    def urgency(self) -> str:
        if self.is_paused:
            return "calm"
        if self.over:
            return "over"
        return "soon" if self.left <= 1 else "calm"


@dataclass(frozen=True)
class Row:
    """`supporters` people whom it concerns besides its reporter; `worse` of them say it got so."""

    report: Report
    deadline: Deadline | None
    supporters: int = 0
    worse: int = 0


@dataclass(frozen=True)
class Page:
    """`is_cut`: there is more that this list does not page through."""

    rows: Sequence[Row]
    next: Wish | None = None
    is_cut: bool = False

    @property
    def more(self) -> str:
        """The query string of the next page; "" on the last."""
        return self.next.query if self.next else ""


def deadline_of(report: Report, *, calendar: Calendar, today: dt.date) -> Deadline | None:
    """None for what is closed or has no deadline."""
    if report.due_on is None or not report.is_open:
        return None
    if report.waiting_since:
        return Deadline(left=0, over=0, share=0, is_paused=True)
    if report.due_on < today:
        return Deadline(left=0, over=(today - report.due_on).days, share=100)
    start = timezone.localdate(report.received_at)
    left = calendar.working_days_between(today, report.due_on)
    whole = max(1, calendar.working_days_between(start, report.due_on))
    return Deadline(left=left, over=0, share=max(0, min(100, 100 - round(100 * left / whole))))


def page_of(wish: Wish, user: User, *, today: dt.date, more: Sequence[str] = ()) -> Page:
    """One page of the list: one statement, two where words are searched for.

    `more`: fields that the caller reads besides those of a row ("department__slug").
    """
    hits = wish.reports(user, today=today)
    if wish.is_ranked:
        return _best_of(hits, wish, today=today, more=more)
    if wish.is_grouped:
        return _newest_of(hits, today=today, more=more)
    sort = wish.sort
    sorted_hits = sort.applied(hits)
    if wish.after:
        sorted_hits = sort.beyond(sorted_hits, wish.after)
    found = list(_with_faces(sorted_hits, more)[: PAGE + 1])
    beyond = replace(wish, after=sort.after(found[PAGE - 1])) if len(found) > PAGE else None
    return Page(rows_of(found[:PAGE], today=today), beyond)


def _best_of(hits: ReportQuerySet, wish: Wish, *, today: dt.date, more: Sequence[str]) -> Page:
    """One page of what was searched for. The rank has no keyset, but never more than NEWEST."""
    start = rank_in(wish.after) or 0
    best = search.best(hits, wish.sought)
    found = list(_with_faces(best, more)[start : start + PAGE + 1])
    beyond = replace(wish, after=str(start + PAGE)) if len(found) > PAGE else None
    return Page(rows_of(found[:PAGE], today=today), beyond)


def _newest_of(hits: ReportQuerySet, *, today: dt.date, more: Sequence[str]) -> Page:
    """All at once, so that heaps are whole: hazards, then the newest."""
    found = list(
        _with_faces(hits.order_by("-is_hazard", "-received_at", "-id"), more)[: HEAPED + 1]
    )
    return Page(rows_of(found[:HEAPED], today=today), is_cut=len(found) > HEAPED)


def row_of(code: str, user: User, *, today: dt.date) -> Row:
    """Raises Report.DoesNotExist where the user has nothing to look for."""
    report = _with_faces(Report.objects.in_sight_of(user)).get(code=code)
    return rows_of([report], today=today)[0]


# Whose words stand on a report's page beside its own.
_BESIDE = (
    "category__group",
    "municipality",
    "department",
    "assignee",
    "duplicate_of__category",
    "split_from__category",
)


def whole_of(code: str, user: User, *, today: dt.date) -> Row:
    """With all its columns, for whoever shows the whole of it. Raises Report.DoesNotExist."""
    seen = _counted(Report.objects.in_sight_of(user)).select_related(*_BESIDE)
    return rows_of([seen.get(code=code)], today=today)[0]


def rows_of(found: Iterable[Report], *, today: dt.date) -> list[Row]:
    """Of reports that came `_with_faces`: no statement."""
    calendars: dict[int, Calendar] = {}
    rows = []
    for report in found:
        town: Any = report.municipality
        town.closing_dates = getattr(report, "closing_dates", [])
        calendar = calendars.setdefault(town.pk, Calendar.of(town))
        voices = getattr(report, "voices", None) or {}
        rows.append(Row(report, deadline_of(report, calendar=calendar, today=today), **voices))
    return rows


# What a row shows, and what its deadline is counted from.
_READ = (
    "code",
    "version",
    "status",
    "is_hazard",
    "priority",
    "forwarded_to",
    "position",
    "street",
    "house_number",
    "locality",
    "received_at",
    "closed_at",
    "due_on",
    "waiting_since",
    "changed_at",
    "category__code",
    "category__name",
    "category__translations",
    "municipality__key",
    "municipality__name",
    "municipality__land",
    "municipality__opens_at",
    "municipality__closes_at",
    "municipality__shows_presence",
    "municipality__keeps_reading_log",
)


def _with_faces(hits: QuerySet[Report], more: Sequence[str] = ()) -> QuerySet[Report]:
    related = {name.split("__")[0] for name in (*_READ, *more) if "__" in name}
    return _counted(hits).select_related(*related).only(*_READ, *more)


def _counted(hits: QuerySet[Report]) -> QuerySet[Any]:
    """With what a deadline is counted from, and the voices."""
    closing_days = ClosingDay.objects.filter(municipality=OuterRef("municipality")).order_by("day")
    return hits.annotate(
        closing_dates=ArraySubquery(closing_days.values("day")), voices=Subquery(_voices())
    )


def _voices() -> QuerySet[Any, Any]:
    """Of each row what `Row` wants to know; nothing where there are none."""
    mine = Supporter.objects.filter(report=OuterRef("pk")).order_by().values("report")
    return mine.values(facts=JSONObject(supporters=Count("pk"), worse=Count("worse_at")))
