"""What finders owe and what the office records (§§ 965–970, 978 BGB, FundV as a sample)."""

from __future__ import annotations

import datetime as dt

import pytest

from lostfound.law import Kind, Regime
from lostfound.law.duty import (
    LIABLE_FOR,
    Dates,
    DatesOutOfOrder,
    Duty,
    Entry,
    Fault,
    Missing,
    competence,
    entries_to_record,
    finder_may_auction,
    finder_may_keep,
    finders_duty,
    land_rule,
)
from lostfound.law.money import NegativeMoney
from lostfound.law.rights import WAIVER_OF_EVERYTHING, Finder, Holder, Right, asked, holder

FOUND = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("value_cents", "duty"), [(0, Duty.NONE), (1000, Duty.NONE), (1001, Duty.REPORT)]
)
def test_ten_euros_need_no_notice_and_ten_euros_one_do(value_cents: int, duty: Duty) -> None:
    assert finders_duty(value_cents, regime=Regime.GENERAL).duty is duty


def test_a_finder_who_knows_the_owner_tells_the_owner() -> None:
    owed = finders_duty(500, regime=Regime.GENERAL, owner_known=True)
    assert owed.duty is Duty.TELL_OWNER


def test_what_lay_in_a_bus_is_delivered_whatever_it_is_worth() -> None:
    owed = finders_duty(1, regime=Regime.VERKEHRSFUND)
    assert (owed.duty, owed.ground.cite) == (Duty.DELIVER, "§ 978 Abs. 1 BGB")


@pytest.mark.parametrize(
    "regime", [Regime.SCHATZ, Regime.UNANBRINGBAR, Regime.KEIN_FUND, Regime.KLAERUNG]
)
def test_what_is_no_lost_thing_makes_no_duty_of_a_finder(regime: Regime) -> None:
    assert finders_duty(100_000, regime=regime).duty is Duty.NONE


def test_a_negative_value_is_refused() -> None:
    with pytest.raises(NegativeMoney):
        finders_duty(-1, regime=Regime.GENERAL)


def test_a_notice_records_when_where_what_who_and_which_waivers() -> None:
    assert entries_to_record(waived_all=False) == {
        Entry.DAY_OF_NOTICE,
        Entry.TIME_OF_FIND,
        Entry.PLACE_OF_FIND,
        Entry.KIND,
        Entry.FINDER_NAME,
        Entry.FINDER_ADDRESS,
        Entry.KEPT_OR_DELIVERED,
        Entry.WAIVER,
    }


def test_a_finder_who_waives_everything_need_not_give_a_name() -> None:
    left = entries_to_record(waived_all=True)
    assert not left & {Entry.FINDER_NAME, Entry.FINDER_ADDRESS}
    assert Entry.PLACE_OF_FIND in left


def test_a_notice_in_the_wrong_town_goes_to_the_town_of_the_find() -> None:
    there = competence(reported_at="Bensheim", found_in="Lorsch")
    assert (there.municipality, there.forward) == ("Lorsch", True)


def test_where_nobody_knows_the_place_the_town_that_heard_of_it_is_competent() -> None:
    here = competence(reported_at="Bensheim", found_in=None)
    assert (here.municipality, here.forward) == ("Bensheim", False)


def test_bavarian_rules_are_marked_as_a_sample_and_hessian_ones_as_missing() -> None:
    assert (land_rule("BY").name, land_rule("BY").sample) == ("FundV", True)
    assert land_rule("HE").name is None


@pytest.mark.parametrize(
    ("perishable", "costly", "told", "missing"),
    [
        (True, False, True, ()),
        (False, True, True, ()),
        (False, False, True, (Missing.REASON_TO_SELL,)),
        (True, False, False, (Missing.AUTHORITY_TOLD,)),
    ],
)
def test_a_finder_sells_early_only_what_spoils_or_costs_and_only_after_telling(
    perishable: bool, costly: bool, told: bool, missing: tuple[Missing, ...]
) -> None:
    answer = finder_may_auction(perishable=perishable, costly=costly, authority_told=told)
    assert answer.missing == missing
    assert answer.ground.cite == "§ 966 Abs. 2 BGB"


