"""The public search: what was found, in words, by filters, as list, tiles or map."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo import addresses
from lostfound.catalogue import GROUPS, Colour, kinds_of
from lostfound.search import RADII_KM
from lostfound.sought import Sought
from townhall.models import Municipality
from townhall.sites import area_keys, site_of

from .search_ask import Ask, BadAsk
from .search_list import Shelf


@require_safe
@cache_control(no_cache=True)
def search(request: HttpRequest) -> HttpResponse:
    ask = _placed(Ask.read(request.GET.dict()))
    return render(request, "lostfound/public/search.html", _facts(request, ask) | _form_facts(ask))


@require_safe
@cache_control(no_cache=True)
def results(request: HttpRequest) -> HttpResponse:
    """The results alone, for a page whose filters were changed by a script."""
    try:
        ask = _placed(Ask.read(request.GET.dict(), strictly=True))
    except BadAsk:
        return HttpResponseBadRequest()
    return render(request, "lostfound/public/_results.html", _facts(request, ask))


def _placed(ask: Ask) -> Ask:
    """With the point that the typed place is, if there is one."""
    if not ask.place or ask.selection.near:
        return ask
    places = addresses.search(ask.place, limit=1)
    return ask.at(places[0].position, name=addresses.label(places[0])) if places else ask


def _facts(request: HttpRequest, ask: Ask) -> dict[str, Any]:
    door = site_of(request)
    sought = Sought.read(ask.selection.words)
    return {
        "ask": ask,
        "door": door,
        "sought": sought,
        "shelf": Shelf(ask, sought, keys=area_keys(door)),
        "language": get_language(),
    }


def _form_facts(ask: Ask) -> dict[str, Any]:
    return {
        "groups": [(group, kinds_of(group.code)) for group in GROUPS.values()],
        "colours": Colour.choices,
        "radii": RADII_KM,
        "towns": Municipality.objects.order_by("name"),
    }
