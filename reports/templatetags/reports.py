"""Words that only reports need."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from reports.letters.addressing import addressed
from reports.personal import masking, retention
from reports.personal.masking import MASK
from reports.receiving.photo_terms import terms_in
from townhall.models import Municipality
from townhall.sites import area_keys, site_of

register = template.Library()

# First words of department names that German calls "der" or "das" (beim), and "die" (bei der).
_BEIM = re.compile(r"(amt|hof|dienst|betrieb|verband|büro|zentrum|team|referat|bereich|werk)$")
_BEI_DER = re.compile(r"(gärtnerei|verwaltung|abteilung|stelle|behörde|feuerwehr|reinigung)$")


@register.filter
def is_with(department: str) -> str:
    """„Ihre Meldung ist beim Tiefbauamt Bensheim.“, with the article that the name wants."""
    first = department.split(" ", 1)[0].lower()
    if _BEIM.search(first):
        return _("Your report is now with the %(department)s.") % {"department": department}
    if _BEI_DER.search(first):
        return _("Your report is now in the hands of the %(department)s.") % {
            "department": department
        }
    return _("Your report has arrived. Responsible: %(department)s.") % {"department": department}


@register.filter
def for_reader(text: str, story: Any) -> str:
    """The town's words, with the reporter's name put in where they are addressed by it."""
    return addressed(text, story.reporter_name if "{{" in text else "")


@register.filter
def when_read(moment: dt.datetime | None, now: dt.datetime | None = None) -> str:
    """„Diese Meldung lesen wir erst Montag ab 8 Uhr.“ None: the town is not known yet."""
    now = now or timezone.now()
    if moment is None:
        return _("We read reports during the town hall's opening hours only.")
    if moment <= now:
        return _("We will read this report today.")
    facts = {"day": _day(moment, now), "clock": _clock(moment)}
    return _("We will not read this report before %(day)s, %(clock)s.") % facts


@register.filter
def with_masks(text: str) -> SafeString:
    """A public text; where something is hidden in it, a voice says so instead of counting dots."""
    said = format_html(
        '<span class="masked"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        MASK,
        _("(hidden: personal detail)"),
    )
    return format_html_join(said, "{}", ((part,) for part in text.split(MASK)))


@register.inclusion_tag("reports/_data_notice.html")
def data_notice(purpose: str, town: Municipality | None = None) -> dict[str, Any]:
    """Article 13 GDPR in short where data are asked for; `purpose`: report, more or follow."""
    return {
        "purpose": purpose,
        "town": town.full_name if town else _("the municipality in which the place lies"),
        "days": retention.CONTACT_AFTER_CLOSING.days,
    }


@register.simple_tag(takes_context=True)
def photo_terms(context: dict[str, Any], town: Municipality | None) -> str:
    """What somebody agrees to who adds a photo: in this town, else in those of the page's door."""
    if town:
        return terms_in([town])
    door = site_of(context["request"])
    return terms_in(list(Municipality.objects.filter(key__in=area_keys(door))))


@register.filter
def told(text: str | None) -> str:
    """What in a text will be hidden from the public, as a sentence for who wrote it."""
    return masking.hint(str(text or ""))


@register.filter
def day_word(day: dt.date) -> str:
    """„1. Dezember“."""
    return formats.date_format(day, _("j F"))


def _day(moment: dt.datetime, now: dt.datetime) -> str:
    day, today = timezone.localtime(moment).date(), timezone.localtime(now).date()
    match (day - today).days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case days if days < 7:
            return formats.date_format(day, "l")
    return formats.date_format(day, _("j F"))


def _clock(moment: dt.datetime) -> str:
    """„8 Uhr“, „7:30 Uhr“."""
    local = timezone.localtime(moment)
    pattern = "G" if local.minute == 0 else "G:i"
    return _("%(time)s o’clock") % {"time": formats.date_format(local, pattern)}


_CHANGED = {
    "description": pgettext_lazy("changed", "text"),
    "photos": pgettext_lazy("changed", "photos"),
    "category": pgettext_lazy("changed", "category"),
    "answers": pgettext_lazy("changed", "answers"),
    "place": pgettext_lazy("changed", "place"),
    "private": pgettext_lazy("changed", "publication"),
    "name": pgettext_lazy("changed", "name not public"),
}


@register.filter
def changed_words(fields: list[str]) -> str:
    """„Text, Fotos“: what a reporter changed."""
    return ", ".join(str(_CHANGED.get(field, field)) for field in fields)
