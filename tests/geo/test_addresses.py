"""Finding an address by what people type, and a name for a point."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
import shapely
from django.contrib.gis.geos import Point
from pytest_django import DjangoAssertNumQueries

from geo.addresses import in_words, label, nearest, search
from geo.gazetteer import DEMO_PLACES, BadPlaces, load_places
from geo.models import Area, Place
from geo.wording import plain

pytestmark = pytest.mark.django_db


MEANT = {
    "lindenstr bensh": "Lindenstraße, Bensheim",
    "bensh lindenstrasse": "Lindenstraße, Bensheim",
    "LINDENSTRAßE, BENSHEIM": "Lindenstraße, Bensheim",
    "linden str. bensheim": "Lindenstraße, Bensheim",
    "lindnstrase bensheim": "Lindenstraße, Bensheim",
    "Lindenstraße 4 Bensheim": "Lindenstraße 4, Bensheim",
    "Lindenstr.4, 64625 Bensheim": "Lindenstraße 4, Bensheim",
    "Lindenstraße 4711 Bensheim": "Lindenstraße, Bensheim",
    "bensehim": "Bensheim",
    "auerbach": "Auerbach, Bensheim",
    "darmstaedter strasse auerbach": "Darmstädter Straße, Auerbach, Bensheim",
    "Darmstadter Str Auerbach": "Darmstädter Straße, Auerbach, Bensheim",
    "Großrohrheim": "Groß-Rohrheim",
    "gross rohrheim": "Groß-Rohrheim",
    "heppenheim": "Heppenheim",
    "huettenfeld viernheimer": "Viernheimer Straße, Hüttenfeld, Lampertheim",
    "Neuschloss": "Neuschloß, Lampertheim",
    "muehlweg weiher": "Mühlweg, Weiher, Mörlenbach",
}
TOO_LITTLE = [
    "",
    " ",
    "li",
    "4",
    "%%%",
    "\\",
    "'; DROP",
    "xyzzyq",
    "a b c",
    "☃☃☃☃",
    "%_%_%",
    "[a-z]",
]


@pytest.mark.usefixtures("gazetteer")
def test_people_find_what_they_mean() -> None:
    found = {typed: search(typed) for typed in MEANT}
    assert {typed: label(places[0]) if places else "" for typed, places in found.items()} == MEANT


@pytest.mark.usefixtures("gazetteer")
def test_what_says_too_little_finds_nothing() -> None:
    assert {typed: search(typed) for typed in TOO_LITTLE} == {typed: [] for typed in TOO_LITTLE}


@pytest.mark.usefixtures("gazetteer")
def test_a_street_is_named_once() -> None:
    labels = [label(place) for place in search("nibelungenstrasse", limit=20)]
    assert len(labels) == len(set(labels))
    assert (
        Place.objects.filter(name="Nibelungenstraße", locality="", area_key="06431002").count() > 1
    )


@pytest.mark.usefixtures("gazetteer")
def test_the_search_stays_in_the_town() -> None:
    found = search("hauptstrasse", area_keys=["06431002"])
    assert {place.area_key for place in found} == {"06431002"}
    assert search("hauptstrasse", area_keys=[]) == []


@pytest.mark.usefixtures("gazetteer")
def test_a_street_chosen_by_its_name_gets_no_door() -> None:
    street = next(
        place
        for place in Place.objects.filter(kind="street", area_key="06431002")
        if (near := nearest(Point(place.position.x + 2e-5, place.position.y, srid=4326)))
        and near.house_number
    )
    chosen = nearest(street.position, area_key=street.area_key)
    assert chosen is not None
    assert (chosen.street, chosen.house_number) == (street.name, "")


@pytest.mark.usefixtures("gazetteer")
def test_what_is_near_comes_first_among_equals() -> None:
    lorsch = Point(8.5680, 49.6530, srid=4326)
    assert label(search("bahnhofstr", near=lorsch)[0]) == "Bahnhofstraße, Lorsch"


@pytest.mark.usefixtures("gazetteer")
def test_a_search_takes_two_statements_and_little_time(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(4):  # with the savepoint and its release
        search("lindenstr bensh")
    start = time.process_time()
    for _ in range(10):
        search("lindenstr bensh")
    assert (time.process_time() - start) / 10 < 0.05


@pytest.mark.usefixtures("gazetteer")
def test_a_point_gets_the_name_of_its_street(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    street = Place.objects.filter(kind="street", name="Lindenstraße", area_key="06431016")[0]
    with django_assert_num_queries(1):
        address = nearest(street.position)
    assert address is not None
    assert (address.street, address.area_name) == ("Lindenstraße", "Lorsch")
    assert address.distance_m <= 60
    assert in_words(street.position) == "Lindenstraße, Lorsch"


@pytest.mark.usefixtures("gazetteer")
def test_a_door_is_named_for_staff_and_left_out_for_everybody() -> None:
    door = Place.objects.get(
        kind="address", name="Lindenstraße", house_number="4", area_key="06431002"
    )
    address = nearest(door.position)
    assert address is not None
    assert str(address) == "Lindenstraße 4, Bensheim"
    assert address.without_number == "Lindenstraße, Bensheim"


@pytest.mark.usefixtures("gazetteer")
def test_far_from_streets_the_ortsteil_is_named_and_in_the_wild_nothing() -> None:
    fields = nearest(Point(8.7050, 49.6935))
    assert fields is not None
    assert fields.street == ""
    assert fields.locality == "Schannenbach"
    assert nearest(Point(8.5, 49.75)) is None
    assert nearest(Point(0, 0)) is None
    assert in_words(Point(0, 0)) == ""


@pytest.mark.usefixtures("gazetteer")
def test_the_answer_stays_inside_one_municipality_if_asked() -> None:
    here = Point(8.6206, 49.6811)
    assert nearest(here, area_key="06431011") is None
    assert nearest(here, area_key="06431002") is not None


def test_spellings_meet() -> None:
    assert plain("Darmstädter Straße") == plain("darmstaedterstr.") == "darmstadterstr"
    assert plain("Groß-Rohrheim") == plain("GROSS ROHRHEIM")
    assert plain("Lindenstr.4") == "lindenstr 4"
    assert plain("Müller") == plain("Mu\u0308ller") == plain("mueller")


@pytest.mark.usefixtures("district", "gazetteer")
def test_every_made_up_place_lies_in_its_municipality_and_says_it_is_made_up() -> None:
    shapes = {area.key: shapely.from_wkb(bytes(area.shape.wkb)) for area in Area.objects.all()}
    places = list(Place.objects.all())
    astray = [
        str(place)
        for place in places
        if not shapes[place.area_key].contains(shapely.Point(place.position.coords))
    ]
    assert astray == []
    assert {place.source for place in places} == {"demo"}
    assert {place.area_key for place in places} == set(shapes) - {"06431200"}
    streets = {
        (place.name, place.locality)
        for place in places
        if place.kind == "street" and place.area_key == "06431002"
    }
    assert len(streets) >= 30


def test_loading_the_gazetteer_again_changes_nothing(gazetteer: int) -> None:
    assert load_places(DEMO_PLACES) == gazetteer == Place.objects.count()


@pytest.mark.parametrize(
    "row",
    [
        ["street", "Weg", "", "", "1", "A", "nan", "8"],
        ["street", "Weg", "", "", "1", "A", "49", "inf"],
        ["street", "Weg", "", "", "1", "A", "x", "8"],
        ["street", "", "", "", "1", "A", "49", "8"],
        ["planet", "Weg", "", "", "1", "A", "49", "8"],
        ["street", "Weg"],
    ],
)
def test_a_bad_row_is_named_and_nothing_is_lost(
    gazetteer: int, tmp_path: Path, row: list[str]
) -> None:
    file = tmp_path / "places.csv"
    with file.open("w", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(
            ["kind", "name", "house_number", "locality", "area_key", "area_name", "lat", "lon"]
        )
        table.writerow(row)
    with pytest.raises(BadPlaces, match="line 2"):
        load_places(file)
    assert Place.objects.count() == gazetteer
