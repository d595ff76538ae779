"""Verluste at the counter: the list, one loss with its hits in words, and taking one down."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from lostfound.counter import counter_only, office_of
from lostfound.losing import desk as loss_desk
from lostfound.losing import losses, telling
from lostfound.losing import paper as loss_paper
from lostfound.losing.drafts import MAX_DESCRIPTION, MAX_MARK, Refused
from lostfound.losing.forms import LossForm
from lostfound.models import LossReport, LossState, Match, Whose
from lostfound.personal import disclosure
from lostfound.personal.disclosure import Address
from lostfound.views.loss_sheet import Sheet
from townhall import live, sites
from townhall.codes import normalise
from townhall.papers import NotPrinted
from townhall.views.sign_in import StaffRequest, wants_fragment

log = logging.getLogger(__name__)
PAGE = 50
_WAYS = frozenset({"phone", "post", "counter"})


@require_GET
@counter_only
def losses_list(request: StaffRequest) -> HttpResponse:
    cursor = live.cursor()
    chosen = request.GET.get("ansicht", "")
    chosen = chosen if chosen in loss_desk.VIEWS else "treffer"
    words = request.GET.get("q", "").strip()[:80]
    rows = loss_desk.seen_by(request.user, chosen, words=words)
    facts = {
        "office": office_of(request),
        "cursor": cursor,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("seite")),
        "views": [(slug, name, slug == chosen) for slug, name in loss_desk.VIEWS.items()],
        "chosen": chosen,
        "words": words,
    }
    template = "_list" if wants_fragment(request) else "list"
    return render(request, f"lostfound/losses/{template}.html", facts)


@require_GET
@counter_only
def loss_page(request: StaffRequest, code: str) -> HttpResponse:
    return _show(request, _loss(request, code))


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def loss_contact(request: StaffRequest, code: str) -> HttpResponse:
    """Who misses it: shown this once, and noted."""
    loss = _loss(request, code)
    if request.method != "POST":  # a reload in a new window
        return _back(loss)
    found = disclosure.look_at_loser(loss, by=request.user)
    return _show(request, loss, seen=True, address=found)


def _show(
    request: StaffRequest, loss: LossReport, *, seen: bool = False, address: Address | None = None
) -> HttpResponse:
    found = loss_desk.hits_for(request.user, loss)
    facts = {
        "office": office_of(request),
        "loss": loss,
        "loser": loss_desk.loser_of(loss),
        "hits": found,
        "marks": loss_desk.marks_for(found, loss),
        "is_untold": telling.untold(LossReport.objects.filter(pk=loss.pk)).exists(),
        "events": loss.events.select_related("actor").order_by("-pk")[:50],
        "is_open": loss.state == LossState.OPEN,
        "seen": seen,
        "address": address,
        "looks": disclosure.looks_at(loss)[:20],
    }
    return render(request, "lostfound/losses/page.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def loss_new(request: StaffRequest) -> HttpResponse:
    """For somebody at the counter or on the telephone; on paper instead of by mail."""
    keys = sites.area_keys(sites.site_of(request))
    form = LossForm(request.POST if request.method == "POST" else None, area_keys=keys)
    sheet = Sheet(request, form)
    if request.method == "POST" and request.POST.get("action") == "send":
        if form.check():
            try:
                receipt = losses.report(form.draft(source="staff"), by=request.user)
            except Refused as refusal:
                form.refuse(refusal.errors)
            except (losses.Conflict, losses.Erased):
                form.start_anew()
                form.complain("send", _("This was entered already. Press once more for another."))
            else:
                messages.success(request, _("Written down. We look for it from now on."))
                page = reverse("fund-loss", args=[receipt.loss.code])
                return HttpResponseRedirect(page, status=303)
        sheet.to_problem()
        return _form(request, sheet, status=422)
    return _form(request, sheet)


def _form(request: StaffRequest, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    facts = {
        "office": office_of(request),
        "sheet": sheet,
        "form": sheet.form,
        "said": sheet.said,
        "max_description": MAX_DESCRIPTION,
        "max_mark": MAX_MARK,
        "map": sites.crosshair(request),
    }
    return render(request, "lostfound/losses/new.html", facts, status=status)


@require_POST
@counter_only
def loss_told(request: StaffRequest, code: str) -> HttpResponse:
    """Told by telephone, by letter or at the counter."""
    loss = _loss(request, code)
    way = request.POST.get("weg", "")
    if way not in _WAYS:
        raise Http404
    count = telling.tell_by_hand(loss, by=request.user, way=way)
    words = ngettext("%(n)s match noted as told.", "%(n)s matches noted as told.", count)
    messages.success(request, words % {"n": count})
    return _back(loss)


@require_POST
@counter_only
def loss_end(request: StaffRequest, code: str) -> HttpResponse:
    loss = _loss(request, code)
    if request.POST.get("weiter"):
        losses.go_on(loss, by=request.user)
        messages.success(request, _("The search goes on."))
    else:
        losses.end(loss, by=request.user)
        messages.success(request, _("The search has ended."))
    return _back(loss)


@require_POST
@counter_only
def loss_reject(request: StaffRequest, code: str, item: str) -> HttpResponse:
    loss = _loss(request, code)
    hits = {hit.match.item.code: hit.match for hit in loss_desk.hits_for(request.user, loss)}
    match: Match | None = hits.get(normalise(item) or "")
    if match is None:
        raise Http404
    losses.reject(match, by=request.user)
    messages.success(request, _("Taken off the list, here and for the owner."))
    return _back(loss)


@require_safe
@counter_only
def loss_certificate(request: StaffRequest, code: str) -> HttpResponse:
    loss = _loss(request, code)
    disclosure.saw(loss, Whose.LOSER, by=request.user)
    return _paper(request, loss, lambda: loss_paper.certificate(loss))


@require_safe
@counter_only
def loss_letter(request: StaffRequest, code: str) -> HttpResponse:
    """What was found, and the link with its QR code, for people without a mailbox."""
    loss = _loss(request, code)
    disclosure.saw(loss, Whose.LOSER, by=request.user)
    token = losses.token_of(loss)
    return _paper(request, loss, lambda: loss_paper.letter(loss, token=token))


def _paper(request: HttpRequest, loss: LossReport, make: Callable[[], bytes]) -> HttpResponse:
    """In the language of whoever reported it. The link is told on paper, never on the screen."""
    try:
        with translation.override(loss.language):
            paper = make()
    except NotPrinted as trouble:
        log.exception("No paper of loss %s: %s", loss.pk, trouble.because)
        messages.error(request, _("The paper could not be made. Please try again."))
        return _back(loss)
    name = f"Verlust-{loss.shown_code}.pdf"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _loss(request: StaffRequest, code: str) -> LossReport:
    rows = LossReport.objects.visible_to(request.user).select_related("municipality")
    return get_object_or_404(rows, code=normalise(code) or "")


def _back(loss: LossReport) -> HttpResponse:
    return HttpResponseRedirect(reverse("fund-loss", args=[loss.code]), status=303)
