"""The form of the intake by staff: the resident's own, and how it came, and where letters go."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.deeds.taking_in import Via
from reports.receiving.drafts import Draft
from reports.receiving.forms import LinesField, Problem, ReportForm, anchor_of

# As the page asks for it: what is wrong is told in this order.
ORDER = (
    "spot",
    "category",
    "answers",
    "description",
    "via",
    "name",
    "phone",
    "email",
    "postal_address",
    "private",
    "photo",
    "send",
)
_LINES = 4


def window_of(typed: str) -> str:
    """Lines without the name, as they stand in the window of an envelope. Commas end a line, too.

    Raises ValidationError.
    """
    lines = [" ".join(line.split()) for line in typed.replace("\n", ",").split(",")]
    lines = [line for line in lines if line]
    if len(lines) == 1:
        raise forms.ValidationError(
            _("Write street and place, such as: Lindenweg 4, 64625 Bensheim.")
        )
    if len(lines) > _LINES:
        raise forms.ValidationError(_("Four lines are the most that a window shows."))
    return "\n".join(lines)


class TakingInForm(ReportForm):
    via = forms.ChoiceField(
        choices=Via.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say how it came.")),
    )
    postal_address = LinesField(
        required=False,
        max_length=200,
        error_messages={"max_length": _("Keep the postal address under 200 characters.")},
    )

    def clean_postal_address(self) -> str:
        return window_of(self.cleaned_data["postal_address"])

    def draft(self) -> Draft:
        address = self.cleaned_data["postal_address"]
        return replace(super().draft(), postal_address=address, language="de")

    def problems(self, step: str = "") -> list[Problem]:
        """Here all is one step; `step` names a single field instead."""
        found = (
            Problem(field, anchor_of(field), sentence)
            for field, sentences in self.errors.items()
            for sentence in sentences
            if step in {"", field}
        )
        return sorted(found, key=lambda each: ORDER.index(each.field.partition(".")[0]))

    def put(self, **changes: str) -> None:
        """As if it had been typed."""
        filled = QueryDict(mutable=True)
        filled.update(self.data)
        for name, value in changes.items():
            filled[name] = value
        self.data = filled

    @property
    def is_place_new(self) -> bool:
        """Something else stands in the address field than what was looked for last."""
        typed, before = (str(self.data.get(name, "")) for name in ("place", "place_before"))
        return typed.strip() != before.strip()
