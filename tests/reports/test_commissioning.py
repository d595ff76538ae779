"""Tasks for outside bodies and contractors: by a link, one report, never its reporter."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.deeds import commissioning, work
from reports.deeds.commissioning import Task, Word
from reports.desk.case import case_of
from reports.models import Commission, CommissionLink, Event, Photo, Remark, Report, TaskOutcome
from reports.personal import erasure, outsiders, retention
from reports.workflow import IllegalMove
from tests.reports.test_remark_pages import picture
from townhall.mailboxes import Mailbox
from townhall.models import Department, DepartmentKind, Letter, Municipality, User

Make = Callable[..., Any]
TASK = Task("Firma Licht", "licht@example.org", "Bitte den Mast richten.")


@pytest.fixture
def report(caseworker: User, make_report: Make) -> Report:
    made: Report = make_report(email="uta@example.org", name="Uta Geheim")
    return made


@pytest.fixture
def token(report: Report, caseworker: User) -> str:
    commissioning.give(report, TASK, by=caseworker)
    return mailed()


def mailed() -> str:
    """The token in the newest mail with a task."""
    letter = Letter.objects.filter(kind="task").latest("created_at")
    assert letter.to == "licht@example.org"
    return letter.text.partition("/auftrag/")[2].partition("\n")[0]


def send(client: Client, token: str, step: str, **fields: Any) -> Any:
    fields = {"client_id": uuid.uuid4(), "schritt": step, **fields}
    return client.post(f"/auftrag/{token}", fields)


def look_at(client: Client, address: str) -> int:
    """The status of a photo; the file is read to its end."""
    answer: Any = client.get(address)
    assert b"".join(answer.streaming_content)
    return int(answer.status_code)


def kinds(report: Report) -> list[str]:
    told = report.events.filter(kind__startswith="task").order_by("pk")
    return list(told.values_list("kind", flat=True))


# ── What it shows ────────────────────────────────────────────────────────────────────────────
def test_the_link_opens_one_report_and_tells_nothing_of_its_reporter(
    report: Report, token: str, client: Client
) -> None:
    Report.objects.filter(pk=report.pk).update(
        is_public=True, is_text_public=True, description="Von Uta", masked_text="Von •••"
    )
    answer = client.get(f"/auftrag/{token}")
    page = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("Bitte den Mast richten.", report.shown_code, "Von •••"):
        assert shown in page
    for secret in ("uta@", "Uta", "Geheim", "/amt/meldung"):
        assert secret not in page
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert not CommissionLink.objects.filter(digest=token).exists()
    letter = Letter.objects.get(kind="task")
    assert "uta" not in letter.text.lower()


def test_photos_are_seen_when_released_or_handed_over(
    report: Report, caseworker: User, dispatcher: User, client: Client, token: str
) -> None:
    send(client, token, "nachricht", text="Mit Bild.", photo=picture())
    remark = Remark.objects.get(kind="task")
    photo = Photo.objects.get(remark=remark)
    address = f"/auftrag/{token}/foto/{photo.image_id}/thumb"
    assert client.get(address).status_code == 404
    Photo.objects.update(remark=None)
    commissioning.give(
        report,
        Task("Firma Licht", "licht@example.org", "Noch etwas.", photos=[photo.pk]),
        by=caseworker,
    )
    assert client.get(address).status_code == 404
    assert look_at(client, address.replace(token, mailed())) == 200
    Report.objects.update(is_public=True)
    Photo.objects.update(is_released=True)
    assert look_at(client, address) == 200


def test_photos_that_come_back_wait_for_staff(
    report: Report, token: str, client: Client, dispatcher: User
) -> None:
    send(client, token, "erledigt", text="Mast steht.", photo=picture())
    photo = Photo.objects.get()
    assert not photo.is_released
    client.force_login(dispatcher)
    page = client.get(f"/amt/meldung/{report.code}").content.decode()
    assert "Firma Licht" in page
    address = f"/amt/meldung/{report.code}/rueckmeldung/{Remark.objects.get().pk}"
    client.post(address, {"entscheidung": "zeigen", "text": "", "photos": photo.pk})
    photo.refresh_from_db()
    assert photo.is_released


# ── Opening and answering ────────────────────────────────────────────────────────────────────
def test_a_scanners_look_does_nothing_but_open_it(
    report: Report, token: str, client: Client
) -> None:
    client.head(f"/auftrag/{token}")
    assert kinds(report) == ["task_given"]
    client.get(f"/auftrag/{token}")
    client.get(f"/auftrag/{token}?schritt=erledigt")
    assert kinds(report) == ["task_given", "task_opened"]
    assert Commission.objects.get().is_open


def test_what_is_sent_twice_is_taken_once(report: Report, token: str, client: Client) -> None:
    same = uuid.uuid4()
    for _again in range(2):
        sent = send(client, token, "nachricht", client_id=same, text="Welcher Mast?")
        assert sent.status_code == 303
    assert send(client, token, "nachricht", client_id=same, text="Anders.").status_code == 409
    assert kinds(report) == ["task_given", "task_said"]
    event = Event.objects.get(kind="task_said")
    assert (event.visibility, event.text) == ("internal", "Welcher Mast?")
    assert send(client, token, "erledigt", text="Steht.").status_code == 303
    assert send(client, token, "nicht-zustaendig", text="Doch nicht.").status_code == 303
    assert Commission.objects.get().outcome == "done"


def test_done_without_a_word_or_photo_is_asked_once(token: str, client: Client) -> None:
    asked = send(client, token, "erledigt")
    assert "Wirklich erledigt?" in asked.content.decode()
    assert Commission.objects.get().is_open
    assert send(client, token, "erledigt", sicher="1").status_code == 303
    assert Commission.objects.get().outcome == "done"


def test_who_is_not_responsible_says_why(report: Report, token: str, client: Client) -> None:
    assert send(client, token, "nicht-zustaendig").status_code == 422
    assert send(client, token, "nachricht").status_code == 422
    assert send(client, token, "erledigt", client_id="nonsense").status_code == 422
    said = send(client, token, "nicht-zustaendig", text="Das ist Sache der Bahn.")
    assert said.status_code == 303
    assert Commission.objects.get().answer == "Das ist Sache der Bahn."
    report.refresh_from_db()
    assert report.status == "new"


def test_no_other_site_answers_for_them(token: str, client: Client) -> None:
    fields = {"schritt": "erledigt", "client_id": uuid.uuid4()}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(f"/auftrag/{token}", fields, headers=headers).status_code == 403
    assert Commission.objects.get().is_open


# ── Too late ─────────────────────────────────────────────────────────────────────────────────
def test_an_old_link_sends_a_new_one_to_the_same_address_and_no_more(
    report: Report, token: str, client: Client
) -> None:
    CommissionLink.objects.update(expires_at=timezone.now())
    gone = client.get(f"/auftrag/{token}")
    assert gone.status_code == 410
    assert "Bitte den Mast" not in gone.content.decode()
    assert send(client, token, "erledigt").status_code == 410
    assert send(client, token, "neuer-link").status_code == 200
    assert client.get(f"/auftrag/{token}").status_code == 410
    assert client.get(f"/auftrag/{mailed()}").status_code == 200
    answers = [send(client, token, "neuer-link").status_code for _n in range(3)]
    assert answers == [200, 200, 429]


def test_nonsense_and_an_ended_task_open_nothing(
    report: Report, token: str, client: Client, caseworker: User, outsider: User
) -> None:
    assert client.get("/auftrag/nonsense").status_code == 404
    assert send(client, "nonsense", "neuer-link").status_code == 404
    with pytest.raises(work.NotAllowed):
        commissioning.end(Commission.objects.get(), by=outsider)
    client.force_login(caseworker)
    ended = client.post(f"/amt/meldung/{report.code}/auftrag/{Commission.objects.get().pk}/ende")
    assert ended.status_code == 303
    for answer in (
        client.get(f"/auftrag/{token}"),
        send(client, token, "erledigt"),
        send(client, token, "neuer-link"),
    ):
        assert answer.status_code == 410
    assert kinds(report) == ["task_given", "task_ended"]


# ── The desk ─────────────────────────────────────────────────────────────────────────────────
def test_the_form_mails_a_task_to_an_address_known_from_before(
    report: Report, token: str, caseworker: User, client: Client
) -> None:
    client.force_login(caseworker)
    page = f"/amt/meldung/{report.code}/auftrag"
    assert "licht@example.org" in client.get(page).content.decode()
    unknown = {"email": "neu@example.org", "text": "Bitte prüfen."}
    assert client.post(page, unknown).status_code == 422
    day = timezone.localdate() + dt.timedelta(days=3)
    fields = {"email": "licht@example.org", "text": "Bitte noch einmal.", "due_on": day}
    assert client.post(page, fields).status_code == 303
    made = Commission.objects.latest("pk")
    assert (made.name, made.due_on) == ("Firma Licht", day)
    assert report.shown_code in client.get("/amt?ansicht=auftraege").content.decode()


def test_only_who_works_on_an_open_report_gives_tasks(
    report: Report, caseworker: User, outsider: User
) -> None:
    with pytest.raises(work.NotAllowed):
        commissioning.give(report, TASK, by=outsider)
    Report.objects.update(status="done")
    with pytest.raises(IllegalMove):
        commissioning.give(report, TASK, by=caseworker)
    assert not Letter.objects.filter(kind="task").exists()


# ── Forgotten in time, and on wish ───────────────────────────────────────────────────────────
TODAY = timezone.localdate() + dt.timedelta(days=90)


def close(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(status="done", closed_at=timezone.now())


def test_who_had_a_task_is_forgotten_three_months_after_the_report_was_closed(
    report: Report, token: str, client: Client
) -> None:
    commissioning.say(token, Word(uuid.uuid4(), outcome=TaskOutcome.DONE))
    close(report)
    assert erasure.run(today=TODAY - dt.timedelta(days=1)).outsiders == 0
    waits = {line.deed: line for line in erasure.forecast(today=TODAY, until=TODAY)}
    assert waits["erase outsider"].due == 1
    proof = erasure.run(today=TODAY)
    assert proof.outsiders == 1
    assert proof.letters
    task = Commission.objects.get()
    assert (task.name, task.email, task.outcome) == ("", "", "done")
    assert not CommissionLink.objects.exists()
    letters = Letter.objects.filter(about=f"report:{report.code}")
    assert not letters.filter(to="licht@example.org").exists()
    assert "Firma Licht" not in str(list(report.events.values_list("facts", "text")))
    assert client.get(f"/auftrag/{token}").status_code == 404
    assert commissioning.known_bodies(report) == []
    assert erasure.run(today=TODAY).outsiders == 0


def test_a_task_of_an_open_report_keeps_its_address_for_two_years(
    report: Report, token: str
) -> None:
    late = timezone.localdate() + retention.TASK_CONTACT_AT_MOST
    assert erasure.run(today=late - dt.timedelta(days=1)).outsiders == 0
    assert erasure.run(today=late).outsiders == 1


def test_the_office_of_an_outside_body_keeps_its_name(
    report: Report, token: str, town: Municipality
) -> None:
    office = Department.objects.create(
        name="Firma Licht", slug="licht", kind=DepartmentKind.OUTSIDE
    )
    office.serves.add(town)
    close(report)
    erasure.run(today=TODAY)
    assert Commission.objects.get().name == "Firma Licht"


def test_who_had_a_task_gets_a_copy_and_is_forgotten_on_wish(
    report: Report, caseworker: User, token: str
) -> None:
    mailbox = Mailbox.of("Licht@example.org")
    tasks = outsiders.Tasks()
    assert tasks.known(mailbox) and tasks.known(Mailbox.of("uta@example.org")) is None
    commissioning.say(token, Word(uuid.uuid4(), "Ist gerichtet."))
    (sheet,) = tasks.copy(mailbox)
    (record,) = sheet.records
    assert (record["text"], record["name"]) == ("Bitte den Mast richten.", "Firma Licht")
    assert [each["text"] for each in record["timeline"]] == ["Ist gerichtet."]
    assert tasks.forget(mailbox) == 1
    assert tasks.known(mailbox) is None
    assert Commission.objects.get().outcome == "ended"
    assert kinds(report)[-1] == "task_ended"
    (told,) = [
        e
        for e in case_of(report.code, caseworker, today=TODAY).events
        if e.text == "Ist gerichtet."
    ]
    assert told.outsider == "jemand außerhalb"  # type: ignore[attr-defined]
