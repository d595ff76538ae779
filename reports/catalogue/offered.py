"""What can be reported in a town: groups, categories, questions, and what had better not be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.translation import get_language

from geo.kept import Kept, Slot
from reports.catalogue import answers
from reports.catalogue.answers import Answers, Asked
from reports.catalogue.suggest import Choice
from reports.models import Category, Publication, Question, Report
from reports.personal.masking import public_text
from reports.queries import CategoryQuerySet
from townhall.models import Municipality


@dataclass(frozen=True)
class Number:
    """Whom to call: a name and a telephone number as people write it."""

    name: str
    number: str


@dataclass(frozen=True)
class BlockNotice:
    """What to do instead of reporting, in the reader's language."""

    title: str
    text: str
    numbers: tuple[Number, ...]
    condition: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, facts: Mapping[str, Any], municipality: Municipality | None) -> BlockNotice:
        language = (get_language() or "de")[:2]
        words = facts["translations"]
        return cls(
            title=words.get(language) or facts["title"],
            text=words.get(f"text_{language}") or facts["text"],
            numbers=tuple(_numbers(facts["calls"], municipality, language)),
            condition=facts["condition"],
        )

    @property
    def sentence(self) -> str:
        """All of it in one line, for a program or an error summary."""
        numbers = ", ".join(f"{each.name}: {each.number}" for each in self.numbers)
        return " ".join(filter(None, [self.title, self.text, numbers]))


def _numbers(
    calls: Iterable[Mapping[str, str]], municipality: Municipality | None, language: str
) -> Iterable[Number]:
    """`{rathaus}` and `{bereitschaft}` become the town's own; a number nobody has is left out."""
    own = {
        "{rathaus}": municipality.phone if municipality else "",
        "{bereitschaft}": municipality.hazard_phone if municipality else "",
    }
    for call in calls:
        number = own.get(call["number"], call["number"])
        if number:
            yield Number(call.get(f"name_{language}") or call["name"], number)


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
    blocks: tuple[BlockNotice, ...] = ()

    @property
    def code(self) -> str:
        return self.category.code

    @property
    def name(self) -> str:
        return self.category.label

    @property
    def icon(self) -> str:
        return self.category.icon

    @property
    def words(self) -> str:
        """All that a resident might call it."""
        return " ".join((*_names(self.category), self.category.synonyms))

    def check(self, given: Answers) -> answers.Checked:
        return answers.check(self.questions, given)

    def block(self, given: Answers) -> BlockNotice | None:
        """Why nothing may be sent, if it is so. `given` as they are stored."""
        return next((each for each in self.blocks if answers.holds(each.condition, given)), None)

    def is_hazard(self, given: Answers) -> bool:
        """`given` as they are stored."""
        return self.category.is_hazard or any(
            answers.values(given.get(question.code)) & question.hazard_answers
            for question in self.questions
        )


@dataclass(frozen=True)
class Group:
    code: str
    name: str
    icon: str
    entries: tuple[Entry, ...]


def entry_of(category: Any, municipality: Municipality | None) -> Entry | None:
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
        blocks=tuple(BlockNotice.read(facts, municipality) for facts in category.barred),
    )


def _named() -> CategoryQuerySet:
    town = Slot("municipality", models.BigIntegerField())
    rows = Category.objects.reportable().on_terms_of(town)
    return rows.filter(code=Slot("code", models.CharField()))


_NAMED = Kept(_named)


def find(code: str, *, municipality: Municipality) -> Entry | None:
    """The category `code` as the town offers it, or None. One statement."""
    rows = _NAMED.rows(municipality=municipality.pk, code=code)
    return entry_of(rows[0], municipality) if rows else None


def _in_order(rows: CategoryQuerySet) -> CategoryQuerySet:
    return rows.order_by("group__position", "position", "name")


def _offered() -> CategoryQuerySet:
    town = Slot("municipality", models.BigIntegerField())
    return _in_order(Category.objects.reportable().on_terms_of(town))


def _offered_anywhere() -> CategoryQuerySet:
    return _in_order(Category.objects.reportable().on_any_terms())


_OFFERED, _OFFERED_ANYWHERE = Kept(_offered), Kept(_offered_anywhere)


def offered_at(municipality: Municipality | None) -> list[Group]:
    """Groups with the categories that the town offers. One statement.

    Without a town: everything that any town offers (the place is not known yet).
    """
    if municipality is None:
        rows = _OFFERED_ANYWHERE.rows()
    else:
        rows = _OFFERED.rows(municipality=municipality.pk)
    groups: dict[str, tuple[Category, list[Entry]]] = {}
    for row in rows:
        entry = entry_of(row, municipality)
        if entry and row.group:
            groups.setdefault(row.group.code, (row.group, []))[1].append(entry)
    return [
        Group(code, head.label, head.icon, tuple(entries))
        for code, (head, entries) in groups.items()
    ]


@dataclass(frozen=True)
class Told:
    """A question that a reporter answered, in words. `is_written`: in the reporter's own."""

    question: str
    answer: str
    is_public: bool
    is_written: bool


def answered(report: Report) -> list[Told]:
    """What the reporter was asked and said, as far as the catalogue still knows the question.

    One statement; none where nothing was answered.
    """
    if not report.answers:
        return []
    rows = Question.objects.filter(category=report.category_id, code__in=list(report.answers))
    return [
        Told(
            question=asked.text,
            answer=asked.in_words(report.answers[asked.code]),
            is_public=asked.is_public,
            is_written=asked.kind in answers.WRITTEN,
        )
        for asked in (Asked.read(vars(row)) for row in rows)
    ]


def public(told: Iterable[Told], report: Report) -> Iterable[Told]:
    """What of it everybody may read: the reporter's own words only where the text is public, and
    without what tells a person."""
    for each in told:
        if each.is_public and (report.is_text_public or not each.is_written):
            yield replace(each, answer=public_text(each.answer)) if each.is_written else each


def choices(groups: Iterable[Group]) -> list[Choice]:
    """The categories as words, for `suggest`."""
    return [
        Choice(
            entry.code,
            tuple(_names(entry.category)),
            entry.category.synonyms,
            group.name,
        )
        for group in groups
        for entry in group.entries
    ]


def _names(category: Category) -> Iterable[str]:
    """German and other names; in `translations` what belongs to the hint has an underscore."""
    yield category.name
    yield from (str(name) for key, name in category.translations.items() if "_" not in key)
