"""What is owed when a thing leaves: fee, reward, expenses, shipping, each a line, never one sum.

What the town's table charges besides (transport, research, postage …) staff add, line by line.

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
from lostfound.law.fees import PAYS, Extra, Occasion, Payer, Schedule, fee_at
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
    Surcharge,
    Value,
    Waiver,
)
from lostfound.money import cash
from lostfound.recording import locked, record
from lostfound.terms import policy_of, schedule_of
from lostfound.workflow import OPEN, IllegalMove, State
from townhall.models import User

BULKY, ANIMAL, OTHER = "bulky", "animal", "other"  # kinds in the tables of fees
_PARTY = {Payer.OWNER: Party.OWNER, Payer.FINDER: Party.FINDER}
_BY_VALUE = frozenset({RewardWhy.BY_LAW, RewardWhy.BELOW_50})  # needs a value to be reckoned
SURCHARGES = {
    Extra.CERTIFICATE: Account.CERTIFICATE,
    Extra.INSURANCE_CERTIFICATE: Account.INSURANCE,
    Extra.DATA_WIPE: Account.DATA_WIPE,
    Extra.TRANSPORT: Account.TRANSPORT,
    Extra.RESEARCH: Account.RESEARCH,
    Extra.POSTAGE: Account.POSTAGE,
}
# The office's own money; the rest is the finder's.
OFFICES = (Account.FEE, *SURCHARGES.values(), Account.SHIPPING)
ACCOUNTS = (*OFFICES, Account.REWARD, Account.EXPENSES)


class Why(StrEnum):
    """Why an amount is what it is, besides law.reward.Why."""

    BY_TABLE = "by_table"
    NO_TABLE = "no_table"
    VALUE_UNKNOWN = "value_unknown"
    AS_NOTED = "as_noted"
    SURCHARGE = "surcharge"


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

    @property
    def is_offices(self) -> bool:
        """Of the office's own money it may let something off."""
        return self.account in OFFICES

    @property
    def may_end(self) -> bool:
        """Added by staff, and nothing is paid or let off yet."""
        return self.why is Why.SURCHARGE and not self.paid and self.waiver is None


@dataclass(frozen=True)
class Dues:
    """All lines for one thing on one day. `value_cents` None: nobody has estimated it yet."""

    lines: Mapping[Account, Due]
    value_cents: int | None
    schedule: Schedule
    policy: Policy
    payer: Payer

    def __getitem__(self, account: Account) -> Due:
        return self.lines[account]

    @property
    def fees_settled(self) -> bool:
        """What the gate asks for: the office's own money (FUNDRECHT § 3), not the finder's."""
        return all(due.is_settled for due in self.lines.values() if due.is_offices)

    @property
    def has_surcharges(self) -> bool:
        return any(due.why is Why.SURCHARGE for due in self.lines.values())

    @property
    def office_cents(self) -> int:
        """What the office asks for altogether, with nothing of the finder's in it."""
        own = [due for due in self.lines.values() if due.is_offices and due.waiver is None]
        return sum(due.cents or 0 for due in own)

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
    def offered(self) -> Sequence[tuple[Extra, int]]:
        """What the table lets staff charge besides, and is not charged yet. Cents."""
        return [
            (extra, charge.cents)
            for extra, charge in self.schedule.extras.items()
            if charge.payer is self.payer and SURCHARGES[extra] not in self.lines
        ]

    @property
    def shown(self) -> Sequence[Due]:
        return [due for due in self.lines.values() if not due.is_nothing]


class NothingDue(Exception):
    """There is nothing to let off."""


class AmountMissing(Exception):
    """Nobody has said how much."""


class NotOffered(Exception):
    """The town's table does not charge this, or not this payer."""


class PaidAlready(Exception):
    """Money came in for it, or it was let off: it is too late to change it."""


# ── Reckoning ────────────────────────────────────────────────────────────────────────────────
def dues_of(item: FoundItem, *, on: dt.date, occasion: Occasion = Occasion.RELEASE) -> Dues:
    """What is due for the whole with the parts that lie here. At most seven statements."""
    town = item.office.municipality
    policy, schedule = policy_of(town), schedule_of(town)
    parts = list(item.parts.filter(state__in=OPEN))
    value = value_of(item, parts)
    paid = _paid(item, _PARTY[PAYS[occasion]])
    waived = {Account(each.account): each for each in item.waivers.all()}
    lines = [_fee(item, value, schedule, occasion, on)]
    lines += [
        Due(Account(each.account), each.cents, Why.SURCHARGE, schedule.ground)
        for each in item.surcharges.filter(party=_PARTY[PAYS[occasion]])
    ]
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
    return Dues(settled, value, schedule, policy, PAYS[occasion])


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


def charge(
    item: FoundItem, extra: Extra, cents: int, *, by: User, occasion: Occasion = Occasion.RELEASE
) -> Surcharge:
    """Note what is charged besides the fee. Again with another amount: that one holds.

    Raises NotOffered, AmountMissing, PaidAlready, and IllegalMove where the thing has left.
    """
    if cents <= 0:
        raise AmountMissing
    with transaction.atomic():
        item = locked(item)
        _refuse_if_gone(item)
        dues = dues_of(item, on=timezone.localdate(), occasion=occasion)
        offer, account = dues.schedule.extras.get(extra), SURCHARGES[extra]
        if offer is None or offer.payer is not dues.payer:
            raise NotOffered
        known = dues.lines.get(account)
        if known is not None and not known.may_end:
            raise PaidAlready
        facts = {"party": _PARTY[dues.payer], "cents": cents, "at": timezone.now(), "by": by}
        row, is_new = Surcharge.objects.get_or_create(item=item, account=account, defaults=facts)
        if is_new or row.cents != cents:
            Surcharge.objects.filter(pk=row.pk).update(**facts)
            told = {"account": account.value, "cents": cents, "table": offer.cents}
            record(item, EventKind.SURCHARGED, by=by, facts=told)
    return row


def uncharge(item: FoundItem, account: Account, *, by: User) -> None:
    """Charge it no longer. Again = no change. Raises PaidAlready, IllegalMove."""
    with transaction.atomic():
        item = locked(item)
        _refuse_if_gone(item)
        row = Surcharge.objects.filter(item=item, account=account).first()
        if row is None:
            return
        paid = _paid(item, Party(row.party)).get(account)
        if paid or item.waivers.filter(account=account).exists():
            raise PaidAlready
        row.delete()
        facts = {"account": account.value, "cents": row.cents}
        record(item, EventKind.SURCHARGE_ENDED, by=by, facts=facts)


def _refuse_if_gone(item: FoundItem) -> None:
    if item.state not in OPEN:
        raise IllegalMove(State(item.state), State(item.state))


def waive(item: FoundItem, account: Account, *, by: User, reason: str) -> Waiver:
    """Let it off, with the reason and the amount of that day. Only money that is the office's.

    Raises NothingDue. Again = no change.
    """
    with transaction.atomic():
        item = locked(item)
        known = Waiver.objects.filter(item=item, account=account).first()
        if known is not None:
            return known
        surcharge = Surcharge.objects.filter(item=item, account=account).first()
        is_finders = surcharge is not None and surcharge.party == Party.FINDER
        occasion = Occasion.ACQUISITION if is_finders else Occasion.RELEASE
        due = dues_of(item, on=timezone.localdate(), occasion=occasion).lines.get(account)
        if due is None or not due.is_offices or due.is_settled:
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
