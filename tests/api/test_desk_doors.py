"""`/api/v1/desk/` beside the deeds on one report: intake, incidents, saved views, taking back."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import commissioning, crews, incidents, sharing, triage
from reports.models import Contact, Crew, Incident, Remark, Report, SavedView
from townhall.models import Department, Municipality, Role, User

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
DESK = "/api/v1/desk/"


@pytest.fixture
def desk(client: Client, dispatcher: User) -> Client:
    client.force_login(dispatcher)
    return client


def send(client: Client, path: str, fields: Any = None, **headers: str) -> Any:
    return client.post(
        DESK + path,
        json.dumps(fields or {}),
        "application/json",
        headers={"If-Match": "*"} | headers,
    )


# ── Intake ───────────────────────────────────────────────────────────────────────────────────
def told(report: Report, **changes: Any) -> dict[str, Any]:
    """As somebody told it on the phone."""
    return {
        "client_id": str(uuid.uuid4()),
        "via": "phone",
        "category": report.category.code,
        "lat": report.position.y,
        "lon": report.position.x,
        "description": "Tiefes Loch vor der Bäckerei.",
        "name": "Uta Beispiel",
        "postal_address": "Lindenweg 4, 64625 Bensheim",
    } | changes


def test_a_caller_is_taken_in_exactly_once(desk: Client, make_report: Make) -> None:
    said = told(make_report())
    first = send(desk, "intake/", said)
    assert first.status_code == 201, first.content
    again = send(desk, "intake/", said)
    assert (again.status_code, again.json()["code"]) == (200, first.json()["code"])
    assert send(desk, "intake/", said | {"via": "phone", "name": "Olaf"}).status_code == 409
    new = Report.objects.get(code=first.json()["code"])
    assert new.source == "staff"
    assert new.contact.postal_address == "Lindenweg 4\n64625 Bensheim"
    assert new.events.filter(kind="taken_in").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"via": "pigeon"},
        {"lat": 0, "lon": 0},
        {"category": "nichts"},
        {"postal_address": "Lindenweg 4"},
        {"client_id": "eins"},
        {"client_id": 0},
        {"description": ""},
    ],
)
def test_an_intake_that_does_not_fit_is_refused_in_a_sentence(
    desk: Client, make_report: Make, wrong: dict[str, Any]
) -> None:
    answer = send(desk, "intake/", told(make_report()) | wrong)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert Report.objects.count() == 1


# ── Incidents ────────────────────────────────────────────────────────────────────────────────
def storm(town: Municipality, **changes: Any) -> dict[str, Any]:
    return {
        "client_id": str(uuid.uuid4()),
        "municipality": town.key,
        "title": "Sturm am Samstag",
        "notice": "Wir räumen.",
        "begins_at": "2020-01-01T00:00:00+01:00",
    } | changes


def test_an_incident_is_begun_once_answered_once_and_ended(
    desk: Client, make_report: Make, town: Municipality
) -> None:
    report, other = make_report(), make_report()
    said = storm(town)
    begun = send(desk, "incidents/", said)
    assert begun.status_code == 201, begun.content
    code = begun.json()["code"]
    assert {row["code"] for row in begun.json()["offered"]} == {report.code, other.code}
    assert send(desk, "incidents/", said).status_code == 200
    assert send(desk, "incidents/", said | {"title": "Anders"}).status_code == 409
    for each in (report, other):
        assert send(desk, f"reports/{each.code}/incident/", {"incident": code}).status_code == 200
    answer = {"client_id": str(uuid.uuid4()), "status": "done", "text": "Alles geräumt."}
    results = send(desk, f"incidents/{code}/answer/", answer).json()["results"]
    assert [row["outcome"] for row in results] == ["done", "done"]
    events = report.events.count()
    assert send(desk, f"incidents/{code}/answer/", answer).status_code == 200
    assert report.events.count() == events
    assert send(desk, f"incidents/{code}/answer/", answer | {"text": "Nein"}).status_code == 409
    ended = [send(desk, f"incidents/{code}/ending/").json()["closed_at"] for _ in range(2)]
    assert ended[0] == ended[1] is not None
    (row,) = desk.get(f"{DESK}incidents/").json()["incidents"]
    assert (row["count"], row["may_lead"]) == (2, True)


def test_the_doors_of_an_incident_cost_alike_for_one_and_for_many(
    desk: Client,
    dispatcher: User,
    make_report: Make,
    town: Municipality,
    django_assert_max_num_queries: Any,
) -> None:
    outline = incidents.Outline("Sturm", "", begins_at=timezone.now())
    begun = incidents.begin(town, outline, by=dispatcher)
    for _each in range(3):
        incidents.join(make_report(), begun, by=dispatcher)
        make_report()
    with django_assert_max_num_queries(8):
        assert len(desk.get(f"{DESK}incidents/{begun.code}/").json()["reports"]) == 3
    with django_assert_max_num_queries(5):
        desk.get(f"{DESK}incidents/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"municipality": "00000000"},
        {"title": ""},
        {"begins_at": "gestern"},
        {"group": "nichts"},
        {"ends_at": "2019-01-01T00:00:00+01:00"},
    ],
)
def test_an_incident_that_does_not_fit_is_not_begun(
    desk: Client, town: Municipality, wrong: dict[str, Any]
) -> None:
    assert send(desk, "incidents/", storm(town) | wrong).status_code == 400
    assert not Incident.objects.exists()


# ── Saved views ──────────────────────────────────────────────────────────────────────────────
def test_views_are_counted_saved_renamed_moved_and_deleted(
    desk: Client, make_report: Make, django_assert_max_num_queries: Any
) -> None:
    make_report()
    kept = send(desk, "views/", {"name": "Alles", "view": "alle", "q": "status:offen"}).json()
    assert (kept["view"], kept["q"], kept["is_own"]) == ("alle", "status:offen", True)
    other = send(desk, "views/", {"name": "Rest"}).json()
    with django_assert_max_num_queries(5):
        shown = desk.get(f"{DESK}views/").json()
    assert shown["views"][0] == {"view": "eingang", "name": "Eingang", "count": 1}
    assert [(each["name"], each["count"]) for each in shown["saved"]] == [("Alles", 1), ("Rest", 1)]
    door = f"{DESK}views/{other['id']}/"
    assert send(desk, f"views/{other['id']}/place/", {"up": True}).status_code == 200
    names = [each["name"] for each in desk.get(f"{DESK}views/").json()["saved"]]
    assert names == ["Rest", "Alles"]
    taken = desk.put(door, json.dumps({"name": "Alles"}), "application/json")
    assert taken.status_code == 409
    renamed = desk.put(door, json.dumps({"name": "Neu"}), "application/json")
    assert renamed.json()["name"] == "Neu"
    assert desk.delete(door).status_code == 204
    assert desk.delete(door).status_code == 404
    for wrong in (
        {"q": "ü" * 900},
        {"q": "amt:nirgends"},
        {"view": "x"},
        {"name": ""},
        {"department": "nichts"},
    ):
        assert send(desk, "views/", {"name": "Neu"} | wrong).status_code == 400


# ── Taking back ──────────────────────────────────────────────────────────────────────────────
def test_a_deed_is_taken_back_as_long_as_nothing_has_left(
    desk: Client, make_report: Make, dispatcher: User
) -> None:
    report = make_report()
    undo = send(desk, f"reports/{report.code}/acceptance/").json()["undo"]
    door = f"{DESK}deeds/{undo['id']}/"
    for _again in range(2):
        assert desk.delete(door).json() == {"codes": [report.code]}
    now = desk.get(f"{DESK}reports/{report.code}/").json()
    assert (now["status"], now["undo"]) == ("new", None)
    late = send(desk, f"reports/{report.code}/acceptance/").json()["undo"]
    triage.note(report, by=dispatcher, text="Weiter.")
    refused = desk.delete(f"{DESK}deeds/{late['id']}/")
    assert refused.status_code == 409
    assert "gearbeitet" in refused.json()["detail"]
    english = desk.delete(f"{DESK}deeds/{late['id']}/", headers={"Accept-Language": "en"})
    assert english.json()["detail"].startswith("Not taken back")


def test_a_batch_is_taken_back_as_one(desk: Client, make_report: Make) -> None:
    codes = [make_report().code for _each in range(2)]
    wish = {"client_id": str(uuid.uuid4()), "deed": "annahme", "codes": codes}
    answer = send(desk, "batches/", wish).json()
    assert desk.delete(f"{DESK}deeds/{answer['undo']['id']}/").status_code == 200
    assert set(Report.objects.values_list("status", flat=True)) == {"new"}


# ── Parts of a report ────────────────────────────────────────────────────────────────────────
def test_parts_and_tasks_are_ended(
    desk: Client, make_report: Make, make_department: Make, dispatcher: User
) -> None:
    report = make_report()
    green = make_department("Grünamt", serves=[report.municipality])
    share = sharing.ask(report, by=dispatcher, department=green, text="Hecke schneiden.")
    task = commissioning.give(
        report, commissioning.Task("Mobil", "m@example.org", "Ampel"), by=dispatcher
    )
    door = f"reports/{report.code}/"
    done = send(desk, f"{door}shares/{share.pk}/ending/", {"answer": "Geschnitten."}).json()
    assert done["shares"][0]["answer"] == "Geschnitten."
    ended = send(desk, f"{door}tasks/{task.pk}/ending/").json()
    assert ended["tasks"][0]["outcome"] == "ended"
    for nothing in (0, 2**70):
        assert send(desk, f"{door}tasks/{nothing}/ending/").status_code == 404


def test_what_residents_said_is_decided_on(desk: Client, make_report: Make) -> None:
    report = make_report()
    waits = [
        Remark.objects.create(
            client_id=uuid.uuid4(),
            report=report,
            kind="more",
            state="waiting",
            text="Größer.",
            at=timezone.now(),
        )
        for _each in range(2)
    ]
    door = f"reports/{report.code}/remarks/"
    assert send(desk, f"{door}{waits[0].pk}/release/", {"text": " "}).status_code == 400
    shown = send(desk, f"{door}{waits[0].pk}/release/", {"text": "Größer."}).json()
    assert [each["id"] for each in shown["remarks"]] == [str(waits[1].pk)]
    assert send(desk, f"{door}{waits[1].pk}/refusal/").json()["remarks"] == []
    assert send(desk, f"{door}{waits[1].pk}/refusal/").status_code == 409
    decided = send(desk, f"reports/{report.code}/review/", {"text": True}).json()
    assert decided["is_text_public"]
    texts = desk.get(f"{DESK}reports/{report.code}/texts/").json()["texts"]
    assert [each["text"] for each in texts] == [report.description]


def test_the_contact_is_shown_and_the_look_written_down(desk: Client, make_report: Make) -> None:
    report = make_report(email="uta@example.org", name="Uta Beispiel")
    answer = send(desk, f"reports/{report.code}/contact/")
    assert answer.json()["email"] == "uta@example.org"
    assert "no-store" in answer["Cache-Control"]
    assert report.events.filter(kind="unveiled").count() == 1
    Contact.objects.all().delete()
    assert send(desk, f"reports/{report.code}/contact/").status_code == 404


# ── Crews ────────────────────────────────────────────────────────────────────────────────────
def test_a_day_is_planned_driven_and_answered(
    desk: Client, caseworker: User, make_report: Make, django_assert_max_num_queries: Any
) -> None:
    crew = Crew.objects.create(name="Trupp 1", department=Department.objects.get(name="Tiefbauamt"))
    day = timezone.localdate().isoformat()
    first, second = make_report(), make_report()
    for each in (first, second):
        put = send(desk, f"reports/{each.code}/stop/", {"crew": crew.pk, "day": day})
        assert put.json()["stop"]["crew"] == "Trupp 1"
    (counted,) = desk.get(f"{DESK}crews/").json()["crews"]
    assert (counted["stops"], counted["answered"]) == (2, 0)
    desk.get(f"{DESK}crews/{crew.pk}/{day}/")  # the first look makes the link for the phone
    with django_assert_max_num_queries(8):
        plan = desk.get(f"{DESK}crews/{crew.pk}/{day}/").json()
    assert [stop["code"] for stop in plan["stops"]] == [first.code, second.code]
    down = {"up": False, "stand": plan["stand"]}
    moved = send(desk, f"stops/{plan['stops'][0]['id']}/place/", down)
    assert [stop["code"] for stop in moved.json()["stops"]] == [second.code, first.code]
    assert send(desk, f"stops/{plan['stops'][0]['id']}/place/", down).status_code == 409
    assert send(desk, f"crews/{crew.pk}/{day}/order/").status_code == 200
    phone = f"/api/v1/crews/{plan['phone']['url'].rpartition('/')[2]}/"
    stop = Client().get(phone).json()["stops"][0]["id"]
    word = {"client_id": str(uuid.uuid4()), "stop": stop, "state": "done", "text": "Fertig."}
    for wanted in (201, 200):
        said = Client().post(f"{phone}answers/", json.dumps(word), "application/json")
        assert said.status_code == wanted, said.content
    for changed, wanted in (({"text": "Anders."}, 409), ({"state": "x"}, 400), ({"stop": 9}, 404)):
        anew = word | changed | ({} if wanted == 409 else {"client_id": str(uuid.uuid4())})
        said = Client().post(f"{phone}answers/", json.dumps(anew), "application/json")
        assert said.status_code == wanted, said.content
    left = [stop for stop in (first, second) if stop.stops.filter(state="").exists()]
    off = desk.delete(f"{DESK}reports/{left[0].code}/stop/", headers={"If-Match": "*"})
    assert off.json()["stop"] is None
    again = desk.delete(f"{DESK}reports/{left[0].code}/stop/", headers={"If-Match": "*"})
    assert again.status_code == 409
    assert send(desk, f"crews/{crew.pk}/{day}/link/").json()["phone"] != plan["phone"]
    assert Client().get(phone).status_code == 410
    for nowhere in ("crews/x/", f"crews/{crew.pk}/gestern/", f"crews/{2**70}/{day}/"):
        assert desk.get(DESK + nowhere).status_code == 404
    assert desk.get(f"{DESK}crews/", {"day": "gestern"}).status_code == 400
    for wrong in ({"crew": crew.pk, "day": "2020-01-01"}, {"crew": 2**61, "day": day}):
        assert send(desk, f"reports/{first.code}/stop/", wrong).status_code == 400


# ── Who gets in ──────────────────────────────────────────────────────────────────────────────
def test_each_door_opens_for_the_right_people_alone(
    dispatcher: User,
    caseworker: User,
    outsider: User,
    make_user: Make,
    make_department: Make,
    make_report: Make,
    town: Municipality,
) -> None:
    """The right one, who may not, another department, another town, and nobody."""
    report = make_report(email="uta@example.org")
    outline = incidents.Outline("Sturm", "", begins_at=timezone.now())
    begun = incidents.begin(town, outline, by=dispatcher)
    view = SavedView.objects.create(owner=dispatcher, name="Meine")
    reader = make_user("leserin", town.fallback_department, Role.READ_ONLY)
    roads = Department.objects.get(name="Tiefbauamt")
    driver = make_user("kolonne", roads, Role.FIELD_CREW)
    gardener = make_user("gruen", make_department("Grünamt", serves=[town]), Role.CASEWORKER)
    tour = Crew.objects.create(name="Trupp 1", department=roads)
    day = timezone.localdate().isoformat()
    stop = crews.put(report, tour, timezone.localdate(), by=dispatcher)
    actors = [dispatcher, caseworker, driver, reader, gardener, outsider, None]
    answer = {"client_id": str(uuid.uuid4()), "status": "done", "text": "Geräumt."}
    wanted: dict[tuple[str, str], list[int]] = {  # the statuses of the actors, in their order
        ("post", "intake/"): [201, 201, 403, 403, 201, 201, 401],
        ("get", "crews/"): [200] * 6 + [401],
        ("get", f"crews/{tour.pk}/{day}/"): [200, 200, 200, 200, 404, 404, 401],
        ("post", f"crews/{tour.pk}/{day}/order/"): [200, 200, 403, 403, 404, 404, 401],
        ("post", f"crews/{tour.pk}/{day}/link/"): [200, 200, 200, 403, 404, 404, 401],
        ("post", f"stops/{stop.pk}/place/"): [200, 200, 403, 403, 404, 404, 401],
        ("get", "incidents/"): [200, 200, 200, 200, 200, 200, 401],
        ("post", "incidents/"): [201, 400, 400, 403, 400, 400, 401],
        ("get", f"incidents/{begun.code}/"): [200, 404, 404, 200, 404, 404, 401],
        ("post", f"incidents/{begun.code}/answer/"): [200, 404, 404, 403, 404, 404, 401],
        ("post", f"incidents/{begun.code}/ending/"): [200, 404, 404, 403, 404, 404, 401],
        ("get", "views/"): [200] * 6 + [401],
        ("put", f"views/{view.pk}/"): [200] + [404] * 5 + [401],
        ("post", "views/"): [200] * 6 + [401],
        ("post", f"views/{view.pk}/place/"): [200] + [404] * 5 + [401],
        ("post", f"reports/{report.code}/contact/"): [200, 200, 403, 403, 404, 404, 401],
        ("get", f"reports/{report.code}/texts/"): [200, 403, 403, 403, 404, 404, 401],
        ("delete", f"deeds/{uuid.uuid4()}/"): [404] * 6 + [401],
        ("delete", f"views/{view.pk}/"): [204] + [404] * 5 + [401],
    }
    found: dict[tuple[str, str], list[int]] = {}
    for method, path in wanted:
        statuses = found[method, path] = list[int]()
        for actor in reversed(actors):  # the right one last: nothing has changed before
            client = Client()
            if actor:
                client.force_login(actor)
            body: dict[str, Any] = {"up": True, "name": "Neu"} | answer
            body |= told(report, text="Geräumt.") if path == "intake/" else {}
            body |= storm(town) if path == "incidents/" else {}
            ask = getattr(client, method)
            said = {} if method == "get" else {"data": json.dumps(body)}
            reply = ask(DESK + path, **said, content_type="application/json")
            statuses.insert(0, reply.status_code)
            if reply.status_code >= 400:
                assert re.search(r"[.?!]$", reply.json()["detail"]), reply.content
    assert found == wanted
