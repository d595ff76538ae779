"""The doors that only ask where."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
import shapely
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from geo.models import Area
from townhall.models import Municipality

from .district import BOUNDARIES, import_areas

pytestmark = pytest.mark.django_db

NO_PLACE = [
    {},
    {"lat": "49.68"},
    {"lon": "8.62"},
    {"lat": "", "lon": ""},
    {"lat": "nan", "lon": "8.62"},
    {"lat": "49.68", "lon": "inf"},
    {"lat": "91", "lon": "8.62"},
    {"lat": "49.68", "lon": "-180.1"},
    {"lat": "Bensheim", "lon": "8.62"},
    {"lat": "4_9", "lon": "8"},
    {"lat": "49,68", "lon": "8,62"},
    {"lat": "1e999", "lon": "8"},
    {"lat": "49.68\x00", "lon": "8"},
    {"lat": "9" * 5000, "lon": "8"},
]


@pytest.fixture
def client() -> Client:
    return Client()


def is_problem(answer: Any) -> bool:
    return bool(
        answer.status_code == 400 and answer["Content-Type"].startswith("application/problem+json")
    )


@pytest.mark.usefixtures("district", "gazetteer")
def test_where_names_municipality_areas_and_address(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/api/v1/where/", {"lat": 0, "lon": 0})  # the sites are read
    with django_assert_num_queries(3):
        answer = client.get("/api/v1/where/", {"lat": "49.6811", "lon": "8.6211"}).json()
    assert answer["municipality"] == {"key": "06431002", "name": "Bensheim", "served": False}
    assert answer["areas"] == [{"layer": "bkg/gemeinden", "key": "06431002", "name": "Bensheim"}]
    assert set(answer["address"]) == {"street", "house_number", "locality", "municipality"}
    assert answer["address"]["municipality"] == "Bensheim"


def test_where_says_who_is_served(client: Client, town: Municipality) -> None:
    answer = client.get("/api/v1/where/", {"lat": "49.6811", "lon": "8.6206"}).json()
    assert answer["municipality"] == {"key": "06431002", "name": "Bensheim", "served": True}
    assert answer["address"] is None


@pytest.mark.usefixtures("district", "town_without_area")
def test_michelbuch_has_an_area_but_nobody_serves_it(client: Client) -> None:
    place = Area.objects.get(key="06431200").label_at
    answer = client.get("/api/v1/where/", {"lat": place.y, "lon": place.x}).json()
    assert answer["municipality"] == {"key": "06431200", "name": "Michelbuch", "served": False}


@pytest.fixture
def town_without_area(make_department: Any) -> Municipality:
    return Municipality.objects.create(
        key="06431002",
        slug="bensheim",
        name="Bensheim",
        fallback_department=make_department("Bürgerbüro"),
    )


def test_outside_every_area_where_says_so(client: Client, town: Municipality) -> None:
    answer = client.get("/api/v1/where/", {"lat": "52.5", "lon": "13.4"}).json()
    assert answer == {"municipality": None, "areas": [], "address": None}


@pytest.mark.parametrize("query", NO_PLACE)
def test_where_refuses_what_is_no_place(client: Client, db: None, query: dict[str, str]) -> None:
    assert is_problem(client.get("/api/v1/where/", query))


@pytest.mark.usefixtures("gazetteer")
def test_places_answer_the_address_field(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/api/v1/places/", {"q": ""})
    with django_assert_num_queries(4):  # with the savepoint and its release
        answer = client.get("/api/v1/places/", {"q": "lindenstr 4 bensh"})
    first = answer.json()[0]
    assert first["label"] == "Lindenstraße 4, Bensheim"
    assert (first["kind"], first["street"], first["house_number"]) == (
        "address",
        "Lindenstraße",
        "4",
    )
    assert (first["municipality"], first["key"], first["source"]) == (
        "Bensheim",
        "06431002",
        "demo",
    )
    assert 49.6 < first["lat"] < 49.75
    assert 8.5 < first["lon"] < 8.7


@pytest.mark.usefixtures("gazetteer")
def test_places_can_be_asked_near_and_within(client: Client) -> None:
    near = {"q": "bahnhofstr", "lat": "49.6530", "lon": "8.5680"}
    assert client.get("/api/v1/places/", near).json()[0]["municipality"] == "Lorsch"
    within = {"q": "bahnhofstr", "keys": "06431013,06431022"}
    answer = client.get("/api/v1/places/", within).json()
    assert {place["municipality"] for place in answer} == {"Lampertheim", "Zwingenberg"}


@pytest.mark.parametrize("typed", ["", "li", "  ", "4"])
def test_too_little_to_search_for_gives_an_empty_list(client: Client, db: None, typed: str) -> None:
    answer = client.get("/api/v1/places/", {"q": typed})
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "linden\x00"},
        {"q": "x" * 121},
        {"q": "linden", "lat": "49"},
        {"q": "linden", "lat": "nan", "lon": "8"},
        {"q": "linden", "keys": "';--"},
    ],
)
def test_places_refuse_nonsense(client: Client, db: None, query: dict[str, str]) -> None:
    assert is_problem(client.get("/api/v1/places/", query))


@pytest.mark.usefixtures("district")
def test_the_ground_of_the_map_is_small_and_its_borders_stay_joined(client: Client) -> None:
    answer = client.get("/api/v1/areas/", {"layer": "bkg/gemeinden"})
    assert answer["Content-Type"] == "application/geo+json"
    assert answer["Cache-Control"] == "public, no-cache"
    assert len(gzip.compress(answer.content)) < 60_000
    features = json.loads(answer.content)["features"]
    assert [each["properties"]["key"] for each in features] == sorted(
        Area.objects.values_list("key", flat=True)
    )
    shapes = [shapely.geometry.shape(each["geometry"]) for each in features]
    assert all(shape.is_valid for shape in shapes)
    assert shapely.coverage_is_valid(shapes)
    for each, shape in zip(features, shapes, strict=True):
        assert shape.contains(shapely.Point(each["properties"]["label"]))


@pytest.mark.usefixtures("district")
def test_an_unchanged_ground_is_not_sent_again(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get("/api/v1/areas/", {"layer": "bkg/gemeinden"})
    with django_assert_num_queries(1):
        again = client.get(
            "/api/v1/areas/", {"layer": "bkg/gemeinden"}, headers={"if-none-match": first["ETag"]}
        )
    assert (again.status_code, again.content) == (304, b"")
    Area.objects.filter(key="06431002").update(name="Bensheim an der Bergstraße")
    changed = client.get(
        "/api/v1/areas/", {"layer": "bkg/gemeinden"}, headers={"if-none-match": first["ETag"]}
    )
    assert changed.status_code == 200
    assert "Bensheim an der Bergstraße" in changed.content.decode()


@pytest.mark.parametrize("layer", ["", "gemeinden", "a/b/c", "a/\x00", "x" * 90 + "/y"])
def test_a_layer_that_is_none_is_refused(client: Client, db: None, layer: str) -> None:
    assert is_problem(client.get("/api/v1/areas/", {"layer": layer}))


def test_an_unknown_layer_is_not_found(client: Client, db: None) -> None:
    assert client.get("/api/v1/areas/", {"layer": "bkg/nichts"}).status_code == 404


def test_the_command_and_the_doors_agree(client: Client, db: None) -> None:
    import_areas(BOUNDARIES, layer="bkg/gemeinden")
    answer = client.get("/api/v1/areas/", {"layer": "bkg/gemeinden"}).json()
    assert len(answer["features"]) == 23
