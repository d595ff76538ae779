"""Herausgabe: „Darf ich das herausgeben?“ with everything that is missing, and how to mend it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.claiming import deciding
from lostfound.counter import counter_only, item_of
from lostfound.law.fees import Extra, Occasion
from lostfound.models import (
    Account,
    Claim,
    ClaimState,
    Consent,
    Finder,
    FoundItem,
    Handover,
    Inquiry,
    Method,
    Party,
    ReceiptBy,
    Receiver,
    Whose,
)
from lostfound.models.claims import OPEN_CLAIMS
from lostfound.money import cash
from lostfound.personal import disclosure
from lostfound.releasing import dues, gate, handing_over
from lostfound.releasing import paper as handover_paper
from lostfound.releasing.dues import AmountMissing, NothingDue
from lostfound.releasing.forms import (
    ConsentForm,
    HandOverForm,
    InquiryForm,
    PaymentForm,
    SurchargeForm,
    UnchargeForm,
    UndoForm,
    WaiverForm,
    WalkInForm,
)
from lostfound.releasing.gate import Gate
from lostfound.wording import EXTRAS
from lostfound.workflow import IllegalMove
from townhall.codes import normalise
from townhall.papers import NotPrinted
from townhall.views.sign_in import StaffRequest

log = logging.getLogger(__name__)
_FINDERS = (Account.REWARD, Account.EXPENSES)


# ── Showing ──────────────────────────────────────────────────────────────────────────────────
@require_GET
@counter_only
def release_page(request: StaffRequest, code: str) -> HttpResponse:
    return _show(request, _item(request, code))


def _item(request: StaffRequest, code: str) -> FoundItem:
    """The whole: a part leaves with it. Raises Http404."""
    item = item_of(request, code)
    return item_of(request, item.part_of.code) if item.part_of else item


def _show(
    request: StaffRequest, item: FoundItem, *, status: int = 200, **more: Any
) -> HttpResponse:
    today = timezone.localdate()
    claims = list(
        item.claims.filter(state__in=OPEN_CLAIMS).select_related("claimant").order_by("received_at")
    )
    claim = _chosen(request, claims)
    receiver = _receiver(request, item, claim)
    found = _gate(item, receiver, claim)
    handover = item.handovers.select_related("claim__claimant", "by").filter(undone_at=None).first()
    finder = Finder.objects.filter(item=item).first()
    name = claim.claimant.name if claim and hasattr(claim, "claimant") else ""
    _note_names(request, item, claims, receiver, finder)
    facts: dict[str, Any] = {
        "item": item,
        "claims": claims,
        "claim": claim,
        "receiver": receiver,
        "gate": found,
        "dues": found.dues,
        "finder": finder,
        "inquiry": Inquiry.objects.filter(item=item).first(),
        "handover": handover,
        "may_undo": handover is not None and handing_over.may_undo(handover, on=today),
        "address": disclosure.may_tell(item, found.dues),
        "form": None,
        "hand_over_form": HandOverForm.blank(
            version=item.version,
            receiver=receiver.value,
            name=finder.name if receiver is Receiver.FINDER and finder else name,
            receipt=ReceiptBy.SIGNATURE.value,
        ),
        "walk_in_form": WalkInForm(),
        "consent_form": ConsentForm(initial={"consent": item.consent}),
        "inquiry_form": InquiryForm(),
        "waiver_form": WaiverForm(),
        "surcharge_form": SurchargeForm(),
        "surcharges": [(extra, EXTRAS[extra], cents) for extra, cents in found.dues.offered],
        "undo_form": UndoForm(),
        "payment_id": uuid4(),
        "held": _held(item),
        "methods": [Method.CASH, Method.CARD, Method.TRANSFER],
        "accounts": dues.ACCOUNTS,
        "consents": Consent.choices,
        "receivers": Receiver.choices,
    }
    return render(request, "lostfound/release/page.html", facts | more, status=status)


def _note_names(
    request: StaffRequest,
    item: FoundItem,
    claims: list[Claim],
    receiver: Receiver,
    finder: Finder | None,
) -> None:
    """Here a name is compared with an identity paper: whoever opens the page has read it."""
    if claims:
        disclosure.saw(item, Whose.CLAIMANT, by=request.user)
    if finder is not None and receiver is Receiver.FINDER:
        disclosure.saw(item, Whose.FINDER, by=request.user)


def _held(item: FoundItem) -> list[tuple[Account, int]]:
    """What came in for the finder and waits here. Cents."""
    kept = [(each, sum(cash.held(item, each).values())) for each in _FINDERS]
    return [(account, cents) for account, cents in kept if cents > 0]


def _chosen(request: StaffRequest, claims: list[Claim]) -> Claim | None:
    """The one asked for, else the confirmed one."""
    asked = normalise(request.GET.get("anspruch", "") or request.POST.get("anspruch", ""))
    by_code = next((each for each in claims if each.code == asked), None)
    return by_code or next((each for each in claims if each.state == ClaimState.CONFIRMED), None)


def _receiver(request: StaffRequest, item: FoundItem, claim: Claim | None) -> Receiver:
    asked = request.GET.get("an", "") or request.POST.get("receiver", "")
    if asked in Receiver.values:
        return Receiver(asked)
    if claim is None and gate.standing_of(item, on=timezone.localdate()).owner == "finder":
        return Receiver.FINDER
    return Receiver.OWNER


def _gate(item: FoundItem, receiver: Receiver, claim: Claim | None) -> Gate:
    today = timezone.localdate()
    match receiver:
        case Receiver.FINDER:
            return gate.to_finder(item, on=today)
        case Receiver.AUTHORITY:
            return gate.to_authority(item, on=today)
    return gate.to_owner(item, claim, on=today, receiver=receiver)


# ── The steps before ─────────────────────────────────────────────────────────────────────────
@require_POST
@counter_only
def walk_in(request: StaffRequest, code: str) -> HttpResponse:
    """Somebody without a claim shows at the counter that it is theirs."""

    def act(item: FoundItem, form: Any) -> str:
        deciding.confirm_at_counter(item, form.walk_in(), by=request.user)
        return gettext("Noted and confirmed.")

    return _do(request, code, WalkInForm(request.POST), "walk_in_form", act)


@require_POST
@counter_only
def consent(request: StaffRequest, code: str) -> HttpResponse:
    """What the finder says to a release."""

    def act(item: FoundItem, form: Any) -> str:
        given = form.cleaned_data
        handing_over.note_consent(
            item,
            Consent(given["consent"]),
            by=request.user,
            on=timezone.localdate(),
            condition=given["condition"],
        )
        return gettext("The finder’s answer is noted.")

    return _do(request, code, ConsentForm(request.POST), "consent_form", act)


@require_POST
@counter_only
def condition(request: StaffRequest, code: str) -> HttpResponse:
    item = _item(request, code)
    handing_over.meet_condition(item, by=request.user, on=timezone.localdate())
    messages.success(request, gettext("The condition is noted as met."))
    return _to(item, None)


@require_POST
@counter_only
def inquiry(request: StaffRequest, code: str) -> HttpResponse:
    """The finder was asked and is silent, or refuses."""

    def act(item: FoundItem, form: Any) -> str:
        note = form.cleaned_data["note"]
        handing_over.ask_finder(item, by=request.user, on=timezone.localdate(), note=note)
        return gettext("Noted. The case comes back to the desk by itself.")

    return _do(request, code, InquiryForm(request.POST), "inquiry_form", act)


@require_POST
@counter_only
def payment(request: StaffRequest, code: str) -> HttpResponse:
    form = PaymentForm(request.POST)

    def act(item: FoundItem, form: Any) -> str:
        given = form.cleaned_data
        goes_out = given["to_finder"]
        dues.pay(
            item,
            Account(given["account"]),
            form.cents,
            method=Method(given["method"]),
            by=request.user,
            client_id=given["client_id"],
            party=Party.FINDER if goes_out else Party(given["party"]),
        )
        return gettext("Booked.")

    return _do(request, code, form, "payment_form", act)


@require_POST
@counter_only
def waiver(request: StaffRequest, code: str) -> HttpResponse:
    def act(item: FoundItem, form: Any) -> str:
        given = form.cleaned_data
        dues.waive(item, Account(given["account"]), by=request.user, reason=given["reason"])
        return gettext("Let off.")

    return _do(request, code, WaiverForm(request.POST), "waiver_form", act)


@require_POST
@counter_only
def surcharge(request: StaffRequest, code: str) -> HttpResponse:
    """What the table charges besides the fee: transport, research, postage …"""

    def act(item: FoundItem, form: Any) -> str:
        given = form.cleaned_data
        dues.charge(
            item,
            Extra(given["extra"]),
            given["amount"] or 0,
            by=request.user,
            occasion=_occasion(request),
        )
        return gettext("Added. It is a line of its own.")

    return _do(request, code, SurchargeForm(request.POST), "surcharge_form", act)


@require_POST
@counter_only
def surcharge_end(request: StaffRequest, code: str) -> HttpResponse:
    def act(item: FoundItem, form: Any) -> str:
        dues.uncharge(item, Account(form.cleaned_data["account"]), by=request.user)
        return gettext("It is charged no longer.")

    return _do(request, code, UnchargeForm(request.POST), "uncharge_form", act)


def _occasion(request: StaffRequest) -> Occasion:
    is_finder = request.POST.get("an") == Receiver.FINDER
    return Occasion.ACQUISITION if is_finder else Occasion.RELEASE


@require_POST
@counter_only
def code(request: StaffRequest, code: str) -> HttpResponse:
    """Six digits to the owner's mailbox, in place of a signature."""
    item = _item(request, code)
    confirmed = list(item.claims.filter(state=ClaimState.CONFIRMED))
    try:
        if not confirmed:
            raise handing_over.NoMailbox
        handing_over.send_code(confirmed[0], by=request.user)
    except handing_over.NoMailbox:
        messages.error(request, _("There is no e-mail address to send a code to."))
    else:
        messages.success(request, _("The code is on its way. It is valid for 30 minutes."))
    return _to(item, None, anchor="#uebergabe")


