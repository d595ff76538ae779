"""What the forms about many reports offer to choose from: all of them by one statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import connection
from django.db.models import Model

from reports.models import Category, Report
from townhall.models import Role
from townhall.people import DEPARTMENT_ROLES, MUNICIPALITY_ROLES

Choices = tuple[tuple[str, str], ...]

# People: who may work on at least one of them; each report is asked again when it is assigned.
_SQL = """
WITH office AS (
    SELECT DISTINCT d.id, d.kind, d.name, d.slug
    FROM townhall_department d JOIN townhall_department_serves s ON s.department_id = d.id
    WHERE d.is_active AND s.municipality_id = ANY(%(towns)s)
)
SELECT json_build_object(
    'people', (SELECT json_agg(json_build_array(u.username,
            coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username)
        ) ORDER BY u.last_name, u.first_name, u.username)
        FROM townhall_user u WHERE u.is_active AND u.id IN (
            SELECT m.user_id FROM townhall_membership m
            JOIN townhall_department d ON d.id = m.department_id AND d.is_active
            WHERE (d.id = ANY(%(offices)s) AND m.role = ANY(%(in_office)s))
               OR (d.id IN (SELECT id FROM office) AND m.role = ANY(%(over_towns)s)))),
    'departments', (SELECT json_agg(json_build_array(slug, name) ORDER BY kind, name) FROM office),
    'crews', (SELECT json_agg(json_build_array(c.id::text, c.name) ORDER BY c.name, c.id)
        FROM reports_crew c WHERE c.is_active AND c.department_id IN (SELECT id FROM office)),
    'incidents', (SELECT json_agg(json_build_array(i.code, i.title) ORDER BY i.made_at DESC)
        FROM reports_incident i
        WHERE i.closed_at IS NULL AND i.municipality_id = ANY(%(towns)s)),
    'categories', (SELECT json_agg(json_build_array(
            c.code, c.name, c.translations, g.code, g.name, g.translations
        ) ORDER BY g.position, g.name, c.position, c.name)
        FROM reports_category c JOIN reports_category g ON g.id = c.group_id
        WHERE c.is_active AND g.is_active AND c.id IN (
            SELECT o.category_id FROM reports_offer o
            WHERE o.is_active AND o.municipality_id = ANY(%(towns)s)))
)::text
"""


@dataclass(frozen=True)
class Stock:
    """Value and name of each. Categories stand under their groups."""

    people: Choices = ()
    departments: Choices = ()
    crews: Choices = ()
    incidents: Choices = ()
    categories: tuple[tuple[str, Choices], ...] = ()

    @classmethod
    def of(cls, reports: Sequence[Report]) -> Stock:
        facts: dict[str, Any] = {
            "towns": sorted({report.municipality_id for report in reports}),
            "offices": sorted({report.department_id for report in reports}),
            "in_office": sorted(DEPARTMENT_ROLES),
            "over_towns": sorted(MUNICIPALITY_ROLES - {Role.READ_ONLY}),
        }
        with connection.cursor() as sql:
            sql.execute(_SQL, facts)
            told = {name: rows or [] for name, rows in json.loads(sql.fetchone()[0]).items()}
        return cls(
            people=_pairs(told["people"]),
            departments=_pairs(told["departments"]),
            crews=_pairs(told["crews"]),
            incidents=_pairs(told["incidents"]),
            categories=_grouped(told["categories"]),
        )


def _pairs(rows: Sequence[Any]) -> Choices:
    return tuple((value, name) for value, name in rows)


def _grouped(rows: Sequence[Any]) -> tuple[tuple[str, Choices], ...]:
    found: dict[str, list[tuple[str, str]]] = {}
    for code, name, words, group_code, group_name, group_words in rows:
        group = Category(code=group_code, name=group_name, translations=group_words)
        category = Category(code=code, name=name, translations=words)
        found.setdefault(str(group.label), []).append((code, str(category.label)))
    return tuple((name, tuple(each)) for name, each in found.items())


class PickField(forms.ChoiceField):
    """One of what the stock holds, read from the database when it was chosen: one statement.

    `look`: the row that a value names; None where it has gone since. `empty`: the words of the
    choice of nothing; without them the first stands.
    """

    def __init__(
        self, look: Callable[[str], Model | None], *, empty: Any = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.look, self.empty = look, empty

    def offer(self, choices: Sequence[Any]) -> None:
        self.choices = [*([] if self.empty is None else [("", self.empty)]), *choices]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        if not chosen:
            return None
        found = self.look(chosen)
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"])
        return found
