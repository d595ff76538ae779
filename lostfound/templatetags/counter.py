"""How the counter's own pages speak: the intake and the page of a thing."""

from __future__ import annotations

from typing import Any

from django import template

from lostfound.everyday import KIND_WORDS
from lostfound.models import Regime

register = template.Library()


@register.filter
def kind_words(code: str) -> str:
    """Everyday words for a kind, by which a type-ahead finds it, too."""
    return " ".join(KIND_WORDS.get(code, "").split())


@register.filter
def is_group(options: Any) -> bool:
    """Whether a choice of a list is a group of choices."""
    return isinstance(options, list | tuple)


@register.filter
def regime_label(code: str) -> str:
    return str(Regime(code).label)
