"""What tests of dangers share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from reports.deeds import alarms
from reports.models import Report
from townhall.models import Department, DutyPerson, Municipality, Rota, Shift, User


@pytest.fixture
def make_rota(town: Municipality) -> Callable[..., Rota]:
    """On duty every day: the named people, in this order."""

    def make(department: Department, *names: str, **changes: Any) -> Rota:
        rota = Rota.objects.create(department=department, **changes)
        for rank, name in enumerate(names, start=1):
            person = DutyPerson.objects.create(
                rota=rota,
                name=name,
                email=f"{name.lower()}@example.org",
                phone="069 90009-999",
            )
            Shift.objects.create(person=person, rank=rank, first_day=dt.date(2026, 1, 5))
        return rota

    return make


@pytest.fixture
def rota(caseworker: User, make_rota: Callable[..., Rota]) -> Rota:
    """Kolb, then Lenz, in the Tiefbauamt that gets everything."""
    return make_rota(Department.objects.get(name="Tiefbauamt"), "Kolb", "Lenz")


@pytest.fixture
def danger(rota: Rota, make_report: Callable[..., Report], caseworker: User) -> Report:
    """A danger that is ringing since now."""
    found = make_report()
    alarms.flag_hazard(found, by=caseworker, is_hazard=True)
    return Report.objects.with_faces().get(pk=found.pk)
