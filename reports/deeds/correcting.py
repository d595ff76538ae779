"""Putting right what a report says of its place and its kind: it goes where it then belongs.

Another place or category means another public place, perhaps another town and department. The
explanation is stored anew, what it was stays in the history. What somebody passed on by hand stays
there as long as the rules say of it what they said before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.addresses import nearest
from reports import live, routing
from reports.catalogue import offered
from reports.catalogue.answers import plain
from reports.catalogue.offered import Entry
from reports.deeds.forms import Complaint
from reports.deeds.work import Work, done_by_staff
from reports.hazards import hazard
from reports.letters import notices
from reports.models import Category, EventKind, Publication, Report, Visibility
from reports.receiving import intake
from reports.workflow import Deed
from townhall.models import Department, User
from townhall.people import municipality_at


@dataclass(frozen=True)
class Was:
    """How it was before."""

    title: str
    category_id: int
    position: Point
    department: Department
    town_id: int

    @classmethod
    def of(cls, report: Report) -> Was:
        return cls(
            report.title,
            report.category_id,
            report.position,
            report.department,
            report.municipality_id,
        )


def correct(
    report: Report,
    *,
    by: User,
    position: Point | None = None,
    category: Category | None = None,
    reason: str = "",
    version: int | None = None,
) -> Report:
    """Another place, another category, or both; None leaves it. Nothing new changes nothing.

    Raises Complaint for a place that nobody here serves, and for a category that the town of the
    place does not offer.
    """
    with done_by_staff(report, by, Deed.CORRECT, version) as work:
        row, was = work.report, Was.of(work.report)
        work.old_position, old_town = row.public_position, row.municipality
        if position is not None and not _is_same(position, row.position):
            _move(row, position)
        entry = _entry(row, category or row.category)
        row.category = entry.category
        changed = [name for name, is_new in _differences(row, was) if is_new]
        if changed:
            _take_over(work, entry, was)
            _reroute(work, was)
            if old_town.pk != row.municipality_id:
                work.towns.append(old_town)
            facts = {"fields": changed, "from": was.title, "to": row.title}
            event = work.tell(
                EventKind.CORRECTED, Visibility.INTERNAL, text=reason.strip(), facts=facts
            )
            event.tiles = live.public_tiles(row, work.old_position)
    return row


def _is_same(one: Point, other: Point) -> bool:
    return round(one.x, 6) == round(other.x, 6) and round(one.y, 6) == round(other.y, 6)


def _differences(row: Report, was: Was) -> list[tuple[str, bool]]:
    return [
        ("place", not _is_same(row.position, was.position)),
        ("category", row.category_id != was.category_id),
    ]


def _move(row: Report, position: Point) -> None:
    place = municipality_at(position)
    if place is None or place.municipality is None:
        raise Complaint(
            "address", _("Nobody who takes part here serves this place. Choose another one.")
        )
    address = nearest(position, area_key=place.key)
    row.position, row.municipality = position, place.municipality
    row.street = address.street if address else ""
    row.house_number = address.house_number if address else ""
    row.locality = address.locality if address else ""


def _entry(row: Report, category: Category) -> Entry:
    entry = offered.find(category.code, municipality=row.municipality)
    if entry is None:
        sentence = _("%(town)s does not offer this category. Choose another one for it.")
        raise Complaint("category", sentence % {"town": row.municipality.name})
    return entry


def _take_over(work: Work, entry: Entry, was: Was) -> None:
    """The terms of the category and the town. What is hidden is never shown by this."""
    row = work.report
    row.public_position = intake.public_position(row.position, entry.category)
    row.answers = plain(entry.check(row.answers).answers)
    row.depublish_after_days = entry.terms.depublish_after_days
    row.changed_at = work.now
    is_other = row.category_id != was.category_id or row.municipality_id != was.town_id
    if is_other and not row.events.filter(kind=EventKind.DEADLINE).exists():
        day = timezone.localdate(row.received_at)
        row.due_on = intake.due_on(row.municipality, entry, day)
    if entry.terms.publication == Publication.NEVER:
        row.publication, row.is_public = Publication.NEVER, False
    if not row.is_hazard and row.is_open and entry.is_hazard(row.answers):
        row.is_hazard = True
        hazard.begin(row, now=work.now)
        work.tell(EventKind.HAZARD, Visibility.INTERNAL, facts={"is_hazard": True})
        work.tell_alarm()


def _reroute(work: Work, was: Was) -> None:
    row = work.report
    said_before = row.routing.get("department", {}).get("slug")
    decision = routing.route(
        row.municipality, category=row.category, position=row.position, answers=row.answers
    )
    row.routing = decision.as_json()
    is_same_town = row.municipality_id == was.town_id
    if is_same_town and decision.department.slug == said_before:
        return  # who has it by hand keeps it
    row.department = decision.department
    facts: dict[str, Any] = {**decision.as_json(), "from": was.department.name, "by": "staff"}
    work.tell(EventKind.ROUTED, Visibility.INTERNAL, facts=facts)
    if row.department_id == was.department.pk:
        return
    row.assignee = None
    row.handed_at, row.opened_at, row.returned = work.now, None, ""
    work.teams.append(was.department)
    rule = decision.rule.name if decision.rule else ""
    work.drafts += notices.rerouted(row, rule=rule)
    if row.is_hazard:
        hazard.hand_over(row, now=work.now)
