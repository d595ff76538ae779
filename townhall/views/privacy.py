"""What is kept about whom, why and for how long: as it is set up here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall import sites
from townhall.authorities import authorities
from townhall.models import Municipality
from townhall.privacy import chapters

MOST_NAMED = 5  # towns whose addresses stand on the page; more stand in the imprint


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    keys = sites.area_keys(sites.site_of(request))
    towns = list(Municipality.objects.filter(key__in=keys))
    facts = {
        "towns": towns if len(towns) <= MOST_NAMED else [],
        "chapters": chapters(towns),
        "authorities": authorities(town.land for town in towns),
    }
    return render(request, "frontend/privacy.html", facts)
