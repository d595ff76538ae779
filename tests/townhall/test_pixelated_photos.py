"""„Bereich verpixeln“ on the server: what was marked is gone from every file."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import random
import statistics
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image as Pillow

from tests.townhall.pictures import encoded, telling
from townhall import photos
from townhall.models import Image
from townhall.photos import Area, decoder
from townhall.photos.pool import bare_webp_size

CASES = json.loads((Path(__file__).parent.parent / "mosaic.json").read_text(encoding="utf-8"))
AREA = Area(96, 64, 192, 128)
BLOCK = Area(152, 72, 32, 32)  # inside one of its blocks

pytestmark = pytest.mark.django_db


def secret_photo() -> bytes:
    """Grey, with a drawing of black and white squares in AREA that nobody shall see."""
    image = Pillow.new("RGB", (640, 480), (120, 120, 120))
    dice = random.Random(4)
    for x in range(AREA.left, AREA.left + AREA.width, 8):
        for y in range(AREA.top, AREA.top + AREA.height, 8):
            image.paste(dice.choice([(0, 0, 0), (255, 255, 255)]), (x, y, x + 8, y + 8))
    return encoded(image, quality=95)


@pytest.fixture
def image(media: Path) -> Image:
    return photos.stage(uuid.uuid4(), io.BytesIO(secret_photo()))


def file_of(image: Image, size: str) -> bytes:
    with default_storage.open(f"{image.folder}/{size}.webp") as file:
        return bytes(file.read())


def drawing(file: bytes, area: Area) -> float:
    """How much the squares of an area differ from each other (standard deviation, 0…127)."""
    picture = Pillow.open(io.BytesIO(file)).convert("L")
    scale = picture.width / 640
    box = (area.left, area.top, area.left + area.width, area.top + area.height)
    left, top, right, bottom = (round(side * scale) for side in box)
    size = (area.width // 8, area.height // 8)
    squares = picture.crop((left, top, right, bottom)).resize(size, Pillow.Resampling.BOX)
    return statistics.pstdev(squares.tobytes())


def test_nothing_of_what_was_marked_is_left_in_either_file(image: Image) -> None:
    new = photos.redacted(image, [AREA])

    for size in ("full", "thumb"):
        assert drawing(file_of(image, size), BLOCK) > 80
        assert drawing(file_of(new, size), BLOCK) < 2
    assert (new.width, new.height, new.thumb_width) == (640, 480, 480)


def test_a_pixelated_photo_is_another_one_with_another_address(image: Image) -> None:
    new = photos.redacted(image, [AREA])
    assert new.pk != image.pk
    assert new.folder != image.folder


def test_a_pixelated_photo_says_nothing_beside_its_picture(media: Path) -> None:
    told = photos.stage(uuid.uuid4(), io.BytesIO(telling("JPEG")))
    new = photos.redacted(told, [Area(0, 0, 60, 40)])
    for size in ("full", "thumb"):
        bare_webp_size(file_of(new, size))  # raises if there is more in it than a picture


def test_marks_beyond_the_edge_are_cut_off(image: Image) -> None:
    new = photos.redacted(image, [Area(600, 470, 4000, 4000), Area(5000, 5000, 10, 10)])
    assert (new.width, new.height) == (640, 480)


@pytest.mark.parametrize("case", CASES["areas"])
def test_blocks_are_as_coarse_as_on_the_device(case: dict[str, Any]) -> None:
    width, height = case["size"]
    image = Pillow.linear_gradient("L").convert("RGB").resize((width, height))
    decoder.pixelate(image, [(0, 0, width, height)])
    across, down = case["blocks"]
    middle = [round((n + 0.5) * height / down) for n in range(down)]
    for first, second in itertools.pairwise(middle):
        assert image.getpixel((0, first)) != image.getpixel((0, second))
    column = [image.getpixel((0, y)) for y in range(height)]
    assert len(set(column)) <= down
    assert len({image.getpixel((x, 0)) for x in range(width)}) <= across


@pytest.mark.parametrize(("value", "shade"), CASES["shades"])
def test_what_a_block_says_is_rounded(value: int, shade: int) -> None:
    image = Pillow.new("RGB", (48, 48), (value, value, value))
    decoder.pixelate(image, [(0, 0, 48, 48)])
    assert image.getpixel((24, 24)) == (shade, shade, shade)


def test_forms_name_areas_by_numbers_or_fields_of_the_grid(image: Image) -> None:
    fields = {
        "area": ["10,20,30,40", "1,2,3", "-1,2,3,4", "99999,1,1,1", "a,b,c,d", "700,1,5,5"],
        "field": ["0,0", "9,7", "10,0", "0,8", "x", ""],
    }
    assert photos.areas_in(fields, image) == [
        Area(10, 20, 30, 40),
        Area(0, 0, 64, 60),
        Area(576, 420, 64, 60),
    ]


# ── Dropping what lies ready ─────────────────────────────────────────────────────────────────
def test_a_photo_that_lies_ready_is_deleted_by_its_id(client: Client, image: Image) -> None:
    digest = hashlib.sha256(file_of(image, "full")).hexdigest()
    assert client.delete(f"/api/v1/photos/{image.pk}/").status_code == 204
    assert not Image.objects.exists()
    left = [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    assert digest not in {hashlib.sha256(path.read_bytes()).hexdigest() for path in left}
    assert client.delete(f"/api/v1/photos/{image.pk}/").status_code == 204


def test_another_site_cannot_delete_a_photo(client: Client, image: Image) -> None:
    asked = client.delete(f"/api/v1/photos/{image.pk}/", headers={"Sec-Fetch-Site": "cross-site"})
    assert asked.status_code == 403
    assert Image.objects.exists()


def test_a_photo_that_a_report_has_stays(client: Client, image: Image, make_report: Any) -> None:
    make_report(photo_ids=(image.pk,))
    assert client.delete(f"/api/v1/photos/{image.pk}/").status_code == 409
    assert Image.objects.exists()
