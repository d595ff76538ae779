"""What all ways out of the house share: the law is asked again, the log goes on, the end noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from lostfound.ending import deadlines
from lostfound.law.disposal import Step
from lostfound.models import EventKind, FoundItem, Holder
from lostfound.recording import locked, record
from lostfound.storing import custody
from lostfound.workflow import CLOSED, OPEN, State, check_move
from townhall.models import User


@dataclass(eq=False)
class NotNow(Exception):
    """The law allows none of these steps with the thing on that day."""

    item: FoundItem
    steps: frozenset[Step]


class ClaimWaits(NotNow):
    """Nothing leaves for good while somebody waits who says that it is theirs."""


def locked_for(item: FoundItem, *steps: Step, on: dt.date | None = None) -> tuple[FoundItem, Step]:
    """The locked thing, and the first of the steps that the law allows. Raises NotNow, ClaimWaits.

    `on`: the day the deed is meant for, if it is a later one (an auction that is planned).
    """
    item = locked(item)
    allowed = deadlines.allowed_now(item, on=on)
    step = next((each for each in steps if each.value in allowed), None)
    if step is None:
        raise (ClaimWaits if somebody_waits(item) else NotNow)(item, frozenset(steps))
    return item, step


def somebody_waits(item: FoundItem) -> bool:
    return deadlines.queue_for(item.part_of or item).waiting is not None


def leave(
    item: FoundItem,
    goal: State,
    *,
    to: Holder,
    kind: EventKind,
    by: User,
    witness: User | None = None,
    place: str = "",
    text: str = "",
    facts: Mapping[str, Any] | None = None,
    with_all: bool = False,
) -> None:
    """The locked thing goes, with the parts that share its fate, or with all. Raises IllegalMove.

    What waited to be fetched is first no longer waited for.
    """
    for thing in (item, *_sharing(item, with_all=with_all)):
        start = State(thing.state)
        if start is State.READY and goal not in {State.FORWARDED, State.RELEASED}:
            start = State.HELD
        check_move(start, goal)
        thing.state = goal
        if goal in CLOSED:
            thing.closed_at = timezone.now()
        custody.pass_on(thing, to, place=place, by=by, witness=witness, reason=text[:200])
        record(thing, kind, by=by, text=text, facts=facts)


def _sharing(item: FoundItem, *, with_all: bool) -> Iterator[FoundItem]:
    """Parts that go along, each locked."""
    if item.part_of_id is not None:
        return
    for part in item.parts.filter(state__in=OPEN).order_by("pk"):
        if with_all or deadlines.shares_fate(part):
            yield locked(part)
