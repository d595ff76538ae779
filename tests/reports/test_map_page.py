"""The home page: the map, and beside it the list that says the same."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from geo.models import Place, PlaceKind
from reports.models import Category, Report
from reports.views import home as map_page
from townhall.models import Municipality


def listed(page: str) -> list[str]:
    return re.findall(r'class="report-card" data-code="(\w+)"', page)


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
    page = client.get("/?group=wege&status=open").content.decode()
    assert listed(page) == [report.code]
    assert 'data-removes="group"' in page
    assert 'href="?status=open" data-removes="group"' in page
    nothing = client.get("/?group=licht").content.decode()
    assert listed(nothing) == []
    assert "Hier ist gerade nichts gemeldet." in nothing


@pytest.mark.parametrize(
    "query",
    ["group=%00", "status=kaputt", "box=1,2,3", "lat=nan&lon=inf&z=1e9", "near=x", "after=zzz_0",
     "after=9999999999999999_7K3F9QMX", "z=..", "lat=91&lon=8&z=3", "q=%00", "q=" + "ä" * 500],
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
    text = re.search(r'<script id="map-config" type="application/json">(.*?)</script>', page)
    assert text
    config: dict[str, Any] = json.loads(text[1])
    assert config["at"] == [8.62, 49.68]
    assert config["zoom"] == 14.5
    assert config["filters"] == {"group": "", "status": "open"}
    assert config["tiles"] == "/api/v1/map/0/0/0/"
    assert config["cursor"]


def test_the_page_asks_the_database_no_more_for_many_reports(
    client: Client, make_report: Callable[..., Report], django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        make_report(is_public=True)
    client.get("/")
    with django_assert_max_num_queries(6):
        client.get("/")


def test_the_map_comes_in_english_too(client: Client, make_report: Callable[..., Report]) -> None:
    make_report(is_public=True)
    page = client.get("/en/").content.decode()
    assert "1 report" in page
    assert "Received: " in page
