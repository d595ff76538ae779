"""Claims at the counter: the list, one claim, and what staff decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.claiming import deciding
from lostfound.claiming import desk as claim_desk
from lostfound.claiming.desk import QUESTIONS, REASONS, VIEWS
from lostfound.claiming.forms import LinesField
from lostfound.counter import counter_only, office_of
from lostfound.models import Claim, ClaimState, ClaimTry
from lostfound.personal import disclosure
from lostfound.personal.disclosure import Address
from townhall import drafts, live
from townhall.codes import normalise
from townhall.models import Image
from townhall.photos import file_response
from townhall.views.sign_in import StaffRequest, wants_fragment

DEEDS = ("frage", "bestaetigung", "ablehnung")


class DecisionForm(forms.Form):
    """`template`: a sentence of REASONS or QUESTIONS; `text` comes after it, or alone."""

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31)
    template = forms.CharField(required=False, max_length=20)
    text = LinesField(
        required=False,
        max_length=2000,
        error_messages={"max_length": _("Shorten the text to 2,000 characters.")},
    )
    use_required_attribute = False

    def __init__(self, data: Any = None, *, deed: str, **options: Any) -> None:
        super().__init__(data, auto_id=f"{deed}-%s", **options)
        self.deed = deed
        self.sentences = {"frage": QUESTIONS, "ablehnung": REASONS}.get(deed, {})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        known = given.get("template") in self.sentences
        if "text" not in self.errors and self.sentences and not known and not given.get("text"):
            self.add_error("text", _("Choose a sentence or write one: the claimant reads it."))
        return given

    def words(self, language: str) -> str:
        """In the claimant's language. Of a valid form."""
        with translation.override(language):
            sentence = str(self.sentences.get(self.cleaned_data["template"], ""))
        return "\n\n".join(filter(None, [sentence, self.cleaned_data["text"].strip()]))


@require_GET
@counter_only
def claims_list(request: StaffRequest) -> HttpResponse:
    cursor = live.cursor()  # first: what happens while we read is told again rather than missed
    view = VIEWS.get(request.GET.get("ansicht", ""), VIEWS["wartend"])
    page = _number(request.GET.get("seite", ""))
    found = claim_desk.rows(request.user, view, page=page)
    facts = {
        "office": office_of(request),
        "cursor": cursor,
        "view": view,
        "tabs": claim_desk.counts(request.user, view.slug),
        "claims": found[: claim_desk.PAGE],
        "page": page,
        "has_more": len(found) > claim_desk.PAGE,
    }
    template = "_list" if wants_fragment(request) else "list"
    return render(request, f"lostfound/claims/{template}.html", facts)


@require_GET
@counter_only
def claim_page(request: StaffRequest, code: str) -> HttpResponse:
    return _show(request, _claim(request, code))


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def decision(request: StaffRequest, code: str, deed: str) -> HttpResponse:
    """Ask, confirm or reject: POST with the version that was seen."""
    claim = _claim(request, code)
    if request.method != "POST":
        draft = drafts.take(request)
        form = DecisionForm(initial=draft.dict() if draft else None, deed=deed)
        return _show(request, claim, form=form)
    form = DecisionForm(request.POST, deed=deed)
    if not form.is_valid():
        return _show(request, claim, form=form, status=422)
    version = form.cleaned_data["version"]
    words = form.words(claim.language)
    try:
        match deed:
            case "frage":
                deciding.ask(claim, by=request.user, text=words, version=version)
                done = gettext("The question is on its way.")
            case "bestaetigung":
                deciding.confirm(claim, by=request.user, version=version)
                done = gettext("Confirmed. The thing waits to be fetched.")
            case _:
                deciding.reject(claim, by=request.user, reason=words, version=version)
                done = gettext("Rejected. The claimant can ask for a second look.")
    except deciding.TooLate as late:
        return _show(request, _claim(request, code), form=form, late=late.changes, status=409)
    except deciding.ThingIsGone:
        form.add_error(None, _("The thing is not in our hands any more."))
        return _show(request, _claim(request, code), form=form, status=409)
    except deciding.AnotherIsConfirmed:
        form.add_error(None, _("Another claim to this thing is confirmed. End that one first."))
        return _show(request, _claim(request, code), form=form, status=409)
    messages.success(request, done)
    return _to(claim)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def contact(request: StaffRequest, code: str) -> HttpResponse:
    """Who claims it: shown this once, and noted."""
    claim = _claim(request, code)
    if request.method != "POST":  # a reload in a new window
        return _to(claim)
    found = disclosure.look_at_claimant(claim, by=request.user)
    return _show(request, claim, seen=True, address=found)


@require_POST
@counter_only
def identity(request: StaffRequest, code: str) -> HttpResponse:
    """A tick: somebody looked at an identity paper. Nothing of it is kept."""
    claim = _claim(request, code)
    deciding.see_identity(claim, by=request.user, seen=request.POST.get("gesehen") != "0")
    messages.success(request, gettext("Noted: no copy, no number, only the tick."))
    if request.POST.get("weiter") == "herausgabe" and claim.item:
        goal = reverse("fund-release", args=[claim.item.code])
        return HttpResponseRedirect(f"{goal}?anspruch={claim.code}", status=303)
    return _to(claim)


@require_GET
@counter_only
def image(request: StaffRequest, code: str, image_id: UUID, size: str) -> HttpResponseBase:
    """A picture that was sent as proof: for the office that keeps the thing."""
    claim = _claim(request, code)
    tries = ClaimTry.objects.filter(claim=claim)
    found = get_object_or_404(Image.objects.filter(pk=image_id), pk__in=tries.values("images"))
    response = file_response(found, "thumb" if size == "thumb" else "full")
    response["Cache-Control"] = "private, no-store"
    return response


def _claim(request: StaffRequest, code: str) -> Claim:
    """Raises Http404 for others' and for nonsense."""
    known = normalise(code)
    claim = (
        Claim.objects.visible_to(request.user)
        .select_related("item__office__municipality", "claimant", "loss", "decided_by")
        .filter(code=known)
        .first()
        if known
        else None
    )
    if claim is None:
        raise Http404
    return claim


def _show(
    request: StaffRequest,
    claim: Claim,
    *,
    form: DecisionForm | None = None,
    late: Any = None,
    seen: bool = False,
    address: Address | None = None,
    status: int = 200,
) -> HttpResponse:
    forms_ = {deed: DecisionForm(deed=deed) for deed in DEEDS}
    if form is not None:
        forms_[form.deed] = form
    may = {
        "frage": claim.state in deciding.MOVES[ClaimState.QUERY],
        "bestaetigung": claim.state in deciding.MOVES[ClaimState.CONFIRMED],
        "ablehnung": claim.state in deciding.MOVES[ClaimState.REJECTED],
    }
    facts: dict[str, Any] = {
        "claim": claim,
        "item": claim.item,
        "dossier": claim_desk.dossier_of(claim),
        "form": form,
        "ask_form": forms_["frage"],
        "confirm_form": forms_["bestaetigung"],
        "reject_form": forms_["ablehnung"],
        "may": may,
        "open_deed": form.deed if form else "",
        "late": late,
        "is_late": late is not None,
        "seen": seen,
        "address": address,
    }
    return render(request, "lostfound/claims/page.html", facts, status=status)


def _to(claim: Claim) -> HttpResponse:
    return HttpResponseRedirect(reverse("fund-claim", args=[claim.code]), status=303)


def _number(text: str) -> int:
    return min(int(text), 10_000) if text.isascii() and text.isdigit() and int(text) else 1
