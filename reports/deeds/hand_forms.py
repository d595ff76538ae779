"""What staff send us about how soon a report is dealt with, and by whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.colleagues import departments
from reports.deeds.forms import DeedForm, text_field
from reports.deeds.planning import can_be_due
from reports.models import Category, Priority


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


class ResubmissionForm(DeedForm):
    """Empty day: it comes back no more."""

    on = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write down the day, such as 24.12.2026, or nothing.")},
    )
    text = text_field()

    def fit(self) -> None:
        self.initial.setdefault("on", self.case.report.resubmit_on)

    def clean_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["on"]
        if day and not can_be_due(day):
            raise forms.ValidationError(_("Choose a day from today on, three years at most."))
        return day


class RefusalForm(DeedForm):
    reason = text_field(
        _("Write down why your department is not responsible and, if you know, who is."),
        required=True,
    )


class SeparationForm(DeedForm):
    """It was something else after all: one press."""


class ShareForm(DeedForm):
    """A second department's part."""

    department: Any = forms.ModelChoiceField(
        queryset=None,
        empty_label=_("please choose"),
        error_messages={
            "required": _("Choose a department from the list."),
            "invalid_choice": _("Choose a department from the list."),
        },
    )
    text = text_field(_("Write down what the department shall do."), required=True)
    due_on = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write down the day, such as 24.12.2026, or nothing.")},
    )

    def fit(self) -> None:
        field: Any = self.fields["department"]
        field.queryset = departments(self.case.report)


class SplitForm(DeedForm):
    """Two matters: which words and photos belong to the second one."""

    category: Any = forms.ModelChoiceField(
        queryset=None,
        to_field_name="code",
        empty_label=_("please choose"),
        error_messages={
            "required": _("Choose the category of the second matter."),
            "invalid_choice": _("Choose the category of the second matter."),
        },
    )
    own_text = text_field(_("Write down what stays with this report."), required=True)
    text = text_field(_("Write down what the second report is about."), required=True)
    photos = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of the photos is not there any more.")},
    )

    def fit(self) -> None:
        field: Any = self.fields["category"]
        offered = Category.objects.reportable().filter(
            offers__municipality=self.case.report.municipality_id, offers__is_active=True
        )
        field.queryset = offered.order_by("name")
        field.label_from_instance = lambda category: category.label
        photos: Any = self.fields["photos"]
        photos.choices = [(photo.pk, str(photo.position + 1)) for photo in self.case.photos]
        self.initial.setdefault("own_text", self.case.report.description)

    @property
    def boxes(self) -> list[tuple[Any, bool]]:
        """Each photo, and whether it goes to the second report."""
        ticked = {str(pk) for pk in self["photos"].value() or ()}
        return [(photo, str(photo.pk) in ticked) for photo in self.case.photos]
