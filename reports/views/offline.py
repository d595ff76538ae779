"""Reporting where the network comes and goes: what browsers may keep, the door for what waited.

The service worker keeps two pages, as a stranger gets them: the form and a shelter that stands in
for all other pages. A report that waited on a device comes in by a door of its own, which takes
what the form would send and answers programs.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from frontend.problems import problem
from reports.catalogue import offered as catalogue
from reports.receiving import intake, unsent
from reports.receiving.forms import ReportForm
from townhall import doors
from townhall.guards import refuse_cross_site
from townhall.limits import TooMany

from .form import report_form
from .sheet import Sheet


@require_safe
def kept_form(request: HttpRequest) -> HttpResponseBase:
    """The empty form, with what it needs to go on without us. Whoever asks is a stranger."""
    _forget_who_asks(request)
    request.is_kept = True  # type: ignore[attr-defined]
    request.kept_questions = _questions(request)  # type: ignore[attr-defined]
    page = report_form(request)
    page.headers.pop("Expires", None)
    page["Cache-Control"] = "public, no-cache"
    page["X-Robots-Tag"] = "noindex"
    return page


@require_safe
@cache_control(public=True, no_cache=True)
def shelter(request: HttpRequest) -> HttpResponse:
    """Stands in for pages that can't be had: leads to the form, and shows what waits."""
    _forget_who_asks(request)
    page = render(request, "reports/offline/shelter.html")
    page["X-Robots-Tag"] = "noindex"
    return page


def _questions(request: HttpRequest) -> list[tuple[str, SafeString]]:
    """What each category asks beyond itself: its code, and the fragment of the form."""
    groups = catalogue.offered_at(None)
    found = []
    for entry in (entry for group in groups for entry in group.entries):
        sheet = Sheet(ReportForm(QueryDict(f"category={entry.code}")))
        sheet.groups = groups  # read once for all of them
        facts = {"sheet": sheet, "form": sheet.form}
        page = render_to_string("reports/form/_questions.html", facts, request)
        found.append((entry.code, mark_safe(page)))  # noqa: S308 (a template's own output)
    return found


def _forget_who_asks(request: HttpRequest) -> None:
    request.user = AnonymousUser()


@csrf_exempt
@refuse_cross_site
@never_cache
@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    """The filled form from a device where it has waited. The same again: the same answer.

    201 or 200 with the number and the reporter's own links; else a problem document: 422 with a
    sentence for each field ("photos" alone: send these again), 409, 410, 429 with Retry-After.
    """
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _refused({name: list(map(str, form.errors[name])) for name in form.errors})
    draft = form.draft()
    knocks = [doors.by_client(request, "reports")]
    try:
        doors.count(request, *knocks, *([doors.by_mailbox(draft.email)] if draft.email else []))
        receipt = intake.submit(draft)
    except TooMany as busy:
        answer = problem(429, detail=doors.told(busy))
        answer["Retry-After"] = str(busy.wait_s)
        return answer
    except intake.Refused as refusal:
        return _refused(
            {name: [str(each) for each in said] for name, said in refusal.errors.items()}
        )
    except intake.Conflict:
        return problem(409)
    except intake.Erased:
        return problem(410)
    unsent.SHELF.mark_sent(draft.client_id)
    return _receipt(receipt)


def _refused(errors: dict[str, list[str]]) -> HttpResponse:
    return problem(422, detail=next(iter(errors.values()))[0], errors=errors)


def _receipt(receipt: intake.Receipt) -> HttpResponse:
    facts = {
        "code": receipt.report.shown_code,
        "page": reverse("own-report", args=[receipt.token]),
        "thanks": reverse("report-thanks", args=[receipt.token]),
    }
    return JsonResponse(facts, status=201 if receipt.is_new else 200)
