"""Words about who has a report and how soon it is dealt with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.formats import date_format

from reports.models import Priority

register = template.Library()


@register.filter
def priority_words(value: Any) -> str:
    """Of the number in an event's facts, or of a report."""
    return str(Priority(value).label) if value in Priority.values else ""


@register.filter
def day_words(value: Any) -> str:
    """`24. Dezember 2026` of an ISO date in an event's facts; "" where there is none."""
    return date_format(dt.date.fromisoformat(value), "DATE_FORMAT") if value else ""
