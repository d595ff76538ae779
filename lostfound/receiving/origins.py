"""What an intake can come from (a finder's report, a report of a problem), registered by its room.

The page `/amt/fund/annahme?aus=KIND:REFERENCE` begins with what is known there, and the deed tells
it in the same transaction what it has become.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lostfound.models import FoundItem
from townhall.models import User

PARAMETER = "aus"


@dataclass(frozen=True)
class Origin:
    """`prefill`: values by the names of IntakeForm's fields, None for what the user may not see.
    `settle`: the thing was taken in from it.
    """

    prefill: Callable[[str, User], Mapping[str, Any] | None]
    settle: Callable[[str, FoundItem, User], None]


_ORIGINS: dict[str, Origin] = {}


def register(kind: str, origin: Origin) -> None:
    _ORIGINS[kind] = origin


def prefill(text: str, user: User) -> Mapping[str, Any]:
    """First values for a form that comes from `text` ("KIND:REFERENCE"); none for nonsense."""
    kind, _colon, reference = text.partition(":")
    origin = _ORIGINS.get(kind)
    known = origin.prefill(reference, user) if origin else None
    return {**known, "origin": text} if known else {}


def settle(text: str, item: FoundItem, *, by: User) -> None:
    """In the deed's transaction."""
    kind, _colon, reference = text.partition(":")
    if kind in _ORIGINS:
        _ORIGINS[kind].settle(reference, item, by)
