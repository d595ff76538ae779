"""Forms that were begun: kept for some hours under a link that only their writer has.

The link is derived from the id that the form got when it was opened, as all links of a submission
are (townhall/capabilities.py); the database knows only its digest. So nobody needs a cookie to go
back a step, to reload, to sign in meanwhile or to go on in another language.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from townhall.capabilities import digest, token_for
from townhall.models import Unsent

KEPT_FOR = dt.timedelta(hours=23)  # a form's staged photos live a little longer
MOST = 64 * 1024  # characters of JSON; the forms' longest text has a thousand

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Kept:
    """A form as it was left. `is_sent`: it has become a case; only its `client_id` is known."""

    fields: Fields
    is_sent: bool

    @property
    def client_id(self) -> UUID:
        return UUID(self.fields["client_id"][0])


@dataclass(frozen=True)
class Shelf:
    """One kind of form. Each has a `purpose` of its own, so that no link opens another's page."""

    purpose: str

    def token_of(self, client_id: UUID) -> str:
        return token_for(self.purpose, client_id)

    def keep(self, client_id: UUID, fields: Iterable[tuple[str, list[str]]]) -> bool:
        """Write down what the form holds, over what was known of it. Never over one that was sent.

        The time runs from the first time on, for so do the photos' own hours. False: it is too
        much.
        """
        now = timezone.now()
        text = json.dumps(dict(fields) | {"client_id": [str(client_id)]})
        if len(text) > MOST:
            return False
        row = Unsent(
            digest=digest(self.token_of(client_id)),
            fields=json.loads(text.replace("\\u0000", "")),  # PostgreSQL's JSON knows no NUL
            expires_at=now + KEPT_FOR,
        )
        known = Unsent.objects.filter(pk=row.digest)
        if not known.filter(is_sent=False, expires_at__gt=now).update(fields=row.fields):
            known.filter(expires_at__lte=now).delete()
            Unsent.objects.bulk_create([row], ignore_conflicts=True)
        return True

    def find(self, token: str) -> Kept | None:
        """What is kept under the link; None when it is unknown or its time is over."""
        row = Unsent.objects.filter(pk=digest(token), expires_at__gt=timezone.now()).first()
        if row is None or token != self.token_of(UUID(row.fields["client_id"][0])):
            return None
        return Kept(row.fields, row.is_sent)

    def mark_sent(self, client_id: UUID) -> None:
        """The case has it all now: forget what was put in."""
        Unsent.objects.filter(pk=digest(self.token_of(client_id))).update(
            fields={"client_id": [str(client_id)]}, is_sent=True
        )


def forget(*, now: dt.datetime | None = None) -> int:
    """Delete what nobody came back to. Returns how many."""
    return Unsent.objects.filter(expires_at__lte=now or timezone.now()).delete()[0]
