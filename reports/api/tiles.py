"""`/api/v1/map/…`: the map's data, one URL per tile and filter."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from geo.boxes import BadTile
from reports.api.shapes import TileAnswer
from reports.publicity import mapping
from reports.queries import BadSelection, Selection

MOST_HOT = 1000


class Hot:
    """Tiles of the last half second (MAP_HOT_MS), in this process.

    When a report changes, everybody who looks at its town asks for the same few tiles at once: one
    look at the database answers them all. Pages wait longer than this before they ask again
    (report-map.js), so they never get an answer from before the change.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, mapping.Tile]] = {}

    def get(self, key: Hashable, make: Callable[[], mapping.Tile]) -> mapping.Tile:
        now = time.monotonic()
        made_at, tile = self._kept.get(key, (now, None))
        if tile is None or now - made_at >= settings.MAP_HOT_MS / 1000:
            tile = make()
            if len(self._kept) >= MOST_HOT:
                self.forget()
            self._kept[key] = (now, tile)  # as old as its question, for the answer may take time
        return tile

    def forget(self) -> None:
        self._kept.clear()


hot = Hot()


class MapTileView(APIView):
    authentication_classes = ()

    @extend_schema(
        summary="Reports in a map tile: counts from afar, pins from zoom 14 on",
        parameters=[
            OpenApiParameter("group", str, description="Code of a group of categories"),
            OpenApiParameter("status", str, description="Codes by comma, or open, current, all"),
            OpenApiParameter("period", int, description="Changed in the last so many months"),
            OpenApiParameter("municipality", str, description="Eight-digit AGS, several by comma"),
            OpenApiParameter("category", str, description="Code of a category"),
            OpenApiParameter("locality", str, description="Name of an Ortsteil"),
            OpenApiParameter("photo", str, enum=["1"], description="Only with a public photo"),
            OpenApiParameter("words", str, description="Words in what is public"),
        ],
        responses={200: TileAnswer, 304: OpenApiResponse(description="As it was")},
    )
    def get(self, request: Request, z: int, x: int, y: int) -> HttpResponse:
        try:
            selection = Selection.parse(request.query_params)
            key = (z, x, y, selection, get_language())
            tile = hot.get(key, lambda: mapping.tile(z, x, y, selection))
        except BadTile:
            raise Http404 from None
        except BadSelection as bad:
            sentence = _("There is no such value for this filter.")
            raise ValidationError({bad.name: [sentence]}) from None
        answer = _answer(request, tile)
        patch_cache_control(answer, public=True, no_cache=True)
        patch_vary_headers(answer, ["Accept-Encoding"])
        return answer


def _answer(request: Request, tile: mapping.Tile) -> HttpResponse:
    """Zipped here, once for all who ask at the same time."""
    tag = f'"{tile.tag}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": tag})
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers = {"ETag": f"W/{tag}", "Content-Encoding": "gzip"}
        return HttpResponse(tile.zipped, content_type="application/json", headers=headers)
    return HttpResponse(tile.body, content_type="application/json", headers={"ETag": tag})
