"""How the public pages guard themselves. Their doors take no session: townhall/doors.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from frontend.views import error_page
from townhall import doors
from townhall.doors import is_cross_site
from townhall.limits import TooMany

View = Callable[..., HttpResponseBase]


def refuse_cross_site(view: View) -> View:
    """403 for what another site's page makes a browser send."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and is_cross_site(request):
            return render(request, "townhall/cross_site.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def in_measure(view: View) -> View:
    """429 for who presses the buttons behind our letters' links too often."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            return _counted(view, "answers", request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return guarded


def paper_in_measure(view: View) -> View:
    """429 for who has papers made without end: each costs a second of a processor."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _counted(view, "papers", request, *args, **kwargs)

    return guarded


def _counted(
    view: View, limit: str, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    try:
        doors.count(request, doors.by_client(request, limit))
    except TooMany as refused:
        answer = error_page(request, 429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    return view(request, *args, **kwargs)


def confidential(view: View) -> View:
    """For pages whose address is the key: kept by nobody, told to nobody, found by nobody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded
