"""Jobs of the lost property office. The worker finds this module by its name."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from lostfound.claiming import claims
from lostfound.ending import deadlines
from lostfound.losing import telling
from lostfound.matching import schedule, store
from lostfound.models import Office
from lostfound.money import proceeds
from lostfound.personal import forgetting
from lostfound.takeover import uploads, writing
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


# ── Deadlines and retention ─────────────────────────────────────────────────────────────────────
@app.periodic(cron="7 * * * *")
@app.task(name="reckon_deadlines", queueing_lock="reckon_deadlines")
def reckon_deadlines(timestamp: int) -> None:
    """Soon after midnight, wherever the town's clock stands; the other hours find it done."""
    reckoned = deadlines.reckon_all()
    log.info("Deadlines: %s reckoned, %s proceeds booked", reckoned, proceeds.settle_due())


@app.periodic(cron="57 2 * * *")
@app.task(name="found_retention", lock="found_retention")
def keep_found_retention(timestamp: int) -> None:
    """Every night: offer to the archive, ask, erase. Again from its start is fine."""
    proof = forgetting.run()
    log.info(
        "Found retention until %s: %s offered, %s things, %s finders, %s claims, %s losses, "
        "%s finds, %s letters, %s images",
        proof.due_on,
        proof.offered,
        proof.items,
        proof.finders,
        proof.claims,
        proof.losses,
        proof.finds,
        proof.letters,
        proof.images,
    )


# ── Claims ───────────────────────────────────────────────────────────────────────────────────
@app.task(name=claims.LOOK_UP, retry=Patient())
def look_up_claim(claim_id: int) -> None:
    """Again from its start is fine."""
    claims.look_up(claim_id)


@app.periodic(cron="17 7 * * *")
@app.task(name="upkeep_of_claims", queueing_lock="upkeep_of_claims")
def upkeep_of_claims(timestamp: int) -> None:
    """Every morning: answer claims to nothing, forget what came to nothing."""
    answered = claims.answer_unknown()
    erased = claims.erase_evidence(today=timezone.localdate())
    log.info("Claims: %s answered, %s erased, %s counts", answered, erased, claims.forget_counts())


# ── Losses ───────────────────────────────────────────────────────────────────────────────────
@app.periodic(cron="*/10 * * * *")
@app.task(name="tell_losers", queueing_lock="tell_losers")
def tell_losers(timestamp: int) -> None:
    """Who lost something hears of what has come since; what a killed run left, the next finds."""
    log.info("Letters about hits: %s", telling.tell_all())


@app.task(name=writing.SETTLE, retry=Patient())
def settle_takeover(office_id: int) -> None:
    """After an import: deadlines and matches of all it brought. Again from its start is fine."""
    office = Office.objects.select_related("municipality").get(pk=office_id)
    log.info("Office %s: %s things settled", office_id, writing.settle(office))


@app.periodic(cron="41 3 * * *")
@app.task(name="forget_tables", queueing_lock="forget_tables")
def forget_tables(timestamp: int) -> None:
    """Tables that were looked at and never taken over."""
    uploads.forget_old()
