"""May it be handed out? (§ 975 S. 3, §§ 969, 977, 978 BGB)"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lostfound.law import Course, Kind, Policy, Regime, can_release, standing
from lostfound.law.release import (
    Consent,
    Missing,
    Shipment,
    Then,
    ToFinder,
    ToOwner,
    can_release_to_finder,
    can_ship,
    resubmission,
)

READY = ToOwner(owner_verified=True, fees_settled=True, consent=Consent.GIVEN)


def open_on_weekdays(day: dt.date) -> bool:
    return day.weekday() < 5


def test_a_verified_owner_with_fees_paid_and_the_finders_consent_gets_it() -> None:
    answer = can_release(READY, regime=Regime.GENERAL)
    assert answer.allowed
    assert answer.ground.cite == "§ 975 S. 3 BGB"


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (replace(READY, owner_verified=False), Missing.OWNER_VERIFIED),
        (replace(READY, fees_settled=False), Missing.FEES_SETTLED),
        (replace(READY, consent=Consent.NONE), Missing.CONSENT_RECORDED),
        (replace(READY, consent=Consent.REFUSED), Missing.CONSENT_RECORDED),
        (replace(READY, consent=Consent.CONDITIONAL), Missing.CONDITION_MET),
    ],
    ids=lambda case: case.value if isinstance(case, Missing) else "",
)
def test_each_missing_thing_is_named(facts: ToOwner, missing: Missing) -> None:
    assert can_release(facts, regime=Regime.GENERAL).missing == (missing,)


def test_all_missing_things_are_named_at_once() -> None:
    nothing = ToOwner(owner_verified=False, fees_settled=False)
    assert can_release(nothing, regime=Regime.GENERAL).missing == (
        Missing.OWNER_VERIFIED,
        Missing.FEES_SETTLED,
        Missing.CONSENT_RECORDED,
    )


def test_paying_the_finder_is_no_consent() -> None:
    paid = replace(READY, consent=Consent.NONE, condition_met=True)
    assert not can_release(paid, regime=Regime.GENERAL)


def test_consent_on_condition_counts_once_the_condition_is_met() -> None:
    collected = replace(READY, consent=Consent.CONDITIONAL, condition_met=True)
    assert can_release(collected, regime=Regime.GENERAL)


@pytest.mark.parametrize("consent", [Consent.NONE, Consent.REFUSED])
def test_a_silent_or_refusing_finder_means_hold_resubmit_and_the_legal_office(
    consent: Consent,
) -> None:
    answer = can_release(replace(READY, consent=consent), regime=Regime.GENERAL)
    assert answer.then == (Then.HOLD, Then.RESUBMIT, Then.LEGAL_OFFICE)


def test_a_held_case_comes_back_to_the_desk_on_a_working_day() -> None:
    asked_on = dt.date(2026, 3, 7)
    back = resubmission(asked_on, is_working_day=open_on_weekdays)
    assert back == dt.date(2026, 3, 23)


@pytest.mark.parametrize("regime", [Regime.VERKEHRSFUND, Regime.UNANBRINGBAR, Regime.KEIN_FUND])
def test_only_a_general_find_needs_the_finders_consent(regime: Regime) -> None:
    assert can_release(replace(READY, consent=Consent.NONE), regime=regime)


def test_the_finder_hears_of_the_release_when_a_reward_is_due_under_978() -> None:
    due = can_release(replace(READY, reward_due=True), regime=Regime.VERKEHRSFUND)
    assert due.then == (Then.NOTIFY_FINDER,)
    assert can_release(READY, regime=Regime.VERKEHRSFUND).then == ()


@pytest.mark.parametrize(
    ("regime", "missing"),
    [
        (Regime.KLAERUNG, Missing.REGIME_SETTLED),
        (Regime.SCHATZ, Missing.MONUMENT_AUTHORITY),
    ],
)
def test_an_unsettled_find_stays_where_it_is(regime: Regime, missing: Missing) -> None:
    assert can_release(READY, regime=regime).missing == (missing,)


def test_what_the_finder_keeps_is_handed_over_by_the_finder_and_closes_the_case() -> None:
    answer = can_release(replace(READY, in_office=False), regime=Regime.GENERAL)
    assert answer.missing == (Missing.NOT_IN_OFFICE,)
    assert (answer.ground.cite, answer.then) == ("§ 969 BGB", (Then.CLOSE_CASE,))


def test_what_became_somebody_elses_is_not_given_back() -> None:
    answer = can_release(replace(READY, ownership_passed=True), regime=Regime.GENERAL)
    assert (answer.missing, answer.ground.cite) == ((Missing.STILL_THEIRS,), "§ 977 BGB")


@pytest.mark.parametrize("kind", [Kind.WEAPON, Kind.DRUGS])
def test_weapons_and_drugs_never_cross_the_counter(kind: Kind) -> None:
    answer = can_release(replace(READY, kind=kind), regime=Regime.GENERAL)
    assert answer.missing == (Missing.POLICE_MATTER,)


TO_OWNER = some.builds(
    ToOwner,
    owner_verified=some.booleans(),
    fees_settled=some.booleans(),
    consent=some.sampled_from(Consent),
    condition_met=some.booleans(),
    kind=some.sampled_from([Kind.OTHER, Kind.PURSE, Kind.IDENTITY_PAPER]),
)


@given(TO_OWNER)
def test_the_gate_is_what_the_law_says_and_nothing_else(facts: ToOwner) -> None:
    consented = facts.consent in {Consent.GIVEN, Consent.CONDITIONAL}
    met = facts.consent is not Consent.CONDITIONAL or facts.condition_met
    law = facts.owner_verified and facts.fees_settled and consented and met
    assert bool(can_release(facts, regime=Regime.GENERAL)) == law


SATURDAY = standing(
    Course(found=dt.date(2025, 10, 4), notice=dt.date(2025, 10, 4), value_cents=5000),
    on=dt.date(2026, 4, 5),
)


def test_a_finder_owns_it_on_a_sunday_and_fetches_it_on_monday() -> None:
    facts = ToFinder(SATURDAY, fees_settled=True, identity_checked=True)
    sunday = can_release_to_finder(facts, on=dt.date(2026, 4, 5), is_working_day=open_on_weekdays)
    assert sunday.missing == (Missing.WORKING_DAY,)
    assert sunday.until == dt.date(2026, 4, 5)
    assert can_release_to_finder(facts, on=dt.date(2026, 4, 6), is_working_day=open_on_weekdays)


def test_a_municipality_may_let_the_finder_fetch_it_on_sunday() -> None:
    facts = ToFinder(SATURDAY, fees_settled=True, identity_checked=True)
    policy = Policy(hold_until_working_day=False)
    assert can_release_to_finder(
        facts, on=dt.date(2026, 4, 5), is_working_day=open_on_weekdays, policy=policy
    )


def test_a_finder_who_is_not_owner_yet_has_nothing_to_fetch() -> None:
    course = Course(found=dt.date(2026, 1, 2), notice=dt.date(2026, 1, 2), value_cents=5000)
    early = standing(course, on=dt.date(2026, 3, 2))
    facts = ToFinder(early, fees_settled=False, identity_checked=False, data_erased=False)
    answer = can_release_to_finder(facts, on=dt.date(2026, 3, 2), is_working_day=open_on_weekdays)
    assert answer.missing == (
        Missing.FINDER_OWNS,
        Missing.FEES_SETTLED,
        Missing.IDENTITY_CHECKED,
        Missing.DATA_ERASED,
    )


@pytest.mark.parametrize("kind", [Kind.IDENTITY_PAPER, Kind.FOREIGN_PAPER, Kind.WEAPON])
def test_papers_and_weapons_are_never_sent(kind: Kind) -> None:
    parcel = Shipment(kind, recipient_checked=True)
    assert can_ship(parcel).missing == (Missing.SHIPPABLE,)


def test_a_parcel_waits_until_its_recipient_is_checked() -> None:
    assert can_ship(Shipment(Kind.OTHER, recipient_checked=True))
    assert not can_ship(Shipment(Kind.OTHER, recipient_checked=False))


def test_a_parcel_goes_abroad_only_when_staff_say_so() -> None:
    abroad = Shipment(Kind.OTHER, recipient_checked=True, abroad=True)
    assert can_ship(abroad).missing == (Missing.STAFF_DECISION,)
    assert can_ship(replace(abroad, staff_agree=True))
