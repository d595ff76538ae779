"""Ten seconds to take a deed back, and nothing of it leaves the house meanwhile."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from reports.deeds import alarms, remembering, triage, undo
from reports.deeds.undo import TooLateToUndo, Why
from reports.letters import news
from reports.models import Event, Follower, Report, Undo
from reports.receiving import intake
from reports.workflow import Status
from townhall import letters
from townhall.capabilities import token_for
from townhall.letters import NotYet
from townhall.models import Letter, LetterState, User

Make = Callable[..., Any]


@pytest.fixture
def report(make_draft: Make) -> Report:
    """Of a resident who confirmed an address, so that deeds write letters."""
    draft = make_draft(email="uta@example.org")
    found = intake.submit(draft).report
    intake.confirm(token_for("confirm", draft.client_id))
    found.refresh_from_db()
    return found


def last(user: User) -> UUID:
    return Undo.objects.filter(user=user).latest("pk").batch


def columns(report: Report) -> dict[str, Any]:
    row = Report.objects.values().get(pk=report.pk)
    return {name: value for name, value in row.items() if name not in {"version", "changed_at"}}


def follow(report: Report) -> None:
    now = timezone.now()
    Follower.objects.create(
        client_id=uuid4(),
        report=report,
        email="ali@example.org",
        asked_at=now,
        confirm_digest="x",
        confirm_expires_at=now,
        confirmed_at=now,
    )


def expire(seconds: float = 11) -> None:
    """As if so much time had gone by."""
    ago = timezone.now() - dt.timedelta(seconds=seconds)
    Undo.objects.update(until=ago)
    Letter.objects.filter(not_before__isnull=False).update(not_before=ago)


@pytest.mark.parametrize(
    "deed",
    [
        lambda r, by: triage.accept(r, by=by),
        lambda r, by: triage.set_status(r, Status.DONE, by=by, text="Repariert."),
        lambda r, by: triage.reject(r, by=by, reason="Gehört der Bahn."),
        lambda r, by: triage.forward(r, by=by, outside="Hessen Mobil"),
        lambda r, by: triage.note(r, by=by, text="Ortstermin am Montag."),
        lambda r, by: triage.assign(r, by=by, to=by),
    ],
)
def test_taking_back_leaves_the_report_as_it_was(
    report: Report, dispatcher: User, deed: Callable[[Report, User], object]
) -> None:
    before = columns(report)
    deed(report, dispatcher)
    undo.take_back(last(dispatcher), by=dispatcher)
    assert columns(report) == before
    assert not Letter.objects.filter(kind="status", state=LetterState.WAITING).exists()
    assert Event.objects.filter(report=report).last().kind == "undone"  # type: ignore[union-attr]


def test_the_public_never_reads_what_was_taken_back(
    report: Report, dispatcher: User, client: Client
) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher, text="Das war die falsche Meldung.")
    undo.take_back(last(dispatcher), by=dispatcher)
    assert not report.events.public().filter(kind__in=["status", "undone"]).exists()
    page = client.get(f"/meldung/{report.code}").content.decode()
    assert "falsche Meldung" not in page


def test_a_letter_of_the_desk_waits_ten_seconds(report: Report, dispatcher: User) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher, text="Repariert.")
    letter = Letter.objects.get(kind="status")
    assert letter.not_before and 9 < (letter.not_before - letter.created_at).total_seconds() < 11
    with pytest.raises(NotYet):
        letters.send(letter.pk)
    expire()
    letters.send(letter.pk)
    letter.refresh_from_db()
    assert letter.state != LetterState.WAITING


def test_its_job_is_not_begun_earlier(report: Report, dispatcher: User) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher, text="Repariert.")
    letter = Letter.objects.get(kind="status")
    with connection.cursor() as sql:
        sql.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE args->>'letter_id' = %s",
            [str(letter.pk)],
        )
        assert sql.fetchone() == (letter.not_before,)


def test_after_ten_seconds_it_is_too_late(report: Report, dispatcher: User) -> None:
    triage.accept(report, by=dispatcher)
    expire()
    with pytest.raises(TooLateToUndo) as late:
        undo.take_back(last(dispatcher), by=dispatcher)
    assert late.value.why == Why.EXPIRED
    report.refresh_from_db()
    assert report.status == Status.IN_PROGRESS


def test_taking_back_twice_is_taking_back_once(report: Report, dispatcher: User) -> None:
    triage.accept(report, by=dispatcher)
    for _again in range(2):
        undo.take_back(last(dispatcher), by=dispatcher)
    report.refresh_from_db()
    assert (report.status, report.events.filter(kind="undone").count()) == (Status.NEW, 1)


def test_nobody_takes_back_what_a_colleague_built_on(
    caseworker: User, report: Report, dispatcher: User
) -> None:
    triage.accept(report, by=dispatcher)
    triage.note(report, by=caseworker, text="Material ist bestellt.")
    with pytest.raises(TooLateToUndo) as late:
        undo.take_back(last(dispatcher), by=dispatcher)
    assert late.value.why == Why.CHANGED


def test_others_cannot_take_it_back(report: Report, dispatcher: User, caseworker: User) -> None:
    triage.accept(report, by=dispatcher)
    with pytest.raises(Undo.DoesNotExist):
        undo.take_back(last(dispatcher), by=caseworker)


def test_a_letter_that_is_just_leaving_keeps_the_deed(report: Report, dispatcher: User) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher, text="Repariert.")
    Letter.objects.filter(kind="status").update(attempts=1)  # a worker talks to the mail server
    with pytest.raises(TooLateToUndo) as late:
        undo.take_back(last(dispatcher), by=dispatcher)
    assert late.value.why == Why.LEFT
    report.refresh_from_db()
    assert report.status == Status.DONE


def test_a_letter_called_back_is_not_sent(report: Report, dispatcher: User) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher, text="Repariert.")
    undo.take_back(last(dispatcher), by=dispatcher)
    expire()
    letter = Letter.objects.get(kind="status")
    letters.send(letter.pk)
    letter.refresh_from_db()
    assert letter.state == LetterState.WITHDRAWN


def test_followers_hear_nothing_of_it(report: Report, dispatcher: User) -> None:
    Report.objects.filter(pk=report.pk).update(is_public=True)
    follow(report)
    triage.set_status(report, Status.DONE, by=dispatcher, text="Repariert.")
    event = report.events.get(kind="status")
    undo.take_back(last(dispatcher), by=dispatcher)
    assert news.tell(event.pk) == 0


def test_about_a_danger_nothing_waits(report: Report, dispatcher: User) -> None:
    alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
    triage.set_status(report, Status.IN_PROGRESS, by=dispatcher, text="Wir sind unterwegs.")
    assert not Undo.objects.exists()
    assert not Letter.objects.filter(not_before__isnull=False).exists()


def test_what_was_done_with_one_press_is_taken_back_together(
    make_report: Make, dispatcher: User
) -> None:
    reports = [make_report() for _each in range(3)]
    with remembering.as_one(rows=3) as batch:
        for each in reports:
            triage.accept(each, by=dispatcher)
    assert batch.can_be_undone
    undo.take_back(batch.id, by=dispatcher)
    assert set(Report.objects.values_list("status", flat=True)) == {Status.NEW}


def test_one_that_moved_on_keeps_all_of_them(
    make_report: Make, dispatcher: User, caseworker: User
) -> None:
    reports = [make_report() for _each in range(2)]
    with remembering.as_one(rows=2) as batch:
        for each in reports:
            triage.accept(each, by=dispatcher)
    triage.note(reports[1], by=caseworker, text="Ich kümmere mich.")
    with pytest.raises(TooLateToUndo):
        undo.take_back(batch.id, by=dispatcher)
    assert set(Report.objects.values_list("status", flat=True)) == {Status.IN_PROGRESS}


def test_former_values_are_soon_forgotten(report: Report, dispatcher: User) -> None:
    triage.accept(report, by=dispatcher)
    assert remembering.forget() == 0
    expire(3600)
    assert remembering.forget() == 1


def test_the_desk_offers_it_without_scripts(
    report: Report, dispatcher: User, client: Client
) -> None:
    client.force_login(dispatcher)
    page = client.post(f"/amt/meldung/{report.code}/annahme", follow=True).content.decode()
    address = re.search(r'action="(/amt/rueckgaengig/[^"]+)"', page)
    assert address and "Rückgängig" in page
    page = client.post(address[1], follow=True).content.decode()
    assert "Zurückgenommen. Es ist wieder wie vorher." in page
    report.refresh_from_db()
    assert report.status == Status.NEW
    expire()
    page = client.post(address[1], follow=True).content.decode()
    assert "Zurückgenommen. Es ist wieder wie vorher." in page  # twice is once


def test_the_button_says_when_it_was_too_late(
    report: Report, dispatcher: User, outsider: User, client: Client
) -> None:
    triage.accept(report, by=dispatcher)
    expire()
    address = f"/amt/rueckgaengig/{last(dispatcher)}"
    client.force_login(outsider)
    assert client.post(address).status_code in {403, 404}
    client.force_login(dispatcher)
    assert client.get(address).status_code == 405
    assert "zehn Sekunden sind um" in client.post(address, follow=True).content.decode()


def test_many_reports_are_taken_back_together_at_the_desk(
    make_report: Make, dispatcher: User, client: Client
) -> None:
    reports = [make_report() for _each in range(3)]
    client.force_login(dispatcher)
    sent = {
        "codes": [each.code for each in reports],
        "client_id": str(uuid4()),
        "tut": "1",
        "tat": "notiz",
        "notiz-text": "Sturm am Samstag.",
    }
    page = client.get(client.post("/amt/sammeln", sent)["Location"]).content.decode()
    address = re.search(r'action="(/amt/rueckgaengig/[^"]+)"', page)
    assert address
    client.post(address[1])
    assert Event.objects.filter(kind="undone").count() == 3
