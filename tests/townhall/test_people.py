"""What staff may see, by role; and what comes with a municipality."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reports.models import Report
from townhall.models import ClosingDay, Department, Membership, Municipality, Role, User
from townhall.people import Scope, municipality_at, scope_of

A_COUNTRY_OF_SQUARES = """
    INSERT INTO geo_area (layer_id, key, name, shape, label_at, validity, attributes)
    SELECT layer_id, 'x' || n, 'x', ST_Translate(shape, n % 60 / 10.0, n / 60 / 10.0 + 1),
           label_at, validity, attributes
    FROM geo_area, generate_series(1, 3000) AS n;
    ANALYZE geo_area;
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(make_municipality: Callable[..., Municipality]) -> Municipality:
    return make_municipality("Heppenheim", key="06431011", centre=(8.70, 49.60))


@pytest.fixture
def member(
    make_user: Callable[..., User], make_department: Callable[..., Department]
) -> Callable[..., tuple[User, Department]]:
    """A user with one role in one department that serves these towns."""

    def make(role: Role, *serves: Municipality, name: str = "Amt") -> tuple[User, Department]:
        department = make_department(name, serves=serves)
        return make_user(role.value, department, role), department

    return make


def test_the_municipality_comes_with_all_a_report_needs_in_one_statement(
    town: Municipality, here: Point, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    this_year = timezone.localdate().year
    for day in (date(this_year, 12, 24), date(this_year - 1, 12, 24), date(this_year + 1, 1, 2)):
        ClosingDay.objects.create(municipality=town, day=day, name="Brückentag")
    with django_assert_num_queries(1):
        place = municipality_at(here)
        assert place is not None
        assert place.municipality == town
        assert place.municipality.fallback_department == town.fallback_department
        assert place.municipality.fallback_department.email
        days = getattr(place.municipality, "closing_dates", None)
        assert days == [date(this_year, 12, 24), date(this_year + 1, 1, 2)]


def test_a_municipality_from_a_place_equals_the_stored_one(town: Municipality, here: Point) -> None:
    place = municipality_at(here)
    assert place is not None
    assert place.municipality is not None
    stored = Municipality.objects.get()
    for each in Municipality._meta.concrete_fields:
        assert getattr(place.municipality, each.attname) == getattr(stored, each.attname)


def test_the_look_up_among_many_areas_walks_through_the_index(
    town: Municipality, here: Point
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(A_COUNTRY_OF_SQUARES)
    with CaptureQueriesContext(connection) as asked:
        municipality_at(here)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked.captured_queries[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "geo_area_shape" in plan


def test_a_dispatcher_sees_every_municipality_the_department_serves(
    town: Municipality,
    other: Municipality,
    member: Callable[..., tuple[User, Department]],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user, _ = member(Role.DISPATCHER, town, other)
    with django_assert_num_queries(1):
        scope = scope_of(user)
        assert scope_of(user) is scope
    assert scope.municipality_ids == {town.pk, other.pk}
    assert scope.department_ids == frozenset()
    assert scope.roles_for(municipality_id=other.pk, department_id=None) == {Role.DISPATCHER}
    assert scope.is_staff
    assert scope.sees_reports


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.READ_ONLY])
def test_administrators_and_readers_see_their_municipalities(
    town: Municipality,
    other: Municipality,
    member: Callable[..., tuple[User, Department]],
    role: Role,
) -> None:
    scope = scope_of(member(role, town)[0])
    assert scope.municipality_ids == {town.pk}
    assert scope.roles_for(municipality_id=town.pk) == {role}
    assert scope.roles_for(municipality_id=other.pk) == frozenset()


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.FIELD_CREW])
def test_caseworkers_and_field_crews_see_what_their_department_has(
    town: Municipality, member: Callable[..., tuple[User, Department]], role: Role
) -> None:
    user, department = member(role, town)
    scope = scope_of(user)
    assert scope.municipality_ids == frozenset()
    assert scope.department_ids == {department.pk}
    assert scope.roles_for(municipality_id=town.pk, department_id=department.pk) == {role}
    assert scope.roles_for(municipality_id=town.pk, department_id=-1) == frozenset()
    assert scope.roles_for(municipality_id=town.pk, department_id=None) == frozenset()


def test_the_lost_property_office_sees_no_reports(
    town: Municipality,
    member: Callable[..., tuple[User, Department]],
    make_report: Callable[..., Report],
) -> None:
    user, department = member(Role.FUNDBUERO, town)
    report = make_report()
    scope = scope_of(user)
    assert scope.is_staff
    assert not scope.sees_reports
    assert not scope.roles_for(municipality_id=town.pk, department_id=department.pk)
    assert not Report.objects.in_care_of(user).filter(pk=report.pk).exists()


def test_who_is_in_no_department_sees_nothing(make_user: Callable[..., User]) -> None:
    assert scope_of(make_user("neu")) == Scope()
    assert scope_of(make_user("chef", is_superuser=True, is_staff=True)) == Scope()
    assert scope_of(AnonymousUser()) == Scope()
    assert not scope_of(AnonymousUser()).is_staff


def test_who_has_left_sees_nothing(
    town: Municipality, member: Callable[..., tuple[User, Department]]
) -> None:
    user, _ = member(Role.DISPATCHER, town)
    User.objects.update(is_active=False)
    assert scope_of(User.objects.get(pk=user.pk)) == Scope()


def test_a_closed_department_opens_nothing(
    town: Municipality, member: Callable[..., tuple[User, Department]]
) -> None:
    user, _ = member(Role.DISPATCHER, town)
    Department.objects.update(is_active=False)
    assert scope_of(User.objects.get(pk=user.pk)) == Scope()


def test_several_memberships_add_up_without_mixing(
    town: Municipality,
    other: Municipality,
    member: Callable[..., tuple[User, Department]],
    make_department: Callable[..., Department],
) -> None:
    user, first = member(Role.DISPATCHER, town, name="Hier")
    second = make_department("Dort", serves=[other])
    Membership.objects.create(user=user, department=second, role=Role.CASEWORKER)
    scope = scope_of(User.objects.get(pk=user.pk))
    assert scope.municipality_ids == {town.pk}
    assert scope.department_ids == {second.pk}
    assert scope.roles_for(municipality_id=other.pk, department_id=first.pk) == frozenset()
    assert scope.roles_for(municipality_id=town.pk, department_id=second.pk) == {
        Role.DISPATCHER,
        Role.CASEWORKER,
    }
    assert scope.has_role(Role.CASEWORKER)
    assert not scope.has_role(Role.ADMINISTRATOR)


def test_a_dispatcher_of_a_department_without_towns_sees_nothing(
    member: Callable[..., tuple[User, Department]],
) -> None:
    scope = scope_of(member(Role.DISPATCHER)[0])
    assert scope.is_staff
    assert not scope.municipality_ids
    assert not scope.roles_for(municipality_id=None, department_id=None)