def test_a_finder_may_keep_an_umbrella_until_delivery_is_ordered() -> None:
    assert finder_may_keep(Kind.OTHER, delivery_ordered=False)
    assert not finder_may_keep(Kind.OTHER, delivery_ordered=True)


@pytest.mark.parametrize("kind", [Kind.IDENTITY_PAPER, Kind.WEAPON, Kind.DRUGS])
def test_papers_weapons_and_drugs_must_be_delivered(kind: Kind) -> None:
    assert finder_may_keep(kind, delivery_ordered=False).missing == (Missing.KEEPABLE_KIND,)


def test_a_finder_answers_for_intent_and_gross_negligence_only() -> None:
    assert {Fault.INTENT, Fault.GROSS_NEGLIGENCE} == LIABLE_FOR


def test_a_hand_in_has_three_dates() -> None:
    dates = Dates(found=FOUND, handed_over=FOUND, notice=FOUND + dt.timedelta(days=9))
    assert dates.notice == dt.date(2026, 3, 11)


@pytest.mark.parametrize(("handed_over", "notice"), [(-1, 3), (4, 3), (None, -1)])
def test_dates_that_cannot_be_are_refused(handed_over: int | None, notice: int) -> None:
    def day(after: int) -> dt.date:
        return FOUND + dt.timedelta(days=after)

    with pytest.raises(DatesOutOfOrder):
        Dates(
            found=FOUND,
            handed_over=None if handed_over is None else day(handed_over),
            notice=day(notice),
        )


def test_a_finder_is_asked_three_questions() -> None:
    assert asked(Finder(), regime=Regime.GENERAL).rights == {
        Right.REWARD,
        Right.EXPENSES,
        Right.OWNERSHIP,
    }


def test_nobody_asks_about_ownership_of_what_lay_in_a_bus() -> None:
    assert asked(Finder(), regime=Regime.VERKEHRSFUND).rights == {Right.REWARD}


@pytest.mark.parametrize("regime", [Regime.UNANBRINGBAR, Regime.KEIN_FUND, Regime.KLAERUNG])
def test_without_a_finders_rights_nothing_is_asked(regime: Regime) -> None:
    assert asked(Finder(), regime=regime).rights == frozenset()


def test_a_waiver_of_ownership_leaves_reward_and_expenses() -> None:
    waived = frozenset({Right.OWNERSHIP})
    assert holder(Right.OWNERSHIP, waived=waived) is Holder.MUNICIPALITY
    assert holder(Right.REWARD, waived=waived) is Holder.FINDER
    assert holder(Right.EXPENSES, waived=waived) is Holder.FINDER


def test_a_waived_reward_is_nobodys() -> None:
    assert holder(Right.REWARD, waived=frozenset({Right.REWARD})) is Holder.NOBODY


def test_an_anonymous_finder_waives_all_and_consents_in_one_sentence() -> None:
    nobody = asked(Finder(anonymous=True), regime=Regime.GENERAL)
    assert (
        nobody.waiver
        == WAIVER_OF_EVERYTHING
        == (
            "Ich verzichte auf Finderlohn, Auslagenersatz und Eigentumserwerb und stimme der "
            "Herausgabe an Empfangsberechtigte zu."
        )
    )
    assert not nobody.rights
    assert not nobody.person_is_stored


def test_a_minor_names_a_guardian_for_reward_and_ownership() -> None:
    child = asked(Finder(minor=True), regime=Regime.GENERAL)
    assert child.guardian_for == {Right.REWARD, Right.OWNERSHIP}


def test_a_finder_who_keeps_the_thing_keeps_the_address_secret() -> None:
    assert asked(Finder(keeps_it=True), regime=Regime.GENERAL).address_is_secret
