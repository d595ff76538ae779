"""Looking after words kept ready: whose they are, what stands in them, who may change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from reports.models import Category, Report, Snippet, Visibility
from townhall.models import Department, Municipality, Role, User
from townhall.people import Scope, scope_of

# Over all towns of their departments; a caseworker over their own department's words.
_OF_TOWNS = frozenset({Role.ADMINISTRATOR, Role.DISPATCHER})


class Overtaken(Exception):
    """A colleague changed or removed it since it was shown."""


class TitleTaken(Exception):
    """The owner has words of this name already."""


@dataclass(frozen=True)
class Wording:
    """What a snippet says. `owner` "t:3" is a municipality, "d:7" a department."""

    title: str
    owner: str
    visibility: Visibility
    text: str
    text_en: str = ""
    goal: str = ""
    statuses: Sequence[str] = ()
    categories: Sequence[Category] = field(default=())


@dataclass(frozen=True)
class Shelf:
    """Whose words somebody looks after."""

    towns: tuple[Municipality, ...]
    departments: tuple[Department, ...]

    @property
    def owners(self) -> list[tuple[str, str]]:
        towns = [(f"t:{town.pk}", town.full_name) for town in self.towns]
        return [*towns, *((f"d:{office.pk}", office.name) for office in self.departments)]

    @property
    def snippets(self) -> QuerySet[Snippet]:
        """In use, those of towns first."""
        mine = Snippet.objects.kept_by(
            [town.pk for town in self.towns], [office.pk for office in self.departments]
        )
        return (
            mine.filter(is_active=True)
            .select_related("municipality", "department")
            .prefetch_related("categories")
            .order_by(F("department__name").asc(nulls_first=True), "municipality__name", "title")
        )


def shelf_of(user: User) -> Shelf | None:
    """None for who looks after nobody's words."""
    scope = scope_of(user)
    towns, offices = _reach(scope)
    if not (towns or offices):
        return None
    mine = Department.objects.filter(is_active=True)
    served = mine.filter(serves__in=towns) | mine.filter(pk__in=offices)
    return Shelf(
        tuple(Municipality.objects.filter(pk__in=towns).order_by("name")),
        tuple(served.distinct().order_by("name")),
    )


def _reach(scope: Scope) -> tuple[set[int], set[int]]:
    towns = {pk for each in scope.grants if each.role in _OF_TOWNS for pk in each.municipality_ids}
    offices = {each.department_id for each in scope.grants if each.role == Role.CASEWORKER}
    return towns, offices


def example_for(user: User) -> Report | None:
    """The newest open report in the user's care, to show how words fill in."""
    mine = Report.objects.in_care_of(user).open().order_by("-received_at")
    return mine.select_related("category__group", "municipality", "department").first()


def keep(snippet: Snippet | None, wording: Wording, *, by: User, version: int | None) -> Snippet:
    """Write it anew or change it. Raises Overtaken and TitleTaken."""
    with transaction.atomic():
        row = _locked(snippet, version) if snippet else Snippet(version=0)
        kind, _colon, pk = wording.owner.partition(":")
        values: dict[str, Any] = {
            "title": wording.title,
            "municipality_id": int(pk) if kind == "t" else None,
            "department_id": int(pk) if kind == "d" else None,
            "visibility": wording.visibility,
            "goal": wording.goal,
            "statuses": list(wording.statuses),
            "text": wording.text,
            "text_en": wording.text_en,
            "changed_by": by,
            "version": row.version + 1,
        }
        for name, value in values.items():
            setattr(row, name, value)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise TitleTaken from None
        row.categories.set(wording.categories)
    return row


def retire(snippet: Snippet, *, by: User) -> None:
    """Offered no longer. What was written with it stays. Again = no change."""
    Snippet.objects.filter(pk=snippet.pk).update(is_active=False, changed_by=by)


def _locked(snippet: Snippet, version: int | None) -> Snippet:
    row = Snippet.objects.select_for_update().filter(pk=snippet.pk, is_active=True).first()
    if row is None or row.version != version:
        raise Overtaken
    return row
