"""Who stands at which counter: the offices of a member of staff, and the one they work at now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lostfound.models import FoundItem, Office
from lostfound.queries import of_own_offices
from lostfound.workflow import COUNTER_ROLES
from townhall import workplaces
from townhall.codes import normalise
from townhall.people import Scope, scope_of
from townhall.views.sign_in import StaffRequest, staff_only
from townhall.workplaces import Workplace

CHOICE = "amt"  # ?amt=bensheim moves to another counter
_KEPT = "fund_office"


def register() -> None:
    """Where the counter's people begin to work."""
    workplaces.register(
        Workplace(20, "fund-desk", "box", _("Lost property office"), "fund-", opens_to)
    )


def opens_to(scope: Scope) -> bool:
    """Whether somebody works at a counter or sets one up."""
    return scope.has_role(*COUNTER_ROLES)


def counter_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets in who works at a counter; others of the town hall are told so."""

    @staff_only
    @wraps(view)
    def guarded(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not opens_to(scope_of(request.user)):
            return render(
                request,
                "lostfound/desk/not_here.html",
                {"places": workplaces.open_to(request.user)},
                status=403,
            )
        return view(request, *args, **kwargs)

    return guarded


def offices_of(user: Any) -> Sequence[Office]:
    """One statement, kept on the user."""
    known: Sequence[Office] | None = getattr(user, "_offices", None)
    if known is None:
        rows = Office.objects.filter(of_own_offices(user)).select_related(
            "municipality", "department"
        )
        known = list(rows)
        user._offices = known
    return known


def office_of(request: HttpRequest) -> Office | None:
    """The counter this request is about: the one asked for, the last one, or the first.

    None: no office has been set up for this user.
    """
    offices = offices_of(request.user)
    asked = request.GET.get(CHOICE, "")[:60]
    wish = asked or request.session.get(_KEPT, "")
    office = next((each for each in offices if each.slug == wish), None)
    if office is not None and asked and request.session.get(_KEPT) != asked:
        request.session[_KEPT] = asked
    return office or (offices[0] if offices else None)


def item_of(request: HttpRequest, code: str) -> FoundItem:
    """The thing with this code, if it is at one of the user's counters. Raises Http404."""
    known = normalise(code)
    item = (
        FoundItem.objects.visible_to(request.user)
        .select_related("office__municipality", "part_of", "find_place", "found_in")
        .filter(code=known)
        .first()
        if known
        else None
    )
    if item is None:
        raise Http404
    return item
