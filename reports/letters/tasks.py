"""To an outside body or a contractor: what to do, and the link. Without the reporter."""

from __future__ import annotations

import datetime as dt

from django.template.loader import render_to_string
from django.utils import timezone, translation

from reports.letters.links import link
from reports.models import Commission
from townhall.capabilities import digest
from townhall.letters import Draft

KIND = "task"


def given(commission: Commission, token: str, *, until: dt.datetime) -> list[Draft]:
    report = commission.report
    with translation.override("de"):
        facts = {
            "task": commission,
            "report": report,
            "page": link("task", token, town=report.municipality),
            "until": timezone.localtime(until),
        }
        words = render_to_string("reports/letters/task.txt", facts)
    subject, _gap, text = words.strip().partition("\n")
    return [
        Draft(
            key=f"report:{report.code}:task:{digest(token)[:16]}",
            kind=KIND,
            about=f"report:{report.code}",
            to=commission.email,
            subject=subject.strip(),
            text=text.strip() + "\n",
            municipality_id=report.municipality_id,
            sender=report.municipality.name,
            reply_to=report.department.email or report.municipality.email,
            may_repeat=True,
        )
    ]
