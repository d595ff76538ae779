"""Pictures for demo reports: small flat street scenes, drawn by code.

Drawn in units of a 1200 × 900 sheet (x right, y down), twice as large as the 960 × 720 px that
are kept, so that edges come out smooth. The same scene with the same seed looks the same.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 900
SCALE = 1.6

Colour = str
Spot = tuple[float, float]


@dataclass(frozen=True)
class Light:
    """The colours of an hour."""

    sky: Colour
    sun: Colour
    hills: Colour
    near_hills: Colour
    walls: tuple[Colour, ...]
    roofs: tuple[Colour, ...]
    timber: Colour
    window: Colour
    pavement: Colour
    kerb: Colour
    road: Colour
    road_dark: Colour
    line: Colour
    green: Colour
    green_dark: Colour
    trunk: Colour


NOON = Light(
    sky="#cfe3ef",
    sun="#fff4cf",
    hills="#a9c4b4",
    near_hills="#8fb19b",
    walls=("#f6ead2", "#f3d9b8", "#e9e4da", "#f1e0dc", "#dfe6dd"),
    roofs=("#b4583f", "#9c4a38", "#a8664a", "#7d4a42"),
    timber="#7a5238",
    window="#6f8ba3",
    pavement="#d8d2c6",
    kerb="#bdb6a8",
    road="#767a80",
    road_dark="#64686e",
    line="#eef0ee",
    green="#7fa66a",
    green_dark="#5d8650",
    trunk="#7b5a3e",
)
EVENING = Light(
    sky="#f4d6b8",
    sun="#fbf0c4",
    hills="#b79aa0",
    near_hills="#957f92",
    walls=("#f0d2ae", "#e6bf9a", "#ead8c2", "#e3c4b8", "#d8c9b4"),
    roofs=("#9a4a3a", "#84403a", "#8f5844", "#6b3f40"),
    timber="#6a4433",
    window="#fbe09a",
    pavement="#cfc0b0",
    kerb="#b3a494",
    road="#6b6870",
    road_dark="#59565f",
    line="#f1e9dc",
    green="#8a9a5c",
    green_dark="#687a48",
    trunk="#684c3a",
)
MORNING = Light(
    sky="#e3e9ee",
    sun="#fffaf0",
    hills="#bccad0",
    near_hills="#a3b6b8",
    walls=("#efe8da", "#e6dccb", "#dfe3e2", "#ecdfd9", "#dbe3da"),
    roofs=("#a3665a", "#8d5a54", "#94705e", "#735452"),
    timber="#806654",
    window="#8aa2b4",
    pavement="#d3d3ce",
    kerb="#b9b9b4",
    road="#83878d",
    road_dark="#70747a",
    line="#f3f4f3",
    green="#8fac86",
    green_dark="#6c8c68",
    trunk="#7d6652",
)
NIGHT = Light(
    sky="#1d2a4d",
    sun="#f3eecb",
    hills="#18223f",
    near_hills="#141c36",
    walls=("#2b3557", "#263050", "#303a5c", "#2a3252", "#333b58"),
    roofs=("#1f2746", "#1b2340", "#232b49", "#1a213c"),
    timber="#1c2442",
    window="#f2cf74",
    pavement="#3a4362",
    kerb="#303956",
    road="#262d48",
    road_dark="#1f263f",
    line="#6d7698",
    green="#24344a",
    green_dark="#1c2a40",
    trunk="#1c2238",
)
DAYLIGHT = (NOON, NOON, EVENING, MORNING)
WARNING = "#f2b632"
BRAND = "#1a3da5"


@dataclass(frozen=True)
class Drawn:
    """A finished picture as WebP, its thumbnail, sizes in px and its mean colour."""

    full: bytes
    thumb: bytes
    size: tuple[int, int]
    thumb_size: tuple[int, int]
    colour: str


class Sheet:
    """A sheet of paper with a few blunt tools."""

    def __init__(self, ground: Colour) -> None:
        self.image = Image.new("RGB", (round(WIDTH * SCALE), round(HEIGHT * SCALE)), ground)
        self._pen = ImageDraw.Draw(self.image)

    def box(
        self, x: float, y: float, w: float, h: float, fill: Colour, *, round_by: float = 0
    ) -> None:
        corners = _scaled([(x, y), (x + w, y + h)])
        self._pen.rounded_rectangle(corners, round_by * SCALE, fill)

    def shape(self, spots: Sequence[Spot], fill: Colour) -> None:
        self._pen.polygon(_scaled(spots), fill)

    def line(self, spots: Sequence[Spot], fill: Colour, width: float = 6) -> None:
        """Round ends and joins."""
        self._pen.line(_scaled(spots), fill, round(width * SCALE), joint="curve")
        for x, y in spots:
            self.dot(x, y, width / 2, fill)

    def dot(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.oval(x, y, radius, radius, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self._pen.ellipse(_scaled([(x - rx, y - ry), (x + rx, y + ry)]), fill)

    def ring(self, x: float, y: float, rx: float, ry: float, fill: Colour, width: float) -> None:
        box = _scaled([(x - rx, y - ry), (x + rx, y + ry)])
        self._pen.ellipse(box, outline=fill, width=round(width * SCALE))

    def arc(
        self, x: float, y: float, r: float, start: float, end: float, fill: Colour, width: float
    ) -> None:
        """Degrees, clockwise from three o'clock."""
        box = _scaled([(x - r, y - r), (x + r, y + r)])
        self._pen.arc(box, start, end, fill, round(width * SCALE))

    def glow(self, spots: Sequence[Spot], fill: Colour, strength: float) -> None:
        """Light over everything below; strength 0 to 1."""
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon(_scaled(spots), fill=round(255 * strength))
        self.image.paste(fill, (0, 0, *self.image.size), mask)

    def shade(self, x: float, y: float, rx: float, ry: float, strength: float = 0.2) -> None:
        """A soft-edged shadow on the ground."""
        width, height = round(2 * rx * SCALE), round(2 * ry * SCALE)
        mask = Image.new("L", (width, height), 0)
        pen = ImageDraw.Draw(mask)
        for rim, part in ((0.0, 0.5), (0.07, 1.0)):
            box = (width * rim, height * rim, width * (1 - rim), height * (1 - rim))
            pen.ellipse(box, fill=round(255 * strength * part))
        left, top = round((x - rx) * SCALE), round((y - ry) * SCALE)
        self.image.paste("#1b1f30", (left, top, left + width, top + height), mask)

    def finish(self) -> Drawn:
        full = self.image.reduce(2)
        thumb = full.reduce(2)
        red, green, blue = thumb.resize((1, 1), Image.Resampling.BOX).tobytes()
        return Drawn(
            full=_webp(full),
            thumb=_webp(thumb),
            size=full.size,
            thumb_size=thumb.size,
            colour=f"#{red:02x}{green:02x}{blue:02x}",
        )


