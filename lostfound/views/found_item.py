"""One found thing, as everybody may know it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lostfound.models import Listing, ListingPhoto
from lostfound.searching import pictures
from townhall.codes import normalise
from townhall.links import link
from townhall.photos import file_response


@require_safe
@cache_control(no_cache=True)
def found_item(request: HttpRequest, code: str) -> HttpResponse:
    """410 for what was public once: who bookmarked it shall not search for a mistake."""
    listings = Listing.objects.select_related(
        "office__municipality", "municipality", "picture__image"
    )
    listing = listings.filter(code=normalise(code) or "").first()
    if listing is None:
        raise Http404
    if not listing.is_public:
        return render(request, "lostfound/public/gone.html", status=410)
    return render(request, "lostfound/public/found_item.html", _facts(listing))


@require_safe
@cache_control(no_cache=True)
def picture(request: HttpRequest, code: str, image_id: UUID, size: str) -> HttpResponseBase:
    """What staff have released, as long as thing, town and law allow it: by no other address, and
    no other picture."""
    rows = ListingPhoto.objects.select_related("image", "listing__office__municipality")
    shown = rows.filter(
        listing__code=normalise(code) or "", listing__ended_at=None, image_id=image_id
    ).first()
    if shown is None:
        raise Http404
    listing = shown.listing
    if not pictures.allowed(listing.thing, listing.office.municipality):
        raise Http404
    match size:
        case "full" | "thumb":
            return file_response(shown.image, size)
    raise Http404


def _facts(listing: Listing) -> dict[str, Any]:
    day = formats.date_format(listing.found_on, "DATE_FORMAT")
    summary = gettext("Found on %(day)s, %(area)s. Kept by: %(office)s.")
    return {
        "listing": listing,
        "address": link("found-item", listing.code),
        "summary": summary % {"day": day, "area": listing.area, "office": listing.office.name},
        "on_map": _on_map(listing),
    }


def _on_map(listing: Listing) -> str:
    """Of the map with the square it was found in, among the others of its town."""
    if listing.cell is None:
        return ""
    return f"{reverse('found-search')}?show=map&town={listing.municipality.key}"
