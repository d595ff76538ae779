"""The owners' score: of the public listing alone, so it tells nothing but what everybody reads.

Neither the words of the intake nor exact places and numbers go into it: whoever reports a loss
could otherwise try numbers, or ask his way to where the thing lay.
"""

from __future__ import annotations

from typing import Any

from lostfound.catalogue import THING_KINDS
from lostfound.matching.score import NEAR
from lostfound.matching.sides import metres_between
from lostfound.models import Listing, LossReport

SHOWN_FROM = 0.35
_START = 0.05
# Steps, not distances: component → what it says → how much it counts.
STEPS: dict[str, dict[str, float]] = {
    "kind": {"same": 0.3, "group": 0.12},
    "brand": {"same": 0.2, "other": -0.2},
    "colour": {"same": 0.15, "near": 0.05, "other": -0.2},
    "place": {"same": 0.17, "near": 0.12, "town": 0.05, "far": -0.2},
    "days": {"same": 0.1, "week": 0.08, "later": 0.0, "late": -0.1, "before": -0.25},
}


def of_listing(loss: LossReport, listing: Listing) -> tuple[float, dict[str, Any]] | None:
    """Score 0 to 1 and its components; None: nothing that an owner should see."""
    kind = _kind(loss, listing)
    if not kind:
        return None
    said = {
        "kind": kind,
        "brand": _brand(loss, listing),
        "colour": _colour(loss, listing),
        "place": _place(loss, listing),
        "days": _days(loss, listing),
    }
    steps = {name: STEPS[name][word] for name, word in said.items() if word}
    score = min(1.0, max(0.0, _START + sum(steps.values())))
    if score < SHOWN_FROM:
        return None
    ordered = sorted(steps, key=lambda name: -steps[name])
    return round(score, 3), {name: {"said": said[name], "score": steps[name]} for name in ordered}


def _kind(loss: LossReport, listing: Listing) -> str:
    if loss.kind == listing.kind:
        return "same"
    return "group" if loss.thing.group == THING_KINDS[listing.kind].group else ""


def _brand(loss: LossReport, listing: Listing) -> str:
    if not loss.brand or not listing.brand:
        return ""
    return "same" if listing.brand.casefold() in loss.brand.casefold() else "other"


def _colour(loss: LossReport, listing: Listing) -> str:
    ours = {loss.colour, loss.second_colour} - {""}
    if not ours or not listing.colour:
        return ""
    if listing.colour in ours:
        return "same"
    near = max(NEAR.get(frozenset((colour, listing.colour)), 0.0) for colour in ours)
    return "near" if near >= 0.3 or "patterned" in ours | {listing.colour} else "other"


def _place(loss: LossReport, listing: Listing) -> str:
    metres = metres_between(loss.places, listing.cell)
    if metres is None:
        same = loss.municipality_id and loss.municipality_id == listing.municipality_id
        return "town" if same else ""
    if metres <= max(1_000, listing.cell_m):
        return "same"
    return "near" if metres <= 3_000 else "town" if metres <= 10_000 else "far"


def _days(loss: LossReport, listing: Listing) -> str:
    if listing.found_on < loss.lost_from:
        return "before"
    days = (listing.found_on - loss.lost_until).days
    for most, word in ((1, "same"), (7, "week"), (60, "later")):
        if days <= most:
            return word
    return "late"
