"""One deed on many reports: a result for each, nothing lost, nothing twice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import alarms, bulk, crews, triage
from reports.models import Alarm, Batch, Category, Contact, Crew, EventKind, Report
from reports.workflow import Status
from townhall.models import Municipality, Role, User

Make = Callable[..., Any]
PAGE = "/amt/sammeln"


@pytest.fixture
def desk(client: Client, dispatcher: User) -> Client:
    client.force_login(dispatcher)
    return client


@pytest.fixture
def three(make_report: Make) -> list[Report]:
    return [make_report() for _ in range(3)]


def fields(reports: list[Report], deed: str, **more: str) -> dict[str, Any]:
    codes = [f"{report.code}.{report.version}" for report in reports]
    said = {f"{deed}-{name}": value for name, value in more.items()}
    return {"codes": codes, "tat": deed, "tut": "1", "client_id": str(uuid4()), **said}


def outcomes() -> list[str]:
    return list(Batch.objects.get().rows.values_list("outcome", flat=True))


def test_each_report_has_a_result_of_its_own(
    desk: Client, three: list[Report], dispatcher: User
) -> None:
    triage.set_status(three[1], Status.DONE, by=dispatcher)  # meanwhile, by a colleague
    answer = desk.post(PAGE, fields(three, "status", status="on_hold", text="Nach dem Frost."))
    assert outcomes() == ["done", "overtaken", "done"]
    page = desk.get(answer["Location"]).content.decode()
    assert three[1].shown_code in page
    told = Report.objects.filter(status="on_hold").values_list("pk", flat=True)
    assert set(told) == {three[0].pk, three[2].pk}


def test_sent_again_nothing_is_done_twice(desk: Client, three: list[Report]) -> None:
    said = fields(three, "notiz", text="Vor dem Markt.")
    assert desk.post(PAGE, said)["Location"] == desk.post(PAGE, said)["Location"]
    notes = sum(report.events.filter(kind=EventKind.NOTE).count() for report in three)
    assert notes == 3
    assert desk.post(PAGE, said | {"notiz-text": "Anders."})["Location"] == "/amt"


def test_what_a_killed_process_left_is_done_by_the_next(
    three: list[Report], dispatcher: User
) -> None:
    picked, client_id = bulk.picks([report.code for report in three]), uuid4()
    seen: list[str] = []

    def dies(report: Report, by: User, version: int | None) -> object:
        seen.append(report.code)
        if len(seen) == 2:
            raise SystemExit
        return triage.accept(report, by=by)

    said: dict[str, Any] = {"by": dispatcher, "deed": "annahme", "given": {}}
    with pytest.raises(SystemExit):
        bulk.run(client_id, picked, act=dies, **said)
    bulk.run(client_id, picked, act=lambda r, by, v: triage.accept(r, by=by), **said)
    assert outcomes() == ["done"] * 3


def test_many_are_joined_into_the_oldest(desk: Client, three: list[Report]) -> None:
    desk.post(PAGE, fields(three, "zusammenfuehrung", into=three[0].code))
    assert outcomes() == ["done"] * 3
    assert three[0].duplicates.count() == 2


@pytest.mark.parametrize(
    "said",
    [
        {"tat": "status"},
        {"tat": "nonsense"},
        {"tat": "status", "status-status": "on_hold"},
        {"tat": "zuweisung", "zuweisung-to": "999999"},
        {"tat": "weiterleitung"},
        {"tat": "prioritaet", "prioritaet-priority": "9"},
        {"tat": "berichtigung", "berichtigung-category": "nichts"},
        {"tat": "zieltermin", "zieltermin-due_on": "2020-01-01"},
        {"tat": "freigabe"},
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(
    desk: Client, three: list[Report], said: dict[str, str]
) -> None:
    answer = desk.post(PAGE, fields(three, "status") | said)
    assert answer.status_code == 422
    assert all(report.shown_code in answer.content.decode() for report in three)
    assert not Batch.objects.exists()


def test_the_page_costs_alike_for_one_and_for_many(
    desk: Client, three: list[Report], django_assert_max_num_queries: Any
) -> None:
    """Session, user, roles, reports, and one for what all the forms offer."""
    desk.get(PAGE, {"codes": [three[0].code]})
    with django_assert_max_num_queries(5):
        desk.get(PAGE, {"codes": [report.code for report in three]})


def test_each_report_costs_alike_and_no_look_of_its_own(
    three: list[Report], dispatcher: User, django_assert_max_num_queries: Any
) -> None:
    """Lock, reader, those joined, row, event, undo, followers, ring and result."""
    codes = bulk.picks([report.code for report in three])

    def act(report: Report, by: User, version: int | None) -> object:
        return triage.set_status(report, Status.DONE, by=by, text="Fertig.", version=version)

    with django_assert_max_num_queries(7 + 3 * (9 + 6)):  # and three savepoints each
        bulk.run(uuid4(), codes, by=dispatcher, deed="status", given={}, act=act)
    assert outcomes() == ["done"] * 3


def test_more_than_two_hundred_are_named_and_the_first_are_taken(
    desk: Client, three: list[Report]
) -> None:
    codes = [report.code for report in three] + ["ZZZZZZZZ"] * 200
    page = desk.post(PAGE, {"codes": codes}).content.decode()
    assert "Sie haben 203 Meldungen ausgewählt." in page
    wish = {"client_id": str(uuid4()), "deed": "annahme", "codes": codes}
    answer = desk.post("/api/v1/desk/batches/", json.dumps(wish), "application/json")
    assert answer.status_code == 400
    assert "200" in answer.json()["detail"]


@pytest.fixture
def lamp(
    town: Municipality,
    make_category: Make,
    make_offer: Make,
    make_department: Make,
    make_rule: Make,
) -> Category:
    """Another category, which another department gets."""
    lamp: Category = make_category("Laterne")
    make_offer(town, lamp)
    make_rule(make_department("Stadtwerke", serves=[town]), municipality=town, category=lamp)
    return lamp


def test_another_category_says_of_each_report_where_it_went(
    desk: Client, three: list[Report], lamp: Category, make_category: Make
) -> None:
    said = fields(three, "berichtigung", category=lamp.code)
    preview = desk.post(PAGE, said | {"vorschau": "1"}).content.decode()
    assert "3 Meldungen gehen an Stadtwerke" in preview
    assert not Batch.objects.exists()
    page = desk.get(desk.post(PAGE, said)["Location"]).content.decode()
    assert page.count("jetzt bei Stadtwerke") == 3
    assert {row.went_to for row in Batch.objects.get().rows.all()} == {"Stadtwerke"}
    unoffered = fields(three, "berichtigung", category=make_category("Ampel").code)
    assert desk.post(PAGE, unoffered).status_code == 422


def test_the_preview_counts_letters_and_refusals_and_does_nothing(
    desk: Client, three: list[Report], make_report: Make, dispatcher: User
) -> None:
    made = [*three, make_report(email="uta@example.org")]
    Contact.objects.update(confirmed_at=timezone.now())
    triage.set_status(three[0], Status.DONE, by=dispatcher)
    wish = {
        "client_id": str(uuid4()),
        "deed": "annahme",
        "codes": [report.code for report in made],
        "preview": True,
    }
    answer = desk.post("/api/v1/desk/batches/", json.dumps(wish), "application/json").json()
    assert answer["preview"] == {"reports": 4, "refused": 1, "letters": 1, "goals": []}
    assert answer["results"] == []
    assert not Batch.objects.exists()


IN_TEN_DAYS = (timezone.localdate() + dt.timedelta(days=10)).isoformat()


@pytest.mark.parametrize(
    ("deed", "said", "told"),
    [
        ("mitwirkung", {"department": "grunamt", "text": "Hecke."}, {"shares__text": "Hecke."}),
        ("zieltermin", {"due_on": IN_TEN_DAYS, "reason": "Frost."}, {"due_on": IN_TEN_DAYS}),
        ("wiedervorlage", {"on": IN_TEN_DAYS}, {"resubmit_on": IN_TEN_DAYS}),
        ("ablehnung", {"reason": "Privatgrund."}, {"status": "no_action"}),
        ("freigabe", {"show": "text"}, {"is_text_public": True}),
        ("freigabe", {"show": "hidden"}, {"is_public": False}),
        ("weiterleitung", {"department": "grunamt"}, {"department__slug": "grunamt"}),
        ("zuweisung", {"to": "disposition"}, {"assignee__username": "disposition"}),
    ],
)
def test_what_is_done_to_one_is_done_to_many(
    desk: Client,
    three: list[Report],
    make_department: Make,
    town: Municipality,
    deed: str,
    said: dict[str, str],
    told: dict[str, Any],
) -> None:
    make_department("Grünamt", serves=[town])
    desk.post(PAGE, fields(three, deed, **said))
    assert outcomes() == ["done"] * 3
    assert Report.objects.filter(**told).count() == 3


def test_hazards_are_confirmed_together_and_all_else_is_refused(
    desk: Client, three: list[Report], dispatcher: User
) -> None:
    offer = 'id="tat-bestaetigung"'
    assert offer not in desk.post(PAGE, fields(three, "")).content.decode()
    for report in three[:2]:
        alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
        report.refresh_from_db()
    assert offer in desk.post(PAGE, fields(three, "")).content.decode()
    answer = desk.post(PAGE, fields(three, "bestaetigung"))
    assert outcomes() == ["done", "done", "illegal"]
    assert not any(alarm.is_ringing for alarm in Alarm.objects.all())
    page = desk.get(answer["Location"]).content.decode()
    assert "2 Meldungen geändert" in page
    assert "Erledigt" not in page


def test_a_crew_of_another_town_is_refused_for_each_report(
    desk: Client, three: list[Report], make_department: Make, make_municipality: Make
) -> None:
    """Somebody who dispatches for two towns picks reports of both."""
    crew = Crew.objects.create(name="Fern", department=make_department("Bauhof", serves=[]))
    picked = bulk.picks([report.code for report in three])
    by = User.objects.get(username="disposition")
    day = timezone.localdate()
    bulk.run(
        uuid4(),
        picked,
        by=by,
        deed="tagesliste",
        given={},
        act=lambda report, by, version: crews.put(report, crew, day, by=by, version=version),
    )
    assert outcomes() == ["elsewhere"] * 3


def test_strangers_find_nothing_and_change_nothing(
    client: Client, three: list[Report], outsider: User
) -> None:
    assert client.post(PAGE, fields(three, "annahme")).status_code == 403
    client.force_login(outsider)
    assert client.post(PAGE, fields(three, "annahme"))["Location"] == "/amt"
    assert set(Report.objects.values_list("status", flat=True)) == {"new"}


def test_readers_tick_nothing_and_are_refused_in_a_sentence(
    client: Client, three: list[Report], make_user: Make, town: Municipality
) -> None:
    client.force_login(make_user("leserin", town.fallback_department, Role.READ_ONLY))
    desk = client.get("/amt?ansicht=alle").content.decode()
    assert three[0].shown_code in desk
    assert 'name="codes"' not in desk
    assert "data-table" in desk
    row = client.get(f"/amt/meldung/{three[0].code}/zeile").content.decode()
    assert 'name="codes"' not in row
    answer = client.post(PAGE, fields(three, "annahme"))
    assert answer.status_code == 403
    assert "Ihre Rolle darf nur lesen." in answer.content.decode()
    assert set(Report.objects.values_list("status", flat=True)) == {"new"}


def test_programs_do_it_by_the_same_deed(desk: Client, three: list[Report]) -> None:
    said = {
        "client_id": str(uuid4()),
        "deed": "prioritaet",
        "codes": [three[0].code, "ZZZZ-ZZZZ"],
        "fields": {"priority": "4"},
    }
    answer = desk.post("/api/v1/desk/batches/", json.dumps(said), "application/json")
    assert [row["outcome"] for row in answer.json()["results"]] == ["done", "gone"]
    wrong = said | {"fields": {"priority": "x"}}
    assert (
        desk.post("/api/v1/desk/batches/", json.dumps(wrong), "application/json").status_code == 400
    )
