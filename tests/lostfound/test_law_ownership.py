"""Whose a find is, day by day (§§ 973, 974, 976, 977, 984 BGB)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from lostfound.law import Course, Owner, finder_owns_from, last_day, standing
from lostfound.law.ownership import TREASURE_SHARE

DAY = dt.timedelta(days=1)
NOTICE = dt.date(2026, 1, 15)
LAST = dt.date(2026, 7, 15)
UMBRELLA = Course(found=dt.date(2026, 1, 10), notice=NOTICE, value_cents=1000)
BICYCLE = Course(found=dt.date(2026, 1, 10), notice=NOTICE, value_cents=1001)


def owner(course: Course, on: dt.date) -> Owner:
    return standing(course, on=on).owner


def test_on_the_last_day_it_is_not_the_finders_and_on_the_next_it_is() -> None:
    assert owner(BICYCLE, LAST) is Owner.OPEN
    assert owner(BICYCLE, LAST + DAY) is Owner.FINDER
    assert standing(BICYCLE, on=LAST + DAY).since == dt.date(2026, 7, 16)


def test_the_clock_of_a_small_find_starts_with_the_find() -> None:
    now = standing(UMBRELLA, on=dt.date(2026, 7, 11))
    assert (now.owner, now.last) == (Owner.FINDER, dt.date(2026, 7, 10))
    assert now.ground.cite == "§ 973 Abs. 2 BGB"


def test_without_a_notice_the_clock_of_a_bicycle_never_starts() -> None:
    silent = replace(BICYCLE, notice=None)
    assert standing(silent, on=dt.date(2036, 1, 1)).owner is Owner.OPEN
    assert standing(silent, on=dt.date(2036, 1, 1)).last is None


def test_an_owner_who_registers_on_the_last_day_stops_it() -> None:
    assert owner(replace(BICYCLE, registered=LAST), LAST + DAY) is Owner.ENTITLED


def test_an_owner_who_registers_a_day_later_comes_too_late() -> None:
    assert owner(replace(BICYCLE, registered=LAST + DAY), LAST + DAY) is Owner.FINDER


def test_an_owner_whom_the_finder_knows_in_time_stops_it() -> None:
    assert owner(replace(BICYCLE, known_to_finder=LAST), LAST + DAY) is Owner.ENTITLED


def test_registering_does_not_stop_a_small_find() -> None:
    registered = replace(UMBRELLA, registered=dt.date(2026, 2, 1))
    assert owner(registered, LAST) is Owner.FINDER


def test_concealing_a_small_find_keeps_it_from_the_finder() -> None:
    concealed = standing(replace(UMBRELLA, concealed=True), on=dt.date(2027, 1, 1))
    assert concealed.owner is Owner.OPEN
    assert concealed.ground.cite == "§ 973 Abs. 2 S. 2 BGB"


def test_what_the_finder_waived_becomes_the_towns_on_the_same_day() -> None:
    waived = standing(replace(BICYCLE, ownership_waived=True), on=LAST + DAY)
    assert (waived.owner, waived.since) == (Owner.MUNICIPALITY, LAST + DAY)
    assert waived.ground.cite == "§ 976 Abs. 1 BGB"
    assert owner(replace(BICYCLE, ownership_waived=True), LAST) is Owner.OPEN


def test_an_owner_who_leaves_the_finders_claims_unanswered_loses_it() -> None:
    asked = replace(BICYCLE, registered=NOTICE, declaration_ends=dt.date(2026, 8, 17))
    assert owner(asked, dt.date(2026, 8, 17)) is Owner.ENTITLED
    late = standing(asked, on=dt.date(2026, 8, 18))
    assert (late.owner, late.ground.cite) == (Owner.FINDER, "§ 974 BGB")
    assert late.since == dt.date(2026, 8, 18)


def test_an_owner_who_accepts_the_claims_in_time_keeps_it() -> None:
    ends = dt.date(2026, 8, 17)
    asked = replace(BICYCLE, registered=NOTICE, declaration_ends=ends)
    assert owner(replace(asked, accepted=ends), ends + DAY) is Owner.ENTITLED
    assert owner(replace(asked, accepted=ends + DAY), ends + DAY) is Owner.FINDER


def test_nobody_asks_an_owner_and_the_thing_stays_the_owners() -> None:
    assert owner(replace(BICYCLE, registered=NOTICE), dt.date(2030, 1, 1)) is Owner.ENTITLED


def test_what_the_finder_does_not_demand_in_time_becomes_the_towns() -> None:
    ends = dt.date(2026, 8, 17)
    left = replace(BICYCLE, collection_ends=ends)
    assert owner(left, ends) is Owner.FINDER
    lost = standing(left, on=ends + DAY)
    assert (lost.owner, lost.since) == (Owner.MUNICIPALITY, ends + DAY)
    assert lost.ground.cite == "§ 976 Abs. 2 BGB"


def test_what_the_finder_demanded_in_time_stays_the_finders() -> None:
    ends = dt.date(2026, 8, 17)
    assert owner(replace(BICYCLE, collection_ends=ends, demanded=ends), ends + DAY) is (
        Owner.FINDER
    )


def test_a_collection_deadline_before_the_finder_owns_is_none() -> None:
    hasty = replace(BICYCLE, collection_ends=dt.date(2026, 6, 1))
    assert owner(hasty, LAST + DAY) is Owner.FINDER


def test_the_former_owner_may_reclaim_the_enrichment_for_three_years() -> None:
    assert standing(BICYCLE, on=LAST + DAY).enrichment_until == dt.date(2029, 7, 15)
    assert standing(BICYCLE, on=LAST).enrichment_until is None


def test_at_the_end_of_february_the_later_day_counts() -> None:
    course = Course(found=dt.date(2024, 8, 31), notice=dt.date(2024, 8, 31), value_cents=50_000)
    now = standing(course, on=dt.date(2025, 3, 1))
    assert now.last == dt.date(2025, 2, 28)
    assert now.enrichment_until == dt.date(2028, 2, 29)


def test_a_treasure_is_shared_half_and_half() -> None:
    assert Fraction(1, 2) == TREASURE_SHARE


@given(some.dates(dt.date(1990, 1, 1), dt.date(2190, 1, 1)), some.integers(-400, 400))
def test_a_find_over_ten_euros_changes_hands_on_one_day_only(notice: dt.date, offset: int) -> None:
    course = Course(found=notice, notice=notice, value_cents=5000)
    day = last_day(notice) + offset * DAY
    assert (owner(course, day) is Owner.FINDER) == (day >= finder_owns_from(notice))


@given(some.integers(0, 400), some.integers(0, 400))
def test_an_owner_stops_it_exactly_when_in_time(registered: int, on: int) -> None:
    course = replace(BICYCLE, registered=NOTICE + registered * DAY)
    day = NOTICE + on * DAY
    in_time = course.registered is not None and course.registered <= min(LAST, day)
    assert (owner(course, day) is Owner.ENTITLED) == in_time
