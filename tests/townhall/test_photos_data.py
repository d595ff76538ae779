"""Real photos: phones, malformed files, polyglots. Set AUGENMERK_DATA to run them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from townhall.photos import PhotoRefused
from townhall.photos.pool import Pool

DATA = Path(os.environ.get("AUGENMERK_DATA") or "missing") / "photos"
PHOTOS = sorted(path for path in DATA.glob("*/*") if path.is_file())
REFUSED = {
    "formats/hopper.gif": "format",
    "malformed/broken.png": "damaged",
    "malformed/corrupted.heic": "truncated",
    "malformed/decompression_bomb.gif": "format",
    "malformed/empty.heic": "empty",
    "malformed/png_decompression_dos.png": "damaged",
    "malformed/truncated_image.png": "truncated",
    "malformed/truncated_jpeg.jpg": "truncated",
    "polyglot/jpg.pdf": "format",
    "polyglot/small-invalid.jpg": "damaged",
}

pytestmark = pytest.mark.skipif(not PHOTOS, reason="AUGENMERK_DATA is not set")


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(2)
    yield made
    made.close()


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_photo_of_the_set_is_taken_or_refused_as_expected(pool: Pool, path: Path) -> None:
    photo, name = path.read_bytes(), f"{path.parent.name}/{path.name}"
    if name in REFUSED:
        with pytest.raises(PhotoRefused) as refused:
            pool.decode(io.BytesIO(photo), len(photo))
        assert refused.value.reason == REFUSED[name]
        return
    found = pool.decode(io.BytesIO(photo), len(photo))
    assert Image.open(io.BytesIO(found.full)).size == (found.width, found.height)
    assert max(found.width, found.height) <= 1600
    assert max(found.thumb_width, found.thumb_height) <= 480
    for trace in (b"Exif", b"EXIF", b"XMP", b"ICCP", b"GPS"):
        assert trace not in found.full[:64] + found.thumb[:64]


@pytest.mark.parametrize("orientation", range(2, 9))
def test_all_orientations_of_one_scene_look_alike(pool: Pool, orientation: int) -> None:
    def thumb(number: int) -> Image.Image:
        photo = (DATA / "orientation" / f"portrait_{number}.jpg").read_bytes()
        found = pool.decode(io.BytesIO(photo), len(photo))
        return Image.open(io.BytesIO(found.thumb)).convert("L").resize((12, 16))

    pairs = zip(thumb(1).tobytes(), thumb(orientation).tobytes(), strict=True)
    assert sum(abs(a - b) for a, b in pairs) / (12 * 16) < 12
