"""Laying letters into the post: rows and jobs in the transaction of the deed that causes them."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from procrastinate.types import JSONDict

from townhall.jobs import insert_with_jobs
from townhall.models import Channel, Letter, LetterState, User

from .subjects import subject_of

SEND_LETTER = "send_letter"
URGENT = 20  # before ordinary letters (0) and the rescue of jobs (10)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """A letter to be. `key` says what it is about so exactly that it may leave only once."""

    key: str
    kind: str
    to: str
    subject: str
    text: str
    about: str = ""
    language: str = "de"
    municipality_id: int | None = None  # whose staff see it in the outbox
    sender: str = ""  # name of who writes; the address is the installation's
    reply_to: str = ""
    unsubscribe: str = ""  # where one POST ends such letters (RFC 8058)
    may_repeat: bool = False  # better twice than not at all
    channel: str = Channel.MAIL
    secret: str = ""  # signs a webhook
    is_urgent: bool = False  # overtakes what waits
    not_before: dt.datetime | None = None  # until then the deed can be taken back


_INSERT = """
    INSERT INTO townhall_letter
        (id, key, kind, about, "to", subject, text, language, municipality_id, sender, reply_to,
         unsubscribe, may_repeat, channel, secret, not_before, state, attempts, error,
         created_at)
    SELECT (d->>'id')::uuid, d->>'key', d->>'kind', d->>'about', d->>'to', d->>'subject',
           d->>'text', d->>'language', (d->>'municipality_id')::bigint, d->>'sender',
           d->>'reply_to', d->>'unsubscribe', (d->>'may_repeat')::boolean, d->>'channel',
           d->>'secret', (d->>'not_before')::timestamptz, 'waiting', 0, '', %s
    FROM jsonb_array_elements(%s::jsonb) AS d
    ON CONFLICT (key) DO NOTHING
"""


def post(*drafts: Draft) -> None:
    """Send each letter once, surely, and only if the current transaction commits.

    One statement whatever the number of letters. A letter whose key was posted before is left out.
    The jobs carry ids only.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A letter is posted in the transaction of its deed.")
    if not drafts:
        return
    is_urgent = any(draft.is_urgent for draft in drafts)
    insert_with_jobs(
        _INSERT,
        [timezone.now(), json.dumps([_row(draft) for draft in drafts])],
        task=SEND_LETTER,
        argument="letter_id",
        priority=URGENT if is_urgent else 0,
        due="not_before",
    )


def _row(draft: Draft) -> dict[str, str | int | bool | None]:
    return {
        "id": str(uuid4()),
        "key": draft.key,
        "kind": draft.kind,
        "about": draft.about,
        "to": draft.to,
        "subject": " ".join(_clean(draft.subject).split())[:200],
        "text": _clean(draft.text),
        "language": draft.language,
        "municipality_id": draft.municipality_id,
        "sender": " ".join(_clean(draft.sender).split())[:120],
        "reply_to": draft.reply_to,
        "unsubscribe": draft.unsubscribe,
        "may_repeat": draft.may_repeat,
        "channel": str(draft.channel),
        "secret": draft.secret,
        "not_before": draft.not_before.isoformat() if draft.not_before else None,
    }


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL and no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def enqueue(letter_ids: Iterable[UUID]) -> None:
    """One job per letter, in one statement of Django's own transaction.

    Not by the app: inside a worker it has a connection of its own, whose jobs would run before the
    deed commits and after it is rolled back.
    """
    jobs: list[JSONDict] = [{"letter_id": str(letter_id)} for letter_id in letter_ids]
    if jobs:
        manager = JobManager(DjangoConnector())
        configure_task(name=SEND_LETTER, job_manager=manager).batch_defer(*jobs)


_VANISHED = """
    SELECT letter.id
    FROM townhall_letter letter
    WHERE letter.state = 'waiting' AND letter.created_at < now() - interval '5 minutes'
      AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs job
        WHERE job.task_name = %s AND job.status IN ('todo', 'doing')
          AND job.args->>'letter_id' = letter.id::text
      )
    ORDER BY letter.created_at
    LIMIT 500
    FOR UPDATE OF letter SKIP LOCKED
"""


def enqueue_forgotten() -> int:
    """Give waiting letters whose job is gone a new one. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_VANISHED, [SEND_LETTER])
        letter_ids = [row[0] for row in cursor.fetchall()]
        enqueue(letter_ids)
    return len(letter_ids)


# What staff may have another try with. What is sent stays sent, what was withdrawn is not wanted.
AGAIN = frozenset(
    {
        LetterState.WAITING,
        LetterState.FAILED,
        LetterState.UNCLEAR,
        LetterState.KEPT,
        LetterState.RETURNED,
    }
)


def send_again(letter_id: UUID, *, by: User, municipality_ids: Collection[int]) -> bool:
    """A new round of attempts at once, with the same Message-ID. False when it is too late.

    Raises Letter.DoesNotExist for letters of other municipalities.
    """
    with transaction.atomic():
        mine = Letter.objects.filter(municipality_id__in=municipality_ids).exclude(to="")
        letter = mine.select_for_update().get(pk=letter_id)
        if letter.state not in AGAIN:
            return False
        letter.state, letter.error, letter.attempts = LetterState.WAITING, "", 0
        letter.resent_at = timezone.now()
        letter.save(update_fields=["state", "error", "attempts", "resent_at"])
        enqueue([letter.id])
        if subject := subject_of(letter):
            subject.sent_again(letter, by=by)
    log.info("Letter %s is sent again, asked for by user %s", letter.id, by.pk)
    return True


def withdraw(*, about: str, kind: str, to: str | None = None) -> int:
    """Keep back what waits of this kind, for one reader or (None) for all. Returns how many."""
    waiting = Letter.objects.filter(about=about, kind=kind, state=LetterState.WAITING)
    if to is not None:
        waiting = waiting.filter(to=to)
    return waiting.update(state=LetterState.WITHDRAWN)


def call_back(keys: Collection[str]) -> bool:
    """Keep back letters by key, all or none: False when one of them has left or is just leaving.

    In the transaction of whatever takes the deed back. A worker waits for its end, or was faster.
    """
    letters = list(Letter.objects.select_for_update().filter(key__in=keys).order_by("pk"))
    if any(each.state != LetterState.WAITING or each.attempts for each in letters):
        return False
    Letter.objects.filter(pk__in=[each.pk for each in letters]).update(state=LetterState.WITHDRAWN)
    return True
