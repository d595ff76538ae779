"""One deed on many reports: a result for each, nothing lost, nothing twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from reports.deeds import bulk, triage
from reports.models import Batch, EventKind, Report
from reports.workflow import Status
from townhall.models import User

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
    desk.get(PAGE, {"codes": [three[0].code]})
    with django_assert_max_num_queries(11):
        desk.get(PAGE, {"codes": [report.code for report in three]})


def test_strangers_find_nothing_and_change_nothing(
    client: Client, three: list[Report], outsider: User
) -> None:
    assert client.post(PAGE, fields(three, "annahme")).status_code == 403
    client.force_login(outsider)
    assert client.post(PAGE, fields(three, "annahme"))["Location"] == "/amt"
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
