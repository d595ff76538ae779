"""Who has a report and how soon: priority, target date, refused, left lying."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import custody, planning, triage, work
from reports.desk.lists import VIEWS
from reports.letters.notices import WITH_CONTACT
from reports.models import Priority, Report
from reports.workflow import IllegalMove, ReasonMissing
from townhall.calendar import BERLIN
from townhall.models import DepartmentKind, Letter, Municipality, User

Make = Callable[..., Any]
MONDAY = dt.datetime(2026, 6, 8, 9, tzinfo=BERLIN)  # in Hessen a week without a holiday
TODAY = dt.date(2026, 6, 11)


@pytest.fixture
def report(caseworker: User, make_report: Make) -> Report:
    made: Report = make_report(email="uta@example.org")
    return made


def sent_back(user: User) -> list[str]:
    """Codes in the view „Zurückgewiesen“."""
    condition = VIEWS["zurueckgewiesen"].condition(user, TODAY)
    return list(Report.objects.in_care_of(user).filter(condition).values_list("code", flat=True))


def test_a_priority_is_for_colleagues_only(report: Report, caseworker: User) -> None:
    row = planning.set_priority(report, Priority.URGENT, by=caseworker)
    event = row.events.latest("pk")
    assert (row.priority, event.visibility, event.facts) == (4, "internal", {"from": 2, "to": 4})
    assert planning.set_priority(row, Priority.URGENT, by=caseworker).version == row.version


def test_a_new_target_date_is_public_and_says_why(report: Report, caseworker: User) -> None:
    day = timezone.localdate() + dt.timedelta(days=20)
    before = report.due_on
    row = planning.set_deadline(report, day, by=caseworker, reason="Das Material fehlt.")
    event = row.events.public().latest("pk")
    assert (row.due_on, event.text) == (day, "Das Material fehlt.")
    assert event.facts["from"] == (before.isoformat() if before else None)
    with pytest.raises(ReasonMissing):
        planning.set_deadline(row, day, by=caseworker, reason=" ")
    triage.reject(row, by=caseworker, reason="Gehört der Bahn.")
    with pytest.raises(IllegalMove):
        planning.set_deadline(row, day, by=caseworker, reason="Später")


def test_what_a_department_refuses_lies_with_the_dispatchers(
    report: Report, caseworker: User, dispatcher: User, town: Municipality
) -> None:
    row = custody.refuse(report, by=caseworker, reason="Das ist Sache des Bauhofs.")
    assert (row.department, row.returned) == (town.fallback_department, "refused")
    assert sent_back(dispatcher) == [row.code]
    assert sent_back(caseworker) == []
    with pytest.raises(IllegalMove):  # nobody stands behind the dispatchers
        custody.refuse(row, by=dispatcher, reason="Wir auch nicht.")
    assert triage.accept(row, by=dispatcher).returned == ""


def test_only_those_who_have_it_may_refuse(
    report: Report, outsider: User, make_user: Make, town: Municipality
) -> None:
    for user in (outsider, make_user("lesend", town.fallback_department, "read_only")):
        with pytest.raises(work.NotAllowed):
            custody.refuse(report, by=user, reason="Nein.")


def test_unopened_for_two_working_days_it_falls_back(
    report: Report, dispatcher: User, make_report: Make
) -> None:
    friday = MONDAY - dt.timedelta(days=3)
    Report.objects.filter(pk=report.pk).update(handed_at=friday)
    fresh = make_report()
    Report.objects.filter(pk=fresh.pk).update(handed_at=MONDAY)
    saturday, tuesday = friday + dt.timedelta(days=1), MONDAY + dt.timedelta(days=1)
    assert custody.fall_back(now=saturday) == custody.fall_back(now=tuesday) == 0
    assert custody.fall_back(now=tuesday + dt.timedelta(days=1)) == 1
    assert custody.fall_back(now=tuesday + dt.timedelta(days=1)) == 0
    assert sent_back(dispatcher) == [report.code]
    letter = Letter.objects.get(kind="unopened")
    assert report.shown_code in letter.text
    assert fresh.shown_code not in letter.text


def test_whoever_of_the_department_looks_stops_the_clock(
    report: Report, caseworker: User, dispatcher: User, client: Client
) -> None:
    Report.objects.filter(pk=report.pk).update(handed_at=MONDAY)
    client.force_login(dispatcher)  # not of this department
    client.get(f"/amt/meldung/{report.code}")
    report.refresh_from_db()
    assert report.opened_at is None
    client.force_login(caseworker)
    client.get(f"/amt/meldung/{report.code}")
    assert custody.fall_back(now=MONDAY + dt.timedelta(days=9)) == 0


@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("prioritaet", {"priority": "3"}),
        ("zieltermin", {"due_on": "2099-01-01", "reason": "x"}),
        ("zieltermin", {"due_on": "morgen", "reason": "x"}),
        ("zurueckweisung", {"reason": "Nicht unseres."}),
        ("zurueckweisung", {"reason": ""}),
    ],
)
def test_the_forms_take_and_refuse(
    client: Client, report: Report, caseworker: User, slug: str, fields: dict[str, str]
) -> None:
    client.force_login(caseworker)
    page = f"/amt/meldung/{report.code}/{slug}"
    assert client.get(page).status_code == 200
    is_right = "2099-01-01" not in fields.values() and "morgen" not in fields.values()
    is_right &= fields.get("reason") != ""
    assert client.post(page, fields).status_code == (303 if is_right else 422)


# ── Forwarding ───────────────────────────────────────────────────────────────────────────────
def test_the_reporter_is_passed_on_only_where_it_is_wished_and_allowed(
    report: Report, dispatcher: User, make_department: Make, make_user: Make, town: Municipality
) -> None:
    depot = make_department("Bauhof", serves=[town])
    crew = make_user("trupp", report.department, "field_crew")
    with pytest.raises(work.NotAllowed):
        triage.forward(report, by=crew, department=depot, with_contact=True)
    row = triage.forward(report, by=dispatcher, department=depot, with_contact=True)
    assert "uta@example.org" in Letter.objects.get(kind=WITH_CONTACT).text
    assert row.events.filter(kind="unveiled", facts__to="Bauhof").exists()


def test_the_clock_goes_on_unless_it_is_set_anew(
    report: Report, dispatcher: User, make_department: Make, town: Municipality
) -> None:
    Report.objects.filter(pk=report.pk).update(due_on=dt.date(2026, 1, 5), opened_at=MONDAY)
    depot, green = (make_department(name, serves=[town]) for name in ("Bauhof", "Grün"))
    row = triage.forward(report, by=dispatcher, department=depot)
    assert (row.due_on, row.opened_at) == (dt.date(2026, 1, 5), None)
    row = triage.forward(row, by=dispatcher, department=green, clock_anew=True)
    assert row.due_on is not None
    assert row.due_on > timezone.localdate()


def test_a_body_without_an_account_is_not_sent_to_our_desk(
    report: Report, dispatcher: User, make_department: Make, town: Municipality
) -> None:
    state = make_department("Hessen Mobil", serves=[town], kind=DepartmentKind.OUTSIDE)
    report.describe("Ruf Uta an: 0171 2345678")
    report.save()
    Report.objects.filter(pk=report.pk).update(is_public=True)
    triage.forward(report, by=dispatcher, department=state)
    letter = Letter.objects.get(kind="forwarded")
    assert "/amt/" not in letter.text
    assert f"/meldung/{report.code}" in letter.text
    assert "2345678" not in letter.text
    assert "antworten Sie bitte auf diese E-Mail" in letter.text
    assert "Ort: Bensheim" in letter.text


def test_what_leaves_can_be_read_before(
    client: Client, report: Report, caseworker: User, make_department: Make, town: Municipality
) -> None:
    depot = make_department("Bauhof", serves=[town])
    client.force_login(caseworker)
    fields = {"department": str(depot.pk), "vorschau": "1"}
    page = client.post(f"/amt/meldung/{report.code}/weiterleitung", fields).content.decode()
    assert depot.email in page
    assert "uta@example.org" not in page
    assert not Letter.objects.filter(kind="forwarded").exists()


def test_one_press_assigns_it_to_me(client: Client, report: Report, caseworker: User) -> None:
    client.force_login(caseworker)
    client.post(f"/amt/meldung/{report.code}/zuweisung", {"to": "", "mir": "1"})
    report.refresh_from_db()
    assert report.assignee == caseworker
