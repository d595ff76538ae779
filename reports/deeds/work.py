"""How a deed on a report is written: the row, its events, its letters and the ring, or nothing.

Each deed locks the row, asks workflow.py, changes the row, appends its events, posts its
letters and rings the live line. `version` is what the member of staff had before their eyes:
if somebody else moved the report since, the deed is refused with TooLate and says what changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from reports import live
from reports.deeds import remembering
from reports.hazards import hazard
from reports.letters import joined, news, notices
from reports.models import (
    EndReason,
    Event,
    EventKind,
    Report,
    Visibility,
)
from reports.personal import retention
from reports.workflow import CLOSED, Deed, Status, check_move, may
from townhall import letters
from townhall.models import Department, Municipality, User
from townhall.people import scope_of


class NotAllowed(Exception):
    """The member of staff has no role for this deed on this report."""


@dataclass(eq=False)
class TooLate(Exception):
    """Somebody was faster. `changes` are the events since the version that was shown."""

    report: Report
    changes: tuple[Event, ...]


# What another member of staff must not overlook before moving the report on.
_MOVING = frozenset(
    {
        EventKind.ACCEPTED,
        EventKind.ASSIGNED,
        EventKind.STATUS,
        EventKind.FORWARDED,
        EventKind.DEADLINE,
        EventKind.CORRECTED,
        EventKind.REFUSED,
        EventKind.UNOPENED,
        EventKind.CHANGED,
        EventKind.WITHDRAWN,
        EventKind.ERASURE_ASKED,
    }
)


# What was said to or by the reporter.
_WORDS = frozenset(
    {EventKind.ANSWERED, EventKind.ASKED, EventKind.REPLIED, EventKind.ASK_ENDED, EventKind.MORE}
)


# For deeds beside a report's way, another one of their own kind.
_OVERTAKES = {
    # Nobody releases words that the reporter has exchanged meanwhile.
    Deed.RELEASE: frozenset(
        {
            EventKind.PUBLISHED,
            EventKind.DEPUBLISHED,
            EventKind.REVIEWED,
            EventKind.TEXT_RESTORED,
            EventKind.CHANGED,
            EventKind.WITHDRAWN,
            EventKind.ERASURE_ASKED,
        }
    ),
    Deed.FLAG_HAZARD: frozenset({EventKind.HAZARD}),
    # Two answers to one resident: nobody sends theirs before reading the other.
    Deed.WRITE: _MOVING | _WORDS,
    Deed.ASK: _MOVING | _WORDS,
}


# Internal as events, but the public sees their effect.
_SEEN = frozenset(
    {
        EventKind.PUBLISHED,
        EventKind.DEPUBLISHED,
        EventKind.REDACTED,
        EventKind.TEXT_RESTORED,
        EventKind.HAZARD,
        EventKind.SUPPORTED,
        EventKind.UNSUPPORTED,
        EventKind.CORRECTED,
    }
)


# Nobody's business but the reporter's and ours.
_BETWEEN_US = frozenset({EventKind.ANSWERED, EventKind.ASKED, EventKind.REPLIED})


@dataclass
class Work:
    """A deed in the making: the locked row and what will be written beside it."""

    report: Report
    by: User | None  # None: a resident says so
    now: dt.datetime
    was_public: bool
    events: list[Event] = field(default_factory=list)
    drafts: list[letters.Draft] = field(default_factory=list)
    teams: list[Department] = field(default_factory=list)
    towns: list[Municipality] = field(default_factory=list)  # former ones: rung as well
    old_position: Point | None = None  # public place before a move: rung as well
    afterwards: list[Callable[[], object]] = field(default_factory=list)  # once the events have ids
    is_final: bool = False  # did more than change the row: can't be taken back

    def tell(self, kind: EventKind, visibility: Visibility, **more: Any) -> Event:
        event = Event(
            report=self.report,
            kind=kind,
            version=self.report.version,
            at=self.now,
            actor=self.by,
            department=more.pop("department", self.report.department),
            visibility=visibility,
            was_public=self.was_public,
            tiles=live.public_tiles(self.report) if self._is_seen(visibility) else [],
            **more,
        )
        self.events.append(event)
        return event

    def tell_alarm(self) -> None:
        """Write down that the alarm left, or that there is no mailbox to send it to."""
        facts = {"sent": notices.alarms(self.report)}
        self.tell(EventKind.HAZARD_ALARM, Visibility.INTERNAL, facts=facts)

    def take_on(self) -> None:
        """Whoever does this deed answers the alarm, if one rings."""
        alarm = hazard.take(self.report, by=self.by.name if self.by else "", now=self.now)
        if alarm:
            facts = {"name": alarm.acknowledged_by, "via": "desk"}
            self.tell(EventKind.HAZARD_TAKEN, Visibility.INTERNAL, facts=facts)

    @property
    def is_internal(self) -> bool:
        """Whether nobody but staff can see that anything happened."""
        return all(
            event.visibility == Visibility.INTERNAL and event.kind not in _SEEN
            for event in self.events
        )

    @property
    def is_between_us(self) -> bool:
        """Whether nobody but staff and the reporter can see that anything happened."""
        return not self.is_internal and all(
            (event.visibility == Visibility.INTERNAL and event.kind not in _SEEN)
            or (event.visibility == Visibility.REPORTER and event.kind in _BETWEEN_US)
            for event in self.events
        )

    def _is_seen(self, visibility: Visibility) -> bool:
        return visibility == Visibility.PUBLIC and (self.was_public or self.report.is_public)

    def move(self, goal: Status, *, reason: str = "") -> None:
        report = self.report
        check_move(Status(report.status), goal, reason=reason)
        report.status, report.returned = goal, ""
        report.changed_at = self.now
        report.closed_at = self.now if goal in CLOSED else None
        report.replied_at = None
        if goal in CLOSED:  # nothing is left to wait for
            report.waiting_since = report.resubmit_on = None
        if report.is_hazard and goal in CLOSED:
            hazard.end(report, EndReason.CLOSED, now=self.now)
        elif report.is_hazard and goal is Status.NEW and not hazard.open_alarm(report):
            hazard.begin(report, now=self.now)
        self._set_dates(closed_on=timezone.localdate(self.now) if goal in CLOSED else None)

    def _set_dates(self, *, closed_on: dt.date | None) -> None:
        report = self.report
        received_on = timezone.localdate(report.received_at)
        days = dt.timedelta(days=report.depublish_after_days)
        report.depublish_on = closed_on + days if closed_on else None
        report.erase_contact_on = retention.contact_until(received_on, closed_on=closed_on)
        report.erase_on = retention.report_until(
            received_on, closed_on=closed_on, is_wished=report.erasure_asked_at is not None
        )


@contextmanager
def done_by_staff(report: Report, by: User, deed: Deed, version: int | None) -> Iterator[Work]:
    """Lock, check, let the deed happen, then write row, events, letters and ring: or nothing."""
    with transaction.atomic():
        row = Report.objects.locked().get(pk=report.pk)
        if not may(roles_on(by, row), deed):
            raise NotAllowed
        _refuse_if_overtaken(row, deed, version)
        with _written(row, by, deed) as work:
            yield work


@contextmanager
def done_beside(report: Report, by: User) -> Iterator[Work]:
    """What somebody does who need not have a role on the report: the deed asks itself who may."""
    with transaction.atomic(), _written(Report.objects.locked().get(pk=report.pk), by) as work:
        yield work


@contextmanager
def said_by_residents(report: Report) -> Iterator[Work]:
    """What no member of staff says, in the same way: the row is locked, and all of it or nothing.

    Raises Report.DoesNotExist where it was erased meanwhile.
    """
    with transaction.atomic(), _written(Report.objects.locked().get(pk=report.pk), None) as work:
        yield work


@contextmanager
def _written(row: Report, by: User | None, deed: Deed | None = None) -> Iterator[Work]:
    """Let the deed happen to the locked row, then write row, events, letters and ring."""
    work = Work(row, by, timezone.now(), was_public=row.is_public)
    memory = remembering.before(row, deed)
    row.version += 1
    yield work
    if not work.events:  # nothing had to be done
        row.version -= 1
        return
    work.drafts += joined.of(row, work.events)
    row.save()
    events = Event.objects.bulk_create(work.events)
    for each in work.afterwards:
        each()
    until = remembering.hold(memory, row, work.drafts, is_final=work.is_final, now=work.now)
    letters.post(*remembering.held(work.drafts, until))
    news.of(row, events, not_before=until)
    if memory and by and until:
        remembering.remember(memory, row, work.drafts, by=by, until=until)
    live.ring_report(
        row,
        was_public=work.was_public,
        is_internal=work.is_internal,
        is_between_us=work.is_between_us,
        old_position=work.old_position,
        teams=work.teams,
        towns=work.towns,
    )


def roles_on(user: User, report: Report) -> frozenset[str]:
    return scope_of(user).roles_for(
        municipality_id=report.municipality_id, department_id=report.department_id
    )


def works_on(user: User, report: Report) -> bool:
    return user.is_active and may(roles_on(user, report), Deed.ACCEPT)


def changes_since(report: Report, version: int) -> tuple[Event, ...]:
    """Without what was done and taken back meanwhile."""
    return tuple(report.events.since(version).standing().newest_first())


def _refuse_if_overtaken(report: Report, deed: Deed, version: int | None) -> None:
    if version is None or version == report.version:
        return
    changes = changes_since(report, version)
    if any(change.kind in _OVERTAKES.get(deed, _MOVING) for change in changes):
        raise TooLate(report, changes)
