"""From hand to hand: a log without a hole. Found money takes its lines of the ledger with it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from lostfound.models import Custody, FoundItem, Holder, Party, StoragePlace
from lostfound.money import cash
from townhall.models import User

# Hands outside the house.
OUTSIDE = frozenset({Holder.FINDER, Holder.OFFICE, Holder.OWNER, Holder.BUYER, Holder.NOBODY})
_PARTIES = {
    Holder.FINDER: Party.FINDER,
    Holder.OWNER: Party.OWNER,
    Holder.BUYER: Party.BUYER,
}


def pass_on(
    item: FoundItem,
    to: Holder,
    *,
    place: str = "",
    storage: StoragePlace | None = None,
    by: User | None,
    witness: User | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Custody:
    """Note in whose hands the thing is now. In the deed's transaction, on a locked row: the lock
    makes the numbers run without a hole. Names of people stand in no entry but as staff's accounts.

    Before the deed's `record`, because nothing that lies in storage can be closed. `storage`: the
    place it lies at from now on, its site loaded, which is then the holder's name; without one it
    leaves storage.
    """
    if storage is not None and to != Holder.UNKNOWN:
        to = Holder.SAFE if storage.is_safe else Holder.SHELF
    before = where(item)
    entry = Custody.objects.create(
        item=item,
        number=before.number + 1 if before else 1,
        at=at or timezone.now(),
        holder=to,
        place=storage.label if storage else place,
        by=by,
        witness=witness,
        reason=reason,
    )
    missing_since = entry.at if to == Holder.UNKNOWN else None
    if (item.storage_id, item.missing_since) != (storage and storage.pk, missing_since):
        item.storage, item.missing_since = storage, missing_since
        FoundItem.objects.filter(pk=item.pk).update(storage=storage, missing_since=missing_since)
    if item.kind == "cash":
        _take_the_money_along(item, before, entry)
    return entry


def where(item: FoundItem) -> Custody | None:
    """The last entry; None for a thing that nobody has passed on yet."""
    return Custody.objects.filter(item=item).order_by("-number").first()


def _take_the_money_along(item: FoundItem, before: Custody | None, entry: Custody) -> None:
    """What leaves the house leaves the ledger, to whom it went; what comes back is back in it."""
    if entry.holder in OUTSIDE:
        party = _PARTIES.get(Holder(entry.holder), Party.OTHER)
        cash.pay_out(item, party=party, by=entry.by, key=_key(item, entry))
    elif before is not None and before.holder in OUTSIDE:
        cash.take_back(item, by=entry.by, key=_key(item, before), note=entry.reason)


def _key(item: FoundItem, entry: Custody) -> str:
    return f"custody-{item.code}-{entry.number}"
