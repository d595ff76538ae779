"""Staff put right where a report is and what it is: it goes where it then belongs."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from geo.models import Place
from geo.wording import search_text
from reports.deeds import correcting, triage
from reports.deeds.forms import Complaint
from reports.deeds.work import NotAllowed, TooLate
from reports.models import Event, EventKind, Publication, Report
from townhall.models import Department, Municipality, User

pytestmark = pytest.mark.django_db
NEXT_DOOR = Point(8.70, 49.68, srid=4326)


@pytest.fixture
def next_town(make_municipality: Any) -> Municipality:
    town: Municipality = make_municipality(
        key="06431003", slug="nachbar", name="Nachbarstadt", centre=(8.70, 49.68)
    )
    return town


def page_of(report: Report) -> str:
    return f"/amt/meldung/{report.code}/berichtigung"


def last(report: Report, kind: EventKind) -> Event:
    event = report.events.filter(kind=kind).last()
    assert event is not None
    return event


def test_a_moved_pin_moves_the_public_place_too(make_report: Any, dispatcher: User) -> None:
    report = make_report()
    there = Point(report.position.x + 0.001, report.position.y, srid=4326)
    correcting.correct(report, by=dispatcher, position=there, reason="Bild zeigt die Ecke")
    report.refresh_from_db()
    assert report.position.x == pytest.approx(there.x)
    assert report.public_position is not None
    assert report.public_position.x == pytest.approx(there.x, abs=0.01)
    event = last(report, EventKind.CORRECTED)
    assert (event.text, event.facts["fields"]) == ("Bild zeigt die Ecke", ["place"])
    assert event.visibility == "internal"


def test_beyond_the_border_it_goes_to_the_other_town(
    make_report: Any, dispatcher: User, next_town: Municipality, pothole: Any, make_offer: Any
) -> None:
    make_offer(municipality=next_town, category=pothole)
    report = make_report()
    triage.assign(report, by=dispatcher, to=None)
    correcting.correct(report, by=dispatcher, position=NEXT_DOOR)
    report.refresh_from_db()
    assert report.municipality == next_town
    assert report.department == next_town.fallback_department
    assert last(report, EventKind.ROUTED).facts["by"] == "staff"


def test_the_other_town_must_offer_the_category(
    make_report: Any, dispatcher: User, next_town: Municipality
) -> None:
    report = make_report()
    with pytest.raises(Complaint) as complaint:
        correcting.correct(report, by=dispatcher, position=NEXT_DOOR)
    assert complaint.value.field == "category"
    report.refresh_from_db()
    assert report.municipality != next_town


def test_where_nobody_serves_nothing_is_changed(make_report: Any, dispatcher: User) -> None:
    report = make_report()
    with pytest.raises(Complaint) as complaint:
        correcting.correct(report, by=dispatcher, position=Point(0, 0, srid=4326))
    assert complaint.value.field == "address"
    assert not report.events.filter(kind=EventKind.CORRECTED).exists()


def test_another_category_brings_its_department_and_date(
    make_report: Any,
    dispatcher: User,
    town: Municipality,
    make_category: Any,
    make_offer: Any,
    make_rule: Any,
    make_department: Any,
) -> None:
    lamp = make_category(code="laterne", name="Laterne")
    make_offer(municipality=town, category=lamp, days_to_answer=20)
    lights: Department = make_department(slug="lichter", serves=[town])
    make_rule(category=lamp, department=lights, municipality=town)
    report = make_report()
    due = report.due_on
    correcting.correct(report, by=dispatcher, category=lamp)
    report.refresh_from_db()
    assert (report.category, report.department) == (lamp, lights)
    assert report.due_on > due
    assert last(report, EventKind.CORRECTED).facts["fields"] == ["category"]


def test_a_private_category_takes_it_out_of_view(
    make_report: Any, dispatcher: User, town: Municipality, make_category: Any, make_offer: Any
) -> None:
    secret = make_category(code="geheim", name="Nur intern")
    make_offer(municipality=town, category=secret, publication=Publication.NEVER)
    report = make_report()
    correcting.correct(report, by=dispatcher, category=secret)
    report.refresh_from_db()
    assert not report.is_public


def test_who_passed_it_on_by_hand_is_not_overruled(
    make_report: Any, dispatcher: User, town: Municipality, make_department: Any
) -> None:
    parks = make_department(slug="gruen", serves=[town])
    report = make_report()
    triage.forward(report, by=dispatcher, department=parks)
    there = Point(report.position.x + 0.0005, report.position.y, srid=4326)
    correcting.correct(report, by=dispatcher, position=there)
    report.refresh_from_db()
    assert report.department == parks


def test_nothing_new_changes_nothing(make_report: Any, dispatcher: User) -> None:
    report = make_report()
    before = report.events.count()
    correcting.correct(report, by=dispatcher, position=report.position, category=report.category)
    assert report.events.count() == before


def test_others_may_not_and_the_slower_one_is_told(
    make_report: Any, dispatcher: User, outsider: User, caseworker: User, town: Municipality
) -> None:
    report = make_report()
    with pytest.raises(NotAllowed):
        correcting.correct(report, by=outsider, position=NEXT_DOOR)
    triage.accept(report, by=caseworker)
    there = Point(report.position.x + 0.001, report.position.y, srid=4326)
    with pytest.raises(TooLate):
        correcting.correct(report, by=dispatcher, position=there, version=report.version)


# ── By the form ──────────────────────────────────────────────────────────────────────────────
def _place(report: Report, name: str, number: str, dx: float) -> None:
    Place.objects.create(
        kind="address",
        name=name,
        house_number=number,
        area_key=report.municipality.key,
        search_text=search_text(name, locality="", area_name=""),
        position=Point(report.position.x + dx, report.position.y, srid=4326),
    )


def test_an_address_is_enough(client: Client, make_report: Any, dispatcher: User) -> None:
    report = make_report()
    _place(report, "Kastanienallee", "7", 0.002)
    client.force_login(dispatcher)
    answer = client.post(page_of(report), {"address": "Kastanienallee 7", "category": "schlagloch"})
    assert answer.status_code == 303
    report.refresh_from_db()
    assert (report.street, report.house_number) == ("Kastanienallee", "7")


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "Gibtesnichtstraße 99"},
        {"spot": "nan,inf"},
        {"spot": "500,100"},
        {"spot": "hier"},
        {"category": "gibt-es-nicht"},
        {},
    ],
)
def test_nonsense_is_told_and_kept(
    client: Client, make_report: Any, dispatcher: User, fields: dict[str, str]
) -> None:
    report = make_report()
    client.force_login(dispatcher)
    answer = client.post(page_of(report), {"category": "schlagloch"} | fields)
    assert answer.status_code == 422
    assert fields.get("address", "") in answer.text
    assert not report.events.filter(kind=EventKind.CORRECTED).exists()
