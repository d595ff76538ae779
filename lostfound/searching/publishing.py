"""What the public gets to know of a found thing: made here, of public facts only, and nowhere else.

The public record (Listing) has a row of its own. Nothing typed at the counter gets into it: kind
and colour are codes, the brand is one of a list, the place is a square and an Ortsteil. Whoever
works at the counter may hold more of it back, never add to it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.gis.geos import Point
from django.db import transaction

from geo import addresses
from geo.cells import cell_at
from geo.wording import short
from lostfound.law import Answer, can_publish
from lostfound.law.publication import Draft, Fact
from lostfound.models import Ended, EventKind, FoundItem, HiddenMark, Listing
from lostfound.recording import record
from lostfound.searching import listings, pictures
from lostfound.searching.brands import coarse_brand
from lostfound.searching.listings import Face
from lostfound.terms import policy_of
from lostfound.workflow import SHOWN
from townhall.models import Municipality, User

# What staff may hold back: a rare colour or a rare brand may describe one thing only.
WITHHOLDABLE = (Fact.COLOUR_GROUP, Fact.COARSE_BRAND, Fact.COARSE_PLACE)


class Missing(StrEnum):
    """Why a thing is not published, beside what the law says (law.publication.Missing)."""

    A_WHOLE = "a_whole"  # a part is never listed: it is seen with its whole, at the counter
    STILL_HERE = "still_here"


@dataclass(eq=False)
class NotPublishable(Exception):
    """`answer.missing` says why."""

    answer: Answer


def allowed(item: FoundItem) -> Answer:
    """May it be published? The law's answer, with what speaks against it here. One statement."""
    marks = HiddenMark.objects.filter(item=item).count()
    answer = can_publish(Draft(item.law_kind, marks, no_mark_visible=item.no_mark_visible))
    missing: list[StrEnum] = []
    if item.part_of_id:
        missing.append(Missing.A_WHOLE)
    if item.state not in SHOWN:
        missing.append(Missing.STILL_HERE)
    return Answer(answer.ground, (*answer.missing, *missing), answer.then, answer.until)


def face_of(item: FoundItem, *, withheld: Collection[str] = ()) -> Face:
    """What everybody would read, without what staff hold back. At most three statements."""
    town = item.found_in or item.office.municipality
    metres = policy_of(town).public_grid_m
    spot = None if Fact.COARSE_PLACE in withheld else _spot(item)
    return Face(
        kind=item.kind,
        colour="" if Fact.COLOUR_GROUP in withheld else item.colour,
        brand="" if Fact.COARSE_BRAND in withheld else coarse_brand(item.brand),
        found_on=item.found_on,
        municipality=town,
        place=_locality(spot, town) if spot else "",
        cell=cell_at(spot, metres=metres).centre() if spot else None,
        cell_m=metres,
    )


def is_known(brand: str) -> bool:
    """Whether the public may read it: one of the makes that many people own."""
    return bool(coarse_brand(brand))


def publish(item: FoundItem, *, by: User | None, withheld: Collection[str] = ()) -> Listing:
    """Put the thing into public view, or change what is held back of it there.

    In a transaction of its own or the caller's. `item` is read again under its lock: what was
    changed and not saved is lost. Raises NotPublishable.
    """
    with transaction.atomic():
        _lock(item)
        answer = allowed(item)
        if not answer:
            raise NotPublishable(answer)
        kept = sorted({fact for fact in withheld if fact in WITHHOLDABLE})
        listing = listings.write(item, face_of(item, withheld=kept), withheld=kept)
        record(item, EventKind.PUBLISHED, by=by, facts={"withheld": kept} if kept else None)
        return listing


def refresh(item: FoundItem, *, by: User | None = None) -> Listing | None:
    """Let the public record follow what was changed at the counter: a kind, a place, a mark.

    For the deed that changed it, in its transaction. A thing that may no longer be published goes
    out of view; one that is not in view stays so. None: nothing is in view.
    """
    listing = Listing.objects.filter(item=item).select_for_update().first()
    if listing is None or not listing.is_public:
        return None
    if not allowed(item):
        unpublish(item, by=by, reason="")
        return None
    if not pictures.may_show(item):
        pictures.drop(listing)
    return listings.write(item, face_of(item, withheld=listing.withheld), withheld=listing.withheld)


def unpublish(item: FoundItem, *, by: User | None, reason: str) -> None:
    """Take the thing out of public view, until somebody publishes it again. `reason` for staff."""
    with transaction.atomic():
        _lock(item)
        if listings.end(item, Ended.BY_STAFF):
            pictures.drop(Listing.objects.get(item=item))
            record(item, EventKind.DEPUBLISHED, by=by, text=reason)


def _lock(item: FoundItem) -> None:
    rows = FoundItem.objects.select_for_update(of=("self",))
    item.refresh_from_db(from_queryset=rows.select_related("office__municipality", "found_in"))


def _spot(item: FoundItem) -> Point | None:
    """Where it lay, or where the place of the register is."""
    if item.found_at:
        return item.found_at
    return item.find_place.position if item.find_place else None


def _locality(spot: Point, town: Municipality) -> str:
    """The Ortsteil, or the town where it has none: never a street."""
    address = addresses.nearest(spot, area_key=town.key)
    return (address.locality if address else "") or short(town.name)
