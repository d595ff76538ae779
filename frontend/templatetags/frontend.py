"""How templates speak: icons, status chips, dates as people say them, modules."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from frontend import assets
from frontend.languages import PageIn, page_in
from frontend.qr import qr_code

register = template.Library()

STATUS_WORDS = {
    "new": pgettext_lazy("status", "Received"),
    "in_progress": pgettext_lazy("status", "In progress"),
    "on_hold": pgettext_lazy("status", "On hold"),
    "done": pgettext_lazy("status", "Done"),
    "forwarded": pgettext_lazy("status", "Forwarded"),
    "no_action": pgettext_lazy("status", "No action"),
    "duplicate": pgettext_lazy("status", "Already reported"),
}
LANGUAGE_NAMES = {"de": "Deutsch", "en": "English", "de-simple": "Einfache Sprache"}
SIMPLE = "de-simple"


# ── Icons and status ─────────────────────────────────────────────────────────────────────────
@register.simple_tag
def icon(name: str, *, label: str = "", cls: str = "") -> SafeString:
    """An icon of our family; decorative unless it has a label. Unknown names become the dot."""
    drawn: SafeString = _drawn(name, str(label), cls)
    return drawn


@assets.once
def _drawn(name: str, label: str, cls: str) -> SafeString:
    inner = assets.icons().get(name) or assets.icons()[assets.FALLBACK_ICON]
    classes = f"icon {cls}".strip()
    meaning = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" width="24" height="24" focusable="false" {}>{}</svg>',
        classes,
        meaning,
        mark_safe(inner),  # noqa: S308 (our own sprite)
    )


@register.simple_tag
def qr(address: str, *, label: str) -> SafeString:
    """For paper: what the address on it says, for a phone's camera."""
    return qr_code(address, label=label)


@register.simple_tag
def symbols(names: str) -> SafeString:
    """Symbols for scripts that draw: `<use href="#status-done">`. "statuses" means all of them."""
    every = [*(f"status-{code}" for code in STATUS_WORDS), "hazard"]
    wanted = every if names == "statuses" else names.split()
    drawn = format_html_join(
        "",
        '<symbol id="{}" viewBox="0 0 24 24">{}</symbol>',
        ((name, mark_safe(assets.icons()[name])) for name in wanted),  # noqa: S308
    )
    return format_html(
        '<svg width="0" height="0" class="symbols" aria-hidden="true">{}</svg>', drawn
    )


@register.simple_tag
def status_chip(status: str, *, to: str = "") -> SafeString:
    """Text, shape and colour of a status. `to`: whom it was forwarded to."""
    return _chip(status, to if status == "forwarded" else "", get_language())


@lru_cache(maxsize=1_000)
def _chip(status: str, to: str, _language: str | None) -> SafeString:
    words = gettext("Forwarded to %(to)s") % {"to": to} if to else status_label(status)
    return format_html(
        '<span class="status status-{}">{}<span class="text">{}</span></span>',
        status,
        icon(f"status-{status}"),
        words,
    )


@register.filter
def status_label(status: str) -> str:
    return str(STATUS_WORDS.get(status, status))


@register.simple_tag
def status_words() -> dict[str, str]:
    """All status codes with their words, for `json_script`."""
    return {code: str(word) for code, word in STATUS_WORDS.items()}


# ── Modules ──────────────────────────────────────────────────────────────────────────────────
@register.simple_tag
def importmap() -> SafeString:
    return format_html(
        '<script type="importmap">{}</script>',
        mark_safe(assets.import_map()),  # noqa: S308 (our own file names)
    )


@register.simple_tag
def module(name: str) -> SafeString:
    """Run a module: preloads for it and for all it imports, then the script itself."""
    loaded: SafeString = _loaded(name)
    return loaded


@assets.once
def _loaded(name: str) -> SafeString:
    names = [assets.modules()[other] for other in assets.needed_by(name)]
    preloads = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(path),) for path in names)
    )
    return format_html('{}<script type="module" src="{}"></script>', preloads, static(names[-1]))


# ── Time and numbers, spoken ─────────────────────────────────────────────────────────────────
@register.filter
def spoken(moment: dt.datetime | dt.date | None) -> SafeString | str:
    """„gestern, 18:40“ as a <time> that carries the exact moment."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', _exact(moment), _full(moment), say(moment)
    )


@register.filter
def ago(moment: dt.datetime | None) -> SafeString | str:
    """„vor 2 Stunden“ within a day, else the spoken day, as a <time>."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', _exact(moment), _full(moment), say_ago(moment)
    )


