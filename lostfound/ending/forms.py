"""What the counter sends about many things at once: the shape of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lostfound.ending import auctions, notices
from lostfound.ending.bulk import Action
from lostfound.models import Auction, LotResult, Method, Office
from lostfound.money.euros import EuroField
from lostfound.wording import ADDRESSEES
from townhall.models import User


class DayField(forms.DateField):
    """A day, as the browser's own field sends it or as people here write it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"])
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)
        self.error_messages |= {
            "required": _("Fill this in."),
            "invalid": _("Enter a day, for example 22.11.2026."),
        }


class CounterForm(forms.Form):
    """Of one office and one action. No bubbles of the browser."""

    use_required_attribute = False

    def __init__(self, *args: Any, office: Office, action: Action | None = None, **options: Any):
        super().__init__(*args, **options)
        self.office, self.action = office, action
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill this in.")
            if isinstance(field, forms.CharField) and field.max_length:
                field.error_messages["max_length"] = _("At most %(limit_value)d characters.")


class NoticeForm(CounterForm):
    posted_on = DayField(
        label=_("Posted from"),
        help_text=_("The page hangs out from this day on; the paper is for the board."),
        initial=timezone.localdate,
    )

    def clean_posted_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["posted_on"]
        today = timezone.localdate()
        if not today <= day <= today + notices.AHEAD:
            raise forms.ValidationError(_("Choose a day from today on, within a month."))
        return day


class AuctionForm(CounterForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    held_on = DayField(label=_("Day"))
    place = forms.CharField(label=_("Place or platform"), max_length=200)


class AuctionChoiceForm(AuctionForm):
    """An auction that is planned, or a new one."""

    to = forms.ChoiceField(label=_("Auction"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.planned = list(
            Auction.objects.filter(office=self.office, held_on__gte=timezone.localdate()).order_by(
                "held_on"
            )[:50]
        )
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            ("", _("A new one")),
            *((str(each.pk), f"{each.name}, {each.held_on:%d.%m.%Y}") for each in self.planned),
        ]
        self.order_fields(["to", "name", "held_on", "place"])
        for name in ("name", "held_on", "place"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("to") and "to" not in self.errors:
            for name in ("name", "held_on", "place"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in."))
        return given

    def auction(self, office: Office, *, by: User) -> Auction:
        """The one chosen, or a new one."""
        given = self.cleaned_data
        chosen = next((each for each in self.planned if str(each.pk) == given["to"]), None)
        return chosen or auctions.plan(
            office,
            name=given["name"],
            held_on=given["held_on"],
            place=given["place"],
            by=by,
        )


class DisposalForm(CounterForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Why this way: “worn out”, “nobody buys it”. It stands in the record."),
    )
    receiver = forms.CharField(
        label=_("Receiver"),
        max_length=200,
        required=False,
        help_text=_("A charity or a dealer; no private person."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.action is Action.DESTRUCTION:
            del self.fields["receiver"]
        elif self.action is Action.GIFT:
            self.fields["receiver"].required = True


class ForwardForm(CounterForm):
    to = forms.ChoiceField(label=_("To"), choices=list(ADDRESSEES.items()))
    receiver = forms.CharField(label=_("Name of the authority or company"), max_length=120)
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        help_text=_("As in the window of the envelope, a line each."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = forms.CharField(
        label=_("Sentence in the letter"),
        max_length=300,
        required=False,
        help_text=_("Without names: the paper itself says whose it is."),
    )


class LotForm(CounterForm):
    """The hammer has fallen, or not."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(value, label) for value, label in LotResult.choices if value != LotResult.OPEN],
    )
    cents = EuroField(label=_("Highest bid"), required=False)
    costs_cents = EuroField(label=_("Costs"), required=False)
    method = forms.ChoiceField(
        label=_("Paid by"), choices=Method.choices, initial=Method.TRANSFER, required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("result") == LotResult.SOLD and not given.get("cents"):
            self.add_error("cents", _("Enter what was paid."))
        return given


class DecisionForm(CounterForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class DoneForm(CounterForm):
    """A disposal was carried out."""

    done_on = DayField(label=_("Day"), initial=timezone.localdate)
    witness = forms.ChoiceField(label=_("Witness"))
    receiver = forms.CharField(label=_("Receiver"), max_length=200, required=False)
    method = forms.ChoiceField(
        label=_("Paid by"), choices=Method.choices, initial=Method.CASH, required=False
    )

    def __init__(self, *args: Any, witnesses: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["witness"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("Choose")), *((str(each.pk), each.name) for each in witnesses)]

    def clean_done_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["done_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day
