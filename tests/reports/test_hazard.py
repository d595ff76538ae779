"""Dangers: who is called when, who answers, and what everybody may know of it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from reports.deeds import alarms, triage
from reports.hazards import hazard
from reports.letters import news
from reports.models import Alarm, Call, Event, Follower, Report
from reports.personal import erasure
from reports.voices import follow
from reports.workflow import Status
from townhall import letters
from townhall.models import Department, DutyPerson, Letter, Municipality, Rota, Shift, User

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def the_alarm(danger: Report) -> Alarm:
    return Alarm.objects.get(report=danger, ended_at__isnull=True)


def ring(danger: Report, minutes: int = 0) -> None:
    """The worker's look, so many minutes after the danger was marked."""
    hazard.ring_all(now=the_alarm(danger).started_at + minutes * MINUTE)


def called(danger: Report) -> list[str]:
    calls = Call.objects.filter(alarm__report=danger).order_by("at", "rank")
    return list(calls.values_list("name", flat=True))


def token_in(letter: Letter) -> str:
    return letter.text.partition("/gefahr/")[2].partition("\n")[0]


def answer(client: Client, token: str) -> Any:
    return client.post(f"/api/v1/alarms/{token}/answer/", "{}", content_type="application/json")


def the_call() -> str:
    """The token in the newest mail to somebody on duty."""
    return token_in(Letter.objects.filter(kind="hazard_call").latest("created_at"))


# ── Calling ──────────────────────────────────────────────────────────────────────────────────
def test_who_is_on_duty_is_called_again_and_then_the_next(danger: Report) -> None:
    for minutes in (0, 3, 5, 10, 15, 20):
        ring(danger, minutes)
    assert called(danger) == ["Kolb", "Kolb", "Kolb", "Lenz", "Lenz"]
    mails = Letter.objects.filter(kind="hazard_call")
    assert mails.count() == 5
    assert set(mails.values_list("to", flat=True)) == {"kolb@example.org", "lenz@example.org"}


def test_a_look_that_comes_twice_calls_once(danger: Report) -> None:
    alarm = the_alarm(danger)
    hazard.ring(alarm.pk, now=alarm.started_at)
    hazard.ring(alarm.pk, now=alarm.started_at)
    assert called(danger) == ["Kolb"]


def test_after_hours_without_a_worker_it_goes_on_where_it_stopped(danger: Report) -> None:
    ring(danger)
    ring(danger, minutes=180)
    assert called(danger) == ["Kolb", "Lenz"]


def test_when_nobody_answers_the_fallback_department_is_alarmed_and_it_begins_anew(
    danger: Report, town: Municipality, make_rota: Callable[..., Rota]
) -> None:
    make_rota(town.fallback_department, "Amann")
    for minutes in (0, 15, 30):
        ring(danger, minutes)
    assert called(danger) == ["Kolb", "Lenz", "Amann"]
    told = Letter.objects.get(kind="hazard_nobody")
    assert told.to == town.fallback_department.email
    assert told.subject.startswith("NIEMAND ANTWORTET")
    assert the_alarm(danger).exhausted_at
    ring(danger, minutes=45)
    assert called(danger)[-1] == "Kolb"


def test_nobody_on_duty_today_alarms_the_fallback_department_once(
    danger: Report, rota: Rota
) -> None:
    Shift.objects.all().delete()
    ring(danger)
    ring(danger, minutes=30)
    assert Letter.objects.filter(kind="hazard_nobody").count() == 1
    again = the_alarm(danger).next_at
    assert again and timezone.localtime(again).hour == 7  # the next handover


def test_a_town_without_rotas_keeps_to_its_mailboxes(
    make_report: Callable[..., Report], caseworker: User
) -> None:
    danger = make_report()
    alarms.flag_hazard(danger, by=caseworker, is_hazard=True)
    ring(danger)
    assert not Call.objects.exists()
    assert Letter.objects.filter(kind="hazard_alarm").count() == 1
    assert the_alarm(danger).next_at is None


def test_who_comes_on_duty_meanwhile_is_called(danger: Report, rota: Rota) -> None:
    ring(danger)
    Shift.objects.all().delete()
    new = DutyPerson.objects.create(rota=rota, name="Neu", email="neu@example.org")
    Shift.objects.create(person=new, first_day=dt.date(2026, 1, 5))
    ring(danger, minutes=5)
    assert called(danger) == ["Kolb", "Neu"]


def test_forwarding_inside_the_house_alarms_the_new_departments_people(
    danger: Report,
    town: Municipality,
    make_department: Callable[..., Department],
    make_rota: Callable[..., Rota],
    dispatcher: User,
) -> None:
    ring(danger)
    yard = make_department("Bauhof", serves=[town])
    make_rota(yard, "Hofmann")
    triage.forward(danger, by=dispatcher, department=yard)
    ring(danger)
    assert called(danger) == ["Kolb", "Hofmann"]
    assert Alarm.objects.filter(report=danger).count() == 2


