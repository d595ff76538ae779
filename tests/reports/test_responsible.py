"""`/zustaendig`: who deals with what here, without reporting it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from geo.models import Place, PlaceKind
from reports.models import Category, Report, Rule
from tests.reports.test_form import text_of, value_of
from townhall.models import Department, DepartmentKind, Municipality, Unsent

SPOT = "8.620600,49.681100"


def test_a_place_and_a_category_lead_to_an_office_with_its_number_and_the_reason(
    client: Client,
    town: Municipality,
    pothole: Category,
    make_department: Callable[..., Department],
    make_rule: Callable[..., Rule],
) -> None:
    roads = make_department("Straßenmeisterei", kind=DepartmentKind.OUTSIDE, phone="06251 77-1")
    make_rule(roads, category=pothole)
    Place.objects.create(
        kind=PlaceKind.STREET,
        name="Lindenweg",
        area_key=town.key,
        area_name=town.name,
        position=Point(8.6206, 49.6811),
        source="test",
        search_text="lindenweg bensheim",
    )
    found = client.get("/zustaendig", {"place": "Lindenweg", "category": pothole.code})
    (spot,) = value_of(found, "spot")
    asked = {"place": "Lindenweg", "place_before": "Lindenweg", "spot": spot}
    answer = text_of(client.get("/zustaendig", asked | {"category": pothole.code}))
    for words in ("Straßenmeisterei", "06251 77-1", "kümmert sich um „Schlagloch“"):
        assert words in answer
    assert "5 Arbeitstage, keine Zusage" in answer
    assert "23125 99" in answer  # the standby service
    assert not Report.objects.exists() and not Unsent.objects.exists()


def test_without_a_category_the_town_hall_is_named(client: Client, pothole: Category) -> None:
    answer = text_of(client.get("/zustaendig", {"spot": SPOT}))
    assert "Rathaus Bensheim" in answer
    assert "115" in answer


def test_the_report_begins_with_what_was_asked(client: Client, pothole: Category) -> None:
    page = client.get("/zustaendig", {"spot": SPOT, "category": pothole.code}).content.decode()
    assert "/melden?lon=8.620600&amp;lat=49.681100&amp;category=schlagloch" in page
    form = client.get("/melden", {"lon": "8.6206", "lat": "49.6811", "category": "schlagloch"})
    assert value_of(form, "spot") == [SPOT]
    assert 'value="schlagloch" id="category" checked' in form.content.decode()


def test_outside_the_number_for_all_authorities_is_named(
    client: Client, pothole: Category, make_municipality: Callable[..., Municipality]
) -> None:
    make_municipality("Michelbuch", key="06431200", centre=(8.9, 49.4)).delete()
    assert "115" in text_of(client.get("/zustaendig", {"spot": "9.5,50.5"}))
    assert "Michelbuch" in text_of(client.get("/zustaendig", {"spot": "8.9,49.4"}))


@pytest.mark.parametrize(
    "query", [{"spot": "x"}, {"spot": "inf,nan"}, {"category": "\0"}, {"place": "\0" * 300}]
)
def test_nonsense_is_answered_with_the_empty_page(
    client: Client, pothole: Category, query: dict[str, Any]
) -> None:
    assert client.get("/zustaendig", query).status_code == 200
