"""Two reports side by side: are they the same, and which one goes on? SCREENS.md, C3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.deeds import merging, work
from reports.deeds.merging import Weight
from reports.desk.case import Case
from reports.models import Report
from reports.views.found import case_at
from reports.workflow import MOVES, Deed, IllegalMove, Status
from townhall.codes import normalise
from townhall.views.sign_in import StaffRequest, staff_only


@dataclass(frozen=True)
class Side:
    """One of the two, and what it brings along."""

    case: Case
    weight: Weight
    is_main: bool

    @property
    def report(self) -> Report:
        return self.case.report

    @property
    def can_end(self) -> bool:
        return Status.DUPLICATE in MOVES[Status(self.report.status)]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def merging_page(request: StaffRequest, code: str) -> HttpResponse:
    """GET: what might be the same; with `mit`, the two side by side. POST: join them."""
    case = case_at(request, code)
    if not case.may(Deed.MERGE):
        messages.error(request, _("Your role does not allow this. Nothing has been changed."))
        return _choose(request, case, status=403)
    said = request.POST.get("mit") or request.GET.get("mit", "")
    other = _other(request, case, said)
    if other is None:
        if said:
            messages.error(request, _("There is no such report in your care. Check the number."))
        return _choose(request, case, status=404 if said else 200, typed=said)
    if request.method == "POST":
        return _join(request, case, other)
    return _compare(request, case, other)


def _other(request: StaffRequest, case: Case, said: str) -> Case | None:
    known = normalise(said[:40])
    if known is None or known == case.report.code:
        return None
    found = Report.objects.in_care_of(request.user).filter(code=known)
    return case_at(request, known) if found.exists() else None


def _choose(
    request: StaffRequest, case: Case, *, status: int = 200, typed: str = ""
) -> HttpResponse:
    facts = {
        "case": case,
        "report": case.report,
        "candidates": merging.candidates(case.report, request.user),
        "typed": typed[:40],
    }
    return render(request, "reports/staff/merging/choose.html", facts, status=status)


def _compare(
    request: StaffRequest, case: Case, other: Case, *, status: int = 200, main: str = ""
) -> HttpResponse:
    both = sorted((case, other), key=lambda each: (each.report.received_at, each.report.pk))
    weights = merging.weigh([each.report for each in both])
    chosen = main or both[0].report.code
    sides = [
        Side(each, weights[each.report.pk], is_main=each.report.code == chosen) for each in both
    ]
    facts: dict[str, Any] = {
        "case": case,
        "report": case.report,
        "other": other.report,
        "sides": sides,
        "metres": merging.metres_between(case.report, other.report),
        "can_join": any(side.can_end for side in sides),
    }
    return render(request, "reports/staff/merging/compare.html", facts, status=status)


def _join(request: StaffRequest, case: Case, other: Case) -> HttpResponse:
    codes = {case.report.code: case, other.report.code: other}
    main = codes.get(request.POST.get("haupt", ""))
    if main is None:
        messages.error(request, _("Choose which report goes on."))
        return _compare(request, case, other, status=422)
    ending = other if main is case else case
    try:
        merging.merge(
            ending.report,
            into=main.report,
            by=request.user,
            version=_version(request, ending.report.code),
        )
    except work.NotAllowed:
        messages.error(request, _("Your role does not allow this. Nothing has been changed."))
        return _compare(request, case, other, status=403)
    except (work.TooLate, IllegalMove):
        messages.error(
            request,
            _("One of the two has changed meanwhile. Nothing has been joined. Look once more."),
        )
        fresh = case_at(request, case.report.code), case_at(request, other.report.code)
        return _compare(request, *fresh, status=409, main=main.report.code)
    messages.success(request, _("The reports are joined. For a day you can part them again."))
    response = HttpResponse(status=303)
    response["Location"] = reverse("desk-report", args=[main.report.code])
    return response


def _version(request: StaffRequest, code: str) -> int | None:
    said = request.POST.get(f"version-{code}", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None
