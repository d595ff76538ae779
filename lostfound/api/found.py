"""`/api/v1/found/`: the public records of what was found. No session, no cookie."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lostfound.api.shapes import FoundPage, FoundThing
from lostfound.catalogue import GROUPS, THING_KINDS, Colour
from lostfound.models import Listing, Office
from lostfound.searching.search import RADII_KM, found
from lostfound.searching.sought import Sought
from lostfound.views.search_ask import Ask, BadAsk
from lostfound.views.search_list import behind
from townhall.codes import normalise
from townhall.links import link

PAGE = 50
MAX_PAGE = 200
# What the search page's address calls otherwise.
NAMES = {
    "words": "q",
    "group": "group",
    "kind": "kind",
    "colour": "colour",
    "since": "from",
    "until": "to",
    "municipality": "town",
    "near": "near",
    "km": "km",
    "after": "after",
}


class NoLongerListed(APIException):
    status_code = status.HTTP_410_GONE
    default_detail = gettext_lazy("This find is no longer listed.")
    default_code = "gone"


class FoundView(APIView):
    """What was found and waits for its owner."""

    authentication_classes = ()

    @extend_schema(
        summary="Finds in public view, newest first",
        operation_id="found_list",
        parameters=[
            OpenApiParameter("words", str, description="Everyday words, typos forgiven"),
            OpenApiParameter("group", str, enum=list(GROUPS)),
            OpenApiParameter("kind", str, enum=list(THING_KINDS)),
            OpenApiParameter("colour", str, enum=list(Colour.values)),
            OpenApiParameter("since", str, description="Found on this day (ISO 8601) or later"),
            OpenApiParameter("until", str, description="Found on this day or earlier"),
            OpenApiParameter("municipality", str, description="Eight-digit AGS"),
            OpenApiParameter("near", str, description="lon,lat: found within `km` of this place"),
            OpenApiParameter("km", int, enum=list(RADII_KM)),
            OpenApiParameter("after", str, description="`next` of the page before"),
            OpenApiParameter("limit", int, description="1 to 200"),
        ],
        responses=FoundPage,
    )
    def get(self, request: Request) -> Response:
        query = request.query_params
        limit = _limit(query.get("limit", ""))
        ask = _ask(query)
        hits = found(ask.selection, Sought.read(ask.selection.words))
        rows = list(behind(hits, ask).prefetch_related("office", "municipality")[: limit + 1])
        more = _mark(rows[limit - 1]) if len(rows) > limit else None
        return _revalidated({"results": [found_json(row) for row in rows[:limit]], "next": more})


class FoundThingView(APIView):
    """One find."""

    authentication_classes = ()

    @extend_schema(
        summary="One find",
        operation_id="found_detail",
        responses={
            200: FoundThing,
            410: OpenApiResponse(description="It was public once, and is no longer"),
        },
    )
    def get(self, request: Request, code: str) -> Response:
        rows = Listing.objects.select_related("office", "municipality")
        listing = rows.filter(code=normalise(code) or "").first()
        if listing is None:
            raise Http404
        if not listing.is_public:
            raise NoLongerListed
        return _revalidated(found_json(listing))


def found_json(listing: Listing) -> dict[str, Any]:
    town = listing.municipality
    return {
        "code": listing.code,
        "kind": listing.kind,
        "group": listing.thing.group,
        "title": listing.title,
        "colour": listing.colour or None,
        "brand": listing.brand or None,
        "found_on": listing.found_on.isoformat(),
        "municipality": {"key": town.key, "name": town.name},
        "place": listing.place or None,
        "square": _square(listing),
        "office": _office(listing.office),
        "published_at": listing.published_at.isoformat(),
        "url": link("found-item", listing.code),
    }


def _square(listing: Listing) -> dict[str, Any] | None:
    if listing.cell is None:
        return None
    middle = {"lon": round(listing.cell.x, 6), "lat": round(listing.cell.y, 6)}
    return {**middle, "metres": listing.cell_m}


def _office(office: Office) -> dict[str, Any]:
    return {
        "slug": office.slug,
        "name": office.name,
        "address": office.postal_address,
        "opening_hours": office.opening_hours,
        "phone": office.phone,
        "email": office.email,
    }


def _ask(query: Any) -> Ask:
    try:
        return Ask.read(
            {there: query.get(here, "") for here, there in NAMES.items()}, strictly=True
        )
    except BadAsk as bad:
        name = next(here for here, there in NAMES.items() if there == bad.name)
        words = _("There is no such value for this filter.")
        raise ValidationError({name: [words]}) from None


def _limit(text: str) -> int:
    if not text:
        return PAGE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PAGE):
        raise ValidationError({"limit": [_("Choose a number from 1 to 200.")]})
    return int(text)


def _mark(listing: Listing) -> str:
    return f"{listing.found_on.isoformat()}_{listing.pk}"


def _revalidated(body: dict[str, Any]) -> Response:
    """Kept by whoever likes, asked for again each time: ConditionalGetMiddleware tags it."""
    answer = Response(body)
    patch_cache_control(answer, public=True, no_cache=True)
    return answer
