"""The home page: the map, and beside it the list that says the same."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from geo.models import Place, PlaceKind
from reports.models import Category, Photo, PublicPlace, Report, Supporter
from reports.views import map_list as map_page
from townhall import sites
from townhall.models import Image, Municipality, Site


def listed(page: str) -> list[str]:
    return re.findall(r'class="report-card" data-code="(\w+)"', page)


def config_of(page: str) -> dict[str, Any]:
    text = re.search(r'<script id="map-config" type="application/json">(.*?)</script>', page)
    assert text
    config: dict[str, Any] = json.loads(text[1])
    return config


@pytest.fixture
def lindenweg(town: Municipality, here: Point) -> Place:
    return Place.objects.create(
        kind=PlaceKind.STREET,
        name="Lindenweg",
        area_key=town.key,
        area_name=town.name,
        position=here,
        source="test",
        search_text="lindenweg bensheim",
    )


def test_the_list_shows_what_is_public_newest_first(
    client: Client, make_report: Callable[..., Report]
) -> None:
    now = timezone.now()
    older = make_report(is_public=True, changed_at=now - dt.timedelta(days=2))
    newer = make_report(is_public=True, changed_at=now)
    hidden = make_report(is_public=False)
    page = client.get("/").content.decode()
    assert listed(page) == [newer.code, older.code]
    assert hidden.code not in page
    assert "2 Meldungen" in page


def test_a_card_says_status_kind_and_town_but_no_house_number(
    client: Client, make_report: Callable[..., Report]
) -> None:
    make_report(is_public=True, street="Lindenweg", house_number="4711", status="in_progress")
    page = client.get("/").content.decode()
    assert '<span class="visually-hidden">In Bearbeitung: </span>Schlagloch, Lindenweg' in page
    assert "4711" not in page


def test_what_was_done_long_ago_is_left_out_until_asked_for(
    client: Client, make_report: Callable[..., Report]
) -> None:
    long_ago = timezone.now() - dt.timedelta(days=60)
    done = make_report(is_public=True, status="done", changed_at=long_ago, closed_at=long_ago)
    assert listed(client.get("/").content.decode()) == []
    assert listed(client.get("/?status=all").content.decode()) == [done.code]


def test_filters_are_chips_that_can_be_taken_off(
    client: Client, make_report: Callable[..., Report], make_category: Callable[..., Category]
) -> None:
    make_category("Laterne", group="Licht")
    report = make_report(is_public=True)
    page = client.get("/?kind=wege&status=open").content.decode()
    assert listed(page) == [report.code]
    assert 'href="/?status=open" data-removes="kind"' in page
    assert 'href="/?group=wege" data-removes="status"' in page
    nothing = client.get("/?group=licht").content.decode()
    assert listed(nothing) == []
    assert "Hier passt nichts zu den Filtern." in nothing
    assert "Alle Filter entfernen" in nothing
    empty = client.get("/?lon=8.62&lat=49.69&z=19").content.decode()
    assert "Hier ist gerade nichts gemeldet." in empty


def test_what_is_done_is_hidden_by_a_button_that_needs_no_script(
    client: Client, make_report: Callable[..., Report]
) -> None:
    make_report(is_public=True, status="done", closed_at=timezone.now())
    still_open = make_report(is_public=True)
    hidden = client.get("/?status=&kind=&hide=1").content.decode()
    assert listed(hidden) == [still_open.code]
    assert 'value="0" aria-pressed="true"' in hidden
    assert len(listed(client.get("/?status=open&hide=0").content.decode())) == 2


def test_narrow_filters_say_the_same_in_list_map_and_api(
    client: Client,
    make_report: Callable[..., Report],
    make_category: Callable[..., Category],
    make_offer: Callable[..., Any],
    town: Municipality,
) -> None:
    """Category, Ortsteil, photo and words are nothing that the pyramid counts."""
    lamp = make_category("Laterne", group="Licht")
    secret = make_category("Gewerbe", group="Licht", public_place=PublicPlace.NONE)
    image = Image.objects.create(pk=uuid4(), width=4, height=3, thumb_width=4, thumb_height=3)
    with_lamp = make_report(is_public=True, category_id=lamp.pk, locality="Auerbach")
    with_photo = make_report(is_public=True, street="Lindenweg", house_number="47")
    Photo.objects.create(report=with_photo, image=image, is_released=True)
    make_report(is_public=True, category_id=secret.pk, locality="Auerbach")
    told = make_report(is_public=True, is_text_public=True, description="Ein Dackel steckt fest.")
    untold = make_report(is_public=True, is_text_public=False, description="Dackel, vertraulich.")
    expected = {
        "category=laterne": [with_lamp],
        "group=licht&category=laterne": [with_lamp],
        "locality=Auerbach": [with_lamp],
        "locality=Bensheim": [with_photo, told, untold],
        "photo=1": [with_photo],
        "words=dackel": [told],
        "words=Laterne": [with_lamp],
        "words=lindenweg": [with_photo],
        "words=schlagloch+bensheim+lindenweg": [with_photo],
        "words=47": [],
        "words=vertraulich": [],
        "words=und": [],
    }
    for query, reports in expected.items():
        codes = sorted(report.code for report in reports)
        assert sorted(listed(client.get(f"/karte/liste?{query}").content.decode())) == codes, query
        for tile in ("7/67/43", "14/8584/5579"):
            told_by_map = client.get(f"/api/v1/map/{tile}/?{query}").json()["reports"]
            assert [card["code"] for card in told_by_map] == codes, (query, tile)
        api = client.get(f"/api/v1/reports/?{query}").json()["results"]
        assert sorted(each["code"] for each in api) == codes, query


def test_parts_of_town_can_be_chosen_in_a_town_and_towns_in_a_region(
    client: Client, town: Municipality, make_municipality: Callable[..., Municipality]
) -> None:
    Place.objects.create(
        kind=PlaceKind.LOCALITY,
        name="Auerbach",
        area_key=town.key,
        area_name=town.name,
        position=Point(8.63, 49.70, srid=4326),
        source="test",
        search_text="auerbach bensheim",
    )
    assert '<option value="Auerbach">' in client.get("/").content.decode()
    make_municipality("Heppenheim", key="06431011", centre=(8.70, 49.60))
    sites.forget()
    region = client.get("/").content.decode()
    assert "Auerbach" not in region
    assert '<option value="06431011">Heppenheim</option>' in region
    assert '<option value="Auerbach">' in client.get(f"/?municipality={town.key}").content.decode()


def test_one_field_finds_places_categories_and_words(
    client: Client, make_report: Callable[..., Report], lindenweg: Place
) -> None:
    report = make_report(is_public=True, is_text_public=True, description="Ein Dackel im Loch.")
    place = client.get("/?q=Lindenweg").content.decode()
    assert 'data-removes="near"' in place
    for words in ("Schlagloch", "Dackel"):
        page = client.get("/", {"q": words}).content.decode()
        assert 'data-removes="words"' in page
        assert f'value="{words}"' in page
        assert listed(page) == [report.code]
    assert "Wir finden weder" in client.get("/?q=Lama").content.decode()


def test_outside_of_the_site_the_list_says_whose_place_it_is(
    client: Client, town: Municipality, make_municipality: Callable[..., Municipality]
) -> None:
    other = make_municipality("Heppenheim", key="06431011", centre=(8.70, 49.60))
    door = Site.objects.create(slug="", name="Bensheim")
    door.municipalities.add(town)
    sites.forget()
    page = client.get("/karte/liste?box=8.695,49.595,8.705,49.605").content.decode()
    assert "Das liegt außerhalb von Bensheim." in page
    assert f"Zuständig ist vermutlich: {other.name}." in page
    assert "/zustaendig?spot=8.700000,49.600000" in page
    nobody = client.get("/karte/liste?box=9.6,49.6,9.7,49.7").content.decode()
    assert "Das liegt außerhalb von Bensheim." in nobody
    assert "Zuständig ist vermutlich" not in nobody
    assert "Das liegt außerhalb" not in client.get("/karte/liste").content.decode()


def test_in_a_part_of_the_map_the_nearest_to_its_middle_come_first(
    client: Client, make_report: Callable[..., Report]
) -> None:
    far = make_report(is_public=True, public_position=Point(8.6250, 49.6811, srid=4326))
    near = make_report(is_public=True, public_position=Point(8.6206, 49.6822, srid=4326))
    Report.objects.filter(pk=far.pk).update(changed_at=timezone.now())
    box = "box=8.6156,49.6761,8.6256,49.6861"
    page = client.get(f"/karte/liste?{box}").content.decode()
    assert listed(page) == [near.code, far.code]
    assert "120 m nördlich" in page
    assert listed(client.get(f"/karte/liste?{box}&sort=new").content.decode()) == [
        far.code,
        near.code,
    ]


def test_a_shared_link_shows_the_same_place_zoom_and_filters(
    client: Client, make_report: Callable[..., Report], lindenweg: Place
) -> None:
    make_report(is_public=True)
    page = client.get("/?q=Lindenweg&lon=8.63&lat=49.69&z=17&status=open&photo=1").content.decode()
    config = config_of(page)
    assert (config["at"], config["zoom"]) == ([8.63, 49.69], 17)
    assert config["place"] == [8.6206, 49.6811]
    assert config["filters"] == {"status": "open", "photo": "1"}
    assert "im Kartenausschnitt" in page


def test_a_link_in_the_list_says_all_of_a_report(
    client: Client, make_report: Callable[..., Report]
) -> None:
    report = make_report(is_public=True, street="Lindenweg", status="in_progress")
    for _each in range(6):
        Supporter.objects.create(report=report, at=timezone.now())
    page = client.get("/").content.decode()
    link = re.search(r"<h3><a [^>]*>(.*?)</a></h3>", page, re.DOTALL)
    assert link
    words = re.sub(r"<[^>]+>", "", link[1])
    assert words.startswith("In Bearbeitung: Schlagloch, Lindenweg, gerade")
    assert words.endswith("betrifft 6 Personen")


@pytest.mark.parametrize(
    "query",
    ["group=%00", "status=kaputt", "box=1,2,3", "lat=nan&lon=inf&z=1e9", "near=x", "after=zzz_0",
     "after=9999999999999999_7K3F9QMX", "z=..", "photo=ja", "words=%00", "kind=a.%00",
     "locality=%0a", "period=999999", "sort=x", "words=%27%5C%25", "municipality=abc", "hide=2",
     "lat=91&lon=8&z=3", "q=%00", "q=" + "ä" * 500],
)  # fmt: skip
def test_nonsense_in_the_address_shows_the_whole_map(
    client: Client, make_report: Callable[..., Report], query: str
) -> None:
    make_report(is_public=True)
    assert client.get(f"/?{query}").status_code == 200


def test_the_lists_own_door_refuses_nonsense(client: Client, town: Municipality) -> None:
    assert client.get("/karte/liste?box=1,2,3").status_code == 400
    assert client.get("/karte/liste?status=kaputt").status_code == 400


def test_a_searched_place_sorts_the_list_by_distance(
    client: Client, make_report: Callable[..., Report], lindenweg: Place
) -> None:
    far = make_report(is_public=True, public_position=Point(8.6350, 49.6811, srid=4326))
    near = make_report(is_public=True, public_position=Point(8.6206, 49.6822, srid=4326))
    page = client.get("/?q=Lindenweg").content.decode()
    assert listed(page) == [near.code, far.code]
    assert "120 m nördlich" in page
    assert "1,0 km östlich" in page


def test_a_reports_number_leads_to_its_page(
    client: Client, make_report: Callable[..., Report]
) -> None:
    report = make_report(is_public=True)
    answer = client.get("/", {"q": report.shown_code.lower()})
    assert answer.status_code == 302
    assert answer["Location"] == f"/meldung/{report.code}"


def test_the_number_of_a_hidden_report_leads_nowhere(
    client: Client, make_report: Callable[..., Report]
) -> None:
    report = make_report(is_public=False)
    answer = client.get("/", {"q": report.code})
    assert answer.status_code == 200
    assert "Wir finden weder einen solchen Ort" in answer.content.decode()


def test_the_list_follows_the_part_of_the_map(
    client: Client, make_report: Callable[..., Report]
) -> None:
    report = make_report(is_public=True)
    inside = client.get("/karte/liste?box=8.6,49.6,8.7,49.7").content.decode()
    outside = client.get("/karte/liste?box=9.6,49.6,9.7,49.7").content.decode()
    assert listed(inside) == [report.code]
    assert "1 Meldung" in inside
    assert "im Kartenausschnitt" in inside
    assert listed(outside) == []


def test_pages_of_the_list_join_without_gap_or_double(
    client: Client, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_page, "PAGE", 2)
    same = timezone.now()
    codes = {make_report(is_public=True, changed_at=same).code for _ in range(5)}
    seen: list[str] = []
    address = "/"
    while address:
        page = client.get(address).content.decode()
        seen += listed(page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == 5
    assert set(seen) == codes


def test_one_card_can_be_fetched_alone_if_it_is_public(
    client: Client, make_report: Callable[..., Report]
) -> None:
    shown, hidden = make_report(is_public=True), make_report(is_public=False)
    assert listed(client.get(f"/karte/meldung/{shown.code}").content.decode()) == [shown.code]
    assert client.get(f"/karte/meldung/{hidden.code}").status_code == 404
    assert client.get("/karte/meldung/%00").status_code == 404


def test_the_maps_script_gets_place_filters_and_a_cursor(
    client: Client, make_report: Callable[..., Report]
) -> None:
    make_report(is_public=True)
    page = client.get("/?lat=49.68&lon=8.62&z=14.5&status=open").content.decode()
    config = config_of(page)
    assert config["at"] == [8.62, 49.68]
    assert config["zoom"] == 14.5
    assert config["filters"] == {"status": "open"}
    assert config["tiles"] == "/api/v1/map/0/0/0/"
    assert config["cursor"]


def test_the_page_asks_the_database_no_more_for_many_reports(
    client: Client, make_report: Callable[..., Report], django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        make_report(is_public=True)
    client.get("/")
    for address, most in {
        "/": 8,
        "/?status=open&period=3": 8,
        "/karte/liste?box=8.6,49.6,8.7,49.7": 4,
        "/karte/liste?box=8.6,49.6,8.7,49.7&category=schlagloch&photo=1": 5,
        "/karte/liste?words=schlagloch": 6,
        "/api/v1/map/14/8584/5579/": 2,
        "/api/v1/map/14/8584/5579/?photo=1": 3,
    }.items():
        client.get(address)
        with django_assert_max_num_queries(most, info=address):
            client.get(address)


def test_the_map_comes_in_english_too(client: Client, make_report: Callable[..., Report]) -> None:
    make_report(is_public=True)
    page = client.get("/en/").content.decode()
    assert "1 report" in page
    assert "Received: " in page


def test_without_scripts_a_picture_numbers_the_reports_of_the_list(
    client: Client, make_report: Callable[..., Report], lindenweg: Place
) -> None:
    make_report(is_public=True)
    nowhere = make_report(is_public=True)
    Report.objects.filter(pk=nowhere.pk).update(public_position=None)
    make_report(is_public=True)
    page = client.get("/?q=Lindenweg&status=open").content.decode()
    source = re.search(r'class="map-picture" src="([^"]+)"', page)
    assert source
    answer = client.get(source[1].replace("&amp;", "&"))
    assert answer["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(answer.content)
    words = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["Bensheim", "2", "1"]
    assert client.get("/karte/bild.svg?box=1,2,3").status_code == 400
    all_of_it = client.get("/karte/bild.svg").content.decode()
    assert ">3</text>" in all_of_it
    assert client.get("/karte/bild.svg?status=done").status_code == 200
