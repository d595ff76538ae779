"""Which department gets a report, and why: ordered rules, first match wins, always a fallback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import BooleanField, Case, F, Func, Q, Value, When

from reports.models import Category, Rule
from townhall.models import Department, Municipality


@dataclass(frozen=True)
class Checked:
    """A rule that did not match. `because`: category, area or answers, the first that failed."""

    position: int
    name: str
    because: str


@dataclass(frozen=True)
class Explanation:
    """Why a department was chosen. `rule` is None when no rule matched: the town's fallback."""

    department: Department
    rule: Rule | None
    checked: tuple[Checked, ...]
    total: int

    def as_json(self) -> dict[str, Any]:
        """What is stored with the report; positions count from 1 within this town's rules."""
        rule = self.rule and {"number": len(self.checked) + 1, "name": self.rule.name}
        return {
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
    answers: Mapping[str, str],
) -> Explanation:
    """The department for a report at `position`, which lies in `municipality`. One statement."""
    rules = _rules_for(municipality, position)
    checked: list[Checked] = []
    for rule in rules:
        because = _mismatch(rule, category, answers)
        if because is None:
            return Explanation(rule.department, rule, tuple(checked), len(rules))
        checked.append(Checked(rule.position, rule.name, because))
    return Explanation(municipality.fallback_department, None, tuple(checked), len(rules))


def _rules_for(municipality: Municipality, position: Point) -> Sequence[Rule]:
    covers = Func(
        F("area__shape"),
        Value(position, output_field=PointField(srid=4326)),
        function="ST_Covers",
        output_field=BooleanField(),
    )
    return list(
        Rule.objects.filter(Q(municipality=municipality) | Q(municipality=None))
        .filter(is_active=True, department__is_active=True)
        .select_related("department")
        .annotate(here=Case(When(area=None, then=Value(True)), default=covers))
        .order_by("position")
    )


def _mismatch(rule: Any, category: Category, answers: Mapping[str, str]) -> str | None:
    """The first condition that does not hold, or None when all do."""
    if rule.category_id not in {None, category.pk, category.group_id}:
        return "category"
    if not rule.here:
        return "area"
    if any(answers.get(code) not in allowed for code, allowed in rule.answers.items()):
        return "answers"
    return None
