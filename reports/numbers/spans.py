"""The time that numbers are asked for, in days of the town hall. No Django, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_DAYS = 3 * 366
WEEKS_UP_TO = 32  # longer times are told by months: that many bars still have room on a phone
LATELY_WEEKS = 12


class BadSpan(Exception):
    """A date that can't be read, ends before it begins, or a time longer than MOST_DAYS."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Span:
    """From `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    @classmethod
    def lately(cls, today: dt.date, *, weeks: int = LATELY_WEEKS) -> Span:
        """So many whole weeks up to today, from a Monday on."""
        monday = today - dt.timedelta(days=today.weekday())
        return cls(monday - dt.timedelta(weeks=weeks - 1), today)

    @classmethod
    def parse(cls, query: Mapping[str, Any], *, today: dt.date) -> Span:
        """`?von=2026-01-01&bis=2026-03-31`, each as it may be missing. Raises BadSpan."""
        lately = cls.lately(today)
        last = _day(query, "bis") or max(today, _day(query, "von") or today)
        first = _day(query, "von") or min(lately.first, last)
        if last < first:
            raise BadSpan("bis")
        if (last - first).days > MOST_DAYS:
            raise BadSpan("von")
        return cls(first, last)

    @property
    def end(self) -> dt.date:
        """The day after the last one."""
        return self.last + dt.timedelta(days=1)

    @property
    def before(self) -> Span:
        """As many days right before it: what the numbers are compared with."""
        days = self.end - self.first
        return Span(self.first - days, self.last - days)

    @property
    def step(self) -> str:
        """Into what it is cut: `week` or `month`."""
        return "week" if (self.end - self.first).days <= WEEKS_UP_TO * 7 else "month"

    @property
    def steps(self) -> list[dt.date]:
        """The first day of every week or month that it touches."""
        day, days = self._floor(self.first), []
        while day <= self.last:
            days.append(day)
            day = self._next(day)
        return days

    def _floor(self, day: dt.date) -> dt.date:
        if self.step == "week":
            return day - dt.timedelta(days=day.weekday())
        return day.replace(day=1)

    def _next(self, day: dt.date) -> dt.date:
        if self.step == "week":
            return day + dt.timedelta(weeks=1)
        return (day + dt.timedelta(days=31)).replace(day=1)


def _day(query: Mapping[str, Any], name: str) -> dt.date | None:
    text = str(query.get(name, "")).strip()
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadSpan(name) from None
    if not 2000 <= day.year <= 2200:  # room for the days before it and after it
        raise BadSpan(name)
    return day
