"""The map as a picture, for pages without scripts: the list's reports as numbered pins."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo import features
from geo.boxes import BadBox, Box
from reports.queries import BadSelection
from townhall.sites import area_keys, extent, site_of

from .map_ask import Ask
from .map_list import Card, Listing

WIDTH, HEIGHT = 480, 330
MARGIN = 28  # pixels around the outermost pins
LETTER = 7  # pixels, on average
LINE = 16  # pixels from one base line to the next
NARROWEST = 0.004  # degrees: a single pin still has streets of its town around it


@dataclass(frozen=True)
class Frame:
    """A part of the world on a picture of WIDTH × HEIGHT pixels."""

    box: Box

    @classmethod
    def around(cls, places: Sequence[Point], otherwise: Box) -> Frame:
        if not places:
            return cls(otherwise)
        lons, lats = [place.x for place in places], [place.y for place in places]
        middle = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
        across = max(max(lons) - min(lons), NARROWEST) / 2
        up = max(max(lats) - min(lats), NARROWEST) / 2
        lon, lat = middle
        return cls(Box(lon - across, lat - up, lon + across, lat + up))

    @property
    def scale(self) -> float:
        """Pixels for a degree of latitude."""
        wide = (self.box.east - self.box.west) * self._narrow
        high = self.box.north - self.box.south
        return min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    @property
    def _narrow(self) -> float:
        return math.cos(math.radians((self.box.north + self.box.south) / 2))

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        middle = self.box.centre()
        x = WIDTH / 2 + (lon - middle.x) * self._narrow * self.scale
        y = HEIGHT / 2 - (lat - middle.y) * self.scale
        return round(x, 1), round(y, 1)

    def path(self, rings: Sequence[Sequence[Sequence[float]]]) -> str:
        """SVG path data of a polygon."""
        return "".join(f"M{'L'.join(self._points(ring))}Z" for ring in rings)

    def _points(self, ring: Sequence[Sequence[float]]) -> Iterator[str]:
        for lon, lat, *_height in ring:
            x, y = self.pixel(lon, lat)
            yield f"{x:g} {y:g}"


@require_safe
@cache_control(no_cache=True)
def map_picture(request: HttpRequest) -> HttpResponse:
    """An SVG of the first page of the list. Takes what the page's address holds."""
    try:
        ask = Ask.read(request.GET.dict(), strictly=True)
    except (BadBox, BadSelection):
        return HttpResponseBadRequest()
    door = site_of(request)
    keys = area_keys(door)
    cards = Listing(ask, door=door, keys=keys).cards
    places = [card.report.public_position for card in cards if card.report.public_position]
    frame = Frame.around([*places, *([ask.near] if ask.near else [])], ask.seen or extent(door))
    facts = {
        "width": WIDTH,
        "height": HEIGHT,
        "areas": _apart(_areas(frame, keys)),
        "pins": list(_pins(frame, cards))[::-1],  # the first lies on top
        "place": frame.pixel(ask.near.x, ask.near.y) if ask.near else None,
    }
    return render(request, "reports/map_picture.svg", facts, content_type="image/svg+xml")


def _areas(frame: Frame, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    layer, today = settings.MUNICIPALITY_LAYER, timezone.localdate()
    mark = features.fingerprint(layer, on=today)
    for feature in json.loads(features.collection(layer, on=today, mark=mark))["features"]:
        shape, facts = feature["geometry"], feature["properties"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        name = facts["name"].partition(" (")[0]  # „Heppenheim (Bergstraße)“ is long
        yield {
            "name": name,
            "label": _label(frame.pixel(*facts["label"]), name),
            "path": "".join(frame.path(part) for part in parts),
            "is_ours": not keys or facts["key"] in keys,
        }


def _label(at: tuple[float, float], name: str) -> tuple[float, float] | None:
    """Where a name stands so that the edge does not cut it; None: outside of the picture."""
    x, y = at
    if not (0 < x < WIDTH and 0 < y < HEIGHT):
        return None
    half = len(name) * LETTER / 2 + 4
    return min(max(x, half), WIDTH - half), y


def _apart(areas: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of names that would lie upon each other the first stays."""
    taken: list[tuple[float, float, float]] = []  # middle, base line, half its width
    found = list(areas)
    for area in found:
        if area["label"] is None:
            continue
        (x, y), half = area["label"], len(area["name"]) * LETTER / 2
        if any(abs(x - x0) < half + half0 and abs(y - y0) < LINE for x0, y0, half0 in taken):
            area["label"] = None
        else:
            taken.append((x, y, half))
    return found


def _pins(frame: Frame, cards: Sequence[Card]) -> Iterator[dict[str, Any]]:
    for number, card in enumerate(cards, start=1):
        if at := card.report.public_position:
            yield {"n": number, "at": frame.pixel(at.x, at.y), "status": card.report.status}
