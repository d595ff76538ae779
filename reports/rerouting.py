"""Open reports that belong elsewhere, since boundaries, roads or rules are not what they were.

`strays` looks through all of them, some ten thousand a second, and only thinks. `reroute` moves
one, and asks the database once more before it does: whoever is faster is right.

What somebody passed on by hand stays with whom it was given to, as long as the town is the same:
a person knew better than the rules then, and may still.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from geo import lines
from geo.bulk import Shapes
from geo.models import Area
from reports import live
from reports.hazards import hazard
from reports.letters import notices
from reports.models import Category, Event, EventKind, Report, Rule, Visibility
from reports.routing import Explanation, decide, route
from reports.workflow import OPEN, Status
from townhall import letters
from townhall.models import Department, Municipality
from townhall.people import municipality_at

BATCH = 5_000


@dataclass(frozen=True)
class Stray:
    """A report and where it would go now. `goal` None: it lies in no town that takes reports."""

    report: Report
    goal: Explanation | None
    town: Municipality | None
    is_passed_on: bool = False  # by a person: it stays

    @property
    def moves(self) -> bool:
        return self.goal is not None and not self.is_passed_on


# ── Looking ──────────────────────────────────────────────────────────────────────────────────
def strays(*, since: dt.date | None = None) -> Iterator[Stray]:
    """Open reports whose town or department is another one now, oldest first.

    `since`: only those received on that day or later. Some statements for each BATCH.
    """
    atlas = _Atlas.read()
    last = 0
    while batch := _batch(after=last, since=since):
        yield from atlas.strays(batch)
        last = batch[-1].pk


def _batch(*, after: int, since: dt.date | None) -> list[Report]:
    hits = Report.objects.open().filter(pk__gt=after)
    if since:
        hits = hits.filter(
            received_at__gte=timezone.make_aware(dt.datetime.combine(since, dt.time()))
        )
    seen = hits.select_related("department", "municipality").defer("description")
    return list(seen.order_by("pk")[:BATCH])


@dataclass(frozen=True)
class _Atlas:
    """All that decides where reports go, read once."""

    boundaries: Shapes
    towns: Mapping[str, Municipality]
    rules: Mapping[int | None, Sequence[Any]]
    categories: Mapping[int, Category]
    areas: Sequence[int]
    tree: shapely.STRtree

    @classmethod
    def read(cls) -> _Atlas:
        towns = Municipality.objects.select_related("fallback_department")
        rules = list(
            Rule.objects.filter(is_active=True, department__is_active=True)
            .select_related("department")
            .order_by("position")
        )
        areas = Area.objects.filter(pk__in={rule.area_id for rule in rules if rule.area_id})
        shapes = dict(areas.annotate(wkb=AsWKB("shape")).values_list("pk", "wkb"))
        return cls(
            boundaries=Shapes.read(settings.MUNICIPALITY_LAYER),
            towns={town.key: town for town in towns},
            rules=_by_town(rules),
            categories=Category.objects.in_bulk(),
            areas=list(shapes),
            tree=shapely.STRtree([shapely.from_wkb(bytes(wkb)) for wkb in shapes.values()]),
        )

    def strays(self, batch: Sequence[Report]) -> Iterator[Stray]:
        places = [report.position.coords for report in batch]
        lon, lat = np.array(places).T
        keys = self.boundaries.keys_at(lon, lat)
        towns = [self.towns.get(key) if key else None for key in keys]
        areas = self._areas_at(lon, lat)
        roads = self._roads_at(
            [each.pk for each, town in zip(batch, towns, strict=True) if self._asks(town)]
        )
        for number, (report, town) in enumerate(zip(batch, towns, strict=True)):
            goal = town and self._goal(report, town, areas[number], roads.get(report.pk))
            stray = _judged(report, town, goal or None)
            if stray:
                yield stray

    def _areas_at(self, lon: Any, lat: Any) -> Mapping[int, set[int]]:
        """By the number of the point: the primary keys of the rules' areas that hold it."""
        held: dict[int, set[int]] = defaultdict(set)
        points, shapes = self.tree.query(shapely.points(lon, lat), predicate="covered_by")
        for point, shape in zip(points.tolist(), shapes.tolist(), strict=True):
            held[point].add(self.areas[shape])
        return held

    def _asks(self, town: Municipality | None) -> bool:
        """Whether one of the town's rules wants to know the road."""
        return town is not None and any(
            rule.road_class or rule.road_owner or rule.road_in_town is not None
            for rule in self._rules_of(town)
        )

    def _roads_at(self, reports: Sequence[int]) -> Mapping[int, Any]:
        if not (settings.ROAD_LAYER and reports):
            return {}
        nearest = lines.nearest_as_json(OuterRef("position"), layer=settings.ROAD_LAYER)
        found = Report.objects.filter(pk__in=reports).annotate(road=Subquery(nearest))
        return dict(found.values_list("pk", "road"))

    def _rules_of(self, town: Municipality) -> Sequence[Any]:
        return self.rules.get(town.pk, self.rules[None])

    def _goal(self, report: Report, town: Municipality, areas: set[int], road: Any) -> Explanation:
        rules = self._rules_of(town)
        for rule in rules:
            rule.here = rule.area_id is None or rule.area_id in areas
            rule.road = road
        category = self.categories[report.category_id]
        return decide(town, rules, category=category, answers=report.answers)


