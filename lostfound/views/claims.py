"""„Das gehört mir“: the form, and the claimant's own page by its link.

Whatever is sent for a code of the right shape gets the same answer by the same statements,
whether there is such a thing or not (lostfound/claiming/claims.py).
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lostfound.claiming import claims, deciding, proxy_paper
from lostfound.claiming.forms import ClaimForm, MoreForm, PhotosForm
from lostfound.models import (
    Claim,
    ClaimState,
    Listing,
    LossReport,
    ProofQuestion,
)
from lostfound.releasing import dues
from townhall import doors, limits, photos
from townhall.capabilities import digest
from townhall.codes import normalise
from townhall.guards import confidential, in_measure, paper_in_measure, refuse_cross_site
from townhall.limits import Knock, TooMany
from townhall.papers import NotPrinted
from townhall.sites import site_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """What the form is about. `listing` None: not public, or no such thing; nobody is told."""

    code: str
    listing: Listing | None
    questions: tuple[str, ...]

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"


# ── The form ─────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_form(request: HttpRequest, code: str) -> HttpResponse:
    """From the public page of a thing, or by a number that the office has told."""
    return _form(request, _wanted(code))


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def claim_from_hit(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """From a hit of somebody's loss: whoever has its link needn't type their address again."""
    loss = (
        LossReport.objects.filter(
            capability_digest=digest(token), capability_expires_at__gt=timezone.now()
        )
        .select_related("loser")
        .first()
    )
    if loss is None:
        raise Http404
    return _form(request, _wanted(code), loss=loss, token=token)


def _wanted(code: str) -> Wanted:
    """Two statements, whatever the code. Raises Http404 for what no code looks like."""
    known = normalise(code)
    if known is None:
        raise Http404
    listing = (
        Listing.objects.filter(code=known, ended_at=None)
        .select_related("office", "municipality")
        .first()
    )
    questions = ProofQuestion.objects.filter(
        item__listing__code=known, item__listing__ended_at=None
    )
    return Wanted(known, listing, tuple(questions.values_list("text", flat=True)))


def _form(
    request: HttpRequest, wanted: Wanted, *, loss: LossReport | None = None, token: str = ""
) -> HttpResponse:
    if request.method == "POST":
        return _take(request, wanted, token)
    known = _known_contact(loss)
    return _show(request, wanted, ClaimForm.blank(questions=wanted.questions, **known))


def _known_contact(loss: LossReport | None) -> dict[str, str]:
    loser = getattr(loss, "loser", None)
    if loser is None:
        return {}
    return {
        "name": loser.name,
        "email": loser.email,
        "phone": loser.phone,
        "postal_address": loser.postal_address,
    }


def _take(request: HttpRequest, wanted: Wanted, loss_token: str) -> HttpResponse:
    form = ClaimForm(request.POST, questions=wanted.questions)
    try:
        _count(request, wanted.code, str(request.POST.get("email", "")))
        _stage(request, form)
        if not form.is_valid():
            form.client_uuid  # noqa: B018 (a page that was tampered with gets a new one)
            return _show(request, wanted, form, status=422)
        handed = claims.submit(_wish(request, wanted, form, loss_token))
    except TooMany as refused:
        form.complain("", doors.told(refused))
        answer = _show(request, wanted, form, status=429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    except claims.TriesSpent:
        return _show(request, wanted, form, status=422, is_spent=True)
    except claims.LostImage:
        form.image_ids = ()
        form.complain("photo", _("A photo did not arrive. Please add it again."))
        return _show(request, wanted, form, status=422)
    except claims.Conflict:
        form.start_anew()
        form.complain("", _("You have sent this already. Send once more to add this, too."))
        return _show(request, wanted, form, status=409)
    return HttpResponseRedirect(reverse("claim", args=[handed.token]), status=303)


def _wish(request: HttpRequest, wanted: Wanted, form: ClaimForm, loss_token: str) -> claims.Wish:
    return form.wish(
        wanted.code,
        loss_token=loss_token,
        language=get_language() or "de",
        sender=site_of(request).name,
        client=limits.client_of(request),
    )


def _count(request: HttpRequest, code: str, email: str) -> None:
    client = limits.client_of(request)
    knocks = [Knock("claims", client), Knock("claims-here", f"{code} {client}")]
    uploads = len(_uploads(request))
    knocks += [doors.by_client(request, "photos", cost=uploads)] if uploads else []
    knocks += [doors.by_mailbox(email)] if email.strip() else []
    doors.count(request, *knocks)


def _show(
    request: HttpRequest,
    wanted: Wanted,
    form: ClaimForm,
    *,
    status: int = 200,
    is_spent: bool = False,
) -> HttpResponse:
    facts = {
        "wanted": wanted,
        "listing": wanted.listing,
        "form": form,
        "is_spent": is_spent,
        "most_images": claims.MAX_IMAGES,
    }
    return render(request, "lostfound/claim/form.html", facts, status=status)


# ── The claimant's own page ──────────────────────────────────────────────────────────────────
@require_safe
@confidential
def claim_page(request: HttpRequest, token: str) -> HttpResponse:
    """How it stands, what they can do now."""
    return _own(request, _by_token(token), token)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def claim_more(request: HttpRequest, token: str) -> HttpResponse:
    """More proof while nobody has decided, or the answer to a question."""

    def add(claim: Claim, form: MoreForm) -> None:
        claims.add(
            claim,
            text=form.cleaned_data["text"],
            image_ids=form.image_ids,
            client=limits.client_of(request),
        )

    return _do(request, token, "more", add)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def claim_review(request: HttpRequest, token: str) -> HttpResponse:
    """„Überprüfung verlangen“."""

    def ask(claim: Claim, form: MoreForm) -> None:
        claims.ask_for_review(claim, text=form.cleaned_data["text"])

    return _do(request, token, "review", ask)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def claim_withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    claim = _by_token(token)
    if request.method != "POST":
        return render(request, "lostfound/claim/withdraw.html", {"claim": claim, "token": token})
    try:
        claims.withdraw(claim)
    except claims.NotNow:
        return _own(request, _by_token(token), token, status=409)
    return HttpResponseRedirect(reverse("claim", args=[token]), status=303)


def _do(
    request: HttpRequest, token: str, kind: str, deed: Callable[[Claim, MoreForm], None]
) -> HttpResponse:
    claim = _by_token(token)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("claim", args=[token]), status=303)
    form = MoreForm(request.POST)
    facts: dict[str, Any] = {"form": form, "kind": kind}
    try:
        uploads = len(_uploads(request))
        if uploads:
            doors.count(request, doors.by_client(request, "photos", cost=uploads))
        _stage(request, form)
        if not form.is_valid():
            return _own(request, claim, token, status=422, **facts)
        deed(claim, form)
    except TooMany as refused:
        form.complain("", doors.told(refused))
        answer = _own(request, claim, token, status=429, **facts)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    except claims.TriesSpent:
        form.complain("text", _("You have added to it twice already. Please call the office."))
        return _own(request, claim, token, status=422, **facts)
    except claims.LostImage:
        form.image_ids = ()
        form.complain("photo", _("A photo did not arrive. Please add it again."))
        return _own(request, claim, token, status=422, **facts)
    except claims.NotNow:
        form.complain("", _("Your claim has changed meanwhile."))
        return _own(request, _by_token(token), token, status=409, **facts)
    return HttpResponseRedirect(reverse("claim", args=[token]), status=303)


def _by_token(token: str) -> Claim:
    try:
        return claims.by_token(token)
    except Claim.DoesNotExist:
        raise Http404 from None


def _own(
    request: HttpRequest, claim: Claim, token: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    facts: dict[str, Any] = {
        "claim": claim,
        "token": token,
        "events": list(claim.events.all()),
        "office": _office(claim),
        "pickup": deciding.pickup_token(claim) if claim.pickup_digest else "",
        "may_withdraw": claim.is_open,
        "steps": _steps(claim),
        "form": MoreForm.blank(),
    }
    return render(request, "lostfound/claim/page.html", facts | more, status=status)


def _office(claim: Claim) -> Any:
    """Whom to call, once staff have spoken; before that it would tell whether there is a thing."""
    has_spoken = claim.decided_by_id is not None or claim.state == ClaimState.QUERY
    return claim.item.office if claim.item and has_spoken else None


def _steps(claim: Claim) -> list[tuple[str, Any, str]]:
    """Code, words, and "done", "now" or "open": eingereicht → geprüft → bestätigt."""
    state = ClaimState(claim.state)
    checked = state not in {ClaimState.SUBMITTED, ClaimState.QUERY, ClaimState.REVIEW}
    ends = {
        ClaimState.REJECTED: _("Rejected"),
        ClaimState.WITHDRAWN: _("Withdrawn"),
        ClaimState.RELEASED: _("Handed over"),
    }
    last = ends.get(state, _("Confirmed"))
    return [
        ("submitted", _("Handed in"), "done"),
        ("checked", _("Checked") if checked else _("Being checked"), "done" if checked else "now"),
        ("decided", last, "done" if checked else "open"),
    ]


# ── The pickup page ──────────────────────────────────────────────────────────────────────────
@require_safe
@confidential
def pickup(request: HttpRequest, token: str) -> HttpResponse:
    """The code for the counter, what to bring, what it costs and why."""
    claim = _to_fetch(token)
    if claim is None or claim.item is None:
        return render(request, "lostfound/claim/no_pickup.html", status=404)
    facts = {
        "claim": claim,
        "token": token,
        "item": claim.item,
        "office": claim.item.office,
        "dues": dues.dues_of(claim.item, on=timezone.localdate()),
        "is_over": claim.state == ClaimState.RELEASED,
    }
    return render(request, "lostfound/claim/pickup.html", facts)


@require_safe
@paper_in_measure
@confidential
def authorisation(request: HttpRequest, token: str) -> HttpResponse:
    """The form for whoever sends somebody else."""
    claim = _to_fetch(token)
    if claim is None or claim.item is None or claim.state == ClaimState.RELEASED:
        return render(request, "lostfound/claim/no_pickup.html", status=404)
    try:
        paper = proxy_paper.authorisation(claim, claim.item)
    except NotPrinted as trouble:
        log.exception("No authorisation for claim %s: %s", claim.pk, trouble.because)
        return render(request, "lostfound/claim/no_paper.html", {"token": token}, status=503)
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="Vollmacht-{claim.shown_wanted}.pdf"'},
    )


def _to_fetch(token: str) -> Claim | None:
    return (
        Claim.objects.filter(pickup_digest=digest(token))
        .select_related("item__office__municipality")
        .first()
    )


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def _uploads(request: HttpRequest) -> list[UploadedFile]:
    return [file for file in request.FILES.getlist("photo") if file]


def _stage(request: HttpRequest, form: PhotosForm) -> None:
    """Open the pictures that came along. Those that arrived stay, whatever else is wrong."""
    deadline = photos.patience()
    for upload in _uploads(request):
        if len(form.image_ids) >= claims.MAX_IMAGES:
            form.complain("photo", _("Please choose at most 3 photos."))
            return
        content = hashlib.file_digest(upload, "sha256").hexdigest()
        upload.seek(0)
        image_id = uuid.uuid5(form.client_uuid, content)
        try:
            photos.stage(image_id, upload, deadline=deadline)
        except photos.PhotoRefused as refusal:
            form.complain("photo", f"{upload.name}: {photos.refusal_words(refusal.reason)}")
        except photos.PhotoConflict:
            form.complain("photo", _("A photo did not arrive. Please add it again."))
        else:
            form.image_ids = tuple(dict.fromkeys([*form.image_ids, image_id]))
