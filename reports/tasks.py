"""Jobs about reports. The worker finds this module by its name."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from reports.deeds import bulk, custody, remembering
from reports.hazards import hazard
from reports.letters import asking, digest, news, reminders
from reports.personal import erasure
from reports.publicity import pyramid
from reports.voices import amending
from townhall.letters.erasing import forget_passing
from townhall.tasks import Patient

log = logging.getLogger(__name__)


@app.periodic(cron="47 2 * * *")
@app.task(name="retention", lock="retention")
def keep_retention(timestamp: int) -> None:
    """Every night: depublish, erase contact data, erase reports. Again from its start is fine."""
    proof = erasure.run()
    log.info(
        "Retention until %s: %s depublished, %s contacts, %s outsiders, %s followers, %s letters, "
        "%s reports, %s images",
        proof.due_on,
        proof.depublished,
        proof.contacts,
        proof.outsiders,
        proof.followers,
        proof.letters,
        proof.reports,
        proof.images,
    )


@app.periodic(cron="23 * * * *")
@app.task(name="remind_unconfirmed", queueing_lock="remind_unconfirmed")
def remind_unconfirmed(timestamp: int) -> None:
    """Each address once; what a killed run left, the next one finds."""
    log.info("Reminders: %s", reminders.remind_all())


@app.periodic(cron="*/10 * * * *")
@app.task(name="forget_undo", queueing_lock="forget_undo")
def forget_undo(timestamp: int) -> None:
    """What the desk's last deeds changed: nobody can take them back any more."""
    remembering.forget()


@app.periodic(cron="37 * * * *")
@app.task(name="remind_of_questions", queueing_lock="remind_of_questions")
def remind_of_questions(timestamp: int) -> None:
    """Each question once; what a killed run left, the next one finds."""
    log.info("Reminders of questions: %s", asking.remind_all())


@app.periodic(cron="31 * * * *")
@app.task(name="forget_farewells")
def forget_farewells(timestamp: int) -> None:
    """The last letters, which must not keep what they say is deleted."""
    forget_passing(amending.FAREWELL)


@app.periodic(cron="53 2 * * *")
@app.task(name="forget_batches", queueing_lock="forget_batches")
def forget_batches(timestamp: int) -> None:
    """What came of deeds on many reports, a month later."""
    log.info("Forgotten batches: %s", bulk.forget_old())


@app.periodic(cron="11 6-18 * * *")
@app.task(name="fall_back_unopened", queueing_lock="fall_back_unopened")
def fall_back_unopened(timestamp: int) -> None:
    """What its department has not opened in time lies with the dispatchers again."""
    log.info("Fell back unopened: %s", custody.fall_back())


@app.task(name=news.TELL_FOLLOWERS, retry=Patient())
def tell_followers(event_id: int) -> None:
    """Again from its start is fine: a letter that is there is not written again."""
    log.info("Event %s: %s letters to followers", event_id, news.tell(event_id))


@app.task(name=hazard.RING_ALARM)
def ring_alarm(alarm_id: int) -> None:
    """At once. Fails quietly at worst: the look below comes within a quarter of a minute."""
    hazard.ring(alarm_id)


@app.periodic(cron="* * * * * */15")  # the sixth field are seconds
@app.task(name="ring_alarms", queueing_lock="ring_alarms", priority=20)
def ring_alarms(timestamp: int) -> None:
    """Whoever is due is called, whatever died in between."""
    hazard.ring_all()


@app.periodic(cron="* * * * * */15")
@app.task(name="fold_pyramid", queueing_lock="fold_pyramid", priority=-10)
def fold_pyramid(timestamp: int) -> None:
    """Add what changed to the map's counts. Four times a minute: so there are never many."""
    pyramid.fold()


@app.periodic(cron="7 * * * *")
@app.task(name="keep_up_lately", queueing_lock="keep_up_lately")
def keep_up_lately(timestamp: int) -> None:
    """Soon after midnight, wherever the town's clock stands; the other hours find it done."""
    since = pyramid.keep_up()
    log.info("Lately begins on %s", since)


@app.periodic(cron="20 5 * * *")  # before offices open, in summer and in winter
@app.task(name="send_digests", queueing_lock="send_digests")
def send_digests(timestamp: int) -> None:
    """What waits, to each department that wants to hear it. Again on the same day: no second."""
    log.info("Digests: %s", digest.send_digests(timezone.localdate()))
