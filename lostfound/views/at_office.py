"""Views that need to know at which counter one stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http.response import HttpResponseBase
from django.shortcuts import render

from lostfound.counter import counter_only, office_of
from lostfound.models import Office
from townhall.views.sign_in import StaffRequest


def at_office(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets in the counter's people and hands in their office: `view(request, office, …)`.

    Pages of the counter are kept by nobody.
    """

    @counter_only
    @wraps(view)
    def guarded(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        office: Office | None = office_of(request)
        if office is None:
            return render(request, "lostfound/desk/start.html", {"office": None})
        response = view(request, office, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded
