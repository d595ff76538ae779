"""How many people a report concerns, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext, ngettext

from reports.models import Report
from reports.voices import support

register = template.Library()


@dataclass(frozen=True)
class Said:
    """`short` stands on the public's button („6“, „wenige“), `sentence` is read out; empty: nobody.

    `exactly` is for staff.
    """

    short: str = ""
    sentence: str = ""
    exactly: str = ""


@register.simple_tag
def voices(report: Report) -> Said:
    """One statement."""
    return in_words(support.count(report))


@register.filter
def in_words(count: int) -> Said:
    if count == 0:
        return Said()
    exactly = ngettext("concerns %(n)d person", "concerns %(n)d people", count) % {"n": count}
    if count < support.FEW:
        return Said(gettext("a few"), gettext("concerns a few people"), exactly)
    return Said(str(count), exactly, exactly)


@register.filter
def worse_words(count: int) -> str:
    """„2-mal „schlimmer““"""
    return ngettext("%(n)d time “worse”", "%(n)d times “worse”", count) % {"n": count}


@register.filter
def follower_words(count: int) -> str:
    return ngettext("%(n)d follows", "%(n)d follow", count) % {"n": count}
