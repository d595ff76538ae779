"""Letters to our own people: in German, about one report, with its page on the desk."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from reports.letters.links import link
from reports.models import Report
from townhall.letters import Draft


def inside(
    report: Report, kind: str, *, to: str, about: str, reply_to: str, **facts: Any
) -> list[Draft]:
    """By the template of this kind, whose first line is the subject; none without a mailbox.

    `about` tells it from others of its kind about this report.
    """
    if not to:
        return []
    with translation.override("de"):
        known = {"report": report, "page": link("desk-report", report.code), **facts}
        words = render_to_string(f"reports/letters/{kind}.txt", known)
    subject, _gap, text = words.strip().partition("\n")
    draft = Draft(
        key=f"report:{report.code}:{about}",
        kind=kind,
        about=f"report:{report.code}",
        to=to,
        subject=subject.strip(),
        text=text.strip() + "\n",
        municipality_id=report.municipality_id,
        sender=report.municipality.name,
        reply_to=reply_to,
        may_repeat=True,
    )
    return [draft]
