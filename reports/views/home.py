"""The home page: the map, and beside it the list that says the same."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.gis.db.models.functions import GeometryDistance
from django.contrib.gis.geos import Point
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo import addresses
from geo.boxes import BadBox, Box
from geo.distances import compass, distance_m
from geo.models import Place
from reports.models import Category, Report
from reports.queries import BadSelection, ReportQuerySet, Selection
from townhall.codes import normalise
from townhall.live import cursor
from townhall.models import Site
from townhall.sites import area_keys, extent, site_of

PAGE = 30
NEAREST = 50
COUNTED = 1000
# More candidates than shown: the index measures degrees, people measure metres.
CANDIDATES = 2 * NEAREST
VIEW_PIXELS = 400  # half the width of the map that a shared address is likely shown on
EQUATOR_M_PER_PIXEL = 156_543.034

STATUS_CHOICES = [
    ("", _("Current")),
    ("open", _("Open")),
    ("new", _("Received")),
    ("in_progress", _("In progress")),
    ("on_hold", _("On hold")),
    ("done", _("Done")),
    ("forwarded", _("Forwarded")),
    ("no_action", _("No action")),
    ("all", _("All")),
]


@require_safe
@cache_control(no_cache=True)
def home(request: HttpRequest) -> HttpResponse:
    taken = cursor()
    ask = Ask.read(request.GET)
    code = normalise(ask.text)
    if code and Report.objects.public().filter(code=code).exists():
        return HttpResponseRedirect(reverse("report-page", args=[code]))
    door = site_of(request)
    keys = area_keys(door)
    found = _places(ask, keys)
    if found and ask.near is None:
        ask = ask.at(found[0])
    listing = Listing(ask, keys=keys)
    context = _page(ask, listing, door=door, found=found) | {
        "map_config": _map_config(ask, door=door, keys=keys, taken=taken)
    }
    return render(request, "reports/map.html", context)


@require_safe
@cache_control(no_cache=True)
def map_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for a map that was moved: `?box=west,south,east,north` and the filters."""
    try:
        ask = Ask.read(request.GET, strictly=True)
    except (BadBox, BadSelection):
        return HttpResponseBadRequest()
    door = site_of(request)
    listing = Listing(ask, keys=area_keys(door))
    return render(request, "reports/_map_list.html", _page(ask, listing, door=door, found=[]))


@require_safe
@cache_control(no_cache=True)
def map_card(request: HttpRequest, code: str) -> HttpResponse:
    """One report's card, for a pin that was pressed or a card that must be renewed."""
    reports = Report.objects.public().with_faces()
    return render(
        request,
        "reports/_report_card.html",
        {"card": Card(get_object_or_404(reports, code=normalise(code) or "")), "alone": True},
    )


# ── What was asked ───────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Ask:
    """The address's query, read. What makes no sense counts as not said.

    `near`: a chosen place, from which the list is sorted; `centre` and `zoom`: where the map looks;
    `box`: what the map shows; `after`: the list goes on behind this report.
    """

    selection: Selection
    group: str = ""
    status: str = ""
    text: str = ""
    near: Point | None = None
    near_name: str = ""
    centre: Point | None = None
    zoom: float = 0
    box: Box | None = None
    after: tuple[dt.datetime, str] | None = None

    @classmethod
    def read(cls, query: QueryDict, *, strictly: bool = False) -> Ask:
        """Raises BadSelection or BadBox, if `strictly`."""
        group, status = query.get("group", "")[:60], query.get("status", "")[:80]
        try:
            selection = Selection.parse(query)
            box = Box.parse(str(query["box"])) if query.get("box") else None
        except (BadBox, BadSelection):
            if strictly:
                raise
            selection, box, group, status = Selection(), None, "", ""
        text = query.get("q", "").replace("\0", "").strip()[:120]
        return cls(
            selection=selection,
            group=group,
            status=status,
            text=text,
            near=_point(query.get("near", "")),
            near_name=text,
            centre=_point(f"{query.get('lon', '')},{query.get('lat', '')}"),
            zoom=_zoom(query.get("z", "")),
            box=box,
            after=_after(query.get("after", "")),
        )

    def at(self, place: Place) -> Ask:
        return Ask(
            selection=self.selection,
            group=self.group,
            status=self.status,
            text=self.text,
            near=place.position,
            near_name=addresses.label(place),
        )

    @property
    def seen(self) -> Box | None:
        """The part of the world that the list speaks of; None: all of the site."""
        if self.box or self.near or not (self.centre and self.zoom):
            return self.box
        narrow = math.cos(math.radians(self.centre.y))
        metres = VIEW_PIXELS * EQUATOR_M_PER_PIXEL * narrow / 2**self.zoom
        return Box.around(self.centre, metres=metres)

    def address(self, **changes: str) -> str:
        """The query string of this view with changes; "" takes a part out."""
        parts = {"q": self.text, "group": self.group, "status": self.status}
        if self.near:
            parts["near"] = f"{self.near.x:.6f},{self.near.y:.6f}"
        if self.box:
            parts["box"] = str(self.box)
        return "?" + urlencode({key: value for key, value in (parts | changes).items() if value})

    @property
    def without_group(self) -> str:
        return self.address(group="")

    @property
    def without_status(self) -> str:
        return self.address(status="")

    @property
    def without_place(self) -> str:
        return self.address(q="", near="")


