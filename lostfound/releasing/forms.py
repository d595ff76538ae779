"""What the counter fills in at a Herausgabe: one small form per deed."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lostfound.claiming.deciding import WalkIn
from lostfound.law.fees import Extra
from lostfound.models import Claim, Consent, Method, Party, ReceiptBy, Receiver
from lostfound.money.euros import EuroField
from lostfound.releasing import dues
from lostfound.releasing.handing_over import Slip

MOST_STROKES, MOST_POINTS, EDGE = 200, 6000, 2000
_AGAIN = dict.fromkeys(("required", "invalid"), _("Please send it once more."))
_SHORTER = {"max_length": _("Shorten the text.")}


class CounterForm(forms.Form):
    use_required_attribute = False

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s", **options)

    def correct(self, name: str, value: str) -> None:
        """What the next sending shall say."""
        self.data = dict(self.data.items()) | {name: value}


class SignatureField(forms.CharField):
    """Strokes of the pad: `[[x, y, x, y, …], …]`, whole numbers below 2,000. Empty: none.

    Nonsense from a hand-made request is no signature.
    """

    def to_python(self, value: Any) -> list[list[int]]:  # type: ignore[override]
        try:
            strokes = json.loads(value or "[]")
        except (ValueError, RecursionError):
            return []
        return strokes if _is_signature(strokes) else []


def _is_signature(strokes: Any) -> bool:
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        return False
    points = 0
    for stroke in strokes:
        if not isinstance(stroke, list) or len(stroke) % 2:
            return False
        points += len(stroke)
        if not all(type(each) is int and 0 <= each < EDGE for each in stroke):
            return False
    return points <= 2 * MOST_POINTS


class HandOverForm(CounterForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput, error_messages=_AGAIN)
    version = forms.IntegerField(
        required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput
    )
    receiver = forms.ChoiceField(
        choices=Receiver.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose who takes it.")),
    )
    name = forms.CharField(
        max_length=120,
        error_messages={"required": _("Enter the name of whoever takes it."), **_SHORTER},
    )
    reference = forms.CharField(required=False, max_length=80, error_messages=_SHORTER)
    authorisation_seen = forms.BooleanField(required=False)
    identity_checked = forms.BooleanField(required=False)
    receipt = forms.ChoiceField(
        choices=ReceiptBy.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose how the receipt is given.")
        ),
    )
    signature = SignatureField(required=False, max_length=120_000, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=20)
    on_paper = forms.BooleanField(required=False)

    @classmethod
    def blank(cls, **initial: Any) -> HandOverForm:
        return cls(initial={"client_id": uuid.uuid4(), **initial})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        receiver = given.get("receiver")
        if receiver == Receiver.PROXY and not given.get("authorisation_seen"):
            self.add_error("authorisation_seen", _("Tick that you have seen the authorisation."))
        if receiver == Receiver.AUTHORITY and not given.get("reference", "").strip():
            self.add_error("reference", _("Enter the authority’s file number."))
        if receiver != Receiver.OWNER and not given.get("identity_checked"):
            self.add_error(
                "identity_checked", _("Tick that you have seen the identity paper of who is here.")
            )
        if given.get("receipt") == ReceiptBy.CODE and receiver != Receiver.OWNER:
            self.add_error("receipt", _("The code is for owners who come themselves."))
        return given

    def slip(self, claim: Claim | None) -> Slip:
        """Of a valid form."""
        given = self.cleaned_data
        return Slip(
            client_id=given["client_id"],
            receiver=Receiver(given["receiver"]),
            name=given["name"],
            receipt=ReceiptBy(given["receipt"]),
            claim=claim,
            reference=given["reference"],
            authorisation_seen=given["authorisation_seen"],
            identity_checked=given["identity_checked"],
            signature=given["signature"],
            code=given["code"],
            on_paper=given["on_paper"],
            version=given["version"],
        )


class WalkInForm(CounterForm):
    name = forms.CharField(
        max_length=120, error_messages={"required": _("Enter the name."), **_SHORTER}
    )
    proof = forms.CharField(
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": _("Write down what shows that it is theirs."), **_SHORTER},
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={"invalid": _("Enter an e-mail address such as name@example.org.")},
    )
    phone = forms.CharField(required=False, max_length=40, error_messages=_SHORTER)
    postal_address = forms.CharField(required=False, max_length=200, error_messages=_SHORTER)
    identity_checked = forms.BooleanField(
        error_messages={"required": _("Tick that you have seen the identity paper.")}
    )

    def walk_in(self) -> WalkIn:
        given = {name: said for name, said in self.cleaned_data.items() if name in _WALK_IN}
        return WalkIn(**given)


_WALK_IN = frozenset({"name", "proof", "email", "phone", "postal_address"})


class ConsentForm(CounterForm):
    consent = forms.ChoiceField(
        choices=Consent.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose what the finder says.")
        ),
    )
    condition = forms.CharField(required=False, max_length=200, error_messages=_SHORTER)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("consent") == Consent.CONDITIONAL and not given.get("condition", "").strip():
            self.add_error("condition", _("Write down the condition."))
        return given


class InquiryForm(CounterForm):
    note = forms.CharField(required=False, max_length=200, error_messages=_SHORTER)


class PaymentForm(CounterForm):
    """`party` finder: money that goes out to the finder."""

    client_id = forms.UUIDField(error_messages=_AGAIN)
    account = forms.ChoiceField(
        choices=[(each.value, each.label) for each in dues.ACCOUNTS],
        error_messages={"invalid_choice": _("Choose what is paid.")},
    )
    amount = EuroField(error_messages={"required": _("Enter the amount.")})
    method = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (Method.CASH, Method.CARD, Method.TRANSFER)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose how it is paid.")),
    )
    party = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (Party.OWNER, Party.FINDER)],
        error_messages={"invalid_choice": _("Choose who pays.")},
    )
    to_finder = forms.BooleanField(required=False)

    @property
    def cents(self) -> int:
        """Below zero: it goes out. Of a valid form."""
        amount: int = self.cleaned_data["amount"] or 0
        return -amount if self.cleaned_data["to_finder"] else amount


class WaiverForm(CounterForm):
    account = forms.ChoiceField(
        choices=[(each.value, each.label) for each in dues.OFFICES],
    )
    reason = forms.CharField(
        max_length=200,
        error_messages={"required": _("Write down why it is let off."), **_SHORTER},
    )


class SurchargeForm(CounterForm):
    """`extra`: what the town's table charges besides the fee."""

    extra = forms.ChoiceField(
        choices=[(each.value, each.value) for each in Extra],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what is charged.")),
    )
    amount = EuroField(error_messages={"required": _("Enter the amount.")})


class UnchargeForm(CounterForm):
    account = forms.ChoiceField(choices=[(each.value, each.label) for each in dues.OFFICES])


class UndoForm(CounterForm):
    reason = forms.CharField(
        max_length=300,
        error_messages={"required": _("Write down why it is undone."), **_SHORTER},
    )
