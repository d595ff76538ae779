"""From hand to hand: a log without a hole."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from lostfound.models import Custody, FoundItem, Holder, StoragePlace
from townhall.models import User


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
    place it lies at from now on, its site loaded, named in the entry; without one it leaves
    storage.
    """
    last = Custody.objects.filter(item=item).aggregate(last=Max("number"))["last"] or 0
    entry = Custody.objects.create(
        item=item,
        number=last + 1,
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
    return entry


def where(item: FoundItem) -> Custody | None:
    """The last entry; None for a thing that nobody has passed on yet."""
    return Custody.objects.filter(item=item).order_by("-number").first()