# ── The end ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "deed",
    [
        lambda danger, by: alarms.flag_hazard(danger, by=by, is_hazard=False),
        lambda danger, by: triage.set_status(danger, Status.DONE, by=by),
        lambda danger, by: triage.reject(danger, by=by, reason="War nur ein Schatten."),
        lambda danger, by: alarms.acknowledge(danger, by=by),
        lambda danger, by: triage.accept(danger, by=by),
        lambda danger, by: alarms.secure(danger, by=by, how="Absperrung steht"),
    ],
)
def test_after_these_deeds_nobody_is_called_and_waiting_letters_stay(
    danger: Report, caseworker: User, deed: Callable[[Report, User], object]
) -> None:
    ring(danger)
    deed(danger, caseworker)
    hazard.ring_all(now=timezone.now() + 60 * MINUTE)
    assert called(danger) == ["Kolb"]
    assert Letter.objects.get(kind="hazard_call").state == "withdrawn"


def test_a_danger_that_is_opened_again_rings_again(danger: Report, caseworker: User) -> None:
    triage.set_status(danger, Status.DONE, by=caseworker)
    triage.reopen(danger, by=caseworker, reason="Deckel fehlt wieder.")
    ring(danger)
    assert called(danger) == ["Kolb"]


# ── Answers ──────────────────────────────────────────────────────────────────────────────────
def test_a_scanners_look_at_the_link_confirms_nothing(danger: Report, client: Client) -> None:
    ring(danger)
    page = f"/gefahr/{the_call()}"
    assert client.head(page).status_code == 200
    assert not Event.objects.filter(report=danger, kind="hazard_seen").exists()
    shown = client.get(page)
    assert "Ich kümmere mich darum" in shown.content.decode()
    assert shown["Referrer-Policy"] == "no-referrer"
    alarm = the_alarm(danger)
    assert alarm.acknowledged_at is None
    assert alarm.seen_at is None  # opened is not seen: it may have been a machine
    assert Event.objects.get(report=danger, kind="hazard_seen").facts["link"] is True


def test_the_button_behind_the_link_ends_the_calling(danger: Report, client: Client) -> None:
    ring(danger)
    page = f"/gefahr/{the_call()}"
    assert client.post(page, {"schritt": "annahme"}).status_code == 303
    alarm = the_alarm(danger)
    assert alarm.acknowledged_by == alarm.seen_by == "Kolb"
    assert alarm.next_at is None
    shown = client.get(page).content.decode()
    assert "Niemand wird mehr alarmiert." in shown


def test_the_first_who_confirms_counts(danger: Report, client: Client) -> None:
    ring(danger)
    first = the_call()
    ring(danger, minutes=15)
    client.post(f"/gefahr/{the_call()}", {"schritt": "annahme"})
    client.post(f"/gefahr/{first}", {"schritt": "annahme"})
    assert the_alarm(danger).acknowledged_by == "Lenz"
    assert Event.objects.filter(report=danger, kind="hazard_taken").count() == 1


def test_a_place_is_secured_from_the_phone_and_the_public_reads_no_name(
    danger: Report, client: Client
) -> None:
    ring(danger)
    page = f"/gefahr/{the_call()}"
    wrong = client.post(page, {"schritt": "gesichert", "how": ""})
    assert wrong.status_code == 422
    client.post(page, {"schritt": "gesichert", "how": "Absperrung steht", "by": "Nora Nacht"})
    alarm = the_alarm(danger)
    assert (alarm.secured_by, alarm.acknowledged_by) == ("Nora Nacht", "Nora Nacht")
    public = client.get(f"/meldung/{danger.code}").content.decode()
    assert "Gefahrenstelle gesichert" in public
    for private in ("Nora", "Kolb", "Absperrung"):
        assert private not in public


def test_followers_hear_that_the_place_is_safe_whoever_said_so(
    danger: Report, client: Client
) -> None:
    follow.ask(danger.code, email="uta@example.org", client_id=uuid.uuid4())
    follow.confirm(news.confirm_token(Follower.objects.get()))
    ring(danger)
    client.post(f"/gefahr/{the_call()}", {"schritt": "gesichert", "how": "Absperrung steht"})
    job = ProcrastinateJob.objects.get(task_name="tell_followers")
    assert news.tell(job.args["event_id"]) == 1
    assert "Die Stelle ist gesichert." in Letter.objects.get(kind="follow_news").text


def test_a_link_runs_out_and_nonsense_opens_nothing(danger: Report, client: Client) -> None:
    ring(danger)
    token = the_call()
    Call.objects.update(expires_at=timezone.now())
    assert client.get(f"/gefahr/{token}").status_code == 410
    assert client.post(f"/gefahr/{token}").status_code == 410
    assert answer(client, token).status_code == 410
    for nonsense in ("x", "%00", "a" * 300):
        assert client.get(f"/gefahr/{nonsense}").status_code == 404
        assert answer(client, nonsense).status_code == 404
    assert the_alarm(danger).acknowledged_at is None


