"""Confirming an address: a link that looking can't use up, one reminder, and links renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports.letters import correspondence, reminders
from reports.models import Contact, Correspondence, Report
from reports.receiving import intake
from reports.receiving.drafts import Draft
from reports.voices import amending
from tests.townhall.mailserver import running
from townhall import letters
from townhall.capabilities import digest, token_for
from townhall.models import Letter, LetterState, Municipality

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def waiting(make_draft: Callable[..., Draft]) -> Draft:
    """Sent in with an address that nobody confirmed; the receipt left just now."""
    draft = make_draft(email="uta@example.org", language="en")
    intake.submit(draft)
    deliver()
    return draft


def deliver(at: dt.datetime | None = None) -> None:
    when = at or timezone.now()
    Letter.objects.filter(state="waiting").update(state=LetterState.SENT, sent_at=when)


def reminded(after: dt.timedelta) -> int:
    return reminders.remind_all(now=timezone.now() + after)


def test_one_reminder_after_a_day_in_the_reporters_language(waiting: Draft) -> None:
    assert reminded(23 * HOUR) == 0
    assert reminded(25 * HOUR) == 1
    letter = Letter.objects.get(kind="reminder")
    assert letter.subject.startswith("Please confirm")
    assert token_for("confirm", waiting.client_id) in letter.text
    deliver()
    assert reminded(50 * HOUR) == 0
    assert Letter.objects.filter(kind="reminder").count() == 1


def test_a_mail_server_that_was_down_for_a_day_takes_nobodys_time(
    make_draft: Callable[..., Draft],
) -> None:
    intake.submit(make_draft(email="uta@example.org"))
    assert reminded(30 * HOUR) == 0  # the receipt has not even left
    deliver(timezone.now() + 30 * HOUR)
    assert reminded(40 * HOUR) == 0
    assert reminded(55 * HOUR) == 1


@pytest.mark.parametrize("why", ["confirmed", "withdrawn", "unreachable", "expired", "ended"])
def test_nobody_is_reminded_in_vain(waiting: Draft, why: str) -> None:
    contact = Contact.objects.get()
    match why:
        case "confirmed":
            intake.confirm(token_for("confirm", waiting.client_id))
        case "withdrawn":
            amending.withdraw(token_for("view", waiting.client_id))
        case "expired":
            Contact.objects.update(confirm_expires_at=timezone.now() + 30 * HOUR)
        case _:
            field = f"{why}_at"
            Correspondence.objects.create(
                contact=contact, token_digest="d", **{field: timezone.now()}
            )
    assert reminded(25 * HOUR) == 0


def test_the_reminder_really_leaves(waiting: Draft, settings: Any) -> None:
    reminded(25 * HOUR)
    letter = Letter.objects.get(kind="reminder")
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        letters.send(letter.id)
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT


def test_a_second_press_says_that_it_is_done_already(waiting: Draft, client: Client) -> None:
    address = f"/r/{token_for('confirm', waiting.client_id)}/bestaetigen"
    for _ in range(3):  # scanners
        assert "Ja, bestätigen" in client.get(address).content.decode()
    first = client.post(address, follow=True).content.decode()
    again = client.post(address, follow=True).content.decode()
    assert "ist bestätigt" in first
    assert "ist schon bestätigt" in again
    Contact.objects.update(confirm_expires_at=timezone.now())
    late = client.post(address, follow=True)
    assert (late.status_code, "schon bestätigt" in late.content.decode()) == (200, True)


def test_an_expired_link_brings_a_new_one_and_stays_expired(waiting: Draft, client: Client) -> None:
    old = f"/r/{token_for('confirm', waiting.client_id)}/bestaetigen"
    Contact.objects.update(confirm_expires_at=timezone.now())
    page = client.get(old)
    assert page.status_code == 410
    assert "Neuen Link schicken" in page.content.decode()
    assert "unterwegs" in client.post(old, {"neu": "1"}).content.decode()
    letter = Letter.objects.get(kind="confirmation")
    new = f"/r/{token_for('confirm 1', waiting.client_id)}/bestaetigen"
    assert new in letter.text
    assert client.post(old).status_code == 404
    assert Contact.objects.get().confirmed_at is None
    client.post(new)
    assert Contact.objects.get().confirmed_at is not None
    assert reminded(200 * HOUR) == 0


def test_two_rounds_mean_two_letters(waiting: Draft) -> None:
    for purpose in ("confirm", "confirm 1"):
        Contact.objects.update(confirm_expires_at=timezone.now())
        correspondence.renew_confirmation(token_for(purpose, waiting.client_id))
    assert Letter.objects.filter(kind="confirmation").count() == 2
    with pytest.raises(correspondence.Unknown):
        correspondence.renew_confirmation("x" * 43)


def test_a_valid_link_is_not_renewed(waiting: Draft) -> None:
    token = token_for("confirm", waiting.client_id)
    correspondence.renew_confirmation(token)
    assert Contact.objects.get().confirm_digest == digest(token)
    assert not Letter.objects.filter(kind="confirmation").exists()


@pytest.mark.parametrize(
    ("terms", "is_public"),
    [("at_once", True), ("after_confirmation", False), ("after_review", False), ("never", False)],
)
def test_what_is_unconfirmed_is_worked_on_whatever_becomes_public(
    town: Municipality,
    make_category: Callable[..., Any],
    make_offer: Callable[..., Any],
    make_draft: Callable[..., Draft],
    terms: str,
    is_public: bool,
) -> None:
    make_offer(town, make_category("Laterne", "Licht"), publication=terms)
    draft = make_draft(category="laterne", email="uta@example.org")
    report = intake.submit(draft).report
    assert (report.is_public, report.status) == (is_public, "new")
    intake.confirm(token_for("confirm", draft.client_id))
    now_public = Report.objects.get(pk=report.pk).is_public
    assert now_public == (terms in {"at_once", "after_confirmation"})
