"""Taking the personal data out of letters. That something left the house stays known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from townhall.models import Letter, LetterState


def erase_about(
    about: str,
    *,
    besides: Collection[str] = (),
    only: Collection[str] | None = None,
    to: str | None = None,
) -> int:
    """Blank recipient, subject and text of the letters about a case; `besides`: kinds to leave.

    `to`: those to one reader only. `only`: those of these kinds.

    The key names the recipient too and is replaced; kind, state and times stay. What still
    waited is not sent any more. Returns how many letters were blanked; again: none.
    """
    letters = Letter.objects.filter(about=about).exclude(to="", text="").exclude(kind__in=besides)
    if to is not None:
        letters = letters.filter(to=to)
    if only is not None:
        letters = letters.filter(kind__in=only)
    return letters.update(
        key=Concat(Value("erased:"), Cast(F("id"), CharField())),
        to="",
        subject="",
        text="",
        reply_to="",
        unsubscribe="",
        secret="",
        error="",
        municipality=None,  # nobody's outbox: there is nothing left to send again
        state=Case(
            When(state=LetterState.WAITING, then=Value(LetterState.WITHDRAWN.value)),
            default=F("state"),
        ),
    )


# Nothing will move such a letter any more; a KEPT one is there to be read, so it has its time.
_OVER = frozenset(
    {LetterState.SENT, LetterState.FAILED, LetterState.RETURNED, LetterState.WITHDRAWN}
)
PASSING_AT_MOST = dt.timedelta(days=4)  # longer than any letter is tried


def forget_passing(prefix: str, *, now: dt.datetime | None = None) -> int:
    """Delete letters about "<prefix>:…" that have left, and all traces. Returns how many."""
    before = (now or timezone.now()) - PASSING_AT_MOST
    passing = Letter.objects.filter(about__startswith=f"{prefix}:")
    return passing.filter(Q(state__in=_OVER) | Q(created_at__lt=before)).delete()[0]
