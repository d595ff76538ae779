"""The desk's list as a table, to go on with elsewhere: what, where, since when, with whom.

Nobody's contact is in it, and of texts what everybody may read: a file leaves the house.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from reports.desk.wish import Wish
from reports.models import Report
from reports.queries import ReportQuerySet
from townhall.models import User

MOST = 10_000


def columns() -> list[str]:
    return [
        _("Number"),
        _("Status"),
        _("Category"),
        _("Group"),
        _("Hazard"),
        _("Street"),
        _("House number"),
        _("Ortsteil"),
        _("Municipality"),
        _("Latitude"),
        _("Longitude"),
        _("Department"),
        _("Assigned to"),
        _("Priority"),
        _("Received"),
        _("Changed"),
        _("Deadline"),
        _("Closed"),
        _("Concerns"),
        _("Public text"),
    ]


def rows(
    wish: Wish, user: User, *, today: dt.date, codes: Sequence[str] = ()
) -> Iterator[list[Any]]:
    """In the list's order, MOST at the most; `codes`: these alone. One statement."""
    hits = wish.reports(user, today=today)
    if codes:  # what was ticked may have left the list meanwhile
        hits = Report.objects.in_sight_of(user).filter(code__in=codes)
    for report in _read(wish.sort.applied(hits))[:MOST]:
        yield _row(report)


def _read(hits: Any) -> ReportQuerySet:
    found: ReportQuerySet = hits.select_related(
        "category__group", "municipality", "department", "assignee"
    ).annotate(concerns=Count("supporters"))
    return found


def _row(report: Any) -> list[Any]:
    return [
        report.shown_code,
        report.get_status_display(),
        report.category.label,
        report.category.group.label,
        _("yes") if report.is_hazard else "",
        report.street,
        report.house_number,
        report.locality,
        report.municipality.name,
        _degrees(report.position.y),
        _degrees(report.position.x),
        report.department.name if report.department else "",
        report.assignee.name if report.assignee else "",
        report.get_priority_display(),
        _moment(report.received_at),
        _moment(report.changed_at),
        _day(report.due_on),
        _moment(report.closed_at),
        report.concerns,
        report.public_description,
    ]


def _moment(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" if moment else ""


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _degrees(number: float) -> str:
    """With the comma of the reader's language: a spreadsheet takes 49.68 for words."""
    return formats.number_format(number, decimal_pos=6, force_grouping=False)
