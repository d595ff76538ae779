"""Letters about reports. They tell; the deeds decide whether to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation

from reports.links import link
from reports.models import Contact, Event, Report
from townhall.capabilities import token_for
from townhall.letters import Draft
from townhall.models import Department


def on_receipt(report: Report, contact: Contact | None, *, client_id: UUID) -> list[Draft]:
    """To the reporter the receipt with its links; to the department what it must know at once."""
    drafts = []
    if contact and contact.email:
        drafts.append(_receipt(report, contact, client_id))
    if report.is_hazard:
        drafts += hazard_alarm(report)
    elif report.department.mails_new_reports:
        drafts += _to_department(report, report.department, kind="new_report")
    return drafts


def hazard_alarm(report: Report) -> list[Draft]:
    return _to_department(report, report.department, kind="hazard_alarm")


def forwarded(report: Report, department: Department) -> list[Draft]:
    """To the department that gets it. Without the reporter's contact data."""
    return _to_department(report, department, kind="forwarded")


def to_reporter(report: Report, event: Event) -> list[Draft]:
    """What happened, if the reporter gave an address and confirmed it. One statement."""
    contact = Contact.objects.filter(report=report, confirmed_at__isnull=False).first()
    if contact is None:
        return []
    facts = {"report": report, "event": event}
    return [_draft(report, "status", to=contact.email, facts=facts, language=report.language)]


def _receipt(report: Report, contact: Contact, client_id: UUID) -> Draft:
    with translation.override(report.language):
        facts = {
            "report": report,
            "page": link("own-report", token_for("view", client_id)),
            "confirm": link("own-confirm", token_for("confirm", client_id)),
        }
    return _draft(report, "receipt", to=contact.email, facts=facts, language=report.language)


def _to_department(report: Report, department: Department, *, kind: str) -> list[Draft]:
    to = department.email or report.municipality.email
    if not to:
        return []
    with translation.override("de"):
        facts = {"report": report, "page": link("desk-report", report.code)}
    return [_draft(report, kind, to=to, facts=facts, language="de")]


def _draft(report: Report, kind: str, *, to: str, facts: Mapping[str, Any], language: str) -> Draft:
    """Subject is the template's first line, the text the rest."""
    with translation.override(language):
        letter = render_to_string(f"reports/letters/{kind}.txt", dict(facts))
    subject, _, text = letter.strip().partition("\n")
    return Draft(
        key=f"report:{report.code}:{report.version}:{kind}:{to}"[:200],
        kind=kind,
        about=f"report:{report.code}",
        to=to,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=language,
    )
