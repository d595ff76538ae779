"""How the pages of storage and cash speak."""

from __future__ import annotations

from django import template

from lostfound.models import Holder

register = template.Library()


@register.filter
def holder(code: str | None) -> str:
    """In whose hands, in words; at the counter where the log says nothing yet."""
    return str(Holder(code or Holder.COUNTER).label)
