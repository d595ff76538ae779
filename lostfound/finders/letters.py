"""Letters to finders who report from home. They tell; the deeds decide whether to tell.

Their subjects say nothing about the thing: who reads over a shoulder learns a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound.models import FindReport, FindReporter
from townhall import letters
from townhall.capabilities import token_for
from townhall.letters import Draft
from townhall.links import link
from townhall.models import Letter, User


def receipt(find: FindReport, reporter: FindReporter, *, client_id: UUID) -> Draft:
    """With the link to the finder's page, and the one that confirms the address."""
    town = find.office.municipality
    with translation.override(find.language):
        facts = {"confirm": link("find-confirm", token_for("find-confirm", client_id), town=town)}
    return _draft(find, reporter, "receipt", facts)


def told(find: FindReport, kind: str) -> list[Draft]:
    """What the office did: "query", "kept", "taken_in", "rejected". To a confirmed address only."""
    reporter = FindReporter.objects.filter(
        find=find, confirmed_at__isnull=False, unreachable_at=None
    ).first()
    return [_draft(find, reporter, kind, {})] if reporter and reporter.email else []


def _draft(find: FindReport, reporter: FindReporter, kind: str, facts: Mapping[str, Any]) -> Draft:
    """Subject is the template's first line, the text the rest."""
    with translation.override(find.language):
        page = link("find", token_for("find", find.client_id), town=find.office.municipality)
        known = {"find": find, "office": find.office, "reporter": reporter, "page": page}
        letter = render_to_string(f"lostfound/letters/find_{kind}.txt", known | dict(facts))
    subject, _newline, text = letter.strip().partition("\n")
    return Draft(
        key=f"find:{find.code}:{find.version}:{kind}",
        kind=kind,
        about=f"find:{find.code}",
        to=reporter.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=find.language,
        municipality_id=find.office.municipality_id,
        sender=find.office.name,
        reply_to=find.office.email or find.office.municipality.email,
    )


class FindLetters(letters.Subject):
    """Letters about "find:CODE"."""

    prefix: ClassVar = "find"
    kinds: ClassVar[Mapping[str, str | Promise]] = {
        "receipt": _("Receipt to the finder"),
        "query": _("Question to the finder"),
        "kept": _("To the finder: keep it at home"),
        "taken_in": _("To the finder: taken in"),
        "rejected": _("To the finder: not taken in"),
    }

    def page(self, name: str) -> str:
        return reverse("fund-find", args=[name])

    def shown(self, name: str) -> str:
        return f"{name[:4]}-{name[4:]}"

    def bounced(self, letter: Letter) -> None:
        """Nothing more is sent there."""
        FindReporter.objects.filter(
            find__code=letters.name_of(letter), email=letter.to, unreachable_at=None
        ).update(unreachable_at=timezone.now())

    def sent_again(self, letter: Letter, *, by: User) -> None:
        """Who sends again to an address believes in it."""
        FindReporter.objects.filter(find__code=letters.name_of(letter), email=letter.to).update(
            unreachable_at=None
        )


def register() -> None:
    letters.register(FindLetters())
