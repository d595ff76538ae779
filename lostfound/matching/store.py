"""The matcher's memory: compares a loss with all finds, or a find with all losses, and keeps what
fits. Again from its start is fine; what somebody has decided stays.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from lostfound import live
from lostfound.losing import hits
from lostfound.losing.hits import Hit
from lostfound.matching import candidates, public, score, sides
from lostfound.matching.score import RULES, Component, Name
from lostfound.matching.sides import Side
from lostfound.models import (
    FoundItem,
    Listing,
    LossEventKind,
    LossReport,
    LossState,
    Match,
    MatchState,
    Trace,
)
from lostfound.recording import record_loss

# Of the two halves in bench/: from 0.35 on stand 99 of 100 that belong together and one of 228 that
# don't; from 0.8 on still 99, and one of 850.
KEPT_FROM = 0.35  # a lower score is not shown to staff
LIKELY_FROM = 0.8  # counted on the start page
MOST_FOR_STAFF, MOST_FOR_OWNER = 20, 20


@dataclass(frozen=True)
class Outcome:
    """What one comparison came to. None in `public_score`: not for the owner's eyes."""

    loss: LossReport
    item: FoundItem
    score: float
    components: Mapping[str, Any]
    public_score: float | None
    public_components: Mapping[str, Any]


def match_loss(loss_id: int) -> int:
    """Compare a loss with everything that is here. Returns how many matches are kept."""
    loss = LossReport.objects.prefetch_related("marks").filter(pk=loss_id).first()
    if loss is None or loss.state != LossState.OPEN:
        return 0
    ours = sides.of_loss(loss)
    Trace.objects.update_or_create(
        loss=loss, defaults={"words": candidates.rare_words(ours.reading)}
    )
    outcomes = [
        _outcome(loss, ours, item, sides.of_item(item))
        for item in _items(candidates.items_for(loss))
    ]
    return _keep(_best(outcomes), within={"loss": loss})


def match_item(item_id: int) -> int:
    """Compare a find with everything that is missed. Returns how many matches are kept."""
    found = next(iter(_items([item_id])), None)
    if found is None or not found.is_open:
        return 0
    theirs = sides.of_item(found)
    Trace.objects.update_or_create(
        item=found, defaults={"words": candidates.rare_words(theirs.reading)}
    )
    outcomes = [
        _outcome(loss, sides.of_loss(loss), found, theirs)
        for loss in _losses(candidates.losses_for(found))
    ]
    return _keep(_best(outcomes), within={"item": found})


def _items(ids: Iterable[int]) -> list[FoundItem]:
    listings = Prefetch("listing", Listing.objects.filter(ended_at=None))
    rows = FoundItem.objects.filter(pk__in=list(ids)).select_related("find_place", "office")
    return list(rows.prefetch_related("marks", "parts", listings))


def _losses(ids: Iterable[int]) -> list[LossReport]:
    return list(LossReport.objects.filter(pk__in=list(ids)).prefetch_related("marks"))


def _outcome(loss: LossReport, ours: Side, item: FoundItem, theirs: Side) -> Outcome:
    components = score.of_sides(ours, theirs)
    shown = public.of_listing(loss, item.listing) if hasattr(item, "listing") else None
    return Outcome(
        loss,
        item,
        round(score.total(components), 4),
        _as_stored(components),
        shown[0] if shown else None,
        shown[1] if shown else {},
    )


def _as_stored(components: Mapping[Name, Component]) -> dict[str, Any]:
    return {
        name.value: {
            "score": part.score,
            "weight": RULES[name].weight,
            "points": round(score.points_of(name, part), 2),
            "said": part.said,
            **part.facts,
        }
        for name, part in components.items()
    }


