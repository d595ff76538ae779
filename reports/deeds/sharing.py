"""Mitwirkung: a second department does its part of a report that stays with the first.

It sees the report until its part is done. The public hears from the department in charge only.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from reports.deeds.custody import works_for
from reports.deeds.triage import Nowhere
from reports.deeds.work import NotAllowed, done_beside, done_by_staff, roles_on
from reports.letters import shared
from reports.models import EventKind, Report, Share, Visibility
from reports.workflow import Deed, IllegalMove, ReasonMissing, Status, may
from townhall.models import Department, User
from townhall.people import scope_of


def ask(
    report: Report,
    *,
    by: User,
    department: Department,
    text: str,
    due_on: dt.date | None = None,
    version: int | None = None,
) -> Share:
    """Give a department its part. One open part for each.

    Raises Nowhere, ReasonMissing, and IllegalMove where the report is closed or it is asked
    already.
    """
    with done_by_staff(report, by, Deed.SHARE, version) as work:
        row = work.report
        if not works_for(department, row):
            raise Nowhere
        if not text.strip():
            raise ReasonMissing(Status(row.status))
        there = Share.objects.filter(report=row, department=department, ended_at=None)
        if not row.is_open or there.exists():
            raise IllegalMove(Status(row.status), Status(row.status))
        share = Share.objects.create(
            report=row,
            department=department,
            text=text.strip(),
            due_on=due_on,
            asked_by=by,
            asked_at=work.now,
        )
        work.is_final = True
        work.teams.append(department)
        facts = {"to": department.name}
        work.tell(EventKind.SHARED, Visibility.INTERNAL, text=share.text, facts=facts)
        work.drafts += shared.asked(share)
    return share


def finish(share: Share, *, by: User, answer: str) -> Share:
    """The part is done, says its department, or whoever asked needs it no more.

    From then on the department sees the report no longer. Again = no change.
    """
    with done_beside(share.report, by) as work:
        row = Share.objects.select_for_update(of=("self",)).get(pk=share.pk)
        if not may_finish(row, by):
            raise NotAllowed
        if row.ended_at is None:
            row.answer, row.ended_by, row.ended_at = answer.strip(), by, work.now
            row.save(update_fields=["answer", "ended_by", "ended_at"])
            work.is_final = True
            work.teams.append(row.department)
            facts = {"to": row.department.name}
            work.tell(
                EventKind.SHARE_ENDED,
                Visibility.INTERNAL,
                department=row.department,
                text=row.answer,
                facts=facts,
            )
    return row


def may_finish(share: Share, user: User) -> bool:
    is_theirs = share.department_id in scope_of(user).department_ids
    return is_theirs or may(roles_on(user, share.report), Deed.SHARE)


def shares_of(report: Report) -> QuerySet[Share]:
    """Open ones first."""
    rows = Share.objects.filter(report=report).select_related("department", "report", "ended_by")
    return rows.order_by("ended_at", "pk")
