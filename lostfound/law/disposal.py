"""Notice, deadline, auction, ledger (§§ 979–983), and what each regime allows next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Answer, Ground, practice, reading
from lostfound.law.kinds import Ending, Kind, handling
from lostfound.law.money import checked
from lostfound.law.ownership import Owner, Standing
from lostfound.law.periods import (
    IsWorkingDay,
    Period,
    ends,
    three_years_after,
)
from lostfound.law.policy import DEFAULT, Policy
from lostfound.law.regime import Operator, Regime

UNDER_NOTICE = frozenset({Regime.VERKEHRSFUND, Regime.UNANBRINGBAR})


class Step(StrEnum):
    WAIT = "wait"
    SETTLE_REGIME = "settle_regime"
    SETTLE_CLAIM = "settle_claim"  # somebody says that it is theirs and has no answer yet
    MONUMENT_AUTHORITY = "monument_authority"
    END_WITHOUT_FIND = "end_without_find"  # to police, keeper of the house, or the bin
    FORWARD = "forward"
    RELEASE_TO_OWNER = "release_to_owner"
    TELL_FINDER = "tell_finder"  # with a deadline to demand it
    HAND_TO_FINDER = "hand_to_finder"
    TAKE_IN = "take_in"  # the finder still has what must be delivered
    CLOSE_CASE = "close_case"  # the finder has it, and it is the finder's
    SELL_EARLY = "sell_early"
    SELL = "sell"
    GIVE = "give"
    DESTROY = "destroy"
    PUBLISH_NOTICE = "publish_notice"
    AUCTION = "auction"
    AUCTION_ONLINE = "auction_online"
    KEEP_PROCEEDS = "keep_proceeds"
    BOOK_PROCEEDS = "book_proceeds"  # they fall to whoever is behind the office


# What takes a thing from whoever may still show that it is theirs.
FOR_GOOD = frozenset(
    {
        Step.END_WITHOUT_FIND,
        Step.FORWARD,
        Step.SELL_EARLY,
        Step.SELL,
        Step.GIVE,
        Step.DESTROY,
        Step.AUCTION,
        Step.AUCTION_ONLINE,
        Step.BOOK_PROCEEDS,
    }
)


class Waiting(StrEnum):
    """Who waits for the thing while it lies here."""

    UNDECIDED = "undecided"  # a claim, or an owner's word that this is what they lost
    CONFIRMED = "confirmed"  # a claim that only needs to be fetched


class Missing(StrEnum):
    UNDER_NOTICE = "under_notice"  # this regime knows no auction after a notice
    AUCTIONABLE = "auctionable"
    NOTICE = "notice"
    DEADLINE_PASSED = "deadline_passed"
    NO_TIMELY_CLAIM = "no_timely_claim"


@dataclass(frozen=True)
class NextStep:
    """`due`: the day by which, or until which, it holds; None where no day is set."""

    step: Step
    ground: Ground
    due: dt.date | None = None


@dataclass(frozen=True)
class Holding:
    """What the office knows about a thing, or about the money it became.

    `collection_ends`, `demanded`: as in Course, of what became the finder's.
    """

    regime: Regime
    kind: Kind = Kind.OTHER
    standing: Standing | None = None  # under GENERAL
    notice_ends: dt.date | None = None  # as `notice_ends` gives it
    claimed: dt.date | None = None  # first claim of somebody entitled
    perishable: bool = False
    costly: bool = False  # to keep, in relation to its value
    auctioned: bool = False
    kept_by_finder: bool = False  # § 966
    collection_ends: dt.date | None = None
    demanded: dt.date | None = None
    waiting: Waiting | None = None

    @property
    def is_money(self) -> bool:
        return self.auctioned or self.kind is Kind.CASH

    @property
    def claimed_in_time(self) -> bool:
        return self.claimed is not None and (
            self.notice_ends is None or self.claimed <= self.notice_ends
        )


def notice_ends(
    posted: dt.date, *, is_working_day: IsWorkingDay, policy: Policy = DEFAULT
) -> dt.date:
    """Last day for rights to be registered after a notice (§ 980 Abs. 1)."""
    return ends(Period.NOTICE, posted, is_working_day=is_working_day, policy=policy)


def proceeds_until(notice_ends: dt.date | None) -> dt.date | None:
    """Last day on which proceeds or found cash can be claimed (§ 981 Abs. 1).

    None while no notice was made: without one the three years don't begin (§ 981 Abs. 2).
    """
    return three_years_after(notice_ends) if notice_ends else None


def reward_claim_until(fell_on: dt.date) -> dt.date:
    """Last day of the finder's claim against whom the proceeds fell to (§ 978 Abs. 3)."""
    return three_years_after(fell_on)


