"""How the desk speaks: short ages, links that keep the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy

from frontend.templatetags.frontend import say
from reports.desk.wish import Wish
from reports.models import Alarm

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


@dataclass(frozen=True)
class AlarmBand:
    """The dangers above the list: those that are always seen, and those one unfolds."""

    first: Sequence[Alarm]
    rest: Sequence[Alarm]

    @property
    def loud(self) -> int:
        """How many of those below nobody answers."""
        return sum(_is_loud(alarm) for alarm in self.rest)


MOST_ALARMS_OPEN = 3


@register.simple_tag
def alarm_band(alarms: Sequence[Alarm]) -> AlarmBand:
    """All of a few; of many two, so that the list stays in sight. First those nobody answers."""
    ordered = sorted(alarms, key=_is_loud, reverse=True)
    seen = len(alarms) if len(alarms) <= MOST_ALARMS_OPEN else MOST_ALARMS_OPEN - 1
    return AlarmBand(ordered[:seen], ordered[seen:])


def _is_loud(alarm: Alarm) -> bool:
    return bool(alarm.exhausted_at and alarm.is_ringing)


# Below what the steps of a report stand; what is not named here stands first, without a heading.
_GROUPS: tuple[tuple[str | Promise, frozenset[str]], ...] = (
    (
        pgettext_lazy("steps of a report", "Who does it"),
        frozenset(
            {"zuweisung", "weiterleitung", "fundbuero", "zurueckweisung", "mitwirkung", "auftrag"}
        ),
    ),
    (
        pgettext_lazy("steps of a report", "By when"),
        frozenset({"prioritaet", "zieltermin", "wiedervorlage", "tagesliste"}),
    ),
    (
        pgettext_lazy("steps of a report", "The report itself"),
        frozenset(
            {
                "ablehnung",
                "wiedereroeffnung",
                "freigabe",
                "gefahr",
                "teilung",
                "trennung",
                "berichtigung",
                "strafbares",
            }
        ),
    ),
)


class Step(Protocol):
    """What the page shows of a deed: reports.views.staff.Panel."""

    @property
    def thing(self) -> Any: ...


@register.filter
def in_groups(panels: Iterable[Step]) -> list[tuple[str | Promise, list[Step]]]:
    """The steps under their headings, in their order; headings without a step are left out."""
    known = list(panels)
    named = {slug for _heading, slugs in _GROUPS for slug in slugs}
    first = [panel for panel in known if panel.thing.slug not in named]
    groups = [
        (heading, [panel for panel in known if panel.thing.slug in slugs])
        for heading, slugs in _GROUPS
    ]
    return [("", first), *groups] if first else groups