# ── Handing over ─────────────────────────────────────────────────────────────────────────────
@require_POST
@counter_only
def hand_over(request: StaffRequest, code: str) -> HttpResponse:
    item = _item(request, code)
    form = HandOverForm(request.POST)
    claims = list(item.claims.filter(state__in=OPEN_CLAIMS | {ClaimState.RELEASED}))
    claim = _chosen(request, claims)
    if not form.is_valid():
        return _show(request, item, form=form, hand_over_form=form, status=422)
    owners = form.cleaned_data["receiver"] in {Receiver.OWNER, Receiver.PROXY}
    try:
        handing_over.hand_over(item, form.slip(claim if owners else None), by=request.user)
    except handing_over.NoReceipt:
        form.add_error("receipt", _("The receipt is missing: sign, say the right code, or tick."))
        return _show(request, item, form=form, hand_over_form=form, status=422)
    except handing_over.NotAllowed:
        form.add_error(None, _("No: something is missing. It stands above, with what to do."))
        return _show(request, _item(request, code), form=form, hand_over_form=form, status=409)
    except (handing_over.TooLate, IllegalMove):
        form.add_error(
            None, _("Somebody has changed it meanwhile. Look once more, then hand over.")
        )
        fresh = _item(request, code)
        form.correct("version", str(fresh.version))
        return _show(request, fresh, form=form, hand_over_form=form, status=409)
    messages.success(request, gettext("Handed over. The receipt is ready."))
    return _to(item, None)


