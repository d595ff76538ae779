"""Whom a task outside was given to: how long that is known, and what they may ask of us.

Name and address stand in the task's row and in its letters, nowhere else. What the office of an
outside body is called is nobody's personal data and stays, so that staff still see who had it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.deeds.work import said_by_residents
from reports.letters import tasks as task_letters
from reports.models import (
    Commission,
    CommissionLink,
    EventKind,
    Report,
    TaskOutcome,
    Visibility,
)
from reports.personal import disclosure, retention
from reports.workflow import CLOSED
from townhall import belongings
from townhall.belongings import Belongings, Known, Sheet
from townhall.letters.erasing import erase_about
from townhall.mailboxes import Mailbox
from townhall.models import Department, DepartmentKind

MOST = 200  # on one page; the copy holds all


def register() -> None:
    belongings.register(Tasks())


# ── In time ──────────────────────────────────────────────────────────────────────────────────
def due(today: dt.date) -> Q:
    """Of tasks. As long as the report is open they may be asked again, but never for too long."""
    closed = retention.end_of(today - retention.TASK_CONTACT_AFTER_CLOSING)
    given = retention.end_of(today - retention.TASK_CONTACT_AT_MOST)
    is_over = Q(report__status__in=CLOSED, report__closed_at__lt=closed) | Q(asked_at__lt=given)
    return ~Q(email="") & is_over


def forget_due(*, today: dt.date) -> tuple[int, int]:
    """Returns how many tasks, and how many letters. One transaction for each task."""
    tasks = letters = 0
    for pk in list(Commission.objects.filter(due(today)).values_list("pk", flat=True)):
        with transaction.atomic():
            row = _locked(pk).filter(due(today)).first()
            if row is not None:
                tasks, letters = tasks + 1, letters + _forget(row)
    return tasks, letters


def _locked(pk: int) -> QuerySet[Commission]:
    return Commission.objects.select_for_update(of=("self",)).select_related("report").filter(pk=pk)


def _forget(row: Commission) -> int:
    """Name, address, links and letters. Returns how many letters were blanked."""
    letters = erase_about(f"report:{row.report.code}", only={task_letters.KIND}, to=row.email)
    CommissionLink.objects.filter(commission=row).delete()
    offices = Department.objects.filter(kind=DepartmentKind.OUTSIDE, name=row.name)
    row.name = row.name if offices.exists() else ""
    row.email = ""
    row.save(update_fields=["name", "email"])
    return letters


# ── Where they ask for it ────────────────────────────────────────────────────────────────────
def tasks_of(mailbox: Mailbox) -> QuerySet[Commission]:
    """Newest first."""
    rows = mailbox.among(Commission.objects.exclude(email="")).order_by("-asked_at")
    return rows.select_related("report__category__group", "report__municipality")


class Tasks(Belongings):
    slug: ClassVar = "auftraege"
    title: ClassVar[str | Promise] = _("Tasks")
    template: ClassVar = "reports/mine/_tasks.html"
    is_rare: ClassVar = True
    erasing: ClassVar[str | Promise] = _(
        "Your name and address are taken out of the tasks that a town hall gave you. Links to "
        "tasks that are still open stop working; the town hall sees that."
    )

    def known(self, mailbox: Mailbox) -> Known | None:
        newest = tasks_of(mailbox).first()
        if newest is None:
            return None
        town = newest.report.municipality
        return Known(newest.email, sender=town.name, reply_to=town.email)

    def count(self, mailbox: Mailbox) -> int | None:
        return tasks_of(mailbox).count()

    def facts(self, mailbox: Mailbox, *, request: HttpRequest) -> Mapping[str, Any]:
        return {"tasks": tasks_of(mailbox)[:MOST], "most": MOST}

    def copy(self, mailbox: Mailbox) -> Iterable[Sheet]:
        return [disclosure.of_tasks(list(tasks_of(mailbox)))]

    def forget(self, mailbox: Mailbox) -> int:
        """Reports lock one after the other, lowest first: two such wishes can't cross."""
        keys = tasks_of(mailbox).order_by("report", "pk").values_list("pk", flat=True)
        return sum(_forget_on_wish(pk) for pk in list(keys))


def _forget_on_wish(pk: int) -> int:
    """An open task ends with it, and staff see that: nobody could be asked any more."""
    with said_by_residents(Report.objects.get(commissions=pk)) as work:
        row = _locked(pk).exclude(email="").first()
        if row is None:
            return 0
        if row.is_open:
            row.outcome, row.ended_at = TaskOutcome.ENDED, work.now
            row.save(update_fields=["outcome", "ended_at"])
            facts = {"by": "outside", "task": row.pk, "because": "erased"}
            work.tell(EventKind.TASK_ENDED, Visibility.INTERNAL, facts=facts)
        _forget(row)
    return 1
