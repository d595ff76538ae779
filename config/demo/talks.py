"""What the demo's town hall and its reporters said to each other, with a photo by staff.

Appended to finished stories, row by row: the deeds would write letters.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from django.db.models import Max

from reports.models import Event, EventKind, Report, StaffPhoto, Visibility
from reports.workflow import Status
from townhall.models import Image, User

from .pictures import draw
from .stories import World, kept_picture


@dataclass(frozen=True)
class Said:
    """`hours` ago; by staff, or (`by_staff` False) by the reporter."""

    kind: EventKind
    visibility: Visibility
    text: str
    hours: int
    by_staff: bool = True
    scene: str = ""


ASKED = Said(
    EventKind.ASKED,
    Visibility.REPORTER,
    "Guten Tag {{name}}, vor Ort haben wir nichts gefunden. Bei welcher Hausnummer ist es?",
    50,
)
TALKS: tuple[tuple[Said, ...], ...] = (
    (ASKED,),
    (
        ASKED,
        Said(
            EventKind.REPLIED,
            Visibility.REPORTER,
            "Gegenüber der Bushaltestelle, direkt am Zebrastreifen.",
            3,
            by_staff=False,
        ),
    ),
    (
        Said(
            EventKind.ANSWERED,
            Visibility.REPORTER,
            "Guten Tag {{name}}, danke für den Hinweis auf den Schlüssel. Er liegt jetzt bei uns.",
            26,
        ),
        Said(EventKind.NOTE, Visibility.INTERNAL, "So sah es heute früh aus.", 5, scene="drain"),
    ),
    (
        Said(
            EventKind.ANSWERED,
            Visibility.PUBLIC,
            "Der Bauhof hat heute abgesperrt. Ausgebessert wird in der kommenden Woche.",
            7,
            scene="pavement",
        ),
    ),
)


def load_talks(world: World, *, seed: int) -> int:
    """Returns how many reports are talked about."""
    rng = Random(f"{seed} talks")  # noqa: S311
    known = Report.objects.annotate(last_at=Max("events__at")).filter(
        municipality=world.towns["bensheim"],
        status=Status.IN_PROGRESS,
        is_hazard=False,
        is_public=True,
        contact__confirmed_at__isnull=False,
        last_at__lt=world.now - dt.timedelta(hours=60),
    )
    reports = list(known.select_related("department", "assignee").order_by("code")[: len(TALKS)])
    for report, talk in zip(reports, TALKS, strict=False):
        _tell(report, talk, world, rng)
    return len(reports)


def _tell(report: Report, talk: tuple[Said, ...], world: World, rng: Random) -> None:
    by = report.assignee or world.staff["bensheim-buergerbuero"]
    for said in talk:
        report.version += 1
        at = world.now - dt.timedelta(hours=said.hours)
        event = _event(report, said, at, by)
        if said.scene:
            StaffPhoto.objects.create(report=report, event=event, image=_photo(said.scene, rng))
        report.waiting_since = at if said.kind == EventKind.ASKED else None
        report.replied_at = at if said.kind == EventKind.REPLIED else None
    report.save(update_fields=["version", "waiting_since", "replied_at"])


def _event(report: Report, said: Said, at: dt.datetime, by: User) -> Event:
    facts = {EventKind.ASKED: {"via": "mail"}, EventKind.REPLIED: {"by": "reporter"}}
    return Event.objects.create(
        report=report,
        kind=said.kind,
        version=report.version,
        at=at,
        actor=by if said.by_staff else None,
        department=report.department if said.by_staff else None,
        visibility=said.visibility,
        text=said.text,
        facts=facts.get(said.kind, {}),
        was_public=report.is_public,
    )


def _photo(scene: str, rng: Random) -> Image:
    image = kept_picture(draw(scene, rng), rng)
    image.save(force_insert=True)
    return image
