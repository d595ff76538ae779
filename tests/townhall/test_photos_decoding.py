"""What becomes of a stranger's picture in the decoder's process."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.townhall import pictures
from tests.townhall.pictures import BLUE, GREEN, RED, WHITE
from townhall.photos import PhotoRefused, patience, refusal_words
from townhall.photos.decoder import MEMORY
from townhall.photos.pool import ChildGone, Decoded, Pool, bare_webp_size


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(2)
    yield made
    made.close()


def decoded(pool: Pool, photo: bytes) -> Decoded:
    return pool.decode(io.BytesIO(photo), len(photo))


def reason(pool: Pool, photo: bytes) -> str:
    with pytest.raises(PhotoRefused) as refused:
        decoded(pool, photo)
    return refused.value.reason


def picture(file: bytes) -> Image.Image:
    return Image.open(io.BytesIO(file)).convert("RGB")


def is_near(image: Image.Image, at: tuple[float, float], colour: tuple[int, ...]) -> bool:
    """`at` in parts of width and height."""
    x, y = int(image.width * at[0]), int(image.height * at[1])
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return all(abs(a - b) < 24 for a, b in zip(found, colour, strict=True))


def is_upright(image: Image.Image) -> bool:
    places = {(0.25, 0.25): RED, (0.75, 0.25): GREEN, (0.25, 0.75): BLUE, (0.75, 0.75): WHITE}
    return all(is_near(image, at, colour) for at, colour in places.items())


# ── Upright, small, bare ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_phone_was_held(
    pool: Pool, fmt: str, orientation: int
) -> None:
    photo = pictures.held(pictures.corners(), orientation)
    found = decoded(pool, pictures.encoded(photo, fmt, exif=pictures.exif(orientation)))
    assert (found.width, found.height) == (120, 80)
    assert is_upright(picture(found.full))
    assert is_upright(picture(found.thumb))


def test_a_photo_from_an_iphone_is_taken(pool: Pool) -> None:
    found = decoded(pool, pictures.encoded(pictures.corners(128, 96), "HEIF"))
    assert (found.width, found.height) == (128, 96)
    assert is_upright(picture(found.full))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_iphone_photo_stands_upright(pool: Pool, orientation: int) -> None:
    photo = pictures.held(pictures.corners(128, 96), orientation)
    found = decoded(
        pool, pictures.encoded(photo, "HEIF", exif=pictures.exif(orientation).tobytes())
    )
    assert (found.width, found.height) == (128, 96)
    assert is_upright(picture(found.full))


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_nothing_about_the_person_stays_in_a_photo(pool: Pool, fmt: str) -> None:
    photo = pictures.telling(fmt)
    assert pictures.SECRET in photo
    assert b"Fairphone" in photo
    found = decoded(pool, photo)
    for file in (found.full, found.thumb):
        assert chunks(file) == [b"VP8 "]
        for trace in (pictures.SECRET, b"Fairphone", b"Exif", b"EXIF", b"XMP", b"ICCP", b"http"):
            assert trace not in file


def chunks(file: bytes) -> list[bytes]:
    """Names of the chunks of a RIFF file."""
    found, at = [], 12
    while at < len(file):
        found.append(file[at : at + 4])
        size = int.from_bytes(file[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return found


@pytest.mark.parametrize(
    ("size", "full", "thumb"),
    [
        ((4032, 3024), (1600, 1200), (480, 360)),
        ((1500, 3000), (800, 1600), (240, 480)),
        ((6000, 40), (1600, 11), (480, 3)),
        ((3, 1), (3, 1), (3, 1)),
        ((1600, 1601), (1599, 1600), (480, 480)),
    ],
)
def test_a_photo_is_at_most_1600_pixels_and_never_enlarged(
    pool: Pool, size: tuple[int, int], full: tuple[int, int], thumb: tuple[int, int]
) -> None:
    found = decoded(pool, pictures.encoded(Image.new("RGB", size, RED)))
    assert (found.width, found.height) == full == picture(found.full).size
    assert (found.thumb_width, found.thumb_height) == thumb == picture(found.thumb).size


def test_a_big_panorama_is_opened_at_an_eighth(pool: Pool) -> None:
    """144 megapixels as JPEG: refused as PNG, taken as JPEG, quickly."""
    found = decoded(pool, pictures.encoded(Image.new("L", (18000, 8000), 90), quality=30))
    assert (found.width, found.height) == (1600, 711)


def test_the_mean_colour_stands_in_while_a_photo_loads(pool: Pool) -> None:
    found = decoded(pool, pictures.encoded(Image.new("RGB", (40, 40), (200, 100, 50)), "PNG"))
    red, green, blue = bytes.fromhex(found.colour[1:])
    assert abs(red - 200) < 4
    assert abs(green - 100) < 4
    assert abs(blue - 50) < 4


# ── Colours ──────────────────────────────────────────────────────────────────────────────────
def test_transparent_places_become_white_paper(pool: Pool) -> None:
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 30, 60))
    for each in (image, image.quantize(8), image.convert("LA")):
        found = picture(decoded(pool, pictures.encoded(each, "PNG")).full)
        assert is_near(found, (0.8, 0.5), (255, 255, 255))
        assert not is_near(found, (0.2, 0.5), (255, 255, 255))


@pytest.mark.parametrize(
    ("image", "fmt"),
    [
        (Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG"),
        (Image.new("RGB", (40, 40), (255, 0, 0)).quantize(4), "PNG"),
        (Image.new("RGB", (40, 40), (255, 0, 0)), "WEBP"),
    ],
)
def test_red_stays_red(pool: Pool, image: Image.Image, fmt: str) -> None:
    found = picture(decoded(pool, pictures.encoded(image, fmt)).full)
    assert is_near(found, (0.5, 0.5), (254, 0, 0))


@pytest.mark.parametrize(
    "image",
    [
        Image.new("L", (40, 40), 128),
        Image.new("I;16", (40, 40), 128 * 257),
        Image.new("LA", (40, 40), (128, 255)),
    ],
)
def test_grey_stays_grey(pool: Pool, image: Image.Image) -> None:
    found = picture(decoded(pool, pictures.encoded(image, "PNG")).full)
    assert is_near(found, (0.5, 0.5), (128, 128, 128))


def test_black_and_white_is_taken(pool: Pool) -> None:
    found = picture(decoded(pool, pictures.encoded(Image.new("1", (40, 40), 1), "PNG")).full)
    assert is_near(found, (0.5, 0.5), (255, 255, 255))


def test_a_colour_profile_is_applied_before_it_is_dropped(pool: Pool) -> None:
    photo = pictures.encoded(
        Image.new("RGB", (40, 40), (255, 0, 0)), "PNG", icc_profile=pictures.swapped_profile()
    )
    found = picture(decoded(pool, photo).full)
    assert is_near(found, (0.5, 0.5), (0, 255, 0))


def test_a_broken_colour_profile_doesnt_matter(pool: Pool) -> None:
    photo = pictures.encoded(Image.new("RGB", (40, 40), RED), icc_profile=b"kein Profil" * 20)
    assert is_near(picture(decoded(pool, photo).full), (0.5, 0.5), RED)


def test_broken_exif_doesnt_matter(pool: Pool) -> None:
    photo = pictures.encoded(pictures.corners(), exif=b"Exif\x00\x00MM\x00*\x00\x00\xff\xff\x01")
    assert is_upright(picture(decoded(pool, photo).full))


def test_of_a_stereo_photo_the_first_picture_is_taken(pool: Pool) -> None:
    pair = pictures.encoded(
        pictures.corners(),
        "MPO",
        save_all=True,
        append_images=[Image.new("RGB", (120, 80), RED)],
    )
    assert is_upright(picture(decoded(pool, pair).full))


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_what_hides_behind_a_photo_is_gone(pool: Pool, fmt: str) -> None:
    """A file that is a photo to us and an archive, a page or a program to somebody else."""
    hidden = b"PK\x03\x04<script>" + pictures.SECRET + b"</script>%PDF-1.7"
    try:
        found = decoded(pool, pictures.encoded(pictures.corners(), fmt) + hidden)
    except PhotoRefused as refused:
        assert refused.reason in {"damaged", "truncated"}
    else:
        assert chunks(found.full) == chunks(found.thumb) == [b"VP8 "]
        for trace in (b"PK\x03\x04", b"<script>", pictures.SECRET, b"%PDF"):
            assert trace not in found.full + found.thumb


def test_a_photo_inside_another_file_is_refused(pool: Pool) -> None:
    photo = pictures.encoded(pictures.corners())
    for wrapper in (b"%PDF-1.4\n", b"<html>", b"GIF89a", b"MZ", b"\x00"):
        assert reason(pool, wrapper + photo) == "format"


def test_where_the_camera_says_it_was_is_handed_on_beside_the_picture(pool: Pool) -> None:
    for fmt in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF"):
        position = decoded(pool, pictures.telling(fmt)).position
        assert position is not None
        assert (round(position.x, 5), round(position.y, 5)) == (8.62056, 49.68111)
    assert decoded(pool, pictures.encoded(pictures.corners())).position is None


# ── Refused ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("fmt", ["GIF", "TIFF", "BMP", "PDF", "ICO", "PPM"])
def test_other_formats_are_refused(pool: Pool, fmt: str) -> None:
    assert reason(pool, pictures.encoded(pictures.corners(), fmt)) == "format"


@pytest.mark.parametrize("text", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"Hallo", b"\x00"])
def test_what_is_no_picture_is_refused(pool: Pool, text: bytes) -> None:
    assert reason(pool, text) == "format"


@pytest.mark.parametrize("fmt", ["PNG", "WEBP", "AVIF"])
def test_moving_pictures_are_refused(pool: Pool, fmt: str) -> None:
    assert reason(pool, pictures.animated(fmt)) == "animated"


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_photo_that_arrived_in_part_is_refused(pool: Pool, fmt: str, part: float) -> None:
    photo = pictures.encoded(pictures.noise(), fmt)
    assert reason(pool, photo[: int(len(photo) * part)]) == "truncated"


def test_a_progressive_photo_that_arrived_in_part_is_refused(pool: Pool) -> None:
    photo = pictures.encoded(pictures.noise(), progressive=True)
    assert reason(pool, photo[: len(photo) // 2]) == "truncated"


@pytest.mark.parametrize(
    "photo",
    [pictures.png_that_claims(30_000, 30_000), pictures.jpeg_that_claims(65_000, 65_000)],
)
def test_too_many_pixels_are_refused_before_they_are_opened(pool: Pool, photo: bytes) -> None:
    started = time.monotonic()
    assert reason(pool, photo) == "pixels"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_garbage_behind_a_good_beginning_is_refused(pool: Pool, fmt: str) -> None:
    photo = pictures.encoded(pictures.noise(), fmt)
    garbage = bytes(range(256)) * 40
    assert reason(pool, photo[:40] + garbage) in {"damaged", "truncated", "pixels", "format"}
    assert decoded(pool, photo).width == 400


def test_every_refusal_is_a_german_sentence_that_says_what_to_do() -> None:
    for why in ("empty", "truncated", "damaged", "format", "animated", "bytes", "pixels", "slow"):
        sentence = str(refusal_words(why))
        assert "Bitte wählen Sie" in sentence
        assert sentence.endswith(".")
    assert str(refusal_words("truncated")) == (
        "Dieses Foto ist unvollständig angekommen. Bitte wählen Sie es noch einmal aus."
    )
    assert refusal_words("was auch immer") == refusal_words("damaged")


# ── The processes ────────────────────────────────────────────────────────────────────────────
def child_of(pool: Pool) -> int:
    """The process that will open the next photo."""
    while True:  # a decoder that has opened its last photo is not kept
        decoded(pool, pictures.encoded(pictures.corners()))
        if pool._idle:
            return pool._idle[-1].pid


def test_a_decoder_may_do_nothing_but_decode(pool: Pool) -> None:
    place = Path(f"/proc/{child_of(pool)}")
    facts = dict(
        line.split(":\t", 1)
        for line in (place / "status").read_text().splitlines()
        if ":\t" in line
    )
    assert facts["NoNewPrivs"] == "1"
    assert facts["Uid"].split()[1] != "0"
    limits = (place / "limits").read_text()
    assert any(
        line.split()[:5] == ["Max", "open", "files", "3", "3"] for line in limits.split("\n")
    )
    assert any(
        line.startswith(f"Max data size             {MEMORY}") for line in limits.split("\n")
    )
    if os.geteuid() == 0:
        assert (place / "environ").read_bytes() == b"LANG=C.UTF-8\x00"


def test_a_killed_decoder_is_replaced(pool: Pool) -> None:
    os.kill(child_of(pool), signal.SIGKILL)
    pool._idle[-1]._process.wait(5)
    assert decoded(pool, pictures.encoded(pictures.corners())).width == 120


def test_a_decoder_that_dies_over_a_photo_refuses_only_that_photo(pool: Pool) -> None:
    pid = child_of(pool)
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    assert reason(pool, pictures.encoded(pictures.corners())) == "damaged"
    assert decoded(pool, pictures.encoded(pictures.corners())).width == 120


def test_a_photo_that_takes_too_long_is_refused(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.kill(child_of(pool), signal.SIGSTOP)
    monkeypatch.setattr("townhall.photos.pool.PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr("townhall.photos.pool.FAIR_SECONDS", 0.1)
    assert reason(pool, pictures.encoded(pictures.corners())) == "slow"
    monkeypatch.undo()
    assert decoded(pool, pictures.encoded(pictures.corners())).width == 120


def test_a_photo_that_got_too_little_time_may_come_again(pool: Pool) -> None:
    """The fifth of a form, when the first four took all of it: not its fault."""
    photo = pictures.encoded(pictures.corners())
    os.kill(child_of(pool), signal.SIGSTOP)
    with pytest.raises(PhotoRefused) as refused:
        pool.decode(io.BytesIO(photo), len(photo), deadline=time.monotonic() + 0.2)
    assert refused.value.is_passing
    with pytest.raises(PhotoRefused) as refused:
        pool.decode(io.BytesIO(photo), len(photo), deadline=time.monotonic())
    assert refused.value.is_passing
    assert decoded(pool, photo).width == 120


def test_a_decoder_that_is_slow_to_start_is_not_thrown_away() -> None:
    photo, fresh = pictures.encoded(pictures.corners()), Pool(1)
    try:
        with pytest.raises(PhotoRefused) as refused:
            fresh.decode(io.BytesIO(photo), len(photo), deadline=time.monotonic() + 0.01)
        assert refused.value.is_passing
        (child,) = fresh._idle
        assert fresh.decode(io.BytesIO(photo), len(photo), deadline=patience()).width == 120
        assert fresh._idle == [child]
    finally:
        fresh.close()


def test_many_photos_at_once_wait_for_few_decoders(pool: Pool) -> None:
    photo = pictures.encoded(pictures.noise(1200, 900))
    with ThreadPoolExecutor(12) as crowd:
        found = list(crowd.map(lambda _: decoded(pool, photo).width, range(24)))
    assert found == [1200] * 24
    assert len(pool._idle) <= 2


def test_who_waits_too_long_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("townhall.photos.pool.PATIENCE_SECONDS", 0.01)
    nobody = Pool(1)
    assert nobody._turns.take(1)
    with pytest.raises(PhotoRefused) as refused:
        nobody.decode(io.BytesIO(b"x"), 1)
    assert refused.value.is_passing
    assert "in einer Minute" in str(refusal_words(refused.value.reason))


def test_what_a_decoder_hands_over_is_looked_at() -> None:
    bare = pictures.encoded(pictures.corners(), "WEBP", quality=80)
    assert bare_webp_size(bare) == (120, 80)
    for file in (
        b"",
        bare + b"Anhang",
        pictures.telling("WEBP"),
        pictures.animated("WEBP"),
        pictures.encoded(pictures.corners(), "JPEG"),
        pictures.encoded(pictures.corners(), "WEBP", lossless=True),
        pictures.encoded(pictures.corners(1700, 20), "WEBP"),
    ):
        with pytest.raises(ChildGone):
            bare_webp_size(file)
