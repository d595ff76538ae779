"""What is owed when a thing leaves: fee, reward, expenses, shipping. Four lines, never one sum.

The amounts are the law's and the town's table (lostfound.law.fees, .reward), reckoned anew each
time; what was paid stands in the ledger (cash.py), what was let off in a Waiver. Cents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from lostfound.law import Ground, Kind, Policy, Regime, reward_of
from lostfound.law.fees import PAYS, Occasion, Payer, Schedule, fee_at
from lostfound.law.reward import Finding, Reward
from lostfound.law.reward import Why as RewardWhy
from lostfound.models import (
    Account,
    EventKind,
    Finder,
    FoundItem,
    LedgerLine,
    Method,
    Party,
    Value,
    Waiver,
)
from lostfound.money import cash
from lostfound.recording import locked, record
from lostfound.terms import policy_of, schedule_of
from lostfound.workflow import OPEN
from townhall.models import User

BULKY, ANIMAL, OTHER = "bulky", "animal", "other"  # kinds in the tables of fees
_PARTY = {Payer.OWNER: Party.OWNER, Payer.FINDER: Party.FINDER}
_BY_VALUE = frozenset({RewardWhy.BY_LAW, RewardWhy.BELOW_50})  # needs a value to be reckoned
ACCOUNTS = (Account.FEE, Account.REWARD, Account.EXPENSES, Account.SHIPPING)


class Why(StrEnum):
    """Why an amount is what it is, besides law.reward.Why."""

    BY_TABLE = "by_table"
    NO_TABLE = "no_table"
    VALUE_UNKNOWN = "value_unknown"
    AS_NOTED = "as_noted"


@dataclass(frozen=True)
class Due:
    """One line. `cents` None: no formula decides, staff enter the amount. `why`: a code."""

    account: Account
    cents: int | None
    why: StrEnum
    ground: Ground | None = None
    paid: int = 0
    waiver: Waiver | None = None

    @property
    def open_cents(self) -> int:
        if self.waiver is not None:
            return 0
        return max(0, (self.cents or 0) - self.paid)

    @property
    def is_settled(self) -> bool:
        """Nothing more is asked for. An amount that nobody knows is settled by paying something."""
        if self.waiver is not None:
            return True
        return self.paid > 0 if self.cents is None else self.paid >= self.cents

    @property
    def is_nothing(self) -> bool:
        return self.cents == 0 and not self.paid and self.waiver is None

    @property
    def label(self) -> str:
        return str(self.account.label)


@dataclass(frozen=True)
class Dues:
    """All four for one thing on one day. `value_cents` None: nobody has estimated it yet."""

    lines: Mapping[Account, Due]
    value_cents: int | None
    schedule: Schedule
    policy: Policy

    def __getitem__(self, account: Account) -> Due:
        return self.lines[account]

    @property
    def fees_settled(self) -> bool:
        """What the gate asks for: the office's own money (FUNDRECHT § 3), not the finder's."""
        return self[Account.FEE].is_settled and self[Account.SHIPPING].is_settled

    @property
    def finders(self) -> Sequence[Due]:
        return [self[Account.REWARD], self[Account.EXPENSES]]

    @property
    def finder_is_paid(self) -> bool:
        return all(due.is_settled for due in self.finders)

    @property
    def reward_due(self) -> bool:
        reward = self[Account.REWARD]
        return reward.cents is None or reward.cents > 0

    @property
    def shown(self) -> Sequence[Due]:
        return [due for due in self.lines.values() if not due.is_nothing]


class NothingDue(Exception):
    """There is nothing to let off."""


class AmountMissing(Exception):
    """Nobody has said how much."""


# ── Reckoning ────────────────────────────────────────────────────────────────────────────────
def dues_of(item: FoundItem, *, on: dt.date, occasion: Occasion = Occasion.RELEASE) -> Dues:
    """What is due for the whole with the parts that lie here. At most six statements."""
    town = item.office.municipality
    policy, schedule = policy_of(town), schedule_of(town)
    parts = list(item.parts.filter(state__in=OPEN))
    value = value_of(item, parts)
    paid = _paid(item, _PARTY[PAYS[occasion]])
    waived = {Account(each.account): each for each in item.waivers.all()}
    lines = [_fee(item, value, schedule, occasion, on)]
    if occasion is Occasion.RELEASE:
        finder = Finder.objects.filter(item=item).first()
        lines += [_reward(item, finder, value, policy), _expenses(item)]
    else:
        lines += [Due(account, 0, Why.AS_NOTED) for account in (Account.REWARD, Account.EXPENSES)]
    lines.append(Due(Account.SHIPPING, 0, Why.AS_NOTED))
    settled = {
        line.account: Due(
            line.account,
            line.cents,
            line.why,
            line.ground,
            paid.get(line.account, 0),
            waived.get(line.account),
        )
        for line in lines
    }
    return Dues(settled, value, schedule, policy)


def value_of(item: FoundItem, parts: Sequence[FoundItem]) -> int | None:
    """Of whole and parts together; None where the whole was never estimated.

    What is dear to its owner only is worth nothing to a table of fees; „bis 10,00 €“ without a
    number is read in favour of whoever pays.
    """
    if item.value == Value.UNKNOWN and item.value_cents is None:
        return None
    return sum(each.value_cents or 0 for each in (item, *parts))


def _fee(
    item: FoundItem, value: int | None, schedule: Schedule, occasion: Occasion, on: dt.date
) -> Due:
    if not schedule.bands:
        return Due(Account.FEE, 0, Why.NO_TABLE)
    if value is None:
        return Due(Account.FEE, None, Why.VALUE_UNKNOWN, schedule.ground)
    days = max(0, (on - timezone.localdate(item.received_at)).days)
    cents = fee_at(occasion, schedule, value_cents=value, days=days, kind=fee_kind(item))
    return Due(Account.FEE, cents, Why.BY_TABLE, schedule.ground)


def fee_kind(item: FoundItem) -> str:
    if item.law_kind is Kind.ANIMAL:
        return ANIMAL
    return BULKY if item.thing.is_bulky else OTHER


def _reward(item: FoundItem, finder: Finder | None, value: int | None, policy: Policy) -> Due:
    reward = reward_for(item, finder, value or 0, policy)
    if value is None and reward.why in _BY_VALUE:
        return Due(Account.REWARD, None, Why.VALUE_UNKNOWN, reward.ground)
    return Due(Account.REWARD, reward.cents, reward.why, reward.ground)


def reward_for(item: FoundItem, finder: Finder | None, value: int, policy: Policy) -> Reward:
    """Nobody known to pay it to: waived. A right that was not asked about is none that was waived.

    § 978 counts a breach of the duty to deliver, § 971 one of the duty to report.
    """
    finding = Finding(
        value_cents=value,
        regime=item.law_regime,
        animal=item.law_kind is Kind.ANIMAL,
        sentimental_only=item.value == Value.DEAR,
        waived=finder is None or item.claims_reward is False,
        notice_duty_breached=item.breached_duty,
        concealed=item.concealed,
        delivery_breached=item.breached_duty,
        finder_is_staff=bool(finder and finder.is_staff_of_place),
    )
    return reward_of(finding, rounding=policy.rounding)


def _expenses(item: FoundItem) -> Due:
    """§ 970, which § 978 shuts out."""
    entitled = item.law_regime is Regime.GENERAL and item.claims_expenses is not False
    cents = item.expenses_cents if entitled else 0
    return Due(Account.EXPENSES, cents, Why.AS_NOTED, Ground("§ 970 BGB"))


def _paid(item: FoundItem, party: Party) -> dict[Account, int]:
    """What came in from whoever pays, what was taken back subtracted."""
    sums = (
        LedgerLine.objects.filter(item=item, party=party, account__in=ACCOUNTS)
        .order_by()
        .values_list("account")
        .annotate(cents=Sum("cents"))
    )
    return {Account(account): cents for account, cents in sums}


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────
def pay(
    item: FoundItem,
    account: Account,
    cents: int,
    *,
    method: Method,
    by: User,
    client_id: UUID,
    party: Party = Party.OWNER,
) -> LedgerLine:
    """Book what came in from owner or finder; below zero: what went out to the finder.

    The same `client_id` is the same line. Raises cash.NothingToBook, cash.Overdrawn, cash.KeyTaken.
    """
    with transaction.atomic():
        item = locked(item)
        key = f"release-{item.code}-{account}-{client_id}"
        is_new = not LedgerLine.objects.filter(office=item.office, key=key).exists()
        line = cash.book(
            item.office, account, cents, item=item, party=party, method=method, by=by, key=key
        )
        if is_new:
            facts = {"account": account.value, "cents": cents, "line": line.number}
            record(item, EventKind.PAID, by=by, facts=facts)
    return line


def waive(item: FoundItem, account: Account, *, by: User, reason: str) -> Waiver:
    """Let it off, with the reason and the amount of that day. Only money that is the office's.

    Raises NothingDue. Again = no change.
    """
    with transaction.atomic():
        item = locked(item)
        known = Waiver.objects.filter(item=item, account=account).first()
        if known is not None:
            return known
        due = dues_of(item, on=timezone.localdate())[account]
        if account not in {Account.FEE, Account.SHIPPING} or due.is_settled:
            raise NothingDue
        waiver = Waiver.objects.create(
            item=item,
            account=account,
            cents=due.open_cents,
            reason=reason,
            at=timezone.now(),
            by=by,
        )
        facts = {"account": account.value, "cents": waiver.cents}
        record(item, EventKind.WAIVED, by=by, text=reason, facts=facts)
    return waiver
