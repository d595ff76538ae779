"""Which law a find falls under (§§ 965, 978, 983, 984 BGB), place by place."""

from __future__ import annotations

import pytest

from lostfound.law import Certainty, Regime, ruling
from lostfound.law.regime import (
    Circumstance,
    Operator,
    Place,
    PlaceKind,
    Presumption,
    may_be_thrown_away,
)

STREET = Place("Marktplatz", PlaceKind.STREET)


@pytest.mark.parametrize(
    ("kind", "operator", "regime"),
    [
        (PlaceKind.STREET, Operator.NOBODY, Regime.GENERAL),
        (PlaceKind.PARK, Operator.MUNICIPALITY, Regime.GENERAL),
        (PlaceKind.TAXI, Operator.COMPANY, Regime.GENERAL),
        (PlaceKind.TOWN_HALL, Operator.MUNICIPALITY, Regime.VERKEHRSFUND),
        (PlaceKind.COURT, Operator.LAND, Regime.VERKEHRSFUND),
        (PlaceKind.SCHOOL, Operator.MUNICIPALITY, Regime.VERKEHRSFUND),
        (PlaceKind.BUS, Operator.MUNICIPALITY, Regime.VERKEHRSFUND),
        (PlaceKind.TRAM, Operator.COMPANY, Regime.VERKEHRSFUND),
        (PlaceKind.TRAIN, Operator.FEDERATION, Regime.VERKEHRSFUND),
        (PlaceKind.STATION, Operator.COMPANY, Regime.VERKEHRSFUND),
    ],
)
def test_the_place_decides_the_regime(kind: PlaceKind, operator: Operator, regime: Regime) -> None:
    assert ruling(Place("Ort", kind, operator)).regime is regime


def test_what_lies_in_a_shop_is_for_staff_to_settle_and_presumed_the_keepers() -> None:
    shop = ruling(Place("Bäckerei", PlaceKind.SHOP, Operator.COMPANY))
    assert shop.regime is Regime.KLAERUNG
    assert shop.presumption is Presumption.KEEPER_OF_THE_HOUSE
    assert shop.ground.cite == "BGH VIII ZR 379/86"


def test_what_was_left_in_private_rooms_is_no_find() -> None:
    assert ruling(Place("Wohnung", PlaceKind.PRIVATE_HOME)).regime is Regime.KEIN_FUND


@pytest.mark.parametrize(
    ("place", "regime"),
    [
        (Place("Bad", PlaceKind.POOL, Operator.MUNICIPALITY), Regime.VERKEHRSFUND),
        (Place("Bad GmbH", PlaceKind.POOL, Operator.COMPANY), Regime.KLAERUNG),
        (Place("Linienbus", PlaceKind.BUS, Operator.COMPANY), Regime.VERKEHRSFUND),
        (Place("Reisebus", PlaceKind.BUS, Operator.COMPANY, False), Regime.KLAERUNG),
        (Place("Schule", PlaceKind.SCHOOL, Operator.LAND), Regime.VERKEHRSFUND),
        (Place("Privatschule", PlaceKind.SCHOOL, Operator.COMPANY), Regime.KLAERUNG),
    ],
    ids=lambda case: case.name if isinstance(case, Place) else case.value,
)
def test_the_register_tells_pools_buses_and_schools_apart(place: Place, regime: Regime) -> None:
    assert ruling(place).regime is regime


def test_a_decision_in_the_register_outweighs_the_kind_of_place() -> None:
    pool = Place("Bad GmbH", PlaceKind.POOL, Operator.COMPANY, regime=Regime.VERKEHRSFUND)
    assert ruling(pool).regime is Regime.VERKEHRSFUND


def test_a_place_that_nobody_knows_is_for_staff_to_settle() -> None:
    assert ruling(None).regime is Regime.KLAERUNG


def test_what_lay_hidden_for_ages_is_a_treasure_that_the_monument_authority_sees_first() -> None:
    treasure = ruling(STREET, Circumstance.HIDDEN_FOR_AGES)
    assert treasure.regime is Regime.SCHATZ
    assert treasure.presumption is Presumption.MONUMENT_AUTHORITY_FIRST
    assert treasure.ground.certainty is Certainty.READING


@pytest.mark.parametrize("circumstance", [Circumstance.LOOT, Circumstance.PROVEN_THROWN_AWAY])
def test_loot_and_rubbish_are_no_finds(circumstance: Circumstance) -> None:
    assert ruling(STREET, circumstance).regime is Regime.KEIN_FUND


@pytest.mark.parametrize(
    "circumstance",
    [Circumstance.HANDED_IN_BY_POLICE, Circumstance.CONFISCATED, Circumstance.EVICTED],
)
def test_what_an_authority_holds_without_a_finder_cannot_be_brought_home(
    circumstance: Circumstance,
) -> None:
    assert ruling(None, circumstance).regime is Regime.UNANBRINGBAR


def test_what_only_looks_thrown_away_is_presumed_lost() -> None:
    found = ruling(STREET, Circumstance.LOOKS_THROWN_AWAY)
    assert (found.regime, found.presumption) == (Regime.GENERAL, Presumption.LOST)


def test_obviously_worthless_things_may_be_thrown_away() -> None:
    assert may_be_thrown_away(obviously_worthless=True)
    assert not may_be_thrown_away(obviously_worthless=False)


@pytest.mark.parametrize("dear", ["pet", "photos", "writings"])
def test_pets_photos_and_manuscripts_are_never_worthless(dear: str) -> None:
    assert not may_be_thrown_away(obviously_worthless=True, **{dear: True})
