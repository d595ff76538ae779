"""What a deed on many reports would do, before it is done. Nothing is written and nothing locked:
what happens meanwhile, the deed itself finds out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports import routing
from reports.catalogue import offered
from reports.catalogue.offered import Entry
from reports.deeds.bulk_deeds import Bulk, Given
from reports.deeds.work import roles_on
from reports.letters import news, notices
from reports.models import Category, Report
from reports.workflow import Deed, may
from townhall.models import Department, User


@dataclass(frozen=True)
class Preview:
    """`fitting` of `all` can be done as they stand. `letters`: to residents, at most. `goals`: to
    which departments how many of them go, most first."""

    all: int
    fitting: int
    letters: int
    goals: Sequence[tuple[str, int]]

    @property
    def refused(self) -> int:
        return self.all - self.fitting

    @property
    def moving(self) -> int:
        return sum(count for _name, count in self.goals)


def foresee(bulk: Bulk, reports: Sequence[Report], given: Given, *, by: User) -> Preview:
    """Two statements where residents are written to; one for each report that is routed anew."""
    fitting = [
        report
        for report in reports
        if may(roles_on(by, report), bulk.deed) and bulk.fits(report, given)
    ]
    if bulk.deed is Deed.CORRECT:
        routed = dict(_routed(fitting, given["category"]))
        fitting = [report for report in fitting if report.pk in routed]
        goals = [routed[report.pk] for report in fitting]
    else:
        goals = [_goal(bulk, report, given) for report in fitting]
    moves = Counter(
        goal.name
        for report, goal in zip(fitting, goals, strict=True)
        if goal and goal.pk != report.department_id
    )
    return Preview(len(reports), len(fitting), _letters(bulk, fitting, given), moves.most_common())


def _goal(bulk: Bulk, report: Report, given: Given) -> Department | None:
    """None: where it is."""
    if bulk.deed is Deed.FORWARD:
        goal: Department = given["department"]
        return goal
    return report.municipality.fallback_department if bulk.deed is Deed.REFUSE else None


def _routed(
    reports: Sequence[Report], category: Category
) -> Iterator[tuple[int, Department | None]]:
    """As `correcting.correct` works it out. Without those whose town does not offer it."""
    entries: dict[int, Entry | None] = {}
    for report in reports:
        town = report.municipality
        if town.pk not in entries:
            entries[town.pk] = offered.find(category.code, municipality=town)
        entry = entries[town.pk]
        if entry is None:
            continue
        if report.category_id == entry.category.pk:
            yield report.pk, None
            continue
        decision = routing.route(
            town,
            category=entry.category,
            position=report.position,
            answers=entry.check(report.answers).answers,
        )
        said_before = report.routing.get("department", {}).get("slug")
        goal = decision.department
        yield report.pk, None if goal.slug == said_before else goal


def _letters(bulk: Bulk, fitting: Sequence[Report], given: Given) -> int:
    if not (fitting and bulk.tells(given)):
        return 0
    keys = [report.pk for report in fitting]
    return notices.readers(keys) + news.followers(keys)
