"""Sealing what has no seal yet, and letting go of what was erased. Done by a job, every hour."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from townhall.models import TrailPart, TrailSalt, TrailSeal
from townhall.trail import digests
from townhall.trail.trails import Trail, all_trails

BATCH = 5_000  # facts of each trail under one seal
# Keys are given before commits: a slow transaction's rows appear behind later ones. So many keys
# back is looked for rows that are not sealed yet.
MARGIN = 20_000
_LOCK = 0x5EA1


@dataclass(frozen=True)
class Batch:
    trail: Trail
    rows: list[int]
    cases: list[int]
    leaves: bytes


def seal_all() -> int:
    """Seal everything that is not. How many facts; one transaction for each batch."""
    total = 0
    while count := seal_batch():
        total += count
    return total


def seal_batch() -> int:
    """One seal over the next facts of every trail; 0: there were none, or another does it."""
    with transaction.atomic():
        if not _alone():
            return 0
        batches = [batch for trail in all_trails() if (batch := _next(trail)) is not None]
        if not batches:
            return 0
        _write(batches)
    return sum(len(batch.rows) for batch in batches)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def unsealed(trail: Trail) -> Any:
    """Facts that have no seal yet, oldest first. Two statements before it is read."""
    last = TrailPart.objects.filter(trail=trail.name).order_by("-last_row").first()
    floor = max(0, last.last_row - MARGIN) if last else 0
    known: set[int] = set()
    for part in TrailPart.objects.filter(trail=trail.name, last_row__gt=floor):
        known.update(part.rows)
    return trail.rows.filter(pk__gt=floor).exclude(pk__in=known)


def _next(trail: Trail) -> Batch | None:
    facts = list(unsealed(trail).values_list(*trail.columns)[:BATCH])
    if not facts:
        return None
    salts = salts_of(trail, {fact[1] for fact in facts}, makes=True)
    return Batch(
        trail,
        [fact[0] for fact in facts],
        [fact[1] for fact in facts],
        b"".join(leaf_of(salts[fact[1]], fact) for fact in facts),
    )


def leaf_of(salt: bytes, fact: Sequence[Any]) -> bytes:
    """`fact`: as `Trail.columns` name it."""
    row, _case, actor, *said = fact
    return digests.leaf(salt, row, said, actor)


def salts_of(trail: Trail, cases: Iterable[int], *, makes: bool = False) -> dict[int, bytes]:
    """By case; those of erased ones are gone."""
    wanted = set(cases)
    if makes:
        TrailSalt.objects.bulk_create(
            (
                TrailSalt(trail=trail.name, case=case, salt=secrets.token_bytes(16))
                for case in wanted
            ),
            ignore_conflicts=True,
        )
    found = TrailSalt.objects.filter(trail=trail.name, case__in=wanted)
    return {case: bytes(salt) for case, salt in found.values_list("case", "salt")}


def _write(batches: Sequence[Batch]) -> None:
    last = TrailSeal.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.digest) if last else (1, digests.FIRST)
    now = timezone.now()
    parts = [(each.trail.name, each.rows, each.cases, each.leaves) for each in batches]
    seal = TrailSeal.objects.create(
        number=number,
        sealed_at=now,
        previous=previous,
        digest=digests.seal(previous, number, now, parts),
        count=sum(len(each.rows) for each in batches),
    )
    TrailPart.objects.bulk_create(
        TrailPart(seal=seal, trail=name, rows=rows, cases=cases, leaves=leaves, last_row=max(rows))
        for name, rows, cases, leaves in parts
    )


def let_go() -> int:
    """Delete the salts of erased cases: what is left of them are digests of nobody knows what."""
    gone = 0
    for trail in all_trails():
        mine = TrailSalt.objects.filter(trail=trail.name)
        alive = trail.whole_cases.order_by().values("pk")
        gone += mine.exclude(case__in=alive).delete()[0]
    return gone
