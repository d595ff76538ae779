"""`/amt/fund/kasse`: found money, the ledger, the daily closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lostfound.counter import item_of
from lostfound.models import Account, Closing, FoundItem, LedgerLine, Method, Office, Party
from lostfound.money import cash, closing, counting
from lostfound.money.closing_paper import closing_paper
from lostfound.money.counting import SamePerson, Settled, Stand
from lostfound.money.euros import plain_euros, say_euros
from lostfound.money.forms import FoundCashForm, LedgerFilter, LineForm, ReversalForm, TillForm
from lostfound.storing import scans
from lostfound.storing.storage import HERE
from lostfound.views.at_office import at_office
from townhall.papers.printing import NotPrinted
from townhall.spreadsheets import as_csv
from townhall.views.sign_in import StaffRequest

PAGE = 50
CLOSINGS = 12


# ── The ledger ───────────────────────────────────────────────────────────────────────────────
@require_GET
@at_office
def cash_page(request: StaffRequest, office: Office) -> HttpResponse:
    """What is in the till and in trust, and every line, the newest first. `?vor=` goes on."""
    form = LedgerFilter(request.GET)
    lines = _lines(office, form)
    before = request.GET.get("vor", "")
    if before.isdecimal() and before.isascii():
        lines = lines.filter(number__lt=int(before[:9]))
    rows = list(lines.order_by("-number")[: PAGE + 1])
    facts = {
        "office": office,
        "form": form,
        "rows": rows[:PAGE],
        "older": _query(form, vor=str(rows[PAGE - 1].number)) if len(rows) > PAGE else "",
        "is_first": not before,
        "query": _query(form),
        "till": cash.in_till(office),
        "balances": _balances(office),
        "waiting": counting.waiting(office)[:50],
        "pending": closing.waiting(office),
        "closings": office.closings.filter(number__isnull=False)
        .select_related("counted_by", "confirmed_by")
        .order_by("-number")[:CLOSINGS],
    }
    return render(request, "lostfound/cash/page.html", facts)


def _lines(office: Office, form: LedgerFilter) -> QuerySet[LedgerLine]:
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) for name in form.fields}
    lines = LedgerLine.objects.filter(office=office).select_related(
        "item", "by", "witness", "reverses", "reversed_by"
    )
    if asked["account"]:
        lines = lines.filter(account=asked["account"])
    if asked["since"]:
        lines = lines.filter(day__gte=asked["since"])
    if asked["until"]:
        lines = lines.filter(day__lte=asked["until"])
    return lines


def _query(form: LedgerFilter, **more: str) -> str:
    kept = {name: form.data.get(name, "") for name in form.fields}
    return urlencode({name: said for name, said in {**kept, **more}.items() if said})


def _balances(office: Office) -> list[tuple[Account, int]]:
    """What is held of other people's money, by account; zeros left out. One statement."""
    sums = dict(
        LedgerLine.objects.filter(office=office, account__in=cash.IN_TRUST)
        .order_by()
        .values_list("account")
        .annotate(cents=Sum("cents"))
    )
    return [(each, sums[each]) for each in Account if sums.get(each)]


@require_GET
@at_office
def ledger_table(request: StaffRequest, office: Office) -> HttpResponse:
    """CSV of the lines that the page's filter lets through, the oldest first."""
    head = [
        _("Line number"),
        _("Day"),
        _("Time"),
        _("Account"),
        _("In"),
        _("Out"),
        _("In the till"),
        _("How"),
        _("From whom or to whom"),
        _("Found thing"),
        _("Booked by"),
        _("Witness"),
        _("Note"),
        _("Takes back line"),
    ]
    lines = _lines(office, LedgerFilter(request.GET)).order_by("number")
    table = as_csv(head, (_row(line) for line in lines.iterator(chunk_size=2000)))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="verwahrung-{office.slug}.csv"'
    return response


