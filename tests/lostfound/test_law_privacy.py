"""What is public, who learns an address, and when personal data ends."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lostfound.law import Kind, Policy, can_publish, retention_of
from lostfound.law.periods import months_after
from lostfound.law.publication import (
    LEGAL_BASIS,
    NEVER_PUBLIC,
    PUBLIC,
    Draft,
    Fact,
    Missing,
    can_show_photo,
    can_tell_address,
)
from lostfound.law.publication import Then as ThenPublish
from lostfound.law.retention import Record, Then

DAYS = some.dates(dt.date(1990, 1, 1), dt.date(2190, 12, 31))


def test_the_public_reads_seven_coarse_facts() -> None:
    assert {
        Fact.CATEGORY,
        Fact.COLOUR_GROUP,
        Fact.COARSE_BRAND,
        Fact.FIND_DATE,
        Fact.COARSE_PLACE,
        Fact.OFFICE,
        Fact.PUBLIC_NUMBER,
    } == PUBLIC


@pytest.mark.parametrize(
    "fact",
    [
        Fact.FINDER_NAME,
        Fact.OWNER_NAME,
        Fact.SERIAL,
        Fact.IMEI,
        Fact.CONTENTS,
        Fact.AMOUNT,
        Fact.ENGRAVING,
        Fact.KEY_NUMBER,
        Fact.DOCUMENT_PHOTO,
        Fact.STORAGE_PLACE,
    ],
)
def test_the_public_never_reads(fact: Fact) -> None:
    assert fact in NEVER_PUBLIC


def test_nothing_is_published_without_a_hidden_mark() -> None:
    answer = can_publish(Draft(Kind.OTHER, hidden_marks=0))
    assert answer.missing == (Missing.HIDDEN_MARK,)
    assert can_publish(Draft(Kind.OTHER, hidden_marks=1))


def test_or_staff_say_that_no_mark_can_be_seen_and_ask_back_before_a_release() -> None:
    answer = can_publish(Draft(Kind.OTHER, hidden_marks=0, no_mark_visible=True))
    assert answer.allowed
    assert answer.then == (ThenPublish.ASK_BACK,)


@pytest.mark.parametrize("kind", [Kind.IDENTITY_PAPER, Kind.CARD, Kind.CASH, Kind.WEAPON])
def test_papers_cards_cash_and_weapons_are_not_listed(kind: Kind) -> None:
    assert Missing.LISTED_KIND in can_publish(Draft(kind, hidden_marks=1)).missing


def test_photos_are_not_public_unless_the_municipality_wants_them() -> None:
    assert not can_show_photo(Kind.BICYCLE)
    assert can_show_photo(Kind.BICYCLE, policy=Policy(photos_public=True))


def test_photos_of_cards_passes_cash_and_keys_are_never_public() -> None:
    policy = Policy(photos_public=True)
    for kind in (Kind.CARD, Kind.IDENTITY_PAPER, Kind.FOREIGN_PAPER, Kind.CASH, Kind.KEYS):
        assert can_show_photo(kind, policy=policy).missing == (Missing.LISTED_KIND,)


def test_addresses_are_told_for_a_reward_only() -> None:
    assert can_tell_address(reward_claimed=True)
    assert can_tell_address(reward_claimed=False).missing == (Missing.REWARD_CLAIM,)


def test_the_address_of_a_finder_who_keeps_the_thing_stays_secret() -> None:
    answer = can_tell_address(reward_claimed=True, finder_keeps_it=True)
    assert answer.missing == (Missing.OPEN_ADDRESS,)


def test_a_finder_who_asked_not_to_be_named_is_not() -> None:
    answer = can_tell_address(reward_claimed=True, finder_stays_unnamed=True)
    assert answer.missing == (Missing.FINDERS_YES,)


def test_the_legal_basis_is_named() -> None:
    assert "Art. 6 Abs. 1 lit. c, e DSGVO" in LEGAL_BASIS.cite


@pytest.mark.parametrize(
    ("record", "day", "until"),
    [
        (Record.OPEN_LOSS, "2026-01-15", "2026-07-15"),
        (Record.EVIDENCE, "2026-01-15", "2026-02-14"),
        (Record.RELEASED, "2026-01-15", "2029-12-31"),
        (Record.RELEASED, "2026-12-31", "2029-12-31"),
        (Record.ACQUIRED, "2026-07-15", "2029-07-15"),
        (Record.PROCEEDS, "2026-03-10", "2029-03-10"),
        (Record.RECEIPT, "2026-03-10", "2036-12-31"),
    ],
)
def test_personal_data_is_kept_until(record: Record, day: str, until: str) -> None:
    kept = retention_of(record, dt.date.fromisoformat(day))
    assert kept.until == dt.date.fromisoformat(until)


def test_a_municipality_may_end_with_the_day_instead_of_the_year() -> None:
    policy = Policy(ends_with_calendar_year=False)
    kept = retention_of(Record.RELEASED, dt.date(2026, 1, 15), policy=policy)
    assert kept.until == dt.date(2029, 1, 15)


def test_the_archive_is_offered_a_closed_case_before_it_is_erased() -> None:
    day = dt.date(2026, 1, 15)
    kept = retention_of(Record.RELEASED, day)
    assert kept.then == (Then.OFFER_TO_ARCHIVE, Then.ERASE)
    policy = Policy(offer_to_archive=False)
    assert retention_of(Record.RELEASED, day, policy=policy).then == (Then.ERASE,)


def test_whoever_lost_something_is_asked_before_the_report_ends() -> None:
    kept = retention_of(Record.OPEN_LOSS, dt.date(2026, 1, 15))
    assert kept.then == (Then.ASK_FIRST, Then.ERASE)


@given(DAYS)
def test_the_proof_of_a_release_lives_three_years_at_least_and_four_at_most(
    day: dt.date,
) -> None:
    until = retention_of(Record.RELEASED, day).until
    assert months_after(day, 36) <= until < months_after(day, 48)
    assert (until.month, until.day) == (12, 31)


@given(DAYS, some.sampled_from(Record))
def test_nothing_is_kept_for_less_than_its_day(day: dt.date, record: Record) -> None:
    assert retention_of(record, day).until > day