def test_another_sites_page_cannot_press_the_button(danger: Report, client: Client) -> None:
    ring(danger)
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post(f"/gefahr/{the_call()}", {"schritt": "annahme"}, headers=headers)
    assert answer.status_code == 403
    assert the_alarm(danger).acknowledged_at is None


# ── Gateways ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def hook(rota: Rota, danger: Report) -> Letter:
    """What Kolb's gateway gets."""
    DutyPerson.objects.filter(name="Kolb").update(webhook="https://sms.example.org/call")
    ring(danger)
    return Letter.objects.get(kind="hazard_hook")


def test_a_gateway_gets_what_it_must_say_and_nothing_of_the_reporter(hook: Letter) -> None:
    said = json.loads(hook.text)
    assert said["type"] == "hazard.alarm"
    assert said["data"]["to"] == {"name": "Kolb", "phone": "069 90009-999"}
    assert len(said["data"]["text"]) <= 320
    assert said["data"]["answer_url"].startswith("http://127.0.0.1:8000/api/v1/alarms/")
    assert "uta@example.org" not in hook.text
    assert "Bäckerei" not in hook.text  # the resident's words stay here


def test_a_gateway_calls_back_when_somebody_confirmed(
    hook: Letter, danger: Report, client: Client
) -> None:
    path = json.loads(hook.text)["data"]["answer_url"].removeprefix("http://127.0.0.1:8000")
    for body in ('{"by": "Nora Nacht"}', "{}"):
        told = client.post(path, body, content_type="application/json")
        assert told.status_code == 200, told.content
        assert told.json()["by"] == "Nora Nacht"
    assert client.get(path).status_code == 405
    assert client.post(path, "[1", content_type="application/json").status_code == 400


def test_a_gateway_may_confirm_by_its_answer(hook: Letter, danger: Report) -> None:
    hazard.hear_gateway(hook.key, {"acknowledged": "yes"})
    assert the_alarm(danger).acknowledged_at is None
    hazard.hear_gateway(hook.key, {"acknowledged": True, "by": ["nonsense"]})
    assert the_alarm(danger).acknowledged_by == "Kolb"


# ── Staff ────────────────────────────────────────────────────────────────────────────────────
def test_the_first_look_of_somebody_who_can_act_is_a_fact(
    danger: Report, client: Client, caseworker: User, dispatcher: User
) -> None:
    for user in (dispatcher, caseworker):
        client.force_login(user)
        assert client.get(f"/amt/meldung/{danger.code}").status_code == 200
    assert the_alarm(danger).seen_by == dispatcher.name
    assert Event.objects.filter(report=danger, kind="hazard_seen").count() == 1


def test_the_desk_shows_dangers_on_top_until_they_are_safe(
    danger: Report, client: Client, caseworker: User
) -> None:
    ring(danger)
    client.force_login(caseworker)
    shown = client.get("/amt/ansichten").content.decode()
    assert "Kolb alarmiert" in shown
    assert "nächste Person um" in shown
    client.post(f"/amt/meldung/{danger.code}/bestaetigung")
    assert "noch nicht gesichert" in client.get("/amt/ansichten").content.decode()
    client.post(f"/amt/meldung/{danger.code}/sicherung", {"text": "Absperrung steht"})
    assert danger.title not in client.get("/amt/ansichten").content.decode()


def test_others_neither_see_nor_confirm_it(
    danger: Report, client: Client, outsider: User, make_user: Callable[..., User]
) -> None:
    client.force_login(outsider)
    for slug in ("bestaetigung", "sicherung", "haftungsakte"):
        assert client.post(f"/amt/meldung/{danger.code}/{slug}").status_code in (404, 405)
    reader = make_user("lesen", Department.objects.get(name="Tiefbauamt"), "read_only")
    client.force_login(reader)
    assert client.post(f"/amt/meldung/{danger.code}/bestaetigung").status_code == 403
    assert client.get(f"/amt/meldung/{danger.code}").status_code == 200
    alarm = the_alarm(danger)
    assert alarm.acknowledged_at is alarm.seen_at is None


# ── Keeping ──────────────────────────────────────────────────────────────────────────────────
def test_who_was_called_is_forgotten_with_the_report(danger: Report, caseworker: User) -> None:
    ring(danger)
    triage.set_status(danger, Status.DONE, by=caseworker)
    Report.objects.filter(pk=danger.pk).update(erase_on=dt.date(2026, 1, 1))
    erasure.run()
    assert not Call.objects.exists()
    assert not Letter.objects.filter(kind="hazard_call").exclude(to="", text="").exists()
    assert letters.name_of(Letter.objects.filter(kind="hazard_call")[0]) == danger.code


def test_shifts_that_ended_a_year_ago_are_forgotten(rota: Rota) -> None:
    shift = Shift.objects.first()
    assert shift
    long_ago = timezone.localdate() - dt.timedelta(days=366)
    Shift.objects.filter(pk=shift.pk).update(first_day=long_ago, last_day=long_ago)
    erasure.run()
    assert not Shift.objects.filter(pk=shift.pk).exists()
    assert Shift.objects.exists()