def say(moment: dt.datetime | dt.date, *, now: dt.datetime | None = None) -> str:
    """A day or a moment as people say it, in the reader's language and the town's time."""
    today = timezone.localdate(now)
    if not isinstance(moment, dt.datetime):
        return _day(moment, today)
    local = timezone.localtime(moment)
    words = {"day": _day(local.date(), today), "clock": f"{local:%H:%M}"}
    return gettext("%(day)s, %(clock)s") % words


def say_ago(moment: dt.datetime, *, now: dt.datetime | None = None) -> str:
    minutes = int(((now or timezone.now()) - moment).total_seconds() // 60)
    if minutes < 0 or minutes >= 24 * 60:
        return (
            say(moment, now=now)
            if minutes < 0
            else _day(timezone.localtime(moment).date(), timezone.localdate(now))
        )
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}


def _day(day: dt.date, today: dt.date) -> str:
    return _spoken(day, today, get_language() or "de")


@lru_cache(maxsize=1_000)
def _spoken(day: dt.date, today: dt.date, language: str) -> str:
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    german = language.startswith("de")
    same_year = day.year == today.year
    if german:
        return formats.date_format(day, "j. F" if same_year else "j. F Y")
    return formats.date_format(day, "j F" if same_year else "j F Y")


def _exact(moment: dt.datetime | dt.date) -> str:
    if isinstance(moment, dt.datetime):
        return timezone.localtime(moment).isoformat(timespec="minutes")
    return moment.isoformat()


def _full(moment: dt.datetime | dt.date) -> str:
    german = (get_language() or "de").startswith("de")
    day = "l, j. F Y" if german else "l, j F Y"
    if isinstance(moment, dt.datetime):
        return formats.date_format(timezone.localtime(moment), f"{day}, H:i")
    return formats.date_format(moment, day)


@register.filter
def thousands(number: int) -> str:
    """12.345 in German, 12,345 in English."""
    grouped = f"{int(number):,}"
    return grouped.replace(",", ".") if (get_language() or "de").startswith("de") else grouped


@register.filter
def distance(metres: float | None) -> str:
    """„120 m“, „1,4 km“: rounded as one would say it."""
    if metres is None:
        return ""
    if metres < 1000:
        step = 10 if metres >= 20 else 1
        return f"{int(round(metres / step) * step)} m"
    text = f"{metres / 1000:.1f}" if metres < 10_000 else f"{metres / 1000:.0f}"
    german = (get_language() or "de").startswith("de")
    return f"{text.replace('.', ',') if german else text} km"


COMPASS_WORDS = {
    "N": _("north"),
    "NE": _("north-east"),
    "E": _("east"),
    "SE": _("south-east"),
    "S": _("south"),
    "SW": _("south-west"),
    "W": _("west"),
    "NW": _("north-west"),
}


@register.filter
def direction(code: str) -> str:
    """„nordöstlich“ for NE."""
    return str(COMPASS_WORDS.get(code, ""))


@register.filter
def tel(number: str) -> str:
    """What a phone link wants: digits and a leading plus."""
    digits = re.sub(r"[^\d+]", "", number.replace("(0)", ""))
    return f"tel:{digits}"


# ── The page's frame ─────────────────────────────────────────────────────────────────────────
@register.simple_tag(takes_context=True)
def other_languages(context: template.Context) -> list[PageIn]:
    """This page in the languages it can be switched to. Empty where there is no request.

    Einfache Sprache is not among them: it has a place of its own, in the footer.
    """
    return [page for page in _pages(context) if page.code not in {get_language(), SIMPLE}]


@register.simple_tag(takes_context=True)
def in_simple_words(context: template.Context) -> PageIn | None:
    """This page in Einfache Sprache; None where it is in it already."""
    pages = [page for page in _pages(context) if page.code == SIMPLE != get_language()]
    return pages[0] if pages else None


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> SafeString:
    """For search engines: the same page in each language, in whole addresses without a query.

    Not of pages that nobody may find: what a token opens, and what was sent or refused.
    """
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    if request is None or request.method != "GET" or match is None or "token" in match.kwargs:
        return SafeString()
    origin = f"{request.scheme}://{request.get_host()}"
    pages = [(page.code, origin + page.url.partition("?")[0]) for page in _pages(context)]
    return format_html_join(
        "\n",
        '<link rel="alternate" hreflang="{}" href="{}">',
        [*pages, ("x-default", pages[0][1])],
    )


def _pages(context: template.Context) -> list[PageIn]:
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    return [
        page_in(request, code, name=LANGUAGE_NAMES.get(code, code))
        for code, _name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def is_here(context: template.Context, *names: str) -> bool:
    """Whether this page is one of the named URLs (for aria-current)."""
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    return match is not None and match.url_name in names


@register.filter
def first_error(field: Any) -> str:
    """The first sentence of a bound field's errors."""
    return str(field.errors[0]) if field.errors else ""
