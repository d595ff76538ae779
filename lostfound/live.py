"""What open pages hear of found and lost things: doorbells with code and version, nothing else."""

from __future__ import annotations

from typing import Any

from lostfound.models import FoundItem, LossReport
from townhall.live import Ring, ring


def item_bell(item: FoundItem) -> dict[str, Any]:
    return {"kind": "found", "code": item.code, "version": item.version}


def loss_bell(loss: LossReport) -> dict[str, Any]:
    return {"kind": "loss", "version": loss.version}


def ring_item(item: FoundItem) -> None:
    """The counter of the thing's office. One NOTIFY."""
    ring(Ring([f"found:{item.office.slug}"], item_bell(item)))


def ring_loss(loss: LossReport) -> None:
    """The owner's page."""
    ring(Ring([f"loss:{loss.capability_digest}"], loss_bell(loss)))
