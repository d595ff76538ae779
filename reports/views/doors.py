"""What the public doors share: they take no session, so nothing to forge."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def refuse_cross_site(view: View[P]) -> View[P]:
    """403 for what another site's page makes a browser send. Old browsers say nothing: welcome."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        is_foreign = request.headers.get("Sec-Fetch-Site", "").lower() == "cross-site"
        if request.method == "POST" and is_foreign:
            return render(request, "reports/cross_site.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def confidential(view: View[P]) -> View[P]:
    """For pages whose address is the key: kept by nobody, told to nobody, found by nobody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded
