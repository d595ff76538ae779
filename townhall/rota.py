"""Who is on duty: the plan read as people read it, its gaps and its overlaps.

A day of duty is named by the civil date on which it begins, at the handover, local time; it ends at
the next day's handover. So the nights when the clock changes have 23 or 25 hours and no gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from townhall.models import Department, DutyPerson, Rota, Shift

BERLIN = ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(days=1)


# ── One day ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Turn:
    """Somebody's place in the order in which a day's people are called."""

    person: DutyPerson
    rank: int
    is_exception: bool = False


def duty_day(moment: dt.datetime, handover: dt.time) -> dt.date:
    """The day of duty at an instant (aware)."""
    local = moment.astimezone(BERLIN)
    return local.date() if local >= _begins(local.date(), handover) else local.date() - DAY


def begins(day: dt.date, handover: dt.time) -> dt.datetime:
    """When a day of duty begins: local time of Berlin, aware."""
    return _begins(day, handover)


def _begins(day: dt.date, handover: dt.time) -> dt.datetime:
    instant = dt.datetime.combine(day, handover, BERLIN).astimezone(dt.UTC)
    return instant.astimezone(BERLIN)


def holds(shift: Shift, day: dt.date) -> bool:
    """Whether the shift covers a day of duty."""
    if day < shift.first_day or (shift.last_day and day > shift.last_day):
        return False
    if shift.is_exception:
        return True
    week = (day - shift.first_day).days // 7
    return week % shift.every_weeks == 0 and day.isoweekday() in shift.weekdays


def in_force(shifts: Iterable[Shift], day: dt.date) -> list[Shift]:
    """The shifts that count on a day, in the order of calling: exceptions beat weekly ones."""
    on_day = [shift for shift in shifts if holds(shift, day)]
    excepted = {shift.rank for shift in on_day if shift.is_exception}
    counted = [shift for shift in on_day if shift.is_exception or shift.rank not in excepted]
    return sorted(counted, key=lambda shift: (shift.rank, shift.first_day, shift.pk or 0))


def turns(shifts: Iterable[Shift], day: dt.date) -> list[Turn]:
    """Who is called on a day, in this order; nobody twice."""
    found: dict[int, Turn] = {}
    for shift in in_force(shifts, day):
        turn = Turn(shift.person, shift.rank, shift.is_exception)
        found.setdefault(shift.person_id, turn)
    return list(found.values())


# ── Many days ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Finding:
    """Something that is wrong with the plan from a day on, up to and with another.

    `people` is empty where nobody is on duty, else it names those who share a rank.
    """

    first_day: dt.date
    last_day: dt.date
    rank: int = 0
    people: tuple[str, ...] = ()

    @property
    def is_gap(self) -> bool:
        return not self.people


def findings(shifts: Sequence[Shift], first_day: dt.date, *, days: int) -> list[Finding]:
    """Gaps and overlaps, in the order of their days. Equal ones of following days are one."""
    by_problem: dict[tuple[int, tuple[str, ...]], list[dt.date]] = {}
    for day in _days(first_day, days):
        for problem in _problems(in_force(shifts, day)):
            by_problem.setdefault(problem, []).append(day)
    found = [
        Finding(first, last, rank, people)
        for (rank, people), on_days in by_problem.items()
        for first, last in _spans(on_days)
    ]
    return sorted(found, key=lambda each: (each.first_day, each.rank))


def _problems(on_day: list[Shift]) -> Iterator[tuple[int, tuple[str, ...]]]:
    if not on_day:
        yield (0, ())
    for rank, group in groupby(on_day, key=lambda shift: shift.rank):
        names = {shift.person_id: shift.person.name for shift in group}
        if len(names) > 1:
            yield (rank, tuple(names.values()))


def _spans(days: list[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    first = last = days[0]
    for day in days[1:]:
        if day != last + DAY:
            yield first, last
            first = day
        last = day
    yield first, last


def _days(first_day: dt.date, n: int) -> list[dt.date]:
    return [first_day + DAY * step for step in range(n)]


@dataclass(frozen=True)
class Watch:
    """A day of duty in the plan, for people to read."""

    day: dt.date
    turns: tuple[Turn, ...]


def preview(shifts: Sequence[Shift], first_day: dt.date, *, days: int) -> list[Watch]:
    return [Watch(day, tuple(turns(shifts, day))) for day in _days(first_day, days)]


# ── From the database ────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Duty:
    """A department's rota with its shifts, and who is called at one moment."""

    rota: Rota
    shifts: tuple[Shift, ...]
    day: dt.date

    @property
    def turns(self) -> list[Turn]:
        return turns(self.shifts, self.day)

    @property
    def ends_at(self) -> dt.datetime:
        """The next handover."""
        return begins(self.day + DAY, self.rota.handover_at)

    def as_json(self) -> dict[str, Any]:
        """The rota as it was, for the record."""
        return {
            "day": self.day.isoformat(),
            "handover": self.rota.handover_at.isoformat("minutes"),
            "repeat_minutes": self.rota.repeat_minutes,
            "escalate_minutes": self.rota.escalate_minutes,
            "turns": [
                {
                    "name": turn.person.name,
                    "rank": turn.rank,
                    "exception": turn.is_exception,
                    "mail": turn.person.email,
                    "phone": turn.person.phone,
                    "webhook": bool(turn.person.webhook),
                }
                for turn in self.turns
            ],
        }


def duties(departments: Iterable[Department], now: dt.datetime) -> dict[int, Duty]:
    """Of the departments that have a rota, by their primary key: two statements."""
    shifts = Shift.objects.select_related("person").filter(
        first_day__lte=now.astimezone(BERLIN).date() + DAY
    )
    people = DutyPerson.objects.prefetch_related(Prefetch("shifts", queryset=shifts))
    rotas = Rota.objects.filter(department__in=departments).prefetch_related(
        Prefetch("people", queryset=people)
    )
    return {rota.department_id: duty_of(rota, now) for rota in rotas}


def duty_of(rota: Rota, now: dt.datetime) -> Duty:
    shifts = tuple(shift for person in rota.people.all() for shift in person.shifts.all())
    return Duty(rota, shifts, duty_day(now, rota.handover_at))


def forget_shifts(*, before: dt.date) -> int:
    """Who was on duty when, where it ended before a day. Returns how many shifts."""
    gone, _by_kind = Shift.objects.filter(last_day__lt=before).delete()
    return gone
