"""The resident's language: chosen by the address, kept to the last letter."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from reports.deeds import triage
from reports.models import Category, Contact, Report
from reports.workflow import Status
from tests.reports.test_form import SPOT, WORDS
from townhall.models import Letter, Site, User
from townhall.sites import forget


@pytest.fixture
def filled(pothole: Category) -> dict[str, Any]:
    return {
        "action": "send",
        "client_id": str(uuid.uuid4()),
        "spot": SPOT,
        "category": pothole.code,
        "description": WORDS,
        "email": "uta@example.org",
    }


@pytest.mark.parametrize(
    ("folder", "language", "thanks", "letter"),
    [
        ("", "de", "Wir lesen sie.", "Ihre Meldung ist angekommen."),
        ("/en", "en", "We read it.", "your report has arrived."),
        ("/einfach", "de-simple", "Wir lesen Ihre Meldung.", "Ihre Meldung ist da.\n"),
    ],
)
def test_a_report_goes_on_in_the_language_it_was_made_in(
    client: Client, filled: dict[str, Any], folder: str, language: str, thanks: str, letter: str
) -> None:
    answer = client.post(f"{folder}/melden", filled)
    assert answer["Location"].startswith(f"{folder}/r/")
    page = client.get(answer["Location"]).content.decode()
    assert f'<html lang="{language}">' in page
    assert thanks in page
    assert Report.objects.get().language == language
    receipt = Letter.objects.get(kind="receipt")
    assert receipt.language == language
    assert letter in receipt.text
    assert f"{folder}/r/" in receipt.text


def test_what_staff_do_in_german_is_told_in_the_reporters_language_and_their_own_words(
    client: Client, filled: dict[str, Any], dispatcher: User
) -> None:
    client.post("/en/melden", filled)
    report = Report.objects.get()
    Contact.objects.update(confirmed_at=timezone.now())
    with override("de"):
        triage.set_status(report, Status.IN_PROGRESS, by=dispatcher, text="Wir kommen am Montag.")
    letter = Letter.objects.get(kind="status")
    assert letter.language == "en"
    assert letter.subject.startswith("In progress: ")
    assert "there is news about your report" in letter.text
    assert "Wir kommen am Montag." in letter.text


def test_what_simple_german_has_no_sentence_for_is_said_in_german(client: Client, db: None) -> None:
    page = client.get("/einfach/melden").content.decode()
    assert "Was ist kaputt?" in page
    assert "Impressum" in page
    assert "Imprint" not in page


# ── Switching ────────────────────────────────────────────────────────────────────────────────
def links(page: bytes) -> dict[str, str]:
    found = re.findall(r'<li><a href="([^"]*)" lang="([\w-]+)" hreflang', page.decode())
    return {language: html.unescape(address) for address, language in found}


def test_the_switch_keeps_the_page_and_what_it_was_asked(client: Client, town: Any) -> None:
    door = Site.objects.create(slug="seeheim", name="Seeheim")
    door.municipalities.add(town)
    forget()
    page = client.get("/seeheim/en/melden?lat=49.7&lon=8.6").content
    assert links(page) == {
        "de": "/seeheim/melden?lat=49.7&lon=8.6",
        "de-simple": "/seeheim/einfach/melden?lat=49.7&lon=8.6",
    }
    german = client.get("/seeheim/melden").content
    assert links(german)["en"] == "/seeheim/en/melden"


def test_the_switch_takes_along_what_was_filled_in(client: Client, filled: dict[str, Any]) -> None:
    page = client.post("/melden", filled | {"email": "uta@"})
    assert page.status_code == 422
    there = links(page.content)["en"]
    assert re.fullmatch(r"/en/melden/[\w-]+/kontakt", there)
    assert WORDS in html.unescape(client.get(there).content.decode())


def test_no_address_makes_the_switch_lead_elsewhere(client: Client, db: None) -> None:
    page = client.get("/en//evil.example/").content
    assert links(page)["de"] == "/evil.example/"


def test_search_engines_hear_of_each_language_but_not_of_ones_own_pages(
    client: Client, filled: dict[str, Any]
) -> None:
    page = client.get("/en/datenschutz?x=1").content.decode()
    told = re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page)
    assert dict(told) == {
        "de": "http://testserver/datenschutz",
        "en": "http://testserver/en/datenschutz",
        "de-simple": "http://testserver/einfach/datenschutz",
        "x-default": "http://testserver/datenschutz",
    }
    own = client.get(client.post("/melden", filled)["Location"]).content.decode()
    assert "hreflang=" in own
    assert 'rel="alternate" hreflang' not in own


def test_a_browser_that_prefers_english_is_offered_it_and_led_nowhere(
    client: Client, db: None
) -> None:
    def offered(path: str, wish: str) -> bool:
        answer = client.get(path, headers={"Accept-Language": wish})
        assert answer.status_code == 200
        assert not answer.cookies
        return 'class="wanted"' in answer.content.decode()

    assert offered("/melden", "en-GB,de;q=0.5")
    assert not offered("/melden", "de-AT,en;q=0.5")
    assert not offered("/en/melden", "de")
