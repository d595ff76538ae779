"""To a department that is asked for its part of another's report. Without the reporter."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation

from reports.letters.links import link
from reports.models import Share
from townhall.letters import Draft


def asked(share: Share) -> list[Draft]:
    """None where the department has no mailbox."""
    report, to = share.report, share.department.email
    if not to:
        return []
    with translation.override("de"):
        facts = {"share": share, "report": report, "page": link("desk-report", report.code)}
        words = render_to_string("reports/letters/shared.txt", facts)
    subject, _gap, text = words.strip().partition("\n")
    return [
        Draft(
            key=f"report:{report.code}:share:{share.pk}",
            kind="shared",
            about=f"report:{report.code}",
            to=to,
            subject=subject.strip(),
            text=text.strip() + "\n",
            municipality_id=report.municipality_id,
            sender=report.municipality.name,
            reply_to=report.department.email or report.municipality.email,
            may_repeat=True,
        )
    ]
