"""What administrators send us about a rota: its rules, its people, its shifts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from townhall.letters import webhooks
from townhall.models import DutyPerson, Rota, Shift

WEEKDAYS = (
    (1, _("Mon")),
    (2, _("Tue")),
    (3, _("Wed")),
    (4, _("Thu")),
    (5, _("Fri")),
    (6, _("Sat")),
    (7, _("Sun")),
)


class RotaForm(forms.ModelForm):  # type: ignore[type-arg]
    use_required_attribute = False

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id=f"{self.slug()}-%s", **options)
        for field in self.fields.values():
            field.error_messages.setdefault("required", _("Fill this in."))

    @classmethod
    def slug(cls) -> str:
        """Keeps the ids of a page with several forms apart."""
        return cls.__name__.removesuffix("Form").lower()


class RulesForm(RotaForm):
    class Meta:
        model = Rota
        fields: ClassVar = ["handover_at", "repeat_minutes", "escalate_minutes"]
        widgets: ClassVar = {"handover_at": forms.TimeInput(format="%H:%M")}
        labels: ClassVar = {
            "handover_at": _("Duty changes hands at"),
            "repeat_minutes": _("Call the same person again after (minutes)"),
            "escalate_minutes": _("Call the next person after (minutes)"),
        }
        help_texts: ClassVar = {
            "handover_at": _("Local time, such as 07:00. A day of duty lasts until the next day’s.")
        }


class PersonForm(RotaForm):
    class Meta:
        model = DutyPerson
        fields: ClassVar = ["name", "email", "phone", "webhook", "knows_keys"]
        labels: ClassVar = {
            "webhook": _("Address of the SMS or voice gateway"),
            "knows_keys": _("The gateway recognises repeats"),
        }
        help_texts: ClassVar = {
            "phone": _("For the gateway, and for colleagues who call by hand."),
            "webhook": _("Optional, https only."),
            "knows_keys": _("By Idempotency-Key. Then an unclear call is tried again."),
        }

    def clean_webhook(self) -> str:
        url: str = self.cleaned_data["webhook"].strip()
        if url:
            try:
                webhooks.check(url)
            except webhooks.Forbidden:
                words = _("Enter an https address outside your own network, without a password.")
                raise forms.ValidationError(words) from None
        return url

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_fine = "email" not in self.errors and "webhook" not in self.errors
        if is_fine and not (given.get("email") or given.get("webhook")):
            self.add_error("email", _("Enter an e-mail address or a gateway, so we can call."))
        return given


class ShiftForm(RotaForm):
    """`is_exception`: on every day of the span, instead of the weekly shifts of the same rank."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Shift
        fields: ClassVar = [
            "person",
            "rank",
            "is_exception",
            "first_day",
            "last_day",
            "weekdays",
            "every_weeks",
        ]
        widgets: ClassVar = {
            "first_day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "last_day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        labels: ClassVar = {
            "person": _("Person"),
            "rank": _("Place in the order of calling"),
            "is_exception": _("Exception: on every one of these days, instead of the weekly duty"),
            "first_day": _("First day"),
            "last_day": _("Last day"),
            "every_weeks": _("Every so many weeks"),
        }
        help_texts: ClassVar = {
            "rank": _("1 is called first."),
            "first_day": _("Weeks are counted from this day."),
            "last_day": _("Leave empty: until further notice."),
            "every_weeks": _("1: every week. 2: every other week."),
        }

    def __init__(self, data: Any = None, *, rota: Rota, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["person"]
        field.queryset = DutyPerson.objects.filter(rota=rota.pk)
        field.label_from_instance = lambda person: person.name
        field.empty_label = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first."))
        if given.get("is_exception"):
            given["weekdays"], given["every_weeks"] = [1, 2, 3, 4, 5, 6, 7], 1
            if not last and "last_day" not in self.errors:
                self.add_error("last_day", _("An exception needs its last day."))
        elif not given.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day."))
        return given
