"""The clock of a report: it stands still for the reporter, and comes back when staff want it to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from reports.deeds import answering, planning, triage
from reports.deeds.answering import Via
from reports.deeds.work import NotAllowed
from reports.desk.lists import VIEWS
from reports.desk.rows import deadline_of
from reports.letters import digest
from reports.models import EventKind, Report
from reports.workflow import IllegalMove, Status
from townhall.calendar import Calendar
from townhall.models import Department, Letter, User

pytestmark = pytest.mark.django_db
THURSDAY = dt.date(2026, 11, 19)


def at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))


def waiting(report: Report, since: dt.date, due_on: dt.date) -> Report:
    report.waiting_since, report.due_on = at(since), due_on
    report.save()
    return report


# ── Waiting for the reporter ─────────────────────────────────────────────────────────────────
def test_the_days_that_we_waited_are_added(make_report: Any) -> None:
    report = waiting(make_report(), THURSDAY, dt.date(2026, 11, 24))
    answering.end_waiting(report, now=at(dt.date(2026, 11, 24)))  # Friday, Monday, Tuesday
    assert report.due_on == dt.date(2026, 11, 27)
    assert report.waiting_since is None


def test_an_answer_on_the_same_day_moves_nothing(make_report: Any) -> None:
    report = waiting(make_report(), THURSDAY, dt.date(2026, 11, 24))
    answering.end_waiting(report, now=at(THURSDAY))
    assert report.due_on == dt.date(2026, 11, 24)


def test_what_was_overdue_when_we_asked_stays_so(make_report: Any) -> None:
    report = waiting(make_report(), THURSDAY, dt.date(2026, 11, 10))
    answering.end_waiting(report, now=at(dt.date(2026, 12, 1)))
    assert report.due_on == dt.date(2026, 11, 10)


def test_while_we_wait_nothing_is_overdue(make_report: Any, dispatcher: User) -> None:
    report = waiting(make_report(), THURSDAY, dt.date(2026, 11, 10))
    today = dt.date(2026, 11, 20)
    shown = deadline_of(report, calendar=Calendar.of(report.municipality), today=today)
    assert shown is not None
    assert shown.words == "ruht: wartet auf Melder"
    overdue = VIEWS["ueberfaellig"].condition(dispatcher, today)
    assert not Report.objects.filter(overdue).exists()


def test_closing_ends_the_waiting(make_report: Any, caseworker: User) -> None:
    report = make_report()
    answering.ask(report, "Welche Laterne?", by=caseworker, via=Via.PHONE)
    triage.set_status(report, Status.DONE, by=caseworker)
    report.refresh_from_db()
    assert report.waiting_since is None


# ── Wiedervorlage ────────────────────────────────────────────────────────────────────────────
def test_it_comes_back_on_its_day_and_not_before(make_report: Any, caseworker: User) -> None:
    day = timezone.localdate() + dt.timedelta(days=3)
    planning.resubmit(make_report(), day, by=caseworker, text="Material da?")
    view = VIEWS["wiedervorlage"]
    before = view.condition(caseworker, day - dt.timedelta(days=1))
    assert not Report.objects.filter(before).exists()
    report = Report.objects.get(view.condition(caseworker, day))
    event = report.events.get(kind=EventKind.RESUBMITTED)
    assert (event.text, event.visibility) == ("Material da?", "internal")


def test_it_can_be_lifted_and_ends_with_the_report(make_report: Any, caseworker: User) -> None:
    day = timezone.localdate() + dt.timedelta(days=3)
    report = make_report()
    planning.resubmit(report, day, by=caseworker)
    planning.resubmit(report, None, by=caseworker)
    report.refresh_from_db()
    assert report.resubmit_on is None
    planning.resubmit(report, day, by=caseworker)
    triage.set_status(report, Status.DONE, by=caseworker)
    report.refresh_from_db()
    assert report.resubmit_on is None
    with pytest.raises(IllegalMove):
        planning.resubmit(report, day, by=caseworker)


def test_others_may_not(make_report: Any, outsider: User) -> None:
    with pytest.raises(NotAllowed):
        planning.resubmit(make_report(), timezone.localdate(), by=outsider)


def test_a_day_gone_by_is_told(client: Any, make_report: Any, caseworker: User) -> None:
    report = make_report()
    client.force_login(caseworker)
    for day in ("2020-01-01", "31.02.2026", "2999-01-01"):
        answer = client.post(f"/amt/meldung/{report.code}/wiedervorlage", {"on": day})
        assert answer.status_code == 422


# ── The morning letter ───────────────────────────────────────────────────────────────────────
@pytest.fixture
def reader(make_report: Any) -> Department:
    department: Department = make_report().department
    Department.objects.filter(pk=department.pk).update(
        mails_digest=True, email="tiefbau@example.org"
    )
    department.serves.add(Report.objects.get().municipality)
    department.refresh_from_db()
    return department


def test_a_department_hears_once_each_working_day_what_waits(reader: Department) -> None:
    assert digest.send_digests(THURSDAY) == 1
    digest.send_digests(THURSDAY)
    letter = Letter.objects.get(kind="digest")
    assert letter.to == "tiefbau@example.org"
    assert "1 neue Meldung" in letter.text
    assert "/amt" in letter.text


def test_on_sundays_and_without_work_nobody_is_written_to(reader: Department) -> None:
    assert digest.send_digests(dt.date(2026, 11, 22)) == 0
    Report.objects.update(status=Status.DONE, closed_at=timezone.now())
    assert digest.send_digests(THURSDAY) == 0


def test_nobody_hears_who_does_not_want_to(reader: Department) -> None:
    Department.objects.update(mails_digest=False)
    assert digest.send_digests(THURSDAY) == 0


def test_the_morning_letter_names_no_words_of_residents(
    reader: Department, make_report: Any
) -> None:
    make_report(description="Frau Geheimnis wohnt hier", email="geheim@example.org")
    digest.send_digests(THURSDAY)
    letter = Letter.objects.get(kind="digest")
    assert "Geheimnis" not in letter.text + letter.subject
    assert "geheim@" not in letter.text