def _row(line: LedgerLine) -> list[Any]:
    return [
        line.number,
        formats.date_format(line.day, "SHORT_DATE_FORMAT"),
        timezone.localtime(line.at).strftime("%H:%M"),
        line.get_account_display(),
        plain_euros(line.cents) if line.cents > 0 else "",
        plain_euros(-line.cents) if line.cents < 0 else "",
        plain_euros(line.till_cents),
        line.get_method_display(),
        line.get_party_display(),
        (line.item.file_number or line.item.shown_code) if line.item else "",
        line.by.name if line.by else _("by itself"),
        line.witness.name if line.witness else "",
        line.note,
        line.reverses.number if line.reverses else "",
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def new_line(request: StaffRequest, office: Office) -> HttpResponse:
    """A line by hand."""
    form = LineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (line := _book(request, office, form)):
        words = _("Line %(number)d is booked: %(account)s, %(sum)s.")
        facts = {
            "number": line.number,
            "account": line.get_account_display(),
            "sum": say_euros(line.cents),
        }
        messages.success(request, words % facts)
        return _to_ledger()
    status = 422 if form.errors else 200
    return render(
        request, "lostfound/cash/line.html", {"office": office, "form": form}, status=status
    )


def _book(request: StaffRequest, office: Office, form: LineForm) -> LedgerLine | None:
    """None: the form says why not."""
    data = form.cleaned_data
    item: FoundItem | None = None
    if data["thing"].strip():
        item = scans.read(data["thing"], by=request.user).item
        if item is None or item.office_id != office.pk:
            form.add_error("thing", _("Nobody here knows this number."))
            return None
    try:
        return cash.book(
            office,
            Account(data["account"]),
            data["cents"] if data["way"] == "in" else -data["cents"],
            item=item,
            party=Party(data["party"]),
            method=Method(data["method"]),
            by=request.user,
            key=f"hand-{data['key']}",
            note=data["note"],
        )
    except cash.Overdrawn as refused:
        words = _("Only %(sum)s are held for this thing.") % {"sum": say_euros(refused.held)}
        form.add_error("cents", words)
    except cash.KeyTaken as known:
        words = _("This form has become line %(number)d already.") % {"number": known.line.number}
        form.add_error(None, words)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def reversal(request: StaffRequest, office: Office, number: int) -> HttpResponse:
    """Take a line back, with a reason."""
    line = office.ledger.select_related("item", "by", "office").filter(number=number).first()
    if line is None:
        raise Http404
    form = ReversalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            back = cash.reverse(line, by=request.user, note=form.cleaned_data["note"])
        except cash.AlreadyReversed:
            form.add_error(None, _("This line is taken back already, or takes another one back."))
        except cash.Overdrawn as refused:
            words = _("Only %(sum)s of it are still held.") % {"sum": say_euros(refused.held)}
            form.add_error(None, words)
        else:
            words = _("Line %(old)d is taken back by line %(new)d.")
            messages.success(request, words % {"old": line.number, "new": back.number})
            return _to_ledger()
    facts = {"office": office, "form": form, "line": line}
    status = 422 if form.errors else 200
    return render(request, "lostfound/cash/reversal.html", facts, status=status)


# ── Counting ─────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def count_page(request: StaffRequest, office: Office, code: str) -> HttpResponse:
    """Found money, counted by one and then by another. The first sum is shown to nobody else."""
    item = item_of(request, code)
    if item.kind != "cash":
        raise Http404
    default = Method.SEALED if item.part_of_id else Method.CASH
    form = FoundCashForm(
        request.POST if request.method == "POST" else None, initial={"method": default}
    )
    if form.is_bound and form.is_valid() and _count(request, item, form):
        return HttpResponseRedirect(reverse("fund-cash-count", args=[item.code]), status=303)
    so_far = counting.counting_of(item)
    facts = {
        "office": item.office,
        "item": item,
        "form": form,
        "counting": so_far,
        "is_mine": so_far.first is not None and so_far.first.by_id == request.user.pk,
        "is_here": item.state in HERE,
    }
    status = 422 if form.errors else 200
    return render(request, "lostfound/cash/count.html", facts, status=status)


def _count(request: StaffRequest, item: FoundItem, form: FoundCashForm) -> bool:
    """False: the form says why not."""
    try:
        after = counting.count(
            item,
            by=request.user,
            cents=form.cents,
            denominations=form.pieces,
            method=Method(form.cleaned_data["method"]),
        )
    except SamePerson:
        form.add_error(None, _("Your count is there already. Now somebody else has to count."))
        return False
    except Settled:
        form.add_error(None, _("Two people have agreed on the sum meanwhile."))
        return False
    except counting.NotCountable:
        form.add_error(None, _("This money is not in our keeping any more."))
        return False
    if after.stand == Stand.SETTLED:
        words = _("Both counted %(sum)s. It is booked.") % {"sum": say_euros(after.cents or 0)}
        messages.success(request, words)
    elif after.stand == Stand.DIFFERENT:
        messages.error(request, _("The two sums differ. Count again, both of you."))
    else:
        messages.success(request, _("Your count is noted. Now somebody else has to count."))
    return True


# ── The daily closing ────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@at_office
def closing_page(request: StaffRequest, office: Office) -> HttpResponse:
    """Count the till; another person confirms it."""
    form = TillForm(request.POST if request.method == "POST" else None)
    difference = None
    if form.is_bound and form.is_valid():
        try:
            closing.count_till(
                office,
                by=request.user,
                cents=form.cents,
                denominations=form.pieces,
                reason=form.cleaned_data["reason"],
            )
        except closing.NeedsReason as differs:
            difference = differs.difference
            words = _("Counted and expected differ by %(sum)s. Count again, or say why.")
            form.add_error("reason", words % {"sum": say_euros(difference)})
        else:
            return HttpResponseRedirect(reverse("fund-closing"), status=303)
    pending = closing.waiting(office)
    facts = {
        "office": office,
        "form": form,
        "difference": difference,
        "pending": pending,
        "sheet": closing.sheet(pending) if pending else None,
        "is_mine": pending is not None and pending.counted_by_id == request.user.pk,
        "till": cash.in_till(office),
    }
    status = 422 if form.errors else 200
    return render(request, "lostfound/cash/closing.html", facts, status=status)


@require_POST
@at_office
def closing_end(request: StaffRequest, office: Office) -> HttpResponse:
    """The second person confirms what was counted, or (`verwerfen`) has it counted again."""
    if "verwerfen" in request.POST:
        closing.take_back(office)
        messages.success(request, _("The count is taken back. Count again."))
        return HttpResponseRedirect(reverse("fund-closing"), status=303)
    try:
        done = closing.confirm(
            office, by=request.user, counted_at=request.POST.get("gezaehlt", "")[:40]
        )
    except SamePerson:
        messages.error(request, _("Somebody else than the person who counted has to confirm."))
    except closing.NothingToConfirm:
        messages.error(request, _("This count is no longer there. Look again."))
    else:
        words = _("Daily closing %(number)d is done.") % {"number": done.number}
        messages.success(request, words)
        return _to_ledger()
    return HttpResponseRedirect(reverse("fund-closing"), status=303)


@require_GET
@at_office
def closing_report(request: StaffRequest, office: Office, number: int) -> HttpResponse:
    found: Closing | None = (
        office.closings.filter(number=number)
        .select_related("office", "counted_by", "confirmed_by")
        .first()
    )
    if found is None:
        raise Http404
    try:
        paper = closing_paper(found)
    except NotPrinted:
        return render(request, "lostfound/storage/no_paper.html", {"office": office}, status=503)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="tagesabschluss-{number}.pdf"'
    return response


def _to_ledger() -> HttpResponse:
    return HttpResponseRedirect(reverse("fund-cash"), status=303)
