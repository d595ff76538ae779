"""What staff send us about how soon a report is dealt with, and by whom."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import Priority
from reports.staff.forms import DeedForm, text_field
from reports.staff.planning import can_be_due


class PriorityForm(DeedForm):
    priority = forms.TypedChoiceField(
        choices=[(value, label) for value, label in reversed(Priority.choices)],
        coerce=lambda value: Priority(int(value)),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a priority."),
            "invalid_choice": _("Choose a priority."),
        },
    )

    def fit(self) -> None:
        self.initial.setdefault("priority", self.case.report.priority)


class DeadlineForm(DeedForm):
    due_on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Write down the new day, such as 24.12.2026."),
            "invalid": _("Write down the new day, such as 24.12.2026."),
        },
    )
    reason = text_field(_("Write down why. The reporter reads it."), required=True)

    def fit(self) -> None:
        self.initial.setdefault("due_on", self.case.report.due_on)

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if not can_be_due(day):
            raise forms.ValidationError(_("Choose a day from today on, three years at most."))
        return day


class RefusalForm(DeedForm):
    reason = text_field(
        _("Write down why your department is not responsible and, if you know, who is."),
        required=True,
    )


class SeparationForm(DeedForm):
    """It was something else after all: one press."""
