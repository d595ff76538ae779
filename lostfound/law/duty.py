"""What a finder must do (§§ 965–968, 978 Abs. 1) and what the office writes down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Answer, Ground, practice
from lostfound.law.kinds import Kind, handling
from lostfound.law.money import checked
from lostfound.law.regime import Regime

SMALL_FIND_CENTS = 1000  # § 965 Abs. 2 S. 2: "nicht mehr als zehn Euro wert"


class Duty(StrEnum):
    NONE = "none"
    REPORT = "report"  # at once, to the authority
    TELL_OWNER = "tell_owner"
    DELIVER = "deliver"  # at once, to the authority or the undertaking


@dataclass(frozen=True)
class FindersDuty:
    duty: Duty
    ground: Ground


class Entry(StrEnum):
    """What the record of a notice holds: § 1 Abs. 2 FundV (BY), a good rule everywhere."""

    DAY_OF_NOTICE = "day_of_notice"
    TIME_OF_FIND = "time_of_find"
    PLACE_OF_FIND = "place_of_find"
    KIND = "kind"
    FINDER_NAME = "finder_name"
    FINDER_ADDRESS = "finder_address"
    KEPT_OR_DELIVERED = "kept_or_delivered"
    WAIVER = "waiver"


RECORD_GROUND = practice("§ 1 Abs. 2 FundV (BY)")
_ABOUT_FINDER = frozenset({Entry.FINDER_NAME, Entry.FINDER_ADDRESS})

# § 4 FundV (BY): on request the finder gets it in writing.
CERTIFICATE_GROUND = practice("§ 4 FundV (BY)")


class Fault(StrEnum):
    INTENT = "intent"
    GROSS_NEGLIGENCE = "gross_negligence"
    NEGLIGENCE = "negligence"


LIABLE_FOR = frozenset({Fault.INTENT, Fault.GROSS_NEGLIGENCE})  # § 968


class Missing(StrEnum):
    REASON_TO_SELL = "reason_to_sell"
    AUTHORITY_TOLD = "authority_told"
    NO_ORDER_TO_DELIVER = "no_order_to_deliver"
    KEEPABLE_KIND = "keepable_kind"


@dataclass(frozen=True)
class LandRule:
    """A Land's own rules of procedure. All are samples until the municipality has checked them."""

    land: str
    name: str | None  # None: we know of none, to be checked before the first real case
    sample: bool = True


_LAND_RULES = {"BY": "FundV"}


@dataclass(eq=False)
class DatesOutOfOrder(Exception):
    """A thing is found, then handed to somebody, then notified."""


@dataclass(frozen=True)
class Dates:
    """The three days of a hand-in. The notice at the competent office starts § 973's clock.

    Raises DatesOutOfOrder.
    """

    found: dt.date
    notice: dt.date
    handed_over: dt.date | None = None  # to police, pool or driver, if anybody was in between

    def __post_init__(self) -> None:
        if not self.found <= (self.handed_over or self.found) <= self.notice:
            raise DatesOutOfOrder


@dataclass(frozen=True)
class Competence:
    municipality: str
    forward: bool  # the notice came in elsewhere
    ground: Ground = CERTIFICATE_GROUND


def finders_duty(value_cents: int, *, regime: Regime, owner_known: bool = False) -> FindersDuty:
    """What the finder owes. Exactly 10.00 € is still small; § 978 knows no small finds."""
    checked(value_cents)
    if regime is Regime.VERKEHRSFUND:
        return FindersDuty(Duty.DELIVER, Ground("§ 978 Abs. 1 BGB"))
    if regime is not Regime.GENERAL:
        return FindersDuty(Duty.NONE, Ground("§ 965 BGB"))
    if owner_known:
        return FindersDuty(Duty.TELL_OWNER, Ground("§ 965 Abs. 1 BGB"))
    if value_cents <= SMALL_FIND_CENTS:
        return FindersDuty(Duty.NONE, Ground("§ 965 Abs. 2 S. 2 BGB"))
    return FindersDuty(Duty.REPORT, Ground("§ 965 Abs. 2 S. 1 BGB"))


def entries_to_record(*, waived_all: bool) -> frozenset[Entry]:
    """Whoever waives everything needn't say who they are."""
    return frozenset(Entry) - _ABOUT_FINDER if waived_all else frozenset(Entry)


def competence(*, reported_at: str, found_in: str | None) -> Competence:
    """The municipality of the place of find; nobody knows it: where it was reported."""
    municipality = found_in or reported_at
    return Competence(municipality, forward=municipality != reported_at)


def finder_may_auction(*, perishable: bool, costly: bool, authority_told: bool) -> Answer:
    """Early sale by a finder who keeps the thing (§ 966 Abs. 2). The proceeds take its place."""
    missing = []
    if not (perishable or costly):
        missing.append(Missing.REASON_TO_SELL)
    if not authority_told:
        missing.append(Missing.AUTHORITY_TOLD)
    return Answer(Ground("§ 966 Abs. 2 BGB"), tuple(missing))


def finder_may_keep(kind: Kind, *, delivery_ordered: bool) -> Answer:
    """§ 966: at home, unless the authority orders delivery (§ 967), as it does for some kinds.

    Whoever would rather deliver may do so at any time.
    """
    missing = [Missing.NO_ORDER_TO_DELIVER] if delivery_ordered else []
    if handling(kind).must_deliver:
        missing.append(Missing.KEEPABLE_KIND)
    return Answer(Ground("§§ 966, 967 BGB"), tuple(missing))


def land_rule(land: str) -> LandRule:
    """`land` as in the register of municipalities: "BY", "HE"."""
    return LandRule(land, _LAND_RULES.get(land))
