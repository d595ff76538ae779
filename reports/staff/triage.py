"""What staff do to a report: one function and one transaction per deed.

Each deed locks the row, asks workflow.py, changes the row, appends its events, posts its
letters and rings the live line. `version` is what the member of staff had before their eyes:
if somebody else moved the report since, the deed is refused with TooLate and says what changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from reports import live
from reports.hazards import hazard
from reports.letters import news, notices
from reports.models import (
    Contact,
    EndReason,
    Event,
    EventKind,
    Photo,
    Publication,
    Report,
    Visibility,
)
from reports.personal import retention
from reports.workflow import CLOSED, Deed, IllegalMove, Status, check_move, may
from townhall import crossings, letters, photos
from townhall.models import Department, DepartmentKind, User
from townhall.people import scope_of


class NotAllowed(Exception):
    """The member of staff has no role for this deed on this report."""


@dataclass(eq=False)
class TooLate(Exception):
    """Somebody was faster. `changes` are the events since the version that was shown."""

    report: Report
    changes: tuple[Event, ...]


class Nowhere(Exception):
    """Forwarding needs a department that works for the town, or the name of an outside body."""


# What another member of staff must not overlook before moving the report on.
_MOVING = frozenset(
    {
        EventKind.ACCEPTED,
        EventKind.ASSIGNED,
        EventKind.STATUS,
        EventKind.FORWARDED,
        EventKind.CHANGED,
        EventKind.WITHDRAWN,
        EventKind.ERASURE_ASKED,
    }
)


# For deeds beside a report's way, another one of their own kind.
_OVERTAKES = {
    # Nobody releases words that the reporter has exchanged meanwhile.
    Deed.RELEASE: frozenset(
        {
            EventKind.PUBLISHED,
            EventKind.DEPUBLISHED,
            EventKind.CHANGED,
            EventKind.WITHDRAWN,
            EventKind.ERASURE_ASKED,
        }
    ),
    Deed.FLAG_HAZARD: frozenset({EventKind.HAZARD}),
}


# Internal as events, but the public sees their effect.
_SEEN = frozenset(
    {
        EventKind.PUBLISHED,
        EventKind.DEPUBLISHED,
        EventKind.REDACTED,
        EventKind.HAZARD,
        EventKind.SUPPORTED,
        EventKind.UNSUPPORTED,
    }
)


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
    old_position: Point | None = None  # public place before a move: rung as well

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

    def _is_seen(self, visibility: Visibility) -> bool:
        return visibility == Visibility.PUBLIC and (self.was_public or self.report.is_public)

    def move(self, goal: Status, *, reason: str = "") -> None:
        report = self.report
        check_move(Status(report.status), goal, reason=reason)
        report.status = goal
        report.changed_at = self.now
        report.closed_at = self.now if goal in CLOSED else None
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


def accept(report: Report, *, by: User, version: int | None = None) -> Report:
    """Take the report into work; a caseworker of the department takes it on in person."""
    with done_by_staff(report, by, Deed.ACCEPT, version) as work:
        row = work.report
        work.move(Status.IN_PROGRESS)
        if row.department_id in scope_of(by).department_ids:
            row.assignee = by
        work.take_on()
        event = work.tell(EventKind.ACCEPTED, Visibility.PUBLIC, status=row.status)
        work.drafts += notices.to_reporter(row, event)
    return row


def assign(report: Report, *, by: User, to: User | None, version: int | None = None) -> Report:
    """Make one person responsible, or nobody. Raises NotAllowed if they may not see it."""
    with done_by_staff(report, by, Deed.ASSIGN, version) as work:
        row = work.report
        if to and not _works_on(to, row):
            raise NotAllowed
        row.assignee = to
        facts = {"to": to.pk if to else None}
        work.tell(EventKind.ASSIGNED, Visibility.INTERNAL, facts=facts)
    return row


def set_status(
    report: Report, status: Status, *, by: User, text: str = "", version: int | None = None
) -> Report:
    """Move the report on. `text` is public: the town's words in the timeline."""
    with done_by_staff(report, by, Deed.SET_STATUS, version) as work:
        row = work.report
        work.move(status, reason=text)
        event = work.tell(EventKind.STATUS, Visibility.PUBLIC, status=status, text=text.strip())
        work.drafts += notices.to_reporter(row, event)
    return row