def _scaled(spots: Sequence[Spot]) -> list[Spot]:
    return [(x * SCALE, y * SCALE) for x, y in spots]


def _webp(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80, method=2)
    return file.getvalue()


# ── The street behind everything ─────────────────────────────────────────────────────────────
HORIZON = 430
KERB = 590


def _street(rng: Random, light: Light, *, houses: bool = True) -> Sheet:
    sheet = Sheet(light.sky)
    _sky(sheet, rng, light)
    _hills(sheet, rng, light)
    if houses:
        _houses(sheet, rng, light)
    else:
        _meadow(sheet, rng, light)
    sheet.box(0, KERB - 80, WIDTH, 80, light.pavement)
    for x in range(-40, WIDTH, 120):
        sheet.line([(x, KERB - 80), (x - 24, KERB)], light.kerb, 2)
    sheet.box(0, KERB, WIDTH, 16, light.kerb)
    sheet.box(0, KERB + 16, WIDTH, HEIGHT - KERB, light.road)
    return sheet


def _sky(sheet: Sheet, rng: Random, light: Light) -> None:
    x, y = rng.uniform(150, 1050), rng.uniform(90, 150)
    if light is NIGHT:
        for _ in range(38):
            sheet.dot(rng.uniform(0, WIDTH), rng.uniform(0, 300), rng.uniform(1, 2.6), "#dfe4f5")
        sheet.dot(x, y, 44, light.sun)
        sheet.dot(x + 20, y - 10, 40, light.sky)
        return
    sheet.dot(x, y, 54, light.sun)
    for _ in range(2):
        cx, cy = rng.uniform(80, 1120), rng.uniform(70, 190)
        for dx, r in ((-46, 24), (0, 36), (48, 26)):
            sheet.oval(cx + dx, cy, r * 1.5, r * 0.62, "#ffffff" if light is NOON else light.sun)


def _hills(sheet: Sheet, rng: Random, light: Light) -> None:
    """The edge of the Odenwald, with a ruined castle on it."""
    top = rng.uniform(215, 245)
    shift = rng.uniform(-120, 120)
    far = [(x, top + 46 * math.sin((x + shift) / 210) + 22 * math.sin(x / 97)) for x in _steps()]
    sheet.shape([(0, HORIZON), *far, (WIDTH, HORIZON)], light.hills)
    x = 300 + shift
    y = top + 46 * math.sin((x + shift) / 210) + 22 * math.sin(x / 97)
    sheet.box(x - 34, y - 40, 20, 60, light.near_hills)
    sheet.box(x - 14, y - 18, 44, 40, light.near_hills)
    sheet.box(x + 28, y - 62, 24, 84, light.near_hills)
    for notch in range(3):
        sheet.box(x + 28 + notch * 9, y - 70, 6, 10, light.near_hills)
    near = [(x, top + 96 + 34 * math.sin((x - shift) / 160)) for x in _steps()]
    sheet.shape([(0, HORIZON + 90), *near, (WIDTH, HORIZON + 90)], light.near_hills)


def _steps() -> range:
    return range(0, WIDTH + 1, 12)


def _meadow(sheet: Sheet, rng: Random, light: Light) -> None:
    sheet.box(0, HORIZON - 10, WIDTH, 130, light.green)
    for _ in range(5):
        _tree(sheet, rng.uniform(0, WIDTH), HORIZON + rng.uniform(20, 60), light, size=0.6)
    for x in range(20, WIDTH, 46):
        tip = HORIZON + 66 + rng.uniform(-14, 20)
        sheet.line([(x, tip + 12), (x + 5, tip)], light.green_dark, 4)


def _houses(sheet: Sheet, rng: Random, light: Light) -> None:
    x = rng.uniform(-90, -30)
    while x < WIDTH:
        width = rng.choice((150, 170, 190, 220))
        _house(sheet, rng, light, x, width)
        x += width + rng.choice((0, 0, 8, 34))


def _house(sheet: Sheet, rng: Random, light: Light, x: float, width: float) -> None:
    ground, eaves = KERB - 80, rng.uniform(300, 350)
    wall, roof = rng.choice(light.walls), rng.choice(light.roofs)
    gable = rng.random() < 0.5
    ridge = eaves - rng.uniform(70, 105)
    sheet.box(x, eaves, width, ground - eaves, wall)
    if gable:
        sheet.shape([(x, eaves), (x + width / 2, ridge), (x + width, eaves)], wall)
        for end in (x - 10, x + width + 10):
            sheet.line([(end, eaves + 8), (x + width / 2, ridge - 4)], roof, 16)
    else:
        spots = [(x - 8, eaves), (x + 14, ridge), (x + width - 14, ridge), (x + width + 8, eaves)]
        sheet.shape(spots, roof)
        sheet.box(x + width * 0.66, ridge - 24, 20, 50, roof)
    if rng.random() < 0.45:
        _timber(sheet, light, x, eaves, width)
    for column in range(2 if width < 180 else 3):
        wx = x + width * (column + 0.5) / (2 if width < 180 else 3) - 17
        lit = light is not NIGHT or rng.random() < 0.4
        for wy in (eaves + 22, eaves + 104):
            _window(sheet, light, wx, wy, lit=lit)
    sheet.box(x + width * 0.12, ground - 66, 36, 66, roof, round_by=4)


