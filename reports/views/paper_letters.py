"""`/amt/briefe`: letters to print for reporters without e-mail, one by one or all at once."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reports.deeds import paper_letters
from reports.deeds.taking_in import may_take_in
from reports.receiving.forms import uuids_in
from townhall.papers import NotPrinted
from townhall.views.sign_in import StaffRequest, staff_only

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def letters_page(request: StaffRequest) -> HttpResponse:
    """GET: what is to be printed, or (`?gedruckt`) was. POST: the chosen ones are in the post."""
    _refuse_others(request)
    if request.method == "POST":
        return _mark(request)
    is_printed = "gedruckt" in request.GET
    papers = paper_letters.waiting(request.user, is_printed=is_printed)
    facts = {"papers": papers, "is_printed": is_printed}
    response = render(request, "reports/staff/paper_letters.html", facts)
    response["Cache-Control"] = "private, no-store"
    return response


def _mark(request: StaffRequest) -> HttpResponse:
    papers = paper_letters.chosen(_ids(request.POST), request.user)
    n = paper_letters.mark_printed(papers, by=request.user)
    if n:
        words = ngettext(
            "%(n)d letter is noted as printed.", "%(n)d letters are noted as printed.", n
        )
        messages.success(request, words % {"n": n})
    else:
        messages.info(request, _("Nothing was noted: tick what you have printed."))
    answer = HttpResponseRedirect(reverse("paper-letters"))
    answer.status_code = 303
    return answer


@require_safe
@staff_only
def letters_pdf(request: StaffRequest) -> HttpResponse:
    """The letters that `?brief=` names, in one PDF. That they are printed, the button notes."""
    _refuse_others(request)
    papers = paper_letters.chosen(_ids(request.GET), request.user)
    if not papers:
        raise Http404
    try:
        paper = paper_letters.print_all(papers)
    except NotPrinted as trouble:
        log.exception("No letters on paper: %s", trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return HttpResponseRedirect(reverse("paper-letters"))
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={
            "Content-Disposition": 'inline; filename="Briefe.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


def _ids(given: QueryDict) -> list[UUID]:
    return list(uuids_in(given.getlist("brief")))


def _refuse_others(request: StaffRequest) -> None:
    if not may_take_in(request.user):
        raise PermissionDenied
