"""From an upload to a row that names two stored files; and away again when nobody needs it."""

from __future__ import annotations

import hashlib
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Literal, cast
from uuid import UUID

from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef, ProtectedError
from django.http import FileResponse, Http404
from django.utils import timezone

from townhall.models import Image

from . import pool
from .refusals import MAX_BYTES, PhotoConflict, PhotoRefused

ROOT = "images"
KEPT_UNUSED = timedelta(hours=24)
REMOVAL = "augenmerk removes photos"  # advisory lock: shared by who removes, alone by a backup
log = logging.getLogger(__name__)
Size = Literal["full", "thumb"]


@dataclass(frozen=True)
class Staged:
    """A photo that lies ready, and where the camera says that it was taken.

    The position is for the answer to whoever sent the photo. It is kept nowhere: not even in the
    row, which outlives the draft and would then know more than the resident has told.
    """

    image: Image
    position: Point | None = None


def stage(
    image_id: UUID, upload: IO[bytes] | UploadedFile, *, deadline: float | None = None
) -> Image:
    """As `stage_with_position`, for those who need no position."""
    return stage_with_position(image_id, upload, deadline=deadline).image


def stage_with_position(
    image_id: UUID, upload: IO[bytes] | UploadedFile, *, deadline: float | None = None
) -> Staged:
    """Process a photo and keep it under the client's UUID until a case takes it.

    The same upload again returns the same image without decoding it, and so without a position.
    Both files are in the storage, and on disk, before the row that names them. `deadline`: see
    `pool.patience`. Raises PhotoRefused, and PhotoConflict when another photo stands under this id.
    """
    digest, length = digest_of(upload)
    if taken := already_taken(image_id, digest):
        return Staged(taken)
    upload.seek(0)
    decoded = pool.shared().decode(upload, length, deadline=deadline)
    with transaction.atomic():
        lock(image_id)
        if taken := already_taken(image_id, digest):
            return Staged(taken, decoded.position)
        image = keep(image_id, digest, decoded)
    return Staged(image, decoded.position)


def keep(image_id: UUID, digest: str, decoded: pool.Decoded) -> Image:
    """Both files on disk, then the row that names them. In the caller's transaction."""
    folder = f"{ROOT}/{image_id.hex[:2]}/{image_id}-{digest[:8]}"
    store(f"{folder}/full.webp", decoded.full)
    store(f"{folder}/thumb.webp", decoded.thumb)
    return Image.objects.create(
        id=image_id,
        digest=digest,
        folder=folder,
        width=decoded.width,
        height=decoded.height,
        thumb_width=decoded.thumb_width,
        thumb_height=decoded.thumb_height,
        colour=decoded.colour,
    )


def file_response(image: Image, size: Size) -> FileResponse:
    """The picture as it lies in the storage; how long it may be cached says the caller.

    Raises Http404 when a row outlived its files (a half-restored backup).
    """
    try:
        file = default_storage.open(file_name(image, size))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        file,
        content_type="image/webp",
        filename=f"foto-{size}.webp",
        as_attachment=False,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_name(image: Image, size: Size) -> str:
    return f"{image.folder}/{size}.webp"


def digest_of(upload: IO[bytes] | UploadedFile) -> tuple[str, int]:
    """SHA-256 and length, read in pieces. Raises PhotoRefused for an empty or too large one."""
    upload.seek(0)
    digest, length = hashlib.sha256(), 0
    while chunk := upload.read(pool.CHUNK):
        digest.update(chunk)
        length += len(chunk)
        if length > MAX_BYTES:
            raise PhotoRefused("bytes")
    if not length:
        raise PhotoRefused("empty")
    return digest.hexdigest(), length


def already_taken(image_id: UUID, digest: str) -> Image | None:
    image = Image.objects.filter(pk=image_id).first()
    if image and image.digest != digest:
        raise PhotoConflict
    return image


def lock(image_id: UUID) -> None:
    """Let nobody else store under this id until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{image_id}"])


def store(name: str, data: bytes) -> None:
    """Under exactly this name, in place of what a crash may have left there."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(data))
    with suppress(NotImplementedError):  # storages without files of their own settle themselves
        settle(default_storage.path(name))


def settle(path: str) -> None:
    """On disk, with its folder, so that a power cut leaves no row without a file."""
    for place in (Path(path), Path(path).parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# ── Sweeping ─────────────────────────────────────────────────────────────────────────────────
def sweep(*, now: datetime | None = None) -> int:
    """Delete images older than 24 hours that no row of any case names. Returns how many."""
    before = (now or timezone.now()) - KEPT_UNUSED
    return sum(discard(image) for image in list(unused(before)[:1000]))


def unused(before: datetime) -> models.QuerySet[Image]:
    return _unnamed(Image.objects.filter(created_at__lt=before)).order_by("created_at")


def is_used(image: Image) -> bool:
    """Whether a case names it."""
    return not _unnamed(Image.objects.filter(pk=image.pk)).exists()


def _unnamed(images: models.QuerySet[Image]) -> models.QuerySet[Image]:
    """Found by the foreign keys that point here, so no case can forget to say that it uses one."""
    for field in Image._meta.get_fields(include_hidden=True):
        if isinstance(field, models.ForeignObjectRel):
            model = cast("type[models.Model]", field.related_model)
            users = model._base_manager.filter(**{field.field.name: OuterRef("pk")})
            images = images.exclude(Exists(users))
    return images


def discard(image: Image) -> bool:
    """Row first: what a crash leaves is a stray folder, never a row without files."""
    try:
        with transaction.atomic():
            if not may_remove():
                return False
            image.delete()
    except (IntegrityError, ProtectedError):  # a case took it this moment
        return False
    empty(image.folder)
    return True


def may_remove() -> bool:
    """Not while a backup copies what its dump names (config/backups). For this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock_shared(hashtextextended(%s, 0))", [REMOVAL]
        )
        return bool(cursor.fetchone()[0])


def sweep_strays(*, now: datetime | None = None) -> int:
    """Delete folders older than 24 hours that no row names. Returns how many."""
    before = (now or timezone.now()) - KEPT_UNUSED
    return sum(sweep_prefix(f"{ROOT}/{prefix}", before) for prefix in folders(ROOT))


def sweep_prefix(place: str, before: datetime) -> int:
    found = {f"{place}/{name}" for name in folders(place)}
    named = set(Image.objects.filter(folder__in=found).values_list("folder", flat=True))
    strays = [folder for folder in found - named if is_older(folder, before)]
    for folder in strays:
        empty(folder)
    return len(strays)


def folders(place: str) -> list[str]:
    try:
        return default_storage.listdir(place)[0]
    except FileNotFoundError:
        return []


def is_older(folder: str, before: datetime) -> bool:
    """A folder whose files can't be asked (none yet, just gone) is left for the next time."""
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    try:
        return all(default_storage.get_modified_time(name) < before for name in names or [folder])
    except (FileNotFoundError, NotImplementedError):
        return False


def empty(folder: str) -> None:
    for name in ("full.webp", "thumb.webp"):
        default_storage.delete(f"{folder}/{name}")
    with suppress(OSError):  # something else lies in it
        default_storage.delete(folder)