def _timber(sheet: Sheet, light: Light, x: float, eaves: float, width: float) -> None:
    for y in (eaves + 6, eaves + 82):
        sheet.line([(x + 3, y), (x + width - 3, y)], light.timber, 7)
    for part in (0.02, 0.34, 0.66, 0.98):
        sheet.line([(x + width * part, eaves + 6), (x + width * part, eaves + 82)], light.timber, 7)
    for start, end in ((0.02, 0.16), (0.98, 0.84)):
        spots = [(x + width * start, eaves + 82), (x + width * end, eaves + 10)]
        sheet.line(spots, light.timber, 6)


def _window(sheet: Sheet, light: Light, x: float, y: float, *, lit: bool) -> None:
    pane = light.window if lit else "#3b456a"
    frame = "#ffffff" if light is not NIGHT else "#4a5478"
    sheet.box(x - 4, y - 4, 42, 54, frame, round_by=3)
    sheet.box(x, y, 34, 46, pane, round_by=2)
    sheet.line([(x + 17, y), (x + 17, y + 46)], frame, 3)
    sheet.line([(x, y + 20), (x + 34, y + 20)], frame, 3)


def _tree(sheet: Sheet, x: float, y: float, light: Light, *, size: float = 1) -> None:
    """Standing at (x, y)."""
    sheet.box(x - 9 * size, y - 120 * size, 18 * size, 120 * size, light.trunk)
    for dx, dy, r in ((-44, -140, 52), (44, -146, 50), (0, -190, 64), (0, -130, 56)):
        sheet.dot(x + dx * size, y + dy * size, r * size, light.green_dark)
    for dx, dy, r in ((-52, -158, 30), (14, -210, 36), (52, -164, 24)):
        sheet.dot(x + dx * size, y + dy * size, r * size, light.green)


def _blob(
    rng: Random, x: float, y: float, rx: float, ry: float, *, rough: float = 0.16
) -> list[Spot]:
    """An uneven round outline."""
    count = 22
    spots = []
    for step in range(count):
        angle = 2 * math.pi * step / count
        reach = 1 + rng.uniform(-rough, rough)
        spots.append((x + rx * reach * math.cos(angle), y + ry * reach * math.sin(angle)))
    return spots


def _leaves(sheet: Sheet, rng: Random, x: float, y: float, spread: float, count: int) -> None:
    for _ in range(count):
        lx, ly = x + rng.gauss(0, spread), y + rng.gauss(0, spread / 4)
        tint = rng.choice(("#c9893a", "#b5652f", "#d9ad4b", "#8f7a3c"))
        sheet.oval(lx, ly, rng.uniform(7, 13), rng.uniform(4, 7), tint)


def _beacon(sheet: Sheet, x: float, y: float) -> None:
    """A red and white traffic cone standing at (x, y)."""
    sheet.shade(x + 6, y, 46, 10)
    sheet.box(x - 40, y - 10, 80, 14, "#c7502f", round_by=5)
    sheet.shape([(x - 26, y - 8), (x - 7, y - 96), (x + 7, y - 96), (x + 26, y - 8)], "#e2623a")
    sheet.shape([(x - 20, y - 36), (x - 15, y - 58), (x + 15, y - 58), (x + 20, y - 36)], "#f7f3ea")


# ── Scenes ───────────────────────────────────────────────────────────────────────────────────
def pothole(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light)
    for start in range(-60, WIDTH, 260):
        spots = [(start, 862), (start + 130, 862), (start + 118, 878), (start - 12, 878)]
        sheet.shape(spots, light.line)
    x, y = rng.uniform(430, 760), rng.uniform(722, 752)
    for _ in range(7):
        angle = rng.uniform(0, 2 * math.pi)
        crack: list[Spot] = [(x + 150 * math.cos(angle), y + 48 * math.sin(angle))]
        for reach in (1.3, 1.65):
            bend = angle + rng.uniform(-0.3, 0.3)
            crack.append((x + 160 * reach * math.cos(bend), y + 52 * reach * math.sin(bend)))
        sheet.line(crack, light.road_dark, 4)
    sheet.shape(_blob(rng, x, y, 196, 66), light.road_dark)
    sheet.shape(_blob(rng, x + 4, y + 8, 168, 52), "#4b4a4c")
    sheet.shape(_blob(rng, x + 8, y + 18, 140, 38), "#3a393d")
    sheet.oval(x + 12, y + 26, 104, 22, "#8fa9bb" if light is not EVENING else "#d8b99c")
    sheet.oval(x - 14, y + 22, 38, 6, "#c9dae4")
    for _ in range(16):
        angle = rng.uniform(0, 2 * math.pi)
        size = rng.uniform(5, 12)
        spot = (x + 222 * math.cos(angle), y + 76 * math.sin(angle))
        sheet.shape(_blob(rng, *spot, size, size * 0.7), "#55565b")
    if rng.random() < 0.5:
        _beacon(sheet, x + rng.choice((-300, 290)), y + 30)
    return sheet


def pavement(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light)
    sheet.box(0, 560, WIDTH, 340, light.pavement)
    for row in range(5):
        y = 560 + row * 70
        sheet.line([(0, y), (WIDTH, y)], light.kerb, 4)
        for column in range(-1, 9):
            joint = column * 160 + (80 if row % 2 else 0)
            sheet.line([(joint, y), (joint - 14, y + 70)], light.kerb, 4)
    x = rng.uniform(560, 820)
    _tree(sheet, x + 210, 610, light, size=1.7)
    for bend in (-0.5, 0.1, 0.6):
        spots = [(x + 200, 604), (x + 90, 650 + 60 * bend), (x - 70, 690 + 120 * bend)]
        sheet.line(spots, light.trunk, 18)
    for dx, dy, tilt in ((-120, 690, -18), (40, 724, 22), (-40, 790, 12)):
        spots = [
            (x + dx, dy + tilt),
            (x + dx + 150, dy - tilt),
            (x + dx + 138, dy + 58 - tilt),
            (x + dx - 14, dy + 58 + tilt),
        ]
        sheet.shape([(sx + 6, sy + 16) for sx, sy in spots], "#5f584e")
        sheet.shape(spots, "#e6e0d4")
    return sheet