def reject(report: Report, *, by: User, reason: str, version: int | None = None) -> Report:
    """No action. The reason is required and public. Raises ReasonMissing."""
    with done_by_staff(report, by, Deed.REJECT, version) as work:
        row = work.report
        work.move(Status.NO_ACTION, reason=reason)
        event = work.tell(
            EventKind.STATUS, Visibility.PUBLIC, status=row.status, text=reason.strip()
        )
        work.drafts += notices.to_reporter(row, event)
    return row


def reopen(report: Report, *, by: User, reason: str, version: int | None = None) -> Report:
    """Back to the beginning, with a reason for all to read. Raises ReasonMissing."""
    with done_by_staff(report, by, Deed.REOPEN, version) as work:
        row = work.report
        work.move(Status.NEW, reason=reason)
        row.forwarded_to = ""
        row.duplicate_of = None
        event = work.tell(
            EventKind.STATUS, Visibility.PUBLIC, status=row.status, text=reason.strip()
        )
        work.drafts += notices.to_reporter(row, event)
    return row


def merge(report: Report, *, into: Report, by: User, version: int | None = None) -> Report:
    """Join the report with the main one: whoever asks for it is led there.

    Raises IllegalMove where `into` is the report itself, or a duplicate.
    """
    with transaction.atomic():
        both = [report.pk, into.pk]
        list(Report.objects.locked().filter(pk__in=both).order_by("pk"))  # never crosswise
        with done_by_staff(into, by, Deed.MERGE, None) as main:
            if main.report.pk == report.pk or main.report.duplicate_of_id is not None:
                raise IllegalMove(Status(report.status), Status.DUPLICATE)
            main.tell(EventKind.MERGED, Visibility.INTERNAL, facts={"code": report.code})
        with done_by_staff(report, by, Deed.MERGE, version) as work:
            row = work.report
            work.move(Status.DUPLICATE)
            row.duplicate_of = main.report
            row.duplicates.update(duplicate_of=main.report)
            facts = {"main": main.report.code}
            event = work.tell(EventKind.STATUS, Visibility.PUBLIC, status=row.status, facts=facts)
            work.drafts += notices.to_reporter(row, event)
    return row


def forward(
    report: Report,
    *,
    by: User,
    department: Department | None = None,
    outside: str = "",
    reason: str = "",
    version: int | None = None,
) -> Report:
    """To another department of the house, or out of it.

    Inside, the report keeps its status and changes hands. To an outside body (a department of
    that kind, or a name) it becomes *forwarded*. Raises Nowhere without a goal.
    """
    with done_by_staff(report, by, Deed.FORWARD, version) as work:
        if department and not _works_for(department, work.report):
            raise Nowhere
        if department and department.kind != DepartmentKind.OUTSIDE:
            _hand_over(work, department, reason.strip())
        else:
            _send_out(work, department, outside.strip(), reason.strip())
    return work.report


def _works_for(department: Department, report: Report) -> bool:
    """An active department other than the present one that serves the report's town."""
    serves = department.serves.filter(pk=report.municipality_id)
    return department.is_active and department.pk != report.department_id and serves.exists()


def _hand_over(work: Work, department: Department, reason: str) -> None:
    row = work.report
    if row.status in CLOSED:
        raise IllegalMove(Status(row.status), Status.FORWARDED)
    facts = {"from": row.department.slug, "to": department.name}
    work.teams.append(row.department)
    row.department = department
    row.assignee = None
    work.tell(EventKind.FORWARDED, Visibility.INTERNAL, text=reason, facts=facts)
    work.drafts += notices.forwarded(row, department)
    if row.is_hazard:
        work.tell_alarm()
        hazard.hand_over(row, now=work.now)


def _send_out(work: Work, department: Department | None, outside: str, reason: str) -> None:
    row = work.report
    name = department.name if department else outside
    if not name:
        raise Nowhere
    work.move(Status.FORWARDED)
    row.forwarded_to = name[:120]
    event = work.tell(
        EventKind.FORWARDED,
        Visibility.PUBLIC,
        status=row.status,
        text=reason,
        facts={"to": row.forwarded_to},
    )
    if department and department.email:
        work.drafts += notices.forwarded(row, department)
    work.drafts += notices.to_reporter(row, event)


