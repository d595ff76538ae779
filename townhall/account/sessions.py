"""Signed-in browsers: listed for their owner, ended by them or by who administers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from townhall.account import factors
from townhall.models import AccountEvent, AccountEventKind, StaffSession, User

# The first that is named in the header; Edge and Opera call themselves Chrome, and all are Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Seat:
    """A session as its owner sees it."""

    session: StaffSession
    is_here: bool


def begin(request: HttpRequest, user: User) -> None:
    """Write down that this browser is signed in from now on."""
    key = request.session.session_key
    if key is None:
        request.session.save()
        key = str(request.session.session_key)
    device = device_of(request.headers.get("User-Agent", ""))
    StaffSession.objects.update_or_create(key=key, defaults={"user": user, "device": device})


def device_of(header: str) -> str:
    """„Firefox, Windows“; "" for what says nothing known."""
    known = (_first(header, names) for names in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, known))


def _first(header: str, names: Iterable[tuple[str, str]]) -> str:
    return next((name for mark, name in names if mark in header), "")


def seats_of(user: User, *, here: str | None) -> list[Seat]:
    """Those that still hold, this browser's first. Two statements."""
    rows = list(StaffSession.objects.filter(user=user).order_by("-began_at"))
    alive = _alive([row.key for row in rows])
    seats = [Seat(row, row.key == here) for row in rows if row.key in alive]
    return sorted(seats, key=lambda seat: not seat.is_here)


def _alive(keys: list[str]) -> set[str]:
    found = Session.objects.filter(pk__in=keys, expire_date__gt=timezone.now())
    return set(found.values_list("pk", flat=True))


def end(user: User, rows: QuerySet[StaffSession], *, by: User | None) -> int:
    """Sign these browsers out at once. How many there were."""
    with transaction.atomic():
        keys = list(rows.filter(user=user).values_list("key", flat=True))
        Session.objects.filter(pk__in=keys).delete()
        StaffSession.objects.filter(user=user, key__in=keys).delete()
        if keys:
            AccountEvent.objects.create(user=user, actor=by, kind=AccountEventKind.SESSIONS_ENDED)
    return len(keys)


def end_unproven(*, by: User | None) -> int:
    """Sign out whoever must have a second factor and has none; they set it up as they come back.

    A town may begin to ask for one, or somebody to work for such a town, while they are signed in.
    How many browsers. `by` None: nobody, the house does.
    """
    rows = StaffSession.objects.all()
    people = factors.lacking().filter(pk__in=rows.values("user"))
    return sum(end(each, rows, by=by) for each in people)


def sweep() -> int:
    """Forget what nobody is signed in by any more."""
    keys = list(StaffSession.objects.values_list("key", flat=True))
    gone = set(keys) - _alive(keys)
    StaffSession.objects.filter(key__in=gone).delete()
    return len(gone)
