"""Jobs of the lost property office. The worker finds this module by its name."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from lostfound.matching import schedule, store
from townhall.tasks import Patient

log = logging.getLogger(__name__)


@app.task(name=schedule.MATCH_ITEM, retry=Patient())
def match_item(item_id: int) -> None:
    """Again from its start is fine: the same comparison keeps the same matches."""
    log.info("Item %s: %s matches", item_id, store.match_item(item_id))


@app.task(name=schedule.MATCH_LOSS, retry=Patient())
def match_loss(loss_id: int) -> None:
    """The same."""
    log.info("Loss %s: %s matches", loss_id, store.match_loss(loss_id))
