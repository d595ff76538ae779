"""How soon a report is dealt with: its priority, and the day by which it shall be done."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from reports.deeds.work import done_by_staff
from reports.letters import notices
from reports.models import EventKind, Offer, Priority, Report, Visibility
from reports.workflow import Deed, IllegalMove, ReasonMissing, Status
from townhall.calendar import Calendar
from townhall.models import User

DAYS = 5  # where the town does not say
FURTHEST = dt.timedelta(days=3 * 366)


def set_priority(
    report: Report, priority: Priority, *, by: User, version: int | None = None
) -> Report:
    """For colleagues only: the reporter learns of a day, not of a rank. As it is: no change."""
    with done_by_staff(report, by, Deed.PRIORITIZE, version) as work:
        row = work.report
        if row.priority != priority:
            facts = {"from": row.priority, "to": int(priority)}
            row.priority = priority
            work.tell(EventKind.PRIORITY, Visibility.INTERNAL, facts=facts)
    return row


def set_deadline(
    report: Report, due_on: dt.date, *, by: User, reason: str, version: int | None = None
) -> Report:
    """Another target date, which everybody sees and the reporter is written. As it is: no change.

    Raises ReasonMissing, and IllegalMove where the report is closed.
    """
    with done_by_staff(report, by, Deed.RESCHEDULE, version) as work:
        row = work.report
        if not row.is_open:
            raise IllegalMove(Status(row.status), Status(row.status))
        if not reason.strip():
            raise ReasonMissing(Status(row.status))
        if row.due_on != due_on:
            facts = {"from": _iso(row.due_on), "due_on": due_on.isoformat()}
            row.due_on, row.changed_at = due_on, work.now
            event = work.tell(
                EventKind.DEADLINE, Visibility.PUBLIC, text=reason.strip(), facts=facts
            )
            work.drafts += notices.to_reporter(row, event)
    return row


def after_waiting(row: Report, *, since: dt.date, now: dt.datetime) -> dt.date | None:
    """The target date once the reporter has answered: our clock stood still in between.

    What was overdue already when we asked stays so.
    """
    if row.due_on is None or row.due_on < since:
        return row.due_on
    calendar = Calendar.of(row.municipality)
    waited = calendar.working_days_between(since, timezone.localdate(now))
    return calendar.add_working_days(row.due_on, waited) if waited else row.due_on


def resubmit(
    report: Report, on: dt.date | None, *, by: User, text: str = "", version: int | None = None
) -> Report:
    """Have it come back on this day (None: no more). For colleagues only. As it is: no change."""
    with done_by_staff(report, by, Deed.RESUBMIT, version) as work:
        row = work.report
        if on and not row.is_open:
            raise IllegalMove(Status(row.status), Status(row.status))
        if row.resubmit_on != on or (on and text.strip()):
            row.resubmit_on = on
            facts = {"on": _iso(on)}
            work.tell(EventKind.RESUBMITTED, Visibility.INTERNAL, text=text.strip(), facts=facts)
    return row


def can_be_due(day: dt.date) -> bool:
    """From today on, and within three years: further on, somebody mistyped."""
    return dt.timedelta() <= day - timezone.localdate() <= FURTHEST


def usual_date(report: Report, now: dt.datetime) -> dt.date:
    """The day that the town's offer would give a report that came in today."""
    offers = Offer.objects.filter(municipality=report.municipality, category=report.category)
    days = offers.values_list("days_to_answer", flat=True).first()
    today = timezone.localdate(now)
    return Calendar.of(report.municipality).add_working_days(today, DAYS if days is None else days)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
