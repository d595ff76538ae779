"""Whose place it is, and what a member of staff may see and do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone

from geo.queries import SLACK_DEGREES

from .models import Department, Membership, Municipality, Role

# Roles that reach over whole municipalities, and roles that reach as far as their department's
# work. The lost property office is neither: it sees no reports.
MUNICIPALITY_ROLES = frozenset({Role.DISPATCHER, Role.ADMINISTRATOR, Role.READ_ONLY})
DEPARTMENT_ROLES = frozenset({Role.CASEWORKER, Role.FIELD_CREW})


@dataclass(frozen=True)
class Whereabouts:
    """The municipal area at a point. `municipality` is None where nobody serves (Michelbuch)."""

    key: str
    name: str
    municipality: Municipality | None


def municipality_at(point: Point) -> Whereabouts | None:
    """The municipal area at the point; None outside every one. One statement.

    A border point belongs to exactly one area, always the same: the lowest key. The municipality
    comes with its fallback department and, as `closing_dates`, its closing days from this year
    on.
    """
    owner, _, slug = settings.MUNICIPALITY_LAYER.partition("/")
    today = timezone.localdate()
    parameters: dict[str, date | float | str] = {
        "owner": owner,
        "slug": slug,
        "today": today,
        "new_year": today.replace(month=1, day=1),
        "lon": point.x,
        "lat": point.y,
        "slack": SLACK_DEGREES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MUNICIPALITY_AT, parameters)
        row = cursor.fetchone()
    return _whereabouts(row) if row else None


def _columns(model: type[Municipality] | type[Department], alias: str) -> str:
    return ", ".join(f'{alias}."{each.column}"' for each in model._meta.concrete_fields)


# The model layer knows no join between an area and the municipality of the same key.
_MUNICIPALITY_AT = f"""
    SELECT area.key, area.name,
           ARRAY(SELECT day FROM townhall_closingday
                 WHERE municipality_id = town.id AND day >= %(new_year)s ORDER BY day),
           {_columns(Municipality, "town")},
           {_columns(Department, "office")}
    FROM (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS place) AS point
    JOIN geo_area AS area ON ST_DWithin(area.shape, point.place, %(slack)s)
    JOIN geo_layer AS layer ON layer.id = area.layer_id
    LEFT JOIN townhall_municipality AS town ON town.key = area.key
    LEFT JOIN townhall_department AS office ON office.id = town.fallback_department_id
    WHERE layer.owner = %(owner)s AND layer.slug = %(slug)s AND area.validity @> %(today)s::date
    ORDER BY ST_Contains(area.shape, point.place) DESC,
             ST_Covers(area.shape, point.place) DESC, area.key
    LIMIT 1
"""  # noqa: S608 - column names come from the models


def _whereabouts(row: tuple[Any, ...]) -> Whereabouts:
    key, name, closing_dates, *values = row
    split = len(Municipality._meta.concrete_fields)
    if values[0] is None:
        return Whereabouts(key, name, None)
    town: Any = Municipality.from_db(connection.alias, _names(Municipality), values[:split])
    town.fallback_department = Department.from_db(
        connection.alias, _names(Department), values[split:]
    )
    town.closing_dates = closing_dates
    return Whereabouts(key, name, town)


def _names(model: type[Municipality] | type[Department]) -> list[str]:
    return [each.attname for each in model._meta.concrete_fields]


@dataclass(frozen=True)
class Grant:
    """One role in one active department, and the municipalities that department serves."""

    role: str
    department_id: int
    municipality_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Scope:
    """What a member of staff may see and do. Empty for everybody else.

    Being a superuser opens the configuration pages, not the cases: those need a membership.
    """

    grants: tuple[Grant, ...] = ()
    municipality_ids: frozenset[int] = field(init=False)
    department_ids: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        over_towns = (g.municipality_ids for g in self.grants if g.role in MUNICIPALITY_ROLES)
        in_department = (g.department_id for g in self.grants if g.role in DEPARTMENT_ROLES)
        object.__setattr__(self, "municipality_ids", frozenset().union(*over_towns))
        object.__setattr__(self, "department_ids", frozenset(in_department))

    @property
    def is_staff(self) -> bool:
        """Works here, in whatever role."""
        return bool(self.grants)

    @property
    def sees_reports(self) -> bool:
        """Has a role that deals with reports (the lost property office has not)."""
        return bool(self.municipality_ids or self.department_ids)

    def roles_for(
        self, *, municipality_id: int | None = None, department_id: int | None = None
    ) -> frozenset[str]:
        """The roles that count for a case of this municipality in this department's hands.

        Empty: the case is out of reach.
        """
        return frozenset(
            grant.role
            for grant in self.grants
            if (grant.role in MUNICIPALITY_ROLES and municipality_id in grant.municipality_ids)
            or (grant.role in DEPARTMENT_ROLES and department_id == grant.department_id)
        )

    def has_role(self, *roles: str) -> bool:
        """Holds one of the roles somewhere."""
        return any(grant.role in roles for grant in self.grants)


def scope_of(user: AbstractBaseUser | AnonymousUser) -> Scope:
    """The user's scope: one statement, kept on the user instance. Empty for the inactive."""
    known: Scope | None = getattr(user, "_scope", None)
    if known is None:
        known = Scope(_grants(_rows(user.pk))) if user.is_active and user.pk else Scope()
        user._scope = known  # type: ignore[union-attr]
    return known


def _rows(user_id: int) -> Iterable[tuple[str, int, int | None]]:
    return (
        Membership.objects.filter(user_id=user_id, department__is_active=True)
        .order_by("department_id", "role")
        .values_list("role", "department_id", "department__serves")
    )


def _grants(rows: Iterable[tuple[str, int, int | None]]) -> tuple[Grant, ...]:
    served: dict[tuple[str, int], set[int]] = {}
    for role, department_id, municipality_id in rows:
        towns = served.setdefault((role, department_id), set())
        if municipality_id is not None:
            towns.add(municipality_id)
    return tuple(
        Grant(role, department_id, frozenset(towns))
        for (role, department_id), towns in served.items()
    )
