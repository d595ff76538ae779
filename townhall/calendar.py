"""Working days of a town hall: Monday to Friday, less the Land's holidays and its own closing days.

Days are civil dates of Europe/Berlin; an instant is turned into local time before it is looked at,
so the nights when the clock changes move no deadline.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from townhall.models import ClosingDay, Municipality

BERLIN = ZoneInfo("Europe/Berlin")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """One town hall's. Between `opens_at` and `closes_at`, local time, reports are read."""

    land: str
    closed: frozenset[dt.date]
    opens_at: dt.time
    closes_at: dt.time

    @classmethod
    def of(cls, municipality: Municipality) -> Calendar:
        """From `municipality.closing_dates` where a query has brought it, else one query."""
        dates = getattr(municipality, "closing_dates", None)
        if dates is None:
            dates = ClosingDay.objects.filter(municipality=municipality)
            dates = dates.values_list("day", flat=True)
        return cls(
            land=municipality.land,
            closed=frozenset(dates),
            opens_at=_time(municipality.opens_at),
            closes_at=_time(municipality.closes_at),
        )

    def is_working_day(self, day: dt.date) -> bool:
        return (
            day.weekday() < 5
            and day not in _holidays(self.land, day.year)
            and day not in self.closed
        )

    def add_working_days(self, start: dt.date, n: int) -> dt.date:
        """The n-th working day after `start`, which itself doesn't count.

        0 gives `start`, or the first working day after it when `start` is none.
        """
        if n < 0:
            raise ValueError(n)
        day = start if n or self.is_working_day(start) else self._next(start)
        for _ in range(n):
            day = self._next(day)
        return day

    def working_days_between(self, a: dt.date, b: dt.date) -> int:
        """Working days after `a` up to and with `b`; negative when `b` comes first."""
        if b < a:
            return -self.working_days_between(b, a)
        days = (a + _DAY * step for step in range(1, (b - a).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def next_reading(self, now: dt.datetime) -> dt.datetime:
        """When staff will read it: `now` while the town hall is open, else when it next opens.

        Local time of Berlin, aware. `now` must be aware.
        """
        local = now.astimezone(BERLIN)
        day = local.date()
        if self.is_working_day(day):
            opening, closing = self._hours(day)
            if local < opening:
                return opening
            if local < closing:
                return local
        return self._hours(self._next(day))[0]

    def last_closing(self, day: dt.date) -> dt.datetime:
        """When the last working day before `day` ended. Local time of Berlin, aware."""
        before = day - _DAY
        while not self.is_working_day(before):
            before -= _DAY
        return self._hours(before)[1]

    def _hours(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """Opening and closing of a day. Compared as instants, not as readings of a clock."""
        opening = dt.datetime.combine(day, self.opens_at, BERLIN).astimezone(dt.UTC)
        closing = dt.datetime.combine(day, self.closes_at, BERLIN).astimezone(dt.UTC)
        return opening.astimezone(BERLIN), closing.astimezone(BERLIN)

    def _next(self, day: dt.date) -> dt.date:
        day += _DAY
        while not self.is_working_day(day):
            day += _DAY
        return day


@lru_cache(maxsize=256)
def _holidays(land: str, year: int) -> frozenset[dt.date]:
    """Public holidays of a Land; those of all Germany when the Land is unknown."""
    subdiv = land if land in holidays.list_supported_countries()["DE"] else None
    return frozenset(holidays.country_holidays("DE", subdiv=subdiv, years=year))


def _time(value: dt.time | str) -> dt.time:
    """A row that was just made still holds the text its field was given."""
    return dt.time.fromisoformat(value) if isinstance(value, str) else value
