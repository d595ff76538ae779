"""Who works on a report, and who else could."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from reports.models import Report, Share
from townhall.models import Department, Membership, Role, User
from townhall.people import DEPARTMENT_ROLES, MUNICIPALITY_ROLES


def colleagues(report: Report) -> QuerySet[User]:
    """The department's people and the town's dispatchers."""
    workers = Membership.objects.filter(
        Q(department=report.department_id, role__in=sorted(DEPARTMENT_ROLES))
        | Q(
            department__serves=report.municipality_id,
            role__in=sorted(MUNICIPALITY_ROLES - {Role.READ_ONLY}),
        ),
        department__is_active=True,
    )
    return User.objects.filter(is_active=True, pk__in=workers.values("user")).order_by(
        "last_name", "first_name", "username"
    )


def insiders(report: Report) -> QuerySet[User]:
    """The same, and the people of departments that do a part of it."""
    parts = Share.objects.filter(report=report, ended_at=None).values("department")
    helpers = Membership.objects.filter(department__in=parts, department__is_active=True)
    known = colleagues(report).order_by().values("pk")
    return User.objects.filter(Q(pk__in=known) | Q(pk__in=helpers.values("user")), is_active=True)


def departments(report: Report) -> QuerySet[Department]:
    """Whoever serves the town, except who has it now."""
    return (
        Department.objects.filter(is_active=True, serves=report.municipality_id)
        .exclude(pk=report.department_id)
        .order_by(F("kind").asc(), "name")
    )
