"""The one picture of a thing that everybody may see: made for it, of a photo that staff chose.

The counter's own photos are never public, not even by address: what the listing shows is another
image under an id of its own, in coarse blocks unless staff decide that it may be clear.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lostfound.catalogue import ThingKind
from lostfound.law import Answer, can_show_photo
from lostfound.law.publication import Missing
from lostfound.models import EventKind, FoundItem, Listing, ListingPhoto, Photo
from lostfound.recording import locked, record
from lostfound.terms import policy_of
from townhall.models import Image, Municipality, User
from townhall.photos import Area, discard, redacted

PAPERS = "paper"
SIDES = 4  # areas along the longer side; each becomes four blocks: a shape is left, no writing


class NotShown(Exception):
    """The town, the kind or the state of the thing forbids it, or the photo has gone."""


def may_show(item: FoundItem) -> Answer:
    """By the terms of the office's seat. One statement."""
    return allowed(item.thing, item.office.municipality)


def allowed(thing: ThingKind, town: Municipality) -> Answer:
    """The law's answer; and no paper is shown, though a lost ticket is no paper in law."""
    answer = can_show_photo(thing.law, policy=policy_of(town))
    if thing.group == PAPERS and Missing.LISTED_KIND not in answer.missing:
        return Answer(answer.ground, (Missing.LISTED_KIND, *answer.missing))
    return answer


def show(item: FoundItem, image_id: UUID, *, by: User, is_clear: bool = False) -> ListingPhoto:
    """Let everybody see one of the thing's photos, in place of the one before.

    Raises NotShown, and PhotoRefused where the file is lost.
    """
    source = Photo.objects.filter(item=item, image_id=image_id).select_related("image").first()
    if source is None or not may_show(item):
        raise NotShown
    picture = redacted(source.image, [] if is_clear else whole(source.image))
    try:
        with transaction.atomic():
            item = locked(item)
            listing = Listing.objects.public().filter(item=item).first()
            still_there = Photo.objects.filter(pk=source.pk).exists()
            if listing is None or not still_there or not may_show(item):
                raise NotShown
            before = _take_away(listing)
            shown = ListingPhoto.objects.create(
                listing=listing, source=source, image=picture, is_clear=is_clear
            )
            record(item, EventKind.CHANGED, by=by, facts={"fields": ["public_photo"]})
    except NotShown:
        discard(picture)
        raise
    if before:
        discard(before)
    return shown


def hide(item: FoundItem, *, by: User) -> None:
    """Again = no change."""
    with transaction.atomic():
        item = locked(item)
        listing = Listing.objects.filter(item=item).first()
        before = _take_away(listing) if listing else None
        if before is None:
            return
        record(item, EventKind.CHANGED, by=by, facts={"fields": ["public_photo"]})
    discard(before)


def drop(listing: Listing) -> None:
    """For a deed that ends the listing or makes another thing of it, in its transaction."""
    before = _take_away(listing)
    if before:
        transaction.on_commit(lambda: discard(before))


def drop_of(photo: Photo) -> None:
    """What was made of a photo goes with it."""
    for shown in ListingPhoto.objects.filter(source=photo).select_related("listing"):
        drop(shown.listing)


def drop_all(town: Municipality) -> None:
    """The town wants no pictures in public any more."""
    shown = ListingPhoto.objects.filter(listing__office__municipality=town)
    for each in shown.select_related("listing"):
        drop(each.listing)


def whole(image: Image) -> list[Area]:
    """All of it, in areas of about SIDES × SIDES."""
    side = max(1, -(-max(image.width, image.height) // SIDES))
    return [
        Area(left, top, side, side)
        for top in range(0, image.height, side)
        for left in range(0, image.width, side)
    ]


def _take_away(listing: Listing) -> Image | None:
    """Its image, which nothing names from now on."""
    shown = ListingPhoto.objects.filter(listing=listing).select_related("image").first()
    if shown is None:
        return None
    shown.delete()
    return shown.image
