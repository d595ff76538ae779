"""Who has what: parts of other departments, what came back, haste, and a storm. Made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from reports.models import (
    Event,
    EventKind,
    Incident,
    Member,
    Priority,
    Report,
    Returned,
    Share,
    Visibility,
)
from reports.workflow import OPEN, Status
from townhall.models import Department, User

from .stories import World

TOWN = "bensheim"
LEADER = "disposition.bensheim"
PARTS = (
    "Bitte die Hecke zurückschneiden, bevor die Platten neu gelegt werden.",
    "Bitte am Donnerstag von 7 bis 12 Uhr absperren.",
)
REFUSALS = (
    "Das ist eine Landesstraße. Zuständig ist Hessen Mobil.",
    "Der Weg gehört der Bahn, wir dürfen dort nichts aufstellen.",
)
STORM = "Sturm in der Nacht zum Samstag"
NOTICE = (
    "Wir räumen zuerst Straßen und Schulwege. "
    "Einen umgestürzten Baum brauchen Sie nicht noch einmal zu melden."
)


def load_hands(world: World) -> None:
    """A few of the newest open reports of one town. Leaves no letters."""
    town = world.towns[TOWN]
    rows = Report.objects.filter(municipality=town, duplicate_of=None, is_hazard=False)
    fresh = rows.filter(status=Status.NEW).exclude(department=town.fallback_department)
    under_way = rows.filter(status=Status.IN_PROGRESS)
    leader = User.objects.filter(username=LEADER).first()
    newest, busy = list(fresh.order_by("-received_at")[:8]), list(under_way.order_by("code")[:6])
    events = [
        *_haste(busy, leader, world.now),
        *_parts(busy, leader, world.now),
        *_came_back(newest[2:], leader, world.now),
        *_storm(world, newest[:2] + busy[2:], leader),
    ]
    Event.objects.bulk_create(events)
    Report.objects.exclude(status=Status.NEW).filter(opened_at=None).update(opened_at=world.now)


def _haste(rows: list[Report], by: User | None, now: dt.datetime) -> Iterator[Event]:
    for row, priority in zip(rows, (Priority.URGENT, Priority.HIGH, Priority.LOW), strict=False):
        facts = {"from": row.priority, "to": int(priority)}
        row.priority = priority
        yield _told(row, EventKind.PRIORITY, now, by, facts=facts)


def _parts(rows: list[Report], by: User | None, now: dt.datetime) -> Iterator[Event]:
    for row, text in zip(rows, PARTS, strict=False):
        helpers = Department.objects.filter(serves=row.municipality, is_active=True, kind="office")
        helper = helpers.exclude(pk=row.department_id).order_by("slug").first()
        if helper is None:
            continue
        Share.objects.create(
            report=row, department=helper, text=text, asked_by=by, asked_at=now, due_on=row.due_on
        )
        facts = {"to": helper.name}
        yield _told(row, EventKind.SHARED, now, by, text=text, facts=facts)


def _came_back(rows: list[Report], by: User | None, now: dt.datetime) -> Iterator[Event]:
    for row, reason in zip(rows, REFUSALS, strict=False):
        team, back = row.department, row.municipality.fallback_department
        row.department, row.returned = back, Returned.REFUSED
        facts = {"from": team.slug, "to": back.name}
        yield _told(row, EventKind.REFUSED, now, by, department=team, text=reason, facts=facts)
    for row in rows[len(REFUSALS) : len(REFUSALS) + 2]:
        row.returned, row.handed_at = Returned.UNOPENED, row.received_at
        facts = {"department": row.department.name, "since": row.received_at.isoformat()}
        yield _told(row, EventKind.UNOPENED, now, None, facts=facts)


def _storm(world: World, rows: list[Report], by: User | None) -> Iterator[Event]:
    joining = [row for row in rows if Status(row.status) in OPEN]
    storm = Incident.objects.create(
        code="ST0RM000",
        municipality=world.towns[TOWN],
        title=STORM,
        notice=NOTICE,
        begins_at=world.now - dt.timedelta(days=2),
        by=by,
        made_at=world.now - dt.timedelta(days=1),
    )
    for row in joining:
        Member.objects.create(incident=storm, report=row, at=world.now)
        facts = {"title": storm.title, "incident": storm.code}
        yield _told(row, EventKind.INCIDENT, world.now, by, facts=facts)


def _told(row: Report, kind: EventKind, at: dt.datetime, by: User | None, **more: Any) -> Event:
    """The event, and the row as it is after it."""
    row.version += 1
    row.save()
    return Event(
        report=row,
        kind=kind,
        version=row.version,
        at=at,
        actor=by,
        department=more.pop("department", row.department),
        visibility=Visibility.INTERNAL,
        was_public=row.is_public,
        **more,
    )