def _best(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Two rankings, one for each reader: what staff see must not choose what owners see."""
    outcomes = list(outcomes)
    for_staff = [each for each in outcomes if each.score >= KEPT_FROM]
    for_staff.sort(key=lambda each: -each.score)
    for_owner = [each for each in outcomes if each.public_score is not None]
    for_owner.sort(key=lambda each: -(each.public_score or 0))
    chosen = [*for_staff[:MOST_FOR_STAFF], *for_owner[:MOST_FOR_OWNER]]
    return list({(each.loss.pk, each.item.pk): each for each in chosen}.values())


# ── Keeping ──────────────────────────────────────────────────────────────────────────────────
def _keep(outcomes: list[Outcome], *, within: Mapping[str, Any]) -> int:
    """Write what is new or different, forget what no longer fits and nobody has answered.

    Holds the losses, in one order: two comparisons of one loss come one after the other, and its
    pages are rung once for all that is new.
    """
    now = timezone.now()
    with transaction.atomic():
        losses = _held({each.loss.pk for each in outcomes})
        known = {(row.loss_id, row.item_id): row for row in Match.objects.filter(**within)}
        fresh: list[Outcome] = []
        news: Counter[int] = Counter()
        for each in outcomes:
            row = known.pop((each.loss.pk, each.item.pk), None)
            if each.loss.pk not in losses:  # ended in the meantime
                continue
            news[each.loss.pk] += _is_news(each, row)
            if row is None:
                fresh.append(each)
            else:
                _update(row, each, now)
        Match.objects.bulk_create([_row(each, now) for each in fresh])
        Match.objects.filter(
            pk__in=[row.pk for row in known.values() if _is_untouched(row)]
        ).delete()
        _tell(losses, news, fresh)
    return len(outcomes)


def _held(ids: Iterable[int]) -> dict[int, LossReport]:
    rows = LossReport.objects.select_for_update().filter(pk__in=list(ids), state=LossState.OPEN)
    return {loss.pk: loss for loss in rows.order_by("pk")}


def _is_news(outcome: Outcome, row: Match | None) -> bool:
    """Whether the owner sees it for the first time."""
    return outcome.public_score is not None and (row is None or row.public_score is None)


def _is_untouched(row: Match) -> bool:
    return row.state == MatchState.OPEN and row.told_at is None


def _row(outcome: Outcome, now: dt.datetime) -> Match:
    return Match(loss=outcome.loss, item=outcome.item, made_at=now, **_values(outcome))


def _update(row: Match, outcome: Outcome, now: dt.datetime) -> None:
    """A match that only staff saw, and everybody may see now, is new from now on."""
    values = _values(outcome)
    if _is_news(outcome, row):
        values["made_at"] = now
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        Match.objects.filter(pk=row.pk).update(**{name: values[name] for name in changed})


def _values(outcome: Outcome) -> dict[str, Any]:
    return {
        "score": outcome.score,
        "components": outcome.components,
        "public_score": outcome.public_score,
        "public_components": outcome.public_components,
    }


def _tell(losses: Mapping[int, LossReport], news: Counter[int], fresh: list[Outcome]) -> None:
    """Owners hear of what is public alone: a ring for anything else would tell of it."""
    for pk, number in news.items():
        if number:
            record_loss(losses[pk], LossEventKind.HIT, facts={"hits": number})
    of_offices = {each.item.office_id: each.item for each in fresh if each.score >= KEPT_FROM}
    for item in of_offices.values():
        live.ring_item(item)


# ── Reading ──────────────────────────────────────────────────────────────────────────────────
def hits_of(loss: LossReport) -> list[Hit]:
    """The owner's view: public facts in coarse words, in the public ranking."""
    return hits.of_loss(loss)


def matches_of(item: FoundItem) -> list[Match]:
    """Losses that this may be, for staff of its office: best first. One statement."""
    rows = item.matches.exclude(state=MatchState.REJECTED).filter(
        Q(score__gte=KEPT_FROM) | Q(state=MatchState.IS_IT), loss__state=LossState.OPEN
    )
    return list(rows.select_related("loss__municipality").order_by("-score", "loss_id")[:20])
