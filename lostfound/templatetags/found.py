"""How the lost property office's templates speak."""

from __future__ import annotations

from typing import Any

from django import template

from lostfound.counter import offices_of
from lostfound.euros import say_euros

register = template.Library()


@register.simple_tag(takes_context=True)
def counters_of_user(context: template.Context) -> list[Any]:
    """The offices this user can work at, for changing between them; empty unless several."""
    request = context.get("request")
    offices = offices_of(request.user) if request else []
    return list(offices) if len(offices) > 1 else []


@register.filter
def euros(cents: int | None) -> str:
    """„12,50 €“; nothing for None."""
    return "" if cents is None else say_euros(cents)