def lamp(rng: Random) -> Sheet:
    sheet = _street(rng, NIGHT)
    out = rng.choice((0, 1, 2))
    for number, x in enumerate((190, 600, 1010)):
        top = 130
        sheet.line([(x, KERB - 10), (x, top)], "#0e1428", 12)
        sheet.line([(x, top), (x + 66, top - 10)], "#0e1428", 10)
        sheet.box(x - 14, KERB - 60, 28, 54, "#0e1428", round_by=4)
        if number == out:
            sheet.box(x + 52, top - 18, 56, 18, "#38416a", round_by=8)
            continue
        cone = [(x + 60, top), (x + 104, top), (x + 250, KERB + 60), (x - 90, KERB + 60)]
        sheet.glow(cone, "#f7dc8c", 0.3)
        sheet.glow(_blob(rng, x + 80, KERB + 60, 170, 34, rough=0.0), "#f7dc8c", 0.3)
        sheet.box(x + 52, top - 18, 56, 18, "#ffeeb0", round_by=8)
    x = (190, 600, 1010)[out]
    sheet.box(x - 19, 430, 38, 24, "#e9ebf4", round_by=4)
    for row in range(2):
        sheet.line([(x - 10, 438 + row * 8), (x + 10, 438 + row * 8)], BRAND, 2)
    if rng.random() < 0.6:
        _cat(sheet, x + rng.choice((-110, 120)), KERB - 2)
    return sheet


def _cat(sheet: Sheet, x: float, y: float) -> None:
    fur = "#0b1022"
    sheet.oval(x, y - 22, 20, 26, fur)
    sheet.dot(x, y - 54, 17, fur)
    sheet.shape([(x - 17, y - 58), (x - 13, y - 80), (x - 2, y - 66)], fur)
    sheet.shape([(x + 17, y - 58), (x + 13, y - 80), (x + 2, y - 66)], fur)
    sheet.line([(x + 16, y - 6), (x + 40, y - 14), (x + 44, y - 38)], fur, 7)
    for dx in (-6, 7):
        sheet.dot(x + dx, y - 55, 3, "#f2cf74")


def signal(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light)
    for stripe in range(6):
        left = 470 + stripe * 105
        spots = [(left, 612), (left + 62, 612), (left + 20, 900), (left - 62, 900)]
        sheet.shape(spots, light.line)
    x = rng.uniform(240, 360)
    sheet.shade(x, KERB + 4, 70, 12)
    sheet.line([(x, KERB), (x, 180)], "#50555e", 16)
    sheet.box(x - 50, 96, 100, 262, "#2b2f36", round_by=22)
    lit = rng.choice((None, 1))
    for number, colour in enumerate(("#e0523f", WARNING, "#4fae6b")):
        y = 142 + number * 84
        sheet.dot(x, y, 32, "#1d2025")
        sheet.dot(x, y, 27, colour if number == lit else "#3c4148")
        sheet.arc(x, y - 4, 34, 200, 340, "#14171b", 7)
    sheet.box(x - 24, 430, 48, 62, WARNING, round_by=8)
    sheet.dot(x, 466, 11, "#2b2f36")
    sheet.line([(x + 20, 488), (x + 30, 516), (x + 16, 540)], "#2b2f36", 4)
    return sheet


def sign_stop(rng: Random) -> Sheet:
    return _sign(rng, "stop")


def sign_thirty(rng: Random) -> Sheet:
    return _sign(rng, "thirty")


def sign_name(rng: Random) -> Sheet:
    return _sign(rng, "name")


def _sign(rng: Random, kind: str) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light, houses=rng.random() < 0.6)
    foot, lean = rng.uniform(440, 620), rng.choice((-1, 1)) * rng.uniform(110, 190)
    bend = (foot + lean * 0.1, 470)
    tip = (foot + lean, 190)
    sheet.shade(foot, KERB - 8, 60, 12)
    sheet.line([(foot, KERB - 10), bend, tip], "#8a9097", 16)
    x, y = tip
    if kind == "name":
        turn = 26 if lean > 0 else -26
        for grow, colour in ((0, "#ffffff"), (9, BRAND)):
            spots = [
                (x - 170 + grow, y - 40 - turn + grow),
                (x + 170 - grow, y - 40 + turn + grow),
                (x + 170 - grow, y + 40 + turn - grow),
                (x - 170 + grow, y + 40 - turn - grow),
            ]
            sheet.shape(spots, colour)
        for part, width in ((-0.72, 0.3), (-0.3, 0.5), (0.34, 0.36)):
            row = y + turn * part
            sheet.line([(x + 150 * part, row), (x + 150 * (part + width), row)], "#ffffff", 15)
        return sheet
    if kind == "stop":
        angles = [math.radians(22.5 + 45 * step + lean / 9) for step in range(8)]
        sheet.shape([(x + 112 * math.cos(a), y + 112 * math.sin(a)) for a in angles], "#ffffff")
        sheet.shape([(x + 102 * math.cos(a), y + 102 * math.sin(a)) for a in angles], "#c23b2e")
        sheet.line([(x - 58, y - lean / 12), (x + 58, y + lean / 12)], "#ffffff", 26)
        return sheet
    sheet.dot(x, y, 108, "#c23b2e")
    sheet.dot(x, y, 80, "#ffffff")
    for dx in (-34, 34):
        sheet.arc(x + dx, y - 18, 24, 200, 90, "#23262d", 13)
        sheet.arc(x + dx, y + 22, 24, 270, 160, "#23262d", 13)
    sheet.box(x + 2, y - 52, 64, 104, "#ffffff")
    sheet.ring(x + 34, y, 28, 46, "#23262d", 13)
    return sheet


