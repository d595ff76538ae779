"""What every deed ends with: the fact is appended, the version counted, the open pages rung."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from lostfound import live
from lostfound.ending import deadlines
from lostfound.matching import schedule
from lostfound.models import Event, EventKind, FoundItem, LossEvent, LossEventKind, LossReport
from lostfound.personal import keeping
from lostfound.searching import listings
from townhall.models import User

# Facts that change what the public reads.
SEEN = frozenset({EventKind.PUBLISHED, EventKind.DEPUBLISHED})


def locked(item: FoundItem) -> FoundItem:
    """The thing as it is now, held until the deed's transaction ends. One statement."""
    return (
        FoundItem.objects.select_for_update(of=("self",))
        .select_related("office__municipality")
        .get(pk=item.pk)
    )


def record(
    item: FoundItem,
    kind: EventKind,
    *,
    by: User | None,
    text: str = "",
    facts: Mapping[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> Event:
    """Save the changed thing with its next version, append the fact, ring. In the deed's
    transaction, on a locked row. A thing that is no longer to be had leaves the public view; what
    comes up next with it, how long its data stay, and who may miss it, is reckoned anew.

    `facts` and `text` are for staff; they hold no names or addresses.
    """
    item.version += 1
    item.erase_on = keeping.kept_until(item)
    item.save()
    event = Event.objects.create(
        item=item,
        kind=kind,
        version=item.version,
        at=at or timezone.now(),
        actor=by,
        text=text,
        facts=dict(facts or {}),
    )
    has_moved = listings.follow(item)
    deadlines.follow(item)
    schedule.after_item(item, kind)
    live.ring_item(item, is_seen=has_moved or kind in SEEN)
    return event


def record_loss(
    loss: LossReport,
    kind: LossEventKind,
    *,
    by: User | None = None,
    facts: Mapping[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> LossEvent:
    """The same for a loss."""
    loss.version += 1
    loss.save()
    event = LossEvent.objects.create(
        loss=loss,
        kind=kind,
        version=loss.version,
        at=at or timezone.now(),
        actor=by,
        facts=dict(facts or {}),
    )
    schedule.after_loss(loss, kind)
    live.ring_loss(loss)
    return event
