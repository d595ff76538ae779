"""A reporter's own report from a phone: confirmed, found again, changed, withdrawn."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import PHONE, Town


def send_in(town_hall: Town, email: str) -> str:
    """The code of a report, sent in by a resident's app."""
    facts = {
        "client_id": str(uuid.uuid4()),
        "category": "schlagloch",
        "lat": 49.6811,
        "lon": 8.6206,
        "description": "Tiefes Loch vor der Bäckerei, gut 10 cm.",
        "email": email,
    }
    request = urllib.request.Request(
        f"{town_hall.url}/api/v1/reports/",
        json.dumps(facts).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        code: str = json.load(answer)["code"]
    return code


def link_by_mail(town_hall: Town, kind: str, path: str) -> str:
    """What stands in the newest letter of a kind. No worker runs here: this is its work."""
    if kind == "visit":
        town_hall.house.manage("shell", "-c", INVITE)
    newest = "SELECT text FROM townhall_letter WHERE kind = %s ORDER BY created_at DESC LIMIT 1"
    with town_hall.house.connect() as database:
        row = database.execute(newest, [kind]).fetchone()
    found = re.search(rf"http://[^/]+((?:/bensheim)?{path})", row[0]) if row else None
    assert found
    return found[1]


INVITE = """
from townhall import visits
from townhall.models import Visit
for visit in Visit.objects.filter(link_digest=None): visits.invite(visit.id)
"""


@pytest.mark.parametrize("script", [True, False], ids=["phone", "without scripts"])
def test_a_report_is_confirmed_found_changed_and_withdrawn(
    town_hall: Town, open_window: Callable[..., Page], script: bool
) -> None:
    email = f"{uuid.uuid4().hex[:8]}@example.org"
    code = send_in(town_hall, email)
    page = open_window(**PHONE, java_script_enabled=script)

    page.goto(link_by_mail(town_hall, "receipt", r"/r/[\w-]{43}/bestaetigen"))
    page.get_by_role("button", name="Ja, bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ist bestätigt")

    page.goto("/meine")
    page.get_by_label("E-Mail-Adresse").fill(email.upper())
    page.get_by_role("button", name="Link schicken").click()
    expect(page.get_by_text("Bitte sehen Sie in Ihr Postfach")).to_be_visible()
    page.goto(link_by_mail(town_hall, "visit", r"/meine/[\w-]{43}/einlass"))
    page.get_by_role("button", name="Meine Meldungen zeigen").click()
    expect(page.get_by_text(f"{code[:4]}-{code[4:]}").first).to_be_visible()
    if script:
        assert axe.flaws(page, axe.SMALL) == []
    here = page.url

    page.get_by_role("link", name="Ändern").click()
    page.get_by_label("Beschreibung").fill("Jetzt sind es zwei Löcher, 20 cm tief.")
    if script:
        assert axe.findings(page) == []
    page.get_by_role("button", name="Änderungen speichern").click()
    expect(page.get_by_text("Jetzt sind es zwei Löcher").first).to_be_visible()

    page.goto(here)
    page.get_by_role("link", name="Zurückziehen").click()
    page.get_by_role("button", name="Meldung zurückziehen").click()
    expect(page.get_by_text("Sie haben die Meldung zurückgezogen").first).to_be_visible()
    page.goto(here)
    expect(page.get_by_text("Mit dieser Adresse wurde nichts gemeldet")).to_be_visible()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_text("Sie sind abgemeldet")).to_be_visible()
    page.goto(f"/meldung/{code}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("zurückgezogen")
    assert page.context.cookies() == []
