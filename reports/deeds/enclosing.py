"""Photos that staff add to what they write: staged like a resident's, seen by who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from reports.deeds.work import Work
from reports.models import Event

MAX_PHOTOS = 5


@dataclass(eq=False)
class PhotoGone(Exception):
    """One of the pictures is not there any more, or hangs on another entry."""


def enclose(work: Work, event: Event, photo_ids: Sequence[UUID]) -> None:
    """Hang staged images on the entry, as soon as it is written. Raises PhotoGone then."""
    ids = list(dict.fromkeys(photo_ids))
    if ids:
        work.is_final = True
        work.afterwards.append(lambda: _hang(event, ids))


_HANG = """
    INSERT INTO reports_staffphoto (report_id, event_id, image_id, position)
    SELECT %(report)s, %(event)s, image.id, wish.position - 1
    FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wish (id, position)
    JOIN townhall_image AS image ON image.id = wish.id
    WHERE NOT EXISTS (SELECT FROM reports_photo AS taken WHERE taken.image_id = image.id)
    FOR KEY SHARE OF image
    ON CONFLICT (image_id) DO NOTHING
"""


def _hang(event: Event, ids: list[UUID]) -> None:
    """One statement checks and writes; the sweep of forgotten images waits, or we see them gone."""
    with connection.cursor() as sql:
        sql.execute(_HANG, {"report": event.report_id, "event": event.pk, "ids": ids})
        if sql.rowcount != len(ids):
            raise PhotoGone
