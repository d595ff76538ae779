"""The public search: what was found, in words, by filters, as list, tiles or map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo import addresses
from lostfound import law
from lostfound.catalogue import GROUPS, THING_KINDS, Colour, kinds_of
from lostfound.models import Listing
from lostfound.searching.areas import Part, areas_of
from lostfound.searching.feed import atom
from lostfound.searching.search import NO_PART, RADII_KM
from lostfound.searching.sought import Sought
from townhall.codes import normalise
from townhall.live import cursor
from townhall.models import Municipality, Site
from townhall.sites import area_keys, extent, site_of

from .search_ask import EVERYWHERE, NO_GROUP, Ask, BadAsk
from .search_list import Shelf


@require_safe
@cache_control(no_cache=True)
def search(request: HttpRequest) -> HttpResponse:
    taken = cursor()
    ask = Ask.read(request.GET.dict())
    code = normalise(ask.selection.words)
    if code and Listing.objects.public().filter(code=code).exists():
        return HttpResponseRedirect(reverse("found-item", args=[code]))
    ask = placed(ask)
    towns = list(Municipality.objects.order_by("name"))
    context = {
        **_results_facts(request, ask, towns),
        **_form_facts(request, ask, towns),
        "cursor": taken,
    }
    return render(request, "lostfound/public/search.html", context)


@require_safe
@cache_control(no_cache=True)
def results(request: HttpRequest) -> HttpResponse:
    """The results alone, for a page whose filters a script has changed."""
    try:
        ask = placed(Ask.read(request.GET.dict(), strictly=True))
    except BadAsk:
        return HttpResponseBadRequest()
    facts = _results_facts(request, ask, list(Municipality.objects.order_by("name")))
    return render(request, "lostfound/public/_results.html", facts)


@require_safe
@cache_control(no_cache=True)
def feed(request: HttpRequest) -> HttpResponse:
    """The same search for feed readers, newest published first."""
    ask = placed(Ask.read(request.GET.dict()))
    door = site_of(request)
    shelf = Shelf(ask, Sought.read(ask.selection.words), keys=_keys(door))
    body = atom(shelf.latest, name=door.name, query=ask.address())
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _keys(door: Site) -> Sequence[str]:
    """Of the towns that a town's own site serves; none at the region's."""
    return area_keys(door) if door.slug else ()


def placed(ask: Ask) -> Ask:
    """With the point that the typed place is, if there is one."""
    if not ask.place or ask.selection.near:
        return ask
    places = addresses.search(ask.place, limit=1)
    return ask.at(places[0].position, name=addresses.label(places[0])) if places else ask


# ── What is shown ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Chip:
    """A filter that is on, with the address of the same view without it."""

    label: str
    address: str
    icon: str


def _results_facts(request: HttpRequest, ask: Ask, towns: Sequence[Municipality]) -> dict[str, Any]:
    door = site_of(request)
    sought = Sought.read(ask.selection.words)
    shelf = Shelf(ask, sought, keys=_keys(door), towns=towns)
    facts = {
        "ask": ask,
        "door": door,
        "sought": sought,
        "shelf": shelf,
        "chips": list(_chips(ask, towns)),
        "never_listed": _never_listed(ask, sought),
    }
    if ask.show == "map":
        areas = areas_of(shelf.hits)
        parts = [_linked(part, ask) for part in areas.parts]
        facts |= {"areas": areas, "parts": parts, "map_config": _map_config(areas.squares, door)}
    return facts


@dataclass(frozen=True)
class PartLink:
    """A part of a town with the address of the list of what was found there."""

    part: Part
    address: str


def _linked(part: Part, ask: Ask) -> PartLink:
    return PartLink(part, ask.address(show="", town=part.key, part=part.place or NO_PART))


def _never_listed(ask: Ask, sought: Sought) -> bool:
    """Whether what is looked for is of a kind that the law keeps off every list."""
    kinds = ask.selection.kinds or sorted(sought.kinds)
    return bool(kinds) and not any(law.handling(THING_KINDS[kind].law).listed for kind in kinds)


def _chips(ask: Ask, towns: Sequence[Municipality]) -> Iterator[Chip]:
    chosen = ask.selection
    if ask.group:
        group = GROUPS[ask.group]
        label = THING_KINDS[chosen.kind].label if chosen.kind else group.label
        yield Chip(str(label), ask.address(group="", kind=""), group.icon)
    if chosen.colour:
        yield Chip(str(Colour(chosen.colour).label), ask.address(colour=""), "dot")
    if chosen.since or chosen.until:
        yield Chip(_period(ask), ask.address(**{"from": "", "to": ""}), "calendar")
    if chosen.near:
        words = gettext("%(km)s km around %(place)s")
        label = words % {"km": chosen.km, "place": ask.place}
        yield Chip(label, ask.without_place, "pin")
    if chosen.square:
        yield Chip(gettext("One area of the map"), ask.address(square=""), "map")
    if chosen.part and chosen.part != NO_PART:
        yield Chip(chosen.part, ask.address(part=""), "pin")
    if name := next((town.name for town in towns if town.key in chosen.towns), ""):
        yield Chip(name, ask.address(town="", part=""), "building")
    elif ask.said.get("town") == EVERYWHERE:
        yield Chip(gettext("All municipalities"), ask.address(town="", part=""), "building")


def _period(ask: Ask) -> str:
    since, until = ask.selection.since, ask.selection.until
    first = formats.date_format(since, "SHORT_DATE_FORMAT") if since else ""
    last = formats.date_format(until, "SHORT_DATE_FORMAT") if until else ""
    if since and until:
        return f"{first} – {last}"
    words = gettext("from %(day)s") if since else gettext("until %(day)s")
    return words % {"day": first or last}


def _form_facts(request: HttpRequest, ask: Ask, towns: Sequence[Municipality]) -> dict[str, Any]:
    door = site_of(request)
    return {
        "groups": GROUPS.values(),
        "no_group": NO_GROUP,
        "kinds": list(_kinds(ask)),
        "colours": Colour.choices,
        "radii": [(km, f"{km} km") for km in RADII_KM],
        "towns": [(town.key, town.name) for town in towns] if len(towns) > 1 else (),
        "everywhere": EVERYWHERE if door.slug else "",
        "place_is_unknown": bool(ask.place) and not ask.selection.near,
    }


@dataclass(frozen=True)
class KindChoice:
    """A kind of the chosen group; chosen already, it leads back to the group."""

    label: str
    address: str
    is_on: bool


def _kinds(ask: Ask) -> Iterator[KindChoice]:
    kinds = kinds_of(ask.group) if ask.group else []
    for kind in kinds if len(kinds) > 1 else []:
        is_on = kind.code == ask.selection.kind
        address = ask.address(group=kind.group, kind="" if is_on else kind.code)
        yield KindChoice(str(kind.label), address, is_on)


def _map_config(squares: Sequence[Any], door: Site) -> dict[str, Any]:
    """What the map's script must know; texts stand in the page."""
    whole = extent(door)
    return {
        "fit": [whole.west, whole.south, whole.east, whole.north],
        "squares": [square.for_map for square in squares],
        "areas": f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}",
    }
