"""`/amt/freigabe`: what waits for release, one after the other; and the versions of a text.

A plain form. Sending it leads to the next report; `nach` is the one that was looked at last.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from reports.deeds import reviewing, work
from reports.deeds.review_forms import ReviewForm
from reports.desk.case import Case, case_of
from reports.models import PublicText, Report
from reports.workflow import Deed
from townhall.codes import normalise
from townhall.views.sign_in import StaffRequest, staff_only

MOST = 1000  # so far it is counted


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def queue_page(request: StaffRequest) -> HttpResponse:
    """GET `?nach=CODE`: the next report. POST: decide on `code`, and on to the next."""
    if not reviewing.may_review(request.user):  # "nothing waits" would be wrong
        raise PermissionDenied
    if request.method == "POST":
        return _decide(request)
    waiting = reviewing.queue(request.user)
    last = _last(request)
    report = reviewing.behind(waiting, last).first()
    facts = {
        "count": waiting.order_by().values("pk")[:MOST].count(),
        "is_begun": last is not None,
    }
    if report is None:
        return _show(request, facts)
    case = _case(request, report.code)
    return _show(request, facts | {"case": case, "report": case.report, "form": _form(case)})


def _decide(request: StaffRequest) -> HttpResponse:
    case = _case(request, request.POST.get("code", ""))
    form = ReviewForm(request.POST, case=case)
    if not form.is_valid():
        # A photo that has gone since is a report that has changed since.
        messages.warning(request, _("The report has changed. Please look at it once more."))
        return _again(case.report)
    try:
        reviewing.review(case.report, by=request.user, **form.decision)
    except work.NotAllowed:
        raise PermissionDenied from None
    except work.TooLate:
        messages.warning(request, _("The report has changed. Please look at it once more."))
        return _again(case.report)
    return _see(f"{reverse('desk-review')}?nach={case.report.code}")


def _again(report: Report) -> HttpResponse:
    """The same report once more, as it is now."""
    return _see(f"{reverse('desk-review')}?bei={report.code}")


def _last(request: StaffRequest) -> Report | None:
    """`nach`: go on behind it. `bei`: with itself, if it still waits."""
    seen = _sighted(request, request.GET.get("nach", ""))
    if seen is not None:
        return seen
    at = _sighted(request, request.GET.get("bei", ""))
    if at is None:
        return None
    before = reviewing.queue(request.user).filter(received_at__lt=at.received_at)
    return before.last()


def _sighted(request: StaffRequest, said: str) -> Report | None:
    mine = Report.objects.in_care_of(request.user)
    return mine.filter(code=normalise(said) or "").first() if said else None


def _form(case: Case) -> ReviewForm:
    return ReviewForm(case=case)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def texts_page(request: StaffRequest, code: str) -> HttpResponse:
    """Every text that the public was given. POST `fassung`: back to this one."""
    case = _case(request, code)
    if not case.may(Deed.RELEASE):
        raise PermissionDenied
    if request.method == "POST":
        _restore(request, case)
        return _see(reverse("desk-texts", args=[case.report.code]))
    texts = PublicText.objects.filter(report=case.report).select_related("by")
    facts: dict[str, Any] = {
        "case": case,
        "report": case.report,
        "texts": list(texts),
        "is_unnoted": reviewing.has_unnoted_text(case.report),
    }
    return render(request, "reports/staff/texts.html", facts)


def _restore(request: StaffRequest, case: Case) -> None:
    said, version = request.POST.get("fassung", ""), request.POST.get("version", "")
    text_id = int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    try:
        reviewing.restore(case.report, text_id, by=request.user, version=seen)
    except work.NotAllowed:
        raise PermissionDenied from None
    except work.TooLate:
        messages.warning(request, _("The report has changed. Please look at it once more."))
    else:
        messages.success(request, _("The public reads this text again."))


def _case(request: StaffRequest, code: str) -> Case:
    """404 for others' and for nonsense."""
    known = normalise(code)
    if known is None:
        raise Http404
    try:
        return case_of(known, request.user, today=timezone.localdate())
    except Report.DoesNotExist:
        raise Http404 from None


def _show(request: StaffRequest, facts: dict[str, Any]) -> HttpResponse:
    response = render(request, "reports/staff/review.html", facts)
    response["Cache-Control"] = "private, no-store"
    return response


def _see(page: str) -> HttpResponse:
    return HttpResponseRedirect(page, status=303)
