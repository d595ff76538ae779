"""Reckoning the trail anew: every seal, every fact. What does not fit is named."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.utils import timezone

from townhall.models import TrailPart, TrailSeal
from townhall.trail import digests
from townhall.trail.sealing import leaf_of, salts_of, unsealed
from townhall.trail.trails import Trail, all_trails, trail_named

# The job seals every hour; a worker that rested for a night is no forgery.
LATEST: Final = dt.timedelta(days=1)


class Wrong(StrEnum):
    SEAL_GONE = "a seal before it is missing"
    CHAIN_BROKEN = "it does not continue the seal before"
    SEAL_CHANGED = "its digest is another one"
    TRAIL_UNKNOWN = "nobody knows this trail"
    FACT_GONE = "a fact is missing"
    SALT_GONE = "the salt of its case is missing"
    FACT_CHANGED = "a fact was changed"
    ACTOR_CHANGED = "who did it was changed"
    CASES_GONE = "more cases are gone than were erased by rule"
    UNSEALED = "facts have no seal"
    KEPT_DIFFERS = "the seal is not the one that was written down"


@dataclass(frozen=True)
class Trouble:
    """`what` is wrong in the seal of this number (0: in all); `row` of the trail and its `case`,
    where it is one row; `counts`: how many, against how many where there is a rule.
    """

    seal: int
    what: Wrong
    trail: str = ""
    row: int = 0
    case: int = 0
    counts: tuple[int, ...] = ()


@dataclass
class Report:
    """What was looked at. `erased`: facts that went with their case; `last` and `head`: number and
    digest of the last seal.
    """

    seals: int = 0
    facts: int = 0
    erased: int = 0
    unknown_actors: int = 0
    last: int = 0
    head: str = digests.FIRST
    troubles: list[Trouble] = field(default_factory=list)
    gone: dict[str, set[int]] = field(default_factory=dict)


def verify(kept: tuple[int, str] | None = None) -> Report:
    """Some statements for each batch. Changes nothing.

    `kept`: number and digest (or how it begins) of a seal, as somebody wrote it down.
    """
    report = Report()
    for seal in TrailSeal.objects.order_by("number").iterator(chunk_size=50):
        parts = list(seal.parts.order_by("pk"))
        report.troubles += _chain(seal, parts, report)
        for part in parts:
            report.troubles += _facts(seal, part, report)
        report.seals, report.last, report.head = report.seals + 1, seal.number, seal.digest
    report.troubles += _vanished(report)
    report.troubles += _late()
    if kept and not TrailSeal.objects.filter(number=kept[0], digest__startswith=kept[1]).exists():
        report.troubles.append(Trouble(kept[0], Wrong.KEPT_DIFFERS))
    return report


def _chain(seal: TrailSeal, parts: list[TrailPart], report: Report) -> Iterator[Trouble]:
    if seal.number != report.seals + 1:
        yield Trouble(seal.number, Wrong.SEAL_GONE)
    if seal.previous != report.head:
        yield Trouble(seal.number, Wrong.CHAIN_BROKEN)
    said = [(part.trail, part.rows, part.cases, bytes(part.leaves)) for part in parts]
    if digests.seal(seal.previous, seal.number, seal.sealed_at, said) != seal.digest:
        yield Trouble(seal.number, Wrong.SEAL_CHANGED)


def _facts(seal: TrailSeal, part: TrailPart, report: Report) -> Iterator[Trouble]:
    trail = trail_named(part.trail)
    if trail is None:
        yield Trouble(seal.number, Wrong.TRAIL_UNKNOWN, part.trail)
        return
    facts = {
        fact[0]: fact for fact in trail.rows.filter(pk__in=part.rows).values_list(*trail.columns)
    }
    salts = salts_of(trail, part.cases)
    whole = set(trail.whole_cases.filter(pk__in=set(part.cases)).values_list("pk", flat=True))
    leaves = bytes(part.leaves)
    for place, (row, case) in enumerate(zip(part.rows, part.cases, strict=True)):
        report.facts += 1
        sealed = leaves[place * digests.LEAF : (place + 1) * digests.LEAF]
        if case not in whole:
            report.erased += 1
            report.gone.setdefault(trail.name, set()).add(case)
        elif row not in facts:
            yield Trouble(seal.number, Wrong.FACT_GONE, trail.name, row, case)
        elif case not in salts:
            yield Trouble(seal.number, Wrong.SALT_GONE, trail.name, row, case)
        else:
            yield from _compared(
                seal, trail, sealed, leaf_of(salts[case], facts[row]), facts[row], report
            )


def _compared(
    seal: TrailSeal,
    trail: Trail,
    sealed: bytes,
    now: bytes,
    fact: tuple[object, ...],
    report: Report,
) -> Iterator[Trouble]:
    row, case, actor = int(str(fact[0])), int(str(fact[1])), fact[2]
    if not hmac.compare_digest(sealed[: digests.HALF], now[: digests.HALF]):
        yield Trouble(seal.number, Wrong.FACT_CHANGED, trail.name, row, case)
    elif not hmac.compare_digest(sealed[digests.HALF :], now[digests.HALF :]):
        if actor is None:
            report.unknown_actors += 1  # the account was deleted since
        else:
            yield Trouble(seal.number, Wrong.ACTOR_CHANGED, trail.name, row, case)


def _vanished(report: Report) -> Iterator[Trouble]:
    """More cases are gone than the house says it erased by rule."""
    for name, cases in report.gone.items():
        trail = trail_named(name)
        if trail and trail.erased and len(cases) > trail.erased():
            yield Trouble(0, Wrong.CASES_GONE, name, counts=(len(cases), trail.erased()))


def _late() -> Iterator[Trouble]:
    """Facts that should have a seal for long: the job rests, or the last seals were removed."""
    for trail in all_trails():
        count = unsealed(trail).filter(at__lt=timezone.now() - LATEST).count()
        if count:
            yield Trouble(0, Wrong.UNSEALED, trail.name, counts=(count,))
