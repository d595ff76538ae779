"""The numbers for a reader: what was asked for, groups by name, lapses in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils import formats
from django.utils.translation import gettext as _

from reports.models import Category, Report
from reports.numbers import charts, measures
from reports.numbers.measures import NOTHING, Group, Key, Line, Numbers, Times
from reports.numbers.spans import Span
from reports.queries import ReportQuerySet, in_locality
from townhall.models import Department, Municipality, User

MOST_LETTERS = 120


@dataclass(frozen=True)
class Question:
    """`?von=&bis=&gemeinde=<key>&ort=&amt=<slug>&kategorie=<code>`. Unknown ones find nothing."""

    span: Span
    town: str = ""
    locality: str = ""
    department: str = ""
    category: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, Any], *, today: dt.date) -> Question:
        """Raises BadSpan."""

        def said(name: str) -> str:
            return str(query.get(name, "")).replace("\0", "").strip()[:MOST_LETTERS]

        return cls(
            Span.parse(query, today=today),
            town=said("gemeinde"),
            locality=said("ort"),
            department=said("amt"),
            category=said("kategorie"),
        )

    def query(self, **changes: str) -> str:
        """For links: the same question, with these parts instead."""
        facts = {
            "von": self.span.first.isoformat(),
            "bis": self.span.last.isoformat(),
            "gemeinde": self.town,
            "ort": self.locality,
            "amt": self.department,
            "kategorie": self.category,
            **changes,
        }
        return urlencode({name: value for name, value in facts.items() if value})

    def reports(self, user: User) -> ReportQuerySet:
        """All in this user's care that the question is about, whenever they came."""
        hits = Report.objects.in_care_of(user)
        if self.town:
            hits = hits.filter(municipality__key=self.town)
        if self.locality:
            hits = hits.filter(in_locality(self.locality))
        if self.department:
            hits = hits.filter(department__slug=self.department)
        if self.category:
            hits = hits.filter(category__code=self.category)
        return hits


@dataclass(frozen=True)
class Row:
    """A group with its name. `query` narrows the page to it; "" where it is that narrow already."""

    name: str
    line: Line
    query: str = ""
    share: float = 0.0  # of the greatest group's received, percent


@dataclass(frozen=True)
class Answer:
    """All that the page, the CSV and the paper tell of one question."""

    question: Question
    numbers: Numbers
    earlier: Line
    open_now: int
    names: Mapping[Group, Callable[[Key], tuple[str, str]]]

    @property
    def total(self) -> Line:
        return self.numbers[Group.ALL].get((), NOTHING)

    @property
    def is_empty(self) -> bool:
        return self.total == NOTHING

    @cached_property
    def steps(self) -> list[Row]:
        """Every week or month of the time, the empty ones too."""
        lines = self.numbers[Group.STEP]
        name = week if self.question.span.step == "week" else month
        return [Row(name(day), lines.get((day,), NOTHING)) for day in self.question.span.steps]

    @cached_property
    def chart(self) -> charts.Columns:
        lines = [row.line for row in self.steps]
        return charts.columns([line.received for line in lines], [line.done for line in lines])

    @cached_property
    def categories(self) -> list[Row]:
        return self._ranked(Group.CATEGORY)

    @cached_property
    def departments(self) -> list[Row]:
        return self._ranked(Group.DEPARTMENT)

    @cached_property
    def localities(self) -> list[Row]:
        return self._ranked(Group.LOCALITY)

    def _ranked(self, group: Group) -> list[Row]:
        """Most received first; places and subjects are ranked, people never."""
        named = [(*self.names[group](key), line) for key, line in self.numbers[group].items()]
        named.sort(key=lambda each: (-each[2].received, -each[2].done, each[0]))
        widths = charts.shares([line.received for _name, _query, line in named])
        return [
            Row(name, line, query, share)
            for (name, query, line), share in zip(named, widths, strict=True)
        ]


def answer(question: Question, user: User) -> Answer:
    """Twelve statements at most, whatever is counted."""
    reports = question.reports(user)
    numbers = measures.measure(reports, question.span)
    earlier = measures.measure(reports, question.span.before)
    return Answer(
        question,
        numbers,
        earlier[Group.ALL].get((), NOTHING),
        measures.open_now(reports),
        _names(question, numbers),
    )


def _names(question: Question, numbers: Numbers) -> dict[Group, Callable[[Key], tuple[str, str]]]:
    categories = Category.objects.in_bulk([key[0] for key in numbers[Group.CATEGORY]])
    departments = Department.objects.in_bulk([key[0] for key in numbers[Group.DEPARTMENT]])
    towns = Municipality.objects.in_bulk({key[0] for key in numbers[Group.LOCALITY]})

    def category(key: Key) -> tuple[str, str]:
        row = categories[key[0]]
        return row.label, "" if question.category else question.query(kategorie=row.code)

    def department(key: Key) -> tuple[str, str]:
        row = departments[key[0]]
        return row.name, "" if question.department else question.query(amt=row.slug)

    def locality(key: Key) -> tuple[str, str]:
        town, name = towns[key[0]], key[1]
        shown = name if len(towns) == 1 or name == town.name else f"{name} ({town.name})"
        narrower = question.query(gemeinde=town.key, ort=name)
        return shown, "" if question.locality else narrower

    return {
        Group.CATEGORY: category,
        Group.DEPARTMENT: department,
        Group.LOCALITY: locality,
    }


# ── In words ─────────────────────────────────────────────────────────────────────────────────
def week(monday: dt.date) -> str:
    """„KW 47 (16.11.)“."""
    day = formats.date_format(monday, "j.n.")
    return _("week %(n)d (%(day)s)") % {"n": monday.isocalendar().week, "day": day}


def month(first: dt.date) -> str:
    return formats.date_format(first, "F Y")


def lapse(hours: float | None) -> str:
    """„5 Std.“, „3,2 Tage“; a dash for nothing to measure."""
    if hours is None:
        return "–"
    if hours < 1:
        return _("less than 1 h")
    if hours < 48:
        return _("%(n)d h") % {"n": round(hours)}
    days = hours / 24
    return _("%(days)s days") % {"days": _rounded(days, 1 if days < 9.95 else 0)}


def _rounded(number: float, places: int) -> str:
    """`number_format` alone cuts: 14.9 would be 14."""
    return formats.number_format(round(number, places), decimal_pos=places)


def times(measured: Times) -> tuple[str, str]:
    """Median and the time that nine of ten needed at most."""
    return lapse(measured.median), lapse(measured.most)


def table(rows: Sequence[Row]) -> Iterator[list[Any]]:
    """For spreadsheets: hours stay numbers."""
    for row in rows:
        line = row.line
        yield [
            row.name,
            line.received,
            line.duplicates,
            line.done,
            line.no_action,
            line.forwarded,
            line.reopened,
            *_hours(line.answered),
            *_hours(line.finished),
            line.due,
            line.kept,
        ]


def _hours(measured: Times) -> list[str]:
    return ["" if each is None else _rounded(each, 1) for each in (measured.median, measured.most)]


def columns() -> list[str]:
    """The names of `table`'s columns but the first."""
    return [
        _("Received"),
        _("of these duplicates"),
        _("Done"),
        _("No action"),
        _("Forwarded"),
        _("Reopened"),
        _("First answer, median (hours)"),
        _("First answer, 90 % (hours)"),
        _("Until done, median (hours)"),
        _("Until done, 90 % (hours)"),
        _("Deadlines ended"),
        _("Deadlines kept"),
    ]
