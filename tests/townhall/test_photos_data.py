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


TAKEN_AT = {
    "gps/DSCN0010.jpg": (43.46745, 11.88513),
    "gps/DSCN0012.jpg": (43.46716, 11.88539),
    "gps/DSCN0021.jpg": (43.46708, 11.88454),
    "gps/DSCN0025.jpg": (43.46836, 11.88163),
    "gps/DSCN0027.jpg": (43.46844, 11.88152),
    "heic/xiaomi.heic": (47.22729, 39.69999),
    "street/potbot_bath_photo_3.jpg": (51.41439, -2.49626),
    "street/potbot_photo.jpg": (51.41409, -2.49716),
    "street/potbot_photo_1.jpg": (51.40051, -2.59926),
    "street/potbot_photo_2.jpg": (51.40092, -2.59956),
    "street/potbot_photo_4.jpg": (51.41695, -2.49327),
}


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_where_a_photo_was_taken_is_read_and_nothing_is_made_up(pool: Pool, path: Path) -> None:
    name = f"{path.parent.name}/{path.name}"
    if name in REFUSED:
        pytest.skip("refused")
    photo = path.read_bytes()
    position = pool.decode(io.BytesIO(photo), len(photo)).position
    told = position and (round(position.y, 5), round(position.x, 5))
    assert told == TAKEN_AT.get(name)


def test_of_a_song_in_a_photo_nothing_stays(pool: Pool) -> None:
    photo = (DATA / "polyglot" / "jpgmp3.mp3").read_bytes()
    found = pool.decode(io.BytesIO(photo), len(photo))
    pieces = {photo[at : at + 16] for at in range(0, len(photo) - 16, 16)}
    assert not any(piece in found.full + found.thumb for piece in pieces if len(set(piece)) > 4)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_all_orientations_of_one_scene_look_alike(pool: Pool, orientation: int) -> None:
    def thumb(number: int) -> Image.Image:
        photo = (DATA / "orientation" / f"portrait_{number}.jpg").read_bytes()
        found = pool.decode(io.BytesIO(photo), len(photo))
        return Image.open(io.BytesIO(found.thumb)).convert("L").resize((12, 16))

    pairs = zip(thumb(1).tobytes(), thumb(orientation).tobytes(), strict=True)
    assert sum(abs(a - b) for a, b in pairs) / (12 * 16) < 12
