"""What other subjects show on the counter's two pages, each without knowing the others.

A panel is a template and the facts for it; whoever owns the subject registers it at start
(apps.py). `facts` returns None where the panel has nothing to say here. Panels stand by `order`,
tens apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from lostfound.models import FoundItem, Office
from townhall.models import User

Facts = Mapping[str, Any]
ItemFacts = Callable[[FoundItem, User], Facts | None]
OfficeFacts = Callable[[Office, User], Facts | None]


@dataclass(frozen=True)
class Shown:
    """A panel with its facts; the page includes its template with them as `panel`."""

    template: str
    facts: Facts


@dataclass(frozen=True)
class Counter:
    """A number of the start page with the list behind it. `is_urgent`: red unless zero."""

    order: int
    url_name: str
    icon: str
    label: str | Promise
    count: Callable[[Office, dt.date], int]
    query: str = ""
    is_urgent: bool = False


_OF_ITEMS: dict[str, tuple[int, ItemFacts]] = {}
_OF_OFFICES: dict[str, tuple[int, OfficeFacts]] = {}
_COUNTERS: dict[tuple[str, str], Counter] = {}


def register(order: int, template: str, facts: ItemFacts) -> None:
    """A panel of a thing's page. The template reads `panel` (its facts), `item` and `user`."""
    _OF_ITEMS[template] = (order, facts)


def register_at_start(order: int, template: str, facts: OfficeFacts) -> None:
    """A panel of the start page. The template reads `panel`, `office` and `user`."""
    _OF_OFFICES[template] = (order, facts)


def register_counter(counter: Counter) -> None:
    """A number of the start page."""
    _COUNTERS[counter.url_name, counter.query] = counter


def of_item(item: FoundItem, user: User) -> Sequence[Shown]:
    return _shown(_OF_ITEMS, item, user)


def of_office(office: Office, user: User) -> Sequence[Shown]:
    return _shown(_OF_OFFICES, office, user)


def counters() -> Sequence[Counter]:
    return sorted(_COUNTERS.values(), key=lambda counter: counter.order)


def _shown(
    register: Mapping[str, tuple[int, Callable[[Any, User], Facts | None]]], thing: Any, user: User
) -> Sequence[Shown]:
    ordered = sorted(register.items(), key=lambda entry: entry[1][0])
    asked = ((template, facts(thing, user)) for template, (_order, facts) in ordered)
    return [Shown(template, facts) for template, facts in asked if facts is not None]
