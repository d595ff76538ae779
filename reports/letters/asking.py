"""One reminder to a reporter who has not answered a question for a week."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from reports import live
from reports.letters import notices
from reports.models import Event, EventKind, Report, Visibility
from townhall import letters

AFTER = dt.timedelta(days=7)
MOST_AT_ONCE = 500


def due(now: dt.datetime) -> QuerySet[Report]:
    """Asked by letter a week ago, not answered, not reminded since. Longest waiting first."""
    since = Event.objects.filter(report=OuterRef("pk"), at__gte=OuterRef("waiting_since"))
    return (
        Report.objects.filter(
            Exists(since.filter(kind=EventKind.ASKED, facts__via="mail")),
            ~Exists(since.filter(kind=EventKind.ASKED_AGAIN)),
            waiting_since__lte=now - AFTER,
        )
        .open()
        .order_by(F("waiting_since"))
    )


def remind_all(*, now: dt.datetime | None = None) -> int:
    """Returns how many letters were posted. Two runs at once post each of them once."""
    now = now or timezone.now()
    reports = list(due(now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(remind(pk, now=now) for pk in reports)


def remind(report_id: int, *, now: dt.datetime) -> bool:
    """False: not due any more, or no letter reaches the reporter."""
    with transaction.atomic():
        report = Report.objects.locked().filter(pk=report_id).first()
        if report is None or not due(now).filter(pk=report_id).exists():
            return False
        asked = report.events.filter(kind=EventKind.ASKED).last()
        assert asked is not None
        drafts = notices.to_reporter(report, asked, kind="question_reminder")
        _tell(report, is_sent=bool(drafts), now=now)
        letters.post(*drafts)
        return bool(drafts)


def _tell(report: Report, *, is_sent: bool, now: dt.datetime) -> None:
    """Also where nobody could be reminded: staff see that, and nobody tries again every hour."""
    report.version += 1
    report.save(update_fields=["version"])
    Event.objects.create(
        report=report,
        kind=EventKind.ASKED_AGAIN,
        version=report.version,
        at=now,
        visibility=Visibility.INTERNAL,
        was_public=report.is_public,
        facts={"sent": is_sent},
    )
    live.ring_report(report, was_public=report.is_public, is_internal=True)
