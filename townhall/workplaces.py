"""Where members of staff work: the first of these that opens to them is where a sign-in leads.

Each room registers its own (reports the desk, lostfound the counter), so no arrow runs upward.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject

from townhall.models import User
from townhall.people import Scope, scope_of


@dataclass(frozen=True)
class Workplace:
    """`rank`: lower ones come first. `pages`: how the names of its addresses begin."""

    rank: int
    url_name: str
    icon: str
    label: str | Promise
    pages: str
    opens_to: Callable[[Scope], bool]


@dataclass(frozen=True)
class Signpost:
    """A workplace as a link of the header."""

    workplace: Workplace
    url: str
    is_here: bool


_WORKPLACES: dict[str, Workplace] = {}


def register(workplace: Workplace) -> None:
    _WORKPLACES[workplace.url_name] = workplace


def open_to(user: Any) -> list[Workplace]:
    """Those of this user, the most important first. Asks what the sign-in has asked already."""
    scope = scope_of(user)
    ranked = sorted(_WORKPLACES.values(), key=lambda each: each.rank)
    return [workplace for workplace in ranked if workplace.opens_to(scope)]


def landing(user: User) -> str:
    """The name of the address where this user begins to work; the desk for who has no place."""
    places = open_to(user)
    return places[0].url_name if places else "desk"


def workplaces(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `workplaces` in every template, unread until one looks."""
    return {"workplaces": SimpleLazyObject(lambda: _signposts(request))}


def _signposts(request: HttpRequest) -> Sequence[Signpost]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = getattr(request, "resolver_match", None)
    here = (match and match.url_name) or ""
    return [
        Signpost(place, reverse(place.url_name), here.startswith(place.pages))
        for place in open_to(user)
    ]
