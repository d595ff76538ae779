"""What the form shows of a category's questions: which come first, which wait, what blocks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from reports.catalogue.answers import (
    FIELD,
    MAX_LONG_ANSWER,
    Answer,
    Answers,
    Asked,
    Checked,
    values,
)
from reports.catalogue.offered import BlockNotice, Entry
from reports.models import QuestionKind

SHOWN_FIRST = 3
MOST_KEPT = 80


@dataclass(frozen=True)
class Line:
    """A question as it stands in the form. `condition` is JSON for the page's script."""

    question: Asked
    name: str
    given: Answer
    errors: Sequence[Any]
    is_asked: bool

    @property
    def anchor(self) -> str:
        return f"{FIELD}-{self.question.code}"

    @property
    def chosen(self) -> frozenset[str]:
        return values(self.given)

    @property
    def value(self) -> str:
        """What stands in a text field: as it was typed, days and times as browsers want them."""
        text = self.given if isinstance(self.given, str) else " ".join(self.given)
        return _for_browser(text) if self.question.kind == QuestionKind.DATETIME else text

    @property
    def condition(self) -> str:
        return json.dumps(self.question.condition) if self.question.condition else ""


def _for_browser(text: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    local = timezone.localtime(moment) if moment.tzinfo else moment
    return local.strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class Barrier:
    """A block that may stand in the way, and whether it does now."""

    notice: BlockNotice
    stands: bool

    @property
    def condition(self) -> str:
        return json.dumps(self.notice.condition) if self.notice.condition else ""

    @property
    def anchor(self) -> str:
        """Where it can be undone: at the answer, or among the categories."""
        question = next(iter(self.notice.condition), None)
        return f"{FIELD}-{question}" if question else "part-categories"


class Questions:
    """The questions of the chosen category, with what was answered so far."""

    def __init__(
        self, entry: Entry | None, given: Answers, errors: Callable[[str], Sequence[Any]]
    ) -> None:
        self.entry = entry
        self.given = given
        self._errors = errors

    @cached_property
    def checked(self) -> Checked:
        return self.entry.check(self.given) if self.entry else Checked((), {}, {})

    @cached_property
    def lines(self) -> list[Line]:
        if self.entry is None:
            return []
        return [
            Line(
                question=question,
                name=f"{FIELD}.{self.entry.code}.{question.code}",
                given=self.given.get(question.code, ""),
                errors=self._errors(f"answers.{question.code}"),
                is_asked=question in self.checked.asked,
            )
            for question in self.entry.questions
        ]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Field and value of every answer, for a page that only hands them on."""
        return [
            (line.name, text) for line in self.lines for text in _texts(line.given) if line.is_asked
        ]

    @cached_property
    def _waiting(self) -> frozenset[str]:
        """Codes of what stands behind "more questions": optional, and not among the first three.

        A question that hangs on another's answer stays beside that one.
        """
        waiting: set[str] = set()
        counted = 0
        for line in self.lines:
            question = line.question
            if question.condition:
                follows = waiting & set(question.condition)
                waiting |= {question.code} if follows and not question.is_required else set()
            elif not question.is_note:
                counted += 1
                if counted > SHOWN_FIRST and not question.is_required:
                    waiting.add(question.code)
        return frozenset(waiting)

    @property
    def first(self) -> list[Line]:
        return [line for line in self.lines if line.question.code not in self._waiting]

    @property
    def more(self) -> list[Line]:
        return [line for line in self.lines if line.question.code in self._waiting]

    @property
    def more_is_open(self) -> bool:
        """Something behind "more questions" was answered, or is wrong."""
        return any(line.given or line.errors for line in self.more)

    @property
    def has_conditions(self) -> bool:
        return any(line.condition for line in self.lines)

    @cached_property
    def barriers(self) -> list[Barrier]:
        """All blocks of the category; at most one stands."""
        if self.entry is None:
            return []
        standing = self.entry.block(self.checked.answers)
        return [Barrier(notice, notice is standing) for notice in self.entry.blocks]

    @property
    def is_blocked(self) -> bool:
        return any(barrier.stands for barrier in self.barriers)

    @property
    def is_hazard(self) -> bool:
        return self.entry is not None and self.entry.is_hazard(self.checked.answers)

    @property
    def told(self) -> list[dict[str, str]]:
        """Questions with their answers in words, for the summary."""
        return [
            {"question": question.text, "answer": question.in_words(answer)}
            for question in self.checked.asked
            if (answer := self.checked.answers.get(question.code))
        ]

    def complaints(self) -> dict[str, Any]:
        """What is wrong, by field: what blocks before what is merely missing."""
        standing = next((each for each in self.barriers if each.stands), None)
        if standing:
            question = next(iter(standing.notice.condition), None)
            field = f"answers.{question}" if question else "category"
            return {field: standing.notice.title}
        return {f"answers.{code}": words for code, words in self.checked.complaints.items()}

    def has_news(self, shown: Iterable[str]) -> bool:
        """Whether questions are asked now that the page did not show. `shown`: their codes."""
        return bool({question.code for question in self.checked.asked} - set(shown))


def _texts(answer: Answer) -> Sequence[str]:
    if isinstance(answer, str):
        return [answer] if answer else []
    return answer


def kept(sent: Mapping[str, Any], category: str) -> list[tuple[str, str]]:
    """Field and value of answers about other categories: for whoever comes back to them."""
    if not isinstance(sent, QueryDict):
        return []
    pairs = [
        (name, text)
        for name, texts in sent.lists()
        if name.startswith(f"{FIELD}.") and not name.startswith(f"{FIELD}.{category}.")
        for text in texts
        if text and len(text) <= MAX_LONG_ANSWER
    ]
    return pairs[:MOST_KEPT]