def proceeds_fall_to(operator: Operator) -> Operator:
    """§ 981 Abs. 1: whoever runs it; a privately run transport undertaking keeps them itself."""
    return Operator.MUNICIPALITY if operator is Operator.NOBODY else operator


def net_proceeds(proceeds_cents: int, *, costs_cents: int) -> int:
    """§ 981 Abs. 3: costs that nobody has to refund are taken off; never below nothing."""
    return max(0, checked(proceeds_cents) - checked(costs_cents))


def can_auction(holding: Holding, *, on: dt.date) -> Answer:
    """Notice published, deadline over, no claim in time; § 980 Abs. 2 spares notice and wait."""
    if holding.regime not in UNDER_NOTICE:
        return Answer(Ground("§ 979 BGB"), (Missing.UNDER_NOTICE,))
    missing = [] if handling(holding.kind).auctionable else [Missing.AUCTIONABLE]
    if holding.claimed_in_time:
        missing.append(Missing.NO_TIMELY_CLAIM)
    if holding.perishable or holding.costly:
        return Answer(Ground("§ 980 Abs. 2 BGB"), tuple(missing))
    until = None
    if holding.notice_ends is None:
        missing.append(Missing.NOTICE)
    elif on <= holding.notice_ends:
        missing.append(Missing.DEADLINE_PASSED)
        until = holding.notice_ends
    return Answer(Ground("§§ 979, 980 Abs. 1 BGB"), tuple(missing), until=until)


def can_auction_early(holding: Holding) -> bool:
    """Before the six months under GENERAL only what spoils or costs too much to keep."""
    return holding.perishable or holding.costly or handling(holding.kind).ending is Ending.AT_ONCE


def next_steps(holding: Holding, *, on: dt.date, policy: Policy = DEFAULT) -> tuple[NextStep, ...]:
    """What may be done next, and nothing else, most likely first.

    A weapon and an animal leave at once, whoever waits for them.
    """
    row = handling(holding.kind)
    if not row.stored:
        return (NextStep(Step.FORWARD, row.ground),)
    steps = _by_regime(holding, on=on, policy=policy)
    if holding.waiting is None or holding.kind is Kind.ANIMAL:
        return steps
    return _while_somebody_waits(steps, holding.waiting)


def _while_somebody_waits(steps: tuple[NextStep, ...], waiting: Waiting) -> tuple[NextStep, ...]:
    """Nothing goes for good, however late they came: first their claim gets its answer."""
    left = tuple(each for each in steps if each.step not in FOR_GOOD)
    if waiting is Waiting.CONFIRMED and any(each.step is Step.RELEASE_TO_OWNER for each in left):
        return left
    rest = (each for each in left if each.step is not Step.RELEASE_TO_OWNER)
    return (NextStep(Step.SETTLE_CLAIM, reading("§ 985 BGB")), *rest)


def _by_regime(holding: Holding, *, on: dt.date, policy: Policy) -> tuple[NextStep, ...]:
    match holding.regime:
        case Regime.KLAERUNG:
            return (NextStep(Step.SETTLE_REGIME, practice("BGH VIII ZR 379/86")),)
        case Regime.SCHATZ:
            return (NextStep(Step.MONUMENT_AUTHORITY, reading("§ 984 BGB")),)
        case Regime.KEIN_FUND:
            return (NextStep(Step.END_WITHOUT_FIND, practice("§§ 856, 959 BGB")),)
        case Regime.GENERAL:
            return _kept_by_finder(holding) if holding.kept_by_finder else _general(holding)
        case Regime.VERKEHRSFUND | Regime.UNANBRINGBAR:
            return _under_notice(holding, on=on, policy=policy)


def _kept_by_finder(holding: Holding) -> tuple[NextStep, ...]:
    """§ 966: nothing lies here. The finder hands it to its owner, or keeps what became theirs."""
    now = holding.standing
    match now.owner if now else Owner.OPEN:
        case Owner.FINDER:
            return (NextStep(Step.CLOSE_CASE, Ground("§ 973 BGB")),)
        case Owner.MUNICIPALITY:
            return (NextStep(Step.TAKE_IN, Ground("§ 976 Abs. 1 BGB")),)
        case Owner.ENTITLED:
            return (NextStep(Step.RELEASE_TO_OWNER, Ground("§ 969 BGB")),)
        case Owner.OPEN:
            last = now.last if now else None
            return (NextStep(Step.WAIT, Ground("§ 973 BGB"), last),)


def _general(holding: Holding) -> tuple[NextStep, ...]:
    now = holding.standing
    if now is None or now.owner is Owner.OPEN:
        return _while_open(holding)
    match now.owner:
        case Owner.FINDER:
            return _finders_own(holding, now)
        case Owner.MUNICIPALITY:
            return _towns_own(holding, now.ground)
        case _:
            return (NextStep(Step.RELEASE_TO_OWNER, Ground("§ 975 S. 3 BGB")),)


