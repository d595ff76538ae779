"""Working days and reading hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.calendar import BERLIN, Calendar
from townhall.models import ClosingDay, Municipality


def calendar(land: str = "HE", *closed: dt.date) -> Calendar:
    return Calendar(land, frozenset(closed), dt.time(8), dt.time(16))


def at(text: str) -> dt.datetime:
    """A Berlin clock's reading as an instant."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(dt.UTC)


def test_epiphany_is_worked_in_hessen_and_not_in_baden_wuerttemberg() -> None:
    epiphany = dt.date(2026, 1, 6)  # a Tuesday
    assert calendar("HE").is_working_day(epiphany)
    assert not calendar("BW").is_working_day(epiphany)


def test_nobody_works_on_corpus_christi_in_hessen() -> None:
    assert not calendar("HE").is_working_day(dt.date(2026, 6, 4))
    assert calendar("BE").is_working_day(dt.date(2026, 6, 4))


def test_all_saints_is_worked_in_hessen_and_not_in_baden_wuerttemberg() -> None:
    assert calendar("HE").is_working_day(dt.date(2027, 11, 1))
    assert not calendar("BW").is_working_day(dt.date(2027, 11, 1))


def test_the_last_days_of_the_year_are_worked_unless_the_town_hall_closes() -> None:
    christmas_eve, new_years_eve = dt.date(2026, 12, 24), dt.date(2026, 12, 31)
    assert calendar().is_working_day(christmas_eve)
    closed = calendar("HE", christmas_eve, new_years_eve)
    assert not closed.is_working_day(christmas_eve)
    assert not closed.is_working_day(new_years_eve)


def test_weekends_are_no_working_days() -> None:
    assert not calendar().is_working_day(dt.date(2026, 11, 21))
    assert not calendar().is_working_day(dt.date(2026, 11, 22))
    assert calendar().is_working_day(dt.date(2026, 11, 23))


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-03-31", 3, "2026-04-07"),  # Wed, Thu, (Good Friday … Easter Monday), Tue
        ("2026-12-30", 2, "2027-01-04"),  # Thu, (New Year, weekend), Mon
        ("2026-11-21", 1, "2026-11-23"),  # from a Saturday
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_deadlines_pass_over_holidays(start: str, n: int, end: str) -> None:
    found = calendar().add_working_days(dt.date.fromisoformat(start), n)
    assert found == dt.date.fromisoformat(end)


def test_closing_days_move_a_deadline() -> None:
    closed = calendar("HE", dt.date(2026, 12, 24), dt.date(2026, 12, 31))
    assert closed.add_working_days(dt.date(2026, 12, 23), 1) == dt.date(2026, 12, 28)
    assert closed.add_working_days(dt.date(2026, 12, 30), 1) == dt.date(2027, 1, 4)


def test_counting_is_the_reverse_of_adding() -> None:
    towns, start = calendar(), dt.date(2026, 3, 27)
    for n in range(60):
        end = towns.add_working_days(start, n)
        assert towns.working_days_between(start, end) == n
        assert towns.working_days_between(end, start) == -n


def test_a_deadline_before_its_start_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        calendar().add_working_days(dt.date(2026, 1, 1), -1)


@pytest.mark.parametrize(
    ("now", "read"),
    [
        ("2026-11-20T17:00", "2026-11-23T08:00"),  # Friday evening
        ("2026-11-20T16:00", "2026-11-23T08:00"),  # closing time itself
        ("2026-11-20T07:59", "2026-11-20T08:00"),
        ("2026-11-20T10:30", "2026-11-20T10:30"),  # open: now
        ("2026-04-02T18:00", "2026-04-07T08:00"),  # over Easter
        ("2026-03-27T20:00", "2026-03-30T08:00"),  # over the night when the clock goes forward
        ("2026-10-23T20:00", "2026-10-26T08:00"),  # … and back
        ("2026-10-25T02:30", "2026-10-26T08:00"),
    ],
)
def test_it_tells_when_staff_will_read_it(now: str, read: str) -> None:
    found = calendar().next_reading(at(now))
    assert found == at(read)
    assert found.strftime("%Y-%m-%dT%H:%M") == read


def test_a_utc_evening_is_the_next_local_day() -> None:
    """23:30 UTC on Thursday is Friday 0:30 in Bensheim."""
    now = dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC)
    assert calendar().next_reading(now) == at("2026-11-20T08:00")


def test_an_unknown_land_has_the_holidays_of_all_germany() -> None:
    assert not calendar("??").is_working_day(dt.date(2026, 5, 1))
    assert calendar("??").is_working_day(dt.date(2026, 6, 4))


def test_a_towns_calendar_knows_its_closing_days(
    make_municipality: Callable[..., Municipality],
) -> None:
    bensheim = make_municipality()
    ClosingDay.objects.create(municipality=bensheim, day=dt.date(2026, 12, 24), name="Heiligabend")
    with CaptureQueriesContext(connection) as queries:
        found = Calendar.of(bensheim)
    assert len(queries) == 1
    assert found == calendar("HE", dt.date(2026, 12, 24))


def test_closing_days_that_are_known_are_not_asked_for(
    make_municipality: Callable[..., Municipality],
) -> None:
    bensheim = make_municipality()
    bensheim.closing_dates = [dt.date(2026, 12, 31)]  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as queries:
        found = Calendar.of(bensheim)
    assert not queries.captured_queries
    assert found.closed == {dt.date(2026, 12, 31)}
