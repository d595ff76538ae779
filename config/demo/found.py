"""The Fundbüros of the demo: what lies there, what is missed, who claims what.

The rows are made in bulk; only deadlines and matches are reckoned by the product's own functions,
for what they say must be right. No letters, no jobs, no rings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from django.utils import timezone

from lostfound.claiming.score import score_of
from lostfound.ending import deadlines
from lostfound.ending.deadlines import House
from lostfound.matching import store
from lostfound.models import (
    Claim,
    Claimant,
    ClaimEvent,
    ClaimTry,
    Custody,
    Event,
    Finder,
    FoundItem,
    HiddenMark,
    Listing,
    Loser,
    LossEvent,
    LossMark,
    LossReport,
    ProofQuestion,
)
from lostfound.searching import publishing
from lostfound.terms import policy_of
from lostfound.workflow import OPEN, SHOWN, State
from townhall.calendar import Calendar
from townhall.models import Department, Municipality

from .found_endings import load_endings
from .found_finds import load_finds
from .found_losses import Asking, Losers, Missing
from .found_offices import Town, load_offices, load_storage, load_towns
from .found_things import Maker, Thing

MATCHED = 24  # losses compared with everything that is here; each costs some 50 ms
_MONEY = frozenset({State.AUCTIONED, State.SOLD})


@dataclass(frozen=True)
class Stock:
    """How many of each."""

    offices: int
    things: int
    losses: int
    matches: int


def load_found(
    departments: Mapping[str, Department],
    municipalities: Mapping[str, Municipality],
    *,
    seed: int,
    now: dt.datetime,
) -> Stock:
    """Everything that the lost property offices have, and what people miss."""
    rng = Random(f"{seed} found")  # noqa: S311
    offices = load_offices(departments, municipalities)
    load_storage(offices, rng)
    towns = load_towns(offices)
    things = Maker(towns, rng, now).make()
    _write_things(things)
    losers = Losers(towns, rng, now)
    losses = losers.losses(things)
    _write_losses(losses)
    claims = losers.claims(things, losses)
    _write_claims(claims)
    load_endings(towns, things, claims, now=now)
    load_finds(towns, things, rng, now=now)
    _publish(things)
    _reckon(things, towns, on=timezone.localdate(now))
    matches = _match(losses)
    _score(claims)
    return Stock(
        offices=len(offices),
        things=len(things) + sum(len(each.parts) for each in things),
        losses=len(losses),
        matches=matches,
    )


def _write_things(things: Sequence[Thing]) -> None:
    """Seven statements (and their batches)."""
    FoundItem.objects.bulk_create([each.item for each in things], batch_size=200)
    FoundItem.objects.bulk_create([part for each in things for part in each.parts])
    Finder.objects.bulk_create(each.finder for each in things if each.finder)
    HiddenMark.objects.bulk_create(mark for each in things for mark in each.marks)
    ProofQuestion.objects.bulk_create(question for each in things for question in each.questions)
    Custody.objects.bulk_create(entry for each in things for entry in each.custody)
    events = sorted((event for each in things for event in each.events), key=lambda e: e.at)
    Event.objects.bulk_create(events, batch_size=500)


def _write_losses(losses: Sequence[Missing]) -> None:
    LossReport.objects.bulk_create(each.loss for each in losses)
    Loser.objects.bulk_create(each.loser for each in losses)
    LossMark.objects.bulk_create(each.mark for each in losses if each.mark)
    LossEvent.objects.bulk_create(event for each in losses for event in each.events)


def _write_claims(claims: Sequence[Asking]) -> None:
    Claim.objects.bulk_create(each.claim for each in claims)
    Claimant.objects.bulk_create(each.claimant for each in claims)
    ClaimTry.objects.bulk_create(each.attempt for each in claims)
    ClaimEvent.objects.bulk_create(event for each in claims for event in each.events)


def _score(claims: Sequence[Asking]) -> None:
    """As the job does that looks at a new claim."""
    scored = [each.claim for each in claims if each.claim.is_open]
    for claim in scored:
        claim.score, claim.components = score_of(claim)
    Claim.objects.bulk_update(scored, ["score", "components"])


def _publish(things: Iterable[Thing]) -> None:
    """The public records of what is here, as `publishing` makes them."""
    rows = []
    for each in things:
        item = each.item
        if not each.is_listed or item.state not in SHOWN:
            continue
        face = publishing.face_of(item)
        rows.append(
            Listing(
                item=item,
                code=item.code,
                office=item.office,
                municipality=face.municipality,
                kind=face.kind,
                colour=face.colour,
                brand=face.brand,
                found_on=face.found_on,
                cell=face.cell,
                cell_m=face.cell_m,
                place=face.place,
                text=face.text,
                published_at=item.received_at,
            )
        )
    Listing.objects.bulk_create(rows, batch_size=100)


def _reckon(things: Iterable[Thing], towns: Mapping[str, Town], *, on: dt.date) -> None:
    houses = {
        slug: House(policy_of(town.office.municipality), Calendar.of(town.office.municipality))
        for slug, town in towns.items()
    }
    for each in things:
        house = houses[each.item.office.slug]
        for item in (each.item, *each.parts):
            if item.state in OPEN or item.state in _MONEY:
                deadlines.reckon(item, on=on, house=house)


def _match(losses: Sequence[Missing]) -> int:
    """By the matcher itself: first the losses of what lies here, then some of the others."""
    ranked = sorted(losses, key=lambda each: (each.thing is None, each.loss.code))
    return sum(store.match_loss(each.loss.pk) for each in ranked[:MATCHED])
