"""Topics: what a page can listen to. Each room registers its kinds when it starts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured

from townhall.models import User

from .limits import TOPIC_CHARACTERS

Visitor = User | AnonymousUser

_SHAPE = re.compile(r"([a-z]+):([!-~]+)")


class TopicKind:
    """A kind of topic, `prefix:name`. Names reach the methods without the prefix.

    All methods run in a thread and may use the database.
    """

    prefix: ClassVar[str]
    is_public: ClassVar[bool] = False
    """Open to everybody for ever. The right to join others is asked again at every beat."""

    def canonical(self, name: str) -> str:
        """The name under which the topic is rung. Raises ValueError for a name that can't be.

        A token becomes its digest here, so that it stands in no notification.
        """
        return name

    def may_join(self, user: Visitor, name: str) -> bool:
        """Whether the visitor may listen to the topic of this canonical name."""
        raise NotImplementedError

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> list[Mapping[str, Any]]:
        """What was rung on these canonical names since the cursor, newest state first or last.

        Current postcards and doorbells, not the old ones. More than limits.MISSED need not be
        read: stop one above it. Raises CursorUnknown (missed_condition does).
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Topic:
    """A topic that a client named: `said` by the client, `name` as it is rung."""

    said: str
    kind: TopicKind
    name: str

    @property
    def rung(self) -> str:
        return f"{self.kind.prefix}:{self.name}"


_kinds: dict[str, TopicKind] = {}


def register(kind: TopicKind) -> None:
    """Make a kind of topic known; called from AppConfig.ready()."""
    other = _kinds.setdefault(kind.prefix, kind)
    if type(other) is not type(kind):
        raise ImproperlyConfigured(f"Two kinds of live topics are called {kind.prefix!r}.")


def named(said: str) -> Topic | None:
    """The topic of that name; None if there can't be one."""
    shape = _SHAPE.fullmatch(said) if len(said) <= TOPIC_CHARACTERS else None
    kind = _kinds.get(shape[1]) if shape else None
    if shape is None or kind is None:
        return None
    try:
        return Topic(said, kind, kind.canonical(shape[2]))
    except ValueError:
        return None
