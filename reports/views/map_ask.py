"""What a map page's address asks for. It holds place, zoom and filters: a link is the view."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.gis.geos import Point

from geo import addresses
from geo.boxes import BadBox, Box
from geo.models import Place
from reports.queries import BadSelection, Selection
from townhall.codes import normalise

FILTERS = (
    "group",
    "category",
    "status",
    "period",
    "municipality",
    "locality",
    "photo",
    "words",
)
VIEW_PIXELS = 400  # half the width of the map that a shared address is likely shown on
EQUATOR_M_PER_PIXEL = 156_543.034
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Ask:
    """The address's query, read. What makes no sense counts as not said.

    `filters`: what of FILTERS was said, as it was said; `near`: a chosen place; `centre` and
    `zoom`: where the map looks; `box`: what the map shows; `sort`: "new", "near" or "" for what
    suits; `after`: the list goes on behind this report.
    """

    selection: Selection = field(default_factory=Selection)
    filters: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    near: Point | None = None
    near_name: str = ""
    centre: Point | None = None
    zoom: float = 0
    box: Box | None = None
    sort: str = ""
    after: tuple[dt.datetime, str] | None = None

    @classmethod
    def read(cls, query: Mapping[str, Any], *, strictly: bool = False) -> Ask:
        """Raises BadSelection or BadBox, if `strictly`."""
        filters = _filters(query)
        try:
            selection = Selection.parse(filters)
            box = Box.parse(str(query["box"])) if query.get("box") else None
        except (BadBox, BadSelection):
            if strictly:
                raise
            selection, box, filters = Selection(), None, {}
        text = str(query.get("q", "")).replace("\0", "").strip()[:120]
        sort = str(query.get("sort", ""))
        return cls(
            selection=selection,
            filters=filters,
            text=text,
            near=_point(query.get("near", "")),
            near_name=text,
            centre=_point(f"{query.get('lon', '')},{query.get('lat', '')}"),
            zoom=_zoom(query.get("z", "")),
            box=box,
            sort=sort if sort in {"new", "near"} else "",
            after=_after(query.get("after", "")),
        )

    def at(self, place: Place) -> Ask:
        """The same, near a place that the text names."""
        return replace(self, near=place.position, near_name=addresses.label(place))

    def for_words(self) -> Ask:
        """The same, with the text as words that reports hold."""
        return replace(self.having(words=self.text), text="")

    @property
    def typed(self) -> str:
        """What the search field shows."""
        return self.text or self.selection.words

    def having(self, **filters: str) -> Ask:
        """The same with other filters; "" takes one off."""
        kept = {name: value for name, value in {**self.filters, **filters}.items() if value}
        return replace(self, selection=Selection.parse(kept), filters=kept)

    @property
    def kind(self) -> str:
        """What the field "kind" has: a category, else a group."""
        return self.filters.get("category") or self.filters.get("group", "")

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters)

    @property
    def hides_done(self) -> bool:
        return self.filters.get("status") == "open"

    @property
    def seen(self) -> Box | None:
        """The part of the world that the list speaks of; None: all of the site."""
        if self.box or not (self.centre and self.zoom):
            return self.box
        narrow = math.cos(math.radians(self.centre.y))
        metres = VIEW_PIXELS * EQUATOR_M_PER_PIXEL * narrow / 2**self.zoom
        return Box.around(self.centre, metres=metres)

    @property
    def reference(self) -> Point | None:
        """From where distances are told: the place that was searched, else the map's middle."""
        return self.near or (self.seen.centre() if self.seen else None)

    @property
    def is_nearest_first(self) -> bool:
        return self.reference is not None and self.sort != "new"

    def address(self, **changes: str) -> str:
        """The query string of this view with changes; "" takes a part out."""
        parts = {**self.filters, "q": self.text, "sort": self.sort}
        if self.near:
            parts["near"] = f"{self.near.x:.6f},{self.near.y:.6f}"
        if self.centre and self.zoom:
            parts |= {
                "lon": f"{self.centre.x:.5f}",
                "lat": f"{self.centre.y:.5f}",
                "z": f"{self.zoom:g}",
            }
        if self.box:
            parts["box"] = str(self.box)
        said = {key: value for key, value in (parts | changes).items() if value}
        return "?" + urlencode(said)

    @property
    def without_filters(self) -> str:
        return self.address(**dict.fromkeys((*FILTERS, "q", "near"), ""))

    @property
    def without_place(self) -> str:
        return self.address(q="", near="")

    @property
    def newest_first(self) -> str:
        return self.address(sort="new")

    @property
    def nearest_first(self) -> str:
        return self.address(sort="near")


def _filters(query: Mapping[str, Any]) -> dict[str, str]:
    """`kind` is the form's one field for groups and categories (`strassen.schlagloch`), `hide` its
    button „Erledigte ausblenden“."""
    said = {name: str(query.get(name, "")).strip() for name in FILTERS}
    if kind := str(query.get("kind", "")).strip():
        said["group"], _dot, said["category"] = kind.partition(".")
    if query.get("hide") == "1":
        said["status"] = "open"
    elif query.get("hide") == "0" and said["status"] == "open":
        said["status"] = ""
    return {name: value for name, value in said.items() if value}


def _point(text: Any) -> Point | None:
    """`lon,lat`, or None for anything that is no place on the globe."""
    try:
        box = Box.parse(f"{text},{text}")
    except BadBox:
        return None
    return box.centre()


def _zoom(text: Any) -> float:
    number = str(text).replace(".", "", 1)
    fits = number.isascii() and number.isdigit() and str(text)[:1] != "."
    return min(float(text), 19) if fits else 0


def _after(text: Any) -> tuple[dt.datetime, str] | None:
    stamp, _sign, code = str(text).partition("_")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 17 and normalise(code)):
        return None
    return EPOCH + dt.timedelta(microseconds=int(stamp)), code