def hand_to_fundbuero(report: Report, *, by: User, version: int | None = None) -> Report:
    """It is no defect but a find: a found thing from now on, with its photos, without its reporter.

    Raises crossings.NotWanted where the town has no such office or it takes no such thing.
    """
    with done_by_staff(report, by, Deed.FORWARD, version) as work:
        row = work.report
        arrived = crossings.take(FOUND, _as_brought(row), by=by)
        work.move(Status.FORWARDED)
        row.forwarded_to = arrived.receiver[:120]
        event = work.tell(
            EventKind.FORWARDED,
            Visibility.PUBLIC,
            status=row.status,
            facts={"to": row.forwarded_to},
        )
        work.tell(EventKind.NOTE, Visibility.INTERNAL, facts={FOUND: arrived.code})
        work.drafts += notices.to_reporter(row, event)
    return row


FOUND = "found"  # the kind of case that it becomes, and the name of its code in the event


def _as_brought(row: Report) -> crossings.Brought:
    photos_of = Photo.objects.filter(report=row, remark=None).order_by("position")
    address = " ".join(filter(None, [row.street, row.house_number]))
    return crossings.Brought(
        client_id=uuid5(NAMESPACE_URL, f"report {row.code}"),
        reference=f"{row.code[:4]}-{row.code[4:]}",
        municipality=row.municipality,
        text=row.description or row.category.label,
        position=row.position,
        place_text=", ".join(filter(None, [address, row.locality])) or row.municipality.name,
        on=timezone.localdate(row.received_at),
        image_ids=tuple(photos_of.values_list("image_id", flat=True)),
    )


def note(report: Report, *, by: User, text: str) -> Report:
    """Write something down for colleagues only."""
    with done_by_staff(report, by, Deed.NOTE, None) as work:
        work.tell(EventKind.NOTE, Visibility.INTERNAL, text=text.strip())
    return work.report


def release(
    report: Report,
    *,
    by: User,
    text: bool | None = None,
    public_text: str = "",
    photos: Collection[int] = (),
    hidden_photos: Collection[int] = (),
    version: int | None = None,
) -> Report:
    """Publish or hide the text (`text` None: leave it) and photos, given by primary key.

    `public_text` is what staff want the public to read; "" leaves hidden what is hidden. A report
    that waited for review becomes public with its first release. What the reporter or the offer
    keeps from the public stays so: NotAllowed.
    """
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        row = work.report
        if row.publication == Publication.NEVER:
            raise NotAllowed
        if text is not None:
            row.is_text_public = text
        if text:
            row.hide_all_but(public_text.strip() or row.readable_text)
            row.is_text_reviewed = True
        Photo.objects.filter(report=row, pk__in=photos).update(is_released=True)
        Photo.objects.filter(report=row, pk__in=hidden_photos).update(is_released=False)
        row.is_public = row.is_public or bool(text) or bool(photos)
        row.changed_at = work.now
        kind = EventKind.PUBLISHED if text or photos else EventKind.DEPUBLISHED
        facts = {"text": text, "photos": sorted(photos), "hidden": sorted(hidden_photos)}
        if text and row.masked_text:
            facts["is_masked"] = True
        work.tell(kind, Visibility.INTERNAL, facts=facts).tiles = live.public_tiles(row)
    return row


def redact(report: Report, image_id: UUID, *, by: User, areas: Sequence[photos.Area]) -> Report:
    """Pixelate areas of a photo, for ever: the picture as it was is deleted after the commit.

    Raises NotAllowed, TooLate when the report has no such photo (any more), PhotoRefused.
    """
    if not may(_roles(by, report), Deed.REDACT):
        raise NotAllowed
    photo = Photo.objects.select_related("image").filter(report=report, image=image_id).first()
    if photo is None:
        raise TooLate(report, ())
    old, new = photo.image, photos.redacted(photo.image, areas)
    with done_by_staff(report, by, Deed.REDACT, None) as work:
        if not Photo.objects.filter(pk=photo.pk, image=old).update(image=new):
            raise TooLate(report, ())
        facts = {"photo": photo.position + 1, "areas": len(areas)}
        event = work.tell(EventKind.REDACTED, Visibility.INTERNAL, facts=facts)
        event.tiles = live.public_tiles(work.report)
        transaction.on_commit(lambda: photos.discard(old))
    return work.report


def publish(report: Report, *, by: User, is_public: bool, version: int | None = None) -> Report:
    """Show the report (pin, category, status) to everybody, or take it out of public view."""
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        row = work.report
        if is_public and row.publication == Publication.NEVER:
            raise NotAllowed
        row.is_public = is_public
        row.changed_at = work.now
        kind = EventKind.PUBLISHED if is_public else EventKind.DEPUBLISHED
        work.tell(kind, Visibility.INTERNAL).tiles = live.public_tiles(row)
    return row


