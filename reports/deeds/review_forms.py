"""What staff send us from the release queue."""

from __future__ import annotations

from typing import Any

from django import forms

from reports.deeds.forms import DeedForm, text_field


class ReviewForm(DeedForm):
    """Ticks for the text and for each photo (primary keys); `step` is the button."""

    text = forms.BooleanField(required=False)
    public_text = text_field()
    photos = forms.TypedMultipleChoiceField(required=False, coerce=int)
    step = forms.ChoiceField(choices=[(each, each) for each in ("zeigen", "nichts")])

    def fit(self) -> None:
        field: Any = self.fields["photos"]
        field.choices = [(photo.pk, photo.pk) for photo in self.case.photos]

    @property
    def decision(self) -> dict[str, Any]:
        """What reviewing.review takes."""
        given = self.cleaned_data
        shows = given["step"] == "zeigen"
        text = "\n".join(str(given["public_text"]).splitlines())
        return {
            "shows_text": shows and given["text"] and bool(self.case.report.description),
            "public_text": text,
            "photos": given["photos"] if shows else [],
            "version": given["version"],
        }
