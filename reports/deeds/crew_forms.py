"""On whose day list a report goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.deeds import crews
from reports.deeds.forms import DeedForm
from reports.deeds.planning import can_be_due


def crew_field() -> Any:
    words = dict.fromkeys(("required", "invalid_choice"), _("Choose a crew from the list."))
    return forms.ModelChoiceField(queryset=None, empty_label=None, error_messages=words)


def day_field() -> forms.DateField:
    words = dict.fromkeys(("required", "invalid"), _("Write down the day, such as 24.12.2026."))
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=picker, error_messages=words)


def checked_day(day: dt.date) -> dt.date:
    if not can_be_due(day):
        raise forms.ValidationError(_("Choose a day from today on, three years at most."))
    return day


class CrewDayForm(DeedForm):
    crew = crew_field()
    day = day_field()

    def fit(self) -> None:
        field: Any = self.fields["crew"]
        field.queryset = crews.crews_for(self.case.report)
        self.initial.setdefault("day", timezone.localdate())

    def clean_day(self) -> dt.date:
        return checked_day(self.cleaned_data["day"])
