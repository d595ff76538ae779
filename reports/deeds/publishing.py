"""What the public gets to see of a report: released, taken back, made unrecognisable."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from reports import live
from reports.deeds.reviewing import keep_former, note_text
from reports.deeds.work import NotAllowed, TooLate, done_by_staff, roles_on
from reports.models import (
    EventKind,
    Photo,
    Publication,
    Report,
    StaffPhoto,
    Visibility,
)
from reports.workflow import Deed, may
from townhall import photos
from townhall.models import User


def release(
    report: Report,
    *,
    by: User,
    text: bool | None = None,
    public_text: str = "",
    photos: Collection[int] = (),
    hidden_photos: Collection[int] = (),
    version: int | None = None,
) -> Report:
    """Publish or hide the text (`text` None: leave it) and photos, given by primary key.

    `public_text` is what staff want the public to read; "" leaves hidden what is hidden. A report
    that waited for review becomes public with its first release. What the reporter or the offer
    keeps from the public stays so: NotAllowed.
    """
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        row = work.report
        if row.publication == Publication.NEVER:
            raise NotAllowed
        if text is not None:
            keep_former(row)
            row.is_text_public, row.is_text_reviewed = text, True
        if text:
            row.hide_all_but(public_text.strip() or row.readable_text)
            note_text(work)
        Photo.objects.filter(report=row, pk__in=photos).update(is_released=True, is_reviewed=True)
        Photo.objects.filter(report=row, pk__in=hidden_photos).update(
            is_released=False, is_reviewed=True
        )
        row.is_public = row.is_public or bool(text) or bool(photos)
        row.changed_at = work.now
        kind = EventKind.PUBLISHED if text or photos else EventKind.DEPUBLISHED
        facts = {"text": text, "photos": sorted(photos), "hidden": sorted(hidden_photos)}
        if text and row.masked_text:
            facts["is_masked"] = True
        work.tell(kind, Visibility.INTERNAL, facts=facts).tiles = live.public_tiles(row)
    return row


def redact(report: Report, image_id: UUID, *, by: User, areas: Sequence[photos.Area]) -> Report:
    """Pixelate areas of a photo, for ever: the picture as it was is deleted after the commit.

    A resident's, or one that staff added to an entry. Raises NotAllowed, TooLate when the report
    has no such photo (any more), PhotoRefused.
    """
    if not may(roles_on(by, report), Deed.REDACT):
        raise NotAllowed
    photo = photo_of(report, image_id)
    if photo is None:
        raise TooLate(report, ())
    old, new = photo.image, photos.redacted(photo.image, areas)
    with done_by_staff(report, by, Deed.REDACT, None) as work:
        if not type(photo)._default_manager.filter(pk=photo.pk, image=old).update(image=new):
            raise TooLate(report, ())
        facts = {"photo": photo.position + 1, "areas": len(areas)}
        if isinstance(photo, StaffPhoto):
            facts["entry"] = photo.event_id
        event = work.tell(EventKind.REDACTED, Visibility.INTERNAL, facts=facts)
        event.tiles = live.public_tiles(work.report)
        transaction.on_commit(lambda: photos.discard(old))
    return work.report


def photo_of(report: Report, image_id: UUID) -> Photo | StaffPhoto | None:
    """A resident's photo, or one of staff."""
    for kind in (Photo, StaffPhoto):
        rows: Any = kind._default_manager.select_related("image")
        found: Photo | StaffPhoto | None = rows.filter(report=report, image=image_id).first()
        if found:
            return found
    return None


def publish(report: Report, *, by: User, is_public: bool, version: int | None = None) -> Report:
    """Show the report (pin, category, status) to everybody, or take it out of public view."""
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        row = work.report
        if is_public and row.publication == Publication.NEVER:
            raise NotAllowed
        row.is_public = is_public
        row.changed_at = work.now
        kind = EventKind.PUBLISHED if is_public else EventKind.DEPUBLISHED
        work.tell(kind, Visibility.INTERNAL).tiles = live.public_tiles(row)
    return row
