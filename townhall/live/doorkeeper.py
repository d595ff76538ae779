"""Who may listen to what, and what they missed. Runs in threads: it asks the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar, cast

from channels.db import DatabaseSyncToAsync
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from .cursors import CursorUnknown, cursor
from .limits import MISSED
from .ringing import encode
from .topics import Topic, Visitor, named

# After a restart every page asks at once: a few threads answer them, with a connection each.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")

Message = Mapping[str, Any]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Admission:
    visitor: Visitor
    accepted: list[Topic]
    refused: list[str]


@dataclass(frozen=True)
class News:
    """What was missed until `cursor`; None: too much or not to be known."""

    cursor: str
    messages: list[Message] | None


def admit(session_key: str | None, said: Iterable[str]) -> Admission:
    """Sort the topics that a client named into those it may join and the others."""
    visitor = visitor_of(session_key)
    accepted, refused = [], []
    for name in said:
        topic = named(name)
        if topic is not None and topic.kind.may_join(visitor, topic.name):
            accepted.append(topic)
        else:
            refused.append(name)
    return Admission(visitor, accepted, refused)


def revoked(session_key: str | None, topics: Sequence[Topic]) -> list[Topic]:
    """Those of the joined topics that the visitor may no longer listen to."""
    visitor = visitor_of(session_key)
    return [topic for topic in topics if not topic.kind.may_join(visitor, topic.name)]


def news(since: str | None, topics: Sequence[Topic], visitor: Visitor) -> News:
    """What was missed on joined topics; `since` None asks for nothing but a cursor."""
    until = cursor()  # before the reading: what commits meanwhile is told twice, not never
    if since is None:
        return News(until, [])
    try:
        return News(until, _missed(since, topics, visitor))
    except CursorUnknown:
        return News(until, None)


def visitor_of(session_key: str | None) -> Visitor:
    """The user who signed in with that session; expired, ended, forged or no session: nobody."""
    if not session_key or not session_key.isalnum() or len(session_key) > 40:
        return AnonymousUser()
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return get_user(cast("HttpRequest", SimpleNamespace(session=session)))


def in_thread(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function for the event loop. Bad connections are closed before and after."""
    threaded: Callable[P, Awaitable[R]] = DatabaseSyncToAsync(
        function, thread_sensitive=False, executor=_threads
    )
    return threaded


def _missed(since: str, topics: Sequence[Topic], visitor: Visitor) -> list[Message] | None:
    by_kind = defaultdict(list)
    for topic in topics:
        by_kind[topic.kind].append(topic.name)
    found: dict[str, Message] = {}  # once, though several topics bring it
    for kind, names in by_kind.items():
        found |= {encode(message): message for message in kind.missed(since, names, visitor)}
        if len(found) > MISSED:
            return None
    return list(found.values())
