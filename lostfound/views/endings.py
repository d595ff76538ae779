"""Notices, auctions and disposals: their lists, their pages, their papers."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.counter import counter_only
from lostfound.ending import auctions, disposal, notices
from lostfound.ending import papers as ending_papers
from lostfound.ending.disposal import Done, SameEyes, WrongStage
from lostfound.ending.forms import AuctionForm, DecisionForm, DoneForm, LotForm
from lostfound.ending.leaving import ClaimWaits, NotNow
from lostfound.models import (
    Auction,
    Disposal,
    DisposalState,
    LotResult,
    Method,
    Notice,
    Way,
)
from lostfound.money import cash, proceeds
from lostfound.money.euros import NoMoney, read_euros
from lostfound.views.deadlines import office_or_404
from lostfound.wording import KEPT
from townhall.models import Membership, User
from townhall.papers import NotPrinted
from townhall.sites import area_keys, site_of
from townhall.views.sign_in import StaffRequest

MOST = 100


# ── Notices ──────────────────────────────────────────────────────────────────────────────────
@require_GET
def hanging(request: HttpRequest) -> HttpResponse:
    """The public page: what hangs out today, coarse words only. It ends by itself."""
    keys = area_keys(site_of(request))
    facts = {"notices": notices.hanging(on=timezone.localdate(), keys=keys)}
    response = render(request, "lostfound/public/notices.html", facts)
    response["Cache-Control"] = "public, no-cache"
    return response


@require_GET
@counter_only
def notice_list(request: StaffRequest) -> HttpResponse:
    office = office_or_404(request)
    rows = Notice.objects.filter(office=office).prefetch_related("entries")[:MOST]
    facts = {"office": office, "notices": rows, "today": timezone.localdate()}
    return render(request, "lostfound/endings/notices.html", facts)


@require_GET
@counter_only
def notice_page(request: StaffRequest, pk: int) -> HttpResponse:
    notice = _notice(request, pk)
    facts = {
        "office": notice.office,
        "notice": notice,
        "entries": notice.entries.select_related("item"),
        "today": timezone.localdate(),
    }
    return render(request, "lostfound/endings/notice.html", facts)


@require_GET
@counter_only
def notice_paper(request: StaffRequest, pk: int) -> HttpResponse:
    """For the board."""
    notice = _notice(request, pk)
    name = f"bekanntmachung-{notice.year}-{notice.number}.pdf"
    return pdf(request, name, lambda: ending_papers.notice(notice))


def _notice(request: StaffRequest, pk: int) -> Notice:
    rows = Notice.objects.visible_to(request.user).select_related("office__municipality")
    found: Notice = get_object_or_404(rows, pk=pk)
    return found


# ── Auctions ─────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@counter_only
def auction_list(request: StaffRequest) -> HttpResponse:
    office = office_or_404(request)
    sent = request.POST if request.method == "POST" else None
    form = AuctionForm(sent, office=office)
    if form.is_bound and form.is_valid():
        auction = auctions.plan(office, by=request.user, **form.cleaned_data)
        return _seen(reverse("fund-auction", args=[auction.pk]))
    facts = {
        "office": office,
        "auctions": Auction.objects.filter(office=office).prefetch_related("lots")[:MOST],
        "form": form,
        "today": timezone.localdate(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "lostfound/endings/auctions.html", facts, status=status)


@require_GET
@counter_only
def auction_page(request: StaffRequest, pk: int) -> HttpResponse:
    return _auction(request, _auction_of(request, pk))


@require_POST
@counter_only
def lot_result(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    auction = _auction_of(request, pk)
    lot = get_object_or_404(auction.lots, number=number)
    form = LotForm(request.POST, office=auction.office)
    if not form.is_valid():
        return _auction(request, auction, form=form, number=number)
    given = form.cleaned_data
    try:
        if given["result"] == LotResult.SOLD:
            auctions.knock_down(
                lot,
                cents=given["cents"],
                costs_cents=given["costs_cents"] or 0,
                method=Method(given["method"] or Method.CASH),
                by=request.user,
            )
        else:
            auctions.let_go(lot, LotResult(given["result"]), by=request.user)
    except auctions.LotIsOver:
        messages.warning(request, _("Somebody was faster: the lot has its result."))
    except ClaimWaits:
        messages.error(request, str(KEPT["claim"]))
    except NotNow:
        messages.error(request, str(KEPT["not_now"]))
    else:
        messages.success(request, _("Lot %(number)d is noted.") % {"number": number})
    return _seen(f"{reverse('fund-auction', args=[pk])}#los-{number}")


@require_GET
@counter_only
def auction_paper(request: StaffRequest, pk: int) -> HttpResponse:
    auction = _auction_of(request, pk)
    name = f"versteigerung-{auction.held_on:%Y-%m-%d}.pdf"
    return pdf(request, name, lambda: ending_papers.auction(auction))


def _auction_of(request: StaffRequest, pk: int) -> Auction:
    rows = Auction.objects.visible_to(request.user).select_related("office__municipality")
    found: Auction = get_object_or_404(rows, pk=pk)
    return found


def _auction(
    request: StaffRequest, auction: Auction, *, form: LotForm | None = None, number: int = 0
) -> HttpResponse:
    lots = list(auction.lots.select_related("item__deadline"))
    money = proceeds.open_money(lot.item for lot in lots)
    facts = {
        "office": auction.office,
        "auction": auction,
        "lots": [
            {
                "lot": lot,
                "money": money.get(lot.item_id) if lot.result == LotResult.SOLD else None,
                "form": form if form and lot.number == number else LotForm(office=auction.office),
                "is_open": bool(form and lot.number == number),
            }
            for lot in lots
        ],
        "sums": auctions.sums(lots),
        "form": form,
    }
    return render(request, "lostfound/endings/auction.html", facts, status=422 if form else 200)


# ── Disposals ────────────────────────────────────────────────────────────────────────────────
@require_GET
@counter_only
def disposal_list(request: StaffRequest) -> HttpResponse:
    office = office_or_404(request)
    rows = Disposal.objects.filter(office=office).select_related("proposed_by")
    facts = {
        "office": office,
        "disposals": rows.prefetch_related("entries")[:MOST],
    }
    return render(request, "lostfound/endings/disposals.html", facts)


@require_GET
@counter_only
def disposal_page(request: StaffRequest, pk: int) -> HttpResponse:
    return _disposal(request, _disposal_of(request, pk))


@require_POST
@counter_only
def disposal_approval(request: StaffRequest, pk: int) -> HttpResponse:
    row = _disposal_of(request, pk)
    return _staged(request, row, lambda: disposal.approve(row, by=request.user), _("Approved."))


@require_POST
@counter_only
def disposal_refusal(request: StaffRequest, pk: int) -> HttpResponse:
    row = _disposal_of(request, pk)
    form = DecisionForm(request.POST, office=row.office)
    if not form.is_valid():
        return _disposal(request, row, refusal=form)
    reason = form.cleaned_data["reason"]
    return _staged(
        request,
        row,
        lambda: disposal.refuse(row, by=request.user, reason=reason),
        _("Refused: everything stays here."),
    )


@require_POST
@counter_only
def disposal_execution(request: StaffRequest, pk: int) -> HttpResponse:
    row = _disposal_of(request, pk)
    form = DoneForm(request.POST, office=row.office, witnesses=_witnesses(row, request.user))
    amounts, wrong = _amounts(row, request)
    if not form.is_valid() or wrong:
        return _disposal(request, row, execution=form, wrong=wrong)
    given = form.cleaned_data
    done = Done(
        by=request.user,
        witness=User.objects.get(pk=given["witness"]),
        done_on=given["done_on"],
        receiver=given["receiver"],
        cents=amounts,
        method=Method(given["method"] or Method.CASH),
    )
    return _staged(request, row, lambda: disposal.carry_out(row, done), _("Carried out and noted."))


@require_GET
@counter_only
def disposal_paper(request: StaffRequest, pk: int) -> HttpResponse:
    row = _disposal_of(request, pk)
    return pdf(request, f"protokoll-{row.pk}.pdf", lambda: ending_papers.disposal(row))


def _disposal_of(request: StaffRequest, pk: int) -> Disposal:
    rows = Disposal.objects.visible_to(request.user).select_related(
        "office__municipality", "proposed_by", "decided_by", "done_by", "witness"
    )
    found: Disposal = get_object_or_404(rows, pk=pk)
    return found


def _staged(
    request: StaffRequest, row: Disposal, deed: Callable[[], object], words: str
) -> HttpResponse:
    try:
        deed()
    except SameEyes:
        messages.error(request, _("This needs somebody else: two different people must do it."))
    except WrongStage:
        messages.warning(request, _("Somebody was faster. This is how it stands now."))
    except cash.KeyTaken:
        messages.error(request, _("This money is booked already."))
    else:
        messages.success(request, words)
    return _seen(reverse("fund-disposal", args=[row.pk]))


def _disposal(
    request: StaffRequest,
    row: Disposal,
    *,
    refusal: DecisionForm | None = None,
    execution: DoneForm | None = None,
    wrong: frozenset[int] = frozenset(),
) -> HttpResponse:
    entries = list(row.entries.select_related("item"))
    people = _witnesses(row, request.user)
    facts = {
        "office": row.office,
        "disposal": row,
        "entries": [
            {
                "row": entry,
                "kept": KEPT.get(entry.kept_because, ""),
                "is_wrong": entry.item_id in wrong,
                "typed": request.POST.get(f"erloes-{entry.pk}", ""),
            }
            for entry in entries
        ],
        "may_approve": row.state == DisposalState.PROPOSED
        and row.proposed_by_id != request.user.pk,
        "is_sale": row.way == Way.SALE,
        "refusal": refusal or DecisionForm(office=row.office),
        "execution": execution
        or DoneForm(office=row.office, witnesses=people, initial={"receiver": row.receiver}),
        "form": execution or refusal,
        "wrong": wrong,
    }
    status = 422 if refusal or execution else 200
    return render(request, "lostfound/endings/disposal.html", facts, status=status)


def _witnesses(row: Disposal, user: User) -> list[User]:
    """Everybody else who works at this counter or sets it up."""
    works = Membership.objects.filter(department=row.office.department).values("user")
    return list(User.objects.filter(pk__in=works, is_active=True).exclude(pk=user.pk))


def _amounts(row: Disposal, request: StaffRequest) -> tuple[dict[int, int], frozenset[int]]:
    """By thing, and the things whose amount nobody can read."""
    if row.way != Way.SALE:
        return {}, frozenset()
    found: dict[int, int] = {}
    wrong = set()
    for entry in row.entries.filter(is_over=False):
        try:
            found[entry.item_id] = read_euros(request.POST.get(f"erloes-{entry.pk}", "") or "0")
        except NoMoney:
            wrong.add(entry.item_id)
    return found, frozenset(wrong)


# ── Shared ───────────────────────────────────────────────────────────────────────────────────
def pdf(request: HttpRequest, name: str, make: Callable[[], bytes]) -> HttpResponse:
    """Shown, not saved, by browsers that can."""
    try:
        paper = make()
    except NotPrinted:
        return render(request, "lostfound/endings/no_paper.html", status=503)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _seen(goal: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(goal, status=303)
