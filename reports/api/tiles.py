"""`/api/v1/map/…`: the map's data, one URL per tile and filter."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from geo.boxes import BadTile
from reports import mapping
from reports.queries import BadSelection, Selection


class MapTileView(APIView):
    authentication_classes = ()

    @extend_schema(
        summary="Reports in a map tile: counts from afar, pins from zoom 14 on",
        parameters=[
            OpenApiParameter("group", str, description="Code of a group of categories"),
            OpenApiParameter("status", str, description="Codes by comma, or open, current, all"),
            OpenApiParameter("period", int, description="Changed in the last so many months"),
            OpenApiParameter("municipality", str, description="Eight-digit AGS, several by comma"),
        ],
        responses={200: OpenApiResponse(description='{"cursor", "clusters", "reports", "cut"}')},
    )
    def get(self, request: Request, z: int, x: int, y: int) -> HttpResponse:
        try:
            tile = mapping.tile(z, x, y, Selection.parse(request.query_params))
        except BadTile:
            raise Http404 from None
        except BadSelection as bad:
            sentence = _("There is no such value for this filter.")
            raise ValidationError({bad.name: [sentence]}) from None
        tag = f'"{tile.tag}"'
        if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
            answer: HttpResponse = HttpResponseNotModified()
        else:
            answer = HttpResponse(tile.body, content_type="application/json")
        answer["ETag"] = tag
        patch_cache_control(answer, public=True, no_cache=True)
        return answer
