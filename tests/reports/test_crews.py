"""Day lists of the Bauhof's crews, and the page on their phone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import crews, work
from reports.models import Crew, Event, Photo, Report, Stop
from reports.workflow import IllegalMove
from tests.reports.test_remark_pages import picture
from townhall.models import Municipality, User

Make = Callable[..., Any]


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def crew(make_department: Make, town: Municipality, caseworker: User) -> Crew:
    return Crew.objects.create(name="Trupp 1", department=make_department("Bauhof", serves=[town]))


@pytest.fixture
def stop(crew: Crew, make_report: Make, dispatcher: User, today: dt.date) -> Stop:
    return crews.put(make_report(email="uta@example.org"), crew, today, by=dispatcher)


@pytest.fixture
def page(stop: Stop, today: dt.date) -> str:
    return f"/trupp/{crews.link_token(stop.crew, today)}"


def say(client: Client, page: str, stop: Stop, state: str, **fields: Any) -> Any:
    return client.post(page, {"client_id": uuid.uuid4(), "stop": stop.pk, "state": state, **fields})


# ── The desk ─────────────────────────────────────────────────────────────────────────────────
def test_a_report_waits_on_one_list_and_moves_to_another_day(
    stop: Stop, crew: Crew, dispatcher: User, today: dt.date
) -> None:
    tomorrow = today + dt.timedelta(days=1)
    assert crews.put(stop.report, crew, today, by=dispatcher) == stop
    crews.put(stop.report, crew, tomorrow, by=dispatcher)
    assert list(Stop.objects.values_list("day", flat=True)) == [tomorrow]
    assert Event.objects.filter(kind="crew_listed").count() == 2
    crews.take_off(Stop.objects.get(), by=dispatcher)
    assert not Stop.objects.exists()


def test_only_who_works_there_lists_and_only_crews_of_the_town_drive(
    stop: Stop, crew: Crew, dispatcher: User, outsider: User, make_department: Make, today: dt.date
) -> None:
    far = Crew.objects.create(name="Fern", department=make_department("Bauhof fern"))
    with pytest.raises(work.NotAllowed):
        crews.put(stop.report, crew, today, by=outsider)
    with pytest.raises(work.NotAllowed):
        crews.move(stop, by=outsider, is_up=True)
    with pytest.raises(crews.Elsewhere):
        crews.put(stop.report, far, today, by=dispatcher)
    Report.objects.update(status="done")
    with pytest.raises(IllegalMove):
        crews.put(stop.report, crew, today + dt.timedelta(days=1), by=dispatcher)


def test_the_page_changes_the_order_and_prints_a_sheet(
    stop: Stop, crew: Crew, make_report: Make, dispatcher: User, client: Client, today: dt.date
) -> None:
    second = crews.put(make_report(), crew, today, by=dispatcher)
    client.force_login(dispatcher)
    moved = client.post("/amt/trupps", {"halt": second.pk, "schritt": "hoch"})
    assert moved.status_code == 303
    assert crews.stops_of(crew, today) == [second, stop]
    shown = client.get(f"/amt/trupps?trupp={crew.pk}&tag=nonsense").content.decode()
    assert shown.index(second.report.shown_code) < shown.index(stop.report.shown_code)
    sheet = client.get(f"/amt/trupps/{crew.pk}/{today}").content.decode()
    assert sheet.count("☐") == 6
    assert sheet.count('class="qr"') == 3
    client.post("/amt/trupps", {"halt": second.pk, "schritt": "weg"})
    assert crews.stops_of(crew, today) == [stop]
    for nonsense in ("0", "x", ""):
        assert client.post("/amt/trupps", {"halt": nonsense}).status_code == 404


def test_strangers_see_no_list(stop: Stop, outsider: User, client: Client, today: dt.date) -> None:
    address = f"/amt/trupps/{stop.crew_id}/{today}"
    assert client.get(address).status_code == 302
    client.force_login(outsider)
    assert client.get(address).status_code == 404
    assert client.post("/amt/trupps", {"halt": stop.pk, "schritt": "weg"}).status_code == 404


def test_the_form_of_the_report_puts_it_on_a_list(
    crew: Crew, make_report: Make, dispatcher: User, client: Client, today: dt.date
) -> None:
    report = make_report()
    client.force_login(dispatcher)
    address = f"/amt/meldung/{report.code}/tagesliste"
    assert client.post(address, {"crew": "x", "day": today}).status_code == 422
    assert client.post(address, {"crew": crew.pk, "day": today}).status_code == 303
    assert Stop.objects.get().report_id == report.pk


# ── The phone ────────────────────────────────────────────────────────────────────────────────
def test_the_crew_answers_once_with_a_photo_that_waits_for_staff(
    stop: Stop, page: str, client: Client
) -> None:
    shown = client.get(page)
    assert shown.status_code == 200
    assert "geo:" in shown.content.decode()
    assert "uta@" not in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert not shown.cookies
    assert not Event.objects.filter(kind__startswith="crew_done").exists()
    same = uuid.uuid4()
    assert say(client, page, stop, "done", client_id=same, photo=picture()).status_code == 303
    photos = {"photos": Photo.objects.get().image_id}
    assert say(client, page, stop, "done", client_id=same, **photos).status_code == 303
    assert say(client, page, stop, "not_found", client_id=same).status_code == 409
    event = Event.objects.get(kind="crew_done")
    assert (event.visibility, event.facts["crew"]) == ("internal", "Trupp 1")
    assert not Photo.objects.get().is_released
    stop.refresh_from_db()
    assert (stop.state, stop.report.status) == ("done", "new")


def test_another_problem_needs_words_and_the_last_word_counts(
    stop: Stop, page: str, client: Client
) -> None:
    assert say(client, page, stop, "other").status_code == 422
    assert say(client, page, stop, "nonsense").status_code == 422
    assert say(client, page, stop, "not_found").status_code == 303
    assert say(client, page, stop, "other", text="Kabel liegt frei.").status_code == 303
    stop.refresh_from_db()
    assert (stop.state, stop.note) == ("other", "Kabel liegt frei.")


def test_the_link_ends_with_the_next_day_and_opens_no_other_list(
    stop: Stop, page: str, client: Client, dispatcher: User, make_report: Make, today: dt.date
) -> None:
    other = crews.put(make_report(), stop.crew, today + dt.timedelta(days=1), by=dispatcher)
    assert say(client, page, other, "done").status_code == 404
    assert client.get("/trupp/nonsense").status_code == 404
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(page, {"stop": stop.pk}, headers=headers).status_code == 403
    token = page.rpartition("/")[2]
    assert crews.open_link(token, today=today + dt.timedelta(days=1))
    with pytest.raises(crews.Over):
        crews.open_link(token, today=today + dt.timedelta(days=2))
