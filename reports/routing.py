"""Which department gets a report, and why: ordered rules, first match wins, always a fallback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    F,
    Func,
    JSONField,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from geo import lines
from geo.kept import Kept, Slot
from geo.lines import Road
from reports.catalogue.answers import Answers, holds
from reports.models import Category, Rule
from townhall.models import Department, Municipality


@dataclass(frozen=True)
class Checked:
    """A rule that did not match. `because`: category, area, answers or road, the first that
    failed."""

    position: int
    name: str
    because: str


@dataclass(frozen=True)
class Explanation:
    """Why a department was chosen. `rule` is None when no rule matched: the town's fallback.

    `road` is the nearest road, None if there is none or no rule of the town asks for it.
    """

    department: Department
    rule: Rule | None
    checked: tuple[Checked, ...]
    total: int
    road: Road | None = None

    def as_json(self) -> dict[str, Any]:
        """What is stored with the report; positions count from 1 within this town's rules."""
        rule = self.rule and {"number": len(self.checked) + 1, "name": self.rule.name}
        road = {"road": _road_as_json(self.road)} if self.road else {}
        return {
            **road,
            "department": {"slug": self.department.slug, "name": self.department.name},
            "rule": rule,
            "fallback": self.rule is None,
            "rules_total": self.total,
            "checked": [
                {"number": number, "name": each.name, "because": each.because}
                for number, each in enumerate(self.checked, start=1)
            ],
        }


def route(
    municipality: Municipality,
    *,
    category: Category,
    position: Point,
    answers: Answers,
) -> Explanation:
    """The department for a report at `position`, which lies in `municipality`. One statement."""
    rules = _rules_for(municipality, position)
    return decide(municipality, rules, category=category, answers=answers)


def decide(
    municipality: Municipality,
    rules: Sequence[Any],
    *,
    category: Category,
    answers: Answers,
) -> Explanation:
    """The first of the town's `rules` that fits, else the fallback. No statement.

    Each rule says by `here` whether its area holds the place, and by `road` the nearest road as
    JSON, or None.
    """
    road = next((Road.read(facts) for rule in rules if (facts := rule.road)), None)
    checked: list[Checked] = []
    for rule in rules:
        because = _mismatch(rule, category, answers, road)
        if because is None:
            return Explanation(rule.department, rule, tuple(checked), len(rules), road)
        checked.append(Checked(rule.position, rule.name, because))
    return Explanation(municipality.fallback_department, None, tuple(checked), len(rules), road)


def _road_as_json(road: Road) -> dict[str, Any]:
    """`class` and `owner` are codes of geo's RoadClass and RoadOwner, "" if unknown."""
    return {
        "key": road.key,
        "name": road.name,
        "class": road.road_class,
        "owner": road.owner,
        "in_town": road.in_town,
        "metres": round(road.distance_m),
    }


def _rules_for(municipality: Municipality, position: Point) -> Sequence[Any]:
    """The town's rules in order: `here` if the area holds, `road` the nearest one as JSON.

    The road stands with rules that ask for it, and the database looks for it once: the inner
    query does not depend on the rule.
    """
    question = _question(settings.ROAD_LAYER, timezone.localdate())
    return question.rows(municipality=municipality.pk, position=position)


@lru_cache(maxsize=2)
def _question(road_layer: str, today: dt.date) -> Kept:
    """`today` stands in the SQL, as the day on which a road must be valid."""
    position = Slot("position", PointField(srid=4326))
    town = Slot("municipality", BigIntegerField())
    covers = Func(F("area__shape"), position, function="ST_Covers", output_field=BooleanField())
    return Kept(
        lambda: (
            Rule.objects.filter(Q(municipality=town) | Q(municipality=None))
            .filter(is_active=True, department__is_active=True)
            .select_related("department")
            .annotate(here=Case(When(area=None, then=Value(True)), default=covers))
            .annotate(road=_road_at(position, road_layer))
            .order_by("position")
        )
    )


def _road_at(position: Slot, layer: str) -> Value | Case:
    nothing = Value(None, output_field=JSONField())
    if not layer:
        return nothing
    nearest = lines.nearest_as_json(position, layer=layer)
    asks = ~Q(road_class=[]) | ~Q(road_owner=[]) | Q(road_in_town__isnull=False)
    found = Subquery(nearest, output_field=JSONField())
    return Case(When(asks, then=found), default=nothing)


def _mismatch(rule: Any, category: Category, answers: Answers, road: Road | None) -> str | None:
    """The first condition that does not hold, or None when all do."""
    if rule.category_id not in {None, category.pk, category.group_id}:
        return "category"
    if not rule.here:
        return "area"
    if not holds(rule.answers, answers):
        return "answers"
    if not _on_its_road(rule, road):
        return "road"
    return None


def _on_its_road(rule: Rule, road: Road | None) -> bool:
    """What a rule says of the road holds. Of an unknown road, and of none, nothing does."""
    return (
        (not rule.road_class or (road is not None and road.road_class in rule.road_class))
        and (not rule.road_owner or (road is not None and road.owner in rule.road_owner))
        and (rule.road_in_town is None or (road is not None and road.in_town is rule.road_in_town))
    )
