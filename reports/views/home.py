"""The home page: the map, and beside it the list that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo import addresses
from geo.boxes import BadBox
from geo.models import Place, PlaceKind
from geo.wording import plain
from reports.desk.search import names_category
from reports.models import Category, Report
from reports.publicity import shown
from reports.queries import BadSelection
from townhall.codes import normalise
from townhall.live import cursor
from townhall.models import Municipality, Site
from townhall.sites import area_keys, extent, site_of

from .map_ask import Ask
from .map_list import Card, Listing

STATUS_CHOICES = [
    ("", _("Current")),
    ("open", pgettext_lazy("reports", "Open")),
    ("new", _("Received")),
    ("in_progress", _("In progress")),
    ("on_hold", _("On hold")),
    ("done", _("Done")),
    ("forwarded", _("Forwarded")),
    ("no_action", _("No action")),
    ("all", _("All")),
]


PERIOD_CHOICES = [
    ("", _("Any time")),
    ("1", _("This month")),
    ("3", _("Last 3 months")),
    ("12", _("Last 12 months")),
]


@require_safe
@cache_control(no_cache=True)
def home(request: HttpRequest) -> HttpResponse:
    taken = cursor()
    ask = Ask.read(request.GET.dict())
    code = normalise(ask.text)
    if code and Report.objects.public().filter(code=code).exists():
        return HttpResponseRedirect(reverse("report-page", args=[code]))
    door = site_of(request)
    keys = area_keys(door)
    hunt = Hunt.of(ask, keys=keys)
    context = {
        **_list_facts(hunt.ask, door=door, keys=keys),
        **_form_facts(hunt, keys=keys),
        "picture": hunt.ask.address(after=request.GET.get("after", "")),
        "map_config": _map_config(hunt.ask, door=door, keys=keys, taken=taken),
    }
    return render(request, "reports/map.html", context)


@require_safe
@cache_control(no_cache=True)
def map_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for a map that was moved: `?box=west,south,east,north` and the filters."""
    try:
        ask = Ask.read(request.GET.dict(), strictly=True)
    except (BadBox, BadSelection):
        return HttpResponseBadRequest()
    door = site_of(request)
    facts = _list_facts(ask, door=door, keys=area_keys(door))
    return render(request, "reports/_map_list.html", facts)


@require_safe
@cache_control(no_cache=True)
def map_card(request: HttpRequest, code: str) -> HttpResponse:
    """One report's card, for a pin that was pressed or a card that must be renewed."""
    reports = Report.objects.public().with_faces()
    return render(
        request,
        "reports/_report_card.html",
        {"card": Card(get_object_or_404(reports, code=normalise(code) or "")), "alone": True},
    )


# ── What was typed ───────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Hunt:
    """The one search field: `ask` with what the text was found to be.

    `places` fit the text; `is_unknown`: nothing does; `beyond`: a place elsewhere does.
    """

    ask: Ask
    places: Sequence[Place] = ()
    beyond: Place | None = None
    is_unknown: bool = False

    @classmethod
    def of(cls, ask: Ask, *, keys: Sequence[str]) -> Hunt:
        """A place of that name, else what names a category, else a place like it, else words.

        A number has been looked for before.
        """
        if not ask.text or ask.near:
            return cls(ask)
        places = addresses.search(ask.text, area_keys=keys or None)
        if places and plain(places[0].name) == plain(ask.text):
            return cls(ask.at(places[0]), places)
        by_words = ask.for_words()
        if names_category(ask.text) and shown.reports(by_words.selection).exists():
            return cls(by_words, places)
        if places:
            return cls(ask.at(places[0]), places)
        if shown.reports(by_words.selection).exists():
            return cls(by_words)
        beyond = addresses.search(ask.text, limit=1) if keys else []
        return cls(ask, beyond=beyond[0] if beyond else None, is_unknown=not beyond)


# ── What is shown ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Chip:
    """A filter that is on, with the address of the same view without it."""

    name: str
    label: str
    address: str
    icon: str = ""


def _list_facts(ask: Ask, *, door: Site, keys: Sequence[str]) -> dict[str, Any]:
    return {
        "ask": ask,
        "listing": Listing(ask, door=door, keys=keys),
        "door": door,
        "chips": list(_chips(ask)),
        "now": timezone.localtime(),
    }


