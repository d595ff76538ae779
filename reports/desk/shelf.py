"""What the desk knows by heart: the towns, departments, colleagues, categories and places that
somebody may name in a filter, and the lists that they have saved. One statement.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from reports.desk.terms import fold
from reports.models import Category
from townhall import live
from townhall.calendar import Calendar
from townhall.models import User
from townhall.people import scope_of

MOST_TOWNS = 40  # whose Ortsteile are read
MOST_PLACES = 80  # Ortsteile of one town; areas of the map


@dataclass(frozen=True)
class Town:
    pk: int
    name: str
    slug: str
    calendar: Calendar


@dataclass(frozen=True)
class Named:
    """A department, person, place or area that a filter may name."""

    pk: int
    name: str
    slug: str = ""


@dataclass(frozen=True)
class Saved:
    """A list with a name. `asks` is the desk's query string."""

    pk: int
    name: str
    asks: str
    is_own: bool
    shared_with: str  # the department's name; "" for nobody


@dataclass(frozen=True, eq=False)
class Shelf:
    """The same object for all who know the same: what is made of it can be kept."""

    towns: tuple[Town, ...]
    departments: tuple[Named, ...]
    people: tuple[Named, ...]
    categories: tuple[Category, ...]
    localities: tuple[Named, ...]  # pk: the town
    areas: tuple[Named, ...]
    saved: tuple[Saved, ...]
    fingerprint: str

    @cached_property
    def places(self) -> list[str]:
        """Names of Ortsteile and areas, each once."""
        return sorted({place.name for place in (*self.localities, *self.areas)})


def shelf_of(user: User) -> Shelf:
    """One statement, kept on the user instance."""
    return _taken(user)[1]


def cursor_of(user: User) -> str:
    """The live line's cursor as it was when the shelf was read, before anything else."""
    return _taken(user)[0]


def _taken(user: User) -> tuple[str, Shelf]:
    known: tuple[str, Shelf] | None = getattr(user, "_shelf", None)
    if known is None:
        known = user._shelf = _read(user)  # type: ignore[attr-defined]
    return known


def matching(word: str, known: Iterable[Named]) -> list[Named]:
    """Who is called so; if nobody is, whose short name ends or begins so; else who holds it."""
    known, said = list(known), fold(word)
    exact = [each for each in known if said in {fold(each.name), each.slug}]
    dashed = said.replace(" ", "-")
    edge = [each for each in known if dashed in _ends(each.slug)]
    return exact or edge or [each for each in known if said in fold(each.name)]


def _ends(slug: str) -> Iterator[str]:
    yield slug.rpartition("-")[2]
    yield slug.partition("-")[0]


