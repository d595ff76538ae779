"""Notice, auction, proceeds and the next steps of each regime (§§ 976, 979–983 BGB)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lostfound.law import (
    Course,
    Kind,
    Policy,
    Regime,
    Standing,
    can_auction,
    handling,
    next_steps,
    standing,
)
from lostfound.law.disposal import (
    UNDER_NOTICE,
    Holding,
    Missing,
    Step,
    can_auction_early,
    net_proceeds,
    notice_ends,
    proceeds_fall_to,
    proceeds_until,
    reward_claim_until,
)
from lostfound.law.regime import Operator

DAY = dt.timedelta(days=1)
POSTED = dt.date(2026, 1, 5)
DEADLINE = dt.date(2026, 2, 16)
IN_BUS = Holding(Regime.VERKEHRSFUND)
NOTICED = replace(IN_BUS, notice_ends=DEADLINE)


def steps(holding: Holding, on: dt.date) -> list[Step]:
    return [step.step for step in next_steps(holding, on=on)]


def street(on: dt.date, *, waived: bool = False, registered: dt.date | None = None) -> Standing:
    course = Course(
        found=dt.date(2026, 1, 15),
        notice=dt.date(2026, 1, 15),
        value_cents=8000,
        ownership_waived=waived,
        registered=registered,
    )
    return standing(course, on=on)


def test_a_notice_of_six_weeks_ends_on_the_42nd_day() -> None:
    assert notice_ends(POSTED, is_working_day=lambda day: day.weekday() < 5) == DEADLINE


def test_no_auction_without_a_notice() -> None:
    assert can_auction(IN_BUS, on=DEADLINE).missing == (Missing.NOTICE,)


def test_no_auction_on_the_last_day_of_the_notice() -> None:
    answer = can_auction(NOTICED, on=DEADLINE)
    assert (answer.missing, answer.until) == ((Missing.DEADLINE_PASSED,), DEADLINE)


def test_an_auction_the_day_after() -> None:
    assert can_auction(NOTICED, on=DEADLINE + DAY)


def test_a_claim_in_time_stops_the_auction() -> None:
    claimed = replace(NOTICED, claimed=DEADLINE)
    assert can_auction(claimed, on=DEADLINE + DAY).missing == (Missing.NO_TIMELY_CLAIM,)
    assert steps(claimed, DEADLINE + DAY) == [Step.RELEASE_TO_OWNER]


def test_a_claim_after_the_deadline_does_not_stop_it() -> None:
    assert can_auction(replace(NOTICED, claimed=DEADLINE + DAY), on=DEADLINE + DAY)


@pytest.mark.parametrize("need", ["perishable", "costly"])
def test_what_spoils_or_costs_too_much_needs_no_notice(need: str) -> None:
    answer = can_auction(replace(IN_BUS, **{need: True}), on=POSTED)
    assert answer.allowed
    assert answer.ground.cite == "§ 980 Abs. 2 BGB"


def test_a_general_find_is_never_auctioned_after_a_notice() -> None:
    general = Holding(Regime.GENERAL, standing=street(DEADLINE))
    assert can_auction(general, on=DEADLINE).missing == (Missing.UNDER_NOTICE,)


def test_before_six_months_only_what_spoils_or_costs_too_much_is_sold() -> None:
    general = Holding(Regime.GENERAL, standing=street(DEADLINE))
    assert not can_auction_early(general)
    assert can_auction_early(replace(general, perishable=True))
    assert can_auction_early(replace(general, costly=True))
    assert steps(replace(general, costly=True), DEADLINE) == [Step.SELL_EARLY, Step.WAIT]


@pytest.mark.parametrize("regime", sorted(UNDER_NOTICE))
def test_a_find_on_a_bus_goes_from_notice_to_deadline_to_auction_to_ledger(
    regime: Regime,
) -> None:
    holding = Holding(regime)
    assert steps(holding, POSTED) == [Step.PUBLISH_NOTICE]
    holding = replace(holding, notice_ends=DEADLINE)
    assert steps(holding, DEADLINE) == [Step.WAIT]
    assert steps(holding, DEADLINE + DAY) == [Step.AUCTION]
    holding = replace(holding, auctioned=True)
    assert steps(holding, DEADLINE + DAY) == [Step.KEEP_PROCEEDS]
    assert steps(holding, dt.date(2029, 2, 16)) == [Step.KEEP_PROCEEDS]
    assert steps(holding, dt.date(2029, 2, 17)) == [Step.BOOK_PROCEEDS]


def test_proceeds_fall_to_the_town_three_years_after_the_deadline() -> None:
    assert proceeds_until(dt.date(2026, 3, 10)) == dt.date(2029, 3, 10)


def test_without_a_notice_the_three_years_never_begin() -> None:
    sold = replace(IN_BUS, perishable=True, auctioned=True)
    assert proceeds_until(None) is None
    assert steps(sold, dt.date(2040, 1, 1)) == [Step.PUBLISH_NOTICE]


def test_found_cash_goes_to_the_ledger_after_a_notice_and_never_to_an_auction() -> None:
    cash = Holding(Regime.VERKEHRSFUND, Kind.CASH)
    assert steps(cash, POSTED) == [Step.PUBLISH_NOTICE]
    assert next_steps(cash, on=POSTED)[0].ground.cite == "§ 981 Abs. 2 BGB"
    assert steps(replace(cash, notice_ends=DEADLINE), DEADLINE + DAY) == [Step.KEEP_PROCEEDS]
    assert Missing.AUCTIONABLE in can_auction(cash, on=POSTED).missing


def test_an_owner_may_still_claim_proceeds_within_three_years() -> None:
    sold = replace(NOTICED, auctioned=True, claimed=dt.date(2028, 1, 1))
    assert steps(sold, dt.date(2028, 1, 2)) == [Step.RELEASE_TO_OWNER]


@pytest.mark.parametrize(
    ("claimed", "step"),
    [("2029-02-16", Step.RELEASE_TO_OWNER), ("2029-02-17", Step.BOOK_PROCEEDS)],
)
def test_the_last_day_for_proceeds_is_still_in_time(claimed: str, step: Step) -> None:
    day = dt.date.fromisoformat(claimed)
    assert steps(replace(NOTICED, auctioned=True, claimed=day), day) == [step]


def test_costs_are_taken_off_the_proceeds() -> None:
    assert net_proceeds(10_000, costs_cents=2500) == 7500
    assert net_proceeds(1000, costs_cents=2500) == 0


@pytest.mark.parametrize(
    ("operator", "beneficiary"),
    [
        (Operator.MUNICIPALITY, Operator.MUNICIPALITY),
        (Operator.LAND, Operator.LAND),
        (Operator.FEDERATION, Operator.FEDERATION),
        (Operator.COMPANY, Operator.COMPANY),
        (Operator.NOBODY, Operator.MUNICIPALITY),
    ],
)
def test_proceeds_fall_to_whoever_runs_the_place(operator: Operator, beneficiary: Operator) -> None:
    assert proceeds_fall_to(operator) is beneficiary


def test_a_reward_from_whoever_got_the_proceeds_lapses_after_three_years() -> None:
    assert reward_claim_until(dt.date(2029, 3, 11)) == dt.date(2032, 3, 11)


def test_online_auctions_wait_until_the_town_has_checked_the_law() -> None:
    checked = Policy(online_auction_from=dt.date(2026, 1, 1))
    offered = next_steps(NOTICED, on=DEADLINE + DAY, policy=checked)
    assert [step.step for step in offered] == [Step.AUCTION, Step.AUCTION_ONLINE]
    later = Policy(online_auction_from=dt.date(2027, 1, 1))
    offered = next_steps(NOTICED, on=DEADLINE + DAY, policy=later)
    assert [step.step for step in offered] == [Step.AUCTION]


def test_a_street_find_waits_for_its_last_day() -> None:
    on = dt.date(2026, 7, 15)
    wait = next_steps(Holding(Regime.GENERAL, standing=street(on)), on=on)
    assert [(step.step, step.due) for step in wait] == [(Step.WAIT, on)]


def test_what_became_the_finders_is_told_to_the_finder() -> None:
    on = dt.date(2026, 7, 16)
    assert steps(Holding(Regime.GENERAL, standing=street(on)), on) == [Step.TELL_FINDER]


def test_what_became_the_towns_is_sold_given_or_destroyed_without_a_notice() -> None:
    on = dt.date(2026, 7, 16)
    towns = Holding(Regime.GENERAL, standing=street(on, waived=True))
    assert steps(towns, on) == [Step.SELL, Step.GIVE, Step.DESTROY]


def test_what_an_owner_claimed_in_time_is_released() -> None:
    on = dt.date(2026, 7, 16)
    claimed = street(on, registered=dt.date(2026, 2, 1))
    assert steps(Holding(Regime.GENERAL, standing=claimed), on) == [Step.RELEASE_TO_OWNER]


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        (Kind.KEYS, [Step.DESTROY]),
        (Kind.CASH, [Step.BOOK_PROCEEDS]),
        (Kind.IDENTITY_PAPER, [Step.FORWARD]),
    ],
)
def test_keys_cash_and_papers_of_the_town_end_their_own_way(
    kind: Kind, offered: list[Step]
) -> None:
    on = dt.date(2026, 7, 16)
    assert steps(Holding(Regime.GENERAL, kind, street(on, waived=True)), on) == offered


@pytest.mark.parametrize(
    ("regime", "step"),
    [
        (Regime.KLAERUNG, Step.SETTLE_REGIME),
        (Regime.SCHATZ, Step.MONUMENT_AUTHORITY),
        (Regime.KEIN_FUND, Step.END_WITHOUT_FIND),
    ],
)
def test_other_regimes_have_one_way_out(regime: Regime, step: Step) -> None:
    assert steps(Holding(regime), POSTED) == [step]


HOLDINGS = some.builds(
    Holding,
    regime=some.sampled_from(Regime),
    kind=some.sampled_from(Kind),
    notice_ends=some.none() | some.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    claimed=some.none() | some.dates(dt.date(2026, 1, 1), dt.date(2031, 12, 31)),
    perishable=some.booleans(),
    costly=some.booleans(),
    auctioned=some.booleans(),
)


@given(HOLDINGS, some.dates(dt.date(2026, 1, 1), dt.date(2031, 12, 31)))
def test_there_is_always_a_next_step_and_no_forbidden_auction(
    holding: Holding, on: dt.date
) -> None:
    offered = steps(holding, on)
    assert offered
    if Step.AUCTION in offered:
        assert can_auction(holding, on=on)
    if not handling(holding.kind).stored:
        assert offered == [Step.FORWARD]
