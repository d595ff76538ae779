"""What administrators send us about the catalogue: categories, questions, blocks, terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.catalogue import upkeep
from reports.catalogue.upkeep import CHOSEN, LISTS, Keeper
from reports.models import Block, Category, Offer, Question, QuestionKind

_ICONS = """
    pothole road sidewalk bicycle bridge manhole oil winter streetlight traffic-light sign parking
    abandoned-vehicle waste bulky-waste bin dog graffiti dead-animal tree hedge falling-tree
    playground bench bus cemetery fountain drain water gas noise vandalism broom dot
"""
ICONS = tuple(_ICONS.split())
BLANK_ROWS = 4
MOST_OPTIONS = 30
MOST_CALLS = 5
PLACEHOLDERS = frozenset({"{rathaus}", "{bereitschaft}"})
_PHONE = re.compile(r"[+(]?\d[\d ()/–-]{1,28}", re.ASCII)


class KeeperForm(forms.ModelForm):  # type: ignore[type-arg]
    """Every field says what it is for. English words stand in `translations`: field → key."""

    english: ClassVar[Mapping[str, str]] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill this in.")
            if isinstance(field, forms.CharField) and field.max_length:
                field.error_messages["max_length"] = _("At most %(limit_value)d characters.")
        for name, key in self.english.items():
            self.fields[name].initial = self.instance.translations.get(key, "")

    def sent(self, name: str) -> list[str]:
        """All values of a field that stands beside the form's own."""
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    def line(self, name: str) -> str:
        """A line of text that stands beside the form's own fields; the database takes no NUL."""
        return "".join(c for c in self.data.get(name, "") if c >= " ").strip()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook after clean()
        if not self.english:
            return
        words = dict(self.instance.translations)
        words |= {key: self.cleaned_data.get(name, "") for name, key in self.english.items()}
        self.instance.translations = {key: text for key, text in words.items() if text}


