"""Taking a deed back, as long as nothing of it has left the house.

What happened stays in the report's life, for staff to read; the public no longer reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from reports import live
from reports.deeds.remembering import given_back
from reports.deeds.work import Work
from reports.models import EventKind, Report, Undo, Visibility
from townhall import letters
from townhall.models import Department, User


class Why(StrEnum):
    EXPIRED = "expired"  # the ten seconds are over
    CHANGED = "changed"  # somebody went on working on it
    LEFT = "left"  # a letter is just leaving


@dataclass(eq=False)
class TooLateToUndo(Exception):
    why: Why


def take_back(batch: UUID, *, by: User) -> list[Report]:
    """All that `by` did with one press, or nothing of it. Again = the same, nothing more happens.

    Raises Undo.DoesNotExist (also for what others did) or TooLateToUndo.
    """
    with transaction.atomic():
        kept = list(
            Undo.objects.select_for_update().filter(batch=batch, user=by).order_by("report_id")
        )
        if not kept:
            raise Undo.DoesNotExist
        rows = list(
            Report.objects.locked().filter(pk__in=[u.report_id for u in kept]).order_by("pk")
        )
        if all(each.undone_at for each in kept):
            return rows
        now = _now()
        _refuse_if_late(kept, rows, now)
        for each, row in zip(kept, rows, strict=True):
            _restore(each, row, by=by, now=now)
        Undo.objects.filter(batch=batch).update(undone_at=now)
    return rows


def open_for(report: Report, user: User) -> Undo | None:
    """What this user did to it last, as long as it can be taken back. One statement."""
    mine = Undo.objects.filter(report=report, user=user, version=report.version, undone_at=None)
    return mine.filter(until__gt=timezone.now()).first()


def _now() -> dt.datetime:
    """By the database's clock, which also says when the letters leave."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now


def _refuse_if_late(kept: Sequence[Undo], rows: Sequence[Report], now: dt.datetime) -> None:
    if any(each.until <= now for each in kept):
        raise TooLateToUndo(Why.EXPIRED)
    if [each.version for each in kept] != [row.version for row in rows]:
        raise TooLateToUndo(Why.CHANGED)
    if not letters.call_back([key for each in kept for key in each.letters]):
        raise TooLateToUndo(Why.LEFT)


def _restore(undo: Undo, row: Report, *, by: User, now: dt.datetime) -> None:
    """The row as it was, an event that says so, and the ring. The version goes on."""
    work = Work(row, by, now, was_public=row.is_public)
    work.events = list(row.events.filter(version=row.version))
    is_internal, is_between_us, former = work.is_internal, work.is_between_us, row.department
    for name, value in undo.before.items():
        setattr(row, name, given_back(name, value))
    row.version += 1
    is_seen = not (is_internal or is_between_us)
    if is_seen:
        row.changed_at = now
    event = work.tell(EventKind.UNDONE, Visibility.INTERNAL)
    event.tiles = live.public_tiles(row) if is_seen else []
    row.save()
    event.save()
    live.ring_report(
        row,
        was_public=work.was_public,
        is_internal=is_internal,
        is_between_us=is_between_us,
        teams=_teams(row, former),
    )


def _teams(row: Report, former: Department) -> list[Department]:
    return [] if former.pk == row.department_id else [former]
