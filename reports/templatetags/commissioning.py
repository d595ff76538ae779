"""The tasks of a report, for its page at the desk."""

from __future__ import annotations

from typing import Any

from django import template

from reports.deeds import commissioning
from reports.desk.case import Case
from reports.workflow import Deed
from townhall.models import Role, User
from townhall.people import scope_of

register = template.Library()


@register.filter
def has_crews(user: User) -> bool:
    """Whether they see lists of crews: whoever works on reports. No statement of its own."""
    return scope_of(user).has_role(Role.DISPATCHER, Role.ADMINISTRATOR, Role.CASEWORKER)


@register.inclusion_tag("reports/staff/_tasks.html", takes_context=True)
def tasks_given(context: Any, case: Case) -> dict[str, Any]:
    """One statement."""
    return {
        "report": case.report,
        "tasks": list(commissioning.tasks_of(case.report)),
        "may_end": case.may(Deed.COMMISSION),
        "csrf_token": context.get("csrf_token"),
    }
