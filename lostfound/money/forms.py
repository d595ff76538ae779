"""What staff send us about money: counted piles, lines of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from lostfound.models import Account, Method, Party
from lostfound.money.denominations import ALL, COINS, MOST_PIECES, NOTES, worth
from lostfound.money.euros import EuroField, say_euros

# Found money comes in by counting it; a difference by the closing.
BY_HAND = [Account.FEE, Account.EXPENSES, Account.REWARD, Account.SHIPPING, Account.PROCEEDS]
BY_HAND += [Account.FLOAT, Account.FOUND_CASH]


class PileForm(forms.Form):
    """How many of each note and coin, or just the sum. Both: they must say the same."""

    use_required_attribute = False
    total = EuroField(
        label=_("Sum"),
        required=False,
        help_text=_("Reckoned from the notes and coins, or enter it yourself."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for cents in ALL:
            field = forms.IntegerField(
                label=_label(cents), min_value=0, max_value=MOST_PIECES, required=False
            )
            field.widget.attrs |= {"inputmode": "numeric", "data-cents": str(cents)}
            self.fields[_name(cents)] = field

    @property
    def notes(self) -> Iterator[BoundField]:
        return (self[_name(cents)] for cents in NOTES)

    @property
    def coins(self) -> Iterator[BoundField]:
        return (self[_name(cents)] for cents in COINS)

    @property
    def pieces(self) -> dict[int, int]:
        """Of a valid form: cents of a piece → how many."""
        data = self.cleaned_data
        return {cents: data[_name(cents)] for cents in ALL if data.get(_name(cents))}

    @property
    def cents(self) -> int:
        """Of a valid form."""
        cents: int = self.cleaned_data["cents"]
        return cents

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        pieces = {cents: data[_name(cents)] for cents in ALL if data.get(_name(cents)) is not None}
        total = data.get("total")
        if self.errors:
            return data
        if not pieces and total is None:
            self.add_error("total", _("Enter the notes and coins, or the sum."))
        elif pieces and total is not None and worth(pieces) != total:
            words = _("The notes and coins make %(sum)s. Count again, or leave the sum empty.")
            self.add_error("total", words % {"sum": say_euros(worth(pieces))})
        else:
            data["cents"] = worth(pieces) if pieces else total
        return data


class FoundCashForm(PileForm):
    """Found money; where it goes when two have counted the same."""

    method = forms.ChoiceField(
        label=_("Where does the money go?"),
        choices=[
            (Method.CASH, _("Into the till")),
            (Method.SEALED, _("Sealed in a bag, with the thing")),
        ],
        widget=forms.RadioSelect,
    )


class TillForm(PileForm):
    """The till at the end of the day."""

    reason = forms.CharField(
        label=_("Why it differs"),
        max_length=300,
        required=False,
        help_text=_("Only if the sum is another than the expected one. Without names."),
    )


class LineForm(forms.Form):
    """A line of the ledger by hand. `key` makes a form that is sent twice one line."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("Direction"),
        choices=[("in", _("comes in")), ("out", _("goes out"))],
        widget=forms.RadioSelect,
        initial="in",
        error_messages={"required": _("Choose whether it comes in or goes out.")},
    )
    account = forms.ChoiceField(
        label=_("What for"), choices=[(each, each.label) for each in BY_HAND]
    )
    cents = EuroField(label=_("Amount"), error_messages={"required": _("Enter an amount.")})
    party = forms.ChoiceField(label=_("From whom or to whom"), choices=Party.choices)
    method = forms.ChoiceField(label=_("How"), choices=Method.choices)
    thing = forms.CharField(
        label=_("Found thing"),
        max_length=300,
        required=False,
        help_text=_("Scan its label, or type its number."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("Without names.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound:
            self.initial["key"] = uuid4()

    def clean_cents(self) -> int:
        cents: int = self.cleaned_data["cents"]
        if not cents:
            raise forms.ValidationError(_("Enter an amount above zero."))
        return cents


class ReversalForm(forms.Form):
    """Why a line is taken back."""

    use_required_attribute = False
    note = forms.CharField(
        label=_("Why it is taken back"),
        max_length=200,
        help_text=_("Without names."),
        error_messages={"required": _("Say why the line is taken back.")},
    )


class LedgerFilter(forms.Form):
    """Which lines are shown. Nonsense counts for nothing."""

    account = forms.ChoiceField(
        label=_("Account"), choices=[("", _("All accounts")), *Account.choices], required=False
    )
    since = forms.DateField(
        label=_("from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("to"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def _name(cents: int) -> str:
    return f"n{cents}"


def _label(cents: int) -> str:
    """„50 €“, „20 Cent“: on coins and notes there is no comma."""
    return f"{cents // 100} €" if cents >= 100 else f"{cents} Cent"
