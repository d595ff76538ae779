"""The tasks of a report, for its page at the desk."""

from __future__ import annotations

from typing import Any

from django import template

from reports.staff import commissioning
from reports.staff.case import Case
from reports.workflow import Deed

register = template.Library()


@register.inclusion_tag("reports/staff/_tasks.html", takes_context=True)
def tasks_given(context: Any, case: Case) -> dict[str, Any]:
    """One statement."""
    return {
        "report": case.report,
        "tasks": list(commissioning.tasks_of(case.report)),
        "may_end": case.may(Deed.COMMISSION),
        "csrf_token": context.get("csrf_token"),
    }
