"""No photo takes more than 300 MB or 5 s; what would need more is refused in a sentence."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.townhall import pictures
from townhall.photos import PhotoRefused, decoder
from townhall.photos.pool import Decoded, Pool

MOST = 300_000_000  # bytes in use


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(1)
    yield made
    made.close()


def decoded(pool: Pool, photo: bytes) -> Decoded:
    return pool.decode(io.BytesIO(photo), len(photo))


def peak(pool: Pool) -> int:
    """The most that the decoder ever had in use, bytes."""
    (child,) = pool._idle
    status = Path(f"/proc/{child.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def reason(pool: Pool, photo: bytes) -> str:
    with pytest.raises(PhotoRefused) as refused:
        decoded(pool, photo)
    return refused.value.reason


def test_a_png_of_64_megapixels_is_opened_in_strips(pool: Pool) -> None:
    started = time.monotonic()
    found = decoded(pool, pictures.encoded(Image.new("L", (8000, 8000)), "PNG", compress_level=1))
    assert (found.width, found.height) == (1600, 1600)
    assert found.colour == "#000000"
    assert peak(pool) < MOST
    assert time.monotonic() - started < 60  # alone: 2 s


def test_a_progressive_photo_that_needs_too_much_memory_is_refused(pool: Pool) -> None:
    """It can't be decoded small: all of it must be there before the first pixel is."""
    photo = pictures.encoded(Image.new("L", (12_000, 9000)), progressive=True, quality=10)
    assert reason(pool, photo) == "pixels"


# ── Big ones, bit by bit: the same code with smaller numbers ─────────────────────────────────
@pytest.fixture
def small_is_big(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of 1,000 px are taken as those of 12 MP are, in strips of a few rows."""
    monkeypatch.setattr(decoder, "BIG", 1000)
    monkeypatch.setattr(decoder, "FULL", 100)
    monkeypatch.setattr(decoder, "STRIP_BYTES", 9000)
    monkeypatch.setattr(decoder, "LIBWEBP", decoder.libwebp())


@pytest.mark.usefixtures("small_is_big")
@pytest.mark.parametrize(
    ("fmt", "mode", "options"),
    [
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "P", {}),
        ("PNG", "I;16", {}),  # not in strips
        ("WEBP", "RGB", {"quality": 80}),
        ("WEBP", "RGB", {"lossless": True}),
        ("WEBP", "RGBA", {}),
        ("HEIF", "RGB", {}),
        ("HEIF", "RGBA", {}),
    ],
)
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_big_photo_looks_as_a_small_one_would(
    monkeypatch: pytest.MonkeyPatch, fmt: str, mode: str, options: dict[str, Any], orientation: int
) -> None:
    exif = pictures.exif(orientation)
    image = pictures.held(pictures.corners(413, 321), orientation)
    image = image.convert("L").convert(mode) if mode == "I;16" else image.convert(mode)
    photo = pictures.encoded(image, fmt, exif=exif.tobytes() if fmt == "HEIF" else exif, **options)
    facts, full, _thumb = decoder.process(photo)
    assert (facts.width, facts.height) == (100, 78)
    assert facts.gps == [*pictures.GPS_NOTED]
    monkeypatch.setattr(decoder, "BIG", 10**9)
    _facts, whole, _thumb = decoder.process(photo)
    assert unlikeness(full, whole) < 3


def unlikeness(one: bytes, other: bytes) -> float:
    """Mean difference of two pictures of one size, 0 to 255."""
    pair = [Image.open(io.BytesIO(file)).convert("RGB") for file in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*pair)).mean) / 3


@pytest.mark.usefixtures("small_is_big")
@pytest.mark.parametrize("fmt", ["PNG", "WEBP", "HEIF"])
def test_a_big_photo_that_arrived_in_part_is_refused(fmt: str) -> None:
    photo = pictures.encoded(pictures.noise(), fmt)
    with pytest.raises(decoder.Refused) as refused:
        decoder.process(photo[: len(photo) * 2 // 3])
    assert refused.value.reason == "truncated"


@pytest.mark.usefixtures("small_is_big")
@pytest.mark.parametrize("fmt", ["PNG", "WEBP"])
def test_transparent_places_of_a_big_photo_become_white_paper(fmt: str) -> None:
    photo = pictures.encoded(Image.new("RGBA", (300, 200), (0, 0, 0, 0)), fmt)
    assert decoder.process(photo)[0].colour == "#ffffff"


@pytest.mark.usefixtures("small_is_big")
def test_a_big_photo_of_many_rows_that_hold_nothing_is_taken() -> None:
    facts, *_files = decoder.process(pictures.encoded(Image.new("L", (1, 4000), 90), "PNG"))
    assert (facts.width, facts.height) == (1, 100)


@pytest.mark.usefixtures("small_is_big")
def test_the_turn_of_a_png_counts_wherever_it_is_noted() -> None:
    """Some programs write it behind the picture."""
    photo = pictures.encoded(pictures.corners(), "PNG", exif=pictures.exif(6))
    at = photo.index(b"eXIf") - 4
    end = at + 12 + int.from_bytes(photo[at : at + 4], "big")
    tail = photo.index(b"IEND") - 4
    moved = photo[:at] + photo[end:tail] + photo[at:end] + photo[tail:]
    assert (decoder.process(moved)[0].width, decoder.process(moved)[0].height) == (67, 100)
