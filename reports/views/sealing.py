"""At the desk: sealing what may be a crime, and the evidence's own page.

Everything that shows the evidence is a POST: each use is written into its custody.
"""

from __future__ import annotations

import base64
import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from reports.deeds import handover, sealing, work
from reports.deeds.sealing_forms import SealForm, UseForm
from reports.models import CustodyKind, Report, SealedEvidence
from reports.views.thing import Thing
from reports.workflow import Deed, may
from townhall.codes import normalise
from townhall.models import User
from townhall.papers import NotPrinted
from townhall.views.sign_in import StaffRequest, staff_only

log = logging.getLogger(__name__)


def _seal(report: Report, by: User, form: SealForm) -> object:
    given = form.cleaned_data
    return sealing.seal(report, by=by, reason=given["reason"], version=given["version"])


THINGS = (
    Thing(
        "strafbares",
        "lock",
        Deed.SEAL,
        _("Criminal content"),
        _("Sealed. Nobody sees the report any more; text and photos are kept as evidence."),
        SealForm,
        _seal,
        lambda report: not report.is_sealed,
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def evidence_page(request: StaffRequest, code: str) -> HttpResponse:
    """GET: what is kept, and who had it in hand. POST `step`: use it."""
    report = _report(request, code)
    roles = work.roles_on(request.user, report)
    if not may(roles, Deed.SEAL):
        raise PermissionDenied
    evidence = sealing.kept_of(report)
    if evidence is None:
        messages.warning(request, _("Nothing of this report is sealed (any more)."))
        return HttpResponseRedirect(_page_of(report), status=303)
    may_name = may(roles, Deed.UNVEIL) and bool(evidence.contact)
    facts = {"report": report, "evidence": evidence, "may_name": may_name}
    if request.method != "POST":
        return _show(request, facts)
    form = UseForm(request.POST)
    if not form.is_valid():
        return _show(request, facts | {"form": form}, status=422)
    try:
        return _use(request, report, form.cleaned_data, facts)
    except work.NotAllowed:
        raise PermissionDenied from None
    except work.TooLate:
        messages.warning(request, _("A colleague has lifted the seal meanwhile."))
        return HttpResponseRedirect(_page_of(report), status=303)


def _use(
    request: StaffRequest, report: Report, given: dict[str, Any], facts: dict[str, Any]
) -> HttpResponse:
    by, note = request.user, given["note"]
    match given["step"]:
        case "ansehen":
            with sealing.in_hand(report, CustodyKind.LOOKED, by=by, note=note) as evidence:
                return _show(request, facts | {"pictures": _pictures(evidence), "is_shown": True})
        case "archiv":
            with sealing.in_hand(report, CustodyKind.DOWNLOADED, by=by, note=note) as evidence:
                pack = handover.archive(evidence)
            return _file(pack, f"Beweis-{report.shown_code}.zip", "application/zip")
        case "blatt":
            return _sheet(request, report, given, facts)
    sealing.lift(report, by=by, note=note, gives_back=given["gives_back"])
    messages.success(request, _("The seal is lifted. What came back is not public."))
    return HttpResponseRedirect(_page_of(report), status=303)


def _sheet(
    request: StaffRequest, report: Report, given: dict[str, Any], facts: dict[str, Any]
) -> HttpResponse:
    has_contact = given["with_contact"]
    kind = CustodyKind.DISCLOSED if has_contact else CustodyKind.PRINTED
    try:
        with sealing.in_hand(report, kind, by=request.user, note=given["note"]) as evidence:
            paper = handover.sheet(evidence, by=request.user, has_contact=has_contact)
    except NotPrinted as trouble:
        log.exception("No hand-over sheet of report %s: %s", report.pk, trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return _show(request, facts, status=500)
    return _file(paper, f"Uebergabe-{report.shown_code}.pdf", "application/pdf")


def _pictures(evidence: SealedEvidence) -> list[str]:
    """As `data:` addresses: there is no door that gives them out."""
    return [
        "data:image/webp;base64," + base64.b64encode(bytes(file.data)).decode()
        for file in evidence.files.all()
        if file.data
    ]


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=kind, headers=headers)


def _show(request: StaffRequest, facts: dict[str, Any], *, status: int = 200) -> HttpResponse:
    evidence = facts["evidence"]
    facts = facts | {
        "files": evidence.files.defer("data", "thumb"),
        "custody": evidence.custody.select_related("by"),
        "is_whole": sealing.is_whole(evidence),
    }
    response = render(request, "reports/staff/evidence.html", facts, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _report(request: StaffRequest, code: str) -> Report:
    """Others' reports and nonsense are 404."""
    mine = Report.objects.in_care_of(request.user).select_related("category", "municipality")
    report = mine.filter(code=normalise(code) or "").first()
    if report is None:
        raise Http404
    return report


def _page_of(report: Report) -> str:
    return reverse("desk-report", args=[report.code])
