"""Questions about a category and their answers: which are asked, what is wrong, how they read.

An answer is text, or several keys where several may be chosen. Stored are keys of options, "yes"
and "no", numbers with a full stop, days and times in ISO 8601.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reports.models import QuestionKind

Answer: TypeAlias = str | Sequence[str]
Answers: TypeAlias = Mapping[str, Answer]

MAX_ANSWER = 300
MAX_LONG_ANSWER = 1000
MAX_CHOSEN = 50
FIELD = "answer"
# What Open311 (GeoReport v2, 3.3) calls each kind. A note is a string with `variable` false.
DATATYPES = {
    QuestionKind.YES_NO: "singlevaluelist",
    QuestionKind.CHOICE: "singlevaluelist",
    QuestionKind.CHOICES: "multivaluelist",
    QuestionKind.TEXT: "string",
    QuestionKind.LONG_TEXT: "text",
    QuestionKind.NUMBER: "number",
    QuestionKind.DATETIME: "datetime",
    QuestionKind.INFO: "string",
}
WRITTEN = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT})

_NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,6})?", re.ASCII)
_GERMAN_DAY = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2})[:.](\d{2})(?: Uhr)?)?", re.ASCII
)
_YEARS = range(1900, 2200)


class Wrong(Exception):
    """An answer that can't be. Carries the sentence for whoever gave it."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def values(answer: Answer | None) -> frozenset[str]:
    """All that was chosen; of text the text itself."""
    if not answer:
        return frozenset()
    return frozenset([answer] if isinstance(answer, str) else answer)


def plain(answers: Answers) -> dict[str, str | list[str]]:
    """As JSON keeps them."""
    return {code: each if isinstance(each, str) else list(each) for code, each in answers.items()}


def holds(condition: Mapping[str, Iterable[str]], answers: Answers) -> bool:
    """Whether every question that is named got one of the answers that are named with it."""
    return all(values(answers.get(code)) & set(wanted) for code, wanted in condition.items())


@dataclass(frozen=True)
class Option:
    """One answer to choose. A retired one is offered no more, and still reads."""

    key: str
    name: str
    is_retired: bool = False


