"""One reminder to whoever has not confirmed their address a day after our letter left."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from reports.letters import notices
from reports.models import (
    GOES_ON,
    Contact,
    Event,
    EventKind,
    Report,
    Submission,
    Visibility,
)
from townhall import letters
from townhall.models import Letter, LetterState

AFTER = dt.timedelta(hours=24)
STILL_VALID = dt.timedelta(hours=24)  # a link that runs out today is no use to anybody
MOST_AT_ONCE = 500


def due(now: dt.datetime) -> QuerySet[Contact]:
    """Unconfirmed, not reminded yet, and the receipt left a day ago for a mailbox that took it.

    Counted from when the letter left: a mail server that was down for a day takes nobody's time.
    """
    receipt = Letter.objects.filter(
        about=Concat(Value("report:"), OuterRef("report__code")),
        kind="receipt",
        to=OuterRef("email"),
        state=LetterState.SENT,
        sent_at__lte=now - AFTER,
    )
    return (
        Contact.objects.filter(GOES_ON, Exists(receipt))
        .filter(confirmed_at=None, reminded_at=None, report__withdrawn_at=None)
        .filter(confirm_expires_at__gt=now + STILL_VALID)
        .exclude(email="")
        .order_by(F("confirm_expires_at"))
    )


def remind_all(*, now: dt.datetime | None = None) -> int:
    """Returns how many letters were posted. Two runs at once post each of them once."""
    now = now or timezone.now()
    reports = list(due(now).values_list("report", flat=True)[:MOST_AT_ONCE])
    return sum(remind(pk, now=now) for pk in reports)


def remind(report_id: int, *, now: dt.datetime) -> bool:
    """False: not due any more, or nobody sent the report in."""
    with transaction.atomic():
        report = Report.objects.locked().filter(pk=report_id).first()
        contact = due(now).filter(report=report_id).first()
        if report is None or contact is None:
            return False
        sent_in = Submission.objects.filter(code=report.code).first()
        if sent_in is None:
            return False
        contact.reminded_at = now
        contact.save(update_fields=["reminded_at"])
        _tell(report, now=now)
        letters.post(notices.reminder(report, contact, client_id=sent_in.client_id))
        return True


def _tell(report: Report, *, now: dt.datetime) -> None:
    """For staff, when they look: nothing rings."""
    report.version += 1
    report.save(update_fields=["version"])
    Event.objects.create(
        report=report,
        kind=EventKind.REMINDED,
        version=report.version,
        at=now,
        visibility=Visibility.INTERNAL,
        was_public=report.is_public,
    )
