"""Deadlines over the nights in which the clock changes, and around 29 February.

On 29 March 2026 the clock goes from 2:00 to 3:00, on 25 October 2026 from 3:00 back to 2:00. The
law counts days of the calendar, however many hours they have.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from lostfound import law
from lostfound.ending import deadlines, entitlement, notices
from lostfound.ending.entitlement import NotTheirs
from lostfound.law.ownership import Owner
from lostfound.models import Claim, Deadline, FoundItem, Office
from lostfound.releasing.dues import dues_of
from townhall.models import User

UTC = dt.UTC
DAY = dt.timedelta(days=1)
Make = Callable[..., FoundItem]

# Six months end with this day; the instants are its last second and the next day's first.
LAST_DAYS = [
    # found, last day, 23:59:59 and 0:00:00 in Germany
    ("2025-09-28", "2026-03-28", "2026-03-28T22:59:59", "2026-03-28T23:00:00"),
    ("2025-09-29", "2026-03-29", "2026-03-29T21:59:59", "2026-03-29T22:00:00"),  # 23 hours
    ("2026-04-24", "2026-10-24", "2026-10-24T21:59:59", "2026-10-24T22:00:00"),
    ("2026-04-25", "2026-10-25", "2026-10-25T22:59:59", "2026-10-25T23:00:00"),  # 25 hours
    ("2023-08-29", "2024-02-29", "2024-02-29T22:59:59", "2024-02-29T23:00:00"),
    ("2023-08-31", "2024-02-29", "2024-02-29T22:59:59", "2024-02-29T23:00:00"),
    ("2024-02-29", "2024-08-29", "2024-08-29T21:59:59", "2024-08-29T22:00:00"),
    ("2024-08-30", "2025-02-28", "2025-02-28T22:59:59", "2025-02-28T23:00:00"),
]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def set_to(text: str) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: at(text))

    return set_to


@pytest.fixture
def make_claim() -> Callable[..., Claim]:
    def make(item: FoundItem, received: str) -> Claim:
        return Claim.objects.create(
            client_id=uuid.uuid4(),
            code=uuid.uuid4().hex[:8].upper(),
            capability_digest=uuid.uuid4().hex,
            capability_expires_at=at(received),
            received_at=at(received),
            wanted=item.code,
            item=item,
        )

    return make


@pytest.mark.parametrize(("found", "last", "in_time", "too_late"), LAST_DAYS)
def test_a_claim_of_the_last_second_is_in_time_and_one_of_the_next_is_not(
    make_item: Make,
    make_claim: Callable[..., Claim],
    found: str,
    last: str,
    in_time: str,
    too_late: str,
) -> None:
    day = dt.date.fromisoformat(last) + dt.timedelta(days=1)
    facts = {"regime": "general", "value_cents": 8000, "claims_ownership": True}
    item = make_item(found_on=dt.date.fromisoformat(found), **facts)
    assert law.last_day(item.notice_on).isoformat() == last
    late = make_claim(item, too_late)
    assert deadlines.standing_of(item, on=day).owner is Owner.FINDER
    late.delete()
    make_claim(item, in_time)
    assert deadlines.standing_of(item, on=day).owner is Owner.ENTITLED


@pytest.mark.parametrize(("found", "last", "before", "after"), LAST_DAYS)
def test_the_board_turns_at_midnight_in_germany(
    make_item: Make, clock: Callable[[str], None], found: str, last: str, before: str, after: str
) -> None:
    item = make_item(found_on=dt.date.fromisoformat(found), regime="general", value_cents=8000)
    next_day = dt.date.fromisoformat(last) + dt.timedelta(days=1)
    clock(before)
    assert deadlines.reckon_all() == 1
    row = Deadline.objects.get(item=item)
    assert (row.rule, row.due_on, row.ends_on) == ("six_months", next_day, next_day - DAY)
    assert deadlines.reckon_all() == 0
    clock(after)
    assert deadlines.reckon_all() == 1
    row.refresh_from_db()
    assert (row.rule, row.due_on, row.reckoned_on) == ("towns", next_day, next_day)


@pytest.mark.parametrize("hour_twice", ["2026-10-25T00:30:00", "2026-10-25T01:30:00"])
def test_the_hour_that_comes_twice_is_one_day(
    make_item: Make, clock: Callable[[str], None], clerk: User, hour_twice: str
) -> None:
    """2:30 in summer time and 2:30 an hour later."""
    clock(hour_twice)
    item = make_item(found_on=dt.date(2026, 4, 24), regime="general", claims_ownership=True)
    assert timezone.localdate() == dt.date(2026, 10, 25)
    assert entitlement.finder_demands(item, by=clerk).demanded_on == dt.date(2026, 10, 25)
    too_early = make_item(found_on=dt.date(2026, 4, 25), regime="general", claims_ownership=True)
    with pytest.raises(NotTheirs):
        entitlement.finder_demands(too_early, by=clerk)


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        ("2026-02-15", "2026-03-30"),  # Sunday 29 March moves to Monday (§ 193)
        ("2026-02-16", "2026-03-30"),
        ("2026-09-13", "2026-10-26"),  # Sunday 25 October
        ("2026-09-14", "2026-10-26"),
        ("2024-01-18", "2024-02-29"),
        ("2024-02-29", "2024-04-11"),
    ],
)
def test_a_notice_hangs_six_weeks_of_days(office: Office, posted: str, last: str) -> None:
    assert notices.last_day(office, dt.date.fromisoformat(posted)).isoformat() == last


@pytest.mark.parametrize(
    ("received", "on", "days"),
    [
        ("2026-03-28T22:30:00", "2026-03-29", 1),  # 23:30 to the next day
        ("2026-03-28T23:30:00", "2026-03-29", 0),  # 0:30 in the short night
        ("2026-10-24T22:30:00", "2026-10-25", 0),  # 0:30 in the long night
        ("2026-03-01T11:00:00", "2026-03-29", 28),
        ("2026-09-27T11:00:00", "2026-10-25", 28),
        ("2024-02-28T11:00:00", "2024-03-01", 2),
        ("2025-02-28T11:00:00", "2025-03-01", 1),
    ],
)
def test_fees_count_days_and_not_hours(
    make_item: Make, monkeypatch: pytest.MonkeyPatch, received: str, on: str, days: int
) -> None:
    counted: list[int] = []

    def fee_at(*_facts: object, days: int, **_more: object) -> int:
        counted.append(days)
        return 0

    monkeypatch.setattr("lostfound.releasing.dues.fee_at", fee_at)
    monkeypatch.setattr("lostfound.releasing.dues.schedule_of", lambda _town: law.fees.LANGENAU)
    item = make_item(received_at=at(received), value="exact", value_cents=8000)
    dues_of(item, on=dt.date.fromisoformat(on))
    assert counted == [days]
