"""Day lists of the Bauhof's crews, and the page on their phone."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from reports.deeds import crews, work
from reports.models import Crew, Event, Photo, Report, Stop
from reports.templatetags import crew_map
from reports.workflow import IllegalMove
from tests.reports.test_remark_pages import picture
from townhall.models import Municipality, Role, User

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


def test_the_order_by_distance_puts_hazards_first(
    crew: Crew, make_report: Make, dispatcher: User, today: dt.date
) -> None:
    def listed(lon: float, **more: Any) -> Stop:
        report = make_report(position=Point(lon, 49.682, srid=4326), **more)
        return crews.put(report, crew, today, by=dispatcher)

    near, far, between = listed(8.61), listed(8.606), listed(8.62)
    shown = crews.stand_of(crews.stops_of(crew, today))
    hazard = listed(8.625, is_hazard=True)
    assert crews.stops_of(crew, today) == [hazard, near, far, between]
    with pytest.raises(crews.Changed):  # somebody else's list was another one
        crews.arrange(crew, today, by=dispatcher, stand=shown)
    crews.arrange(crew, today, by=dispatcher)
    assert crews.stops_of(crew, today) == [hazard, between, near, far]


def test_ticked_stops_move_to_another_crew_and_day(
    stop: Stop, crew: Crew, make_report: Make, dispatcher: User, client: Client, today: dt.date
) -> None:
    second = crews.put(make_report(), crew, today, by=dispatcher)
    other = Crew.objects.create(name="Trupp 2", department=crew.department)
    client.force_login(dispatcher)
    goal = {"zu-trupp": other.pk, "zu-tag": today + dt.timedelta(days=1)}
    both = {"halt": [stop.pk, second.pk], "schritt": "verschieben", **goal}
    assert client.post("/amt/trupps", both).status_code == 303
    assert crews.stops_of(other, today + dt.timedelta(days=1)) == [stop, second]
    client.post("/amt/trupps", {**both, "zu-tag": "2020-01-01"})
    assert crews.stops_of(other, today + dt.timedelta(days=1)) == [stop, second]


def test_the_sheet_has_a_map_drawn_from_our_own_data(
    stop: Stop, crew: Crew, make_report: Make, dispatcher: User, client: Client, today: dt.date
) -> None:
    crews.put(make_report(), crew, today, by=dispatcher)  # at the same place
    client.force_login(dispatcher)
    sheet = client.get(f"/amt/trupps/{crew.pk}/{today}").content.decode()
    drawn = sheet[sheet.index("crew-map") :].partition("</svg>")[0]
    assert drawn.count('class="pin') == 2
    assert drawn.count('class="lead"') >= 1  # they stand beside each other
    assert "land ours" in drawn
    assert "<image" not in drawn
    told = {"url": "/kacheln/{z}/{x}/{y}", "credit": "© X", "least": 6, "most": 18}
    tiles = crew_map.draw(crews.stops_of(crew, today), size=crew_map.PHONE, tiles=told)["tiles"]
    assert 0 < len(tiles) <= 48
    assert all(re.fullmatch(r"/kacheln/\d+/\d+/\d+", tile["address"]) for tile in tiles)


def test_strangers_see_no_list(stop: Stop, outsider: User, client: Client, today: dt.date) -> None:
    address = f"/amt/trupps/{stop.crew_id}/{today}"
    assert client.get(address).status_code == 302
    client.force_login(outsider)
    assert client.get(address).status_code == 404
    assert client.post("/amt/trupps", {"halt": stop.pk, "schritt": "weg"}).status_code == 404


def test_who_only_reads_sees_the_list_but_no_link(
    stop: Stop, make_user: Make, client: Client, today: dt.date
) -> None:
    client.force_login(make_user("lesend", stop.crew.department, Role.READ_ONLY))
    for address in ("/amt/trupps", f"/amt/trupps/{stop.crew_id}/{today}"):
        shown = client.get(address).content.decode()
        assert stop.report.shown_code in shown
        assert crews.link_token(stop.crew, today) not in shown
    for step in ("ordnen", "neuer-link"):
        wish = {"schritt": step, "trupp": stop.crew_id, "tag": today}
        told = client.post("/amt/trupps", wish, follow=True).content.decode()
        assert "Ihre Rolle erlaubt das nicht" in told


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


def test_what_waited_on_the_phone_arrives_once_and_overrules_nothing_later(
    stop: Stop, page: str, client: Client, dispatcher: User, today: dt.date
) -> None:
    def hand_in(state: str, minutes: int, client_id: uuid.UUID | None = None, **more: Any) -> Any:
        at = (timezone.now() - dt.timedelta(minutes=minutes)).timestamp() * 1000
        fields = {"client_id": client_id or uuid.uuid4(), "stop": stop.pk, "state": state, "at": at}
        return client.post(f"{page}/antwort", fields | more)

    same = uuid.uuid4()
    assert hand_in("done", 10, same).status_code == 201
    assert hand_in("done", 10, same).status_code == 200
    assert hand_in("not_found", 30).status_code == 201
    stop.refresh_from_db()
    assert stop.state == "done"
    assert Event.objects.filter(kind__in=("crew_done", "crew_not_found")).count() == 2
    lost = hand_in("done", 0, photos=uuid.uuid4())
    assert (lost.status_code, list(lost.json()["errors"])) == (422, ["photos"])
    assert hand_in("nonsense", 0).status_code == 422
    # Given to another day meanwhile: the crew was there all the same.
    Stop.objects.update(state="", answered_at=None, day=today + dt.timedelta(days=1))
    assert hand_in("done", 1).status_code == 201


def test_a_new_link_ends_the_old_one_at_once(
    stop: Stop, page: str, client: Client, dispatcher: User, outsider: User, today: dt.date
) -> None:
    assert client.get(page)["Augenmerk-Keep"].endswith("GMT")
    with pytest.raises(work.NotAllowed):
        crews.renew_link(stop.crew, today, by=outsider)
    client.force_login(dispatcher)
    wish = {"schritt": "neuer-link", "trupp": stop.crew_id, "tag": today}
    assert client.post("/amt/trupps", wish).status_code == 303
    old = client.get(page)
    assert (old.status_code, old["Augenmerk-Keep"]) == (410, "no")
    assert stop.report.category.label not in old.content.decode()
    assert say(client, page, stop, "done").status_code == 410
    assert client.post(f"{page}/antwort", {}).status_code == 422
    fields = {"client_id": uuid.uuid4(), "stop": stop.pk, "state": "done"}
    assert client.post(f"{page}/antwort", fields).status_code == 410
    assert client.get(f"/trupp/{crews.link_token(stop.crew, today)}").status_code == 200


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
