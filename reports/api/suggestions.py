"""`POST /api/v1/categories/suggestions/`: which category everyday words probably mean."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geo.positions import PositionQuery
from reports.api.errors import refuse_cross_site
from reports.api.shapes import Suggestion, SuggestionWish
from reports.catalogue import offered as catalogue
from reports.catalogue.proposals import Proposal, propose
from townhall.api.parsers import BoundedJSONParser
from townhall.people import municipality_at

MOST = 6


class SuggestionsView(APIView):
    """Asked by the form while one types. It writes nothing and keeps nothing."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="Categories that words and a place probably mean, likeliest first",
        operation_id="categories_suggestions",
        request=SuggestionWish,
        responses=Suggestion(many=True),
    )
    def post(self, request: Request) -> Response:
        refuse_cross_site(request)
        wish = SuggestionWish(data=request.data)
        wish.is_valid(raise_exception=True)
        given = wish.validated_data
        point = _point(given)
        place = municipality_at(point) if point else None
        town = place.municipality if place else None
        groups = catalogue.offered_at(town)
        found = propose(groups, text=given["text"], at=point if town else None, most=MOST)
        return Response([_suggestion_json(each) for each in found])


def _point(given: dict[str, Any]) -> Any:
    if "lat" not in given and "lon" not in given:
        return None
    place = PositionQuery(data=given)
    place.is_valid(raise_exception=True)
    return place.point_of(place.validated_data)


def _suggestion_json(proposal: Proposal) -> dict[str, Any]:
    entry = proposal.entry
    return {
        "code": entry.code,
        "name": entry.name,
        "group": entry.category.group.code if entry.category.group else "",
        "icon": entry.icon,
        "by": "words" if proposal.is_said else "place",
    }
