"""The small forms on a thing’s page: a part’s own facts, parts, marks and questions, photos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lostfound import wording
from lostfound.catalogue import MARKS, Colour
from lostfound.models import FoundItem, Value
from lostfound.money.euros import EuroField, plain_euros
from lostfound.receiving.forms import IntakeForm
from lostfound.receiving.intake import Mark, Objection, Part, Question
from lostfound.receiving.intake_fields import grouped_kinds


class PartForm(forms.Form):
    """What a part has for itself. `amount`: of counted money, or its exact value."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What is it?"), error_messages={"required": _("Choose what it is.")}
    )
    colour = forms.ChoiceField(label=_("Colour"), required=False)
    brand = forms.CharField(label=_("Brand"), required=False, max_length=60)
    description = forms.CharField(
        label=_("Description for staff"), required=False, max_length=2000, widget=forms.Textarea
    )
    amount = EuroField(label=_("Amount in euros"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, item: FoundItem) -> None:
        cents = item.value_cents if item.value == Value.EXACT else None
        first = {
            "kind": item.kind,
            "colour": item.colour,
            "brand": item.brand,
            "description": item.description,
            "amount": "" if cents is None else plain_euros(cents),
            "version": item.version,
        }
        super().__init__(data, initial=first, label_suffix="")
        choices: Any = self.fields["kind"]
        choices.choices = grouped_kinds()
        colours: Any = self.fields["colour"]
        colours.choices = [("", _("– none –")), *Colour.choices]

    def own_facts(self) -> dict[str, Any]:
        known = dict(self.cleaned_data)
        del known["version"]
        cents = known.pop("amount")
        known["value"] = Value.UNKNOWN if cents is None else Value.EXACT
        return {**known, "value_cents": cents}


class RowsForm:
    """Marks, questions or parts in rows, as IntakeForm reads them, for a thing that is there."""

    def __init__(self, data: QueryDict, *, item: FoundItem) -> None:
        rows = data.copy()
        rows["kind"] = item.kind
        self.form = IntakeForm(rows, office=item.office, is_change=True)
        self.form.hush()
        self.version = _number(data.get("version", ""))

    @property
    def parts(self) -> list[Part]:
        return list(self.form.draft().parts)

    @property
    def marks(self) -> list[Mark]:
        return [mark for mark in self.form.marks_typed() if mark.kind in MARKS]

    @property
    def questions(self) -> list[Question]:
        return list(self.form.questions_typed())

    def complaints(self) -> list[Any]:
        """Of rows that can't be read."""
        return self.form.row_complaints()


def words_for(objections: list[Objection]) -> list[Any]:
    """A sentence for each problem, once."""
    return list(dict.fromkeys(wording.INTAKE_PROBLEMS[each.problem] for each in objections))


def _number(text: str) -> int:
    """The version looked at; -1, which none has, for nonsense."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
