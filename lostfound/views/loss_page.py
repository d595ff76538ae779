"""The owner's page of a loss: hits, answers, certificate, and the ways to go on or end."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.views import error_page
from lostfound.losing import elsewhere, hits, losses
from lostfound.losing import paper as loss_paper
from lostfound.losing.losses import Answer, Unknown
from lostfound.models import Loser, LossReport, LossState, Trace
from townhall import doors, live
from townhall.capabilities import token_for
from townhall.codes import normalise
from townhall.guards import confidential, in_measure, paper_in_measure, refuse_cross_site
from townhall.limits import TooMany
from townhall.papers import NotPrinted

log = logging.getLogger(__name__)

SEARCHING = dt.timedelta(minutes=1)  # so long the first comparison may take
_ANSWERS = {"ist-es": Answer.IS_IT, "nicht-meins": Answer.NOT_MINE, "zurueck": Answer.OPEN}


@confidential
@require_safe
def loss_page(request: HttpRequest, token: str) -> HttpResponse:
    """Hits in the public's words and ranking; live by `loss:TOKEN`."""
    cursor = live.cursor()
    facts = _facts(_loss(token), token) | {"cursor": cursor, "is_new": "neu" in request.GET}
    if request.GET.get("teil") == "treffer":
        return render(request, "lostfound/loss/_live.html", facts)
    return render(request, "lostfound/loss/page.html", facts)


def _facts(loss: LossReport, token: str) -> dict[str, Any]:
    found = hits.of_loss(loss)
    return {
        "loss": loss,
        "loser": getattr(loss, "loser", None),
        "token": token,
        "topic": f"loss:{token}",
        "hits": [hit for hit in found if not hit.is_not_mine],
        "dismissed": [hit for hit in found if hit.is_not_mine],
        "is_open": loss.state == LossState.OPEN,
        "is_searching": not found and _is_searching(loss),
        "others": elsewhere.others(loss.municipality, kind=loss.kind, line=loss.transport_line),
        "asks": loss.asked_on is not None and loss.state == LossState.OPEN,
    }


def _is_searching(loss: LossReport) -> bool:
    """The first comparison leaves a trace, whatever it finds."""
    is_young = timezone.now() - loss.reported_at < SEARCHING
    return is_young and not Trace.objects.filter(loss=loss).exists()


def _loss(token: str) -> LossReport:
    try:
        return losses.of_token(token)
    except Unknown:
        raise Http404 from None


# ── Buttons ──────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_POST
def loss_answer(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """„Das ist es“ leads on to the claim; „Gehört mir nicht“ puts the hit aside, and back."""
    said = _ANSWERS.get(request.POST.get("antwort", ""))
    known = normalise(code)
    if said is None or known is None:
        raise Http404
    try:
        losses.answer(token, known, said)
    except Unknown:
        return _back(token)  # gone from view, or the search has ended meanwhile: the page says so
    if said is Answer.IS_IT:
        goal = reverse("claim-hit", args=[known, token])
        return HttpResponseRedirect(goal, status=303)
    return _back(token, known)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def loss_found(request: HttpRequest, token: str) -> HttpResponse:
    """„Gefunden – Suche beenden“: a page that says what happens, and a button."""
    loss = _loss(token)
    if request.method == "POST":
        losses.found(token)
        return _back(token)
    return render(request, "lostfound/loss/end.html", {"loss": loss, "token": token})


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_POST
def loss_go_on(request: HttpRequest, token: str) -> HttpResponse:
    """Look on for as long again, also after the end."""
    losses.go_on(_loss(token))
    return _back(token)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def loss_erasure(request: HttpRequest, token: str) -> HttpResponse:
    """Everything about this loss at once."""
    loss = _loss(token)
    if request.method == "POST":
        losses.erase(loss)
        return render(request, "lostfound/loss/forgotten.html")
    return render(request, "lostfound/loss/erase.html", {"loss": loss, "token": token})


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_POST
def loss_new_link(request: HttpRequest, token: str) -> HttpResponse:
    """The letter did not come, or its link is too old: once more."""
    loss = _loss(token)
    loser = getattr(loss, "loser", None)
    if loser is not None and loser.email:
        if refused := _too_often(request, loser):
            return refused
        losses.renew_confirmation(loss)
    return HttpResponseRedirect(f"{reverse('loss-hits', args=[token])}?link", status=303)


def _too_often(request: HttpRequest, loser: Loser) -> HttpResponse | None:
    try:
        doors.count(request, doors.by_mailbox(loser.email))
    except TooMany as refused:
        answer = error_page(request, 429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    return None


@confidential
@paper_in_measure
@require_safe
def loss_certificate(request: HttpRequest, token: str) -> HttpResponse:
    """„Bescheinigung über eine Verlustmeldung (ungeprüft)“ as PDF."""
    loss = _loss(token)
    try:
        paper = loss_paper.certificate(loss)
    except NotPrinted as trouble:
        log.exception("No certificate of loss %s: %s", loss.pk, trouble.because)
        facts = {"loss": loss, "token": token}
        return render(request, "lostfound/loss/no_paper.html", facts, status=503)
    word = gettext("Loss-report")
    name = f"{word}-{loss.shown_code}.pdf"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# ── Links of letters ─────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def loss_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A mail scanner's GET confirms nothing, however often it comes: the button does."""
    try:
        loser = losses.loser_behind(token)
        is_expired = loser.is_past_confirming(timezone.now())
        if request.method == "POST":
            return _confirm(request, token, loser, is_expired=is_expired)
    except Unknown:
        return render(request, "lostfound/loss/link_unknown.html", status=404)
    facts = {
        "loser": loser,
        "loss": loser.loss,
        "is_expired": is_expired,
        "own": token_for("loss", loser.loss.client_id) if loser.confirmed_at else "",
    }
    return render(request, "lostfound/loss/confirm.html", facts, status=410 if is_expired else 200)


def _confirm(request: HttpRequest, token: str, loser: Loser, *, is_expired: bool) -> HttpResponse:
    if not is_expired:
        losses.confirm(token)
        return HttpResponseRedirect(reverse("loss-confirm", args=[token]), status=303)
    if refused := _too_often(request, loser):
        return refused
    losses.renew_confirmation(loser.loss)
    facts = {"loser": loser, "loss": loser.loss, "is_expired": True, "is_asked": True}
    return render(request, "lostfound/loss/confirm.html", facts)


@csrf_exempt
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def loss_letters_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button. POST ends the letters at once (RFC 8058: mail programs do that).

    Not refused cross-site: a mail program's page may ask, and the token is the whole right.
    """
    try:
        if request.method == "POST":
            change: Callable[[str], LossReport] = (
                losses.resume_letters if request.POST.get("wieder") else losses.stop_letters
            )
            change(token)
            return HttpResponseRedirect(reverse("loss-letters", args=[token]), status=303)
        loser = losses.loser_behind(token)
    except Unknown:
        return render(request, "lostfound/loss/link_unknown.html", status=404)
    return render(request, "lostfound/loss/letters.html", {"loser": loser, "loss": loser.loss})


def _back(token: str, code: str = "") -> HttpResponse:
    page = reverse("loss-hits", args=[token])
    return HttpResponseRedirect(f"{page}#{code}" if code else page, status=303)
