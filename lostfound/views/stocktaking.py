"""`/amt/fund/lager/inventur`: is everything there? Several people may look at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.models import Office, Stocktaking, StoragePlace
from lostfound.storing import places, scans, stock_paper, stocktaking
from lostfound.storing.forms import ScopeForm
from lostfound.storing.scans import Scanned
from lostfound.storing.stocktaking import Finished, Seen, UnderWay
from lostfound.views.at_office import at_office
from townhall import live
from townhall.papers.printing import NotPrinted
from townhall.views.sign_in import StaffRequest, wants_fragment

LATEST = 15
MOST_DIFFERENCES = 300


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def stocktakings(request: StaffRequest, office: Office) -> HttpResponse:
    """All of them; POST begins one."""
    form = ScopeForm(request.POST if request.method == "POST" else None, office=office)
    if form.is_bound and form.is_valid():
        try:
            begun = stocktaking.start(office, by=request.user, site=form.site, shelf=form.shelf)
        except UnderWay as known:
            begun = known.stocktaking
        return HttpResponseRedirect(_page_of(begun), status=303)
    rows = office.stocktakings.select_related("site", "started_by", "finished_by")
    facts = {
        "office": office,
        "form": form,
        "rows": [(each, stock_paper.scope_of(each)) for each in rows[:100]],
        "open": next((each for each in rows if each.finished_at is None), None),
        "missing": places.missing_count(office),
    }
    status = 422 if form.errors else 200
    return render(request, "lostfound/storage/stocktakings.html", facts, status=status)


@require_GET
@at_office
def stocktaking_page(request: StaffRequest, office: Office, number: int) -> HttpResponse:
    """Scanning, while it is open; afterwards its result. `?ort=` is where one stands."""
    stocktake = _stocktake(office, number)
    if wants_fragment(request):
        return render(request, "lostfound/storage/_stock_tally.html", _tally(stocktake))
    place = scans.place_with(request.GET.get("ort", ""), by=request.user)
    return _page(request, stocktake, place=place)


@require_POST
@at_office
def stock_scan(request: StaffRequest, office: Office, number: int) -> HttpResponse:
    """`ding` lies at `ort`. A place scanned as `ding` is where one stands from now on."""
    stocktake = _stocktake(office, number)
    place = _standing_at(request)
    text = request.POST.get("ding", "")
    scanned = scans.read(text, by=request.user) if text.strip() else None
    problem, seen = "", None
    if scanned and scanned.place:
        place, scanned = scanned.place, None
    if place is None:
        problem = _("Scan the label of the place first where you stand.")
    elif not place.is_active or place.site.office_id != office.pk:
        place, problem = None, _("That place is not one of this office’s, or no longer in use.")
    elif scanned is not None:
        try:
            seen = stocktaking.scan(stocktake, place, scanned, by=request.user)
        except Finished:
            return _too_late(request, stocktake)
    if wants_fragment(request):
        facts = {"seen": seen, "place": place, "problem": problem, "stocktake": stocktake}
        status = 422 if problem else 200
        return render(request, "lostfound/storage/_stock_seen.html", facts, status=status)
    if problem or seen:
        return _page(request, stocktake, place=place, problem=problem, seen=seen)
    query = f"?{urlencode({'ort': place.code})}" if place else ""
    return HttpResponseRedirect(_page_of(stocktake) + query, status=303)


def _standing_at(request: StaffRequest) -> StoragePlace | None:
    text = request.POST.get("ort", "")
    read: Scanned | None = scans.read(text, by=request.user) if text.strip() else None
    return read.place if read else None


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def stock_end(request: StaffRequest, office: Office, number: int) -> HttpResponse:
    """What differs; POST puts the books right and ends it."""
    stocktake = _stocktake(office, number)
    if stocktake.finished_at is not None:
        return HttpResponseRedirect(_page_of(stocktake), status=303)
    if request.method == "POST":
        try:
            stocktaking.finish(stocktake, by=request.user)
        except Finished:
            return _too_late(request, stocktake)
        messages.success(request, _("The stocktaking is finished. The books are put right."))
        return HttpResponseRedirect(_page_of(stocktake), status=303)
    facts = {**_tally(stocktake), **_differences(stocktake)}
    return render(request, "lostfound/storage/stock_end.html", facts)


@require_GET
@at_office
def stock_report(request: StaffRequest, office: Office, number: int) -> HttpResponse:
    stocktake = _finished(office, number)
    try:
        paper = stock_paper.report(stocktake)
    except NotPrinted:
        return render(request, "lostfound/storage/no_paper.html", {"office": office}, status=503)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="inventur-{stocktake.number}.pdf"'
    return response


@require_GET
@at_office
def stock_table(request: StaffRequest, office: Office, number: int) -> HttpResponse:
    stocktake = _finished(office, number)
    table = stock_paper.table(stocktake)
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="inventur-{stocktake.number}.csv"'
    return response


# ── Helpers ──────────────────────────────────────────────────────────────────────────────────
def _stocktake(office: Office, number: int) -> Stocktaking:
    found: Stocktaking | None = (
        office.stocktakings.filter(number=min(number, 2**31 - 1))
        .select_related("office", "site", "started_by", "finished_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _finished(office: Office, number: int) -> Stocktaking:
    stocktake = _stocktake(office, number)
    if stocktake.finished_at is None:
        raise Http404
    return stocktake


def _page_of(stocktake: Stocktaking) -> str:
    return reverse("fund-stocktaking", args=[stocktake.number])


def _too_late(request: StaffRequest, stocktake: Stocktaking) -> HttpResponse:
    words = _("Somebody has finished this stocktaking meanwhile.")
    if wants_fragment(request):
        facts = {"problem": words, "stocktake": stocktake}
        return render(request, "lostfound/storage/_stock_seen.html", facts, status=409)
    messages.error(request, words)
    return HttpResponseRedirect(_page_of(stocktake), status=303)


def _tally(stocktake: Stocktaking) -> dict[str, Any]:
    return {
        "office": stocktake.office,
        "stocktake": stocktake,
        "scope": stock_paper.scope_of(stocktake),
        "tally": stocktaking.tally(stocktake),
        "latest": stocktake.scans.select_related("item", "place__site", "by").order_by("-pk")[
            :LATEST
        ],
    }


def _differences(stocktake: Stocktaking) -> dict[str, Any]:
    rows = list(stocktaking.differences(stocktake)[: MOST_DIFFERENCES + 1])
    return {"rows": rows[:MOST_DIFFERENCES], "is_cut": len(rows) > MOST_DIFFERENCES}


def _page(
    request: StaffRequest,
    stocktake: Stocktaking,
    *,
    place: StoragePlace | None = None,
    problem: str = "",
    seen: Seen | None = None,
) -> HttpResponse:
    line = {"topics": [f"found:{stocktake.office.slug}"], "cursor": live.cursor()}
    facts = {**_tally(stocktake), "live": line, "place": place, "problem": problem, "seen": seen}
    if stocktake.finished_at is not None:
        facts |= _differences(stocktake) | {"shares": stocktaking.shares(stocktake)}
        return render(request, "lostfound/storage/stock_done.html", facts)
    status = 422 if problem else 200
    return render(request, "lostfound/storage/stocktaking.html", facts, status=status)
