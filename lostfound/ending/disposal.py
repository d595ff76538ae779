"""Sale, gift, destruction by four eyes: proposed by one account, approved by another, carried out
before a witness. The law is asked at each stage; what it no longer allows stays here, by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone

from lostfound.ending import data_media, deadlines
from lostfound.ending.leaving import NotNow, leave, locked_for, somebody_waits
from lostfound.law.disposal import Step
from lostfound.models import (
    Disposal,
    DisposalItem,
    DisposalState,
    EventKind,
    FoundItem,
    Holder,
    Method,
    Office,
    Way,
)
from lostfound.money import proceeds
from lostfound.recording import locked, record
from lostfound.workflow import State
from townhall.models import User

STEPS: dict[Way, tuple[Step, ...]] = {
    Way.SALE: (Step.SELL, Step.SELL_EARLY),
    Way.GIFT: (Step.GIVE,),
    Way.DESTRUCTION: (Step.DESTROY, Step.END_WITHOUT_FIND),
}
_GOALS: dict[Way, tuple[State, Holder]] = {
    Way.SALE: (State.SOLD, Holder.BUYER),
    Way.GIFT: (State.GIVEN, Holder.BUYER),
    Way.DESTRUCTION: (State.DESTROYED, Holder.NOBODY),
}


class Kept(StrEnum):
    """Why a thing stays."""

    NOT_NOW = "not_now"  # the law allows it no more
    DATA = "data"  # nobody noted what was done about the data on it
    CLAIM = "claim"  # somebody says that it is theirs
    OTHER_OFFICE = "other_office"
    PROPOSED = "proposed"  # in another proposal already
    REFUSED = "refused"


class SameEyes(Exception):
    """The same account twice: proposing and approving, or carrying out and witnessing."""


@dataclass(eq=False)
class WrongStage(Exception):
    """Somebody was faster, or it is not approved."""

    disposal: Disposal


@dataclass(frozen=True)
class Proposed:
    """`disposal` None: nothing of it can be proposed. `kept`: those left out, and why."""

    disposal: Disposal | None
    taken: tuple[FoundItem, ...]
    kept: Mapping[int, Kept]


def propose(
    office: Office,
    way: Way,
    items: Sequence[FoundItem],
    *,
    by: User,
    reason: str = "",
    receiver: str = "",
) -> Proposed:
    """The first two eyes."""
    with transaction.atomic():
        disposal = Disposal.objects.create(
            office=office,
            way=way,
            reason=reason,
            receiver=receiver,
            proposed_at=timezone.now(),
            proposed_by=by,
        )
        kept: dict[int, Kept] = {}
        taken: list[FoundItem] = []
        for item in sorted(items, key=lambda each: each.pk):
            why = _why_not(item, office, way) or _enter(disposal, item, len(taken) + 1)
            if why is None:
                taken.append(item)
                record(locked(item), EventKind.PROPOSED, by=by, text=reason, facts=_facts(disposal))
            else:
                kept[item.pk] = why
        if not taken:
            disposal.delete()
            return Proposed(None, (), kept)
        return Proposed(disposal, tuple(taken), kept)


def approve(disposal: Disposal, *, by: User) -> Disposal:
    """The other two eyes. Raises SameEyes, WrongStage."""
    with transaction.atomic():
        disposal = _locked(disposal, DisposalState.PROPOSED)
        if disposal.proposed_by_id == by.pk:
            raise SameEyes
        _decide(disposal, DisposalState.APPROVED, by)
        for entry in _open_entries(disposal):
            why = _why_not(entry.item, disposal.office, Way(disposal.way))
            if why is None:
                facts = _facts(disposal)
                record(locked(entry.item), EventKind.APPROVED, by=by, facts=facts)
            else:
                _keep(entry, why)
        return disposal


def refuse(disposal: Disposal, *, by: User, reason: str) -> Disposal:
    """Also what was approved can be stopped until it is done; also by whoever proposed it.

    Raises WrongStage.
    """
    with transaction.atomic():
        disposal = _locked(disposal, DisposalState.PROPOSED, DisposalState.APPROVED)
        disposal.refusal = reason
        if disposal.proposed_by_id == by.pk:
            disposal.state = DisposalState.REFUSED
            disposal.save()
        else:
            _decide(disposal, DisposalState.REFUSED, by)
        for entry in _open_entries(disposal):
            _keep(entry, Kept.REFUSED)
            record(locked(entry.item), EventKind.REFUSED, by=by, text=reason)
        return disposal


@dataclass(frozen=True)
class Done:
    """What happened: `cents` are by thing, for a sale."""

    by: User
    witness: User
    done_on: dt.date
    receiver: str = ""
    cents: Mapping[int, int] | None = None
    method: Method = Method.CASH


def carry_out(disposal: Disposal, done: Done) -> Disposal:
    """It has happened, before a witness. What the law no longer allows stays here.

    Raises SameEyes, WrongStage.
    """
    if done.by.pk == done.witness.pk:
        raise SameEyes
    with transaction.atomic():
        disposal = _locked(disposal, DisposalState.APPROVED)
        disposal.state = DisposalState.DONE
        disposal.receiver = done.receiver or disposal.receiver
        disposal.done_on, disposal.done_at = done.done_on, timezone.now()
        disposal.done_by, disposal.witness = done.by, done.witness
        disposal.save()
        for entry in _open_entries(disposal):
            _carry_out_one(disposal, entry, done)
        return disposal


def _carry_out_one(disposal: Disposal, entry: DisposalItem, done: Done) -> None:
    way = Way(disposal.way)
    why = _why_not(entry.item, disposal.office, way)
    if why is not None:
        _keep(entry, why)
        return
    try:
        item, step = locked_for(entry.item, *STEPS[way])
    except NotNow:
        _keep(entry, Kept.NOT_NOW)
        return
    if way is Way.SALE:
        entry.proceeds_cents = (done.cents or {}).get(item.pk, 0)
        proceeds.take(
            item,
            entry.proceeds_cents,
            costs_cents=0,
            in_trust=step is Step.SELL_EARLY,
            method=done.method,
            by=done.by,
            key=f"disposal-{entry.pk}",
        )
    goal, holder = _GOALS[way]
    entry.is_over = True
    entry.save()
    leave(
        item,
        goal,
        to=holder,
        kind=EventKind.DISPOSED,
        by=done.by,
        witness=done.witness,
        text=disposal.reason,
        facts=_facts(disposal),
    )


# ── Small steps ──────────────────────────────────────────────────────────────────────────────
def _why_not(item: FoundItem, office: Office, way: Way) -> Kept | None:
    if item.office_id != office.pk:
        return Kept.OTHER_OFFICE
    allowed = deadlines.allowed_now(locked(item))
    if not allowed & {step.value for step in STEPS[way]}:
        return Kept.CLAIM if somebody_waits(item) else Kept.NOT_NOW
    if way is not Way.DESTRUCTION and not data_media.may_go_on(item):
        return Kept.DATA
    return None


def _enter(disposal: Disposal, item: FoundItem, position: int) -> Kept | None:
    """None: it stands in the proposal. Two proposals of one thing are one too many."""
    try:
        with transaction.atomic():
            DisposalItem.objects.create(disposal=disposal, item=item, position=position)
    except IntegrityError:
        return Kept.PROPOSED
    return None


def _decide(disposal: Disposal, state: DisposalState, by: User) -> None:
    disposal.state = state
    disposal.decided_at, disposal.decided_by = timezone.now(), by
    disposal.save()


def _keep(entry: DisposalItem, why: Kept) -> None:
    entry.kept_because, entry.is_over = why.value, True
    entry.save()


def _open_entries(disposal: Disposal) -> list[DisposalItem]:
    rows = disposal.entries.filter(is_over=False).select_related("item")
    return list(rows.order_by("item_id"))


def _locked(disposal: Disposal, *states: DisposalState) -> Disposal:
    disposal = (
        Disposal.objects.select_for_update(of=("self",))
        .select_related("office__municipality")
        .get(pk=disposal.pk)
    )
    if disposal.state not in states:
        raise WrongStage(disposal)
    return disposal


def _facts(disposal: Disposal) -> dict[str, object]:
    return {"disposal": disposal.pk, "way": str(disposal.way)}