def _form_facts(hunt: Hunt, *, keys: Sequence[str]) -> dict[str, Any]:
    ask = hunt.ask
    kinds = list(Category.objects.filter(is_active=True).select_related("group"))
    towns = _towns(keys)
    return {
        "hunt": hunt,
        "groups": _grouped(kinds),
        "towns": towns if len(towns) > 1 else [],
        "localities": _localities(ask, towns),
        "status_choices": STATUS_CHOICES,
        "period_choices": PERIOD_CHOICES,
        "other_places": [_offered(ask, place) for place in _others(hunt)],
        "has_demo_places": bool(ask.near) and addresses.has_demo(hunt.places),
    }


def _grouped(kinds: Sequence[Category]) -> list[tuple[Category, list[Category]]]:
    """Groups with their categories, in the catalogue's order."""
    return [
        (group, [each for each in kinds if each.group_id == group.pk])
        for group in kinds
        if group.group_id is None
    ]


def _towns(keys: Sequence[str]) -> list[Municipality]:
    towns = Municipality.objects.order_by("name")
    return list(towns.filter(key__in=keys) if keys else towns)


def _localities(ask: Ask, towns: Sequence[Municipality]) -> list[str]:
    """The Ortsteile of the one town that is looked at; none of a whole region."""
    chosen = ask.selection.municipalities or tuple(town.key for town in towns)
    if len(chosen) != 1:
        return []
    names = Place.objects.filter(kind=PlaceKind.LOCALITY, area_key=chosen[0])
    return sorted(set(names.values_list("name", flat=True)), key=plain)


def _chips(ask: Ask) -> Iterator[Chip]:
    """One statement for a category, one for a town."""
    chosen, said = ask.selection, ask.filters
    if ask.near:
        yield Chip("near", ask.near_name, ask.without_place, "pin")
    if chosen.words:
        yield Chip("words", f"„{chosen.words}“", ask.address(words=""), "search")
    if ask.kind and (kind := Category.objects.filter(code=ask.kind).first()):
        yield Chip("kind", kind.label, ask.address(group="", category=""), kind.icon)
    if status := dict(STATUS_CHOICES[1:]).get(said.get("status", "")):
        yield Chip("status", str(status), ask.address(status=""))
    if period := said.get("period"):
        yield Chip("period", str(_period(period)), ask.address(period=""), "calendar")
    if chosen.municipalities:
        towns = Municipality.objects.filter(key__in=chosen.municipalities).order_by("name")
        name = ", ".join(towns.values_list("name", flat=True))
        yield Chip("municipality", name, ask.address(municipality="", locality=""), "pin")
    if chosen.locality:
        yield Chip("locality", chosen.locality, ask.address(locality=""), "pin")
    if chosen.has_photo:
        yield Chip("photo", str(_("With photo")), ask.address(photo=""), "image")


def _period(months: str) -> str | Promise:
    sentence = ngettext("Last %(n)d month", "Last %(n)d months", int(months))
    return dict(PERIOD_CHOICES).get(months) or sentence % {"n": int(months)}


def _others(hunt: Hunt) -> Sequence[Place]:
    """What else the text may mean."""
    return hunt.places[1:5] if hunt.ask.near else hunt.places[:4]


def _offered(ask: Ask, place: Place) -> dict[str, str]:
    name = addresses.label(place)
    return {"name": name, "address": ask.at(place).address(q=name, words="")}


def _map_config(ask: Ask, *, door: Site, keys: Sequence[str], taken: str) -> dict[str, Any]:
    """What the map's script must know; texts stand in the page."""
    whole = extent(door)
    is_view = ask.centre is not None and ask.zoom > 0
    looks_at = ask.centre if is_view else ask.near
    return {
        "fit": [whole.west, whole.south, whole.east, whole.north],
        "at": [looks_at.x, looks_at.y] if looks_at else None,
        "zoom": (ask.zoom if is_view else 16) if looks_at else None,
        "place": [ask.near.x, ask.near.y] if ask.near else None,
        "name": ask.near_name,
        "keys": list(keys),
        "cursor": taken,
        "language": get_language(),
        "filters": dict(ask.filters),
        "sort": ask.sort,
        "tiles": reverse("api-map-tile", args=[0, 0, 0]),
        "areas": f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}",
        "list": reverse("home-list"),
        "card": reverse("home-card", args=["00000000"]),
        "report": reverse("report-page", args=["00000000"]),
    }
