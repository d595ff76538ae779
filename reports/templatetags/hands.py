"""Words about who has a report and how soon it is dealt with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.formats import date_format

from reports.models import Priority
from reports.staff import merging
from reports.staff.case import Case
from reports.workflow import Deed

register = template.Library()


@register.filter
def shown_code(code: Any) -> str:
    """`7K3F-9QMX` of a code in an event's facts."""
    return f"{code[:4]}-{code[4:]}" if code else ""


@register.inclusion_tag("reports/staff/_similar.html")
def handing(case: Case) -> dict[str, Any]:
    """What might be the same, what was joined with it, and what it was joined with.

    Two statements; two more where reports were joined with it.
    """
    report = case.report
    may_merge = case.may(Deed.MERGE) and report.is_open
    return {
        "report": report,
        "may_merge": may_merge,
        "candidates": merging.candidates(report, case.user) if may_merge else [],
        "joined": list(merging.joined(report)),
        "main": report.duplicate_of,
    }


@register.filter
def priority_words(value: Any) -> str:
    """Of the number in an event's facts, or of a report."""
    return str(Priority(value).label) if value in Priority.values else ""


@register.filter
def day_words(value: Any) -> str:
    """`24. Dezember 2026` of an ISO date in an event's facts; "" where there is none."""
    return date_format(dt.date.fromisoformat(value), "DATE_FORMAT") if value else ""