def _finders_own(holding: Holding, now: Standing) -> tuple[NextStep, ...]:
    """Told once, with a deadline; a finder who comes before it ends gets it at once."""
    hand = NextStep(Step.HAND_TO_FINDER, Ground("§ 973 BGB"))
    if holding.demanded:
        return (hand,)
    ends = holding.collection_ends
    if ends is None or (now.since and ends < now.since):
        return (NextStep(Step.TELL_FINDER, Ground("§ 976 Abs. 2 BGB")),)
    return (NextStep(Step.WAIT, Ground("§ 976 Abs. 2 BGB"), ends), hand)


def _while_open(holding: Holding) -> tuple[NextStep, ...]:
    row = handling(holding.kind)
    last = holding.standing.last if holding.standing else None
    wait = NextStep(Step.WAIT, Ground("§ 973 BGB"), last)
    if row.ending is Ending.FORWARDED:
        return (NextStep(Step.FORWARD, row.ground),)
    if not can_auction_early(holding) or holding.is_money:
        return (wait,)
    sell = NextStep(Step.SELL_EARLY, practice("§ 966 Abs. 2 BGB"))
    if row.ending is Ending.AT_ONCE:  # nobody may want what spoils
        return (sell, NextStep(Step.DESTROY, practice("§ 966 Abs. 2 BGB")), wait)
    return (sell, wait)


def _towns_own(holding: Holding, ground: Ground) -> tuple[NextStep, ...]:
    """What is the town's goes by its own budget rules; no notice (§ 980) is asked for."""
    if holding.is_money:
        return (NextStep(Step.BOOK_PROCEEDS, ground),)
    row = handling(holding.kind)
    if row.ending is Ending.FORWARDED:
        return (NextStep(Step.FORWARD, row.ground),)
    if not row.auctionable:
        return (NextStep(Step.DESTROY, ground),)
    return tuple(NextStep(step, ground) for step in (Step.SELL, Step.GIVE, Step.DESTROY))


def _under_notice(holding: Holding, *, on: dt.date, policy: Policy) -> tuple[NextStep, ...]:
    row = handling(holding.kind)
    if holding.kept_by_finder:  # § 978 knows no keeping at home
        return (NextStep(Step.TAKE_IN, Ground("§ 978 Abs. 1 BGB")),)
    if holding.claimed_in_time:
        return (NextStep(Step.RELEASE_TO_OWNER, Ground("§ 980 Abs. 1 BGB")),)
    if row.ending is Ending.FORWARDED:
        return (NextStep(Step.FORWARD, row.ground),)
    if holding.is_money:
        return _money(holding, on=on)
    steps = _auctions(holding, on=on, policy=policy)
    if row.ending is Ending.AT_ONCE:
        return (*steps, NextStep(Step.DESTROY, Ground("§ 980 Abs. 2 BGB")))
    if holding.notice_ends is None:
        return (*steps, NextStep(Step.PUBLISH_NOTICE, Ground("§ 980 Abs. 1 BGB")))
    if on <= holding.notice_ends:
        wait = NextStep(Step.WAIT, Ground("§ 980 Abs. 1 BGB"), holding.notice_ends)
        return (*steps, wait)
    return steps or (NextStep(Step.DESTROY, row.ground),)


def _auctions(holding: Holding, *, on: dt.date, policy: Policy) -> tuple[NextStep, ...]:
    answer = can_auction(holding, on=on)
    if not answer.allowed:
        return ()
    auction = NextStep(Step.AUCTION, answer.ground)
    starts = policy.online_auction_from
    if starts is None or on < starts:
        return (auction,)
    return (auction, NextStep(Step.AUCTION_ONLINE, reading("§ 979 Abs. 1a BGB")))


def _money(holding: Holding, *, on: dt.date) -> tuple[NextStep, ...]:
    """Proceeds and found cash: a notice first, then three years in the ledger."""
    until = proceeds_until(holding.notice_ends)
    if until is None:
        return (NextStep(Step.PUBLISH_NOTICE, Ground("§ 981 Abs. 2 BGB")),)
    if holding.claimed and holding.claimed <= until:
        return (NextStep(Step.RELEASE_TO_OWNER, Ground("§ 981 Abs. 1 BGB")),)
    if on <= until:
        return (NextStep(Step.KEEP_PROCEEDS, Ground("§ 981 Abs. 1 BGB"), until),)
    return (NextStep(Step.BOOK_PROCEEDS, Ground("§ 981 Abs. 1 BGB")),)