@require_http_methods(["GET", "HEAD"])
@counter_only
def receipt(request: StaffRequest, code: str) -> HttpResponse:
    """The receipt: of what was handed over, or to be signed before."""
    item = _item(request, code)
    handover = Handover.objects.filter(item=item).select_related("by", "claim").first()
    if handover is not None and not handover.facts:
        raise Http404  # its time was over, and it is erased
    try:
        if handover is not None and handover.undone_at is None:
            paper = handover_paper.receipt(item, handover)
        else:
            paper = _draft(request, item)
    except NotPrinted as trouble:
        log.exception("No receipt of thing %s: %s", item.pk, trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return _to(item, None)
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="Herausgabe-{item.shown_code}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


def _draft(request: StaffRequest, item: FoundItem) -> bytes:
    claims = list(item.claims.filter(state__in=OPEN_CLAIMS).select_related("claimant"))
    claim = _chosen(request, claims)
    receiver = _receiver(request, item, claim)
    finder = Finder.objects.filter(item=item).first()
    name = claim.claimant.name if claim and hasattr(claim, "claimant") else ""
    if receiver is Receiver.FINDER:
        name = finder.name if finder else ""
    if receiver in {Receiver.PROXY, Receiver.AUTHORITY}:
        name = "…" * 20
    found = _gate(item, receiver, claim)
    return handover_paper.draft(item, found, name=name, by=request.user.name)


@require_POST
@counter_only
def letter(request: StaffRequest, code: str, to: str) -> HttpResponse:
    """What finder or owner is told, on paper: for who has no mailbox. Noted as told."""
    item = _item(request, code)
    handover = (
        Handover.objects.filter(item=item, undone_at=None)
        .select_related("item__office__municipality", "claim")
        .first()
    )
    if handover is None or not handover.facts:
        raise Http404
    make = handing_over.paper_for_finder if to == "finder" else handing_over.paper_for_owner
    try:
        paper = make(handover, by=request.user)
    except NotPrinted as trouble:
        log.exception("No letter about thing %s: %s", item.pk, trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return _to(item, None)
    if paper is None:
        raise Http404
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="Brief-{item.shown_code}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
@counter_only
def undo(request: StaffRequest, code: str) -> HttpResponse:
    """A handing over of today, with the reason."""
    item = _item(request, code)
    handover = Handover.objects.filter(item=item, undone_at=None).first()
    if handover is None:
        raise Http404
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _show(request, item, form=form, undo_form=form, status=422)
    try:
        handing_over.undo(handover, by=request.user, reason=form.cleaned_data["reason"])
    except (handing_over.NotToday, IllegalMove):
        form.add_error(None, _("Only what was handed over today can be undone."))
        return _show(request, item, form=form, undo_form=form, status=409)
    messages.success(request, gettext("Undone. The thing is noted as lying at the counter again."))
    return _to(item, None)


# ── The frame of every step ──────────────────────────────────────────────────────────────────
def _do(
    request: StaffRequest, code: str, form: Form, slot: str, act: Callable[[FoundItem, Any], str]
) -> HttpResponse:
    item = _item(request, code)
    if not form.is_valid():
        return _show(request, item, form=form, status=422, **{slot: form})
    try:
        done = act(item, form)
    except (NothingDue, AmountMissing, cash.NothingToBook):
        form.add_error(None, _("There is nothing to book or to let off."))
        return _show(request, item, form=form, status=422, **{slot: form})
    except dues.NotOffered:
        form.add_error(None, _("The table of fees does not charge this here."))
        return _show(request, item, form=form, status=422, **{slot: form})
    except dues.PaidAlready:
        form.add_error(None, _("This is paid or let off already. Take that back first."))
        return _show(request, item, form=form, status=409, **{slot: form})
    except IllegalMove:
        form.add_error(None, _("The thing is not in our hands any more."))
        return _show(request, _item(request, code), form=form, status=409, **{slot: form})
    except cash.Overdrawn:
        form.add_error(None, _("More would go out to the finder than came in for it."))
        return _show(request, item, form=form, status=409, **{slot: form})
    except cash.KeyTaken:
        form.add_error(None, _("This was booked already with another amount."))
        return _show(request, item, form=form, status=409, **{slot: form})
    except deciding.ThingIsGone:
        form.add_error(None, _("The thing is not in our hands any more."))
        return _show(request, _item(request, code), form=form, status=409, **{slot: form})
    except deciding.AnotherIsConfirmed:
        form.add_error(None, _("Another claim to this thing is confirmed. End that one first."))
        return _show(request, item, form=form, status=409, **{slot: form})
    messages.success(request, done)
    return _to(item, None, receiver=request.POST.get("an", ""))


def _to(
    item: FoundItem, claim: Claim | None, *, receiver: str = "", anchor: str = ""
) -> HttpResponse:
    page = reverse("fund-release", args=[item.code])
    query = f"?anspruch={claim.code}" if claim else ""
    if receiver in Receiver.values:
        query = f"?an={receiver}"
    return _see(f"{page}{query}{anchor}")


def _see(page: str) -> HttpResponse:
    return HttpResponseRedirect(page, status=303)
