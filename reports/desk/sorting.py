"""In which order the desk's list stands, and where its next page begins.

A page is read by keyset: `after` holds the sorted columns of the last row that was shown, so page
200 costs what page 1 costs, and rows that come meanwhile move nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.models import Report
from reports.workflow import OPEN

_OPEN = Q(status__in=sorted(OPEN))


@dataclass(frozen=True)
class Column:
    """`read`: its text in `after`; ValueError for nonsense. Empty ones come last."""

    name: str
    read: Callable[[str], Any]
    is_ascending: bool = False
    is_nullable: bool = False

    def text(self, report: Report) -> str:
        value = getattr(report, self.name)
        if value is None:
            return ""
        return value.isoformat() if isinstance(value, dt.date) else str(value)

    def value(self, text: str) -> Any:
        if not text and self.is_nullable:
            return None
        return self.read(text)

    def beyond(self, value: Any) -> Q:
        if value is None:
            return Q(pk__in=[])
        sign = "gt" if self.is_ascending else "lt"
        condition = Q(**{f"{self.name}__{sign}": value})
        return condition | Q(**{self.name: None}) if self.is_nullable else condition

    @property
    def order(self) -> Any:
        if not self.is_nullable:
            return self.name if self.is_ascending else f"-{self.name}"
        return F(self.name).asc(nulls_last=True)


@dataclass(frozen=True)
class Sort:
    """The last column is the id, so that no two rows are equal. `only`: what has this order."""

    slug: str
    name: str | Promise
    columns: tuple[Column, ...]
    only: Q = Q()  # noqa: RUF009 (never changed)

    def applied(self, hits: QuerySet[Report]) -> QuerySet[Report]:
        return hits.order_by(*(column.order for column in self.columns))

    def after(self, report: Report) -> str:
        """ "2026-11-22T00:15:00+00:00~4711": where the page beyond this row begins."""
        return "~".join(column.text(report) for column in self.columns)

    def keyset(self, after: str) -> Sequence[Any] | None:
        texts = after.split("~")
        if len(texts) != len(self.columns):
            return None
        try:
            return [each.value(text) for each, text in zip(self.columns, texts, strict=True)]
        except (ValueError, OverflowError):
            return None

    def beyond(self, hits: QuerySet[Report], after: str) -> QuerySet[Report]:
        """What comes after the row that `after` names; all where it names none."""
        values = self.keyset(after)
        if values is None:
            return hits
        somewhere = Q(pk__in=[])
        same = Q()
        for column, value in zip(self.columns, values, strict=True):
            somewhere |= same & column.beyond(value)
            same &= Q(**{column.name: value})
        # The first column alone bounds the rows: an index on it is read from there.
        return hits.filter(_from(self.columns[0], values[0]) & somewhere)


def _from(column: Column, value: Any) -> Q:
    if value is None:
        return Q(**{column.name: None})
    sign = "gte" if column.is_ascending else "lte"
    condition = Q(**{f"{column.name}__{sign}": value})
    return condition | Q(**{column.name: None}) if column.is_nullable else condition


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError(text)
    return int(text)


def _small(text: str) -> int:
    return min(_number(text), 99)


def _id(*, is_ascending: bool = False) -> Column:
    return Column("id", _number, is_ascending)


NEWEST = Sort("neu", _("Newest first"), (Column("received_at", _moment), _id()))
OLDEST = Sort(
    "alt", _("Oldest first"), (Column("received_at", _moment, True), _id(is_ascending=True))
)
# What is closed has neither deadline nor haste any more.
BY_DEADLINE = Sort(
    "frist",
    _("Open ones by deadline"),
    (Column("due_on", dt.date.fromisoformat, True, True), _id(is_ascending=True)),
    only=_OPEN,
)
BY_PRIORITY = Sort(
    "prio",
    _("Open ones by priority"),
    (
        Column("priority", _small),
        Column("received_at", _moment, True),
        _id(is_ascending=True),
    ),
    only=_OPEN,
)
CHANGED = Sort("geändert", _("Last changed first"), (Column("changed_at", _moment), _id()))
CLOSED_LATELY = Sort("erledigt", _("Closed last first"), (Column("closed_at", _moment), _id()))

SORTS = {sort.slug: sort for sort in (NEWEST, OLDEST, BY_DEADLINE, BY_PRIORITY, CHANGED)}