# ── Reading ──────────────────────────────────────────────────────────────────────────────────
# Ortsteile by jumps along an index: as many steps as there are names, however many the reports.
_SQL = f"""
WITH town AS (
    SELECT t.* FROM townhall_municipality t
    WHERE t.id = ANY(%(towns)s) OR t.id IN (
        SELECT municipality_id FROM townhall_department_serves WHERE department_id = ANY(%(teams)s))
), office AS (
    SELECT DISTINCT d.id, d.name, d.slug
    FROM townhall_department d JOIN townhall_department_serves s ON s.department_id = d.id
    WHERE d.is_active AND s.municipality_id IN (SELECT id FROM town)
)
SELECT {live.CURSOR_SQL}, json_build_object(
    'towns', (SELECT json_agg(json_build_array(
            id, name, slug, land, opens_at, closes_at,
            ARRAY(SELECT day FROM townhall_closingday c
                  WHERE c.municipality_id = town.id AND day > %(today)s::date - 400)
        ) ORDER BY name) FROM town),
    'departments', (SELECT json_agg(json_build_array(id, name, slug) ORDER BY name) FROM office),
    'people', (SELECT json_agg(json_build_array(u.id,
            coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username), u.username
        ) ORDER BY u.last_name, u.first_name, u.username)
        FROM townhall_user u WHERE u.is_active AND u.id IN (
            SELECT m.user_id FROM townhall_membership m
            WHERE m.department_id IN (SELECT id FROM office))),
    'categories', (SELECT json_agg(json_build_array(
            c.id, c.code, c.name, c.translations, g.id, g.code, g.name, g.translations
        ) ORDER BY g.position, g.name, c.position, c.name)
        FROM reports_category c JOIN reports_category g ON g.id = c.group_id),
    'localities', (SELECT json_agg(json_build_array(t.id, place.name)) FROM (
            SELECT id FROM town ORDER BY id LIMIT {MOST_TOWNS}) t, LATERAL (
        WITH RECURSIVE step AS (
            (SELECT locality AS name, 1 AS n FROM reports_report
             WHERE municipality_id = t.id AND locality > '' ORDER BY locality LIMIT 1)
            UNION ALL
            SELECT (SELECT locality FROM reports_report
                    WHERE municipality_id = t.id AND locality > step.name
                    ORDER BY locality LIMIT 1), n + 1
            FROM step WHERE step.name IS NOT NULL AND n < {MOST_PLACES})
        SELECT name FROM step WHERE name IS NOT NULL) place),
    'areas', (SELECT json_agg(json_build_array(area.id, area.name)) FROM (
            SELECT a.id, a.name FROM geo_area a JOIN geo_layer l ON l.id = a.layer_id
            WHERE (l.owner, l.slug) <> (%(owner)s, %(layer)s) AND a.validity @> %(today)s::date
            ORDER BY a.name LIMIT {MOST_PLACES}) area),
    'saved', (SELECT json_agg(json_build_array(
            v.id, v.name, v.asks, v.owner_id = %(me)s, coalesce(d.name, '')
        ) ORDER BY v.owner_id <> %(me)s, d.name, v.position, v.id)
        FROM reports_savedview v LEFT JOIN townhall_department d ON d.id = v.department_id
        WHERE v.owner_id = %(me)s OR v.department_id = ANY(%(offices)s))
)::text
"""  # noqa: S608 - only our own constants


def _read(user: User) -> tuple[str, Shelf]:
    scope = scope_of(user)
    owner, _slash, layer = settings.MUNICIPALITY_LAYER.partition("/")
    facts: dict[str, Any] = {
        "towns": sorted(scope.municipality_ids),
        "teams": sorted(scope.department_ids),
        "offices": sorted({grant.department_id for grant in scope.grants}),
        "me": user.pk,
        "owner": owner,
        "layer": layer,
        "today": timezone.localdate(),
    }
    with connection.cursor() as sql:
        sql.execute(_SQL, facts)
        cursor, text = sql.fetchone()
    return cursor, _understood(text)


@lru_cache(maxsize=32)
def _understood(text: str) -> Shelf:
    told = {name: rows or [] for name, rows in json.loads(text).items()}
    return Shelf(
        towns=tuple(map(_town, told["towns"])),
        departments=tuple(Named(*row) for row in told["departments"]),
        people=tuple(Named(*row) for row in told["people"]),
        categories=tuple(map(_category, told["categories"])),
        localities=tuple(Named(*row) for row in told["localities"]),
        areas=tuple(Named(*row) for row in told["areas"]),
        saved=tuple(Saved(*row) for row in told["saved"]),
        fingerprint=sha256(text.encode()).hexdigest(),
    )


def _town(row: Any) -> Town:
    pk, name, slug, land, opens_at, closes_at, closed = row
    calendar = Calendar(
        land=land,
        closed=frozenset(map(dt.date.fromisoformat, closed)),
        opens_at=dt.time.fromisoformat(opens_at),
        closes_at=dt.time.fromisoformat(closes_at),
    )
    return Town(pk, name, slug, calendar)


def _category(row: Any) -> Category:
    pk, code, name, words, group_pk, group_code, group_name, group_words = row
    group = Category(pk=group_pk, code=group_code, name=group_name, translations=group_words)
    return Category(pk=pk, code=code, name=name, translations=words, group=group)
