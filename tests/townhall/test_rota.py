"""The duty rota: who is on duty when, what is missing, and who may change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from townhall import rota as plans
from townhall.models import Department, DutyPerson, Municipality, Role, Rota, Shift, User

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
SEVEN = dt.time(7)


def shift(name: str, first_day: dt.date = MONDAY, **changes: Any) -> Shift:
    person = DutyPerson(pk=sum(map(ord, name)), name=name)
    return Shift(person=person, first_day=first_day, **changes)


def names(shifts: list[Shift], day: dt.date) -> list[str]:
    return [turn.person.name for turn in plans.turns(shifts, day)]


# ── The plan ─────────────────────────────────────────────────────────────────────────────────
def test_a_week_may_run_from_friday_to_thursday_and_come_back_every_third() -> None:
    friday = MONDAY + 4 * DAY
    plan = [shift("Amann", friday, every_weeks=3), shift("Bohl", friday + 7 * DAY, every_weeks=3)]
    assert names(plan, friday + 6 * DAY) == ["Amann"]
    assert names(plan, friday + 7 * DAY) == ["Bohl"]
    assert names(plan, friday + 14 * DAY) == []
    assert names(plan, friday + 21 * DAY) == ["Amann"]


def test_an_exception_takes_the_place_of_the_same_rank() -> None:
    plan = [
        shift("Amann", weekdays=[1, 2, 3]),
        shift("Bohl", rank=2),
        shift("Vogt", MONDAY + DAY, last_day=MONDAY + DAY, is_exception=True),
    ]
    assert names(plan, MONDAY) == ["Amann", "Bohl"]
    assert names(plan, MONDAY + DAY) == ["Vogt", "Bohl"]
    assert names(plan, MONDAY + 3 * DAY) == ["Bohl"]


def test_gaps_and_overlaps_are_found_as_spans() -> None:
    plan = [
        shift("Amann", weekdays=[1, 2, 3, 4, 5]),
        shift("Bohl", MONDAY + DAY, last_day=MONDAY + 2 * DAY),
    ]
    overlap, gap = plans.findings(plan, MONDAY, days=7)
    assert (overlap.first_day, overlap.last_day) == (MONDAY + DAY, MONDAY + 2 * DAY)
    assert overlap.people == ("Amann", "Bohl")
    assert gap.is_gap
    assert (gap.first_day, gap.last_day) == (MONDAY + 5 * DAY, MONDAY + 6 * DAY)


@pytest.mark.parametrize(
    ("clock", "day"),
    [
        ("2026-11-23 06:59", MONDAY - DAY),
        ("2026-11-23 07:00", MONDAY),
        ("2026-10-25 02:30", dt.date(2026, 10, 24)),  # the hour that comes twice
        ("2026-03-29 07:00", dt.date(2026, 3, 29)),
    ],
)
def test_duty_changes_hands_at_the_handover_by_local_time(clock: str, day: dt.date) -> None:
    moment = dt.datetime.fromisoformat(clock).replace(tzinfo=BERLIN)
    assert plans.duty_day(moment, SEVEN) == day


def test_no_minute_is_left_over_when_the_clock_changes() -> None:
    for day in (dt.date(2026, 3, 28), dt.date(2026, 10, 24)):
        hours = plans.begins(day + DAY, SEVEN).timestamp() - plans.begins(day, SEVEN).timestamp()
        assert hours / 3600 in (23, 25)


# ── The page ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def office(town: Municipality, make_department: Callable[..., Department]) -> Department:
    return make_department("Bauhof", serves=[town])


@pytest.fixture
def admin(client: Client, town: Municipality, make_user: Callable[..., User]) -> Client:
    client.force_login(make_user("verwaltung", town.fallback_department, Role.ADMINISTRATOR))
    return client


PERSON = {"name": "Nora Nacht", "email": "nora@example.org", "phone": "069 90009-500"}
DUTY = {"rank": 1, "first_day": "2026-01-05", "weekdays": [1, 2, 3, 4, 5, 6, 7], "every_weeks": 1}


@pytest.mark.django_db
def test_an_administrator_puts_somebody_on_duty(admin: Client, office: Department) -> None:
    place = "/amt/bereitschaft/bauhof"
    assert "Es gibt noch keinen Plan." in admin.get(place).content.decode()
    assert admin.post(f"{place}/personen", PERSON).status_code == 303
    person = DutyPerson.objects.get()
    assert "niemand Bereitschaft" in admin.get(place).content.decode()
    assert admin.post(f"{place}/dienste", {**DUTY, "person": person.pk}).status_code == 303
    shown = admin.get(place).content.decode()
    assert "Bereitschaft bis" in shown
    assert "täglich" in shown
    assert "Nora Nacht" in admin.get("/amt/bereitschaft").content.decode()
    rules = {"handover_at": "06:30", "repeat_minutes": 3, "escalate_minutes": 10}
    admin.post(f"{place}/regeln", rules)
    assert Rota.objects.get().handover_at == dt.time(6, 30)
    admin.post(f"{place}/personen/{person.pk}/entfernung")
    assert not Shift.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("personen", {"name": "Nora"}, "damit wir alarmieren können"),
        ("personen", {**PERSON, "webhook": "http://sms.example.org"}, "https-Adresse"),
        ("personen", {**PERSON, "webhook": "https://127.0.0.1/x"}, "https-Adresse"),
        ("personen", {**PERSON, "webhook": "https://u:p@sms.example.org"}, "https-Adresse"),
        ("dienste", {**DUTY, "last_day": "2025-01-01"}, "liegt vor dem ersten"),
        ("dienste", {**DUTY, "is_exception": "on"}, "braucht einen letzten Tag"),
        ("dienste", {**DUTY, "weekdays": []}, "mindestens einen Tag"),
        ("regeln", {"repeat_minutes": 0, "handover_at": "x"}, "Es gibt ein Problem"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    admin: Client, office: Department, kind: str, given: dict[str, Any], words: str
) -> None:
    rota = Rota.objects.create(department=office)
    DutyPerson.objects.create(rota=rota, name="Kolb", email="kolb@example.org")
    answer = admin.post(f"/amt/bereitschaft/bauhof/{kind}", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_rotas_are_for_administrators_of_a_town_the_department_works_for(
    client: Client, office: Department, dispatcher: User, outsider: User, make_user: Any
) -> None:
    rota = Rota.objects.create(department=office)
    person = DutyPerson.objects.create(rota=rota, name="Kolb", email="kolb@example.org")
    places = ("/bauhof", f"/bauhof/personen/{person.pk}", "")
    assert client.get("/amt/bereitschaft").status_code == 302
    elsewhere = outsider.memberships.get().department
    stranger = make_user("fremde-verwaltung", elsewhere, Role.ADMINISTRATOR)
    for user in (dispatcher, outsider, stranger):
        client.force_login(user)
        for place in places:
            if user is stranger and not place:
                continue  # has departments of its own
            assert client.get(f"/amt/bereitschaft{place}").status_code == 404
        assert client.post("/amt/bereitschaft/bauhof/personen", PERSON).status_code == 404
        gone = client.post(f"/amt/bereitschaft/bauhof/personen/{person.pk}/entfernung")
        assert gone.status_code == 404
    assert DutyPerson.objects.get() == person
