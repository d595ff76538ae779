"""How the pages of storage and cash speak."""

from __future__ import annotations

from django import template

from lostfound.catalogue import THING_KINDS, Colour
from lostfound.models import Holder

register = template.Library()


@register.filter
def holder(code: str | None) -> str:
    """In whose hands, in words; at the counter where the log says nothing yet."""
    return str(Holder(code or Holder.COUNTER).label)


@register.filter
def kind(code: str) -> str:
    """„Regenschirm“."""
    return str(THING_KINDS[code].label) if code in THING_KINDS else code


@register.filter
def colour(code: str) -> str:
    return str(Colour(code).label) if code in Colour else ""
