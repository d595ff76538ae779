"""The door that ends the letters about a report, and the one that begins them again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.letters import correspondence
from townhall.guards import confidential, in_measure


@csrf_exempt
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def own_letters(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button. POST ends the letters at once (RFC 8058: mail programs do that).

    Takes the token of a letter and the one of the reporter's own page; no session, no cookie. Not
    refused cross-site: a mail program's page may ask, and the token is the whole right.
    """
    try:
        if request.method == "POST":
            if request.POST.get("wieder"):
                correspondence.begin_again(token)
            else:
                correspondence.end(token)
            return HttpResponseRedirect(reverse("own-letters", args=[token]), status=303)
        contact = correspondence.contact_of(token)
    except correspondence.Unknown:
        return render(request, "reports/letters_unknown.html", status=404)
    facts = {
        "contact": contact,
        "report": contact.report,
        "state": getattr(contact, "correspondence", None),
    }
    return render(request, "reports/own_letters.html", facts)
