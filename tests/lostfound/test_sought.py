"""What the public search understands."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point

from geo.models import Place, PlaceKind
from geo.wording import search_text
from lostfound.searching.sought import Sought
from townhall.models import Municipality

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Rucksäcke", "backpack"),  # stem
        ("Lederrucksack", "backpack"),  # compound
        ("Damen-Rucksack", "backpack"),
        ("Geldbörse", "purse"),  # synonyms
        ("Portemonnaie", "purse"),
        ("Brieftasche", "purse"),
        ("Geldboerse", "purse"),  # another spelling
        ("Portmonee", "purse"),
        ("Ruksack", "backpack"),  # typing errors
        ("Shclüssel", "keys"),
        ("Kopfhöhrer", "headphones"),
        ("Ruck", "backpack"),  # still being typed
        ("Schlüssel", "car_key"),  # a narrower kind
        ("Tasche", "handbag"),
        ("E Bike", "ebike"),
        ("wallet", "purse"),  # English
    ],
)
def test_everyday_words_name_kinds(words: str, kind: str) -> None:
    sought = Sought.read(words)
    assert kind in sought.kinds
    assert not sought.unknown


@pytest.mark.parametrize(
    ("words", "colour"),
    [
        ("schwarzer", "black"),
        ("dunkelblaue", "blue"),
        ("weisse", "white"),
        ("karierte", "patterned"),
    ],
)
def test_colours_are_understood_in_all_their_endings(words: str, colour: str) -> None:
    assert colour in Sought.read(words).meanings[0].colours


def test_a_question_in_whole_words_is_read_for_what_it_says() -> None:
    sought = Sought.read("Ich habe meine schwarze Jack Wolfskin Jacke verloren!")
    said = [
        (sorted(each.kinds), sorted(each.colours), sorted(each.brands)) for each in sought.meanings
    ]
    assert said == [([], ["black"], []), ([], [], ["Jack Wolfskin"]), (["jacket"], [], [])]
    assert not sought.unknown


def test_what_stands_nowhere_in_public_is_told_and_left_out() -> None:
    sought = Sought.read("Rucksack Rahmennummer WDB1234567 Franziska")
    assert sought.unknown == ["Rahmennummer", "WDB1234567", "Franziska"]
    assert sought.kinds == {"backpack"}
    assert Sought.read("Franziska").means_nothing


def test_names_of_towns_and_their_parts_are_understood(town: Municipality) -> None:
    Place.objects.create(
        kind=PlaceKind.LOCALITY,
        name="Auerbach",
        area_key=town.key,
        area_name=town.name,
        position=Point(8.62, 49.70, srid=4326),
        source="test",
        search_text=search_text("Auerbach", locality="", area_name=town.name),
    )
    part, whole = Sought.read("auerb Bensheim").meanings
    assert part.places == {"Auerbach"}
    assert whole.towns == {town.pk}


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "-- - '", "\x00", "%_\\", "😀😀", "a" * 5000, "ſ ﬁ İ"]
)
def test_nonsense_is_no_failure(text: str) -> None:
    Sought.read(text).condition()
