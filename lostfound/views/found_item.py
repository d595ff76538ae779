"""One found thing, as everybody may know it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lostfound.models import Listing
from townhall.codes import normalise


@require_safe
@cache_control(no_cache=True)
def found_item(request: HttpRequest, code: str) -> HttpResponse:
    listings = Listing.objects.public().select_related("office", "municipality")
    listing = get_object_or_404(listings, code=normalise(code) or "")
    return render(request, "lostfound/public/found_item.html", {"listing": listing})
