"""Forms that were begun: kept for some hours under a link that only their writer has.

The link is derived from the id that the form got when it was opened, as all of a report's links are
(townhall/capabilities.py); the database knows only its digest. So nobody needs a cookie to go back
a step, to reload, to sign in meanwhile or to go on in another language.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from reports import retention
from reports.models import Unsent
from townhall.capabilities import digest, token_for

MOST = 64 * 1024  # characters of JSON; the form's longest text has a thousand

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Kept:
    """A form as it was left. `is_sent`: it has become a report; only its `client_id` is known."""

    fields: Fields
    is_sent: bool

    @property
    def client_id(self) -> UUID:
        return UUID(self.fields["client_id"][0])


def token_of(client_id: UUID) -> str:
    return token_for("unsent", client_id)


def keep(client_id: UUID, fields: Iterable[tuple[str, list[str]]]) -> bool:
    """Write down what the form holds, over what was known of it. Never over one that was sent.

    The time runs from the first time on, for so do the photos' own hours. False: it is too much.
    """
    now = timezone.now()
    text = json.dumps(dict(fields) | {"client_id": [str(client_id)]})
    if len(text) > MOST:
        return False
    row = Unsent(
        digest=digest(token_of(client_id)),
        fields=json.loads(text.replace("\\u0000", "")),  # PostgreSQL's JSON knows no NUL
        expires_at=now + retention.UNSENT,
    )
    known = Unsent.objects.filter(pk=row.digest)
    if not known.filter(is_sent=False, expires_at__gt=now).update(fields=row.fields):
        known.filter(expires_at__lte=now).delete()
        Unsent.objects.bulk_create([row], ignore_conflicts=True)
    return True


def find(token: str) -> Kept | None:
    """What is kept under the link; None when it is unknown or its time is over."""
    row = Unsent.objects.filter(pk=digest(token), expires_at__gt=timezone.now()).first()
    return Kept(row.fields, row.is_sent) if row else None


def mark_sent(client_id: UUID) -> None:
    """The report has it all now: forget what was put in."""
    Unsent.objects.filter(pk=digest(token_of(client_id))).update(
        fields={"client_id": [str(client_id)]}, is_sent=True
    )


def forget(*, now: dt.datetime | None = None) -> int:
    """Delete what nobody came back to. Returns how many."""
    return Unsent.objects.filter(expires_at__lte=now or timezone.now()).delete()[0]
