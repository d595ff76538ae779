"""To a colleague who is called in a note. Not the note itself: it stays in the house."""

from __future__ import annotations

from collections.abc import Iterable

from reports.letters.inside import inside
from reports.models import Report
from townhall.letters import Draft
from townhall.models import User


def mentioned(report: Report, people: Iterable[User], *, by: User) -> list[Draft]:
    """One for each; nobody without a mailbox gets one."""
    return [draft for person in people for draft in _letter(report, person, by)]


def _letter(report: Report, person: User, by: User) -> list[Draft]:
    about = f"{report.version}:mention:{person.pk}"
    return inside(report, "mention", to=person.email, about=about, reply_to=by.email, by=by)
