"""The arithmetic of the trail, as plain Python: leaves of facts, digests of batches."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from typing import Any

HALF = 16  # bytes: of the fact, and of who did it
LEAF = 2 * HALF
FIRST = "0" * 64


def leaf(salt: bytes, row: int, fact: Sequence[Any], actor: int | None) -> bytes:
    """32 bytes. Keyed by the case's salt: without it nobody can try out what it may have been."""
    return _half(salt, "fact", row, list(fact)) + _half(salt, "actor", row, actor)


def _half(salt: bytes, kind: str, row: int, said: Any) -> bytes:
    text = json.dumps([kind, row, said], default=_plain, ensure_ascii=False, sort_keys=True)
    return hmac.digest(salt, text.encode(), "sha256")[:HALF]


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return str(value)


def seal(
    previous: str,
    number: int,
    sealed_at: dt.datetime,
    parts: Iterable[tuple[str, Sequence[int], Sequence[int], bytes]],
) -> str:
    """64 hexadecimal digits over the seal before and every part: its trail, rows, cases, leaves."""
    digest = hashlib.sha256()
    for word in (previous, number, sealed_at.astimezone(dt.UTC).isoformat()):
        digest.update(f"{word}\n".encode())
    for trail, rows, cases, leaves in parts:
        digest.update(f"{trail}\n{json.dumps([list(rows), list(cases)])}\n".encode())
        digest.update(leaves)
    return digest.hexdigest()
