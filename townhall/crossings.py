"""From one half of the house to the other: what a case of one may become in the other.

Reports and found things don't know each other. Each registers here what it takes over and how its
cases are found, so that no arrow runs between them: a report „Fahrrad gefunden“ becomes a found
thing, and both pages lead to each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.gis.geos import Point

from townhall.models import Municipality, User


@dataclass(frozen=True)
class Brought:
    """What the other half gets to know: never who reported it.

    `client_id` makes a crossing that is done twice one case. `reference` is the code of the case
    it comes from.
    """

    client_id: UUID
    reference: str
    municipality: Municipality
    text: str
    position: Point
    place_text: str
    on: dt.date
    image_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Arrived:
    """`code` of the new case, and who has it now, as everybody may read it."""

    code: str
    receiver: str


class NotWanted(Exception):
    """The other half does not take such a thing, or nobody there is set up for this town."""


@dataclass(frozen=True)
class Taker:
    """`receiver`: its name for this town, "" where there is none. `take` runs in the caller's
    transaction and may raise NotWanted."""

    receiver: Callable[[Municipality], str]
    take: Callable[[Brought, User], Arrived]


@dataclass(frozen=True)
class Sight:
    """A case as a link for this reader. `url` empty: they may not open it."""

    shown: str
    url: str = ""


_TAKERS: Final[dict[str, Taker]] = {}
_SIGHTS: Final[dict[str, Callable[[str, User], Sight | None]]] = {}


def register_taker(kind: str, taker: Taker) -> None:
    _TAKERS[kind] = taker


def register_cases(kind: str, look: Callable[[str, User], Sight | None]) -> None:
    """`look` gives the case with this code as this reader may see it; None: there is none."""
    _SIGHTS[kind] = look


def receiver(kind: str, municipality: Municipality) -> str:
    """Who would take it; "" where nobody would."""
    taker = _TAKERS.get(kind)
    return taker.receiver(municipality) if taker else ""


def take(kind: str, brought: Brought, *, by: User) -> Arrived:
    """Raises NotWanted."""
    taker = _TAKERS.get(kind)
    if taker is None:
        raise NotWanted
    return taker.take(brought, by)


def sight(kind: str, code: str, user: User) -> Sight | None:
    look = _SIGHTS.get(kind)
    return look(code, user) if look and code else None
