"""Areas of a photo that nobody shall see: the pixels are gone, not covered.

The picture is made anew with coarse blocks in their place, under an id of its own. So its address
is a new one, and no cache can answer with the picture as it was. docs/adr/0015-pixels-and-words.md
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID, uuid4

from django.core.files.storage import default_storage
from django.db import transaction

from townhall.models import Image

from . import pool
from .pool import Area
from .refusals import PhotoRefused
from .storing import discard, file_name, is_used, keep

MOST_AREAS = 200
GRID = 10  # fields along the longer side of the form that needs no script


def redacted(image: Image, areas: Sequence[Area], *, deadline: float | None = None) -> Image:
    """Another image, the same but for those areas of its full picture. Nothing names it yet.

    Whoever names it then gives the old one away: `discard`, after the commit. Raises PhotoRefused,
    also ("damaged") when the file is not there.
    """
    try:
        with default_storage.open(file_name(image, "full")) as file:
            photo = file.read()
    except FileNotFoundError:
        raise PhotoRefused("damaged") from None
    decoded = pool.shared().decode(io.BytesIO(photo), len(photo), areas=areas, deadline=deadline)
    with transaction.atomic():
        return keep(uuid4(), hashlib.sha256(decoded.full).hexdigest(), decoded)


def drop(image_id: UUID) -> bool:
    """Delete a photo that lies ready and that no case has taken. False: a case has it.

    What is not there counts as deleted. Whoever knows the id sent the photo. While a backup is
    made it stays until the next sweep, as nothing names it.
    """
    image = Image.objects.filter(pk=image_id).first()
    if image is None or discard(image):
        return True
    return not is_used(image)


def inline(image: Image) -> str:
    """The picture as a `data:` address, for a page that shows what has no address of its own."""
    with default_storage.open(file_name(image, "full")) as file:
        return f"data:image/webp;base64,{base64.b64encode(file.read()).decode()}"


# ── What a form says ─────────────────────────────────────────────────────────────────────────
def areas_in(fields: Mapping[str, Collection[str]], image: Image) -> list[Area]:
    """Rectangles as a form names them: `area` "left,top,width,height" in px of the full picture,
    and `field` "column,row" of the grid. What is none, or lies outside, is left out."""
    drawn = (_area(text) for text in fields.get("area", ()))
    ticked = (_cell(text, image) for text in fields.get("field", ()))
    found = (area for area in (*drawn, *ticked) if area and _is_inside(area, image))
    return list(dict.fromkeys(found))[:MOST_AREAS]


def _area(text: str) -> Area | None:
    numbers = _numbers(text, 4)
    return Area(*numbers) if numbers else None


def _cell(text: str, image: Image) -> Area | None:
    columns, rows = grid_of(image)
    place = _numbers(text, 2)
    if not place or place[0] >= columns or place[1] >= rows:
        return None
    left, right = (image.width * at // columns for at in (place[0], place[0] + 1))
    top, bottom = (image.height * at // rows for at in (place[1], place[1] + 1))
    return Area(left, top, right - left, bottom - top)


def _numbers(text: str, count: int) -> list[int]:
    parts = text.split(",")
    is_fine = all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts)
    return [int(part) for part in parts] if is_fine and len(parts) == count else []


def _is_inside(area: Area, image: Image) -> bool:
    return area.left < image.width and area.top < image.height and area.width * area.height > 0


def grid_of(image: Image) -> tuple[int, int]:
    """Columns and rows of about square fields."""
    longest = max(image.width, image.height)
    sides = (round(side * GRID / longest) for side in (image.width, image.height))
    columns, rows = (max(1, side) for side in sides)
    return columns, rows


def cells_of(image: Image, ticked: Iterable[str] = ()) -> list[list[tuple[str, bool]]]:
    """The grid's fields, row by row: name and whether it is ticked."""
    columns, rows = grid_of(image)
    chosen = set(ticked)
    return [
        [(name := f"{column},{row}", name in chosen) for column in range(columns)]
        for row in range(rows)
    ]
