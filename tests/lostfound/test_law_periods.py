"""Periods of §§ 187–193 BGB, day by day."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lostfound.law import Policy, finder_owns_from, last_day, local_day
from lostfound.law.periods import (
    NaiveInstant,
    NoWorkingDay,
    Period,
    ends,
    lengths,
    months_after,
    release_to_finder_not_before,
    three_years_after,
    working_day_from,
)

DAY = dt.timedelta(days=1)
DAYS = some.dates(dt.date(1990, 1, 1), dt.date(2190, 12, 31))
HESSE = holidays.country_holidays("DE", subdiv="HE", years=range(2025, 2031))


def open_in_hesse(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in HESSE


def open_on_weekdays(day: dt.date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("notice", "last", "owns_from"),
    [
        ("2026-01-15", "2026-07-15", "2026-07-16"),
        ("2025-08-28", "2026-02-28", "2026-03-01"),
        ("2025-08-29", "2026-02-28", "2026-03-01"),
        ("2025-08-30", "2026-02-28", "2026-03-01"),
        ("2025-08-31", "2026-02-28", "2026-03-01"),
        ("2023-08-29", "2024-02-29", "2024-03-01"),
        ("2023-08-30", "2024-02-29", "2024-03-01"),
        ("2023-08-31", "2024-02-29", "2024-03-01"),
        ("2026-02-28", "2026-08-28", "2026-08-29"),
        ("2024-02-29", "2024-08-29", "2024-08-30"),
        ("2026-03-31", "2026-09-30", "2026-10-01"),
        ("2025-12-31", "2026-06-30", "2026-07-01"),
        ("2025-10-04", "2026-04-04", "2026-04-05"),  # a Saturday; Easter Sunday
        ("2026-06-25", "2026-12-25", "2026-12-26"),  # both holidays
        ("2025-11-01", "2026-05-01", "2026-05-02"),  # a holiday; a Saturday
    ],
)
def test_six_months_end_where_the_law_says(notice: str, last: str, owns_from: str) -> None:
    day = dt.date.fromisoformat(notice)
    assert last_day(day) == dt.date.fromisoformat(last)
    assert finder_owns_from(day) == dt.date.fromisoformat(owns_from)


def test_half_an_hour_before_midnight_in_greenwich_is_the_next_day_in_germany() -> None:
    instant = dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC)
    assert local_day(instant) == dt.date(2026, 3, 29)
    assert last_day(local_day(instant)) == dt.date(2026, 9, 29)


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(NaiveInstant):
        local_day(dt.datetime(2026, 3, 28, 23, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "shifted"),
    [("2026-08-16", "2026-08-17"), ("2026-10-03", "2026-10-05"), ("2026-08-18", "2026-08-18")],
)
def test_a_day_for_declarations_moves_off_weekends_and_holidays(day: str, shifted: str) -> None:
    moved = working_day_from(dt.date.fromisoformat(day), is_working_day=open_in_hesse)
    assert moved == dt.date.fromisoformat(shifted)


@pytest.mark.parametrize(
    ("period", "event", "end"),
    [
        (Period.OWNERSHIP, "2025-10-04", "2026-04-04"),  # Saturday stays
        (Period.COLLECTION, "2026-07-19", "2026-08-17"),  # 28 days end on a Sunday
        (Period.COLLECTION, "2026-09-05", "2026-10-05"),  # on the Day of German Unity
        (Period.DECLARATION, "2026-07-19", "2026-08-17"),
        (Period.NOTICE, "2026-01-05", "2026-02-16"),
        (Period.NOTICE, "2026-01-04", "2026-02-16"),  # 42 days end on a Sunday
        (Period.ENRICHMENT, "2026-07-15", "2029-07-15"),  # Sunday stays
        (Period.PROCEEDS, "2026-03-10", "2029-03-10"),  # Saturday stays
        (Period.REWARD_CLAIM, "2026-03-10", "2029-03-10"),
    ],
)
def test_only_periods_for_declarations_shift(period: Period, event: str, end: str) -> None:
    last = ends(period, dt.date.fromisoformat(event), is_working_day=open_in_hesse)
    assert last == dt.date.fromisoformat(end)


def test_every_period_has_a_length_and_a_paragraph() -> None:
    table = lengths()
    assert set(table) == set(Period)
    assert all(length.ground.cite.startswith("§") for length in table.values())


def test_a_municipality_may_set_longer_deadlines() -> None:
    policy = Policy(notice_days=56)
    posted = dt.date(2026, 1, 5)
    last = ends(Period.NOTICE, posted, is_working_day=open_in_hesse, policy=policy)
    assert last == dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("last", "opens"),
    [
        ("2026-07-15", "2026-07-16"),  # Wednesday, Thursday
        ("2026-04-04", "2026-04-07"),  # over Easter
        ("2026-12-25", "2026-12-28"),  # over Christmas and the weekend
    ],
)
def test_the_office_hands_out_to_a_finder_on_a_working_day(last: str, opens: str) -> None:
    day = dt.date.fromisoformat(last)
    held = release_to_finder_not_before(day, is_working_day=open_in_hesse)
    assert held == dt.date.fromisoformat(opens)


def test_a_municipality_may_hand_out_without_waiting() -> None:
    policy = Policy(hold_until_working_day=False)
    easter_sunday = release_to_finder_not_before(
        dt.date(2026, 4, 4), is_working_day=open_in_hesse, policy=policy
    )
    assert easter_sunday == dt.date(2026, 4, 5)


@pytest.mark.parametrize(
    ("last", "until"),
    [
        ("2026-07-15", "2029-07-15"),
        ("2026-03-10", "2029-03-10"),
        ("2025-02-28", "2028-02-29"),  # the later of two readings
        ("2024-02-29", "2027-02-28"),
        ("2024-02-28", "2027-02-28"),
    ],
)
def test_three_years_end_on_the_later_day_at_the_end_of_february(last: str, until: str) -> None:
    assert three_years_after(dt.date.fromisoformat(last)) == dt.date.fromisoformat(until)


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(NoWorkingDay):
        working_day_from(dt.date(2026, 1, 1), is_working_day=lambda _: False)


@given(DAYS, some.integers(0, 600))
def test_months_keep_the_number_of_the_day_or_end_with_the_month(day: dt.date, months: int) -> None:
    after = months_after(day, months)
    assert (after.year - day.year) * 12 + after.month - day.month == months
    assert after.day == min(day.day, monthrange(after.year, after.month)[1])


@given(DAYS)
def test_six_months_are_never_shorter_than_181_days_nor_longer_than_184(day: dt.date) -> None:
    assert 181 <= (last_day(day) - day).days <= 184


@given(DAYS, DAYS)
def test_whoever_notifies_later_never_owns_earlier(a: dt.date, b: dt.date) -> None:
    assert last_day(min(a, b)) <= last_day(max(a, b))


@given(DAYS)
def test_the_finder_owns_from_the_day_after_the_last(day: dt.date) -> None:
    assert finder_owns_from(day) == last_day(day) + DAY


@given(some.integers(1990, 2190))
def test_notices_at_the_end_of_august_all_end_with_february(year: int) -> None:
    lasts = {last_day(dt.date(year, 8, day)) for day in (29, 30, 31)}
    assert lasts == {dt.date(year + 1, 3, 1) - DAY}


@given(DAYS)
def test_three_years_differ_by_a_day_at_most(day: dt.date) -> None:
    plain = months_after(day, 36)
    assert three_years_after(day) - plain in (dt.timedelta(0), DAY)
    assert (three_years_after(day) == plain) or (plain.month, plain.day) == (2, 28)


@given(DAYS)
def test_a_shift_goes_forward_to_the_nearest_working_day(day: dt.date) -> None:
    moved = working_day_from(day, is_working_day=open_on_weekdays)
    assert open_on_weekdays(moved)
    assert not any(open_on_weekdays(day + DAY * n) for n in range((moved - day).days))


@given(DAYS, some.sampled_from(Period))
def test_no_period_ends_before_it_began(day: dt.date, period: Period) -> None:
    assert ends(period, day, is_working_day=open_on_weekdays) > day


@given(
    some.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2190, 1, 1)),  # noqa: DTZ001
    some.timezones(),
)
def test_an_instant_has_the_same_day_whatever_zone_tells_it(
    naive: dt.datetime, zone: dt.tzinfo
) -> None:
    instant = naive.replace(tzinfo=dt.UTC)
    assert local_day(instant.astimezone(zone)) == local_day(instant)
    assert local_day(instant) - instant.date() in (dt.timedelta(0), DAY)