@dataclass(frozen=True)
class Asked:
    """A question about a category, in the reader's language."""

    code: str
    kind: QuestionKind
    text: str
    help: str
    every_option: tuple[Option, ...]
    is_required: bool
    is_public: bool
    hazard_answers: frozenset[str]
    condition: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Asked:
        """From the fields of a Question, as `vars` or the catalogue's statement give them."""
        language = (get_language() or "de")[:2]
        words = facts["translations"]
        return cls(
            code=facts["code"],
            kind=QuestionKind(facts["kind"]),
            text=words.get(language) or facts["text"],
            help=words.get(f"help_{language}") or facts["help"],
            every_option=_options(facts, language),
            is_required=facts["is_required"],
            is_public=facts["is_public"],
            hazard_answers=frozenset(facts["hazard_answers"]),
            condition=facts["condition"],
        )

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen now."""
        return tuple(option for option in self.every_option if not option.is_retired)

    @property
    def is_note(self) -> bool:
        """Only tells something; nobody answers it."""
        return self.kind == QuestionKind.INFO

    @property
    def datatype(self) -> str:
        return DATATYPES[self.kind]

    def cleaned(self, given: Answer | None) -> Answer:
        """The answer as it is stored, "" for none. Raises Wrong."""
        answer = _READERS[self.kind](self, _strip(given))
        if self.is_required and not answer and not self.is_note:
            raise Wrong(_("Please answer this question."))
        return answer

    def in_words(self, answer: Answer) -> str:
        """A stored answer as people read it."""
        if isinstance(answer, str):
            return self._word(answer)
        return ", ".join(self._word(each) for each in answer)

    def _word(self, answer: str) -> str:
        match self.kind:
            case QuestionKind.NUMBER:
                return _spoken_number(answer)
            case QuestionKind.DATETIME:
                return _spoken_moment(answer)
        return next((option.name for option in self.every_option if option.key == answer), answer)


def _options(facts: Mapping[str, Any], language: str) -> tuple[Option, ...]:
    if facts["kind"] == QuestionKind.YES_NO:
        return (Option("yes", str(_("Yes"))), Option("no", str(_("No"))))
    return tuple(
        Option(
            each["key"],
            each.get(f"name_{language}") or each["name"],
            bool(each.get("retired")),
        )
        for each in facts["options"]
    )


# ── All questions of a category ──────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Checked:
    """Answers as they are stored, of the questions that are asked; and what is wrong, by code."""

    asked: tuple[Asked, ...]
    answers: dict[str, Answer]
    complaints: dict[str, Any]


def check(questions: Iterable[Asked], given: Answers) -> Checked:
    """Look through the questions in their order; what a condition leaves out is passed over."""
    asked: list[Asked] = []
    answers: dict[str, Answer] = {}
    complaints: dict[str, Any] = {}
    for question in questions:
        if not holds(question.condition, answers):
            continue
        asked.append(question)
        try:
            answer = question.cleaned(given.get(question.code))
        except Wrong as wrong:
            complaints[question.code] = wrong.sentence
        else:
            if answer:
                answers[question.code] = answer
    return Checked(tuple(asked), answers, complaints)


def read_form(sent: QueryDict, category: str) -> dict[str, Answer]:
    """The answers about one category out of a form; its fields are called answer.CATEGORY.CODE."""
    prefix = f"{FIELD}.{category}."
    found: dict[str, Answer] = {}
    for name in sent:
        if name.startswith(prefix):
            texts = [text.strip() for text in sent.getlist(name) if text.strip()][:MAX_CHOSEN]
            if texts:
                found[name.removeprefix(prefix)] = tuple(texts) if len(texts) > 1 else texts[0]
    return found


# ── Single answers ───────────────────────────────────────────────────────────────────────────
def _strip(given: Answer | None) -> list[str]:
    texts = [given] if isinstance(given, str) else list(given or ())
    return list(dict.fromkeys(filter(None, (_printable(text).strip() for text in texts))))


def _printable(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\n\t")


def _single(given: list[str]) -> str:
    if len(given) > 1:
        raise Wrong(_("Please choose one of the answers."))
    return given[0] if given else ""


def _choice(question: Asked, given: list[str]) -> Answer:
    answer = _single(given)
    if answer and answer not in {option.key for option in question.options}:
        raise Wrong(_("Please choose one of the answers."))
    return answer


def _choices(question: Asked, given: list[str]) -> Answer:
    """In the order of the list, whatever order they came in."""
    keys = [option.key for option in question.options]
    if not set(given) <= set(keys):
        raise Wrong(_("Please choose among the answers."))
    return tuple(key for key in keys if key in given)


def _text(question: Asked, given: list[str]) -> Answer:
    return _short(" ".join(_single(given).split()), MAX_ANSWER)


def _long_text(question: Asked, given: list[str]) -> Answer:
    return _short(_single(given).replace("\r\n", "\n"), MAX_LONG_ANSWER)


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Wrong(
            _("Please keep the answer under %(most)s characters.")
            % {"most": formats.number_format(most, use_l10n=True, force_grouping=True)}
        )
    return text


def _number(question: Asked, given: list[str]) -> Answer:
    text = "".join(_single(given).split())
    if text and not _NUMBER.fullmatch(text):
        raise Wrong(_("Please enter a number, such as 12 or 3.5."))
    return text.replace(",", ".").lstrip("+")


def _moment(question: Asked, given: list[str]) -> Answer:
    text = _single(given)
    if not text:
        return ""
    try:
        moment = _read_german(text) or _read_iso(text)
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise Wrong(_("Please enter a day and a time, such as 20.11.2026 14:30."))
    return (
        moment.isoformat(timespec="minutes")
        if isinstance(moment, dt.datetime)
        else moment.isoformat()
    )


def _read_german(text: str) -> dt.datetime | dt.date | None:
    found = _GERMAN_DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year, hour, minute = (int(part) if part else None for part in found.groups())
    date = dt.date(year or 0, month or 0, day or 0)
    if hour is None or minute is None:
        return date
    return timezone.make_aware(dt.datetime.combine(date, dt.time(hour, minute)))


def _read_iso(text: str) -> dt.datetime | dt.date:
    """A day, or a moment; without an offset it is local time."""
    if len(text) <= 10:
        return dt.date.fromisoformat(text)
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _nothing(question: Asked, given: list[str]) -> Answer:
    return ""


_READERS = {
    QuestionKind.YES_NO: _choice,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATETIME: _moment,
    QuestionKind.INFO: _nothing,
}


# ── In words ─────────────────────────────────────────────────────────────────────────────────
def _spoken_number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    places = len(text.partition(".")[2])
    return formats.number_format(
        number, places, use_l10n=True, force_grouping=abs(number) >= 10_000
    )


def _spoken_moment(text: str) -> str:
    try:
        moment = _read_iso(text)
    except ValueError:
        return text
    if isinstance(moment, dt.datetime):
        local = timezone.localtime(moment)
        return f"{formats.date_format(local, 'DATE_FORMAT')}, {formats.date_format(local, 'H:i')}"
    return formats.date_format(moment, "DATE_FORMAT")
