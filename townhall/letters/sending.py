"""What a worker does with a letter. No transaction is open while the mail server is talking."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from townhall.models import Channel, Letter, LetterState

from . import smtp, webhooks
from .smtp import Fate, Outcome
from .subjects import subject_of

# Minutes after the first, second, … failed attempt; then always the last.
DELAYS = (1, 2, 5, 15, 30, 60, 120, 240, 360)
RECOVERY_S = (0.5, 1, 2, 4, 8, 16)  # pauses while the database comes back from a crash
GIVE_UP_AFTER = dt.timedelta(days=3)
log = logging.getLogger(__name__)


class NotYet(Exception):
    """The letter waits for another attempt after `delay`."""

    def __init__(self, delay: dt.timedelta) -> None:
        super().__init__(str(delay))
        self.delay = delay


def send(letter_id: UUID, *, now: dt.datetime | None = None) -> None:
    """Send a waiting letter, or keep it where nothing may leave the house. Raises NotYet."""
    with claimed(letter_id):
        waiting = Letter.objects.filter(pk=letter_id, state=LetterState.WAITING)
        letter = waiting.first()
        if letter is None:  # sent before, or erased
            return
        early_by = letter.not_before - (now or timezone.now()) if letter.not_before else None
        if early_by and early_by > dt.timedelta(0):
            raise NotYet(early_by)
        if letter.channel == Channel.PAPER:  # from now on it lies with those who print
            waiting.update(state=LetterState.TO_PRINT, error="", sent_at=None)
            return
        is_webhook = letter.channel == Channel.WEBHOOK
        if not (settings.WEBHOOKS if is_webhook else settings.EMAIL_HOST):
            waiting.update(state=LetterState.KEPT, error="", sent_at=None)
            return
        if not waiting.update(attempts=F("attempts") + 1):  # called back this moment
            return
        letter.attempts += 1
        hand_over = webhooks.hand_over if is_webhook else smtp.hand_over
        write_down(letter, hand_over(letter), now=now or timezone.now())


def write_down(letter: Letter, outcome: Outcome, *, now: dt.datetime) -> None:
    """`conclude`, also by a database that is just recovering.

    That a letter has left is known nowhere else: forgotten, it would leave a second time.
    """
    for pause_s in RECOVERY_S:
        try:
            conclude(letter, outcome, now=now)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause_s)
        else:
            return
    conclude(letter, outcome, now=now)


def conclude(letter: Letter, outcome: Outcome, *, now: dt.datetime) -> None:
    """Write down what became of an attempt. Raises NotYet where there will be another."""
    if outcome.fate is Fate.SENT:
        deliver(letter, outcome, now=now)
    elif outcome.fate is Fate.REFUSED:
        log.warning("Letter %s was refused: %s", letter.id, outcome.error)
        refuse(letter, outcome)
    elif outcome.fate is Fate.UNCLEAR and not letter.may_repeat:
        log.warning("Letter %s may have arrived or not: %s", letter.id, outcome.error)
        note(letter, LetterState.UNCLEAR, error=outcome.error)
    elif now - (letter.resent_at or letter.created_at) > GIVE_UP_AFTER:
        log.warning("Letter %s is given up after three days: %s", letter.id, outcome.error)
        note(letter, LetterState.FAILED, error=outcome.error)
    else:
        delay = dt.timedelta(minutes=DELAYS[min(letter.attempts, len(DELAYS)) - 1])
        log.warning("Letter %s waits for %s: %s", letter.id, delay, outcome.error)
        note(letter, LetterState.WAITING, error=outcome.error)
        raise NotYet(delay)


def deliver(letter: Letter, outcome: Outcome, *, now: dt.datetime) -> None:
    """Sent. What the other side answered to it, the case learns in the same transaction."""
    with transaction.atomic():
        note(letter, LetterState.SENT, sent_at=now)
        if outcome.answer and (subject := subject_of(letter)):
            subject.answered(letter, outcome.answer)


def refuse(letter: Letter, outcome: Outcome) -> None:
    """Final. Where there is no such reader, the case learns it in the same transaction."""
    with transaction.atomic():
        note(letter, LetterState.FAILED, error=outcome.error)
        if outcome.is_bounce and (subject := subject_of(letter)):
            subject.bounced(letter)


def note(
    letter: Letter, state: LetterState, *, error: str = "", sent_at: dt.datetime | None = None
) -> None:
    letter.state, letter.error, letter.sent_at = state, error, sent_at
    letter.save(update_fields=["state", "error", "sent_at"])


@contextmanager
def claimed(letter_id: UUID) -> Iterator[None]:
    """Nobody else sends this letter meanwhile. Raises NotYet when somebody does.

    A lock of the session, not of a transaction: it lasts while the mail server talks, and ends with
    this process, however that ends. (So the worker's connection goes past a PgBouncer, as its
    LISTEN must anyway.)
    """
    key = f"letter:{letter_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        if not cursor.fetchone()[0]:
            raise NotYet(dt.timedelta(minutes=1))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
