"""Putting away and taking out: every movement is a passing in the log of custody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from lostfound import law, recording
from lostfound.models import Custody, EventKind, FoundItem, Holder, StoragePlace
from lostfound.storing import custody
from lostfound.workflow import State
from townhall.models import User

HERE = frozenset({State.HELD, State.READY})


@dataclass(eq=False)
class NotHere(Exception):
    """The thing is not in the office's keeping: with its finder still, or gone."""

    item: FoundItem


@dataclass(eq=False)
class OtherOffice(Exception):
    """The place belongs to another office than the thing."""

    item: FoundItem
    place: StoragePlace


@dataclass(eq=False)
class NeverStored(Exception):
    """Weapons, drugs: they go to the police at once (law.kinds)."""

    item: FoundItem


@dataclass(eq=False)
class OutOfUse(Exception):
    """The place is not used any more."""

    place: StoragePlace


def put_away(item: FoundItem, place: StoragePlace, *, by: User, reason: str = "") -> FoundItem:
    """Lay the thing at the place, with what is inside. Twice at the same place is once.

    Raises NotHere, OtherOffice, NeverStored, OutOfUse. `place` comes with its site.
    """
    with transaction.atomic():
        item = recording.locked(item)
        check(item, place)
        if item.storage_id == place.pk and item.missing_since is None:
            return item
        for thing in _travelling(item):
            _lay(thing, place, by=by, reason=reason)
        return item


def check(item: FoundItem, place: StoragePlace) -> None:
    """May it lie there? Raises NotHere, OtherOffice, NeverStored, OutOfUse."""
    if item.state not in HERE:
        raise NotHere(item)
    if item.office_id != place.site.office_id:
        raise OtherOffice(item, place)
    if not law.handling(item.law_kind).stored:
        raise NeverStored(item)
    if not place.is_active:
        raise OutOfUse(place)


def take_out(
    item: FoundItem, *, by: User, to: Holder = Holder.COUNTER, reason: str = ""
) -> FoundItem:
    """Take the thing out of storage, with what is inside. Raises NotHere."""
    with transaction.atomic():
        item = recording.locked(item)
        if item.state not in HERE:
            raise NotHere(item)
        if item.storage_id is None and item.missing_since is None and _holder(item) == to:
            return item
        for thing in _travelling(item):
            custody.pass_on(thing, to, by=by, reason=reason)
            recording.record(thing, EventKind.TAKEN_OUT, by=by, text=reason)
        return item


def miss(item: FoundItem, *, by: User, reason: str = "") -> FoundItem:
    """Note that the thing is not where the books have it. Raises NotHere.

    The place stays known: one looks there again first.
    """
    with transaction.atomic():
        item = recording.locked(item)
        if item.state not in HERE:
            raise NotHere(item)
        if item.missing_since is not None:
            return item
        for thing in _travelling(item):
            custody.pass_on(thing, Holder.UNKNOWN, storage=thing.storage, by=by, reason=reason)
            recording.record(thing, EventKind.MISSED, by=by, text=reason)
        return item


@dataclass(frozen=True)
class Moved:
    """`left`: what had been moved by somebody else meanwhile."""

    count: int
    left: int


def move_all(
    codes: Collection[str],
    start: StoragePlace,
    goal: StoragePlace,
    *,
    by: User,
    reason: str = "",
) -> Moved:
    """Move these things from one place to another, all of them or none.

    Raises what put_away raises, for the first that may not lie there.
    """
    with transaction.atomic():
        items = list(
            FoundItem.objects.select_for_update(of=("self",))
            .filter(code__in=codes, storage=start)
            .select_related("office")
            .order_by("pk")
        )
        done = set[int]()
        for item in items:
            check(item, goal)
            if item.pk not in done:
                for thing in _travelling(item):
                    _lay(thing, goal, by=by, reason=reason)
                    done.add(thing.pk)
    return Moved(count=len(items), left=len(codes) - len(items))


def _lay(item: FoundItem, place: StoragePlace, *, by: User, reason: str) -> None:
    kind = EventKind.FOUND_AGAIN if item.missing_since else EventKind.STOWED
    custody.pass_on(item, Holder.SHELF, storage=place, by=by, reason=reason)
    recording.record(item, kind, by=by, facts={"place": place.label}, text=reason)


def _travelling(item: FoundItem) -> list[FoundItem]:
    """The thing and those of its parts that are with it: same place, same hands. All locked."""
    parts = list(
        FoundItem.objects.select_for_update(of=("self",))
        .filter(part_of=item, state__in=HERE, storage=item.storage_id)
        .select_related("office", "storage__site")
        .order_by("pk")
    )
    holders = _holders([item, *parts]) if parts else {}
    same = (None, holders.get(item.pk))
    return [item, *(part for part in parts if holders.get(part.pk) in same)]


def _holder(item: FoundItem) -> str | None:
    return _holders([item]).get(item.pk)


def _holders(items: Sequence[FoundItem]) -> dict[int, str]:
    """In whose hands each is; things that nobody has passed on yet are left out."""
    last = (
        Custody.objects.filter(item__in=items)
        .order_by("item_id", "-number")
        .distinct("item_id")
        .values_list("item_id", "holder")
    )
    return dict(last)
