"""Jobs of the town hall. The worker finds this module by its name.

Every task may run again from its start: what a killed worker left is simply given to another.
"""

from __future__ import annotations

import datetime as dt
import imaplib
import logging
from uuid import UUID

from asgiref.sync import sync_to_async
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from townhall import letters, limits, unsent, visits
from townhall.account import sessions
from townhall.letters import bounce_mailbox
from townhall.letters.erasing import forget_passing
from townhall.models import TrailSeal
from townhall.photos import sweep, sweep_strays
from townhall.trail import sealing

# A worker beats every ten seconds; one that was silent for thirty is dead.
SILENT_SECONDS = 30
log = logging.getLogger(__name__)


class Patient(BaseRetryStrategy):
    """Never gives up: a letter itself knows when it is too old. Asked and unasked trouble alike."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, letters.NotYet):
            delay = exception.delay
        else:
            minutes = letters.DELAYS[min(job.attempts, len(letters.DELAYS) - 1)]
            delay = dt.timedelta(minutes=minutes)
        return RetryDecision(retry_at=dt.datetime.now(dt.UTC) + delay)


@app.task(name=letters.SEND_LETTER, retry=Patient())
def send_letter(letter_id: str) -> None:
    letters.send(UUID(letter_id))


@app.periodic(cron="* * * * * */15")  # the sixth field are seconds
@app.task(name="rescue", pass_context=True, priority=10)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Give jobs of dead workers to the living, and forgotten letters a job.

    A worker that starts does it within a quarter of a minute.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.worker_id == context.job.worker_id:  # ours: the machine slept, nobody died
            continue
        log.warning("Job %s (%s) was left by a dead worker: again", job.id, job.task_name)
        try:
            await manager.retry_job(job)
        except exceptions.UniqueViolation:  # one like it waits already, and does its work
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
        except exceptions.ConnectorException:  # finished this moment
            log.warning("Job %s needs no rescue any more", job.id)
    await sync_to_async(letters.enqueue_forgotten)()


@app.periodic(cron="*/5 * * * *")
@app.task(name="read_bounces", queueing_lock="read_bounces")
def read_bounces(timestamp: int) -> None:
    """What mail servers sent back. A mailbox that is away is looked into five minutes later."""
    try:
        bounce_mailbox.look()
    except (OSError, imaplib.IMAP4.error, bounce_mailbox.BadMailbox) as error:
        log.warning("The mailbox of bounces cannot be read: %s", type(error).__name__)


@app.periodic(cron="17 * * * *")
@app.task(name="sweep_photos")
def sweep_photos(timestamp: int) -> None:
    """Photos that were staged and never used."""
    sweep()


@app.periodic(cron="29 * * * *")
@app.task(name="forget_knocks")
def forget_knocks(timestamp: int) -> None:
    """Limits that are whole again, wrong passwords whose lock is over, and ended sessions.

    And whoever lacks a second factor that is required by now is signed out.
    """
    limits.forget()
    over = timezone.now() - (get_cool_off() or dt.timedelta(0))
    AccessAttempt.objects.filter(attempt_time__lt=over).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    sessions.end_unproven(by=None)
    sessions.sweep()


@app.periodic(cron="43 * * * *")
@app.task(name="seal_trail", queueing_lock="seal_trail")
def seal_trail(timestamp: int) -> None:
    """Facts that have no seal yet get one; no deed waits for it."""
    facts, gone = sealing.seal_all(), sealing.let_go()
    head = TrailSeal.objects.order_by("-number").first()
    if facts and head:  # outside of the database, too: in the log
        log.info("Trail: %s facts sealed, %s cases let go, %s", facts, gone, head)


@app.task(name=visits.INVITE, retry=Patient())
def invite_visitor(visit_id: str) -> None:
    visits.invite(UUID(visit_id))


@app.periodic(cron="11 * * * *")
@app.task(name="forget_visits")
def forget_visits(timestamp: int) -> None:
    """Visits that are over, and the letters that led to them."""
    visits.forget()
    forget_passing(visits.LETTER)


@app.periodic(cron="41 3 * * *")
@app.task(name="sweep_stray_photos")
def sweep_stray_photos(timestamp: int) -> None:
    sweep_strays()


@app.periodic(cron="23 3 * * *")
@app.task(name="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Finished jobs of last week; they hold ids only."""
    await context.app.job_manager.delete_old_jobs(
        7 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="17 * * * *")
@app.task(name="forget_unsent", queueing_lock="forget_unsent")
def forget_unsent(timestamp: int) -> None:
    """What was begun and not sent holds names and addresses: it goes within the hour."""
    log.info("Unsent forms forgotten: %s", unsent.forget())
