"""How the lost property office's templates speak."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lostfound.catalogue import SWATCHES, Colour
from lostfound.counter import offices_of
from lostfound.models import FindReport
from lostfound.money.euros import say_euros
from lostfound.wording import FIND_STATES

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


@register.filter
def find_state(find: FindReport) -> str:
    """How a finder's report stands, in staff's words."""
    return str(FIND_STATES[find.state])


@register.simple_tag
@cache
def swatch(colour: str) -> SafeString | str:
    """A round sample of a colour group, beside its word; nothing for an unknown colour."""
    if not colour:
        return ""
    return format_html(
        '<svg class="swatch" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        _PATTERN if colour == Colour.PATTERNED else _filled(SWATCHES[colour]),
    )


def _filled(colour: str) -> SafeString:
    return format_html('<circle cx="8" cy="8" r="7" fill="{}"/>', colour)


_PATTERN = mark_safe(
    '<path d="M8 8V1a7 7 0 0 1 7 7z" fill="#c62828"/><path d="M8 8h7a7 7 0 0 1-7 7z"'
    ' fill="#1f5fae"/><path d="M8 8v7a7 7 0 0 1-7-7z" fill="#f2c230"/>'
    '<path d="M8 8H1a7 7 0 0 1 7-7z" fill="#2e7d32"/><circle class="edge" cx="8" cy="8" r="7"/>'
)
