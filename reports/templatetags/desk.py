"""How the desk speaks: short ages, links that keep the list."""

from __future__ import annotations

import datetime as dt

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from frontend.templatetags.frontend import say
from reports.desk.wish import Wish

register = template.Library()


@register.filter
def age(moment: dt.datetime) -> SafeString:
    """„vor 2 Std.“ as a <time>: minutes, hours, days up to a week, then the date."""
    exact = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact.isoformat(timespec="minutes"),
        say(moment),
        age_in_words(moment, now=timezone.now()),
    )


def age_in_words(moment: dt.datetime, *, now: dt.datetime) -> str:
    minutes = int((now - moment).total_seconds() // 60)
    days = (timezone.localdate(now) - timezone.localdate(moment)).days
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("%(n)d min ago") % {"n": minutes}
    if minutes < 24 * 60:
        return gettext("%(n)d h ago") % {"n": minutes // 60}
    if days <= 7:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    same_year = exact_year(moment) == exact_year(now)
    return formats.date_format(timezone.localtime(moment), "d.m." if same_year else "d.m.Y")


def exact_year(moment: dt.datetime) -> int:
    return timezone.localtime(moment).year


@register.simple_tag
def desk_url(name: str, wish: Wish, *args: str) -> str:
    """A desk address that keeps the list which stands beside it."""
    address = reverse(name, args=args)
    return f"{address}?{wish.query}" if wish.query else address
