"""How the counter's own pages speak: the intake and the page of a thing."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from lostfound.catalogue import GROUPS, ThingKind
from lostfound.matching.lexicon import words_of_kinds
from lostfound.models import Regime
from lostfound.wording import FIELD_NAMES

register = template.Library()


@register.filter
def kind_words(code: str) -> str:
    """Everyday words for a kind, by which a type-ahead finds it, too."""
    return words_of_kinds().get(code, "")


@register.filter
def is_group(options: Any) -> bool:
    """Whether a choice of a list is a group of choices."""
    return isinstance(options, list | tuple)


@register.filter
def regime_label(code: str) -> str:
    return str(Regime(code).label)


@register.filter
def group_icon(thing: ThingKind) -> str:
    return GROUPS[thing.group].icon


@register.filter
def fields_in_words(names: list[str]) -> str:
    """„Farbe, Fundtag“: what an event says was changed."""
    return ", ".join(str(FIELD_NAMES[name]) for name in names if name in FIELD_NAMES)


@register.filter
def initials(name: str | None) -> str:
    """„E. M.“: enough to tell two apart in a list, too little to say who it is. "" → –."""
    return " ".join(f"{word[0]}." for word in (name or "").split()) or "–"


@register.filter
def right_answer(claimed: bool | None) -> str:
    """What a finder said to one of the three rights."""
    if claimed is None:
        return gettext("not asked")
    return gettext("claims it") if claimed else gettext("waives it")