def waste(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light, houses=rng.random() < 0.4)
    x = rng.uniform(480, 720)
    sheet.shade(x, 706, 330, 34, 0.25)
    _tyre(sheet, x + 250, 660)
    _tyre(sheet, x + 232, 604)
    bags = ("#2f3f6b", "#3d4048", "#e0c24c", "#31496f", "#4a4d55")
    for dx, dy, r in (
        (-210, 640, 74),
        (-90, 628, 92),
        (60, 632, 84),
        (150, 654, 62),
        (-30, 560, 70),
    ):
        _bag(sheet, x + dx, dy, r * rng.uniform(0.9, 1.08), rng.choice(bags))
    sheet.shape([(x - 330, 640), (x - 220, 628), (x - 208, 706), (x - 320, 716)], "#b98d5c")
    sheet.shape([(x - 330, 640), (x - 350, 606), (x - 268, 600), (x - 270, 634)], "#cda575")
    for _ in range(9):
        px, py = x + rng.gauss(0, 250), rng.uniform(716, 770)
        sheet.shape(
            _blob(rng, px, py, 18, 9, rough=0.4), rng.choice(("#f3efe4", "#d6e1e8", "#e9c7a3"))
        )
    return sheet


def _bag(sheet: Sheet, x: float, y: float, r: float, colour: Colour) -> None:
    sheet.oval(x, y + r * 0.15, r, r * 0.88, colour)
    sheet.shape(
        [(x - r * 0.2, y - r * 0.64), (x, y - r * 1.02), (x + r * 0.24, y - r * 0.62)], colour
    )
    sheet.shape(
        [
            (x - r * 0.3, y - r * 1.1),
            (x, y - r * 0.84),
            (x + r * 0.32, y - r * 1.06),
            (x, y - r * 0.7),
        ],
        colour,
    )
    sheet.arc(x - r * 0.12, y + r * 0.1, r * 0.62, 170, 250, "#ffffff", max(3, r * 0.05))


def _tyre(sheet: Sheet, x: float, y: float) -> None:
    sheet.oval(x, y + 10, 92, 44, "#202327")
    sheet.oval(x, y, 92, 42, "#34383e")
    sheet.oval(x, y - 2, 46, 19, "#17191c")


def bin_(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light, houses=rng.random() < 0.5)
    x = rng.uniform(460, 740)
    sheet.shade(x, 762, 150, 20, 0.25)
    for dx, dy, tint in (
        (-66, 372, "#e9e3d3"),
        (-18, 348, "#c85a44"),
        (40, 356, "#f2efe6"),
        (78, 380, "#6f9ab5"),
    ):
        sheet.shape(_blob(rng, x + dx, dy, 46, 40, rough=0.25), tint)
    _bottle(sheet, x + 20, 330, "#5f9465")
    sheet.shape([(x - 112, 398), (x + 112, 398), (x + 92, 760), (x - 92, 760)], "#3f6b52")
    sheet.box(x - 122, 384, 244, 34, "#35594a", round_by=10)
    for part in (-0.5, 0, 0.5):
        sheet.line([(x + 112 * part, 440), (x + 92 * part, 736)], "#35594a", 8)
    sheet.box(x - 46, 500, 92, 84, "#f4f1e8", round_by=8)
    sheet.shape([(x - 22, 528), (x + 22, 528), (x + 16, 570), (x - 16, 570)], "#3f6b52")
    for side in (-1, 1):
        for _ in range(3):
            px = x + side * rng.uniform(150, 330)
            py = rng.uniform(720, 800)
            sheet.shape(
                _blob(rng, px, py, 32, 15, rough=0.35),
                rng.choice(("#f3efe4", "#dfe6ea", "#e4b98f")),
            )
    _cup(sheet, x - 220, 760)
    sheet.oval(x + 250, 790, 46, 13, "#5f9465")
    return sheet


def _bottle(sheet: Sheet, x: float, y: float, colour: Colour) -> None:
    sheet.box(x - 20, y - 40, 40, 96, colour, round_by=12)
    sheet.box(x - 8, y - 84, 16, 54, colour, round_by=6)
    sheet.box(x - 20, y - 14, 40, 34, "#f4f1e8")


def _cup(sheet: Sheet, x: float, y: float) -> None:
    sheet.shape([(x - 30, y - 64), (x + 30, y - 64), (x + 20, y), (x - 20, y)], "#f7f4ec")
    sheet.shape([(x - 26, y - 40), (x + 26, y - 40), (x + 23, y - 18), (x - 23, y - 18)], "#a8714c")
    sheet.box(x - 35, y - 74, 70, 13, "#4b4039", round_by=5)


def sofa(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light)
    x = rng.uniform(460, 640)
    cloth, dark = rng.choice(
        (("#a8483f", "#8d3a34"), ("#4f7a78", "#3f6564"), ("#c08a3e", "#a37331"))
    )
    sheet.shade(x + 40, 694, 380, 30, 0.25)
    sheet.shape([(x + 250, 330), (x + 400, 352), (x + 372, 690), (x + 222, 680)], "#efe9dc")
    for row in range(4):
        y = 390 + row * 74
        sheet.line([(x + 250 - row * 6, y), (x + 392 - row * 6, y + 16)], "#d5ccb9", 5)
    sheet.box(x - 250, 470, 480, 150, dark, round_by=34)
    sheet.box(x - 224, 492, 214, 120, cloth, round_by=22)
    sheet.box(x - 4, 492, 214, 120, cloth, round_by=22)
    sheet.box(x - 236, 586, 450, 70, cloth, round_by=22)
    sheet.line([(x - 12, 596), (x - 12, 648)], dark, 5)
    for side in (-290, 192):
        sheet.box(x + side, 530, 84, 134, dark, round_by=30)
    for side in (-246, 196):
        sheet.box(x + side, 656, 26, 32, "#4c3a2c")
    sheet.box(x - 190, 560, 96, 62, "#e4c66a", round_by=16)
    sheet.line([(x - 396, 690), (x - 396, 470)], "#5a5147", 8)
    sheet.oval(x - 396, 690, 52, 12, "#5a5147")
    sheet.shape([(x - 452, 480), (x - 424, 390), (x - 366, 390), (x - 340, 480)], "#e8d9b0")
    return sheet


