"""Setting up where things lie, and telling where one can fetch them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery

from lostfound.models import (
    Custody,
    FoundItem,
    Holder,
    Office,
    StockEntry,
    StockScan,
    StoragePlace,
    StorageSite,
)
from lostfound.storing.storage import HERE
from lostfound.workflow import OPEN
from townhall.codes import new_code

MOST_SLOTS = 200


@dataclass(eq=False)
class Occupied(Exception):
    """So many things lie there."""

    count: int


# ── Setting up ───────────────────────────────────────────────────────────────────────────────
def add_places(
    site: StorageSite,
    *,
    shelf: str,
    slot: str = "",
    first: int | None = None,
    last: int | None = None,
    is_safe: bool = False,
) -> list[StoragePlace]:
    """A shelf with the compartments `slot` `first` to `last`, or one place without compartments.

    What is there already stays as it is, and comes back into use. Gives all of them in order.
    """
    span = [] if first is None else range(first, (first if last is None else last) + 1)
    names = [f"{slot} {n}".strip() for n in span] or [slot]
    with transaction.atomic():
        StorageSite.objects.select_for_update().get(pk=site.pk)
        known = {each.slot: each for each in site.places.filter(shelf=shelf)}
        last_position = site.places.aggregate(last=Max("position"))["last"] or 0
        fresh = [
            StoragePlace(
                site=site,
                code=new_code(),
                shelf=shelf,
                slot=name,
                position=last_position + n,
                is_safe=is_safe,
            )
            for n, name in enumerate((name for name in names if name not in known), start=1)
        ]
        StoragePlace.objects.bulk_create(fresh)
        site.places.filter(shelf=shelf, slot__in=names, is_active=False).update(is_active=True)
        by_name = known | {each.slot: each for each in fresh}
        return [by_name[name] for name in names]


def retire(place: StoragePlace) -> bool:
    """Take an empty place out of use; True: it never held anything and is gone altogether.

    Raises Occupied.
    """
    with transaction.atomic():
        place = StoragePlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
        count = place.items.count()
        if count:
            raise Occupied(count)
        if _is_written_of(place):
            place.is_active = False
            place.save(update_fields=["is_active"])
            return False
        place.delete()
        return True


def _is_written_of(place: StoragePlace) -> bool:
    entries = StockEntry.objects.filter(Q(expected=place) | Q(seen=place))
    return entries.exists() or StockScan.objects.filter(place=place).exists()


def in_order(place: StoragePlace) -> tuple[list[tuple[int, str]], ...]:
    """As people count: Fach 2 before Fach 10, whenever it was set up."""
    return tuple(
        [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]
        for name in (place.shelf.casefold(), place.slot.casefold())
    )


# ── Looking ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Shelf:
    """`places` carry `count`: how many things lie there by themselves."""

    name: str
    places: Sequence[StoragePlace]

    @property
    def count(self) -> int:
        return sum(getattr(place, "count", 0) for place in self.places)


@dataclass(frozen=True)
class House:
    site: StorageSite
    shelves: Sequence[Shelf]

    @property
    def count(self) -> int:
        return sum(shelf.count for shelf in self.shelves)


def houses(office: Office, *, with_retired: bool = False) -> list[House]:
    """All sites with their shelves, and how full they are. Two statements."""
    alone = FoundItem.objects.alone().filter(office=office).values("pk")
    places = (
        StoragePlace.objects.filter(site__office=office)
        .select_related("site")
        .annotate(count=Count("items", filter=Q(items__in=alone)))
    )
    if not with_retired:
        places = places.filter(Q(is_active=True) | Q(count__gt=0))
    shelves: dict[int, dict[str, list[StoragePlace]]] = {}
    for place in sorted(places, key=in_order):
        shelves.setdefault(place.site_id, {}).setdefault(place.shelf, []).append(place)
    sites = office.sites.all() if with_retired else office.sites.filter(is_active=True)
    return [
        House(site, [Shelf(name, rows) for name, rows in shelves.get(site.pk, {}).items()])
        for site in sites
    ]


@dataclass(frozen=True)
class NotAtItsPlace:
    """Things that are somewhere else than on a shelf: missing ones, and those not put away."""

    missing: Sequence[FoundItem]
    loose: Sequence[FoundItem]


def not_at_place(office: Office, *, most: int = 200) -> NotAtItsPlace:
    """The longest first. What lies in the safe or stands with its finder is where it belongs.

    Two statements; at most `most` of each kind.
    """
    rows = (
        FoundItem.objects.filter(office=office, state__in=HERE)
        .alone()
        .select_related("storage__site", "part_of")
    )
    last = Custody.objects.filter(item=OuterRef("pk")).order_by("-number")
    loose = rows.filter(storage=None, missing_since=None).annotate(
        last_holder=Subquery(last.values("holder")[:1]), last_at=Subquery(last.values("at")[:1])
    )
    return NotAtItsPlace(
        missing=list(rows.filter(missing_since__isnull=False).order_by("missing_since")[:most]),
        loose=list(
            loose.filter(Q(last_holder=None) | ~Q(last_holder=Holder.SAFE)).order_by(
                "last_at", "received_at"
            )[:most]
        ),
    )


def missing_count(office: Office) -> int:
    """How many things aren't where the books have them. One statement."""
    return (
        FoundItem.objects.filter(office=office, state__in=OPEN, missing_since__isnull=False)
        .alone()
        .count()
    )


# ── Fetching ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Counter:
    """Where whoever fetches a thing has to go, and when."""

    name: str
    address: str
    hours: str
    phone: str


def counter_of(item: FoundItem) -> Counter:
    """The yard for a bicycle that stands there, else the office. One or two statements."""
    site = StorageSite.objects.filter(places__items=item).select_related("office").first()
    office = item.office
    if site is None or not site.postal_address:
        return Counter(office.name, office.postal_address, office.opening_hours, office.phone)
    return Counter(site.name, site.address, site.hours, site.phone or office.phone)
