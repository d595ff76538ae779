"""At the desk: deciding on what residents said about a report.

Both addresses take a plain form and lead back to the report, which says how it went.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from reports.deeds import work
from reports.deeds.forms import LONGEST_TEXT
from reports.desk.wish import Wish
from reports.models import Report
from reports.voices import moderation
from townhall.codes import normalise
from townhall.views.sign_in import StaffRequest, staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def remark_page(request: StaffRequest, code: str, remark_id: UUID) -> HttpResponse:
    """POST `entscheidung=zeigen` with `text` and `photos`, or `=nicht`."""
    report = _report(request, code)
    if request.method == "POST":
        try:
            _decide(request, report, remark_id)
        except moderation.NothingToShow:
            messages.error(request, _("Leave some words or tick a photo, or choose “Do not show”."))
        except work.TooLate:
            messages.error(request, _("A colleague has decided on it already."))
        except work.NotAllowed:
            messages.error(request, _("Your role does not allow this. Nothing has been changed."))
    return _back(request, report)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def problems_page(request: StaffRequest, code: str) -> HttpResponse:
    """POST `verborgen=ja` hides the report, `=nein` leaves it, or brings it back; `antwort`."""
    report = _report(request, code)
    if request.method == "POST":
        is_hidden = request.POST.get("verborgen") == "ja"
        try:
            moderation.settle_problems(
                report, by=request.user, is_hidden=is_hidden, answer=_text(request, "antwort")
            )
        except work.TooLate:
            messages.error(request, _("A colleague has decided on it already."))
        except work.NotAllowed:
            messages.error(request, _("Your role does not allow this. Nothing has been changed."))
        else:
            hidden, shown = _("The report is out of public view."), _("The problem is settled.")
            messages.success(request, hidden if is_hidden else shown)
    return _back(request, report)


def _decide(request: StaffRequest, report: Report, remark_id: UUID) -> None:
    if request.POST.get("entscheidung") != "zeigen":
        moderation.refuse_remark(report, remark_id, by=request.user)
        messages.success(request, _("It is not shown."))
        return
    text = _text(request, "text")
    photos = [int(pk) for pk in request.POST.getlist("photos") if pk.isascii() and pk.isdigit()]
    moderation.release_remark(
        report,
        remark_id,
        by=request.user,
        text=text,
        photos=[pk for pk in photos if pk < 2**63],
    )
    messages.success(request, _("Everybody can read it now."))


def _text(request: StaffRequest, name: str) -> str:
    text = request.POST.get(name, "").replace("\0", "").replace("\r\n", "\n")
    return text[:LONGEST_TEXT]


def _report(request: StaffRequest, code: str) -> Report:
    """Others' reports and nonsense are 404."""
    mine = Report.objects.in_care_of(request.user)
    report = mine.filter(code=normalise(code) or "").first()
    if report is None:
        raise Http404
    return report


def _back(request: HttpRequest, report: Report) -> HttpResponse:
    query = Wish.parse(request.GET).query
    page = reverse("desk-report", args=[report.code])
    return HttpResponseRedirect(f"{page}?{query}" if query else page, status=303)
