"""To those whose report was joined with another: what happens to that one, each of them once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils import translation

from reports.letters.links import link
from reports.letters.notices import unsubscribe_token
from reports.letters.once import told_once
from reports.models import (
    GOES_ON,
    Contact,
    Event,
    EventKind,
    Report,
    Submission,
    Visibility,
)
from townhall.capabilities import token_for
from townhall.letters import Draft
from townhall.mailboxes import Mailbox

_NEWS = frozenset({EventKind.ACCEPTED, EventKind.STATUS, EventKind.FORWARDED, EventKind.DEADLINE})
_CLIENT_ID = Submission.objects.filter(code=OuterRef("report__code")).values("client_id")[:1]


def reporters(report: Report) -> Any:
    """Confirmed contacts of the reports joined with this one, oldest first, with `client_id`."""
    return (
        Contact.objects.filter(GOES_ON, report__duplicate_of=report, confirmed_at__isnull=False)
        .exclude(email="")
        .select_related(
            "report__category__group",
            "report__municipality",
            "report__department",
            "correspondence",
        )
        .annotate(client_id=Subquery(_CLIENT_ID))
        .order_by("report__received_at", "pk")
    )


def of(report: Report, events: Iterable[Event]) -> list[Draft]:
    """One for each of their mailboxes but the main reporter's, about what everybody sees.

    One statement where nothing was joined.
    """
    news = [event for event in events if event.visibility == Visibility.PUBLIC]
    news = [event for event in news if event.kind in _NEWS]
    contacts = list(reporters(report)) if news else []
    if not contacts:
        return []
    main = Contact.objects.filter(report=report).values_list("email", flat=True).first()
    told = {Mailbox.of(main or "")}
    return [_draft(contact, report, news[-1]) for contact in _each_once(contacts, told)]


def _each_once(contacts: Any, told: set[Mailbox]) -> Iterator[Any]:
    for contact in contacts:
        mailbox = Mailbox.of(contact.email)
        if mailbox not in told:
            told.add(mailbox)
            yield contact


def _draft(contact: Any, main: Report, event: Event) -> Draft:
    own: Report = contact.report
    with translation.override(own.language):
        facts: dict[str, Any] = {"report": own, "main": main, "event": event}
        if contact.client_id:
            facts["page"] = link(
                "own-report", token_for("view", contact.client_id), town=own.municipality
            )
            token = unsubscribe_token(contact, contact.client_id)
            facts["unsubscribe"] = link("own-letters", token, town=own.municipality)
        words = render_to_string("reports/letters/joined.txt", facts)
    subject, _gap, text = words.strip().partition("\n")
    draft = Draft(
        key=f"report:{own.code}:{main.code}:{main.version}:joined:{contact.email}"[:200],
        kind="status",
        about=f"report:{own.code}",
        to=contact.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=own.language,
        municipality_id=own.municipality_id,
        sender=own.municipality.name,
        reply_to=main.department.email or main.municipality.email,
        unsubscribe=facts.get("unsubscribe", ""),
    )
    return told_once(draft, event.facts["once"]) if "once" in event.facts else draft
