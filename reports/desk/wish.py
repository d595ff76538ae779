"""What the desk's address asks for: a list, filters, an order, a page of it.

Filters come as typed (`q=status:offen lindenweg`) or by the panel's fields (`status=offen`). Both
are the same terms, and links write them as text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from reports.desk import filters, search
from reports.desk.filters import Asker, since_closing
from reports.desk.lists import FIRST, VIEWS, View
from reports.desk.sorting import SORTS, Sort
from reports.desk.terms import KEYS, MOST_LETTERS, NOTHING, Terms, Trouble
from reports.models import Report
from reports.queries import ReportQuerySet
from townhall.models import User


@dataclass(frozen=True)
class Wish:
    """`?ansicht=eingang&q=&nach=`, and the panel's fields by the names of KEYS."""

    view: View = FIRST
    terms: Terms = NOTHING
    after: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, Any]) -> Wish:
        """Read a QueryDict. What means nothing is kept in `terms.lost` and narrows nothing."""

        def said(name: str, *, most: int = 80) -> str:
            return str(query.get(name, "")).replace("\0", "").strip()[:most]

        return cls(
            view=VIEWS.get(said("ansicht"), FIRST),
            terms=Terms.read(said("q", most=MOST_LETTERS), fields=_fields(query)),
            after=said("nach"),
        )

    @classmethod
    def of(cls, asks: str) -> Wish:
        """Of an address's query string."""
        return cls.parse(QueryDict(asks))

    @property
    def text(self) -> str:
        """As it stands in the search box."""
        return self.terms.text

    @property
    def box_text(self) -> str:
        """As it stands in the search box: the order has a field of its own beside it."""
        return self.terms.but(self.terms.of("sort")).text

    @property
    def is_savable(self) -> bool:
        """Whether it says more than which list it is."""
        return bool(self.text)

    @property
    def box(self) -> str:
        """The part of the map that filters, `west,south,east,north`; "" for the whole."""
        terms = self.terms.of("karte")
        return terms[0].values[0] if terms else ""

    @property
    def is_filtered(self) -> bool:
        return self.terms.narrows

    @cached_property
    def query(self) -> str:
        """For links that keep the list as it is, page included."""
        facts = {
            "ansicht": self.view.slug if self.view is not FIRST else "",
            "q": self.text,
            "nach": self.after,
        }
        return urlencode({name: value for name, value in facts.items() if value})

    @property
    def first_page(self) -> Wish:
        return replace(self, after="")

    @property
    def sort(self) -> Sort:
        return SORTS.get(self.terms.sort, self.view.sort)

    @property
    def is_ranked(self) -> bool:
        """The best first: words were typed, and no order was wished."""
        return bool(self.terms.words) and not self.terms.sort and bool(self.sought)

    @property
    def is_grouped(self) -> bool:
        return self.view.is_grouped and not self.terms.sort and not self.is_ranked

    @property
    def is_lost(self) -> bool:
        """`after` names no row of such a list: a page begins at the front again."""
        place = rank_in(self.after) if self.is_ranked else self.sort.keyset(self.after)
        return bool(self.after) and place is None

    def reports(self, user: User, *, today: dt.date) -> ReportQuerySet:
        """All that the wish means, without order and paging, in this user's care."""
        asker = Asker(user, today)
        theirs = Report.objects
        mine = theirs.shared_with(user) if self.view.is_shared else theirs.in_care_of(user)
        hits = mine.filter(self.view.condition(user, today))
        if self.view.is_grouped:
            hits = hits.filter(since_closing(asker))
        hits = hits.filter(filters.condition(self.terms, asker), self.sort.only)
        return search.without(search.matching(hits, self.sought), self._unwanted)

    def troubles(self, user: User, *, today: dt.date) -> list[Trouble]:
        return filters.troubles(self.terms, Asker(user, today))

    @property
    def sought(self) -> list[search.Word]:
        """The words that are searched for."""
        wanted = set(" ".join(self.terms.words).split())
        return [word for word in self._heard if word.said in wanted]

    @property
    def _unwanted(self) -> list[search.Word]:
        wanted = set(" ".join(self.terms.words).split())
        return [word for word in self._heard if word.said not in wanted]

    @cached_property
    def _heard(self) -> list[search.Word]:
        """One statement where something was typed."""
        return search.words_in(" ".join([*self.terms.words, *self.terms.without]))


def _fields(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the panel says. Its days have two fields: from, and until."""
    for name in query:
        key, _underscore, end = str(name).partition("_")
        sign = {"von": ">=", "bis": "<="}.get(end, "")
        if key not in KEYS or (end and not sign):
            continue
        values = query.getlist(name) if isinstance(query, QueryDict) else [query[name]]
        for value in map(str, values):
            if value.strip():
                yield key, f"{sign}{value}"[:120]


def rank_in(text: str) -> int | None:
    is_rank = text.isascii() and text.isdecimal() and len(text) <= 4
    return int(text) if is_rank else None
