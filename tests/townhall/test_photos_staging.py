"""Photos on their way into a case: kept once, on disk before their row, swept when unused."""

from __future__ import annotations

import datetime as dt
import io
import os
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image as Pictures

from reports.models import Photo, Report
from tests.townhall import pictures
from townhall.models import Image
from townhall.photos import (
    MAX_BYTES,
    PhotoConflict,
    PhotoRefused,
    file_response,
    stage,
    sweep,
    sweep_strays,
)
from townhall.photos.pool import Pool

pytestmark = pytest.mark.usefixtures("media")


def upload(photo: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_0001.exe", photo or pictures.telling("JPEG"), "text/html")


@pytest.fixture
def image(db: None, media: Path) -> Image:
    return stage(uuid.uuid4(), upload())


def files(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_a_staged_photo_lies_in_the_storage_under_its_row(image: Image, media: Path) -> None:
    assert (image.width, image.height) == (120, 80)
    assert image.folder == f"images/{image.id.hex[:2]}/{image.id}-{image.digest[:8]}"
    assert files(media) == [f"{image.folder}/full.webp", f"{image.folder}/thumb.webp"]
    with Pictures.open(media / image.folder / "full.webp") as found:
        assert found.size == (120, 80)


def test_the_original_is_not_kept(image: Image, media: Path) -> None:
    for name in files(media):
        content = (media / name).read_bytes()
        assert pictures.SECRET not in content
        assert not content.startswith(b"\xff\xd8")


def test_the_same_photo_again_is_not_decoded_again(image: Image) -> None:
    with mock.patch.object(Pool, "decode", side_effect=AssertionError):
        again = stage(image.id, upload())
    assert again == image


def test_another_photo_under_the_same_id_is_a_conflict(image: Image) -> None:
    with pytest.raises(PhotoConflict):
        stage(image.id, upload(pictures.encoded(pictures.noise())))
    assert Image.objects.get().digest == image.digest


@pytest.mark.django_db
def test_a_refused_photo_leaves_nothing(media: Path) -> None:
    with pytest.raises(PhotoRefused):
        stage(uuid.uuid4(), upload(b"kein Foto"))
    assert not Image.objects.exists()
    assert not files(media)


@pytest.mark.django_db
def test_empty_and_huge_uploads_are_refused_before_a_decoder_sees_them() -> None:
    with mock.patch.object(Pool, "decode", side_effect=AssertionError):
        with pytest.raises(PhotoRefused, match="empty"):
            stage(uuid.uuid4(), io.BytesIO())
        with pytest.raises(PhotoRefused, match="bytes"):
            stage(uuid.uuid4(), io.BytesIO(bytes(MAX_BYTES + 1)))


@pytest.mark.django_db
def test_no_row_without_files_when_the_disk_is_full(media: Path) -> None:
    full = OSError(28, "No space left on device")
    with (
        mock.patch.object(type(default_storage._wrapped), "_save", side_effect=full),  # type: ignore[attr-defined]
        pytest.raises(OSError, match="No space"),
    ):
        stage(uuid.uuid4(), upload())
    assert not Image.objects.exists()


@pytest.mark.django_db
def test_files_that_a_crash_left_are_replaced(media: Path) -> None:
    photo, image_id = pictures.telling("JPEG"), uuid.uuid4()
    first = stage(image_id, upload(photo))
    (media / first.folder / "full.webp").write_bytes(b"halb")
    first.delete()
    second = stage(image_id, upload(photo))
    assert files(media) == [f"{second.folder}/full.webp", f"{second.folder}/thumb.webp"]
    with Pictures.open(media / second.folder / "full.webp") as found:
        assert found.size == (120, 80)


def test_a_photo_is_answered_as_what_it_is(image: Image) -> None:
    response = file_response(image, "thumb")
    content = b"".join(response)  # type: ignore[arg-type]
    response.close()
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")
    assert "Cache-Control" not in response
    assert content[8:12] == b"WEBP"


# ── At the same moment ───────────────────────────────────────────────────────────────────────
def _stage(image_id: uuid.UUID, photo: bytes) -> Image | PhotoConflict:
    try:
        return stage(image_id, upload(photo))
    except PhotoConflict as conflict:
        return conflict
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_same_photo_sent_twice_at_once_is_kept_once(media: Path) -> None:
    image_id, photo = uuid.uuid4(), pictures.telling("JPEG")
    with ThreadPoolExecutor(4) as crowd:
        found = list(crowd.map(lambda _: _stage(image_id, photo), range(4)))
    assert found == [Image.objects.get()] * 4
    assert len(files(media)) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_photos_under_one_id_sent_at_once_one_is_taken(media: Path) -> None:
    image_id = uuid.uuid4()
    both = [pictures.telling("JPEG"), pictures.telling("PNG")]
    with ThreadPoolExecutor(2) as crowd:
        found = list(crowd.map(lambda photo: _stage(image_id, photo), both))
    assert sorted(type(each).__name__ for each in found) == ["Image", "PhotoConflict"]
    assert len(files(media)) == 2


# ── Sweeping ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def tomorrow() -> dt.datetime:
    return timezone.now() + dt.timedelta(hours=25)


def test_an_unused_photo_is_deleted_after_a_day(
    image: Image, media: Path, tomorrow: dt.datetime
) -> None:
    assert sweep() == 0
    assert sweep(now=tomorrow) == 1
    assert not Image.objects.exists()
    assert not files(media)
    assert not (media / image.folder).exists()


def test_a_photo_in_a_report_stays(
    make_report: Callable[..., Report], image: Image, media: Path, tomorrow: dt.datetime
) -> None:
    Photo.objects.get_or_create(report=make_report(), image=image)
    unused = stage(uuid.uuid4(), upload(pictures.telling("PNG")))
    assert sweep(now=tomorrow) == 1
    assert Image.objects.get() == image
    assert len(files(media)) == 2
    assert not any(str(unused.id) in name for name in files(media))


def test_stray_folders_are_deleted_after_a_day(
    image: Image, media: Path, tomorrow: dt.datetime
) -> None:
    stray = media / "images" / image.id.hex[:2] / f"{uuid.uuid4()}-01234567"
    stray.mkdir()
    (stray / "full.webp").write_bytes(b"halb")
    assert sweep_strays() == 0
    assert sweep_strays(now=tomorrow) == 1
    assert not stray.exists()
    assert len(files(media)) == 2


def test_an_empty_stray_folder_is_deleted_too(image: Image, media: Path) -> None:
    stray = media / "images" / image.id.hex[:2] / f"{uuid.uuid4()}-01234567"
    stray.mkdir()
    yesterday = time.time() - 25 * 3600
    os.utime(stray, (yesterday, yesterday))
    assert sweep_strays() == 1
    assert not stray.exists()


@pytest.mark.django_db
def test_sweeping_an_empty_storage_is_no_trouble() -> None:
    assert sweep() == 0
    assert sweep_strays() == 0
