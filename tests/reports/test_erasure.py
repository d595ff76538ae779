"""What is forgotten when, and what stays."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from reports.deeds import alarms
from reports.models import Contact, Erasure, Event, Photo, Report, Submission
from reports.personal import erasure, retention
from reports.receiving import intake
from reports.workflow import Status
from tests.townhall.pictures import corners, encoded
from townhall.models import Image, Letter, User
from townhall.photos import stage

pytestmark = pytest.mark.django_db
TODAY = dt.date(2031, 5, 20)
NOW = dt.datetime(2031, 5, 20, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
Make = Callable[..., Report]


def due(deed: str, on: dt.date = TODAY) -> dict[str, Any]:
    """A finished report whose time for `deed` ends on a day."""
    return {"status": Status.DONE, "closed_at": NOW - 100 * DAY, "received_at": NOW - 200 * DAY} | {
        deed: on
    }


def photo() -> uuid.UUID:
    return stage(uuid.uuid4(), BytesIO(encoded(corners()))).pk


# ── Out of public view ───────────────────────────────────────────────────────────────────────
def test_a_finished_report_leaves_the_public_on_its_day(
    make_report: Make, django_capture_on_commit_callbacks: Any
) -> None:
    report = make_report(**due("depublish_on"), is_public=True)
    assert not erasure.depublish(report.pk, today=TODAY - DAY)
    assert erasure.depublish(report.pk, today=TODAY)
    after = Report.objects.get(pk=report.pk)
    assert (after.is_public, after.version) == (False, report.version + 1)
    event = Event.objects.get(report=report, kind="depublished")
    assert (event.was_public, event.visibility, event.actor) == (True, "internal", None)
    assert event.tiles


def test_forgetting_twice_is_forgetting_once(make_report: Make) -> None:
    report = make_report(**due("depublish_on"), is_public=True)
    runs = [erasure.run(today=TODAY, now=NOW) for _ in range(2)]
    assert [run.depublished for run in runs] == [1, 0]
    assert Event.objects.filter(report=report, kind="depublished").count() == 1


def test_open_pages_hear_that_it_is_gone(
    make_report: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Any] = []
    monkeypatch.setattr("reports.live.ring", lambda *rings: rung.extend(rings))
    report = make_report(**due("depublish_on"), is_public=True)
    rung.clear()
    erasure.depublish(report.pk, today=TODAY)
    messages = {ring.message["kind"]: ring.topics for ring in rung}
    assert f"report:{report.code}" in messages["gone"]


# ── Contact ──────────────────────────────────────────────────────────────────────────────────
def test_the_reporter_is_forgotten_also_in_letters(make_report: Make) -> None:
    report = make_report(**due("erase_contact_on"), email="erika@example.org", name="Erika Muster")
    Letter.objects.update(state="sent")
    assert erasure.erase_contact(report.pk, today=TODAY - DAY) is None
    assert erasure.erase_contact(report.pk, today=TODAY) == 1
    assert not Contact.objects.exists()
    letter = Letter.objects.get(about=f"report:{report.code}", kind="receipt")
    assert (letter.to, letter.text, letter.subject, letter.state) == ("", "", "", "sent")
    assert "erika" not in letter.key
    assert Report.objects.get(pk=report.pk).description == report.description


def test_what_was_written_to_the_office_stays_with_the_case(
    make_report: Make, dispatcher: User
) -> None:
    report = make_report(email="erika@example.org")
    alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
    Report.objects.update(**due("erase_contact_on"))
    erasure.erase_contact(report.pk, today=TODAY)
    assert Letter.objects.get(kind="hazard_alarm").text


def test_a_letter_that_still_waits_for_a_forgotten_reader_is_not_sent(make_report: Make) -> None:
    report = make_report(**due("erase_contact_on"), email="erika@example.org")
    erasure.erase_contact(report.pk, today=TODAY)
    assert not Letter.objects.filter(to="", state="waiting").exists()


def test_a_reopened_report_keeps_its_reporter(make_report: Make) -> None:
    open_again = {"status": Status.NEW, "closed_at": None, "email": "erika@example.org"}
    report = make_report(**due("erase_contact_on") | open_again)
    assert erasure.erase_contact(report.pk, today=TODAY) is None
    late = timezone.localdate(report.received_at) + retention.CONTACT_AT_MOST
    assert erasure.erase_contact(report.pk, today=late - DAY) is None
    assert erasure.erase_contact(report.pk, today=late) == 1


# ── The report ───────────────────────────────────────────────────────────────────────────────
def test_an_erased_report_leaves_only_its_number_behind(
    make_report: Make, make_draft: Callable[..., intake.Draft], settings: Any
) -> None:
    draft = make_draft(email="erika@example.org", photo_ids=(photo(),))
    report = intake.submit(draft).report
    image = Image.objects.get()
    Report.objects.update(**due("erase_on"))
    Image.objects.update(created_at=NOW - 200 * DAY)
    proof = erasure.run(today=TODAY, now=NOW)
    assert (proof.reports, proof.images, proof.letters) == (1, 1, 1)
    for model in (Report, Event, Photo, Image, Contact):
        assert not model._default_manager.exists()
    assert not default_storage.exists(f"{image.folder}/full.webp")
    assert not Letter.objects.exclude(to="").exists()
    assert Submission.objects.get().code == report.code


def test_a_late_repeat_of_an_erased_report_is_told_so(client: Client, make_draft: Any) -> None:
    draft = make_draft()
    report = intake.submit(draft).report
    Report.objects.update(**due("erase_on"))
    erasure.erase(report.pk, today=TODAY)
    with pytest.raises(intake.Erased):
        intake.submit(draft)


def test_an_open_report_is_not_erased_for_having_been_closed_once(make_report: Make) -> None:
    report = make_report(**due("erase_on") | {"status": Status.IN_PROGRESS, "closed_at": None})
    assert erasure.erase(report.pk, today=TODAY) is None
    assert erasure.erase(report.pk, today=TODAY + retention.REPORT_AT_MOST) is not None


def test_reports_that_others_point_to_can_be_erased(make_report: Make) -> None:
    main = make_report(**due("erase_on"))
    other = make_report(status=Status.DUPLICATE, closed_at=NOW, duplicate_of=main)
    assert erasure.erase(main.pk, today=TODAY) == (0, 0)
    assert Report.objects.get(pk=other.pk).duplicate_of is None


# ── The run ──────────────────────────────────────────────────────────────────────────────────
def test_a_run_reaches_every_report_beyond_one_batch(
    make_report: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "BATCH", 2)
    for _ in range(5):
        make_report(**due("erase_on"))
    kept = make_report()
    assert erasure.run(today=TODAY, now=NOW).reports == 5
    assert list(Report.objects.all()) == [kept]


def test_a_run_that_was_cut_off_has_told_how_far_it_came(
    make_report: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_report(**due("depublish_on"), is_public=True)

    def cut(**_: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(erasure, "sweep", cut)
    with pytest.raises(KeyboardInterrupt):
        erasure.run(today=TODAY, now=NOW)
    proof = Erasure.objects.get()
    assert (proof.finished_at, proof.depublished) == (None, 1)


def test_a_preview_counts_and_names_nobody(make_report: Make) -> None:
    today = timezone.localdate()
    report = make_report(
        **due("erase_contact_on", today - DAY) | {"received_at": timezone.now() - 200 * DAY},
        email="erika@example.org",
    )
    make_report(**due("depublish_on", today + 3 * DAY), is_public=True)
    out = StringIO()
    call_command("retention", "--preview", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[2].split() == ["erase", "contact", "1", str(today - DAY), "+0"]
    assert lines[1].split() == ["depublish", "0", "–", "+1"]
    assert report.code not in out.getvalue()
    assert "erika" not in out.getvalue()
    assert Contact.objects.count() == 1


def test_the_command_does_it_and_the_preview_shows_the_proof(make_report: Make) -> None:
    make_report(**due("depublish_on", timezone.localdate()), is_public=True)
    call_command("retention", "--run", stdout=StringIO())
    out = StringIO()
    call_command("retention", stdout=out)
    assert "1 depublished, 0 contacts" in out.getvalue()


def test_the_worker_knows_the_nightly_job() -> None:
    tasks = [str(task.cron) for task in app.periodic_registry.periodic_tasks.values()
             if task.task.name == "retention"]  # fmt: skip
    assert tasks == ["47 2 * * *"]
