"""Who has a report: handed over, opened, refused, or left lying until it comes back.

What comes back lies with the town's dispatchers, in their view „Zurückgewiesen“, until somebody
forwards, assigns or moves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from reports.deeds.work import Work, done_by_staff, said_by_residents
from reports.hazards import hazard
from reports.letters import notices, returned
from reports.models import EventKind, Report, Returned, Visibility
from reports.workflow import CLOSED, Deed, IllegalMove, ReasonMissing, Status
from townhall import letters
from townhall.calendar import BERLIN, Calendar
from townhall.models import Department, Municipality, User
from townhall.people import scope_of

MOST_AT_ONCE = 200


def works_for(department: Department, report: Report) -> bool:
    """An active department other than the present one that serves the report's town."""
    serves = department.serves.filter(pk=report.municipality_id)
    return department.is_active and department.pk != report.department_id and serves.exists()


def hand_to(work: Work, department: Department) -> None:
    """Another department has the report from now on. Whoever had it sees it vanish."""
    row = work.report
    work.teams.append(row.department)
    row.department, row.assignee = department, None
    row.handed_at, row.opened_at, row.returned = work.now, None, ""
    if row.is_hazard:
        work.tell_alarm()
        hazard.hand_over(row, now=work.now)


def refuse(report: Report, *, by: User, reason: str, version: int | None = None) -> Report:
    """This department is not responsible: back to the dispatchers, with the reason.

    Raises ReasonMissing, and IllegalMove where the report is closed or lies with the department
    that everything falls back to.
    """
    with done_by_staff(report, by, Deed.REFUSE, version) as work:
        row = work.report
        fallback = row.municipality.fallback_department
        if row.status in CLOSED or fallback.pk == row.department_id:
            raise IllegalMove(Status(row.status), Status.NEW)
        if not reason.strip():
            raise ReasonMissing(Status.NEW)
        refusing = row.department
        hand_to(work, fallback)
        row.returned = Returned.REFUSED
        work.tell(
            EventKind.REFUSED,
            Visibility.INTERNAL,
            department=refusing,
            text=reason.strip(),
            facts={"from": refusing.slug, "to": fallback.name},
        )
        if row.is_hazard or fallback.mails_new_reports:
            work.drafts += notices.forwarded(row, fallback)
    return row


def is_opened_by(report: Report, user: User) -> bool:
    """Note that the report's department has looked at it for the first time. False: no news.

    Who looked is not written down.
    """
    teams = {grant.department_id for grant in scope_of(user).grants}
    if report.opened_at is not None or report.department_id not in teams:
        return False
    meant = Report.objects.filter(pk=report.pk, department=report.department_id, opened_at=None)
    return bool(meant.update(opened_at=timezone.now()))


# ── Left lying ───────────────────────────────────────────────────────────────────────────────
def fall_back(*, now: dt.datetime | None = None) -> int:
    """What nobody has opened for the town's number of working days. Returns how many.

    On working days only, so that nobody finds on Monday what fell due on Saturday as overdue.
    """
    now = now or timezone.now()
    towns = Municipality.objects.filter(unopened_days__gt=0)
    return sum(_fall_back_in(town, now) for town in towns)


def _fall_back_in(town: Municipality, now: dt.datetime) -> int:
    """All of a town in one transaction, with the one letter that names them."""
    before = _handed_before(town, timezone.localdate(now, BERLIN))
    if before is None:
        return 0
    with transaction.atomic():
        fallen = [row for row in _unopened(town, before) if _falls(row, before)]
        letters.post(*returned.digest(town, fallen, now=now))
    return len(fallen)


def _handed_before(town: Municipality, today: dt.date) -> dt.datetime | None:
    """Midnight after the last day of handing over whose time is up; None on a day off."""
    calendar = Calendar.of(town)
    if not calendar.is_working_day(today):
        return None
    day = today
    while calendar.working_days_between(day, today) <= town.unopened_days:
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BERLIN)


def _unopened(town: Municipality, before: dt.datetime) -> list[Report]:
    """By the index `report_unopened`."""
    rows = Report.objects.filter(
        municipality=town, status=Status.NEW, opened_at=None, returned="", handed_at__lt=before
    )
    return list(rows.order_by("handed_at")[:MOST_AT_ONCE])


def _falls(report: Report, before: dt.datetime) -> bool:
    with _by_itself(report) as work:
        row = work.report
        is_lying = row.status == Status.NEW and row.opened_at is None and not row.returned
        if is_lying and row.handed_at < before:
            facts = {"department": row.department.name, "since": row.handed_at.isoformat()}
            row.returned, row.assignee = Returned.UNOPENED, None
            work.tell(EventKind.UNOPENED, Visibility.INTERNAL, facts=facts)
    return bool(work.events)


@contextmanager
def _by_itself(report: Report) -> Iterator[Work]:
    """The clock does it: nobody's deed, written like everybody's."""
    with said_by_residents(report) as work:
        yield work
