"""Money in a thing's place: taken in with what it cost, kept three years, then somebody's.

§ 981: it falls to whoever runs the place of the find, less the costs. What lies in the till or in
an envelope is carried away by a person; what lies on an account the night books by itself.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from lostfound.ending.leaving import NotNow, locked_for
from lostfound.law.disposal import (
    Step,
    net_proceeds,
    proceeds_fall_to,
    reward_claim_until,
)
from lostfound.law.regime import Operator
from lostfound.models import (
    Account,
    EventKind,
    FoundItem,
    Holder,
    Method,
    Party,
    Proceeds,
)
from lostfound.money import cash
from lostfound.recording import record
from lostfound.storing import custody
from lostfound.workflow import State, check_move
from townhall.models import User

ON_ACCOUNT = frozenset({Method.TRANSFER, Method.CARD})
log = logging.getLogger(__name__)


def take(
    item: FoundItem,
    cents: int,
    *,
    costs_cents: int,
    in_trust: bool,
    method: Method,
    by: User,
    key: str,
    on: dt.date | None = None,
) -> Proceeds:
    """The money is in the ledger, and in the thing's place. In the deed's transaction, before its
    `record`, on the locked thing. What was the town's own goes to its treasury at once.
    """
    net = net_proceeds(cents, costs_cents=costs_cents)
    _book(item, cents, Party.BUYER, method, by, f"{key}-in")
    _book(item, net - cents, Party.OTHER, method, by, f"{key}-costs", note="§ 981 Abs. 3 BGB")
    on = on or timezone.localdate()
    money, _new = Proceeds.objects.update_or_create(
        item=item,
        defaults={
            "cents": cents,
            "costs_cents": cents - net,
            "received_on": on,
            "in_trust": in_trust,
            "settled_on": None,
            "fell_to": "",
        },
    )
    if not in_trust:
        _fall(item, money, Operator.MUNICIPALITY, by=by, on=on)
    return money


def settle(item: FoundItem, *, by: User | None, on: dt.date | None = None) -> FoundItem:
    """Book the money to whom it fell (§ 981 Abs. 1). `by` None: the night. Raises NotNow, and
    cash.Overdrawn where the ledger holds less.
    """
    on = on or timezone.localdate()
    with transaction.atomic():
        item, _step = locked_for(item, Step.BOOK_PROCEEDS, on=on)
        check_move(State(item.state), State.BOOKED)
        operator = beneficiary(item)
        money = Proceeds.objects.filter(item=item, settled_on=None).first()
        if money is None:
            fallen = _empty(item, Account.FOUND_CASH, operator, by=by)
            custody.pass_on(item, Holder.OFFICE, by=by)  # the treasury
        else:
            fallen = _fall(item, money, operator, by=by, on=on)
        item.state = State.BOOKED
        item.closed_at = timezone.now()
        record(item, EventKind.BOOKED, by=by, facts={"cents": fallen, "to": operator.value})
        return item


def settle_due(*, on: dt.date | None = None) -> int:
    """What lies on an account and has fallen to somebody: booked, each in its own transaction.

    Returns how many; again: none.
    """
    on = on or timezone.localdate()
    open_ones = Proceeds.objects.filter(settled_on=None, in_trust=True).order_by("item")
    rows = open_ones.select_related("item__office__municipality", "item__part_of")
    return sum(_settle_by_night(money.item, on) for money in rows.iterator(chunk_size=200))


def _settle_by_night(item: FoundItem, on: dt.date) -> bool:
    if not set(cash.held(item, Account.PROCEEDS)) <= ON_ACCOUNT:
        return False
    try:
        settle(item, by=None, on=on)
    except NotNow:
        return False
    except cash.Overdrawn:
        log.warning("Less is held for thing %s than its proceeds", item.code)
        return False
    return True


def beneficiary(item: FoundItem) -> Operator:
    """Whose it becomes: of a street the municipality's, of a bus its operator's."""
    whole = item.part_of or item
    place = whole.find_place
    return proceeds_fall_to(Operator(place.operator) if place else Operator.NOBODY)


def _fall(
    item: FoundItem, money: Proceeds, operator: Operator, *, by: User | None, on: dt.date
) -> int:
    fallen = _empty(item, Account.PROCEEDS, operator, by=by)
    money.settled_on, money.fell_to = on, operator.value
    if money.in_trust and item.claims_reward:
        money.reward_claim_until = reward_claim_until(on)
    money.save()
    return fallen


def _empty(item: FoundItem, account: Account, operator: Operator, *, by: User | None) -> int:
    """All that is held for the thing on this account goes out. Returns cents."""
    party = Party.TREASURY if operator is Operator.MUNICIPALITY else Party.OTHER
    held = cash.held(item, account)
    for method, cents in held.items():
        _book(item, -cents, party, method, by, f"fallen-{item.code}-{method}", account=account)
    return sum(held.values())


def _book(
    item: FoundItem,
    cents: int,
    party: Party,
    method: Method,
    by: User | None,
    key: str,
    *,
    account: Account = Account.PROCEEDS,
    note: str = "",
) -> None:
    if cents:
        cash.book(
            item.office,
            account,
            cents,
            item=item,
            party=party,
            method=method,
            by=by,
            key=key,
            note=note,
        )


def open_money(items: Iterable[FoundItem]) -> dict[int, Proceeds]:
    """By thing. One statement."""
    return {money.item_id: money for money in Proceeds.objects.filter(item__in=list(items))}
