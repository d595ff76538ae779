"""The mailbox page: letters that could not leave because no mail server is set."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.models import Letter, LetterState

MOST = 100


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest kept letters, for who sits at this machine; 404 for everyone else.

    Letters hold addresses and keys to reports, so there are three locks: bin/serve turns the page
    on, the client is this machine, and no proxy speaks for somebody else.
    """
    if not (settings.MAILBOX_PAGE and is_from_here(request)):
        raise Http404
    letters = list(Letter.objects.filter(state=LetterState.KEPT).order_by("-created_at")[:MOST])
    response = render(
        request,
        "townhall/mailbox.html",
        {"letters": letters, "most": MOST, "is_cut": len(letters) == MOST},
    )
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def is_from_here(request: HttpRequest) -> bool:
    """From a loopback address, and not passed on by a proxy on this machine."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
