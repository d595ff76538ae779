"""Found money is counted by two people, each blind to the other, until both say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lostfound import recording
from lostfound.models import (
    Account,
    CashCount,
    EventKind,
    FoundItem,
    Holder,
    Method,
    Office,
    Party,
    Value,
)
from lostfound.money import cash
from lostfound.storing import custody
from lostfound.storing.storage import HERE
from townhall.models import User


@dataclass(eq=False)
class SamePerson(Exception):
    """The second count must be somebody else's."""


@dataclass(eq=False)
class Settled(Exception):
    """The money was counted by two before."""

    cents: int


@dataclass(eq=False)
class NotCountable(Exception):
    """Not money, or not in the office's keeping."""

    item: FoundItem


class Stand(StrEnum):
    """How far the counting is."""

    NOTHING = "nothing"
    ONE = "one"
    DIFFERENT = "different"
    SETTLED = "settled"


@dataclass(frozen=True)
class Counting:
    """`cents` once settled; `rounds` so far, oldest first, each of one or two counts."""

    stand: Stand
    rounds: Sequence[Sequence[CashCount]]
    cents: int | None = None

    @property
    def first(self) -> CashCount | None:
        """The count that waits for its second."""
        return self.rounds[-1][0] if self.stand == Stand.ONE else None


def counting_of(item: FoundItem) -> Counting:
    """One statement."""
    rounds: dict[int, list[CashCount]] = {}
    for each in item.cash_counts.select_related("by"):
        rounds.setdefault(each.round, []).append(each)
    so_far = [rounds[number] for number in sorted(rounds)]
    if not so_far:
        return Counting(Stand.NOTHING, so_far)
    *_before, last = so_far
    if len(last) < 2:
        return Counting(Stand.ONE, so_far)
    if last[0].cents == last[1].cents:
        return Counting(Stand.SETTLED, so_far, last[0].cents)
    return Counting(Stand.DIFFERENT, so_far)


def count(
    item: FoundItem,
    *,
    by: User,
    cents: int,
    denominations: Mapping[int, int] | None = None,
    method: Method = Method.CASH,
) -> Counting:
    """Enter what `by` counted. Twice the same sum by two people in one round settles it: the
    thing's value is exact, the ledger has the line, and the log says who saw it.

    `method`: into the till, or sealed with the thing; the second person's word counts. Until the
    second person has counted, the first may correct the own count.
    Raises SamePerson, Settled, NotCountable.
    """
    with transaction.atomic():
        item = recording.locked(item)
        if item.kind != "cash" or item.state not in HERE:
            raise NotCountable(item)
        before = counting_of(item)
        if before.stand == Stand.SETTLED:
            raise Settled(before.cents or 0)
        _enter(item, before, by=by, cents=cents, denominations=denominations or {})
        after = counting_of(item)
        if after.stand == Stand.SETTLED:
            _settle(item, after, by=by, method=method)
        return after


def _enter(
    item: FoundItem, before: Counting, *, by: User, cents: int, denominations: Mapping[int, int]
) -> None:
    pieces = {str(value): number for value, number in denominations.items() if number}
    facts = {"cents": cents, "denominations": pieces, "at": timezone.now()}
    first = before.first
    if first is not None and first.by_id == by.pk:
        if first.cents == cents:
            raise SamePerson
        CashCount.objects.filter(pk=first.pk).update(**facts)
        return
    number = len(before.rounds) + (0 if before.stand == Stand.ONE else 1)
    CashCount.objects.create(item=item, round=number, by=by, **facts)


def _settle(item: FoundItem, counting: Counting, *, by: User, method: Method) -> None:
    cents = counting.cents or 0
    witness = next(each.by for each in counting.rounds[-1] if each.by_id != by.pk)
    item.value, item.value_cents = Value.EXACT, cents
    told = _("counted by two")
    if method == Method.SEALED:
        last = custody.where(item)
        if last is None or last.holder in custody.OUTSIDE:  # who counts it has it at hand
            holder, place = Holder.COUNTER, ""
        else:
            holder, place = Holder(last.holder), last.place
        custody.pass_on(
            item, holder, place=place, storage=item.storage, by=by, witness=witness, reason=told
        )
    else:
        custody.pass_on(item, Holder.SAFE, place=_("till"), by=by, witness=witness, reason=told)
    recording.record(item, EventKind.CASH_COUNTED, by=by, facts={"cents": cents})
    if cents:
        cash.book(
            item.office,
            Account.FOUND_CASH,
            cents,
            item=item,
            party=Party.FINDER if item.has_finder else Party.OTHER,
            method=method,
            by=by,
            witness=witness,
            key=f"count-{item.code}",
        )


def uncounted(office: Office) -> QuerySet[FoundItem]:
    """Found money that two people have not agreed on yet."""
    return FoundItem.objects.filter(office=office, kind="cash", state__in=HERE).exclude(
        events__kind=EventKind.CASH_COUNTED
    )


def waiting(office: Office) -> QuerySet[FoundItem]:
    """The same, the oldest first, with what it was found in."""
    return uncounted(office).select_related("part_of").order_by("received_at")
