"""The cards and choices of the public search, written by functions: from templates they took longer
than all of the page's SQL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from frontend.templatetags.frontend import icon, spoken
from lostfound.catalogue import Group
from lostfound.models import Listing
from lostfound.templatetags.found import swatch
from townhall.codes import LENGTH

register = template.Library()

_CODE = "0" * LENGTH
_CARD = (
    '<li><article class="found-card" data-code="{code}">'
    '<div class="face">{face}{swatch}</div>'
    '<div class="body"><h3><a href="{item}">{title}</a></h3>'
    '<p class="meta dots"><span>{day}</span><span>{area}</span></p>'
    '<p class="meta keeper dots"><span>{office}</span>'
    '<span class="number">{number} {shown}</span></p></div>'
    '<a class="claim" href="{claim}">{mine}'
    '<span class="visually-hidden">: {title}, {shown}</span>{arrow}</a></article></li>\n'
)
_PICTURE = '<img src="{src}" width="{width}" height="{height}" alt="" loading="lazy">'


@register.simple_tag
def found_cards(listings: Iterable[Listing]) -> SafeString:
    """As `<li>`s. What people or towns wrote is escaped where it is written."""
    writer = _Writer()
    return mark_safe("".join(map(writer.card, listings)))  # noqa: S308


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object = "") -> SafeString:
    """`<option>`s of value and label."""
    wanted = str(chosen)
    rows = ((escape(str(value)), escape(str(label))) for value, label in choices)
    return mark_safe(  # noqa: S308
        "".join(
            f'<option value="{value}"{" selected" if value == wanted else ""}>{label}</option>'
            for value, label in rows
        )
    )


@register.simple_tag
def group_buttons(groups: Iterable[Group], chosen: str, none: str) -> SafeString:
    """One for each; pressed again, the chosen one says `none`."""
    return mark_safe("".join(_button(each, chosen, none) for each in groups))  # noqa: S308


def _button(group: Group, chosen: str, none: str) -> str:
    is_on = group.code == chosen
    value, pressed = (none, "true") if is_on else (group.code, "false")
    return (
        f'<button name="group" value="{value}" aria-pressed="{pressed}">{icon(group.icon)}'
        f"<span>{escape(str(group.label))}</span></button>\n"
    )


class _Writer:
    """What all cards of a page share is looked up once."""

    def __init__(self) -> None:
        self._item = escape(reverse("found-item", args=[_CODE]))
        self._claim = escape(reverse("claim-form", args=[_CODE]))
        self._number = escape(gettext("No."))
        self._mine = escape(gettext("This may be mine"))
        self._found = gettext("found %(day)s")
        self._arrow = icon("chevron-right", cls="small")
        self._days: dict[dt.date, str] = {}

    def card(self, listing: Listing) -> str:
        return _CARD.format(
            code=listing.code,
            face=self._face(listing),
            swatch=swatch(listing.colour),
            item=self._item.replace(_CODE, listing.code),
            claim=self._claim.replace(_CODE, listing.code),
            title=escape(listing.title),
            day=self._day(listing.found_on),
            area=escape(listing.area),
            office=escape(listing.office.name),
            number=self._number,
            shown=listing.shown_code,
            mine=self._mine,
            arrow=self._arrow,
        )

    def _day(self, day: dt.date) -> str:
        if day not in self._days:
            self._days[day] = self._found % {"day": spoken(day)}
        return self._days[day]

    def _face(self, listing: Listing) -> str:
        """Its picture, where staff have released one; else the icon of its group."""
        shown = getattr(listing, "picture", None)
        if shown is None:
            return icon(listing.group.icon, cls="large")
        return _PICTURE.format(
            src=escape(reverse("found-picture", args=[listing.code, shown.image_id, "thumb"])),
            width=shown.image.thumb_width,
            height=shown.image.thumb_height,
        )
