"""How the pages of claims and handovers speak."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import template
from django.utils.functional import Promise

from lostfound import wording
from lostfound.catalogue import MARKS
from lostfound.models import HiddenMark, Match
from lostfound.money.euros import plain_euros as as_plain

register = template.Library()


@register.filter
def mark_label(mark: HiddenMark) -> str | Promise:
    known = MARKS.get(mark.kind)
    return known.label if known else mark.kind


@register.simple_tag
def match_words(match: Match) -> list[str]:
    """Why loss and find may be the same: each component in words."""
    found = []
    for name, part in match.components.items():
        words = wording.MATCH_REASONS.get((name, str(part.get("said", ""))))
        if words:
            found.append(str(words))
    return found


@register.filter
def missing_words(code: StrEnum) -> dict[str, Any]:
    """What is missing, in a sentence, and what to do about it."""
    sentence, remedy = wording.RELEASE_MISSING.get(str(code), (str(code), ""))
    return {"sentence": sentence, "remedy": remedy}


@register.filter
def due_words(code: StrEnum) -> str | Promise:
    """Why an amount is what it is."""
    return wording.DUE_REASONS.get(str(code), "")


@register.filter
def plain_euros(cents: int) -> str:
    """„12,50“ for a field."""
    return as_plain(cents)