def graffiti(rng: Random) -> Sheet:
    sheet = _wall(rng)
    _scribble(sheet, rng, 130, 430)
    _scribble(sheet, rng, 640, 400)
    return sheet


def fox(rng: Random) -> Sheet:
    sheet = _wall(rng)
    _fox(sheet, rng.uniform(420, 780), 440)
    return sheet


def _wall(rng: Random) -> Sheet:
    light = rng.choice((NOON, MORNING, EVENING))
    sheet = _street(rng, light)
    wall, joint = "#c9c2b6", "#b5ada0"
    sheet.box(0, 200, WIDTH, 480, wall)
    for row in range(8):
        y = 200 + row * 60
        sheet.line([(0, y), (WIDTH, y)], joint, 4)
        for column in range(9):
            x = column * 150 + (75 if row % 2 else 0)
            sheet.line([(x, y), (x, y + 60)], joint, 4)
    sheet.box(0, 176, WIDTH, 30, "#a9a195")
    sheet.box(0, 680, WIDTH, 90, light.pavement)
    sheet.box(0, 770, WIDTH, 130, light.road)
    return sheet


def _fox(sheet: Sheet, x: float, y: float) -> None:
    orange, dark = "#dd7a34", "#b85c22"
    sheet.shape([(x - 150, y - 150), (x - 120, y - 10), (x - 20, y - 70)], orange)
    sheet.shape([(x + 150, y - 150), (x + 120, y - 10), (x + 20, y - 70)], orange)
    sheet.shape([(x - 136, y - 116), (x - 112, y - 40), (x - 66, y - 62)], dark)
    sheet.shape([(x + 136, y - 116), (x + 112, y - 40), (x + 66, y - 62)], dark)
    sheet.shape([(x - 130, y - 30), (x, y - 84), (x + 130, y - 30), (x, y + 160)], orange)
    sheet.shape([(x - 130, y - 30), (x - 36, y + 20), (x, y + 160)], "#f6ecdc")
    sheet.shape([(x + 130, y - 30), (x + 36, y + 20), (x, y + 160)], "#f6ecdc")
    for side in (-50, 50):
        sheet.oval(x + side, y + 4, 15, 18, "#2a2520")
        sheet.dot(x + side + 5, y - 3, 5, "#ffffff")
    sheet.oval(x, y + 148, 22, 16, "#2a2520")
    for dx in (-250, 230):
        sheet.line(
            [(x + dx, y + 170), (x + dx + 30, y + 120), (x + dx + 60, y + 170)], "#3c7a8c", 14
        )


def _scribble(sheet: Sheet, rng: Random, x: float, y: float) -> None:
    colour = rng.choice(("#b3317a", "#2b6cb0", "#238a5a", "#d1482f"))
    spots: list[Spot] = []
    for step in range(60):
        across = step / 59
        spots.append(
            (
                x + across * 400 + 60 * math.sin(step / 2.1),
                y + 90 * math.sin(step / 3.1) + 34 * math.cos(step / 1.3),
            )
        )
    sheet.line([(sx + 8, sy + 8) for sx, sy in spots], "#8f877b", 24)
    sheet.line(spots, colour, 22)
    for _ in range(5):
        px, py = rng.choice(spots)
        sheet.line([(px, py), (px, py + rng.uniform(40, 100))], colour, 7)


def hedge(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light)
    sheet.box(0, 640, WIDTH, 20, light.kerb)
    sheet.box(0, 500, WIDTH, 150, light.pavement)
    end = rng.uniform(700, 860)
    for tint, grow in ((light.green_dark, 0.0), (light.green, -34.0)):
        for step in range(46):
            x = step / 45 * end
            y = 420 + 60 * math.sin(step / 3.4) + rng.uniform(-16, 16)
            sheet.dot(x, y - grow * 0.4, 92 + grow + rng.uniform(-8, 8), tint)
    for step in range(18):
        x = step / 17 * end
        sheet.dot(x, 560 + rng.uniform(-20, 40), 62, light.green_dark)
    for _ in range(16):
        x, y = rng.uniform(0, end), rng.uniform(350, 600)
        sheet.line([(x, y), (x + 16, y - 14)], light.green, 6)
    _pram(sheet, end + 170, 660)
    return sheet


def _pram(sheet: Sheet, x: float, y: float) -> None:
    sheet.shade(x, y, 100, 12)
    sheet.line([(x + 66, y - 96), (x + 128, y - 168)], "#3b4048", 9)
    sheet.shape([(x - 84, y - 130), (x + 76, y - 130), (x + 52, y - 56), (x - 60, y - 56)], BRAND)
    sheet.shape(
        [(x - 84, y - 130), (x - 70, y - 206), (x - 10, y - 214), (x + 4, y - 130)], "#3557bf"
    )
    for dx in (-52, 48):
        sheet.line([(x + dx, y - 60), (x + dx, y - 28)], "#3b4048", 7)
        sheet.ring(x + dx, y - 28, 30, 30, "#3b4048", 9)


