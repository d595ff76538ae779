"""One deed on many reports. The list posts its ticked check boxes here as `codes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from reports.deeds import bulk
from reports.deeds.bulk import Pick
from reports.deeds.bulk_deeds import BULKS, Bulk
from reports.deeds.bulk_forms import BulkForm
from reports.deeds.bulk_preview import Preview, foresee
from reports.deeds.bulk_stock import Stock
from reports.deeds.remembering import as_one
from reports.models import Batch, Report
from reports.views.desk_list import can_work
from reports.views.keys import undo_key
from reports.views.undoing import say_done
from reports.workflow import may
from townhall.codes import uuid_in
from townhall.models import User
from townhall.people import scope_of
from townhall.views.sign_in import StaffRequest, staff_only


@dataclass(frozen=True)
class Choice:
    """A deed as the page offers it."""

    bulk: Bulk
    form: BulkForm
    is_chosen: bool = False
    preview: Preview | None = None

    @property
    def thing(self) -> Bulk:
        """Under which heading it stands: as the steps of one report (in_groups)."""
        return self.bulk


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def bulk_page(request: StaffRequest) -> HttpResponse:
    """The picked reports and what can be done to them; with `tat` it is done."""
    said = (request.POST if request.method == "POST" else request.GET).getlist("codes")
    picked = bulk.picks(said)
    reports = _in_order(picked, request.user)
    if not can_work(request.user):
        messages.error(request, _("Your role only reads. Nothing has been changed."))
        return render(request, "reports/staff/bulk/refused.html", status=403)
    if not reports:
        messages.error(request, _("Tick at least one report in the list."))
        return _to(reverse("desk"))
    if len(said) > bulk.MOST:
        words = _("You picked %(all)s reports. The first %(n)s of them are here; then do the rest.")
        messages.warning(request, words % {"all": len(said), "n": bulk.MOST})
    known = {report.code: report for report in reports}
    # What stands on the page is what the deed must find again.
    seen = [
        Pick(pick.code, pick.version or known[pick.code].version)
        for pick in picked
        if pick.code in known
    ]
    chosen = BULKS.get(request.POST.get("tat", ""))
    if chosen is None:
        if "tut" in request.POST:
            messages.error(request, _("Choose what to do."))
        return _show(request, reports, seen, status=422 if "tut" in request.POST else 200)
    form = chosen.form(request.POST, reports=reports, prefix=chosen.slug)
    client_id = uuid_in(request.POST.get("client_id", ""))
    if not form.is_valid() or client_id is None:
        return _show(request, reports, seen, chosen=chosen, form=form, status=422)
    if "vorschau" in request.POST:
        preview = foresee(chosen, reports, form.cleaned_data, by=request.user)
        return _show(request, reports, seen, chosen=chosen, form=form, preview=preview)
    return _do(request, chosen, form, seen, client_id)


def _do(
    request: StaffRequest, chosen: Bulk, form: BulkForm, seen: Sequence[Pick], client_id: UUID
) -> HttpResponse:
    given = form.cleaned_data

    def act(report: Report, by: User, version: int | None) -> object:
        return chosen.act(report, by, version, given)

    try:
        with as_one(rows=len(seen), batch_id=client_id) as press:
            batch = bulk.run(
                client_id, seen, by=request.user, deed=chosen.slug, given=given, act=act
            )
    except bulk.Conflict:
        messages.error(request, _("This page was used before. Look at the list and pick again."))
        return _to(reverse("desk"))
    if press.can_be_undone:
        say_done(request, _("Changed. You can take all of it back."), press)
    return _to(reverse("desk-batch", args=[batch.pk]))


@require_GET
@staff_only
def batch_page(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """What came of each report: whoever did it can look again. 404 for everybody else."""
    batch = get_object_or_404(Batch, pk=batch_id, by=request.user)
    rows = list(batch.rows.select_related("report__category", "report__municipality"))
    done = sum(row.is_done for row in rows)
    facts = {
        "batch": batch,
        "bulk": BULKS.get(batch.deed),
        "rows": sorted(rows, key=lambda row: (row.is_done, row.pk)),
        "done": done,
        "refused": len(rows) - done,
        "undo_key": undo_key(request.user),
        "heading": ngettext("%(n)s report changed", "%(n)s reports changed", done) % {"n": done},
    }
    return render(request, "reports/staff/bulk/done.html", facts)


def _in_order(picked: Sequence[Pick], user: User) -> list[Report]:
    """Those in the user's care, as they were picked. One statement."""
    rows = (
        Report.objects.in_care_of(user)
        .filter(code__in=[pick.code for pick in picked])
        .select_related("category", "municipality__fallback_department", "department", "assignee")
    )
    known = {row.code: row for row in rows}
    return [known[pick.code] for pick in picked if pick.code in known]


def _show(
    request: StaffRequest,
    reports: Sequence[Report],
    seen: Sequence[Pick],
    *,
    chosen: Bulk | None = None,
    form: BulkForm | None = None,
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    roles = _roles(request.user, reports)
    stock = form.stock if form is not None else Stock.of(reports)
    choices = [
        Choice(each, form, is_chosen=True, preview=preview)
        if form is not None and each is chosen
        else Choice(each, each.form(reports=reports, stock=stock, prefix=each.slug))
        for each in BULKS.values()
        if may(roles, each.deed) and each.suits(reports)
    ]
    facts: dict[str, Any] = {
        "reports": reports,
        "picked": [f"{pick.code}.{pick.version}" for pick in seen],
        "choices": choices,
        "attempt": form,
        "client_id": uuid4(),
    }
    return render(request, "reports/staff/bulk/page.html", facts, status=status)


def _roles(user: User, reports: Sequence[Report]) -> frozenset[str]:
    """All that the user is to any of them: each is asked again by its deed."""
    scope = scope_of(user)
    pairs = {(report.municipality_id, report.department_id) for report in reports}
    each = (scope.roles_for(municipality_id=town, department_id=team) for town, team in pairs)
    return frozenset().union(*each)


def _to(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})
