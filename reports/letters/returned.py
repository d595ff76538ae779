"""To the dispatchers: what nobody opened and lies with them again, all of a town in one letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.letters.links import link
from reports.models import Report
from townhall import letters
from townhall.letters import Draft
from townhall.models import Municipality

VIEW = "zurueckgewiesen"


class DeskLetters(letters.Subject):
    """Letters about "desk:VIEW"."""

    prefix: ClassVar = "desk"
    kinds: ClassVar[Mapping[str, str | Promise]] = {
        "unopened": _("Nobody opened them: to the dispatchers")
    }

    def page(self, name: str) -> str:
        return f"{reverse('desk')}?ansicht={name}"

    def shown(self, name: str) -> str:
        return ""


def register() -> None:
    letters.register(DeskLetters())


def digest(town: Municipality, rows: Sequence[Report], *, now: dt.datetime) -> list[Draft]:
    """None where nothing fell back, or where the town has no mailbox. Names no resident."""
    to = town.fallback_department.email or town.email
    if not (rows and to):
        return []
    with translation.override("de"):
        facts = {"town": town, "reports": rows, "page": f"{link('desk')}?ansicht={VIEW}"}
        words = render_to_string("reports/letters/unopened.txt", facts)
    subject, _gap, text = words.strip().partition("\n")
    return [
        Draft(
            key=f"desk:{town.key}:unopened:{now:%Y%m%d%H%M}:{rows[0].code}",
            kind="unopened",
            about=f"desk:{VIEW}",
            to=to,
            subject=subject.strip(),
            text=text.strip() + "\n",
            municipality_id=town.pk,
            sender=town.name,
            may_repeat=True,
        )
    ]
