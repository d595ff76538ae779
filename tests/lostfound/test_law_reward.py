"""Finderlohn to the cent (§§ 971, 978 Abs. 2 BGB)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lostfound.law import Regime, finders_reward, reward_of
from lostfound.law.money import NegativeMoney, Rounding
from lostfound.law.reward import Finding, Why

# value, § 971 thing, § 971 animal, § 978 thing, § 978 animal: all in cents
VECTORS = [
    (999, 50, 30, 0, 0),
    (1000, 50, 30, 0, 0),
    (1001, 50, 30, 0, 0),
    (4999, 250, 150, 0, 0),
    (5000, 250, 150, 125, 75),
    (5010, 251, 150, 125, 75),
    (10_000, 500, 300, 250, 150),
    (50_000, 2500, 1500, 1250, 750),
    (50_001, 2500, 1500, 1250, 750),
    (50_017, 2501, 1501, 1250, 750),
    (75_050, 3252, 2252, 1626, 1126),
    (100_000, 4000, 3000, 2000, 1500),
    (1_234_567, 38_037, 37_037, 19_019, 18_519),
    (10_000_000, 301_000, 300_000, 150_500, 150_000),
    (4_000_000, 121_000, 120_000, 60_500, 60_000),
]
MONEY = some.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(("value", "thing", "animal", "bus_thing", "bus_animal"), VECTORS)
def test_the_reward_is_exact_to_the_cent(
    value: int, thing: int, animal: int, bus_thing: int, bus_animal: int
) -> None:
    assert finders_reward(value, regime=Regime.GENERAL) == thing
    assert finders_reward(value, regime=Regime.GENERAL, animal=True) == animal
    assert finders_reward(value, regime=Regime.VERKEHRSFUND) == bus_thing
    assert finders_reward(value, regime=Regime.VERKEHRSFUND, animal=True) == bus_animal


def test_half_a_reward_is_rounded_once_and_not_twice() -> None:
    assert finders_reward(5010, regime=Regime.GENERAL) == 251
    assert finders_reward(5010, regime=Regime.VERKEHRSFUND) == 125


def test_a_street_find_has_no_least_value() -> None:
    assert finders_reward(4999, regime=Regime.GENERAL) == 250
    assert finders_reward(20, regime=Regime.GENERAL) == 1


@pytest.mark.parametrize(
    "regime", [Regime.SCHATZ, Regime.UNANBRINGBAR, Regime.KEIN_FUND, Regime.KLAERUNG]
)
def test_other_regimes_give_no_reward(regime: Regime) -> None:
    assert finders_reward(100_000, regime=regime) == 0
    assert reward_of(Finding(100_000, regime)).why is Why.NO_FINDERS_RIGHTS


def test_what_is_dear_to_its_owner_alone_is_left_to_staff() -> None:
    album = reward_of(Finding(0, Regime.GENERAL, sentimental_only=True))
    assert (album.cents, album.why) == (None, Why.BY_DISCRETION)


@pytest.mark.parametrize(
    ("finding", "why"),
    [
        (Finding(9000, Regime.GENERAL, notice_duty_breached=True), Why.NOTICE_DUTY_BREACHED),
        (Finding(9000, Regime.GENERAL, concealed=True), Why.CONCEALED),
        (Finding(9000, Regime.GENERAL, waived=True), Why.WAIVED),
        (Finding(9000, Regime.VERKEHRSFUND, finder_is_staff=True), Why.FINDER_IS_STAFF),
        (Finding(9000, Regime.VERKEHRSFUND, delivery_breached=True), Why.DELIVERY_BREACHED),
        (Finding(9000, Regime.VERKEHRSFUND, concealed=True), Why.DELIVERY_BREACHED),
        (Finding(4999, Regime.VERKEHRSFUND), Why.BELOW_50),
    ],
    ids=lambda case: case.value if isinstance(case, Why) else "",
)
def test_a_reward_can_be_lost(finding: Finding, why: Why) -> None:
    assert (reward_of(finding).cents, reward_of(finding).why) == (0, why)


def test_a_breach_outweighs_sentiment() -> None:
    finding = Finding(0, Regime.GENERAL, sentimental_only=True, concealed=True)
    assert reward_of(finding).cents == 0


def test_being_staff_matters_only_under_978() -> None:
    assert reward_of(Finding(10_000, Regime.GENERAL, finder_is_staff=True)).cents == 500


def test_the_reward_names_its_paragraph() -> None:
    assert reward_of(Finding(10_000, Regime.GENERAL)).ground.cite == "§ 971 Abs. 1 BGB"
    assert reward_of(Finding(10_000, Regime.VERKEHRSFUND)).ground.cite == "§ 978 Abs. 2 BGB"


def test_a_municipality_may_round_otherwise() -> None:
    for rounding, cents in {Rounding.DOWN: 50, Rounding.HALF_UP: 50, Rounding.UP: 51}.items():
        assert finders_reward(1001, regime=Regime.GENERAL, rounding=rounding) == cents
    assert finders_reward(999, regime=Regime.GENERAL, rounding=Rounding.DOWN) == 49


def test_a_negative_value_is_refused() -> None:
    with pytest.raises(NegativeMoney):
        finders_reward(-1, regime=Regime.GENERAL)


@given(MONEY, MONEY, some.booleans(), some.sampled_from(Regime))
def test_what_is_worth_more_never_earns_less(a: int, b: int, animal: bool, regime: Regime) -> None:
    low, high = sorted((a, b))
    assert finders_reward(low, regime=regime, animal=animal) <= finders_reward(
        high, regime=regime, animal=animal
    )


@given(MONEY, some.booleans())
def test_978_gives_half_to_within_half_a_cent(value: int, animal: bool) -> None:
    whole = Fraction(value * (3 if animal else 5), 100)
    if not animal and value > 50_000:
        whole = 2500 + Fraction((value - 50_000) * 3, 100)
    half = finders_reward(value, regime=Regime.VERKEHRSFUND, animal=animal)
    exact = whole / 2 if value >= 5000 else Fraction(0)
    assert Fraction(-1, 2) <= exact - half < Fraction(1, 2)
