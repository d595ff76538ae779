"""The board of deadlines: what is due when, counted and listed, one page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from lostfound import file_numbers
from lostfound.catalogue import GROUPS, THING_KINDS
from lostfound.law.grounds import Certainty
from lostfound.models import Deadline, Office, Regime
from lostfound.wording import CERTAINTIES, RULES, STEPS, Words
from townhall.codes import normalise

PAGE = 50
MOST_IN_FILE = 20_000
WEEK = dt.timedelta(days=7)
_DAY = dt.timedelta(days=1)


class Tab(StrEnum):
    """German, because they stand in the address."""

    OVERDUE = "ueberfaellig"
    TODAY = "heute"
    WEEK = "woche"
    ALL = "alle"


@dataclass(frozen=True)
class Wish:
    """What the page is asked for; whatever else stands in the address counts for nothing."""

    tab: Tab = Tab.ALL
    step: str = ""
    group: str = ""
    regime: str = ""
    words: str = ""
    after: tuple[dt.date, int] | None = None

    def query(self, **changes: str) -> str:
        """As the address has it, without the place in the list."""
        said = {
            "frist": self.tab.value,
            "schritt": self.step,
            "art": self.group,
            "recht": self.regime,
            "suche": self.words,
        }
        return urlencode({name: text for name, text in (said | changes).items() if text})

    @property
    def is_narrow(self) -> bool:
        return bool(self.step or self.group or self.regime or self.words)


def read(query: Mapping[str, str], *, otherwise: Tab = Tab.ALL) -> Wish:
    tab = query.get("frist", "")
    return Wish(
        tab=Tab(tab) if tab in set(Tab) else otherwise,
        step=_known(query.get("schritt", ""), STEPS),
        group=_known(query.get("art", ""), GROUPS),
        regime=_known(query.get("recht", ""), Regime.values),
        words=query.get("suche", "").replace("\x00", "").strip()[:60],
        after=_place(query.get("nach", "")),
    )


def _known(text: str, codes: Any) -> str:
    return text if text in codes else ""


def _place(text: str) -> tuple[dt.date, int] | None:
    day, _dot, pk = text.partition(".")
    try:
        found = dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return None
    return found if 0 <= found[1] < 2**63 else None


# ── Reading ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Option:
    """A step that is allowed now: what the screen says and what it rests on."""

    code: str
    label: Words
    cite: str


@dataclass(frozen=True)
class Row:
    deadline: Deadline
    today: dt.date

    @property
    def rule(self) -> Words:
        return RULES.get(self.deadline.rule, self.deadline.rule)

    @property
    def certainty(self) -> Words:
        return CERTAINTIES[Certainty(self.deadline.certainty)]

    @property
    def days(self) -> int:
        """Until it is due; below zero: overdue."""
        return (self.deadline.due_on - self.today).days

    @property
    def is_overdue(self) -> bool:
        return self.days < 0

    @property
    def is_close(self) -> bool:
        return 0 <= self.days <= WEEK.days

    @property
    def late_by(self) -> int:
        return -self.days

    @property
    def options(self) -> list[Option]:
        return options(self.deadline)


def options(deadline: Deadline) -> list[Option]:
    """What may be done now, without waiting."""
    return [
        Option(step["step"], STEPS.get(step["step"], step["step"]), step["cite"])
        for step in deadline.steps
        if step["step"] != "wait"
    ]


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    next: str  # "" on the last one


def page(office: Office, wish: Wish, *, today: dt.date) -> Page:
    """One statement."""
    found = wanted(office, wish, today=today)
    if wish.after:
        day, pk = wish.after
        found = found.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk))
    rows = list(found[: PAGE + 1])
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return Page(
        [Row(row, today) for row in rows[:PAGE]],
        f"{last.due_on.isoformat()}.{last.pk}" if last else "",
    )


def counts(office: Office, *, today: dt.date) -> dict[str, int]:
    """By tab. One statement."""
    rows = Deadline.objects.wholes().filter(office=office)
    return dict(rows.aggregate(**{tab.value: Count("pk", filter=_due(tab, today)) for tab in Tab}))


def wanted(office: Office, wish: Wish, *, today: dt.date) -> QuerySet[Deadline]:
    """In the order of the days; with the thing and its whole."""
    rows = Deadline.objects.wholes().filter(_due(wish.tab, today), office=office)
    if wish.step:
        rows = rows.filter(steps__contains=[{"step": wish.step}])
    if wish.group:
        kinds = [kind.code for kind in THING_KINDS.values() if kind.group == wish.group]
        rows = rows.filter(item__kind__in=kinds)
    if wish.regime:
        rows = rows.filter(item__regime=wish.regime)
    if wish.words:
        rows = rows.filter(_named(wish.words))
    found: QuerySet[Deadline] = rows.select_related(
        "item__part_of", "item__storage__site", "item__proceeds"
    ).order_by("due_on", "pk")
    return found


def all_of(office: Office, wish: Wish, *, today: dt.date) -> Iterator[Row]:
    """For the file."""
    rows = wanted(office, wish, today=today)[:MOST_IN_FILE]
    return (Row(row, today) for row in rows.iterator(chunk_size=500))


def _due(tab: Tab, today: dt.date) -> Q:
    match tab:
        case Tab.OVERDUE:
            return Q(due_on__lt=today)
        case Tab.TODAY:
            return Q(due_on=today)
        case Tab.WEEK:
            return Q(due_on__gte=today, due_on__lte=today + WEEK)
        case Tab.ALL:
            return Q(due_on__isnull=False)


def _named(words: str) -> Q:
    """By number, file number, brand or description."""
    named = Q(item__brand__icontains=words) | Q(item__description__icontains=words)
    if code := normalise(words):
        named |= Q(item__code=code) | Q(item__part_of__code=code)
    if number := file_numbers.read(words):
        named |= Q(item__file_number=number)
    return named
