"""What the doctor finds: how bad it is, what it is, how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class Finding:
    level: Level
    what: str
    remedy: str = ""


Findings = Iterator[Finding]


def ok(what: str) -> Finding:
    return Finding(Level.OK, what)


def note(what: str, remedy: str) -> Finding:
    return Finding(Level.NOTE, what, remedy)


def broken(what: str, remedy: str) -> Finding:
    return Finding(Level.BROKEN, what, remedy)
