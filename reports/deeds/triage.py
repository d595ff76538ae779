"""What staff do to a report: one function and one transaction per deed, written by work.py."""

from __future__ import annotations

from reports.deeds.custody import hand_to, works_for
from reports.deeds.noting import jot
from reports.deeds.planning import usual_date
from reports.deeds.work import NotAllowed, Work, done_by_staff, roles_on, works_on
from reports.letters import notices
from reports.models import (
    Contact,
    EventKind,
    Report,
    Visibility,
)
from reports.workflow import CLOSED, Deed, IllegalMove, Status, may
from townhall.models import Department, DepartmentKind, User
from townhall.people import scope_of


class Nowhere(Exception):
    """Forwarding needs a department that works for the town, or the name of an outside body."""


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
        if to and not works_on(to, row):
            raise NotAllowed
        row.assignee, row.returned = to, ""
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


def forward(
    report: Report,
    *,
    by: User,
    department: Department | None = None,
    outside: str = "",
    reason: str = "",
    with_contact: bool = False,
    clock_anew: bool = False,
    version: int | None = None,
) -> Report:
    """To another department of the house, or out of it.

    Who reported it is passed on only with `with_contact`, by those who may see it, and it is
    written down. `clock_anew`: inside, the target date is counted from today.

    Inside, the report keeps its status and changes hands. To an outside body (a department of
    that kind, or a name) it becomes *forwarded*. Raises Nowhere without a goal.
    """
    with done_by_staff(report, by, Deed.FORWARD, version) as work:
        if department and not works_for(department, work.report):
            raise Nowhere
        contact = _passed_on(work, department) if department and with_contact else ""
        if department and department.kind != DepartmentKind.OUTSIDE:
            _hand_over(work, department, reason.strip(), contact=contact, clock_anew=clock_anew)
        else:
            _send_out(work, department, outside.strip(), reason.strip(), contact=contact)
    return work.report


def _passed_on(work: Work, department: Department) -> str:
    """How to reach the reporter. Raises NotAllowed for who may not see it themselves."""
    if work.by is None or not may(roles_on(work.by, work.report), Deed.UNVEIL):
        raise NotAllowed
    contact = Contact.objects.filter(report=work.report).first()
    if contact is None:
        return ""
    work.is_final = True
    work.tell(EventKind.UNVEILED, Visibility.INTERNAL, facts={"to": department.name})
    return "\n".join(filter(None, [contact.name, contact.email, contact.phone]))


def _hand_over(
    work: Work, department: Department, reason: str, *, contact: str, clock_anew: bool
) -> None:
    row = work.report
    if row.status in CLOSED:
        raise IllegalMove(Status(row.status), Status.FORWARDED)
    facts = {"from": row.department.slug, "to": department.name}
    hand_to(work, department)
    if clock_anew:
        row.due_on, row.changed_at = usual_date(row, work.now), work.now
        facts["due_on"] = row.due_on.isoformat()
    work.tell(EventKind.FORWARDED, Visibility.INTERNAL, text=reason, facts=facts)
    work.drafts += notices.forwarded(row, department, contact=contact)


def _send_out(
    work: Work, department: Department | None, outside: str, reason: str, *, contact: str
) -> None:
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
        work.drafts += notices.forwarded(row, department, contact=contact)
    work.drafts += notices.to_reporter(row, event)


def note(report: Report, *, by: User, text: str) -> Report:
    """Write something down for colleagues only. Whoever is called with @ gets a letter."""
    with done_by_staff(report, by, Deed.NOTE, None) as work:
        jot(work, text)
    return work.report


def unveil_contact(report: Report, *, by: User) -> Contact | None:
    """Show who reported it. Who looked, and when, is written down."""
    with done_by_staff(report, by, Deed.UNVEIL, None) as work:
        work.tell(EventKind.UNVEILED, Visibility.INTERNAL)
        return Contact.objects.filter(report=work.report).first()
