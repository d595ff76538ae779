"""What staff send us about content that may be a crime."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.deeds.forms import DeedForm, text_field


class SealForm(DeedForm):
    reason = text_field(
        _("Write down what may be a crime here. The police read it."), required=True
    )
    is_meant = forms.BooleanField(
        error_messages={"required": _("Tick that you want to seal text and photos.")}
    )


class UseForm(forms.Form):
    """What to do with the evidence. `note`: for whom, or why."""

    step = forms.ChoiceField(
        choices=[(each, each) for each in ("ansehen", "blatt", "archiv", "aufheben")]
    )
    note = forms.CharField(required=False, max_length=500)
    with_contact = forms.BooleanField(required=False)
    gives_back = forms.BooleanField(required=False)

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        needs_words = given.get("step") == "aufheben" or given.get("with_contact")
        if needs_words and not given.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write down for whom, or why."))
        return given
