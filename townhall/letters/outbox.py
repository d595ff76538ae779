"""Laying letters into the post: rows and jobs in the transaction of the deed that causes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from procrastinate.types import JSONDict

SEND_LETTER = "send_letter"


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


_INSERT = """
    INSERT INTO townhall_letter
        (id, key, kind, about, "to", subject, text, language, state, attempts, error, created_at)
    SELECT (d->>'id')::uuid, d->>'key', d->>'kind', d->>'about', d->>'to', d->>'subject',
           d->>'text', d->>'language', 'waiting', 0, '', %s
    FROM jsonb_array_elements(%s::jsonb) AS d
    ON CONFLICT (key) DO NOTHING
    RETURNING id
"""


def post(*drafts: Draft) -> None:
    """Send each letter once, surely, and only if the current transaction commits.

    Two statements whatever the number of letters. A letter whose key was posted before is left
    out. The jobs carry ids only.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A letter is posted in the transaction of its deed.")
    if not drafts:
        return
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [timezone.now(), json.dumps([_row(draft) for draft in drafts])])
        enqueue(row[0] for row in cursor.fetchall())


def _row(draft: Draft) -> dict[str, str]:
    return {
        "id": str(uuid4()),
        "key": draft.key,
        "kind": draft.kind,
        "about": draft.about,
        "to": draft.to,
        "subject": " ".join(_clean(draft.subject).split())[:200],
        "text": _clean(draft.text),
        "language": draft.language,
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