def _by_town(rules: Sequence[Rule]) -> Mapping[int | None, Sequence[Rule]]:
    """A town's own rules and those for all, in order; under None those for all alone."""
    own = {rule.municipality_id for rule in rules}
    return {
        town: [rule for rule in rules if rule.municipality_id in {None, town}]
        for town in {*own, None}
    }


def _judged(report: Report, town: Municipality | None, goal: Explanation | None) -> Stray | None:
    """None: it is where it belongs."""
    if town is None or goal is None:
        return Stray(report, None, None)
    if town.pk == report.municipality_id:
        if goal.department.pk == report.department_id:
            return None
        if goal.department.slug == _routed_to(report):
            return None  # the rules say what they said; a person said otherwise
        return Stray(report, goal, town, is_passed_on=_is_passed_on(report))
    return Stray(report, goal, town)


def _routed_to(report: Report) -> str | None:
    """The slug of the department that the rules once chose."""
    chosen: str | None = report.routing.get("department", {}).get("slug")
    return chosen


def _is_passed_on(report: Report) -> bool:
    return _routed_to(report) not in {None, report.department.slug}


# ── Moving ───────────────────────────────────────────────────────────────────────────────────
def reroute(report: Report) -> Report | None:
    """Give the report to whom it belongs now; None if that is who has it, or it was closed.

    One transaction: the explanation is stored anew, the new department is written to, and a
    hazard's standby is called there. Nobody is made responsible in person. What was promised to
    the reporter, the target date too, stays.
    """
    with transaction.atomic():
        row = Report.objects.locked().get(pk=report.pk)
        stray = _asked(row) if Status(row.status) in OPEN else None
        if stray is None or not stray.moves:
            return None
        assert stray.goal
        assert stray.town
        _move(row, stray.town, stray.goal, now=timezone.now())
    return row


def _asked(row: Report) -> Stray | None:
    """Where it belongs by the database's own word. Two statements."""
    place = municipality_at(row.position)
    town = place.municipality if place else None
    goal = town and route(town, category=row.category, position=row.position, answers=row.answers)
    return _judged(row, town, goal or None)


def _move(row: Report, town: Municipality, goal: Explanation, *, now: dt.datetime) -> None:
    old_town, old_team = row.municipality, row.department
    is_elsewhere = town.pk != old_town.pk
    row.municipality, row.department, row.assignee = town, goal.department, None
    row.handed_at, row.opened_at, row.returned = now, None, ""
    row.routing = goal.as_json()
    row.version += 1
    if is_elsewhere:  # everybody can read in whose town it lies
        row.changed_at = now
    row.save()
    Event.objects.bulk_create(_events(row, now, old_team=old_team, is_elsewhere=is_elsewhere))
    letters.post(*notices.rerouted(row, rule=goal.rule.name if goal.rule else ""))
    if row.is_hazard:
        hazard.hand_over(row, now=now)
    live.ring_report(
        row,
        was_public=row.is_public,
        is_internal=not is_elsewhere,
        teams=[old_team],
        towns=[old_town],
    )


def _events(
    row: Report, now: dt.datetime, *, old_team: Department, is_elsewhere: bool
) -> Iterator[Event]:
    def event(kind: EventKind, facts: Mapping[str, Any], tiles: Sequence[str] = ()) -> Event:
        return Event(
            report=row,
            kind=kind,
            version=row.version,
            at=now,
            department=row.department,
            visibility=Visibility.INTERNAL,
            facts=facts,
            was_public=row.is_public,
            tiles=list(tiles),
        )

    tiles = live.public_tiles(row) if is_elsewhere and row.is_public else []
    yield event(EventKind.ROUTED, {**row.routing, "from": old_team.name}, tiles)
    if row.is_hazard:
        yield event(EventKind.HAZARD_ALARM, {"sent": notices.alarms(row)})


# ── Telling ──────────────────────────────────────────────────────────────────────────────────
def echo() -> str:
    """What an import must tell of it; "" where every report is where it belongs. See apps.py."""
    moving = lost = 0
    for stray in strays():
        moving += stray.moves
        lost += stray.goal is None
    said = []
    if moving:
        said.append(f"{moving} open reports belong to another department now.")
    if lost:
        said.append(f"{lost} open reports lie in no town that takes reports, and stay.")
    if said:
        said.append("manage.py reroute --dry-run shows them, manage.py reroute moves them.")
    return " ".join(said)
