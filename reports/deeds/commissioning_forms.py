"""What staff send us to give somebody outside a task."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.deeds import commissioning
from reports.deeds.forms import DeedForm, text_field
from reports.deeds.planning import can_be_due


class CommissionForm(DeedForm):
    """`photos` are primary keys of pictures that are handed over though nobody released them."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Write down the e-mail address."),
            "invalid": _("Check the e-mail address, such as name@example.org."),
        },
    )
    name = forms.CharField(
        required=False,
        max_length=120,
        error_messages={"max_length": _("Shorten the name to 120 characters.")},
    )
    text = text_field(_("Write down what they shall do."), required=True)
    due_on = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write down the day, such as 24.12.2026.")},
    )
    photos = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of the photos is not there any more.")},
    )

    def fit(self) -> None:
        field: Any = self.fields["photos"]
        field.choices = [(photo.pk, "") for photo in self.hidden_photos]

    @property
    def hidden_photos(self) -> list[Any]:
        """What they see only if it is handed to them."""
        is_public = self.case.report.is_public
        return [photo for photo in self.case.photos if not (photo.is_released and is_public)]

    @property
    def boxes(self) -> list[tuple[Any, bool]]:
        """Each of these photos, and whether it is ticked."""
        ticked = {str(pk) for pk in self["photos"].value() or ()}
        return [(photo, str(photo.pk) in ticked) for photo in self.hidden_photos]

    def known(self) -> list[tuple[str, str]]:
        """Suggestions: e-mail address and name. Two statements."""
        return commissioning.known_bodies(self.case.report)

    def clean_due_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["due_on"]
        if day and not can_be_due(day):
            raise forms.ValidationError(_("Choose a day from today on, three years at most."))
        return day

    def clean(self) -> dict[str, Any]:
        """A known address needs no name."""
        given = super().clean() or self.cleaned_data
        if given.get("email") and not given.get("name") and "name" not in self.errors:
            given["name"] = dict(self.known()).get(given["email"], "")
            if not given["name"]:
                self.add_error("name", _("Write down who that is."))
        return given

    def task(self) -> commissioning.Task:
        """Of a valid form."""
        given = self.cleaned_data
        return commissioning.Task(
            given["name"], given["email"], given["text"], given["due_on"], given["photos"]
        )
