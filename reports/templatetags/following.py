"""How many people a report concerns, in the words that the public reads."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext, ngettext

from reports import support
from reports.models import Report

register = template.Library()


@dataclass(frozen=True)
class Said:
    """`short` stands on the button („6“, „wenige“), `sentence` is read out; both may be empty."""

    short: str = ""
    sentence: str = ""


@register.simple_tag
def voices(report: Report) -> Said:
    """One statement."""
    return in_words(support.count(report))


@register.filter
def in_words(count: int) -> Said:
    if count == 0:
        return Said()
    if count < support.FEW:
        return Said(gettext("a few"), gettext("concerns a few people"))
    sentence = ngettext("concerns %(n)d person", "concerns %(n)d people", count) % {"n": count}
    return Said(str(count), sentence)
