"""To a colleague who is called in a note. Not the note itself: it stays in the house."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import translation

from reports.letters.links import link
from reports.models import Report
from townhall.letters import Draft
from townhall.models import User


def mentioned(report: Report, people: Iterable[User], *, by: User) -> list[Draft]:
    """One for each; nobody without a mailbox gets one."""
    return [_draft(report, person, by) for person in people if person.email]


def _draft(report: Report, person: User, by: User) -> Draft:
    with translation.override("de"):
        facts = {"report": report, "by": by, "page": link("desk-report", report.code)}
        words = render_to_string("reports/letters/mention.txt", facts)
    subject, _gap, text = words.strip().partition("\n")
    return Draft(
        key=f"report:{report.code}:{report.version}:mention:{person.pk}",
        kind="mention",
        about=f"report:{report.code}",
        to=person.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        municipality_id=report.municipality_id,
        sender=report.municipality.name,
        reply_to=by.email,
        may_repeat=True,
    )
