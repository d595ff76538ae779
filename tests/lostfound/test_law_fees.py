"""Fee tables of nine towns, as samples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lostfound.law import fee
from lostfound.law.fees import (
    ALTSHAUSEN,
    KONSTANZ,
    LAHR,
    LANGENAU,
    LUCKENWALDE,
    LUDWIGSHAFEN,
    MAGDEBURG,
    NETPHEN,
    SAMPLES,
    SELIGENSTADT,
    Account,
    Extra,
    Occasion,
    Payer,
    Schedule,
    fee_at,
    settlement,
)
from lostfound.law.money import NegativeMoney


@pytest.mark.parametrize(
    ("value", "days", "cents"),
    [
        (499, 1, 0),
        (500, 1, 260),
        (2500, 1, 260),
        (2501, 28, 250),
        (10_000, 28, 1000),
        (10_000, 29, 1500),
        (50_000, 28, 5000),
        (50_000, 29, 7500),
        (50_001, 28, 5000),
        (100_000, 29, 10_000),
        (600_000, 28, 25_000),
        (600_000, 29, 50_000),
        (50_001, 29, 7500),
    ],
)
def test_magdeburg_takes_by_value_and_days(value: int, days: int, cents: int) -> None:
    assert fee(MAGDEBURG, value_cents=value, days=days, kind="other") == cents


def test_magdeburg_takes_for_a_certificate_and_from_the_finder_for_a_wipe() -> None:
    assert MAGDEBURG.extras[Extra.CERTIFICATE].cents == 260
    wipe = MAGDEBURG.extras[Extra.DATA_WIPE]
    assert (wipe.cents, wipe.payer) == (3570, Payer.FINDER)


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (2499, 0),
        (2500, 600),
        (14_999, 600),
        (15_000, 1100),
        (49_999, 1100),
        (50_000, 1600),
        (50_001, 3200),
        (100_000, 3200),
        (100_001, 4800),
    ],
)
def test_luckenwalde_takes_for_each_started_500(value: int, cents: int) -> None:
    assert fee(LUCKENWALDE, value_cents=value, days=1, kind="other") == cents


@pytest.mark.parametrize(("value", "cents"), [(10_000, 320), (32_050, 321), (100_000, 1000)])
def test_ludwigshafen_takes_one_percent_and_a_least(value: int, cents: int) -> None:
    assert fee(LUDWIGSHAFEN, value_cents=value, days=1, kind="other") == cents


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (5000, 600),
        (5001, 1200),
        (25_000, 1200),
        (25_001, 1800),
        (50_000, 1800),
        (50_001, 3000),
    ],
)
def test_lahr_takes_from_the_finder_by_bands(value: int, cents: int) -> None:
    assert fee(LAHR, value_cents=value, days=1, kind="other") == cents
    assert LAHR.payers == {Payer.FINDER}


@pytest.mark.parametrize(("kind", "cents"), [("bulky", 2950), ("other", 1250), ("animal", 5100)])
def test_altshausen_takes_by_kind(kind: str, cents: int) -> None:
    assert fee(ALTSHAUSEN, value_cents=0, days=1, kind=kind) == cents


def test_altshausen_adds_what_an_animal_cost() -> None:
    costing = [band.kinds for band in ALTSHAUSEN.bands if band.charge.plus_costs]
    assert costing == [frozenset({"animal"})]


@pytest.mark.parametrize(("schedule", "cents"), [(LANGENAU, 350), (SELIGENSTADT, 1000)])
def test_some_towns_take_the_same_of_all(schedule: Schedule, cents: int) -> None:
    for value in (0, 100, 10_000_000):
        assert fee(schedule, value_cents=value, days=400, kind="animal") == cents


@pytest.mark.parametrize(
    ("value", "cents"),
    [(9999, 500), (10_000, 1000), (49_999, 1000), (50_000, 2000), (50_001, 2000)],
)
def test_konstanz_takes_from_the_finder(value: int, cents: int) -> None:
    assert fee(KONSTANZ, value_cents=value, days=1, kind="other") == cents
    assert KONSTANZ.payers == {Payer.FINDER}


def test_netphen_takes_for_a_certificate_for_the_insurance_alone() -> None:
    assert fee(NETPHEN, value_cents=10_000, days=1, kind="other") == 0
    assert NETPHEN.extras[Extra.INSURANCE_CERTIFICATE].cents == 250


def test_the_owner_pays_on_release_and_the_finder_only_on_acquiring() -> None:
    def due(occasion: Occasion, schedule: Schedule) -> int:
        return fee_at(occasion, schedule, value_cents=10_000, days=1, kind="other")

    assert due(Occasion.RELEASE, MAGDEBURG) == due(Occasion.ACQUISITION, MAGDEBURG) == 1000
    assert due(Occasion.RELEASE, LAHR) == 0
    assert due(Occasion.ACQUISITION, LAHR) == 1200


def test_all_nine_tables_are_marked_as_samples() -> None:
    assert len(SAMPLES) == 9
    assert all(schedule.sample for schedule in SAMPLES.values())


def test_fee_reward_expenses_and_shipping_are_four_lines() -> None:
    lines = settlement(fee=260, reward=500, expenses=120, shipping=549)
    assert [(line.account, line.cents) for line in lines] == [
        (Account.FEE, 260),
        (Account.REWARD, 500),
        (Account.EXPENSES, 120),
        (Account.SHIPPING, 549),
    ]
    assert [line.account for line in lines if line.to_finder] == [
        Account.REWARD,
        Account.EXPENSES,
    ]


def test_what_is_not_due_has_no_line() -> None:
    assert settlement(fee=0) == ()


def test_a_negative_value_is_refused() -> None:
    with pytest.raises(NegativeMoney):
        fee(LANGENAU, value_cents=-1, days=1, kind="other")


@given(
    some.sampled_from(sorted(SAMPLES)),
    some.integers(0, 10**8),
    some.integers(0, 10**4),
    some.sampled_from(["other", "bulky", "animal"]),
)
def test_every_table_answers_for_every_thing(town: str, value: int, days: int, kind: str) -> None:
    assert fee(SAMPLES[town], value_cents=value, days=days, kind=kind) >= 0
