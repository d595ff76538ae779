"""What the public doors share: they take no session, so nothing to forge."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

View = Callable[..., HttpResponseBase]


def refuse_cross_site(view: View) -> View:
    """403 for what another site's page makes a browser send. Old browsers say nothing: welcome."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_foreign = request.headers.get("Sec-Fetch-Site", "").lower() == "cross-site"
        if request.method == "POST" and is_foreign:
            return render(request, "reports/cross_site.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


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
