"""What clients say: read into frozen values, or refused with a sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass

from .limits import CURSOR_CHARACTERS, MESSAGE_CHARACTERS, TOPICS_PER_SOCKET


class Nonsense(Exception):
    """The message can't be understood; the text tells a programmer why."""


@dataclass(frozen=True)
class Subscribe:
    topics: tuple[str, ...]
    cursor: str | None


@dataclass(frozen=True)
class Unsubscribe:
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Ping:
    pass


Wish = Subscribe | Unsubscribe | Ping


def wish(text: str | None) -> Wish:
    """Read a client's message. Raises Nonsense."""
    if text is None:
        raise Nonsense("Messages are JSON texts, not binary.")
    if len(text) > MESSAGE_CHARACTERS:
        raise Nonsense(f"A message has at most {MESSAGE_CHARACTERS} characters.")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Nonsense("That is not JSON.") from None
    if not isinstance(said, dict):
        raise Nonsense("A message is a JSON object.")
    match said.get("type"):
        case "ping":
            return Ping()
        case "subscribe":
            return Subscribe(_topics(said.get("topics")), _cursor(said.get("cursor")))
        case "unsubscribe":
            return Unsubscribe(_topics(said.get("topics")))
    raise Nonsense("`type` is one of subscribe, unsubscribe, ping.")


def _topics(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(x, str) for x in value):
        raise Nonsense("`topics` is a list of at least one text.")
    if not all(x.isprintable() for x in value):  # a lone surrogate could not be answered
        raise Nonsense("Topics are printable texts.")
    if len(value) > TOPICS_PER_SOCKET:
        raise Nonsense(f"`topics` names at most {TOPICS_PER_SOCKET} topics.")
    return tuple(dict.fromkeys(value))


def _cursor(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > CURSOR_CHARACTERS:
        raise Nonsense("`cursor` is a text that the server gave out, or null.")
    return value
