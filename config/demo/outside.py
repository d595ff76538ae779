"""Two crews with lists for today, and tasks of people outside. Made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Max
from django.utils import timezone

from reports.models import (
    Commission,
    Crew,
    Event,
    EventKind,
    Report,
    Stop,
    StopState,
    TaskOutcome,
    Visibility,
)
from reports.workflow import Status
from townhall.models import Department, User

from .stories import World

TOWN = "bensheim"
LEADER = "disposition.bensheim"
CREWS = ("Kolonne Nord", "Kolonne Süd")
STOPS = 5
ANSWERS = (
    (StopState.DONE, "Mit Kaltasphalt verfüllt."),
    (StopState.NOT_FOUND, ""),
    (StopState.OTHER, "Daneben liegt ein Kabel frei, bitte den Netzbetreiber rufen."),
)
TASKS = (
    ("Hessen Mobil (Demo)", "meldungen@strassen-hessen.example", "Bitte die Ampel neu einstellen."),
    (
        "Elektro Berg",
        "auftrag@elektro-berg.example",
        "Bitte den Ast kappen, er hängt am Kabel.",
    ),
    ("Baumdienst Odenwald", "einsatz@baumdienst.example", "Bitte die Krone auslichten."),
)


def load_outside(world: World) -> None:
    """Of one town. Leaves no letters; a task's link is mailed when staff send one."""
    town, by = world.towns[TOWN], User.objects.filter(username=LEADER).first()
    rows = Report.objects.filter(municipality=town, status=Status.IN_PROGRESS, duplicate_of=None)
    open_ones = list(rows.order_by("-code")[: len(CREWS) * STOPS + len(TASKS)])
    yard = Department.objects.get(slug=f"{TOWN}-bauhof")
    for at, name in enumerate(CREWS):
        crew = Crew.objects.create(name=name, department=yard)
        _list(crew, open_ones[at * STOPS : (at + 1) * STOPS], by, world.now, has_begun=at == 0)
    for at, row in enumerate(open_ones[len(CREWS) * STOPS :]):
        _task(row, at, by, world.now)


def _list(
    crew: Crew, rows: list[Report], by: User | None, now: dt.datetime, *, has_begun: bool
) -> None:
    today = timezone.localdate(now)
    for position, row in enumerate(rows):
        stop = Stop(crew=crew, report=row, day=today, position=position, listed_by=by)
        facts = {"crew": crew.name, "day": today.isoformat(), "list": crew.pk}
        _tell(row, EventKind.CREW_LISTED, now, by, facts=facts)
        if has_begun and position < len(ANSWERS):
            stop.state, stop.note = ANSWERS[position]
            stop.answered_at = now
            kind = EventKind(f"crew_{stop.state}")
            facts = {"crew": crew.name, "name": crew.name, "by": "outside"}
            _tell(row, kind, now, None, text=stop.note, facts=facts)
        stop.save()


def _task(row: Report, at: int, by: User | None, now: dt.datetime) -> None:
    name, email, text = TASKS[at]
    last_at = row.events.aggregate(at=Max("at"))["at"]
    asked_at = max(last_at, now - dt.timedelta(days=2))
    task = Commission(report=row, name=name, email=email, text=text, asked_by=by, asked_at=asked_at)
    if at:
        task.opened_at = max(asked_at, now - dt.timedelta(hours=5))
    if at == len(TASKS) - 1:
        task.outcome, task.ended_at = TaskOutcome.DONE, now
        task.answer = "Ist ausgelichtet, Schnittgut abgefahren."
    task.save()
    facts = {"by": "staff", "task": task.pk}
    _tell(row, EventKind.TASK_GIVEN, asked_at, by, text=text, facts=facts)
    facts = facts | {"by": "outside"}
    if task.opened_at:
        _tell(row, EventKind.TASK_OPENED, task.opened_at, None, facts=facts)
    if task.ended_at:
        _tell(row, EventKind.TASK_DONE, now, None, text=task.answer, facts=facts)


def _tell(
    row: Report,
    kind: EventKind,
    at: dt.datetime,
    by: User | None,
    *,
    facts: Mapping[str, object],
    text: str = "",
) -> None:
    row.version += 1
    row.save(update_fields=["version"])
    Event.objects.create(
        report=row,
        kind=kind,
        version=row.version,
        at=at,
        actor=by,
        department=row.department,
        visibility=Visibility.INTERNAL,
        was_public=row.is_public,
        text=text,
        facts=dict(facts),
    )
