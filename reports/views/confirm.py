"""The link in the letter that asks whether an address is the reporter's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from frontend.views import error_page
from reports.letters import correspondence
from reports.letters.links import own_token
from reports.models import Contact, Report
from reports.receiving import intake
from townhall import doors, limits
from townhall.capabilities import digest
from townhall.guards import confidential, in_measure, refuse_cross_site


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def own_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A mail scanner's GET confirms nothing, however often it comes: the button does.

    An expired link has another button, which sends a new link to the same mailbox.
    """
    try:
        if request.method == "POST":
            return (_new_link if request.POST.get("neu") else _confirm)(request, token)
        return _show(request, token)
    except (Report.DoesNotExist, Contact.DoesNotExist, correspondence.Unknown):
        return render(request, "reports/confirm_unknown.html", status=404)


def _confirm(request: HttpRequest, token: str) -> HttpResponse:
    contact = _contact(token)
    if contact.is_past_confirming(timezone.now()):
        return _show(request, token)
    was_confirmed = contact.confirmed_at is not None
    intake.confirm(token)
    page = reverse("own-confirm", args=[token])
    return HttpResponseRedirect(page if was_confirmed else f"{page}?danke", status=303)


def _new_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        doors.count(request, doors.by_mailbox(_contact(token).email))
    except limits.TooMany as refused:
        answer = error_page(request, 429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    correspondence.renew_confirmation(token)
    return render(request, "reports/confirm.html", {"is_expired": True, "is_asked": True})


def _show(request: HttpRequest, token: str) -> HttpResponse:
    contact = _contact(token)
    report = contact.report
    is_expired = contact.is_past_confirming(timezone.now())
    facts = {
        "contact": contact,
        "report": report,
        "is_expired": is_expired,
        "is_fresh": "danke" in request.GET,
        "own_token": own_token(report) if contact.confirmed_at else "",
    }
    return render(request, "reports/confirm.html", facts, status=410 if is_expired else 200)


def _contact(token: str) -> Contact:
    return Contact.objects.select_related("report__category").get(confirm_digest=digest(token))
