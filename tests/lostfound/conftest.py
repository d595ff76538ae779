"""The counter's cast, and plain makers of found things and their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from lostfound.models import FoundItem, Office, StoragePlace, StorageSite
from townhall.codes import new_code
from townhall.models import Department, Municipality, Role, User


@pytest.fixture
def make_office(make_department: Callable[..., Department]) -> Callable[..., Office]:
    def make(town: Municipality, **changes: Any) -> Office:
        changes.setdefault("slug", town.slug)
        changes.setdefault("name", f"Fundbüro {town.name}")
        changes.setdefault("postal_address", "Kirchbergstraße 18, 64625 Bensheim")
        changes.setdefault("opening_hours", "Mo–Fr 8–12 Uhr")
        department = make_department(f"Fundbüro {town.name}", serves=[town])
        return Office.objects.create(department=department, municipality=town, **changes)

    return make


@pytest.fixture
def office(town: Municipality, make_office: Callable[..., Office]) -> Office:
    return make_office(town)


@pytest.fixture
def clerk(office: Office, make_user: Callable[..., User]) -> User:
    """Works at the counter."""
    return make_user("fundbuero", office.department, Role.FUNDBUERO)


@pytest.fixture
def colleague(office: Office, make_user: Callable[..., User]) -> User:
    """The second pair of eyes at the same counter."""
    return make_user("fundbuero2", office.department, Role.FUNDBUERO)


@pytest.fixture
def other_office(
    make_municipality: Callable[..., Municipality], make_office: Callable[..., Office]
) -> Office:
    return make_office(make_municipality("Lorsch", key="06431015", centre=(8.57, 49.65)))


@pytest.fixture
def stranger(other_office: Office, make_user: Callable[..., User]) -> User:
    """Works at the counter of another town."""
    return make_user("fundbuero-lorsch", other_office.department, Role.FUNDBUERO)


@pytest.fixture
def make_item(office: Office) -> Callable[..., FoundItem]:
    """A thing in the office's keeping that nobody has put away yet."""

    def make(kind: str = "umbrella", **changes: Any) -> FoundItem:
        day = changes.setdefault("found_on", dt.date(2026, 3, 2))
        changes.setdefault("notice_on", day)
        changes.setdefault("code", new_code())
        changes.setdefault("office", office)
        changes.setdefault("received_at", timezone.now())
        return FoundItem.objects.create(kind=kind, **changes)

    return make


@pytest.fixture
def make_place(office: Office) -> Callable[..., StoragePlace]:
    """A compartment in the office's own rooms, or at the site of that name."""

    def make(
        slot: str = "Fach 1", shelf: str = "Regal A", site: str = "Rathaus", **changes: Any
    ) -> StoragePlace:
        house, _ = StorageSite.objects.get_or_create(
            office=changes.pop("office", office), name=site
        )
        changes.setdefault("code", new_code())
        return StoragePlace.objects.create(site=house, shelf=shelf, slot=slot, **changes)

    return make
