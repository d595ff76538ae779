"""From hand to hand: a log without a hole."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from lostfound.models import Custody, FoundItem, Holder
from townhall.models import User


def pass_on(
    item: FoundItem,
    to: Holder,
    *,
    place: str = "",
    by: User | None,
    witness: User | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Custody:
    """Note in whose hands the thing is now. In the deed's transaction, on a locked row: the lock
    makes the numbers run without a hole. Names of people stand in no entry but as staff's accounts.
    """
    last = Custody.objects.filter(item=item).aggregate(last=Max("number"))["last"] or 0
    return Custody.objects.create(
        item=item,
        number=last + 1,
        at=at or timezone.now(),
        holder=to,
        place=place,
        by=by,
        witness=witness,
        reason=reason,
    )


def where(item: FoundItem) -> Custody | None:
    """The last entry; None for a thing that nobody has passed on yet."""
    return Custody.objects.filter(item=item).order_by("-number").first()
