"""`/api/v1/`: the door for apps, tried with good and with nonsensical hands."""

import gzip
import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image as Picture

from geo.boxes import tile_at
from reports.deeds import triage
from reports.models import Category, Photo, Report
from reports.workflow import Status
from tests.conftest import BENSHEIM
from townhall.models import Image, Municipality, User

Make = Callable[..., Any]
LON, LAT = BENSHEIM


def body(**changes: Any) -> dict[str, Any]:
    fields = {
        "client_id": str(uuid.uuid4()),
        "category": "schlagloch",
        "lat": LAT,
        "lon": LON,
        "description": "Tiefes Loch vor der Bäckerei.",
    }
    return {**fields, **changes}


def post(client: Client, fields: Any, **more: Any) -> Any:
    return client.post("/api/v1/reports/", fields, content_type="application/json", **more)


def jpeg(colour: str = "gray") -> io.BytesIO:
    file = io.BytesIO()
    Picture.new("RGB", (64, 48), colour).save(file, "JPEG")
    file.seek(0)
    file.name = "loch.jpg"
    return file


def test_a_report_is_created_and_explained(client: Client, pothole: Category) -> None:
    answer = post(client, body())
    assert answer.status_code == 201
    told = answer.json()
    assert told["status"] == "new"
    assert told["department"] == "Bürgerbüro Bensheim"
    assert told["routing"]["fallback"] is True
    assert told["url"].startswith("http")
    assert client.get(told["url"].partition("8000")[2]).status_code == 200


def test_the_same_again_is_200_and_the_same_code(client: Client, pothole: Category) -> None:
    fields = body()
    first, second = post(client, fields), post(client, fields)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_other_content_under_the_same_id_is_409(client: Client, pothole: Category) -> None:
    fields = body()
    post(client, fields)
    answer = post(client, {**fields, "description": "Etwas ganz anderes hier."})
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("application/problem+json")


def test_an_erased_report_is_410(client: Client, pothole: Category) -> None:
    fields = body()
    post(client, fields)
    Report.objects.all().delete()
    assert post(client, fields).status_code == 410


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lat": "north"}, "lat"),
        ({"lat": None}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"lon": 200}, "lon"),
        ({"client_id": "1"}, "client_id"),
        ({"category": "gibt-es-nicht"}, "category"),
        ({"category": ["x"]}, "category"),
        ({"description": "kurz"}, "description"),
        ({"description": "x" * 4001}, "description"),
        ({"description": "a\x00b ist nicht erlaubt"}, "description"),
        ({"email": "kein-at-zeichen"}, "email"),
        ({"answers": [1]}, "answers"),
        ({"answers": {"x": {"y": 1}}}, "answers"),
        ({"answers": {"nie-gefragt": "ja"}}, "answers"),
        ({"photos": "nope"}, "photos"),
        ({"photos": [str(uuid.uuid4())]}, "photos"),
        ({"photos": [str(uuid.uuid4()) for _ in range(6)]}, "photos"),
        ({"lat": 51.0, "lon": 7.0}, "position"),
    ],
)
def test_nonsense_gets_a_sentence_at_its_field(
    client: Client, pothole: Category, changes: dict[str, Any], field: str
) -> None:
    answer = post(client, json.dumps(body(**changes)))
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["errors"]
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "raw",
    ["", "{", "[]", "null", '{"lat": 1e400}', '{"lat": Infinity}', '"text"', "\xff", "[" * 5000],
)
def test_a_body_that_is_no_report_is_400(client: Client, pothole: Category, raw: str) -> None:
    answer = post(client, raw.encode("latin-1"))
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_lone_surrogate_is_no_500(client: Client, pothole: Category) -> None:
    raw = json.dumps(body()).replace("Tiefes", "\\ud800Tiefes")
    assert post(client, raw).status_code == 400