def _point(text: str) -> Point | None:
    """`lon,lat`, or None for anything that is no place on the globe."""
    try:
        box = Box.parse(f"{text},{text}")
    except BadBox:
        return None
    return box.centre()


def _zoom(text: str) -> float:
    number = text.replace(".", "", 1)
    return min(float(text), 19) if number.isascii() and number.isdigit() and text[:1] != "." else 0


def _after(text: str) -> tuple[dt.datetime, str] | None:
    stamp, _sign, code = text.partition("_")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 17 and normalise(code)):
        return None
    return _EPOCH + dt.timedelta(microseconds=int(stamp)), code


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


# ── What is shown ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Card:
    """A report in the list. `metres` and `towards`: from the place that was searched."""

    report: Report
    metres: float | None = None
    towards: str = ""

    @property
    def photo(self) -> Any:
        """The first picture that staff released, or None."""
        return next((photo for photo in self.report.photos.all() if photo.is_released), None)


class Listing:
    """The reports beside the map: newest first, or nearest first from a searched place."""

    def __init__(self, ask: Ask, *, keys: Sequence[str]) -> None:
        self.ask = ask
        hits = Report.objects.public().selected(ask.selection)
        if keys:
            hits = hits.filter(municipality__key__in=keys)
        self._hits: ReportQuerySet = hits.inside(ask.seen) if ask.seen else hits

    @cached_property
    def count(self) -> int:
        """How many there are, counted up to COUNTED + 1."""
        return self._hits.order_by()[: COUNTED + 1].count()

    @property
    def is_beyond_counting(self) -> bool:
        return self.count > COUNTED

    @cached_property
    def cards(self) -> list[Card]:
        return self._nearest(self.ask.near) if self.ask.near else self._newest[:PAGE]

    @property
    def is_cut(self) -> bool:
        """More fit than are listed, and there is no page after this one."""
        return bool(self.ask.near) and self.count > len(self.cards)

    @property
    def more(self) -> str:
        """The address of the next page; "" on the last."""
        if self.ask.near or len(self._newest) <= PAGE:
            return ""
        last = self.cards[-1].report
        micros = round((last.changed_at - _EPOCH) / dt.timedelta(microseconds=1))
        return self.ask.address(after=f"{micros}_{last.code}")

    @cached_property
    def _newest(self) -> list[Card]:
        hits = self._hits.with_faces().order_by("-changed_at", "code")
        return [Card(report) for report in _behind(hits, self.ask.after)[: PAGE + 1]]

    def _nearest(self, place: Point) -> list[Card]:
        hits = self._hits.with_faces().filter(public_position__isnull=False)
        close = hits.order_by(GeometryDistance("public_position", place), "code")[:CANDIDATES]
        cards = [
            Card(report, metres=distance_m(place, at), towards=compass(place, at))
            for report in close
            if (at := report.public_position)
        ]
        return sorted(cards, key=lambda card: card.metres or 0)[:NEAREST]


def _behind(hits: ReportQuerySet, after: tuple[dt.datetime, str] | None) -> ReportQuerySet:
    if after is None:
        return hits
    moment, code = after
    earlier = hits.filter(changed_at__lte=moment)
    return earlier.exclude(changed_at=moment, code__lte=code)


def _places(ask: Ask, keys: Sequence[str]) -> list[Place]:
    if not ask.text or ask.near:
        return []
    return addresses.search(ask.text, area_keys=keys or None)


def _page(ask: Ask, listing: Listing, *, door: Site, found: Sequence[Place]) -> dict[str, Any]:
    groups = list(Category.objects.filter(group__isnull=True, is_active=True))
    return {
        "ask": ask,
        "listing": listing,
        "door": door,
        "groups": groups,
        "group": next((group for group in groups if group.code == ask.group), None),
        "status_choices": STATUS_CHOICES,
        "status_name": dict(STATUS_CHOICES).get(ask.status, ""),
        "other_places": [_offered(ask, place) for place in found[1:5]],
        "has_demo_places": addresses.has_demo(found),
        "is_unknown": bool(ask.text) and not ask.near,
    }


def _offered(ask: Ask, place: Place) -> dict[str, str]:
    name = addresses.label(place)
    return {"name": name, "address": ask.at(place).address(q=name)}


def _map_config(ask: Ask, *, door: Site, keys: Sequence[str], taken: str) -> dict[str, Any]:
    """What the map's script must know; texts stand in the page."""
    whole = extent(door)
    looks_at = ask.near or (ask.centre if ask.zoom else None)
    return {
        "fit": [whole.west, whole.south, whole.east, whole.north],
        "at": [looks_at.x, looks_at.y] if looks_at else None,
        "zoom": (16 if ask.near else ask.zoom) if looks_at else None,
        "place": [ask.near.x, ask.near.y] if ask.near else None,
        "keys": list(keys),
        "cursor": taken,
        "language": get_language(),
        "filters": {"group": ask.group, "status": ask.status},
        "tiles": reverse("api-map-tile", args=[0, 0, 0]),
        "areas": f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}",
        "list": reverse("home-list"),
        "card": reverse("home-card", args=["00000000"]),
        "report": reverse("report-page", args=["00000000"]),
    }
