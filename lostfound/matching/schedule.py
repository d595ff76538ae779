"""Jobs of the matcher: left behind by the deeds of both intakes, done by the worker."""

from __future__ import annotations

from lostfound.models import EventKind, FoundItem, LossEventKind, LossReport, LossState, Trace
from townhall.jobs import enqueue

MATCH_ITEM, MATCH_LOSS = "match_item", "match_loss"

# What may change with what a thing is compared.
_OF_ITEMS = frozenset(
    {
        EventKind.RECEIVED,
        EventKind.CHANGED,
        EventKind.PUBLISHED,
        EventKind.DEPUBLISHED,
        EventKind.HANDOVER_UNDONE,
    }
)
_OF_LOSSES = frozenset({LossEventKind.REPORTED, LossEventKind.CHANGED, LossEventKind.PROLONGED})


def schedule_item(item: FoundItem) -> None:
    """Look who misses this thing. In the deed's transaction; again is fine."""
    enqueue(MATCH_ITEM, item_id=item.pk)


def schedule_loss(loss: LossReport) -> None:
    """Look whether this is with us. In the deed's transaction; again is fine."""
    enqueue(MATCH_LOSS, loss_id=loss.pk)


def after_item(item: FoundItem, kind: EventKind) -> None:
    """After each deed on a thing: compare it anew, or forget the words it was found by."""
    if not item.is_open:
        Trace.objects.filter(item=item).delete()
    elif kind in _OF_ITEMS:
        schedule_item(item)


def after_loss(loss: LossReport, kind: LossEventKind) -> None:
    """The same for a loss."""
    if loss.state != LossState.OPEN:
        Trace.objects.filter(loss=loss).delete()
    elif kind in _OF_LOSSES:
        schedule_loss(loss)