class CategoryForm(KeeperForm):
    english: ClassVar = {"english_name": "en", "english_hint": "hint_en"}
    english_name = forms.CharField(label=_("Name in English"), required=False, max_length=80)
    english_hint = forms.CharField(label=_("Hint in English"), required=False, max_length=300)
    icon = forms.ChoiceField(
        label=_("Icon"), choices=[(name, name) for name in ICONS], widget=forms.RadioSelect
    )

    class Meta:
        model = Category
        fields: ClassVar = [
            "name",
            "english_name",
            "group",
            "synonyms",
            "icon",
            "hint",
            "english_hint",
            "public_place",
            "nearby_m",
            "is_hazard",
            "position",
            "is_active",
        ]
        widgets: ClassVar = {"synonyms": forms.Textarea(attrs={"rows": 4})}
        labels: ClassVar = {
            "name": _("Name"),
            "group": _("Group"),
            "synonyms": _("Everyday words"),
            "hint": _("Hint"),
            "public_place": _("How exactly the public sees the place"),
            "nearby_m": _("Reported already? Metres around"),
            "is_hazard": _("Is always a hazard"),
            "position": _("Place in the group"),
            "is_active": _("Can be reported"),
        }
        help_texts: ClassVar = {
            "name": _("As residents say it, short: it stands on a tile."),
            "synonyms": _("What else people call it, in German and English, separated by commas."),
            "hint": _("One sentence, shown as soon as it is chosen."),
            "nearby_m": _(
                "Before sending, reports of the same group are shown within it: 10 to 250."
            ),
            "is_hazard": _("Each report alarms the standby service at once, by day and by night."),
            "position": _("Small numbers come first."),
            "is_active": _("Reports that are there stay, whatever you choose."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        group: Any = self.fields["group"]
        group.queryset = Category.objects.filter(group=None)
        group.required, group.empty_label = True, None
        self.fields["public_place"].help_text = _("House numbers are never shown.")
        self.fields["nearby_m"].required = False

    def clean_nearby_m(self) -> int:
        """Left empty it stays as it is."""
        metres: int = self.cleaned_data["nearby_m"] or self.instance.nearby_m
        return metres

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Category.objects.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("There is one with this name already."))
        return name


class GroupForm(KeeperForm):
    english: ClassVar = {"english_name": "en"}
    english_name = forms.CharField(label=_("Name in English"), required=False, max_length=80)
    icon = CategoryForm.base_fields["icon"]
    clean_name = CategoryForm.clean_name

    class Meta:
        model = Category
        fields: ClassVar = ["name", "english_name", "icon", "position", "is_active"]
        labels: ClassVar = {
            "name": _("Name"),
            "position": _("Place among the groups"),
            "is_active": _("Is shown"),
        }
        help_texts: ClassVar = {
            "position": _("Small numbers come first."),
            "is_active": _("If not, nothing in it can be reported."),
        }


class OfferForm(KeeperForm):
    class Meta:
        model = Offer
        fields: ClassVar = [
            "is_active",
            "days_to_answer",
            "publication",
            "text_at_once",
            "depublish_after_days",
            "reopen_within_days",
        ]
        labels: ClassVar = {
            "is_active": _("Can be reported in this municipality"),
            "days_to_answer": _("Working days until the target date"),
            "publication": _("When it is published"),
            "text_at_once": _("Publish the text at once, too"),
            "depublish_after_days": _("Days on the map after it is done"),
            "reopen_within_days": _("Days in which “not fixed” opens it again"),
        }
        help_texts: ClassVar = {
            "days_to_answer": _("“Usually 5 working days” is what the form says before sending."),
            "text_at_once": _("If not, text and photos wait until somebody has looked at them."),
            "reopen_within_days": _("0: you decide each time, under “To check”."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reopen_within_days"].required = False
        bounds = {
            "days_to_answer": (1, 250),
            "depublish_after_days": (1, 3650),
            "reopen_within_days": (0, 365),
        }
        for name, (least, most) in bounds.items():
            field: Any = self.fields[name]
            words = _("Enter a number from %(least)d to %(most)d.") % {"least": least, "most": most}
            field.validators = [_between(least, most, words)]
            field.error_messages |= {"invalid": words, "min_value": words, "max_value": words}

    def clean_reopen_within_days(self) -> int:
        """Left empty it stays as it is."""
        days: int | None = self.cleaned_data["reopen_within_days"]
        return self.instance.reopen_within_days if days is None else days


def _between(least: int, most: int, words: Any) -> Any:
    def check(number: int) -> None:
        if not least <= number <= most:
            raise forms.ValidationError(words)

    return check


# ── Conditions ───────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Tick:
    """An answer that a condition may name. `value`: "ground:road"."""

    value: str
    name: str
    is_chosen: bool


class ConditionForm(KeeperForm):
    """A thing that may hang on answers, and belong to one municipality."""

    def __init__(self, *args: Any, keeper: Keeper, **options: Any) -> None:
        super().__init__(*args, **options)
        self.keeper = keeper
        town: Any = self.fields["municipality"]
        town.queryset = town.queryset.filter(pk__in=[each.pk for each in keeper.towns])
        town.empty_label = _("All municipalities") if keeper.keeps_all else None
        town.required = not keeper.keeps_all

    @property
    def conditions(self) -> list[tuple[Question, list[Tick]]]:
        """Questions that it may hang on, with their answers."""
        chosen = self._chosen()
        return [
            (
                question,
                [
                    Tick(value, name, value in chosen)
                    for key, name in answers_of(question)
                    for value in [f"{question.code}:{key}"]
                ],
            )
            for question in self._possible()
        ]

    def _chosen(self) -> set[str]:
        if self.is_bound:
            return set(self.sent("condition"))
        condition = self.instance.condition
        return {f"{code}:{answer}" for code, answers in condition.items() for answer in answers}

    def _possible(self) -> list[Question]:
        """List questions that are asked before it."""
        others = self.instance.category.questions.filter(is_active=True, kind__in=sorted(CHOSEN))
        if isinstance(self.instance, Question) and self.instance.pk:
            others = others.filter(position__lt=self.instance.position)
        return list(others)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        condition: dict[str, list[str]] = {}
        for question, ticks in self.conditions:
            wanted = [tick.value.partition(":")[2] for tick in ticks if tick.is_chosen]
            if wanted:
                condition[question.code] = wanted
        self.instance.condition = condition
        return given


def answers_of(question: Question) -> list[tuple[str, Any]]:
    """Keys and names that can be chosen now."""
    if question.kind == QuestionKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(each["key"], each["name"]) for each in question.options if not each.get("retired")]


# ── Questions ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Row:
    """One answer of a list, as it stands in the form. `key` is empty for a new one."""

    number: int
    key: str
    name: str
    english: str
    is_hazard: bool
    is_gone: bool


class QuestionForm(ConditionForm):
    english: ClassVar = {"english_text": "en", "english_help": "help_en"}
    english_text = forms.CharField(label=_("Question in English"), required=False, max_length=200)
    english_help = forms.CharField(label=_("Help in English"), required=False, max_length=200)

    class Meta:
        model = Question
        fields: ClassVar = [
            "text",
            "english_text",
            "kind",
            "help",
            "english_help",
            "is_required",
            "is_public",
            "municipality",
        ]
        labels: ClassVar = {
            "text": _("Question"),
            "kind": _("How it is answered"),
            "help": _("Help"),
            "is_required": _("Must be answered"),
            "is_public": _("Show the answer on the report’s page"),
            "municipality": _("Is asked in"),
        }
        help_texts: ClassVar = {
            "text": _("One question, answered on the spot: “Which number is on the post?”"),
            "help": _("A sentence below the question, if it needs one."),
            "is_required": _("Without an answer nothing can be sent. Use it rarely."),
            "is_public": _("Texts only once somebody has released the report’s text."),
        }

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        question = self.instance
        changed = question.pk and kind != question.kind
        if changed and upkeep.report_count(question.category, question):
            raise forms.ValidationError(
                _("Reports have answers of the old kind. Add a new question instead.")
            )
        return kind

    @property
    def rows(self) -> list[Row]:
        """The answers of a list with some blank lines, or as they were sent."""
        if self.is_bound:
            return list(self._sent_rows())
        hazards = set(self.instance.hazard_answers)
        known = [
            Row(
                number,
                each["key"],
                each["name"],
                each.get("name_en", ""),
                each["key"] in hazards,
                False,
            )
            for number, each in enumerate(self.instance.options)
            if not each.get("retired")
        ]
        first = len(self.instance.options)
        return known + [Row(first + n, "", "", "", False, False) for n in range(BLANK_ROWS)]

    def _sent_rows(self) -> Iterator[Row]:
        numbers = {
            int(found[1])
            for name in self.data
            if (found := re.fullmatch(r"option-(\d{1,3})-name", name))
        }
        for number in sorted(numbers)[:MOST_OPTIONS]:
            sent = {
                part: self.line(f"option-{number}-{part}")
                for part in ("key", "name", "english", "hazard", "gone")
            }
            yield Row(
                number,
                sent["key"],
                sent["name"][:120],
                sent["english"][:120],
                bool(sent["hazard"]),
                bool(sent["gone"]),
            )

    @property
    def yes_is_hazard(self) -> bool:
        return self._is_hazard("yes")

    @property
    def no_is_hazard(self) -> bool:
        return self._is_hazard("no")

    def _is_hazard(self, answer: str) -> bool:
        if self.is_bound:
            return answer in self.sent("hazard")
        return answer in self.instance.hazard_answers

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        kind = given.get("kind")
        if kind == QuestionKind.YES_NO:
            hazards = {"yes", "no"} & set(self.sent("hazard"))
            self.instance.hazard_answers = sorted(hazards)
            self.instance.options = []
        elif kind in LISTS:
            self._take_options()
        elif kind:
            self.instance.hazard_answers = []
            self._keep_nothing_hanging()
        return given

    def _take_options(self) -> None:
        """Keys stay for ever; an answer that is taken out is only offered no more."""
        rows = [row for row in self.rows if row.name or row.key]
        left = [row for row in rows if not row.is_gone]
        names = [row.name.casefold() for row in left]
        if len(left) < 2:
            self.add_error("kind", _("Enter at least two answers to choose from."))
        elif not all(names):
            self.add_error("kind", _("An answer has no name. To take it out, tick “take out”."))
        elif len(set(names)) < len(names):
            self.add_error("kind", _("Two answers have the same name."))
        for row in rows:
            if row.is_gone and row.key:
                for sentence in upkeep.conditions_on(
                    self.instance.category, self.instance.code, row.key
                ):
                    self.add_error("kind", f"{row.name}: {sentence}")
        if not self.errors:
            self._write_options(left)

    def _write_options(self, rows: list[Row]) -> None:
        before = {each["key"]: each for each in self.instance.options}
        taken = set(before)
        options, hazards = [], []
        for row in rows:
            key = row.key if row.key in before else upkeep.free_code(row.name, taken)
            taken.add(key)
            english = {"name_en": row.english} if row.english else {}
            options.append({"key": key, "name": row.name, **english})
            hazards += [key] if row.is_hazard else []
        left = {each["key"] for each in options}
        gone = [each | {"retired": True} for key, each in before.items() if key not in left]
        self.instance.options = options + gone
        self.instance.hazard_answers = hazards

    def _keep_nothing_hanging(self) -> None:
        if self.instance.pk:
            for sentence in upkeep.conditions_on(self.instance.category, self.instance.code):
                self.add_error("kind", sentence)


# ── Blocks ───────────────────────────────────────────────────────────────────────────────────
class BlockForm(ConditionForm):
    english: ClassVar = {"english_title": "en", "english_text": "text_en"}
    english_title = forms.CharField(label=_("Heading in English"), required=False, max_length=120)
    english_text = forms.CharField(
        label=_("Text in English"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Block
        fields: ClassVar = [
            "title",
            "english_title",
            "text",
            "english_text",
            "municipality",
            "is_active",
        ]
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 4})}
        labels: ClassVar = {
            "title": _("Heading"),
            "text": _("What to do instead"),
            "municipality": _("Holds in"),
            "is_active": _("Is in force"),
        }
        help_texts: ClassVar = {
            "title": _("“Please call right away”"),
            "text": _("Two or three short sentences: why not here, and what helps now."),
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Whom to call: name, English name, number."""
        if self.is_bound:
            return list(self._sent_calls())
        known = [
            {"name": each["name"], "english": each.get("name_en", ""), "number": each["number"]}
            for each in self.instance.calls
        ]
        blank = {"name": "", "english": "", "number": ""}
        return [*known, *(dict(blank) for _n in range(MOST_CALLS - len(known)))]

    def _sent_calls(self) -> Iterator[dict[str, Any]]:
        for number in range(MOST_CALLS):
            yield {
                part: self.line(f"call-{number}-{part}")[:80]
                for part in ("name", "english", "number")
            }

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        calls = [row for row in self.rows if row["name"] or row["number"]]
        for row in calls:
            if not row["name"] or not row["number"]:
                self.add_error(None, _("Each number needs a name, and each name a number."))
            elif row["number"] not in PLACEHOLDERS and not _PHONE.fullmatch(row["number"]):
                self.add_error(
                    None,
                    _("“%(number)s” is no phone number.") % {"number": row["number"]},
                )
        self.instance.calls = [
            {
                "name": row["name"],
                "number": row["number"],
                **({"name_en": row["english"]} if row["english"] else {}),
            }
            for row in calls
        ]
        return given
