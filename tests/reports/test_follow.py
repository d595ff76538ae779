"""Following by mail and by feed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from reports.deeds import publishing, triage
from reports.letters import news
from reports.models import Follower, Report
from reports.personal import erasure, retention
from reports.receiving import intake
from reports.voices import follow
from reports.workflow import Status
from tests.townhall.mailserver import running
from townhall import letters
from townhall.capabilities import token_for
from townhall.models import Letter, LetterState, User

pytestmark = pytest.mark.django_db
Make = Callable[..., Report]
DAY = dt.timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def report(make_report: Make) -> Report:
    return make_report()


def door(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def asked(report: Report, client: Client, email: str = "uta@example.org", **fields: Any) -> Any:
    facts = {"client_id": str(uuid.uuid4()), "email": email} | fields
    return client.post(
        f"/api/v1/reports/{report.code}/follow/", facts, content_type="application/json"
    )


def question() -> str:
    """Path of the link in the last letter that asks."""
    letter = Letter.objects.filter(kind="follow_confirm").order_by("created_at").last()
    assert letter is not None
    (line,) = [line for line in letter.text.splitlines() if "/folgen/" in line]
    return door(line)


@pytest.fixture
def follower(report: Report, client: Client) -> Follower:
    asked(report, client)
    client.post(question())
    return Follower.objects.get()


def done(report: Report, by: User, text: str = "Wir kommen am Montag.") -> None:
    """A public change, and what the worker makes of it."""
    was_done = Report.objects.get(pk=report.pk).status == Status.DONE
    triage.set_status(report, Status.NEW if was_done else Status.DONE, by=by, text=text)
    for event_id in jobs():
        news.tell(event_id)


def jobs() -> list[int]:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT (args->>'event_id')::bigint FROM procrastinate_jobs "
            "WHERE task_name = 'tell_followers' ORDER BY id"
        )
        return [row[0] for row in sql.fetchall()]


def told() -> list[Letter]:
    return list(Letter.objects.filter(kind="follow_news").order_by("created_at"))


# ── Asking and confirming ────────────────────────────────────────────────────────────────────
def test_nobody_is_written_to_before_the_button_is_pressed(
    report: Report, client: Client, dispatcher: User
) -> None:
    assert asked(report, client).status_code == 202
    link = question()
    assert "Ja, folgen" in client.get(link).content.decode()  # a mail scanner's GET
    done(report, dispatcher)
    assert told() == []
    for _ in range(2):
        answer = client.post(link)
        assert (answer.status_code, answer.cookies) == (303, {})
    assert "Sie folgen dieser Meldung" in client.get(link).content.decode()
    done(report, dispatcher)
    assert [letter.to for letter in told()] == ["uta@example.org"]
    assert list(report.events.values_list("kind", flat=True)).count("followed") == 1


def test_one_asking_sends_one_letter(report: Report, client: Client, make_report: Make) -> None:
    mine = str(uuid.uuid4())
    for email in ("uta@example.org", "UTA@example.org"):
        assert asked(report, client, email, client_id=mine).status_code == 202
    assert Letter.objects.filter(kind="follow_confirm").count() == 1
    assert asked(report, client, "ute@example.org", client_id=mine).status_code == 409
    assert asked(make_report(), client, client_id=mine).status_code == 409


def test_nobody_fills_a_strangers_mailbox_with_questions(report: Report, client: Client) -> None:
    answers = {asked(report, client, "opfer@example.org").content for _ in range(6)}
    assert len(answers) == 1
    assert Letter.objects.filter(kind="follow_confirm").count() == 3
    assert client.post(question()).status_code == 303  # its link goes on working


def test_an_address_learns_nothing_about_itself(report: Report, client: Client) -> None:
    first = asked(report, client)
    client.post(question())
    again = asked(report, client, "Uta@Example.org")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Follower.objects.count() == 1
    assert Letter.objects.filter(kind="follow_confirm").count() == 2


@pytest.mark.parametrize("email", ["", "uta", "uta@", "a" * 260 + "@example.org", "u\0@x.de"])
def test_what_is_no_address_is_refused_with_a_sentence(
    report: Report, client: Client, email: str
) -> None:
    assert asked(report, client, email).status_code == 400
    page = f"/meldung/{report.code}/folgen"
    answer = client.post(page, {"client_id": str(uuid.uuid4()), "email": email})
    assert answer.status_code == 422
    assert "Geben Sie eine E-Mail-Adresse ein" in answer.content.decode()
    assert not Letter.objects.exists()


def test_following_works_with_plain_forms(report: Report, client: Client) -> None:
    page = client.get(f"/meldung/{report.code}/folgen")
    form = {"client_id": str(page.context["form"]["client_id"].value()), "email": "uta@web.example"}
    sent = client.post(f"/meldung/{report.code}/folgen", form)
    assert sent.status_code == 303
    assert "uta" not in sent["Location"]
    assert "Wir haben Ihnen geschrieben" in client.get(sent["Location"]).content.decode()


def test_a_link_ends_after_seven_days(report: Report, client: Client) -> None:
    asked(report, client)
    Follower.objects.update(confirm_expires_at=timezone.now())
    assert client.get(question()).status_code == 410
    assert client.post(question()).status_code == 404
    assert Follower.objects.get().confirmed_at is None


# ── Letters ──────────────────────────────────────────────────────────────────────────────────
def test_each_public_change_is_one_letter_whatever_happens_to_the_worker(
    follower: Follower, report: Report, client: Client, dispatcher: User
) -> None:
    done(report, dispatcher, "Verfüllt.")
    for event_id in jobs():  # killed before it could say so, rescued, and run again
        assert news.tell(event_id) == 1
    (letter,) = told()
    assert "Verfüllt." in letter.text
    assert "Lindenweg 4" not in letter.text
    done(report, dispatcher)
    assert len(told()) == 2


def test_what_staff_keep_among_themselves_is_told_to_nobody(
    follower: Follower, report: Report, dispatcher: User
) -> None:
    triage.note(report, by=dispatcher, text="Teuer.")
    triage.assign(report, by=dispatcher, to=dispatcher)
    assert jobs() == []


def test_without_followers_a_deed_leaves_no_job(report: Report, dispatcher: User) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher)
    assert jobs() == []


def test_nothing_is_told_of_what_went_out_of_view(
    follower: Follower, report: Report, dispatcher: User
) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher)
    publishing.publish(report, by=dispatcher, is_public=False)
    for event_id in jobs():
        assert news.tell(event_id) == 0


def test_whoever_reported_it_hears_of_it_once(
    make_draft: Any, client: Client, dispatcher: User
) -> None:
    draft = make_draft(email="uta@example.org")
    report = intake.submit(draft).report
    intake.confirm(token_for("confirm", draft.client_id))
    asked(report, client, "Uta@example.org")
    client.post(question())
    done(report, dispatcher)
    assert Letter.objects.filter(kind="status").count() == 1
    assert told() == []


def test_many_followers_are_told_in_batches(
    report: Report, dispatcher: User, django_assert_max_num_queries: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(news, "BATCH", 10)
    for number in range(25):
        follow.ask(report.code, email=f"u{number}@example.org", client_id=uuid.uuid4())
    Follower.objects.update(confirmed_at=timezone.now())
    triage.set_status(report, Status.DONE, by=dispatcher)
    (event_id,) = jobs()
    # The deed is waited for (3), the event read, the keys fetched until none is left; five a batch.
    with django_assert_max_num_queries(3 + 1 + 4 + 3 * 5):
        assert news.tell(event_id) == 25
    assert len({letter.unsubscribe for letter in told()}) == 25


def test_followers_read_in_their_own_language(
    report: Report, client: Client, dispatcher: User
) -> None:
    client.post(
        f"/en/meldung/{report.code}/folgen",
        {"client_id": str(uuid.uuid4()), "email": "uma@example.org"},
    )
    assert question().startswith("/en/folgen/")
    client.post(question())
    done(report, dispatcher)
    (letter,) = told()
    assert (letter.language, "which you follow" in letter.text) == ("en", True)


# ── Ending ───────────────────────────────────────────────────────────────────────────────────
def test_one_post_of_a_mail_program_ends_the_letters(
    follower: Follower, report: Report, dispatcher: User
) -> None:
    done(report, dispatcher)
    (letter,) = told()
    assert letter.unsubscribe in letter.text
    robot = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Nicht mehr folgen" in robot.get(door(letter.unsubscribe)).content.decode()
    answer = robot.post(door(letter.unsubscribe), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (303, {})
    letter.refresh_from_db()
    assert letter.state == LetterState.WITHDRAWN
    done(report, dispatcher)
    assert len(told()) == 1
    robot.post(door(letter.unsubscribe), {"wieder": "1"})
    done(report, dispatcher)
    assert len(told()) == 2
    kinds = list(report.events.values_list("kind", flat=True))
    assert (kinds.count("followed"), kinds.count("unfollowed")) == (2, 1)


def test_letters_carry_the_headers_of_one_click_unsubscribe(
    follower: Follower, report: Report, dispatcher: User, settings: Any
) -> None:
    done(report, dispatcher)
    (letter,) = told()
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        letters.send(letter.id)
    (mail,) = server.letters
    assert mail["List-Unsubscribe"].strip() == f"<{letter.unsubscribe}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mailbox_that_is_not_there_is_left_alone(
    follower: Follower, report: Report, dispatcher: User
) -> None:
    done(report, dispatcher)
    (letter,) = told()
    follow.bounced(letter)
    done(report, dispatcher)
    assert len(told()) == 1
    follower.refresh_from_db()
    assert follower.unreachable_at


# ── Forgetting ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"confirmed_at": None}, 8),
        ({"ended_at": timezone.now()}, 8),
        ({"unreachable_at": timezone.now()}, 8),
        ({}, 2 * 365 + 1),
    ],
)
def test_followers_are_forgotten_in_time_also_in_letters(
    follower: Follower, change: dict[str, Any], days: int
) -> None:
    now = timezone.now()
    Follower.objects.update(**change)
    assert erasure.run(now=now + (days - 2) * DAY).followers == 0
    assert erasure.run(now=now + days * DAY).followers == 1
    assert not Follower.objects.exists()
    assert not Letter.objects.exclude(to="").exists()
    assert not Letter.objects.filter(text__contains="/folgen/").exists()


def test_whoever_follows_goes_with_the_report(
    follower: Follower, report: Report, dispatcher: User
) -> None:
    triage.set_status(report, Status.DONE, by=dispatcher)
    due = timezone.now() + retention.REPORT_AFTER_CLOSING + DAY
    assert erasure.run(now=due).reports == 1
    assert not Follower.objects.exists()
    assert not Letter.objects.exclude(to="").filter(kind__startswith="follow").exists()


# ── The feed ─────────────────────────────────────────────────────────────────────────────────
def test_the_feed_tells_what_the_page_tells(
    report: Report, client: Client, dispatcher: User, django_assert_max_num_queries: Any
) -> None:
    triage.note(report, by=dispatcher, text="Teuer.")
    triage.set_status(report, Status.DONE, by=dispatcher, text="Verfüllt.")
    with django_assert_max_num_queries(3):
        answer = client.get(f"/meldung/{report.code}/atom.xml")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Erledigt", "Meldung eingegangen"]
    body = answer.content.decode()
    assert "Verfüllt." in body
    for secret in ("Teuer", "Lindenweg 4", report.description, dispatcher.username):
        assert secret not in body


def test_an_unchanged_feed_costs_no_bytes(report: Report, client: Client, dispatcher: User) -> None:
    path = f"/meldung/{report.code}/atom.xml"
    tag = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    triage.set_status(report, Status.DONE, by=dispatcher)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_joined_report_has_the_feed_of_the_other(make_report: Make, client: Client) -> None:
    main = make_report()
    double = make_report(status=Status.DUPLICATE, closed_at=timezone.now(), duplicate_of=main)
    assert main.code in client.get(f"/meldung/{double.code}/atom.xml").content.decode()
