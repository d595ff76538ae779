"""What open pages hear of found and lost things: doorbells with code and version, nothing else."""

from __future__ import annotations

from typing import Any

from lostfound.models import FindReport, FoundItem, LossReport, Office, Stocktaking
from townhall.live import Ring, ring


def item_bell(item: FoundItem) -> dict[str, Any]:
    return {"kind": "found", "code": item.code, "version": item.version}


def find_bell(find: FindReport) -> dict[str, Any]:
    return {"kind": "find", "code": find.code, "version": find.version}


def lost_bell(loss: LossReport) -> dict[str, Any]:
    """For counters, which may know its code."""
    return {"kind": "lost", "code": loss.code, "version": loss.version}


def loss_bell(loss: LossReport) -> dict[str, Any]:
    return {"kind": "loss", "version": loss.version}


LISTINGS = "listings:all"
LISTINGS_BELL: dict[str, Any] = {"kind": "listings"}


def ring_item(item: FoundItem, *, is_seen: bool = False) -> None:
    """The counter of the thing's office; `is_seen`: and the public search. One NOTIFY.

    The public is told that there is something new, not what.
    """
    rings = [Ring([f"found:{item.office.slug}"], item_bell(item))]
    if is_seen:
        rings.append(Ring([LISTINGS], LISTINGS_BELL))
    ring(*rings)


def ring_loss(loss: LossReport) -> None:
    """The owner's page, and the counters of the town. One statement more for these."""
    slugs = Office.objects.filter(municipality=loss.municipality_id).values_list("slug", flat=True)
    ring(
        Ring([f"loss:{loss.capability_digest}"], loss_bell(loss)),
        Ring([f"found:{slug}" for slug in slugs], lost_bell(loss)),
    )


def ring_find(find: FindReport) -> None:
    """The counter that a finder's report goes to. One NOTIFY."""
    ring(Ring([f"found:{find.office.slug}"], find_bell(find)))


def ring_stocktaking(stocktaking: Stocktaking) -> None:
    """Everybody who scans for the office at this moment."""
    bell = {"kind": "stock", "number": stocktaking.number}
    ring(Ring([f"found:{stocktaking.office.slug}"], bell))
