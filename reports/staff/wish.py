"""What the desk's address asks for: a list, filters, a page of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from reports.models import Report
from reports.queries import ReportQuerySet
from reports.staff import search
from reports.staff.lists import FIRST, VIEWS, View
from reports.workflow import Status
from townhall.models import User


@dataclass(frozen=True)
class Wish:
    """What the address asks for: `?ansicht=eingang&status=&kategorie=&q=&nach=`."""

    view: View = FIRST
    status: str = ""
    category: str = ""
    words: str = ""
    after: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, Any]) -> Wish:
        """Read a QueryDict. Nonsense counts as not asked for."""

        def said(name: str, *, most: int = 80) -> str:
            return str(query.get(name, "")).replace("\0", "").strip()[:most]

        status = said("status")
        return cls(
            view=VIEWS.get(said("ansicht"), FIRST),
            status=status if status in set(Status) else "",
            category=said("kategorie"),
            words=said("q", most=120),
            after=said("nach"),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.status or self.category or self.words)

    @cached_property
    def query(self) -> str:
        """For links that keep the list as it is, page included."""
        facts = {
            "ansicht": self.view.slug if self.view is not FIRST else "",
            "status": self.status,
            "kategorie": self.category,
            "q": self.words,
            "nach": self.after,
        }
        return urlencode({name: value for name, value in facts.items() if value})

    @property
    def first_page(self) -> Wish:
        return replace(self, after="")

    @property
    def is_lost(self) -> bool:
        """`after` names no row of such a list: a page begins at the front again."""
        place = rank_in(self.after) if self.sought else keyset_in(self)
        return bool(self.after) and place is None

    def reports(self, user: User, *, today: dt.date) -> ReportQuerySet:
        """All that the wish means, without order and paging, in this user's care."""
        hits = Report.objects.in_care_of(user).filter(self.view.condition(user, today))
        if self.status:
            hits = hits.filter(status=self.status)
        if self.category:
            hits = hits.filter(category__code=self.category)
        return search.matching(hits, self.sought)

    @cached_property
    def sought(self) -> list[search.Word]:
        """The words that are searched for: one statement where something was typed."""
        return search.words_in(self.words)


def keyset_in(wish: Wish) -> tuple[dt.date | dt.datetime, int] | None:
    """ "2026-11-22T00:15:00+00:00~4711": the last row that was shown."""
    text, _tilde, pk = wish.after.partition("~")
    value = _moment(text, is_date=wish.view.order == "due_on")
    if value is None or not pk.isdecimal() or not pk.isascii() or len(pk) > 18:
        return None
    return value, int(pk)


def rank_in(text: str) -> int | None:
    is_rank = text.isascii() and text.isdecimal() and len(text) <= 4
    return int(text) if is_rank else None


def _moment(text: str, *, is_date: bool) -> dt.date | dt.datetime | None:
    try:
        if is_date:
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
