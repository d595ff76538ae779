"""Letters to reporters: how they end, begin again, and stop at a mailbox that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client

from reports.deeds import alarms, triage
from reports.models import Contact, Correspondence, Event, Report
from reports.receiving import intake
from reports.workflow import Status
from tests.townhall.mailserver import MailServer, running
from townhall import letters, sites
from townhall.capabilities import token_for
from townhall.models import Department, Letter, LetterState, Municipality, Site, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(make_draft: Callable[..., Any]) -> tuple[Report, str]:
    """A report whose reporter wants to hear of it, and the token of the reporter's page."""
    draft = make_draft(email="uta@example.org")
    report = intake.submit(draft).report
    intake.confirm(token_for("confirm", draft.client_id))
    return report, token_for("view", draft.client_id)


def door(letter: Letter) -> str:
    return "/" + letter.unsubscribe.split("/", 3)[3]


def news(report: Report, by: User, text: str = "Wir kommen am Montag.") -> Letter | None:
    before = set(Letter.objects.filter(kind="status").values_list("pk", flat=True))
    done = report.status == Status.DONE
    triage.set_status(report, Status.NEW if done else Status.DONE, by=by, text=text)
    report.refresh_from_db()
    return Letter.objects.filter(kind="status").exclude(pk__in=before).first()


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_every_link_of_a_letter_leads_through_the_towns_own_door(
    confirmed: tuple[Report, str], dispatcher: User, town: Municipality, client: Client
) -> None:
    Site.objects.create(slug="bensheim", name="Bensheim").municipalities.add(town)
    sites.forget()
    letter = news(confirmed[0], dispatcher)
    assert letter is not None
    links = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", letter.text)
    assert len(links) == 2
    for link in links:
        assert link.startswith("/bensheim/r/")
        assert client.get(link).status_code == 200


def test_only_news_can_be_unsubscribed_from(
    confirmed: tuple[Report, str], dispatcher: User
) -> None:
    letter = news(confirmed[0], dispatcher)
    assert letter is not None
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/r/[\w-]{43}/abmelden", letter.unsubscribe)
    assert letter.unsubscribe in letter.text
    assert confirmed[1] in letter.text
    assert confirmed[1] not in letter.unsubscribe
    assert Letter.objects.get(kind="receipt").unsubscribe == ""


def test_a_letter_names_the_town_and_who_answers(
    confirmed: tuple[Report, str], dispatcher: User
) -> None:
    report = confirmed[0]
    letter = news(report, dispatcher)
    assert letter is not None
    assert (letter.sender, letter.reply_to) == ("Bensheim", report.department.email)
    assert letter.municipality == report.municipality


def test_a_department_is_answered_by_the_town_and_alarms_may_come_twice(
    make_report: Callable[..., Report], dispatcher: User
) -> None:
    report = make_report()
    alarms.flag_hazard(report, by=dispatcher, is_hazard=True)
    alarm = Letter.objects.get(kind="hazard_alarm")
    assert alarm.reply_to == report.municipality.email
    assert alarm.may_repeat
    assert not alarm.unsubscribe


def test_one_post_of_a_mail_program_ends_the_letters(
    confirmed: tuple[Report, str], dispatcher: User
) -> None:
    report = confirmed[0]
    letter = news(report, dispatcher)
    assert letter is not None
    robot = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "cross-site"})
    answer = robot.post(door(letter), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 303
    assert not answer.cookies
    assert news(report, dispatcher) is None
    assert "unsubscribed" in kinds()
    letter.refresh_from_db()
    assert letter.state == LetterState.WITHDRAWN


def test_a_scanner_that_only_looks_ends_nothing(
    confirmed: tuple[Report, str], dispatcher: User, client: Client
) -> None:
    letter = news(confirmed[0], dispatcher)
    assert letter is not None
    page = client.get(door(letter))
    assert "Nachrichten beenden" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert news(confirmed[0], dispatcher) is not None


def test_ending_twice_ends_once_and_can_be_undone_from_the_own_page(
    confirmed: tuple[Report, str], dispatcher: User, client: Client
) -> None:
    report, token = confirmed
    for _ in range(2):
        client.post(f"/r/{token}/abmelden")
    assert kinds().count("unsubscribed") == 1
    assert "Doch wieder schreiben" in client.get(f"/r/{token}/abmelden").content.decode()
    for _ in range(2):
        client.post(f"/r/{token}/abmelden", {"wieder": "1"})
    assert kinds().count("resubscribed") == 1
    report.refresh_from_db()
    assert news(report, dispatcher) is not None


def test_these_events_are_for_staff_only(confirmed: tuple[Report, str], client: Client) -> None:
    client.post(f"/r/{confirmed[1]}/abmelden")
    assert Event.objects.get(kind="unsubscribed").visibility == "internal"


@pytest.mark.parametrize("token", ["unbekannt", "x" * 400, "%00", "ä", "a.b"])
def test_an_unknown_token_says_so(client: Client, db: None, token: str) -> None:
    for answer in (client.get(f"/r/{token}/abmelden"), client.post(f"/r/{token}/abmelden")):
        assert answer.status_code == 404


def test_a_report_without_contact_has_nothing_to_end(
    make_draft: Callable[..., Any], client: Client
) -> None:
    draft = make_draft()
    intake.submit(draft)
    assert client.post(f"/r/{token_for('view', draft.client_id)}/abmelden").status_code == 404


# ── A mailbox that is not there ──────────────────────────────────────────────────────────────
@pytest.fixture
def mail(settings: Any) -> Any:
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        yield server


def test_a_bounce_ends_further_letters_and_staff_see_it(
    confirmed: tuple[Report, str], dispatcher: User, mail: MailServer, client: Client
) -> None:
    report = confirmed[0]
    mail.at_rcpt = ["550 5.1.1 No such user"]
    letter = news(report, dispatcher)
    assert letter is not None
    letters.send(letter.pk, now=letter.not_before)
    assert Correspondence.objects.get().unreachable_at is not None
    report.refresh_from_db()
    assert news(report, dispatcher) is None
    client.force_login(dispatcher)
    page = client.get(f"/amt/meldung/{report.code}").content.decode()
    assert "Die Adresse gibt es nicht" in page
    assert "E-Mail-Adresse gibt es nicht" in page


def test_a_receipt_that_bounces_is_noted_too(
    make_draft: Callable[..., Any], mail: MailServer
) -> None:
    mail.at_rcpt = ["550 No such user"]
    intake.submit(make_draft(email="niemand@example.org"))
    letters.send(Letter.objects.get(kind="receipt").pk)
    assert Contact.objects.get().correspondence.unreachable_at is not None
    assert "unreachable" in kinds()


@pytest.mark.parametrize("answer", ["550 5.7.1 Policy", "451 Later", "552 5.2.2 Full"])
def test_other_refusals_say_nothing_about_the_address(
    confirmed: tuple[Report, str], dispatcher: User, mail: MailServer, answer: str
) -> None:
    mail.at_rcpt = [answer]
    letter = news(confirmed[0], dispatcher)
    assert letter is not None
    with suppress(letters.NotYet):
        letters.send(letter.pk, now=letter.not_before)
    assert Correspondence.objects.get().unreachable_at is None


def test_a_bounce_of_a_departments_mailbox_does_not_touch_the_reporter(
    confirmed: tuple[Report, str], dispatcher: User, mail: MailServer
) -> None:
    alarms.flag_hazard(confirmed[0], by=dispatcher, is_hazard=True)
    mail.at_rcpt = ["550 5.1.1 No such user"]
    letters.send(Letter.objects.get(kind="hazard_alarm").pk)
    assert not Correspondence.objects.exists()
    assert "unreachable" not in kinds()


def test_sending_again_believes_in_the_address_and_is_written_down(
    confirmed: tuple[Report, str],
    dispatcher: User,
    mail: MailServer,
    client: Client,
    make_department: Callable[..., Department],
) -> None:
    mail.at_rcpt = ["550 5.1.1 No such user"]
    letter = news(confirmed[0], dispatcher)
    assert letter is not None
    letters.send(letter.pk, now=letter.not_before)
    client.force_login(dispatcher)
    answer = client.post(f"/amt/post/{letter.pk}/versand")
    assert answer.status_code == 303
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == ("waiting", 0, "")
    event = Event.objects.get(kind="sent_again")
    assert (event.actor, event.facts) == (dispatcher, {"kind": "status"})
    assert Correspondence.objects.get().unreachable_at is None
    letters.send(letter.pk, now=letter.not_before)
    letter.refresh_from_db()
    assert letter.state == "sent"
