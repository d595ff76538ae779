"""Periods of §§ 187–193 BGB over civil dates of Europe/Berlin.

The day of the event doesn't count (§ 187 Abs. 1); a period ends with the end, 24:00, of its last
day (§ 188). Only where somebody must declare or perform something does a last day on a Saturday,
Sunday or holiday move to the next working day (§ 193); where merely an effect of law sets in, like
the finder's ownership, it stays.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from lostfound.law.grounds import Ground, practice, reading
from lostfound.law.policy import DEFAULT, Policy

BERLIN = ZoneInfo("Europe/Berlin")
_DAY = dt.timedelta(days=1)

# `townhall.calendar.Calendar.is_working_day` fits. The law asks for weekends and holidays only; a
# closing day of the town hall on top lengthens in favour of whoever must act.
IsWorkingDay = Callable[[dt.date], bool]


class Period(StrEnum):
    OWNERSHIP = "ownership"
    COLLECTION = "collection"
    DECLARATION = "declaration"
    NOTICE = "notice"
    ENRICHMENT = "enrichment"
    PROCEEDS = "proceeds"
    REWARD_CLAIM = "reward_claim"


@dataclass(frozen=True)
class Length:
    ground: Ground
    shifts: bool  # § 193 BGB
    months: int = 0
    days: int = 0


def lengths(policy: Policy = DEFAULT) -> dict[Period, Length]:
    """How long each period is and whether a weekend moves its end."""
    return {
        Period.OWNERSHIP: Length(practice("§ 973 Abs. 1 BGB"), shifts=False, months=6),
        Period.COLLECTION: Length(
            reading("§ 976 Abs. 2, § 193 BGB"), shifts=True, days=policy.collection_days
        ),
        Period.DECLARATION: Length(
            reading("§§ 974, 1003, 193 BGB"), shifts=True, days=policy.declaration_days
        ),
        Period.NOTICE: Length(reading("§§ 980, 193 BGB"), shifts=True, days=policy.notice_days),
        Period.ENRICHMENT: Length(Ground("§ 977 BGB"), shifts=False, months=36),
        Period.PROCEEDS: Length(Ground("§ 981 BGB"), shifts=False, months=36),
        Period.REWARD_CLAIM: Length(Ground("§ 978 Abs. 3 BGB"), shifts=False, months=36),
    }


@dataclass(eq=False)
class NaiveInstant(Exception):
    """An instant without a time zone has no day."""

    instant: dt.datetime


@dataclass(eq=False)
class NoWorkingDay(Exception):
    """The calendar knows none for a whole year."""

    after: dt.date


def local_day(instant: dt.datetime) -> dt.date:
    """The civil date of an aware instant. Raises NaiveInstant."""
    if instant.tzinfo is None:
        raise NaiveInstant(instant)
    return instant.astimezone(BERLIN).date()


def last_day(notice: dt.date) -> dt.date:
    """Last day of the six months after the notice of the find (§ 973 Abs. 1). Never shifted."""
    return months_after(notice, 6)


def finder_owns_from(notice: dt.date) -> dt.date:
    """The finder owns the thing from 0:00 of this day on (§ 973 Abs. 1)."""
    return last_day(notice) + _DAY


def release_to_finder_not_before(
    last: dt.date, *, is_working_day: IsWorkingDay, policy: Policy = DEFAULT
) -> dt.date:
    """When the office lets a finder fetch what became theirs after `last`, the last day.

    The right stands from the next day; the office waits for a working day, because it is unsettled
    whether an owner is in time on the Monday after a Sunday.
    """
    if policy.hold_until_working_day:
        return working_day_from(last + _DAY, is_working_day=is_working_day)
    return last + _DAY


def ends(
    period: Period,
    event: dt.date,
    *,
    is_working_day: IsWorkingDay,
    policy: Policy = DEFAULT,
) -> dt.date:
    """Last day of a period that the event sets going; the day of the event doesn't count."""
    length = lengths(policy)[period]
    end = months_after(event, length.months) + length.days * _DAY
    return working_day_from(end, is_working_day=is_working_day) if length.shifts else end


def three_years_after(last: dt.date) -> dt.date:
    """Last day of three years that begin when `last` is over (§§ 977, 981).

    Whether the midnight between two days is an event (§ 187 Abs. 1) or the first day's beginning
    (§ 187 Abs. 2) matters at the end of February alone: then the later one.
    """
    return max(months_after(last, 36), months_after(last + _DAY, 36) - _DAY)


def months_after(day: dt.date, months: int) -> dt.date:
    """The day of the same number, or the last one of a month that lacks it (§ 188 Abs. 2, 3).

    In one step: adding one month six times would lose the 31st for good in the first short month.
    """
    years, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month0 + 1
    return dt.date(years, month, min(day.day, monthrange(years, month)[1]))


def working_day_from(day: dt.date, *, is_working_day: IsWorkingDay) -> dt.date:
    """The day itself, or the next working day (§ 193). Raises NoWorkingDay."""
    for step in range(366):
        if is_working_day(day + _DAY * step):
            return day + _DAY * step
    raise NoWorkingDay(day)
