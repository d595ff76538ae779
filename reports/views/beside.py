"""Beside a report's page, for its scripts: how an answer will read, and who else looks at it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports.deeds import presence
from reports.deeds.composing import preview
from reports.deeds.forms import LONGEST_TEXT, status_goals
from reports.desk.case import Case, case_of
from reports.models import Report, Visibility
from reports.workflow import Deed
from townhall.codes import normalise
from townhall.views.sign_in import StaffRequest, staff_only


def case_here(request: StaffRequest, code: str) -> Case:
    """404 for others' reports and for nonsense."""
    try:
        return case_of(normalise(code) or "", request.user, today=timezone.localdate())
    except Report.DoesNotExist:
        raise Http404 from None


@require_POST
@staff_only
def preview_piece(request: StaffRequest, code: str) -> HttpResponse:
    """What stands in the form, as its reader would get it. Nothing is kept."""
    case = case_here(request, code)
    if not case.may(Deed.NOTE):
        raise Http404
    said = request.POST.get("visibility", "")
    is_question = "via" in request.POST
    visibility = Visibility(said) if said in Visibility.values else Visibility.REPORTER
    text = request.POST.get("text", "")[:LONGEST_TEXT].replace("\0", "")
    goals = {goal.value for goal in status_goals(case.report.status)}
    goal = request.POST.get("status", "")
    facts = {
        "preview": preview(
            case.report,
            visibility,
            text,
            goal=goal if goal in goals else "",
            asks=is_question,
            by=request.user,
        ),
        "report": case.report,
        "is_live": True,
    }
    return render(request, "reports/staff/deeds/_reads.html", facts)


@require_POST
@staff_only
def presence_piece(request: StaffRequest, code: str) -> HttpResponse:
    """`state`: looks, writes or gone. 404 where the town shows nobody's presence."""
    case = case_here(request, code)
    state = request.POST.get("state", "")
    if not presence.is_shown(case.report):
        raise Http404
    if state in {each.value for each in presence.State}:
        presence.announce(case.report, request.user, presence.State(state))
    return HttpResponse(status=204)
