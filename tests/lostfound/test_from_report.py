"""A report „Fahrrad gefunden“ becomes a found thing with one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lostfound.models import Custody, Finder, FoundItem, Holder, Office, Photo
from reports.models import Photo as ReportPhoto
from reports.models import Report
from reports.workflow import Status
from townhall.models import Image, Letter, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatcher(make_user: Callable[..., User], pothole: Any, office: Office) -> User:
    return make_user("mohr", office.municipality.fallback_department, Role.DISPATCHER)


@pytest.fixture
def bicycle(make_report: Callable[..., Report]) -> Report:
    report = make_report(
        description="Hier steht seit Wochen ein blaues Fahrrad ohne Sattel.",
        email="anna@example.org",
        name="Anna Bauer",
    )
    image = Image.objects.create(
        id="8b0b8a55-5b0a-4b57-9f05-0f1f4f0a1b11",
        digest="x",
        folder="images/x",
        width=4,
        height=3,
        thumb_width=4,
        thumb_height=3,
    )
    ReportPhoto.objects.create(report=report, image=image, position=0)
    return report


def press(client: Client, report: Report) -> Any:
    url = reverse("desk-fundbuero", args=[report.code])
    return client.post(url, {"version": report.version})


def test_one_press_makes_a_found_thing_of_a_report(
    dispatcher: User, clerk: User, bicycle: Report, office: Office
) -> None:
    desk, counter = Client(), Client()
    desk.force_login(dispatcher)
    counter.force_login(clerk)
    page = desk.get(reverse("desk-report", args=[bicycle.code])).content.decode()
    assert "Es ist ein Fund: ans Fundbüro" in page

    assert press(desk, bicycle).status_code == 303

    item = FoundItem.objects.get()
    assert (item.kind, item.colour, item.source) == ("bicycle", "blue", "report")
    assert item.office == office
    assert item.notice_on == timezone.localdate(bicycle.received_at)
    assert Photo.objects.get(item=item).image_id == ReportPhoto.objects.get().image_id
    assert not Finder.objects.exists()
    assert "Anna" not in item.description
    assert not hasattr(item, "listing")
    last = Custody.objects.filter(item=item).last()
    assert last is not None
    assert (last.holder, "Fundort" in last.reason) == (Holder.CARRIER, True)
    bicycle.refresh_from_db()
    assert (bicycle.status, bicycle.forwarded_to) == (Status.FORWARDED, office.name)

    again = desk.get(reverse("desk-report", args=[bicycle.code])).content.decode()
    assert item.file_number in again
    assert reverse("fund-item", args=[item.code]) not in again
    there = counter.get(reverse("fund-item", args=[item.code])).content.decode()
    assert bicycle.shown_code in there
    assert reverse("desk-report", args=[bicycle.code]) not in there
    assert not Letter.objects.filter(kind="forwarded").exists()


def test_pressed_twice_it_is_one_thing(dispatcher: User, bicycle: Report) -> None:
    desk = Client()
    desk.force_login(dispatcher)
    press(desk, bicycle)
    assert press(desk, bicycle).status_code in {409, 303}
    assert FoundItem.objects.count() == 1


def test_only_who_may_forward_makes_a_find_of_it(
    clerk: User, bicycle: Report, make_user: Callable[..., User]
) -> None:
    counter, nobody = Client(), Client()
    counter.force_login(clerk)
    reader = Client()
    reader.force_login(make_user("lesen", bicycle.department, Role.READ_ONLY))
    assert press(counter, bicycle).status_code == 404
    assert press(reader, bicycle).status_code == 403
    assert press(nobody, bicycle).status_code == 403  # the sign-in page, with what was sent
    assert not FoundItem.objects.exists()


def test_where_there_is_no_office_nobody_is_offered_it(
    dispatcher: User, bicycle: Report, office: Office
) -> None:
    desk = Client()
    desk.force_login(dispatcher)
    office.delete()
    page = desk.get(reverse("desk-report", args=[bicycle.code])).content.decode()
    assert "ans Fundbüro" not in page.partition("keys-row")[0]  # the list of keys names it
    assert press(desk, bicycle).status_code == 422
