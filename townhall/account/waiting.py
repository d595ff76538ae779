"""Between the password and the second factor: known, but not yet in.

Nobody is signed in meanwhile, so no page, API or socket needs to know of it.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from townhall.account import sessions
from townhall.models import User

LASTS_S = 10 * 60
CONFIRMED_S = 15 * 60
_KEY = "waiting_for_second_factor"
_CONFIRMED = "password_shown_at"


def begin(request: HttpRequest, user: User, *, goal: str) -> None:
    """The password was right; `goal`: where they wanted to go, "" for their own work."""
    request.session.cycle_key()
    request.session[_KEY] = {"user": user.pk, "backend": _backend(user), "goal": goal, "at": _now()}


def _backend(user: User) -> str:
    """By which the password was looked at (Django writes it on the user)."""
    known: str = getattr(user, "backend", "")
    return known


def who_waits(request: HttpRequest) -> User | None:
    """None: nobody, or they took longer than LASTS_S."""
    facts: dict[str, Any] = request.session.get(_KEY) or {}
    if not facts or not 0 <= _now() - facts["at"] <= LASTS_S:
        return None
    return User.objects.filter(pk=facts["user"], is_active=True).first()


def let_in(request: HttpRequest, user: User) -> str:
    """Sign in who waited. Where they wanted to go."""
    facts = request.session.pop(_KEY)
    login(request, user, backend=facts["backend"] or None)
    arrived(request, user)
    goal: str = facts["goal"]
    return goal


def arrived(request: HttpRequest, user: User) -> None:
    """Somebody has just signed in."""
    request.session[_CONFIRMED] = _now()
    sessions.begin(request, user)


def has_shown_password(request: HttpRequest) -> bool:
    """Lately enough to change the account's keys: an unattended screen is not enough."""
    at: int = request.session.get(_CONFIRMED, 0)
    return 0 <= _now() - at <= CONFIRMED_S


def showed_password(request: HttpRequest) -> None:
    request.session[_CONFIRMED] = _now()


def _now() -> int:
    return int(time.time())
