"""Each working day one letter to a department that wants it: what waits, by numbers and links.

Links lead to the desk's own lists; nobody's name or words travel.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from reports.letters.links import link
from reports.models import Report
from reports.workflow import OPEN, Status
from townhall import letters
from townhall.calendar import Calendar
from townhall.letters import Draft, Subject
from townhall.models import Department, DepartmentKind

KIND = "digest"


class DepartmentLetters(Subject):
    prefix = "department"
    kinds: ClassVar = {KIND: _("Morning letter to the department")}

    def page(self, name: str) -> str:
        return reverse("desk")


def register() -> None:
    letters.register(DepartmentLetters())


@dataclass(frozen=True)
class Standing:
    """How many open reports of a department are in each state; one may be in several."""

    new: int
    due: int  # today
    overdue: int
    answered: int  # by the reporter, since we asked
    again: int  # to be looked at again
    hazards: int

    @property
    def is_any(self) -> bool:
        return any((self.new, self.due, self.overdue, self.answered, self.again, self.hazards))


def standing_of(department: Department, today: dt.date) -> Standing:
    """One statement."""
    counted: dict[str, Any] = {
        "new": Q(status=Status.NEW),
        "due": Q(due_on=today, waiting_since=None),
        "overdue": Q(due_on__lt=today, waiting_since=None),
        "answered": Q(replied_at__isnull=False),
        "again": Q(resubmit_on__lte=today),
        "hazards": Q(is_hazard=True),
    }
    mine = Report.objects.filter(department=department, status__in=sorted(OPEN))
    return Standing(
        **mine.aggregate(**{name: Count("pk", filter=rule) for name, rule in counted.items()})
    )


def send_digests(today: dt.date) -> int:
    """Today's letters, each once however often this runs. How many departments wait for work."""
    drafts = [
        _draft(department, standing, today)
        for department in _readers()
        if _works_on(department, today) and (standing := standing_of(department, today)).is_any
    ]
    letters.post(*drafts)
    return len(drafts)


def _readers() -> QuerySet[Department]:
    wanted = Department.objects.filter(is_active=True, mails_digest=True).exclude(email="")
    return wanted.exclude(kind=DepartmentKind.OUTSIDE).prefetch_related("serves")


def _works_on(department: Department, today: dt.date) -> bool:
    """Whether one of its towns is open today."""
    return any(Calendar.of(town).is_working_day(today) for town in department.serves.all())


def _draft(department: Department, standing: Standing, today: dt.date) -> Draft:
    desk = link("desk")
    facts = {
        "department": department,
        "standing": standing,
        "today": today,
        "lists": {
            "new": f"{desk}",
            "overdue": f"{desk}?ansicht=ueberfaellig",
            "due": f"{desk}?ansicht=alle&q=status:offen+frist:heute",
            "answered": f"{desk}?ansicht=rueckfragen",
            "again": f"{desk}?ansicht=wiedervorlage",
            "hazards": f"{desk}?ansicht=gefahr",
        },
    }
    with translation.override("de"):
        letter = render_to_string("reports/letters/digest.txt", facts)
    subject, _newline, text = letter.strip().partition("\n")
    return Draft(
        key=f"digest:{department.slug}:{today.isoformat()}",
        kind=KIND,
        about=f"department:{department.slug}",
        to=department.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        sender="Augenmerk",
        may_repeat=True,
    )
