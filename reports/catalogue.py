"""What can be reported in a town: groups, categories, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.kept import Kept, Slot
from reports.models import Category, Publication, QuestionKind
from reports.queries import CategoryQuerySet
from townhall.models import Municipality

MAX_ANSWER = 300


@dataclass(frozen=True)
class Option:
    key: str
    name: str


@dataclass(frozen=True)
class Asked:
    """A question about a category, in the reader's language."""

    code: str
    kind: QuestionKind
    text: str
    options: tuple[Option, ...]
    is_required: bool
    hazard_answers: frozenset[str]

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Asked:
        language = (get_language() or "de")[:2]
        return cls(
            code=facts["code"],
            kind=QuestionKind(facts["kind"]),
            text=facts["translations"].get(language, facts["text"]),
            options=_options(facts, language),
            is_required=facts["required"],
            hazard_answers=frozenset(facts["hazard"]),
        )

    def complaint(self, answer: str) -> Any:
        """A sentence about what is wrong with the answer, or None."""
        if not answer:
            return _("Please answer this question.") if self.is_required else None
        if self.kind == QuestionKind.TEXT:
            return (
                _("Please keep the answer under 300 characters.")
                if (len(answer) > MAX_ANSWER)
                else None
            )
        if answer not in {option.key for option in self.options}:
            return _("Please choose one of the answers.")
        return None


def _options(facts: Mapping[str, Any], language: str) -> tuple[Option, ...]:
    if facts["kind"] == QuestionKind.YES_NO:
        return (Option("yes", str(_("Yes"))), Option("no", str(_("No"))))
    return tuple(
        Option(each["key"], each.get(f"name_{language}", each["name"])) for each in facts["options"]
    )


@dataclass(frozen=True)
class Terms:
    """On which terms a town takes a category. `days`: working days to the answer."""

    days: int = 5
    publication: Publication = Publication.AT_ONCE
    text_at_once: bool = False
    depublish_after_days: int = 90


@dataclass(frozen=True)
class Entry:
    """A category as a town offers it."""

    category: Category
    terms: Terms
    questions: tuple[Asked, ...]

    @property
    def code(self) -> str:
        return self.category.code

    @property
    def name(self) -> str:
        return self.category.label

    @property
    def icon(self) -> str:
        return self.category.icon


@dataclass(frozen=True)
class Group:
    code: str
    name: str
    icon: str
    entries: tuple[Entry, ...]


def entry_of(category: Any) -> Entry | None:
    """Read a row of `on_terms_of`; None when the town does not take the category."""
    if category.terms is None:
        return None
    terms = category.terms
    return Entry(
        category=category,
        terms=Terms(
            days=terms["days"],
            publication=Publication(terms["publication"]),
            text_at_once=terms["text_at_once"],
            depublish_after_days=terms["depublish"],
        ),
        questions=tuple(Asked.read(facts) for facts in category.asked),
    )


def _named() -> CategoryQuerySet:
    town = Slot("municipality", models.BigIntegerField())
    rows = Category.objects.reportable().on_terms_of(town)
    return rows.filter(code=Slot("code", models.CharField()))


_NAMED = Kept(_named)


def find(code: str, *, municipality: Municipality) -> Entry | None:
    """The category `code` as the town offers it, or None. One statement."""
    rows = _NAMED.rows(municipality=municipality.pk, code=code)
    return entry_of(rows[0]) if rows else None


def offered_at(municipality: Municipality | None) -> list[Group]:
    """Groups with the categories that the town offers. One statement.

    Without a town: everything that any town offers (the place is not known yet).
    """
    rows = Category.objects.reportable().order_by("group__position", "position", "name")
    rows = rows.on_any_terms() if municipality is None else rows.on_terms_of(municipality)
    groups: dict[str, tuple[Category, list[Entry]]] = {}
    for row in rows:
        entry = entry_of(row)
        if entry and row.group:
            groups.setdefault(row.group.code, (row.group, []))[1].append(entry)
    return [
        Group(code, head.label, head.icon, tuple(entries))
        for code, (head, entries) in groups.items()
    ]
