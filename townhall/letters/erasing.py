"""Taking the personal data out of letters. That something left the house stays known."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat

from townhall.models import Letter, LetterState


def erase_about(about: str, *, besides: Collection[str] = ()) -> int:
    """Blank recipient, subject and text of the letters about a case; `besides`: kinds to leave.

    The key names the recipient too and is replaced; kind, state and times stay. What still
    waited is not sent any more. Returns how many letters were blanked; again: none.
    """
    letters = Letter.objects.filter(about=about).exclude(to="", text="").exclude(kind__in=besides)
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
