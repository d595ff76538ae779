"""Finders' reports from home: some to do, some kept at home, some taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random
from uuid import UUID

from django.utils import timezone

from lostfound.finders.finds import CAPABILITY, KEPT
from lostfound.models import (
    Consent,
    FindReport,
    FindReporter,
    FindState,
    FoundItem,
    Regime,
    Source,
    Spot,
    Value,
    Whereabouts,
)
from lostfound.workflow import State
from townhall.capabilities import digest, token_for
from townhall.codes import new_code

from .found_offices import Town
from .found_texts import SORTS
from .found_things import Thing, plain
from .people import phone
from .stories import FIRST_NAMES, LAST_NAMES

_TO_DO = (
    FindState.WAITING,
    FindState.WAITING,
    FindState.WAITING,
    FindState.WAITING,
    FindState.WAITING,
    FindState.QUERY,
    FindState.REJECTED,
    FindState.WITHDRAWN,
)
_SAID = {
    FindState.QUERY: "Ist an dem Schlüssel ein Anhänger?",
    FindState.REJECTED: "Das liegt noch im Laden: Bitte geben Sie es dort an der Kasse ab.",
}
_KEEPABLE = frozenset({"umbrella", "toy", "jacket", "headwear", "helmet", "bag", "keys", "book"})


def load_finds(
    towns: Mapping[str, Town], things: Sequence[Thing], rng: Random, *, now: dt.datetime
) -> None:
    """Twelve reports in Bensheim and one in each of the others."""
    town = towns["bensheim"]
    finds = [_open(town, state, rng, now) for state in _TO_DO]
    finds += [_open(towns[slug], FindState.WAITING, rng, now) for slug in sorted(towns)[1:]]
    home = [
        each
        for each in things
        if each.state is State.WITH_FINDER and each.finder and each.item.office == town.office
    ]
    finds += [_of_thing(each, rng, now) for each in home[:4]]
    FindReport.objects.bulk_create(find for find, _who in finds)
    FindReporter.objects.bulk_create(who for _find, who in finds if who)
    online = [find.item for find, _who in finds if find.item]
    for item in online:
        item.source = Source.ONLINE
    FoundItem.objects.bulk_update(online, ["source"])


Report = tuple[FindReport, FindReporter | None]


def _open(town: Town, state: FindState, rng: Random, now: dt.datetime) -> Report:
    sort = rng.choice([each for each in SORTS if each.kind in _KEEPABLE])
    at = now - dt.timedelta(hours=rng.randrange(3, 200))
    find = _report(town, rng, at)
    find.kind, find.description = sort.kind, rng.choice(sort.said).seen
    find.colour, find.brand = rng.choice(sort.colours), rng.choice(sort.brands)
    find.value, find.value_cents = Value.ESTIMATE, rng.randrange(1100, 5000, 50)
    find.found_on = timezone.localdate(at) - dt.timedelta(days=rng.choice((0, 0, 1)))
    find.place_text = rng.choice(sorted(town.streets))
    find.found_at = town.streets[find.place_text][0]
    find.whereabouts = rng.choice((Whereabouts.BRINGS, Whereabouts.BRINGS, Whereabouts.KEEPS))
    find.claims_reward, find.claims_expenses = rng.random() < 0.4, False
    find.claims_ownership = rng.random() < 0.3
    find.state, find.reason = state, _SAID.get(state, "")
    if state not in {FindState.WAITING, FindState.QUERY}:
        find.decided_at = at + dt.timedelta(hours=2)
    return find, _reporter(find, rng)


def _of_thing(thing: Thing, rng: Random, now: dt.datetime) -> Report:
    """How the thing that its finder keeps came to our books."""
    item = thing.item
    find = _report_at(item, rng)
    for name in ("kind", "colour", "brand", "description", "value", "value_cents", "found_on"):
        setattr(find, name, getattr(item, name))
    for name in ("place_text", "found_at", "claims_ownership", "claims_reward", "claims_expenses"):
        setattr(find, name, getattr(item, name))
    find.whereabouts, find.state, find.item = Whereabouts.KEEPS, FindState.KEPT, item
    find.decided_at = min(now, find.reported_at + dt.timedelta(hours=3))
    who = FindReporter(find=find, name="", phone=phone(500), confirmed_at=find.reported_at)
    if thing.finder:
        who.name, who.email = thing.finder.name, thing.finder.email
        who.postal_address = thing.finder.postal_address
    return find, who


def _report_at(item: FoundItem, rng: Random) -> FindReport:
    find = _blank(rng, item.received_at)
    find.office, find.found_in = item.office, item.office.municipality
    return find


def _report(town: Town, rng: Random, at: dt.datetime) -> FindReport:
    find = _blank(rng, at)
    find.office, find.found_in = town.office, town.office.municipality
    return find


def _blank(rng: Random, at: dt.datetime) -> FindReport:
    client_id = UUID(int=rng.getrandbits(128), version=4)
    return FindReport(
        code=new_code(rng),
        client_id=client_id,
        digest=digest(f"demo {client_id}"),
        spot=Spot.OPEN,
        regime=Regime.GENERAL,
        consent=Consent.GIVEN,
        capability_digest=digest(token_for("find", client_id)),
        capability_expires_at=at + CAPABILITY,
        reported_at=at,
        erase_on=timezone.localdate(at) + KEPT,
    )


def _reporter(find: FindReport, rng: Random) -> FindReporter:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    return FindReporter(
        find=find,
        name=f"{first} {last}",
        postal_address=f"Musterweg {rng.randrange(1, 90)}",
        email=f"{plain(first)}.{plain(last)}@example.org",
        confirmed_at=find.reported_at if rng.random() < 0.7 else None,
    )