def branch(rng: Random) -> Sheet:
    light = rng.choice((NOON, MORNING, EVENING))
    sheet = _street(rng, light, houses=False)
    _tree(sheet, rng.uniform(120, 260), KERB - 20, light, size=2.0)
    x, y = rng.uniform(520, 640), 742
    sheet.shade(x + 90, y + 30, 400, 34, 0.25)
    sheet.line([(x - 270, y + 10), (x, y), (x + 330, y - 46)], light.trunk, 40)
    sheet.oval(x - 284, y + 10, 16, 24, "#d9b98c")
    for sx, sy, ex, ey in (
        (x - 60, y, x + 20, y - 150),
        (x + 110, y - 14, x + 250, y - 180),
        (x + 200, y - 26, x + 330, y + 60),
        (x + 40, y, x + 140, y + 74),
    ):
        sheet.line([(sx, sy), (ex, ey)], light.trunk, 18)
        for _ in range(9):
            lx, ly = ex + rng.gauss(0, 52), ey + rng.gauss(0, 34)
            sheet.dot(lx, ly, rng.uniform(22, 38), rng.choice((light.green, light.green_dark)))
    for _ in range(8):
        lx, ly = x + 340 + rng.gauss(0, 60), y - 52 + rng.gauss(0, 40)
        sheet.dot(lx, ly, rng.uniform(26, 42), rng.choice((light.green, light.green_dark)))
    _leaves(sheet, rng, x + 60, 820, 240, 16)
    return sheet


def swing(rng: Random) -> Sheet:
    light = rng.choice((NOON, EVENING, MORNING))
    sheet = _street(rng, light, houses=False)
    sheet.box(0, 510, WIDTH, 390, light.green)
    sheet.oval(600, 790, 470, 96, "#e3cf9f")
    left, right, top = 270, 930, 230
    frame = rng.choice(("#c9513c", BRAND, "#d99a2b"))
    for x, side in ((left, -1), (right, 1)):
        sheet.line([(x, top), (x + side * 80, 790)], frame, 22)
        sheet.line([(x, top), (x - side * 40, 770)], frame, 22)
    sheet.line([(left - 16, top), (right + 16, top)], frame, 24)
    for x in (420, 500):
        sheet.line([(x, top), (x, 640)], "#6d7278", 5)
    sheet.box(404, 636, 112, 20, "#4a3b30", round_by=8)
    sheet.line([(700, top), (700, 706)], "#6d7278", 5)
    sheet.line([(780, top), (786, 330), (770, 372)], "#6d7278", 5)
    sheet.shape([(688, 700), (708, 694), (756, 792), (736, 800)], "#4a3b30")
    sheet.line([(748, 790), (800, 812), (850, 800)], "#6d7278", 5)
    return sheet


def bench(rng: Random) -> Sheet:
    light = rng.choice((NOON, EVENING, MORNING))
    sheet = _street(rng, light, houses=False)
    sheet.box(0, 510, WIDTH, 390, light.green)
    sheet.shape([(0, 700), (WIDTH, 660), (WIDTH, 900), (0, 900)], light.pavement)
    _tree(sheet, rng.uniform(930, 1050), 620, light, size=1.6)
    x = rng.uniform(420, 600)
    sheet.shade(x, 772, 320, 26, 0.25)
    wood = rng.choice(("#a5703f", "#8a5a34", "#5f7a52"))
    for side in (-230, 230):
        sheet.line([(x + side, 770), (x + side, 470)], "#3d4047", 20)
        sheet.line([(x + side - 40, 770), (x + side - 30, 650), (x + side, 640)], "#3d4047", 16)
    sheet.box(x - 280, 470, 560, 34, wood, round_by=6)
    sheet.shape([(x - 280, 528), (x - 60, 528), (x - 84, 544), (x - 50, 562), (x - 280, 562)], wood)
    sheet.shape(
        [(x + 96, 528), (x + 280, 528), (x + 280, 562), (x + 80, 562), (x + 112, 546)], wood
    )
    sheet.box(x - 290, 636, 580, 30, wood, round_by=6)
    sheet.shape([(x - 70, 806), (x + 150, 780), (x + 156, 810), (x - 64, 836)], wood)
    return sheet


def drain(rng: Random) -> Sheet:
    light = rng.choice((NOON, MORNING))
    sheet = _street(rng, light)
    x = rng.uniform(460, 720)
    sheet.shape(_blob(rng, x, 726, 430, 84, rough=0.08), "#8ea6b6")
    sheet.shape(_blob(rng, x - 20, 734, 360, 62, rough=0.08), "#a3bac8")
    sheet.shape([(x - 130, 640), (x + 130, 640), (x + 156, 740), (x - 156, 740)], "#3f434a")
    for slot in range(7):
        sx = x - 108 + slot * 36
        tilt = (sx - x) * 0.14
        sheet.line([(sx, 658), (sx + tilt, 722)], "#1f2226", 14)
    _leaves(sheet, rng, x, 694, 100, 46)
    for radius in (54, 92):
        sheet.arc(x + 250, 770, radius, 200, 330, "#c9dae4", 4)
    for _ in range(26):
        rx, ry = rng.uniform(0, WIDTH), rng.uniform(0, 560)
        sheet.line([(rx, ry), (rx - 8, ry + 30)], "#b7c9d6", 3)
    return sheet


def manhole(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light)
    x, y = rng.uniform(420, 620), 740
    sheet.oval(x, y, 190, 78, light.road_dark)
    sheet.oval(x, y, 168, 66, "#8c8f94")
    sheet.oval(x, y + 4, 150, 56, "#16181c")
    sheet.oval(x, y + 22, 118, 34, "#0a0b0d")
    for rung in range(2):
        sheet.line([(x - 60, y + 4 + rung * 22), (x + 20, y + 4 + rung * 22)], "#5a5e64", 7)
    cx, cy = x + 320, y + 40
    sheet.shade(cx, cy + 22, 176, 60, 0.3)
    sheet.oval(cx, cy + 12, 166, 64, "#3d4147")
    sheet.oval(cx, cy, 166, 64, "#666b72")
    sheet.oval(cx, cy, 140, 52, "#565b62")
    for step in range(-3, 4):
        sheet.line([(cx + step * 34 - 12, cy), (cx + step * 34 + 12, cy)], "#757b83", 8)
    _beacon(sheet, x - 250, y + 40)
    return sheet


