"""A report that is no defect but a find: over to the lost property office."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from reports.deeds.work import done_by_staff
from reports.letters import notices
from reports.models import (
    Event,
    EventKind,
    Photo,
    Report,
    Visibility,
)
from reports.workflow import Deed, Status
from townhall import crossings
from townhall.models import User


def hand_to_fundbuero(report: Report, *, by: User, version: int | None = None) -> Report:
    """It is no defect but a find: a found thing from now on, with its photos, without its reporter.

    Raises crossings.NotWanted where the town has no such office or it takes no such thing.
    """
    with done_by_staff(report, by, Deed.FORWARD, version) as work:
        work.is_final = True
        row = work.report
        arrived = crossings.take(FOUND, _as_brought(row), by=by)
        work.move(Status.FORWARDED)
        row.forwarded_to = arrived.receiver[:120]
        event = work.tell(
            EventKind.FORWARDED,
            Visibility.PUBLIC,
            status=row.status,
            facts={"to": row.forwarded_to},
        )
        work.tell(EventKind.NOTE, Visibility.INTERNAL, facts={FOUND: arrived.code})
        work.drafts += notices.to_reporter(row, event)
    return row


FOUND = "found"  # the kind of case that it becomes, and the name of its code in the event


def became(events: Iterable[Event]) -> str | None:
    """The code of the found thing that these events, newest first, tell of."""
    return next((event.facts[FOUND] for event in events if FOUND in event.facts), None)


def _as_brought(row: Report) -> crossings.Brought:
    photos_of = Photo.objects.filter(report=row, remark=None).order_by("position")
    address = " ".join(filter(None, [row.street, row.house_number]))
    return crossings.Brought(
        client_id=uuid5(NAMESPACE_URL, f"report {row.code}"),
        reference=f"{row.code[:4]}-{row.code[4:]}",
        municipality=row.municipality,
        text=row.description or row.category.label,
        position=row.position,
        place_text=", ".join(filter(None, [address, row.locality])) or row.municipality.name,
        on=timezone.localdate(row.received_at),
        image_ids=tuple(photos_of.values_list("image_id", flat=True)),
    )