def flag_hazard(
    report: Report,
    *,
    by: User,
    is_hazard: bool,
    reason: str = "",
    version: int | None = None,
) -> Report:
    """Mark as a hazard, which alarms the department's mailbox at once, or lift the mark."""
    with done_by_staff(report, by, Deed.FLAG_HAZARD, version) as work:
        row = work.report
        if row.is_hazard != is_hazard:
            row.is_hazard = is_hazard
            row.changed_at = work.now
            facts = {"is_hazard": is_hazard}
            event = work.tell(
                EventKind.HAZARD, Visibility.INTERNAL, text=reason.strip(), facts=facts
            )
            event.tiles = live.public_tiles(row)
            if is_hazard:
                work.drafts += notices.hazard_alarm(row)
                work.tell_alarm()
                hazard.begin(row, now=work.now)
            else:
                hazard.end(row, EndReason.LIFTED, now=work.now)
    return row


def acknowledge(report: Report, *, by: User, version: int | None = None) -> Report:
    """Answer the alarm: nobody else is called. Nothing rings: nothing happens."""
    with done_by_staff(report, by, Deed.ACKNOWLEDGE, version) as work:
        work.take_on()
    return work.report


def secure(report: Report, *, by: User, how: str, version: int | None = None) -> Report:
    """The place is safe. Everybody reads that; how and by whom only staff do."""
    with done_by_staff(report, by, Deed.SECURE, version) as work:
        alarm = hazard.secure(work.report, by=by.name, how=how, now=work.now)
        if alarm:
            facts = hazard.secured_facts(alarm, via="desk")
            work.tell(EventKind.HAZARD_SECURED, Visibility.PUBLIC, facts=facts)
    return work.report


def unveil_contact(report: Report, *, by: User) -> Contact | None:
    """Show who reported it. Who looked, and when, is written down."""
    with done_by_staff(report, by, Deed.UNVEIL, None) as work:
        work.tell(EventKind.UNVEILED, Visibility.INTERNAL)
        return Contact.objects.filter(report=work.report).first()


@contextmanager
def done_by_staff(report: Report, by: User, deed: Deed, version: int | None) -> Iterator[Work]:
    """Lock, check, let the deed happen, then write row, events, letters and ring: or nothing."""
    with transaction.atomic():
        row = Report.objects.locked().get(pk=report.pk)
        if not may(_roles(by, row), deed):
            raise NotAllowed
        _refuse_if_overtaken(row, deed, version)
        with _written(row, by) as work:
            yield work


@contextmanager
def said_by_residents(report: Report) -> Iterator[Work]:
    """What no member of staff says, in the same way: the row is locked, and all of it or nothing.

    Raises Report.DoesNotExist where it was erased meanwhile.
    """
    with transaction.atomic(), _written(Report.objects.locked().get(pk=report.pk), None) as work:
        yield work


@contextmanager
def _written(row: Report, by: User | None) -> Iterator[Work]:
    """Let the deed happen to the locked row, then write row, events, letters and ring."""
    work = Work(row, by, timezone.now(), was_public=row.is_public)
    row.version += 1
    yield work
    if not work.events:  # nothing had to be done
        row.version -= 1
        return
    row.save()
    events = Event.objects.bulk_create(work.events)
    letters.post(*work.drafts)
    news.of(row, events)
    live.ring_report(
        row,
        was_public=work.was_public,
        is_internal=work.is_internal,
        old_position=work.old_position,
        teams=work.teams,
    )


def _roles(user: User, report: Report) -> frozenset[str]:
    return scope_of(user).roles_for(
        municipality_id=report.municipality_id, department_id=report.department_id
    )


def _works_on(user: User, report: Report) -> bool:
    return user.is_active and may(_roles(user, report), Deed.ACCEPT)


def _changes(report: Report, version: int) -> tuple[Event, ...]:
    return tuple(report.events.since(version).newest_first())


def _refuse_if_overtaken(report: Report, deed: Deed, version: int | None) -> None:
    if version is None or version == report.version:
        return
    changes = _changes(report, version)
    if any(change.kind in _OVERTAKES.get(deed, _MOVING) for change in changes):
        raise TooLate(report, changes)
