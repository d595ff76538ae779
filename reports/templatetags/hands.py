"""Words about who has a report and how soon it is dealt with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils.formats import date_format

from reports.deeds import incidents, merging, sharing, taking_in
from reports.desk.case import Case
from reports.letters import notices
from reports.models import EventKind, Priority, Report, Share
from reports.workflow import Deed
from townhall.models import Letter, Role
from townhall.people import scope_of

register = template.Library()


@register.filter
def leads_incidents(user: Any) -> bool:
    """Whether this member of staff begins and ends collective incidents somewhere."""
    return scope_of(user).has_role(Role.DISPATCHER, Role.ADMINISTRATOR)


@register.filter
def takes_in(user: Any) -> bool:
    """Whether this member of staff writes down reports for people without internet."""
    return taking_in.may_take_in(user)


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
        "shares": [(share, sharing.may_finish(share, case.user)) for share in _shares(report)],
        "split_from": report.split_from,
        "parts": list(report.parts.select_related("category", "municipality")),
        "incident": incidents.of(report),
        "receipts": _receipts(case),
    }


def _shares(report: Report) -> QuerySet[Share]:
    return sharing.shares_of(report)


def _receipts(case: Case) -> list[Letter]:
    """The letters by which it was handed on, newest first, with what became of them."""
    if not any(event.kind == EventKind.FORWARDED for event in case.events):
        return []
    about = Letter.objects.filter(
        about=f"report:{case.report.code}", kind__in=("forwarded", notices.WITH_CONTACT)
    )
    return list(about.order_by("-created_at")[:3])


@register.inclusion_tag("reports/page/_incident.html")
def incident_notice(report: Report) -> dict[str, Any]:
    """What the town says about the storm behind a report. One statement."""
    return {"incident": incidents.of(report)}


@register.filter
def priority_words(value: Any) -> str:
    """Of the number in an event's facts, or of a report."""
    return str(Priority(value).label) if value in Priority.values else ""


@register.filter
def day_words(value: Any) -> str:
    """`24. Dezember 2026` of an ISO date in an event's facts; "" where there is none."""
    return date_format(dt.date.fromisoformat(value), "DATE_FORMAT") if value else ""
