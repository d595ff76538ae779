"""Words that staff type, found in reports: the newest matches, best first.

Ranking every match of a common word takes half a second among a million reports. So the newest
NEWEST are taken, and ranked then: 5 ms, and older ones are not what a desk looks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import connection
from django.db.models import BooleanField, FloatField, Func, Q, TextField, Value
from django.db.models.expressions import Col
from django.db.models.functions import Cast

from reports.models import Report
from reports.queries import ReportQuerySet
from townhall.codes import normalise

NEWEST = 1_000
MOST_WORDS = 6


@dataclass(frozen=True)
class Word:
    """One word as typed, as PostgreSQL looks for it, and the categories that it names."""

    said: str
    query: str
    categories: frozenset[int]

    @property
    def says_something(self) -> bool:
        """Whether it is more than „der“ or „?“."""
        return bool(self.query or normalise(self.said))

    def condition(self) -> Q:
        code = normalise(self.said)
        anywhere = Q(code=code) if code else Q()
        if self.query:
            anywhere |= Q(_matches(self.query))
        if self.query and self.categories:
            anywhere |= Q(category_id__in=sorted(self.categories))
        return anywhere


def words_in(text: str) -> list[Word]:
    """The words of a search that say something: one statement, none without words."""
    said = text.replace("\0", " ").split()[:MOST_WORDS]
    if not said:
        return []
    with connection.cursor() as sql:
        sql.execute(
            _READ, [[f"{_quoted(word)}:*" for word in said], [_like(word) for word in said]]
        )
        rows: dict[int, tuple[str, list[int]]] = {row[0]: row[1:] for row in sql.fetchall()}
    words = [Word(word, *_facts(rows[place])) for place, word in enumerate(said, start=1)]
    return [word for word in words if word.says_something]


# A word is a beginning: „Schlag“ finds Schlagloch. Categories are few: they may be read by LIKE.
_READ = """
    SELECT asked.place, to_tsquery('words_de', asked.query)::text,
           ARRAY(SELECT id FROM reports_category
                 WHERE group_id IS NOT NULL AND unaccent(name) ILIKE unaccent(asked.pattern))
    FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (query, pattern, place)
"""


def _facts(row: tuple[str, list[int]]) -> tuple[str, frozenset[int]]:
    query, categories = row
    return query, frozenset(categories)


def names_category(text: str) -> bool:
    """Whether one of the words is, or is part of, a category's name. One statement."""
    return any(word.categories for word in words_in(text))


def matching(hits: ReportQuerySet, words: Sequence[Word]) -> ReportQuerySet:
    """Those of the hits that hold every word."""
    for word in words:
        hits = hits.filter(word.condition())
    return hits


def without(hits: ReportQuerySet, words: Sequence[Word]) -> ReportQuerySet:
    """Those of the hits that hold none of the words."""
    for word in words:
        hits = hits.exclude(word.condition())
    return hits


def best(hits: ReportQuerySet, words: Sequence[Word]) -> ReportQuerySet:
    """The newest of the matching hits, best first, among equals the newest first."""
    newest = hits.order_by("-received_at", "-id")[:NEWEST]
    rank = _rank(" & ".join(f"({word.query})" for word in words if word.query))
    ranked = Report.objects.filter(pk__in=newest.values("pk")).annotate(rank=rank)
    return ranked.order_by("-rank", "-received_at", "-id")


def _matches(query: str) -> Func:
    return Func(
        _Words(),
        _query(query),
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def _rank(query: str) -> Func | Value:
    if not query:
        return Value(0.0, output_field=FloatField())
    return Func(_Words(), _query(query), function="ts_rank", output_field=FloatField())


def _query(text: str) -> Cast:
    return Cast(Value(text, output_field=TextField()), SearchQueryField())


class _Words:
    """The column `search_words`, which is no field of the model (see its migration)."""

    column = SearchVectorField()
    column.set_attributes_from_name("search_words")

    def resolve_expression(self, query: Any, *args: Any, **kwargs: Any) -> Col:
        return Col(query.get_initial_alias(), self.column)


def _quoted(word: str) -> str:
    """As one operand of a tsquery, whatever signs it holds."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _like(word: str) -> str:
    """A pattern for words that begin like it, or hold it: „loch“ names Schlagloch."""
    return f"%{escaped(word)}%"


def escaped(word: str) -> str:
    """As a part of a pattern for LIKE."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
