"""Where a crew drives on a day: a picture with the numbers of its list, drawn by us."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.template import Context

from geo import pictures
from geo.models import Layer
from geo.pictures import Frame, Sheet
from reports.models import Stop

register = template.Library()
ROUNDS = 60  # of pushing pins apart


@dataclass(frozen=True)
class Size:
    """Pixels, and the radius of a pin."""

    width: int
    height: int
    pin: int


PAPER = Size(720, 440, 13)  # 180 mm wide: a pin has 6.5 mm
PHONE = Size(360, 320, 16)


@dataclass
class Pin:
    """`x`, `y`: where its number stands; `at`: where the stop is."""

    number: int
    stop: Stop
    x: float
    y: float
    at: tuple[float, float]

    @property
    def is_aside(self) -> bool:
        return math.dist((self.x, self.y), self.at) > 3


@register.inclusion_tag("reports/staff/crews/_map.html", takes_context=True)
def crew_map(context: Context, stops: Sequence[Stop], size: str = "paper") -> dict[str, Any]:
    """The stops as numbered pins; `size` is "paper" or "phone"."""
    is_phone = size == "phone"
    drawn = draw(stops, size=PHONE if is_phone else PAPER, tiles=context.get("map_tiles"))
    return {"map": drawn, "is_phone": is_phone}


def draw(stops: Sequence[Stop], *, size: Size, tiles: dict[str, Any] | None) -> dict[str, Any]:
    """What the template shows. `tiles`: as config.tiles tells pages of them, if there are any."""
    points = [stop.report.position for stop in stops]
    frame = Frame.around(points, width=size.width, height=size.height, margin=2 * size.pin + 8)
    pins = _pins(stops, frame, size)
    sheet = Sheet(frame)
    for pin in pins:
        sheet.keep_free(pin.x, pin.y, size.pin)
        sheet.keep_free(*pin.at, 4)
    metres, bar = frame.bar(longest=size.width / 5)
    sheet.keep_free(12 + bar / 2, size.height - 16, bar / 2)
    sheet.keep_free(size.width - 20, 24, 20)
    layers = settings.MUNICIPALITY_LAYER, settings.ROAD_LAYER
    keys = {stop.report.municipality.key for stop in stops}
    streets = pictures.places(frame, sheet, near=points)
    lines = pictures.roads(frame, sheet, layer=layers[1])
    return {
        "size": size,
        "areas": pictures.towns(frame, sheet, layer=layers[0], ours=keys),
        "roads": lines,
        "streets": [] if lines else streets,
        "names": sheet.names,
        "pins": pins[::-1],  # the first lies on top
        "count": len(pins),
        "bar": {"metres": metres, "pixels": bar, "end": 12 + bar},
        "tiles": _tiles(frame, tiles),
        "credit": tiles["credit"] if tiles else _credit([each for each in layers if each]),
        "own_credit": _credit([each for each in layers if each]),
        "frame": {"zoom": round(frame.zoom, 6), "left": frame.left, "top": frame.top},
    }


def _tiles(frame: Frame, told: dict[str, Any] | None) -> list[dict[str, Any]]:
    if told is None:
        return []
    laid = frame.tiles(least=told["least"], most=told["most"])
    return [{"address": _address(told["url"], each.tile), "laid": each} for each in laid]


def _address(template: str, tile: Any) -> str:
    for name in ("z", "x", "y"):
        template = template.replace(f"{{{name}}}", str(getattr(tile, name)))
    return template


def _credit(names: Sequence[str]) -> str:
    """Of our own layers: whoever drew the boundaries and the roads."""
    found: list[str] = []
    for name in names:
        owner, _, slug = name.partition("/")
        found += Layer.objects.filter(owner=owner, slug=slug).values_list("attribution", flat=True)
    return " · ".join(dict.fromkeys(filter(None, found)))


# ── Pins ─────────────────────────────────────────────────────────────────────────────────────
def _pins(stops: Sequence[Stop], frame: Frame, size: Size) -> list[Pin]:
    pins = []
    for number, stop in enumerate(stops, start=1):
        at = frame.pixel(stop.report.position.x, stop.report.position.y)
        pins.append(Pin(number, stop, *at, at))
    _push_apart(pins, 2 * size.pin + 2)
    for pin in pins:
        pin.x = round(min(max(pin.x, size.pin + 2), size.width - size.pin - 2), 1)
        pin.y = round(min(max(pin.y, size.pin + 2), size.height - size.pin - 2), 1)
    return pins


def _push_apart(pins: Sequence[Pin], room: float) -> None:
    """Numbers that would cover each other step aside; a line leads to their place."""
    for _round in range(ROUNDS):
        is_moved = False
        for first, one in enumerate(pins):
            for other in pins[first + 1 :]:
                apart = math.dist((one.x, one.y), (other.x, other.y))
                if apart >= room:
                    continue
                is_moved = True
                # Upon each other: each pair goes its own way, always the same.
                angle = (
                    math.atan2(other.y - one.y, other.x - one.x) if apart else 2.4 * other.number
                )
                step = (room - apart) / 2 + 0.1
                one.x, one.y = one.x - math.cos(angle) * step, one.y - math.sin(angle) * step
                other.x, other.y = (
                    other.x + math.cos(angle) * step,
                    other.y + math.sin(angle) * step,
                )
        if not is_moved:
            return