def test_another_website_cannot_report(client: Client, pothole: Category) -> None:
    answer = post(client, body(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_no_cookie_is_set(client: Client, pothole: Category) -> None:
    assert not post(client, body()).cookies


def test_a_form_with_photos_comes_whole(client: Client, pothole: Category) -> None:
    fields = body(answers="{}", photo=[jpeg("red"), jpeg("blue")])
    answer = client.post("/api/v1/reports/", fields)
    assert answer.status_code == 201, answer.content
    photos = answer.json()["photos"]
    assert len(photos) == 2
    path = photos[0]["thumbnail_url"].partition("8000")[2]
    picture = client.get(path)
    assert picture.status_code == 200
    assert picture["Content-Type"] == "image/webp"
    picture.close()


def test_the_form_repeated_finds_its_photos_again(client: Client, pothole: Category) -> None:
    fields = body()
    answers = [client.post("/api/v1/reports/", {**fields, "photo": [jpeg()]}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert Photo.objects.count() == 1


def test_a_broken_photo_is_refused_in_a_sentence(client: Client, pothole: Category) -> None:
    broken = io.BytesIO(jpeg().getvalue()[:300])
    broken.name = "kaputt.jpg"
    answer = client.post("/api/v1/reports/", body(photo=[broken]))
    assert answer.status_code == 400
    assert "kaputt.jpg" in answer.json()["errors"]["photo"][0]


def test_a_hazard_is_answered_with_the_numbers_to_call(
    client: Client, make_category: Make, make_offer: Make, town: Municipality
) -> None:
    make_offer(town, make_category("Ölspur", is_hazard=True, code="oelspur"))
    told = post(client, body(category="oelspur")).json()
    assert told["call"] == ["112", town.hazard_phone]
    assert told["read_at"]


def test_a_form_for_the_wrong_place_opens_no_photo(client: Client, pothole: Category) -> None:
    answer = client.post("/api/v1/reports/", body(lat=51.0, lon=7.0, photo=[jpeg()]))
    assert answer.status_code == 400
    assert not Image.objects.exists()


def test_the_list_shows_only_what_is_public(
    client: Client, make_report: Make, caseworker: User
) -> None:
    shown = make_report(email="uta@example.org", name="Uta Geheim")
    make_report(private=True)
    answer = client.get("/api/v1/reports/")
    (row,) = answer.json()["results"]
    assert row["code"] == shown.code
    assert row["description"] is None
    text = answer.content.decode()
    assert "uta@" not in text
    assert "Geheim" not in text


def test_an_unpublished_report_is_404(client: Client, make_report: Make) -> None:
    hidden, shown = make_report(private=True), make_report()
    assert client.get(f"/api/v1/reports/{hidden.code}/").status_code == 404
    assert client.get("/api/v1/reports/nonsense/").status_code == 404
    typed = f"{shown.code[:4]}-{shown.code[4:]}".lower()
    assert client.get(f"/api/v1/reports/{typed}/").json()["code"] == shown.code


def test_the_list_is_paged_by_keys_without_holes(client: Client, make_report: Make) -> None:
    codes = {make_report().code for _ in range(5)}
    seen: list[str] = []
    after = ""
    while True:
        page = client.get("/api/v1/reports/", {"limit": 2, "after": after}).json()
        seen += [row["code"] for row in page["results"]]
        after = page["next"]
        if not after:
            break
    assert sorted(seen) == sorted(codes)


@pytest.mark.parametrize(
    "query",
    [
        "bbox=a,b,c,d",
        "bbox=1,2,3",
        "bbox=9,49,8,50",
        "bbox=nan,nan,nan,nan",
        "status=lost",
        "period=-1",
        "period=zehn",
        "limit=0",
        "limit=10000",
        "limit=٣",
        "limit=0000019999999",
        "limit=" + 5000 * "9",
        "period=0000019999999999",
        "period=" + 5000 * "9",
        "after=gestern",
        "after=2026-01-01T00:00:00~ABC",
    ],
)
def test_bad_filters_are_400(client: Client, db: None, query: str) -> None:
    answer = client.get(f"/api/v1/reports/?{query}")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {query.partition("=")[0]}


@pytest.mark.parametrize("lat", ["nan", "inf", 10**400, 1e308, True, None, [49.6], "49.6x"])
def test_a_place_that_is_none_is_400(client: Client, pothole: Category, lat: object) -> None:
    answer = post(client, json.dumps(body(lat=lat)))
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"lat"}


def test_answers_without_end_are_400(client: Client, pothole: Category) -> None:
    answer = client.post("/api/v1/reports/", body(answers=100_000 * "["))
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"answers"}


def test_filters_narrow_the_list(
    client: Client, make_report: Make, caseworker: User, town: Municipality
) -> None:
    done, new = make_report(), make_report()
    triage.set_status(done, Status.DONE, by=caseworker)

    def codes(**query: str) -> set[str]:
        rows = client.get("/api/v1/reports/", query).json()["results"]
        return {row["code"] for row in rows}

    assert codes(status="done") == {done.code}
    assert codes(status="open") == {new.code}
    assert codes(municipality=town.key) == {done.code, new.code}
    assert codes(municipality="06431011") == set()
    assert codes(category="schlagloch", group="wege") == {done.code, new.code}
    assert codes(bbox=f"{LON - 0.01},{LAT - 0.01},{LON + 0.01},{LAT + 0.01}") == {
        done.code,
        new.code,
    }
    assert codes(bbox="7,50,7.1,50.1") == set()


def test_the_list_costs_the_same_for_one_and_for_twenty(client: Client, make_report: Make) -> None:
    make_report()
    client.get("/api/v1/reports/")
    with CaptureQueriesContext(connection) as one:
        client.get("/api/v1/reports/")
    for _each in range(19):
        make_report()
    with CaptureQueriesContext(connection) as twenty:
        client.get("/api/v1/reports/")
    assert len(twenty) == len(one) <= 4


def test_categories_come_with_their_questions(
    client: Client, pothole: Category, make_category: Make, make_offer: Make, town: Municipality
) -> None:
    question = {"code": "danger", "kind": "yes_no", "text": "Gefahr?"}
    make_offer(town, make_category("Laterne", questions=[question]))
    make_category("Nirgends angeboten")
    rows = client.get("/api/v1/categories/", {"lat": LAT, "lon": LON}).json()
    assert {row["code"] for row in rows} == {"schlagloch", "laterne"}
    (asked,) = next(row for row in rows if row["code"] == "laterne")["questions"]
    assert [option["key"] for option in asked["options"]] == ["yes", "no"]
    assert client.get("/api/v1/categories/", {"lat": 51, "lon": 7}).json() == []
    assert client.get("/api/v1/categories/", {"lat": "x", "lon": 7}).status_code == 400
    assert len(client.get("/api/v1/categories/").json()) == 2


def tile_url(zoom: int) -> str:

    return f"/api/v1/map/{tile_at(Point(LON, LAT), zoom)}/"


def test_from_afar_reports_are_counted(client: Client, make_report: Make, caseworker: User) -> None:
    reports = [make_report() for _ in range(3)]
    triage.set_status(reports[0], Status.DONE, by=caseworker)
    told = client.get(tile_url(9)).json()
    (cluster,) = told["clusters"]
    assert (cluster["n"], cluster["by"]) == (3, {"new": 2, "done": 1})
    assert told["reports"] == []


def test_a_lonely_report_is_a_pin_even_from_afar(client: Client, make_report: Make) -> None:
    report = make_report()
    told = client.get(tile_url(7)).json()
    assert told["clusters"] == []
    assert [card["code"] for card in told["reports"]] == [report.code]


def test_from_near_every_report_is_a_pin(client: Client, make_report: Make) -> None:
    codes = {make_report().code for _ in range(3)}
    told = client.get(tile_url(15)).json()
    assert {card["code"] for card in told["reports"]} == codes
    assert told["cut"] is False
    assert told["cursor"]


def test_the_map_shows_nothing_unpublished(client: Client, make_report: Make) -> None:
    make_report(private=True)
    for zoom in (7, 12, 16):
        told = client.get(tile_url(zoom)).json()
        assert told["clusters"] == told["reports"] == []


def test_an_unchanged_tile_is_304(client: Client, make_report: Make, caseworker: User) -> None:
    report = make_report()
    first = client.get(tile_url(15))
    again = client.get(tile_url(15), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "no-cache" in first["Cache-Control"]
    triage.accept(report, by=caseworker)
    fresh = client.get(tile_url(15), headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200


def test_who_asks_at_the_same_time_gets_the_same_tile(
    client: Client, make_report: Make, settings: Any
) -> None:
    settings.MAP_HOT_MS = 60_000
    make_report()
    url = tile_url(11) + "?status=new"
    first = client.get(url, headers={"Accept-Encoding": "gzip"})
    with CaptureQueriesContext(connection) as statements:
        again = client.get(url)
        unchanged = client.get(url, headers={"If-None-Match": first["ETag"]})
        bavaria = client.get(f"{url}&municipality=09162000")
    assert len(statements) == 1
    assert (again.status_code, unchanged.status_code) == (200, 304)
    assert json.loads(gzip.decompress(first.content)) == again.json()
    assert bavaria.json()["reports"] == []


def test_a_tile_costs_at_most_three_statements(client: Client, make_report: Make) -> None:
    for _each in range(5):
        make_report()
    for zoom in (7, 15):
        with CaptureQueriesContext(connection) as statements:
            client.get(tile_url(zoom))
        assert len(statements) <= 3


@pytest.mark.parametrize("path", ["4/16/0/", "30/0/0/", "4/0/99999999999999999999/"])
def test_a_tile_that_does_not_exist_is_404(client: Client, db: None, path: str) -> None:
    assert client.get(f"/api/v1/map/{path}").status_code == 404


def test_the_schema_describes_the_doors(client: Client, db: None) -> None:
    answer = client.get("/api/v1/schema/", {"format": "json"})
    assert answer.status_code == 200
    paths = json.loads(answer.content)["paths"]
    assert {"/api/v1/reports/", "/api/v1/map/{z}/{x}/{y}/"} <= set(paths)
