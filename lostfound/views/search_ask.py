"""What the search page's address asks for. It holds all filters: a link is the view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.gis.geos import Point

from geo.boxes import BadBox, Box
from geo.cells import cell_at
from lostfound.catalogue import GROUPS, THING_KINDS, Colour
from lostfound.searching.search import RADII_KM, USUAL_KM, Selection

SHOWS = ("list", "tiles", "map")
EVERYWHERE = "all"
NO_GROUP = "none"
MOST_LETTERS = 120
MOST_SQUARE_M = 50_000
PARTS = (
    "q",
    "group",
    "kind",
    "colour",
    "from",
    "to",
    "town",
    "place",
    "near",
    "km",
    "square",
    "part",
)


class BadAsk(Exception):
    """A filter that means nothing. Carries the parameter's name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Ask:
    """The address's query, read. `said`: what of PARTS makes sense, as it was said.

    `place` is what was typed as place, `selection.near` the point it was found to be; `show`: one
    of SHOWS; `after`: the list goes on behind this day and row.
    """

    selection: Selection = field(default_factory=Selection)
    said: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    show: str = "list"
    after: tuple[dt.date, int] | None = None

    @classmethod
    def read(cls, query: Mapping[str, Any], *, strictly: bool = False) -> Ask:
        """What makes no sense counts as not said. Raises BadAsk, if `strictly`."""
        values: dict[str, Any] = {}
        said: dict[str, str] = {}
        for name, text in _typed(query).items():
            try:
                values[name] = _READ[name](text)
            except (ValueError, BadBox):
                if strictly:
                    raise BadAsk(name) from None
                continue
            said[name] = text
        after = values.pop("after", None)
        said.pop("after", None)
        show = str(query.get("show", ""))
        return cls(
            selection=Selection(
                words=values.get("q", ""),
                group=values.get("group", ""),
                kind=values.get("kind", ""),
                colour=values.get("colour", ""),
                since=values.get("from"),
                until=values.get("to"),
                towns=values.get("town", ()),
                near=values.get("near"),
                km=values.get("km", USUAL_KM),
                square=values.get("square"),
                part=values.get("part", ""),
            ),
            said=said,
            place=values.get("place", ""),
            show=show if show in SHOWS else "list",
            after=after,
        )

    def at(self, point: Point, *, name: str) -> Ask:
        """The same, near a place that the text names."""
        said = {**self.said, "near": f"{point.x:.5f},{point.y:.5f}", "place": name}
        return replace(self, selection=replace(self.selection, near=point), said=said, place=name)

    def within(self, keys: Sequence[str]) -> Ask:
        """The same, of these towns only, unless others were asked for."""
        if self.said.get("town") or self.selection.near:
            return self
        return replace(self, selection=replace(self.selection, towns=tuple(keys)))

    @property
    def everywhere(self) -> Selection:
        """The same in all towns."""
        return replace(self.selection, towns=())

    @property
    def is_filtered(self) -> bool:
        return bool(self.said)

    def address(self, **changes: str) -> str:
        """The query string of this view with changes; "" takes a part out."""
        parts = {**self.said, "show": "" if self.show == "list" else self.show}
        return "?" + urlencode({name: text for name, text in (parts | changes).items() if text})

    @property
    def group(self) -> str:
        """The chosen group, or that of the chosen kind; "" for none."""
        kind = self.selection.kind
        return THING_KINDS[kind].group if kind else self.selection.group

    @property
    def without_place(self) -> str:
        return self.address(place="", near="", km="")

    @property
    def as_list(self) -> str:
        return self.address(show="")

    @property
    def as_tiles(self) -> str:
        return self.address(show="tiles")

    @property
    def as_map(self) -> str:
        return self.address(show="map", square="")


def _typed(query: Mapping[str, Any]) -> dict[str, str]:
    """What was said of each part. Another group, or NO_GROUP, takes the kind back; a place that is
    typed anew has no point yet."""
    texts = {
        name: " ".join(str(query.get(name, "")).replace("\0", " ").split())
        for name in (*PARTS, "after")
    }
    kind = THING_KINDS.get(texts["kind"])
    if texts["group"] and kind and kind.group != texts["group"]:
        texts["kind"] = ""
    if texts["group"] == NO_GROUP:
        texts["group"] = ""
    if texts["place"] != str(query.get("placed", texts["place"])):
        texts["near"] = ""
    if not texts["near"] and not texts["place"]:
        texts["km"] = ""
    return {name: text for name, text in texts.items() if text}


def _text(text: str) -> str:
    if len(text) > MOST_LETTERS or not text.isprintable():
        raise ValueError
    return text


def _kind(text: str) -> str:
    if text not in THING_KINDS:
        raise ValueError
    return text


def _group(text: str) -> str:
    if text not in GROUPS:
        raise ValueError
    return text


def _colour(text: str) -> str:
    return Colour(text).value


def _towns(text: str) -> tuple[str, ...]:
    if text == EVERYWHERE:
        return ()
    if not (text.isascii() and text.isdigit() and len(text) == 8):
        raise ValueError
    return (text,)


def _point(text: str) -> Point:
    return Box.parse(f"{text},{text}").centre()


def _km(text: str) -> int:
    if text not in {str(km) for km in RADII_KM}:
        raise ValueError
    return int(text)


def _square(text: str) -> Box:
    """`lon,lat,metres` of a square's middle."""
    lon_lat, _comma, metres = text.rpartition(",")
    if not (metres.isascii() and metres.isdigit() and 0 < int(metres[:6]) <= MOST_SQUARE_M):
        raise ValueError
    return cell_at(_point(lon_lat), metres=int(metres))


def _after(text: str) -> tuple[dt.date, int]:
    day, _sign, row = text.partition("_")
    if not (row.isascii() and row.isdigit() and len(row) < 18):
        raise ValueError
    return dt.date.fromisoformat(day), int(row)


_READ: dict[str, Any] = {
    "q": _text,
    "group": _group,
    "kind": _kind,
    "colour": _colour,
    "from": dt.date.fromisoformat,
    "to": dt.date.fromisoformat,
    "town": _towns,
    "place": _text,
    "near": _point,
    "km": _km,
    "square": _square,
    "part": _text,
    "after": _after,
}
