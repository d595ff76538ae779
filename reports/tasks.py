"""Jobs about reports. The worker finds this module by its name."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from reports import erasure

log = logging.getLogger(__name__)


@app.periodic(cron="47 2 * * *")
@app.task(name="retention", lock="retention")
def keep_retention(timestamp: int) -> None:
    """Every night: depublish, erase contact data, erase reports. Again from its start is fine."""
    proof = erasure.run()
    log.info(
        "Retention until %s: %s depublished, %s contacts, %s letters, %s reports, %s images",
        proof.due_on,
        proof.depublished,
        proof.contacts,
        proof.letters,
        proof.reports,
        proof.images,
    )
