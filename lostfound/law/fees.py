"""Fees as data. Every municipality has its own table; those below are samples and marked so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from lostfound.law.grounds import Ground, practice, reading
from lostfound.law.money import checked, rounded

ANY_KIND: frozenset[str] = frozenset()


class Payer(StrEnum):
    OWNER = "owner"
    FINDER = "finder"


class Occasion(StrEnum):
    RELEASE = "release"  # to the owner
    ACQUISITION = "acquisition"  # by the finder


PAYS: dict[Occasion, Payer] = {
    Occasion.RELEASE: Payer.OWNER,
    Occasion.ACQUISITION: Payer.FINDER,  # and at no other time
}


class Extra(StrEnum):
    CERTIFICATE = "certificate"
    INSURANCE_CERTIFICATE = "insurance_certificate"
    DATA_WIPE = "data_wipe"
    TRANSPORT = "transport"  # fetching what is bulky, such as a bicycle
    RESEARCH = "research"  # looking for the owner
    POSTAGE = "postage"


class Account(StrEnum):
    """Four kinds of money at the counter, four lines in the ledger."""

    FEE = "fee"
    REWARD = "reward"
    EXPENSES = "expenses"
    SHIPPING = "shipping"


@dataclass(frozen=True)
class LedgerLine:
    account: Account
    cents: int
    to_finder: bool


@dataclass(frozen=True)
class Charge:
    """`cents` and `percent` of the value together, rounded half-up, then held within limits.

    With `step_cents` the fixed amount is due for every started step of the value.
    """

    cents: int = 0
    percent: int = 0
    step_cents: int | None = None
    least: int = 0
    most: int | None = None
    plus_costs: bool = False  # what it really cost comes on top


@dataclass(frozen=True)
class Band:
    """Whole cents and whole days, both ends included, so that no boundary belongs to two bands."""

    charge: Charge
    from_cents: int = 0
    to_cents: int | None = None
    from_days: int = 0
    to_days: int | None = None
    kinds: frozenset[str] = ANY_KIND


@dataclass(frozen=True)
class ExtraCharge:
    cents: int
    payer: Payer


@dataclass(frozen=True)
class Schedule:
    """The first band that fits decides; none fits: nothing is due."""

    name: str
    ground: Ground
    bands: tuple[Band, ...] = ()
    payers: frozenset[Payer] = frozenset(Payer)
    extras: Mapping[Extra, ExtraCharge] = field(default_factory=dict)
    sample: bool = True  # not to be used before the municipality has put in its own


def fee(schedule: Schedule, *, value_cents: int, days: int, kind: str) -> int:
    """Fee in cents for a thing of this value and kind after so many days in the house.

    Raises NegativeMoney.
    """
    checked(value_cents)
    for band in schedule.bands:
        if _fits(band, value_cents, days, kind):
            return _amount(band.charge, value_cents)
    return 0


def fee_at(
    occasion: Occasion, schedule: Schedule, *, value_cents: int, days: int, kind: str
) -> int:
    """The fee of whoever pays on that occasion; 0 where the table knows no such payer."""
    if PAYS[occasion] not in schedule.payers:
        return 0
    return fee(schedule, value_cents=value_cents, days=days, kind=kind)


def settlement(
    *, fee: int = 0, reward: int = 0, expenses: int = 0, shipping: int = 0
) -> tuple[LedgerLine, ...]:
    """One line for each kind of money that is due; they are never added up to one."""
    due = {
        Account.FEE: fee,
        Account.REWARD: reward,
        Account.EXPENSES: expenses,
        Account.SHIPPING: shipping,
    }
    to_finder = {Account.REWARD, Account.EXPENSES}
    return tuple(
        LedgerLine(account, checked(cents), account in to_finder)
        for account, cents in due.items()
        if cents
    )


def _fits(band: Band, value_cents: int, days: int, kind: str) -> bool:
    return (
        _within(value_cents, band.from_cents, band.to_cents)
        and _within(days, band.from_days, band.to_days)
        and (not band.kinds or kind in band.kinds)
    )


def _within(number: int, low: int, high: int | None) -> bool:
    return low <= number and (high is None or number <= high)


def _amount(charge: Charge, value_cents: int) -> int:
    steps = -(-value_cents // charge.step_cents) if charge.step_cents else 1
    cents = rounded(Fraction(charge.cents * steps) + Fraction(value_cents * charge.percent, 100))
    cents = max(cents, charge.least)
    return cents if charge.most is None else min(cents, charge.most)


_FOUR_WEEKS = 28

MAGDEBURG = Schedule(
    "Magdeburg",
    practice("Magdeburg"),
    bands=(
        Band(Charge(cents=260), from_cents=500, to_cents=2500),
        Band(Charge(percent=10), from_cents=2501, to_cents=50_000, to_days=_FOUR_WEEKS),
        Band(Charge(percent=15), from_cents=2501, to_cents=50_000),
        Band(Charge(percent=5, least=5000, most=25_000), from_cents=50_001, to_days=_FOUR_WEEKS),
        Band(Charge(percent=10, least=7500, most=50_000), from_cents=50_001),
    ),
    extras={
        Extra.CERTIFICATE: ExtraCharge(260, Payer.OWNER),
        Extra.DATA_WIPE: ExtraCharge(3570, Payer.FINDER),
    },
)
LUCKENWALDE = Schedule(
    "Luckenwalde",
    reading("Luckenwalde"),  # "je angefangene 500 €" is our reading
    bands=(
        Band(Charge(), to_cents=2499),
        Band(Charge(cents=600), to_cents=14_999),
        Band(Charge(cents=1100), to_cents=49_999),
        Band(Charge(cents=1600, step_cents=50_000)),
    ),
)
LUDWIGSHAFEN = Schedule(
    "Ludwigshafen", practice("Ludwigshafen"), bands=(Band(Charge(percent=1, least=320)),)
)
LAHR = Schedule(
    "Lahr",
    reading("Lahr"),  # its bands overlap at the boundaries
    bands=(
        Band(Charge(cents=600), to_cents=5000),
        Band(Charge(cents=1200), to_cents=25_000),
        Band(Charge(cents=1800), to_cents=50_000),
        Band(Charge(cents=3000)),
    ),
    payers=frozenset({Payer.FINDER}),
)
ALTSHAUSEN = Schedule(
    "Altshausen",
    practice("Altshausen"),
    bands=(
        Band(Charge(cents=2950), kinds=frozenset({"bulky"})),
        Band(Charge(cents=5100, plus_costs=True), kinds=frozenset({"animal"})),
        Band(Charge(cents=1250)),
    ),
)
LANGENAU = Schedule("Langenau", practice("Langenau"), bands=(Band(Charge(cents=350)),))
KONSTANZ = Schedule(
    "Konstanz",
    reading("Konstanz"),  # which band 100 € and 500 € belong to is our reading
    bands=(
        Band(Charge(cents=500), to_cents=9999),
        Band(Charge(cents=1000), to_cents=49_999),
        Band(Charge(cents=2000)),
    ),
    payers=frozenset({Payer.FINDER}),
)
SELIGENSTADT = Schedule("Seligenstadt", practice("Seligenstadt"), bands=(Band(Charge(cents=1000)),))
NETPHEN = Schedule(
    "Netphen",
    practice("Netphen"),
    extras={Extra.INSURANCE_CERTIFICATE: ExtraCharge(250, Payer.OWNER)},
)

SAMPLES: dict[str, Schedule] = {
    schedule.name.lower(): schedule
    for schedule in (
        MAGDEBURG,
        LUCKENWALDE,
        LUDWIGSHAFEN,
        LAHR,
        ALTSHAUSEN,
        LANGENAU,
        KONSTANZ,
        SELIGENSTADT,
        NETPHEN,
    )
}
