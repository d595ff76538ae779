"""What of a resident's text everybody reads: nothing personal, until staff have looked at it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reports.deeds import publishing
from reports.models import Offer, Report
from townhall.models import User

TEXT = "Loch im Gehweg. Rückruf: 0171 2345678\nMit freundlichen Grüßen\nUta Meier"
MASKED = "Loch im Gehweg. Rückruf: •••\nMit freundlichen Grüßen\n•••"


@pytest.fixture
def told(pothole: Any, make_report: Callable[..., Report]) -> Report:
    """A report whose text is public at once."""
    Offer.objects.update(text_at_once=True)
    return make_report(description=TEXT)


def everywhere(report: Report, client: Client) -> str:
    """All that the public reads of a report."""
    pages = [
        reverse("report-page", args=[report.code]),
        reverse("api-report", args=[report.code]),
        reverse("home"),
    ]
    return "".join(client.get(page).content.decode() for page in pages)


def test_a_text_that_is_public_at_once_hides_what_tells_a_person(
    told: Report, client: Client
) -> None:
    assert told.is_text_public
    assert told.public_description == MASKED
    public = everywhere(told, client)
    assert "Loch im Gehweg" in public
    assert "persönliche Angabe, verdeckt" in public
    assert "2345678" not in public
    assert "Uta Meier" not in public


def test_a_text_without_anything_personal_is_kept_once(make_report: Callable[..., Report]) -> None:
    assert make_report().masked_text == ""


def test_released_in_one_press_it_stays_hidden(told: Report, dispatcher: User) -> None:
    done = publishing.release(told, by=dispatcher, text=True)
    assert (done.is_text_reviewed, done.public_description) == (True, MASKED)


def test_staff_decide_what_is_read_and_the_sent_text_stays(
    told: Report, dispatcher: User, client: Client
) -> None:
    client.force_login(dispatcher)
    address = reverse("desk-report", args=[told.code])
    page = client.get(address).content.decode()
    assert '<mark class="found" title="eine Telefonnummer">0171 2345678</mark>' in page
    assert "bis jemand den Text geprüft hat" in page
    assert "wartet auf Prüfung" in page

    ours = "Loch im Gehweg.\r\nRückruf: 0171 2345678"
    client.post(f"{address}/freigabe", {"text": "on", "public_text": ours})

    told.refresh_from_db()
    assert told.public_description == "Loch im Gehweg.\nRückruf: 0171 2345678"
    assert told.is_text_reviewed
    assert told.description == TEXT
    assert "wartet auf Prüfung" not in client.get(address).content.decode()

    client.post(f"{address}/freigabe", {"text": "on", "public_text": TEXT})
    told.refresh_from_db()
    assert (told.masked_text, told.public_description) == ("", TEXT)


def test_who_writes_is_told_and_nothing_is_logged(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post(reverse("text-hint"), {"text": "Ruf 0171 2345678 an"})
    assert answer.content.decode().startswith("Im Text steht eine Telefonnummer.")
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "2345678" not in caplog.text
    assert client.post(reverse("text-hint"), {"text": "Loch"}).content == b""
    assert client.get(reverse("text-hint")).status_code == 405
    foreign = client.post(reverse("text-hint"), headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_without_a_script_the_hint_comes_with_the_next_page(client: Client, db: None) -> None:
    sheet = {"step": "was", "action": "preview", "description": "Ruf 0171 2345678 an"}
    page = client.post("/melden", sheet, follow=True).content.decode()
    assert page.count("Im Text steht eine Telefonnummer.") == 2  # below the text, and at the check
