"""What comes up next with a thing that lies here, why, and on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.disposal import (
    Holding,
    NextStep,
    Step,
    Waiting,
    next_steps,
    proceeds_until,
)
from lostfound.law.grounds import Ground
from lostfound.law.kinds import Fate, Kind, fate, handling
from lostfound.law.ownership import Course, Owner, Standing, standing
from lostfound.law.periods import IsWorkingDay
from lostfound.law.policy import DEFAULT, GROUNDS, Policy
from lostfound.law.regime import Regime
from lostfound.law.release import resubmission

_DAY = dt.timedelta(days=1)
_Soon = Callable[[dt.date], dt.date]
PAPERS = frozenset({Kind.IDENTITY_PAPER, Kind.FOREIGN_PAPER, Kind.CARD})


class Rule(StrEnum):
    """Why it comes up on that day. A screen has a sentence for each."""

    STOPPED = "stopped"  # never in store: police, weapons authority
    ANIMAL = "animal"
    DECIDE = "decide"  # which law holds
    TREASURE = "treasure"
    NO_FIND = "no_find"
    PAPERS_WAIT = "papers_wait"
    PAPERS_LEAVE = "papers_leave"
    SIX_MONTHS = "six_months"
    CONCEALED = "concealed"  # the six months are over, and it became nobody's
    CLAIMED = "claimed"
    CLAIM_WAITS = "claim_waits"
    DECLARATION = "declaration"
    FINDERS = "finders"
    COLLECTION = "collection"
    DEMANDED = "demanded"
    TOWNS = "towns"
    SPOILS = "spoils"
    NOTICE_DUE = "notice_due"
    NOTICE_RUNS = "notice_runs"
    NOTICE_OVER = "notice_over"
    PROCEEDS_KEPT = "proceeds_kept"
    PROCEEDS_FALL = "proceeds_fall"
    TAKE_IN = "take_in"
    CLOSE = "close"


@dataclass(frozen=True)
class Case:
    """All that decides what comes next. `received`: by the office; `asked`: the finder, whether
    the owner may have it; `sold`: money lies in its place. `waits_since`: the day on which the
    first of those came who still wait for it.
    """

    regime: Regime
    kind: Kind
    course: Course
    received: dt.date
    notice_ends: dt.date | None = None
    perishable: bool = False
    costly: bool = False
    sold: bool = False
    kept_by_finder: bool = False
    asked: dt.date | None = None
    waiting: Waiting | None = None
    waits_since: dt.date | None = None


@dataclass(frozen=True)
class Agenda:
    """`steps`: what may be done now, and nothing else. `due`: the day on which staff must act or
    look again. `ends`: the last day of the period that runs, None where none does.
    """

    steps: tuple[NextStep, ...]
    rule: Rule
    ground: Ground
    due: dt.date
    ends: dt.date | None = None


def agenda(
    case: Case, *, on: dt.date, is_working_day: IsWorkingDay, policy: Policy = DEFAULT
) -> Agenda:
    holding = holding_of(case, on=on)
    steps = next_steps(holding, on=on, policy=policy)
    if steps[0].step is Step.FORWARD and case.kind in PAPERS:
        return _papers(case, steps, on=on, policy=policy)

    def soon(day: dt.date) -> dt.date:
        return resubmission(day, is_working_day=is_working_day, policy=policy)

    now = holding.standing
    rule, due, ends = _timed(case, steps[0], now if case.regime is Regime.GENERAL else None, soon)
    return Agenda(steps, rule, steps[0].ground, due, ends)


def holding_of(case: Case, *, on: dt.date) -> Holding:
    """The facts as `next_steps` and `can_auction` ask for them."""
    return Holding(
        case.regime,
        case.kind,
        standing=standing(case.course, on=on),
        notice_ends=case.notice_ends,
        claimed=case.course.registered,
        perishable=case.perishable,
        costly=case.costly,
        auctioned=case.sold,
        kept_by_finder=case.kept_by_finder,
        collection_ends=case.course.collection_ends,
        demanded=case.course.demanded,
        waiting=case.waiting,
    )


def _papers(case: Case, steps: tuple[NextStep, ...], *, on: dt.date, policy: Policy) -> Agenda:
    """Whose purse it was may still come for all of it; after that they leave."""
    until = case.received + dt.timedelta(days=policy.document_wait_days)
    ground = GROUNDS["document_wait_days"]
    if fate(case.kind, received=case.received, on=on, policy=policy) is Fate.WAIT_FOR_OWNER:
        wait = NextStep(Step.WAIT, ground, until)
        return Agenda((wait,), Rule.PAPERS_WAIT, ground, until + _DAY, until)
    return Agenda(steps, Rule.PAPERS_LEAVE, steps[0].ground, until + _DAY)


def _timed(
    case: Case, first: NextStep, now: Standing | None, soon: _Soon
) -> tuple[Rule, dt.date, dt.date | None]:
    """Rule, day to act, last day of the running period."""
    match first.step:
        case Step.FORWARD:
            stopped = not handling(case.kind).stored
            return (Rule.STOPPED if stopped else Rule.ANIMAL), case.received, None
        case Step.SETTLE_REGIME:
            return Rule.DECIDE, soon(case.received), None
        case Step.SETTLE_CLAIM:
            return Rule.CLAIM_WAITS, soon(case.waits_since or case.received), None
        case Step.MONUMENT_AUTHORITY:
            return Rule.TREASURE, case.received, None
        case Step.END_WITHOUT_FIND:
            return Rule.NO_FIND, soon(case.received), None
        case Step.TAKE_IN:
            return Rule.TAKE_IN, soon(_since(now) or case.received), None
        case Step.SELL_EARLY:
            return Rule.SPOILS, case.received, None
        case Step.PUBLISH_NOTICE:
            return Rule.NOTICE_DUE, soon(case.received), None
        case Step.RELEASE_TO_OWNER:
            return _claimed(case, soon)
        case _:
            return _period(case, first, now)


def _claimed(case: Case, soon: _Soon) -> tuple[Rule, dt.date, dt.date | None]:
    ends = case.course.declaration_ends
    if case.regime is Regime.GENERAL and ends and case.course.accepted is None:
        return Rule.DECLARATION, ends + _DAY, ends
    came = [case.course.registered, case.course.known_to_finder, case.asked]
    return Rule.CLAIMED, soon(max(filter(None, came), default=case.received)), None


def _period(
    case: Case, first: NextStep, now: Standing | None
) -> tuple[Rule, dt.date, dt.date | None]:
    if now is None:
        return _notice(case, first)
    since = _since(now) or case.received
    match first.step:
        case Step.TELL_FINDER:
            return Rule.FINDERS, since, None
        case Step.HAND_TO_FINDER:
            return Rule.DEMANDED, case.course.demanded or since, None
        case Step.CLOSE_CASE:
            return Rule.CLOSE, since, None
        case Step.WAIT if now.owner is Owner.FINDER:
            return _until(Rule.COLLECTION, first.due, since)
        case Step.WAIT:
            rule = Rule.CONCEALED if case.course.concealed else Rule.SIX_MONTHS
            return _until(rule, first.due, case.received)
        case _:
            return Rule.TOWNS, since, None


def _notice(case: Case, first: NextStep) -> tuple[Rule, dt.date, dt.date | None]:
    over = case.notice_ends + _DAY if case.notice_ends else case.received
    match first.step:
        case Step.WAIT:
            return _until(Rule.NOTICE_RUNS, first.due, case.received)
        case Step.KEEP_PROCEEDS:
            return _until(Rule.PROCEEDS_KEPT, first.due, case.received)
        case Step.BOOK_PROCEEDS:
            until = proceeds_until(case.notice_ends)
            return Rule.PROCEEDS_FALL, until + _DAY if until else over, None
        case _:
            spoils = case.notice_ends is None
            return (Rule.SPOILS if spoils else Rule.NOTICE_OVER), over, None


def _until(
    rule: Rule, last: dt.date | None, otherwise: dt.date
) -> tuple[Rule, dt.date, dt.date | None]:
    return rule, last + _DAY if last else otherwise, last


def _since(now: Standing | None) -> dt.date | None:
    return now.since if now else None
