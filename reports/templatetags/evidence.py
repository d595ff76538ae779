"""Words about sealed evidence."""

from __future__ import annotations

from typing import Any

from django import template

from reports.models import CustodyKind

register = template.Library()


@register.filter
def custody_words(kind: Any) -> str:
    """What was done with it, of an event's facts."""
    return str(CustodyKind(kind).label) if kind in CustodyKind.values else ""
