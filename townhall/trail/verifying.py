"""Reckoning the trail anew: every seal, every fact. What does not fit is named."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

from townhall.models import TrailPart, TrailSeal
from townhall.trail import digests
from townhall.trail.sealing import leaf_of, salts_of
from townhall.trail.trails import Trail, trail_named


@dataclass(frozen=True)
class Trouble:
    """`what` is wrong in the seal of this number; `row` of the trail, where it is one row."""

    seal: int
    what: str
    trail: str = ""
    row: int = 0


@dataclass
class Report:
    """What was looked at. `erased`: facts that went with their case; `heads`: the last seal."""

    seals: int = 0
    facts: int = 0
    erased: int = 0
    unknown_actors: int = 0
    head: str = digests.FIRST
    troubles: list[Trouble] = field(default_factory=list)
    gone: dict[str, set[int]] = field(default_factory=dict)


def verify() -> Report:
    """Some statements for each batch. Changes nothing."""
    report = Report()
    for seal in TrailSeal.objects.order_by("number").iterator(chunk_size=50):
        parts = list(seal.parts.order_by("pk"))
        report.troubles += _chain(seal, parts, report)
        for part in parts:
            report.troubles += _facts(seal, part, report)
        report.seals, report.head = report.seals + 1, seal.digest
    report.troubles += _vanished(report)
    return report


def _chain(seal: TrailSeal, parts: list[TrailPart], report: Report) -> Iterator[Trouble]:
    if seal.number != report.seals + 1:
        yield Trouble(seal.number, "a seal before it is missing")
    if seal.previous != report.head:
        yield Trouble(seal.number, "it does not continue the seal before")
    said = [(part.trail, part.rows, part.cases, bytes(part.leaves)) for part in parts]
    if digests.seal(seal.previous, seal.number, seal.sealed_at, said) != seal.digest:
        yield Trouble(seal.number, "its digest is another one")


def _facts(seal: TrailSeal, part: TrailPart, report: Report) -> Iterator[Trouble]:
    trail = trail_named(part.trail)
    if trail is None:
        yield Trouble(seal.number, "nobody knows this trail", part.trail)
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
            yield Trouble(seal.number, "a fact is missing", trail.name, row)
        elif case not in salts:
            yield Trouble(seal.number, "the salt of its case is missing", trail.name, row)
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
    row, _case, actor = fact[0], fact[1], fact[2]
    if not hmac.compare_digest(sealed[: digests.HALF], now[: digests.HALF]):
        yield Trouble(seal.number, "a fact was changed", trail.name, int(str(row)))
    elif not hmac.compare_digest(sealed[digests.HALF :], now[digests.HALF :]):
        if actor is None:
            report.unknown_actors += 1  # the account was deleted since
        else:
            yield Trouble(seal.number, "who did it was changed", trail.name, int(str(row)))


def _vanished(report: Report) -> Iterator[Trouble]:
    """More cases are gone than the house says it erased by rule."""
    for name, cases in report.gone.items():
        trail = trail_named(name)
        if trail and trail.erased and len(cases) > trail.erased():
            what = f"cases gone: {len(cases)}, erased by rule: {trail.erased()}"
            yield Trouble(0, what, name)
