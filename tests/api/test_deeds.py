"""`/api/v1/desk/`: the deeds of staff, each with the version that was seen."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import alarms, answering, planning, sharing, triage
from reports.desk import saved
from reports.models import Photo, Priority, Report
from reports.workflow import Status
from townhall.models import Image, User

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


def door(report: Report, deed: str = "") -> str:
    return f"/api/v1/desk/reports/{report.code}/{deed}"


def do(client: Client, report: Report, deed: str, fields: Any = None, **more: Any) -> Any:
    version = more.pop("version", f'"{report.version}"')
    headers = {"If-Match": version} if version else {}
    return client.generic(
        more.pop("method", "POST"),
        door(report, deed),
        more.pop("raw", None) or json.dumps(fields or {}),
        content_type="application/json",
        headers=headers,
    )


@pytest.fixture
def desk(client: Client, dispatcher: User) -> Client:
    client.force_login(dispatcher)
    return client


def test_staff_read_a_report_with_its_version_as_etag(desk: Client, make_report: Make) -> None:
    report = make_report(email="uta@example.org", name="Uta Geheim")
    answer = desk.get(door(report))
    assert answer.status_code == 200
    assert answer["ETag"] == f'"{report.version}"'
    assert "no-store" in answer["Cache-Control"]
    assert "accept" in answer.json()["may"]
    assert "uta@" not in answer.content.decode()
    assert "Geheim" not in answer.content.decode()


def test_a_report_is_told_as_its_page_tells_it(
    desk: Client,
    make_report: Make,
    make_department: Make,
    dispatcher: User,
    django_assert_max_num_queries: Any,
) -> None:
    report = make_report(email="uta@example.org", name="Uta Geheim")
    green = make_department("Grünamt", serves=[report.municipality])
    day = timezone.localdate() + dt.timedelta(days=30)
    planning.set_deadline(report, day, by=dispatcher, reason="Das Ersatzteil fehlt.")
    planning.resubmit(report, day, by=dispatcher, text="Teil da?")
    sharing.ask(report, by=dispatcher, department=green, text="Hecke schneiden.")
    answering.ask(report, "Welche Lampe?", by=dispatcher, via=answering.Via.PHONE)
    with django_assert_max_num_queries(20):
        told = desk.get(door(report)).json()
    assert told["deadline"]["reason"] == "Das Ersatzteil fehlt."
    assert told["deadline"]["is_paused"]
    assert told["waiting_since"]
    assert told["resubmit_on"] == day.isoformat()
    (share,) = told["shares"]
    assert (share["department"]["slug"], share["may_end"]) == ("grunamt", True)
    assert told["reporter"]["letters"] == "unconfirmed"
    assert [entry["kind"] for entry in told["timeline"]][:2] == ["asked", "shared"]
    assert told["timeline"][0]["by"] == {"kind": "staff", "name": dispatcher.name}
    assert "Meldung eingegangen" in [entry["words"] for entry in told["timeline"]]


@pytest.mark.parametrize(
    ("deed", "fields", "change"),
    [
        ("acceptance/", {}, {"status": "in_progress"}),
        ("assignment/", {"to": "disposition"}, {"assignee": "disposition"}),
        ("assignment/", {"to": None}, {"assignee": None}),
        ("status/", {"status": "done", "text": "Verfüllt."}, {"status": "done"}),
        ("rejection/", {"reason": "Gehört der Bahn."}, {"status": "no_action"}),
        ("forwarding/", {"outside": "Hessen Mobil"}, {"forwarded_to": "Hessen Mobil"}),
        ("notes/", {"text": "Vor dem Markt."}, {"status": "new"}),
        ("answers/", {"visibility": "reporter", "text": "Danke."}, {"status": "new"}),
        (
            "answers/",
            {"visibility": "public", "text": "Fertig.", "status": "done"},
            {"status": "done"},
        ),
        ("question/", {"text": "Welche Lampe?", "via": "phone"}, {"status": "new"}),
        ("release/", {"text": True}, {"is_text_public": True}),
        ("publication/", {"is_public": False}, {"is_public": False}),
        ("hazard/", {"is_hazard": True, "reason": "Deckel fehlt"}, {"hazard": True}),
    ],
)
def test_a_deed_answers_with_what_is_true_now(
    desk: Client, make_report: Make, deed: str, fields: Any, change: dict[str, Any]
) -> None:
    report = make_report()
    answer = do(desk, report, deed, fields)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert {name: told[name] for name in change} == change
    assert told["version"] == report.version + 1
    assert answer["ETag"] == f'"{report.version + 1}"'
    assert "RateLimit" in answer


def test_an_alarm_is_answered_and_the_place_made_safe(
    desk: Client, make_report: Make, dispatcher: User
) -> None:
    calm = make_report()
    assert desk.get(door(calm)).json()["alarm"] is None
    assert do(desk, calm, "acknowledgement/").status_code == 409
    assert do(desk, calm, "securing/", {"how": "Schranke"}).status_code == 409
    report = alarms.flag_hazard(make_report(), by=dispatcher, is_hazard=True)
    taken = do(desk, report, "acknowledgement/")
    assert taken.json()["alarm"]["acknowledged_by"] == dispatcher.name
    again = do(desk, report, "acknowledgement/", version=taken["ETag"])
    assert (again.status_code, again["ETag"]) == (200, taken["ETag"])
    assert do(desk, report, "securing/", {"how": " "}, version=taken["ETag"]).status_code == 400
    safe = do(desk, report, "securing/", {"how": "Schranke steht."}, version=taken["ETag"])
    assert safe.json()["alarm"]["secured_by"] == dispatcher.name
    assert do(desk, report, "securing/", {"how": "Neu."}, version='"2"').status_code == 412


def test_what_was_closed_is_opened_again_and_what_was_assigned_is_given_back(
    desk: Client, make_report: Make, dispatcher: User
) -> None:
    report = triage.reject(make_report(), by=dispatcher, reason="Doppelt.")
    opened = do(desk, report, "reopening/", {"reason": "Doch nicht."})
    assert opened.json()["status"] == "new"
    given = do(desk, report, "assignment/", {"to": "disposition"}, version=opened["ETag"])
    back = do(desk, report, "assignment/", method="DELETE", version=given["ETag"])
    assert back.json()["assignee"] is None


def test_photos_are_released_by_their_ids(desk: Client, make_report: Make) -> None:
    report = make_report()
    image = Image.objects.create(pk=uuid.uuid4(), width=4, height=3, thumb_width=4, thumb_height=3)
    Photo.objects.create(report=report, image=image)
    shown = do(desk, report, "release/", {"photos": [str(image.pk)]})
    (photo,) = shown.json()["photos"]
    assert (photo["id"], photo["visibility"]) == (str(image.pk), "public")
    foreign = do(desk, report, "release/", {"photos": [str(report.code * 4)]}, version="*")
    assert foreign.status_code == 400


def test_whoever_was_overtaken_is_told_what_is_true_now(
    desk: Client, make_report: Make, dispatcher: User
) -> None:
    report = make_report()
    triage.note(report, by=dispatcher, text="War schneller.")
    late = do(desk, report, "publication/", {"is_public": False})
    assert late.status_code == 412
    assert late["Content-Type"] == "application/problem+json"
    assert late.json()["report"]["version"] == report.version + 1
    assert late["ETag"] == f'"{report.version + 1}"'
    assert Report.objects.get().is_public
    again = do(desk, report, "publication/", {"is_public": False}, version=late["ETag"])
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("version", "status"),
    [(None, 428), ('"99"', 412), ("*", 200), ('W/"1"', 200), ('"7", "1"', 200), ("eins", 400)],
)
def test_a_deed_names_the_version_that_was_seen(
    desk: Client, make_report: Make, version: str | None, status: int
) -> None:
    assert do(desk, make_report(), "acceptance/", version=version).status_code == status


@pytest.mark.parametrize(
    ("deed", "fields", "status"),
    [
        ("status/", {"status": "gelöst"}, 400),
        ("status/", {"status": "duplicate"}, 400),
        ("status/", {"status": "on_hold"}, 422),
        ("status/", {"status": "new"}, 409),
        ("rejection/", {"reason": " "}, 400),
        ("rejection/", {"reason": "\x00"}, 400),
        ("forwarding/", {}, 400),
        ("forwarding/", {"department": "gibt-es-nicht"}, 422),
        ("assignment/", {"to": "niemand"}, 400),
        ("assignment/", [], 400),
        ("hazard/", {"is_hazard": "vielleicht"}, 400),
        ("reopening/", {"reason": "Ist ja offen."}, 409),
    ],
)
def test_what_does_not_fit_changes_nothing(
    desk: Client, make_report: Make, deed: str, fields: Any, status: int
) -> None:
    report = make_report()
    answer = do(desk, report, deed, fields)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert Report.objects.get().version == report.version


def test_a_danger_is_no_find(desk: Client, make_report: Make, dispatcher: User) -> None:
    report = alarms.flag_hazard(make_report(), by=dispatcher, is_hazard=True)
    assert do(desk, report, "fundbuero/").status_code == 409
    assert do(desk, make_report(), "fundbuero/").status_code == 422  # the town has no such office


def test_only_those_in_charge_get_in(client: Client, make_report: Make, outsider: User) -> None:
    report = make_report()
    nobody = do(client, report, "acceptance/")
    assert (nobody.status_code, nobody["WWW-Authenticate"]) == (401, "Session")
    client.force_login(outsider)
    assert do(client, report, "acceptance/").status_code == 404
    assert client.get(door(report)).status_code == 404
    assert Report.objects.get().status == "new"


def test_a_role_without_the_right_is_refused(
    client: Client, make_report: Make, caseworker: User
) -> None:
    client.force_login(caseworker)
    assert do(client, make_report(), "publication/", {"is_public": False}).status_code == 403


def test_a_foreign_page_can_not_use_the_session(dispatcher: User, make_report: Make) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dispatcher)
    assert do(client, make_report(), "acceptance/").status_code == 403


def test_whoever_forwards_out_of_reach_gets_204(
    client: Client, make_report: Make, caseworker: User, make_department: Make
) -> None:
    report = make_report()
    make_department("Bauhof", serves=[report.municipality])
    client.force_login(caseworker)
    assert do(client, report, "forwarding/", {"department": "bauhof"}).status_code == 204


def test_public_reads_are_asked_for_again_and_cost_nothing(
    client: Client, make_report: Make, dispatcher: User
) -> None:
    report = make_report()
    for path in ("/api/v1/reports/", f"/api/v1/reports/{report.code}/", "/api/v1/categories/"):
        first = client.get(path)
        assert "no-cache" in first["Cache-Control"]
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    before = client.get(f"/api/v1/reports/{report.code}/")["ETag"]
    triage.set_status(report, Status.DONE, by=dispatcher)
    path = f"/api/v1/reports/{report.code}/"
    assert client.get(path, headers={"If-None-Match": before}).status_code == 200


# ── The list ─────────────────────────────────────────────────────────────────────────────────
LIST = "/api/v1/desk/reports/"


def test_the_list_says_what_the_desk_shows_and_no_more(
    desk: Client, make_report: Make, django_assert_max_num_queries: Any
) -> None:
    report = make_report(email="uta@example.org", description="Die Bordsteinkante ist locker.")
    make_report()
    with django_assert_max_num_queries(8):
        answer = desk.get(LIST, {"q": "bordsteinkante"})
    (row,) = answer.json()["results"]
    assert (row["code"], row["version"]) == (report.code, report.version)
    assert row["working_days_left"] >= 0
    assert "no-store" in answer["Cache-Control"]
    assert "uta@" not in answer.content.decode()
    assert len(desk.get(LIST).json()["results"]) == 2
    assert desk.get(LIST, {"view": "meine"}).json()["results"] == []


def test_the_list_goes_on_where_it_ended(
    desk: Client, make_report: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.desk.rows.PAGE", 2)
    codes = {make_report().code for _each in range(5)}
    for filters in ({}, {"q": "bäckerei"}):
        page = desk.get(LIST, filters).json()
        seen = [row["code"] for row in page["results"]]
        while page["next"]:
            page = desk.get(LIST, {**filters, "after": page["next"]}).json()
            seen += [row["code"] for row in page["results"]]
        assert set(seen) == codes
        assert len(seen) == 5


def test_a_list_that_is_as_it_was_is_not_sent_again(desk: Client, make_report: Make) -> None:
    make_report()
    tag = desk.get(LIST)["ETag"]
    assert desk.get(LIST, headers={"If-None-Match": tag}).status_code == 304
    make_report()
    assert desk.get(LIST, headers={"If-None-Match": tag}).status_code == 200


def test_the_list_takes_the_filters_and_the_saved_views_of_the_desk(
    desk: Client,
    make_report: Make,
    dispatcher: User,
    outsider: User,
    django_assert_max_num_queries: Any,
) -> None:
    calm, urgent = make_report(), make_report(priority=Priority.URGENT)
    found = desk.get(LIST, {"view": "alle", "q": "prio:dringend"}).json()["results"]
    assert [row["code"] for row in found] == [urgent.code]
    kept = saved.keep(dispatcher, name="Rest", asks="q=-prio:dringend", department=None)
    with django_assert_max_num_queries(8):
        rest = desk.get(LIST, {"saved": kept.pk}).json()["results"]
    assert [row["code"] for row in rest] == [calm.code]
    assert desk.get(LIST, {"saved": str(kept.pk), "q": "loch"}).status_code == 400
    theirs = saved.keep(outsider, name="Fremd", asks="q=loch", department=None)
    for nothing in (str(theirs.pk), "0", "x"):
        assert desk.get(LIST, {"saved": nothing}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"q": "amt:gibt-es-nicht"},
        {"view": "alles"},
        {"status": "gelöst"},
        {"after": "eins"},
        {"after": "²~1"},
        {"q": "loch", "after": "x"},
    ],
)
def test_a_filter_that_does_not_exist_is_no_list(desk: Client, query: dict[str, str]) -> None:
    assert desk.get(LIST, query).status_code == 400


def test_everybody_lists_their_own_reports_only(
    client: Client, make_report: Make, outsider: User
) -> None:
    make_report()
    assert client.get(LIST).status_code == 401
    client.force_login(outsider)
    assert client.get(LIST, {"view": "alle"}).json()["results"] == []


def test_place_and_category_are_put_right_by_the_api_too(
    client: Client, make_report: Any, dispatcher: User
) -> None:
    report = make_report()
    client.force_login(dispatcher)
    spot = [report.position.x + 0.001, report.position.y]
    assert do(client, report, "correction/", {"position": spot}).status_code == 200
    report.refresh_from_db()
    assert round(report.position.x, 6) == round(spot[0], 6)
    for nonsense in ({"position": [0, 0]}, {"position": [999, 0]}, {"category": "nichts"}):
        assert do(client, report, "correction/", nonsense).status_code == 400


def test_a_report_comes_back_when_a_program_wants_it(
    client: Client, make_report: Any, dispatcher: User
) -> None:
    report = make_report()
    client.force_login(dispatcher)
    day = (timezone.localdate() + dt.timedelta(days=2)).isoformat()
    assert do(client, report, "resubmission/", {"on": day}).status_code == 200
    report.refresh_from_db()
    assert report.resubmit_on is not None
    assert do(client, report, "resubmission/", {"on": "2020-01-01"}).status_code == 400