def bridge(rng: Random) -> Sheet:
    light = rng.choice((NOON, EVENING, MORNING))
    sheet = _street(rng, light, houses=False)
    sheet.box(0, 500, WIDTH, 400, light.green)
    sheet.shape([(0, 700), (WIDTH, 660), (WIDTH, 840), (0, 880)], "#7fa5b8")
    for _ in range(12):
        x, y = rng.uniform(0, WIDTH), rng.uniform(720, 840)
        sheet.line([(x, y), (x + rng.uniform(40, 110), y - 4)], "#a9c6d3", 5)
    wood, dark = "#9a6b42", "#7a5233"
    sheet.shape([(120, 600), (1080, 600), (1140, 690), (60, 690)], dark)
    gap = rng.choice((4, 5, 7))
    for plank in range(12):
        if plank == gap:
            continue
        x = 124 + plank * 80
        spread = (x - 600) * 0.12
        sheet.shape([(x, 602), (x + 70, 602), (x + 76 + spread, 680), (x + spread, 680)], wood)
    for x in (130, 360, 600, 840, 1070):
        sheet.line([(x, 612), (x, 440)], dark, 18)
    sheet.line([(130, 452), (840, 452)], wood, 18)
    sheet.line([(130, 520), (600, 520)], wood, 14)
    sheet.line([(840, 520), (1070, 520)], wood, 14)
    sheet.line([(840, 452), (930, 500), (990, 640)], wood, 16)
    return sheet


def fountain(rng: Random) -> Sheet:
    light = rng.choice((NOON, MORNING, EVENING))
    sheet = _street(rng, light)
    sheet.box(0, 510, WIDTH, 390, light.pavement)
    for row in range(6):
        for column in range(14):
            cobble = column * 96 + (48 if row % 2 else 0)
            sheet.arc(cobble, 600 + row * 60, 48, 200, 340, light.kerb, 4)
    x = rng.uniform(540, 660)
    stone, dark = "#c3b49c", "#a3947c"
    sheet.shade(x, 800, 400, 44, 0.25)
    sheet.oval(x, 780, 360, 72, dark)
    sheet.shape([(x - 360, 700), (x + 360, 700), (x + 348, 780), (x - 348, 780)], dark)
    sheet.oval(x, 700, 360, 72, stone)
    sheet.oval(x, 704, 316, 56, "#6f8f4e")
    for _ in range(14):
        sheet.oval(x + rng.gauss(0, 140), 704 + rng.gauss(0, 20), 30, 9, "#87a75f")
    sheet.box(x - 34, 360, 68, 350, stone, round_by=12)
    sheet.oval(x, 520, 150, 34, dark)
    sheet.oval(x, 508, 150, 34, stone)
    sheet.box(x - 54, 330, 108, 44, dark, round_by=12)
    sheet.dot(x, 300, 42, stone)
    sheet.line([(x + 30, 440), (x + 80, 446)], "#5b5f66", 14)
    return sheet


def wreck(rng: Random) -> Sheet:
    light = rng.choice(DAYLIGHT)
    sheet = _street(rng, light)
    x = rng.uniform(560, 640)
    body, dark = rng.choice(
        (("#b8463a", "#953830"), ("#5d7f94", "#4a6778"), ("#c9b27c", "#a8935f"))
    )
    sheet.shade(x, 788, 400, 28, 0.3)
    sheet.shape([(x - 190, 560), (x - 120, 440), (x + 130, 440), (x + 220, 560)], dark)
    sheet.shape([(x - 160, 556), (x - 104, 462), (x - 6, 462), (x - 6, 556)], "#a9c1cf")
    sheet.shape([(x + 16, 556), (x + 16, 462), (x + 118, 462), (x + 184, 556)], "#a9c1cf")
    for start, bend in (((x + 40, 470), (x + 90, 520)), ((x + 90, 520), (x + 70, 552))):
        sheet.line([start, bend], "#e8eef2", 4)
    sheet.box(x - 360, 552, 720, 168, body, round_by=46)
    sheet.box(x - 368, 676, 736, 34, dark, round_by=14)
    for dx, dy in ((-220, 720), (226, 738)):
        flat = dy > 730
        sheet.oval(x + dx, dy + 8, 84, 62 if flat else 78, "#23262b")
        sheet.dot(x + dx, dy + 2, 36, "#9aa0a7")
        sheet.dot(x + dx, dy + 2, 12, "#5b6067")
    sheet.box(x + 316, 590, 44, 34, "#f3e7b3", round_by=12)
    sheet.box(x - 362, 594, 26, 40, "#7c2a24", round_by=8)
    for _ in range(9):
        sheet.shape(_blob(rng, x + rng.uniform(-330, 330), rng.uniform(580, 700), 18, 9), "#9c6a3f")
    for dx in (-300, -120, 60, 300):
        sheet.line([(x + dx, 800), (x + dx + 8, 764)], light.green_dark, 6)
        sheet.line([(x + dx + 6, 800), (x + dx + 24, 774)], light.green, 6)
    sheet.box(x + 40, 476, 54, 40, WARNING, round_by=4)
    return sheet


SCENES: dict[str, Callable[[Random], Sheet]] = {
    "pothole": pothole,
    "pavement": pavement,
    "lamp": lamp,
    "signal": signal,
    "sign-stop": sign_stop,
    "sign-thirty": sign_thirty,
    "sign-name": sign_name,
    "waste": waste,
    "bin": bin_,
    "sofa": sofa,
    "graffiti": graffiti,
    "fox": fox,
    "hedge": hedge,
    "branch": branch,
    "swing": swing,
    "bench": bench,
    "drain": drain,
    "manhole": manhole,
    "bridge": bridge,
    "fountain": fountain,
    "wreck": wreck,
}


def draw(scene: str, rng: Random) -> Drawn:
    """The named scene. Raises KeyError for an unknown name."""
    return SCENES[scene](rng).finish()
