"""Are known vulnerabilities in what we have locked? Asked of an index with PyPI's JSON interface.

It carries, per release, the advisories of the Python Packaging Advisory Database: one question per
package.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_S = 6
AT_ONCE = 8
KEPT = dt.timedelta(hours=20)  # what was clean is asked again the next day
Answer = Mapping[str, Any]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)


class NoSource(Exception):
    """No index with advisories can be reached from here."""


class BadList(Exception):
    """The list of exceptions can't be read. Carries a sentence."""


@dataclass(frozen=True, order=True)
class Pin:
    name: str
    version: str


@dataclass(frozen=True, order=True)
class Finding:
    pin: Pin
    ids: tuple[str, ...]  # the advisory's own id first, then CVE and GHSA numbers
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        mend = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fixed version yet"
        return f"{self.pin.name} {self.pin.version}: {' '.join(self.ids)}, {mend}"


@dataclass(frozen=True)
class Waiver:
    """An advisory that we live with, until when, and why."""

    id: str
    until: dt.date
    reason: str


def pins(locks: Iterable[Path]) -> list[Pin]:
    """Every package of the locks, once per version."""
    found = {
        Pin(name.lower(), version)
        for lock in locks
        for name, version in _PIN.findall(lock.read_text(encoding="utf-8"))
    }
    return sorted(found)


def waivers(file: Path) -> list[Waiver]:
    """Raises BadList where an entry lacks its id, its reason or its last day."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("ignore", [])
    read = []
    for entry in entries:
        words, until = (entry.get("id"), entry.get("reason")), entry.get("until")
        if not all(words) or not isinstance(until, dt.date):
            raise BadList(f"{file.name}: each entry needs id, until (a date) and reason: {entry}")
        read.append(Waiver(entry["id"], until, entry["reason"]))
    return read


def findings(wanted: list[Pin], *, index: str) -> tuple[list[Finding], list[Pin]]:
    """What is known, and the packages about which the index can't tell.

    Raises NoSource when that is all of them.
    """
    first = _ask(index, wanted[0])  # before the others wait for the same time-out
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rest = pool.map(lambda pin: _ask(index, pin), wanted[1:])
        answers = dict(zip(wanted, [first, *rest], strict=True))
    unknown = [pin for pin, answer in answers.items() if answer is None]
    if len(unknown) == len(wanted):
        raise NoSource
    found = [
        _finding(pin, told)
        for pin, answer in answers.items()
        for told in (answer or {}).get("vulnerabilities", ())
        if not told.get("withdrawn")
    ]
    return sorted(found), unknown


def open_findings(
    found: Iterable[Finding], waived: Iterable[Waiver], *, on: dt.date
) -> list[Finding]:
    """Without those that a waiver names whose last day has not passed."""
    known = {each.id for each in waived if each.until >= on}
    return [each for each in found if not known.intersection(each.ids)]


def digest(wanted: list[Pin], index: str) -> str:
    return hashlib.sha256(repr((wanted, index)).encode()).hexdigest()[:20]


def _ask(index: str, pin: Pin) -> Answer | None:
    """What the index says about a release; None when it can't tell. Raises NoSource.

    Some mirrors know only the newest release of a package by name: good, if that is ours.
    """
    told = _read(f"{index}/pypi/{pin.name}/{pin.version}/json")
    if told is None:
        told = _read(f"{index}/pypi/{pin.name}/json")
        if told is not None and told.get("info", {}).get("version") != pin.version:
            return None
    return told


def _read(address: str) -> Answer | None:
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:  # noqa: S310  https, ours
            told: Answer = json.load(answer)
            return told
    except urllib.error.HTTPError:
        return None
    except (OSError, ValueError):
        raise NoSource from None


def _finding(pin: Pin, told: Mapping[str, Any]) -> Finding:
    ids = dict.fromkeys([str(told["id"]), *map(str, told.get("aliases", ()))])
    return Finding(pin, tuple(ids), tuple(map(str, told.get("fixed_in", ()))))
