"""Looking after the catalogue: who may, what hangs on what, and what must stay readable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.wording import GERMAN
from reports.models import Block, Category, Offer, Question, QuestionKind, Report, Rule
from townhall.models import Municipality, Role, User
from townhall.people import scope_of

RESERVED = frozenset({"neu", "bereich"})  # words of the pages' addresses
LISTS = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})
CHOSEN = LISTS | {QuestionKind.YES_NO}


class InUse(Exception):
    """It can't go: `reasons` are sentences that name what hangs on it."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(self.reasons)


@dataclass(frozen=True)
class Keeper:
    """An administrator: of these towns, and of the catalogue for all if these are all there are."""

    towns: tuple[Municipality, ...]
    keeps_all: bool

    @property
    def only_town(self) -> Municipality | None:
        """The town whose own things this keeper makes by default; None: things for all."""
        return None if self.keeps_all else self.towns[0]

    def may(self, thing: Question | Block) -> bool:
        """A town's own thing by that town's administrator, one for all by whoever keeps all."""
        if thing.municipality_id is None:
            return self.keeps_all
        return thing.municipality_id in {town.pk for town in self.towns}


def keeper_of(user: User) -> Keeper | None:
    """None for who administers no municipality."""
    grants = (each for each in scope_of(user).grants if each.role == Role.ADMINISTRATOR)
    ids = frozenset[int]().union(*(each.municipality_ids for each in grants))
    towns = list(Municipality.objects.order_by("name"))
    mine = tuple(town for town in towns if town.pk in ids)
    return Keeper(mine, keeps_all=len(mine) == len(towns)) if mine else None


# ── What hangs on what ───────────────────────────────────────────────────────────────────────
def report_count(category: Category, question: Question | None = None) -> int:
    """Reports of the category, or those that answered the question."""
    hits = Report.objects.filter(category=category)
    return hits.filter(answers__has_key=question.code).count() if question else hits.count()


def conditions_on(category: Category, code: str, answer: str | None = None) -> list[str]:
    """Sentences about questions, blocks and rules that ask how `code` was answered.

    With `answer`, only those that name this one.
    """
    return [
        *(
            _("The question “%(name)s” hangs on it.") % {"name": each.text}
            for each in category.questions.filter(is_active=True)
            if _names(each.condition, code, answer)
        ),
        *(
            _("The block “%(name)s” hangs on it.") % {"name": each.title}
            for each in category.blocks.all()
            if _names(each.condition, code, answer)
        ),
        *(
            _("The rule “%(name)s” hangs on it.") % {"name": each.name}
            for each in _rules_of(category)
            if _names(each.answers, code, answer)
        ),
    ]


def _names(condition: dict[str, Any], code: str, answer: str | None) -> bool:
    return code in condition and (answer is None or answer in condition[code])


def _rules_of(category: Category) -> QuerySet[Rule]:
    mine = Q(category=category) | Q(category=category.group_id) | Q(category=None)
    return Rule.objects.filter(mine)


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────
def begin_category(category: Category, towns: Sequence[Municipality]) -> None:
    """A new category, which the towns offer from now on."""
    with transaction.atomic():
        category.code = free_code(
            category.name, set(Category.objects.values_list("code", flat=True)) | RESERVED
        )
        category.save()
        if category.group_id:
            Offer.objects.bulk_create(Offer(municipality=town, category=category) for town in towns)


def remove_category(category: Category) -> None:
    """Raises InUse where reports, rules or other categories hang on it."""
    with transaction.atomic():
        reasons = [
            *_count_of_reports(report_count(category)),
            *(
                _("The rule “%(name)s” hangs on it.") % {"name": rule.name}
                for rule in Rule.objects.filter(category=category)
            ),
        ]
        if category.categories.exists():
            reasons.append(_("There are categories in it."))
        if reasons:
            raise InUse(reasons)
        category.delete()


def _count_of_reports(count: int) -> list[str]:
    if not count:
        return []
    return [
        ngettext("%(n)d report belongs to it.", "%(n)d reports belong to it.", count) % {"n": count}
    ]


def begin_question(question: Question) -> None:
    """A new question, the last of its category."""
    with transaction.atomic():
        codes = set(question.category.questions.values_list("code", flat=True))
        question.code = free_code(question.text, codes | RESERVED)
        last = question.category.questions.aggregate(last=Max("position"))["last"]
        question.position = (last or 0) + 1
        question.save()


def remove_question(question: Question) -> bool:
    """True when it is gone; False when it is asked no more, because reports answered it.

    Raises InUse where a condition or a rule hangs on it.
    """
    with transaction.atomic():
        reasons = conditions_on(question.category, question.code)
        if reasons:
            raise InUse(reasons)
        if not report_count(question.category, question):
            question.delete()
            return True
        question.is_active = False
        question.save(update_fields=["is_active"])
        return False


def move_question(question: Question, *, up: bool) -> None:
    """One place up or down. Raises InUse where a question would come before what it hangs on."""
    with transaction.atomic():
        rows = list(question.category.questions.select_for_update().filter(is_active=True))
        at = next(place for place, each in enumerate(rows) if each.pk == question.pk)
        other = at - 1 if up else at + 1
        if not 0 <= other < len(rows):
            return
        rows[at], rows[other] = rows[other], rows[at]
        earlier, later = rows[min(at, other)], rows[max(at, other)]
        if later.code in earlier.condition:
            raise InUse([_("“%(name)s” must come later.") % {"name": earlier.text}])
        for position, each in enumerate(rows, start=1):
            each.position = position
        Question.objects.bulk_update(rows, ["position"])


def free_code(name: str, taken: set[str]) -> str:
    """A stable code after the name: "Straßenlaterne defekt" → strassenlaterne-defekt, … -2."""
    stem = slugify(name.lower().translate(GERMAN))[:34].strip("-") or "frage"
    numbers = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbers) if code not in taken)
