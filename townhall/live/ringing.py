"""Ringing: telling the open pages, within the transaction that changes something."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError

from .limits import PAYLOAD_BYTES

CHANNEL = "augenmerk_live"
RESYNC: Mapping[str, Any] = {"kind": "resync"}

# What stands around the topics and the message in a payload: {"rings":[[[…],…]]}
_FRAME_BYTES = len('{"rings":[[[],]]}')


@dataclass(frozen=True)
class Ring:
    """One message for everybody who joined one of the topics.

    On public topics a postcard with what every visitor may read, on others a doorbell: which
    thing has which version. Topics are canonical: `reporter:DIGEST`, never a token.
    """

    topics: Sequence[str]
    message: Mapping[str, Any]


def ring(*rings: Ring) -> None:
    """Ring if and when the current transaction commits. One statement however many rings.

    What PostgreSQL can't carry in one notification travels in several; a message too large for
    any becomes `resync` for its topics. Raises TransactionManagementError outside a transaction:
    there, a bell could ring for something that never happened.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("live.ring() belongs in the transaction of the deed.")
    found = list(payloads(rings))
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [CHANNEL, found]
        )


def payloads(rings: Sequence[Ring]) -> Iterator[str]:
    """The rings as JSON texts of at most PAYLOAD_BYTES, in order, filled one after the other."""
    parts: list[str] = []
    size = _FRAME_BYTES
    for part in (part for each in rings for part in _parts(each)):
        if parts and size + len(part.encode()) + 1 > PAYLOAD_BYTES:
            yield _envelope(parts)
            parts, size = [], _FRAME_BYTES
        parts.append(part)
        size += len(part.encode()) + 1
    if parts:
        yield _envelope(parts)


def encode(value: object) -> str:
    """Compact JSON, as it stands in notifications and goes to sockets."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _envelope(parts: list[str]) -> str:
    return '{"rings":[' + ",".join(parts) + "]}"


def _parts(each: Ring) -> Iterator[str]:
    """`[topics, message]` as often as needed to keep every part below the limit."""
    message = encode(each.message)
    longest = max((len(encode(topic).encode()) for topic in each.topics), default=0)
    if _FRAME_BYTES + len(message.encode()) + longest > PAYLOAD_BYTES:
        message = encode(RESYNC)
    room = PAYLOAD_BYTES - _FRAME_BYTES - len(message.encode())
    for topics in _filled(each.topics, room):
        yield f"[[{topics}],{message}]"


def _filled(topics: Sequence[str], room: int) -> Iterator[str]:
    """The topics as comma-separated JSON strings of at most `room` bytes each."""
    line = ""
    for topic in map(encode, dict.fromkeys(topics)):
        if line and len(line.encode()) + len(topic.encode()) + 1 > room:
            yield line
            line = ""
        line = f"{line},{topic}" if line else topic
    if line:
        yield line
