"""The rows of the counter's form: marks, proof questions, parts and photos, however many."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lostfound.catalogue import MARKS, THING_KINDS, ThingKind, answers_to
from lostfound.money.euros import NoMoney, read_euros
from lostfound.receiving import intake
from lostfound.receiving.intake import Part, Question
from lostfound.receiving.intake_fields import MAX_TEXT, IntakeFields
from townhall.models import Image

_BLANK_PARTS = 2
_MOST_LINES = 40  # of questions or parts that are read at all


@dataclass(frozen=True)
class MarkRow:
    """A mark that is asked, and what was typed."""

    code: str
    value: str

    @property
    def mark(self) -> Any:
        return MARKS[self.code]

    @property
    def name(self) -> str:
        return f"mark_{self.code}"


@dataclass(frozen=True)
class PartRow:
    kind: str = ""
    text: str = ""
    amount: str = ""
    complaint: Any = ""

    @property
    def is_filled(self) -> bool:
        return bool(self.kind or self.text.strip() or self.amount.strip())


class IntakeRows(IntakeFields):
    """Reads the rows beside the fields; all that is right counts, whatever is wrong beside it."""

    _read: dict[str, Any] | None = None

    @property
    def known(self) -> dict[str, Any]:
        """Every field that is right, whatever is wrong beside it."""
        if self._read is None:
            if hasattr(self, "cleaned_data"):  # being cleaned; a complaint will take its field out
                self._read = dict(self.cleaned_data)
            else:
                self.full_clean()
        return self._read or {}

    @cached_property
    def thing(self) -> ThingKind | None:
        return THING_KINDS.get(self.known.get("kind", ""))

    @cached_property
    def mark_rows(self) -> list[MarkRow]:
        """The marks of this kind first; none that was typed for another kind gets lost."""
        of_kind = self.thing.marks if self.thing else ()
        typed = [code for code in MARKS if self.rows.get(f"mark_{code}", "").strip()]
        codes = dict.fromkeys([*of_kind, *typed])
        return [MarkRow(code, self.rows.get(f"mark_{code}", "")) for code in codes]

    @cached_property
    def question_rows(self) -> list[Question]:
        """Typed ones, then what the kind proposes and nobody has taken out. A mark that answers a
        question is offered as its answer, once.
        """
        rows = [self._with_offer(row) for row in self.questions_typed()]
        kept = [row for row in rows if row.answer or row.text not in _proposals()]
        seen = set(self.rows.getlist("question_seen")) - {row.text for row in rows}
        texts = {row.text for row in kept}
        fresh = [each for each in self.proposals_seen if each not in seen | texts]
        return kept + [self._with_offer(Question(each)) for each in fresh]

    def _with_offer(self, row: Question) -> Question:
        """Whoever empties an offered answer has said no to it."""
        if row.answer or row.text in self.rows.getlist("answer_offered"):
            return row
        return Question(row.text, self.answers_offered.get(row.text, ""))

    @cached_property
    def answers_offered(self) -> dict[str, str]:
        """Question → what the marks typed here say."""
        return answers_to(
            self.known.get("kind", ""), {row.code: row.value for row in self.mark_rows}
        )

    @property
    def proposals_seen(self) -> list[str]:
        return [str(each.text) for each in (self.thing.questions if self.thing else ())]

    @cached_property
    def part_rows(self) -> list[PartRow]:
        filled = [row for row in self._part_rows() if row.is_filled]
        is_whole = bool(self.thing and self.thing.is_whole)
        blanks = _BLANK_PARTS if filled or is_whole else 1
        return [*filled, *([PartRow()] * blanks)]

    @cached_property
    def photo_ids(self) -> list[uuid.UUID]:
        found = []
        for text in self.rows.getlist("photos")[:20]:
            try:
                found.append(uuid.UUID(text))
            except ValueError:
                continue
        return list(dict.fromkeys(found))

    @cached_property
    def images(self) -> list[Image]:
        """The staged photos, as far as they are still there."""
        rows = Image.objects.in_bulk(self.photo_ids)
        return [rows[each] for each in self.photo_ids if each in rows]

    # ── As typed ─────────────────────────────────────────────────────────────────────────────
    def row_complaints(self) -> list[str]:
        """Of parts that can't be read."""
        found = []
        for number, row in enumerate(self._part_rows(), start=1):
            if row.is_filled and not row.kind:
                found.append(gettext("Line %(n)d: choose what it is.") % {"n": number})
            if row.complaint:
                found.append(
                    gettext("Line %(n)d: %(words)s") % {"n": number, "words": row.complaint}
                )
        return found

    def marks_typed(self) -> Iterator[intake.Mark]:
        for row in self.mark_rows:
            if row.value.strip():
                yield intake.Mark(row.code, " ".join(row.value.split())[:300])

    def questions_typed(self) -> Iterator[Question]:
        texts = self.rows.getlist("question_text")[:_MOST_LINES]
        answers = self.rows.getlist("question_answer")
        for number, text in enumerate(texts):
            answer = answers[number] if number < len(answers) else ""
            if text.strip():
                yield Question(" ".join(text.split())[:200], " ".join(answer.split())[:300])

    def _part_rows(self) -> list[PartRow]:
        kinds = self.rows.getlist("part_kind")[:_MOST_LINES]
        texts, amounts = self.rows.getlist("part_text"), self.rows.getlist("part_amount")
        return [_part_row(kind, _at(texts, n), _at(amounts, n)) for n, kind in enumerate(kinds)]

    def _parts(self) -> Iterator[Part]:
        for row in self._part_rows():
            if row.kind:
                cents = None if row.complaint or not row.amount else read_euros(row.amount)
                yield Part(row.kind, " ".join(row.text.split())[:MAX_TEXT], cents)


def _part_row(kind: str, text: str, amount: str) -> PartRow:
    amount = amount.strip()
    complaint: Any = ""
    if amount:
        try:
            read_euros(amount)
        except NoMoney:
            complaint = _("Enter an amount in euros and cents, for example 12.50.")
    return PartRow(kind, text, amount, complaint)


def _at(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def _proposals() -> set[str]:
    """All questions of all kinds, in the reader's language."""
    return {str(each.text) for kind in THING_KINDS.values() for each in kind.questions}
