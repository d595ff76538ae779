"""Residents' pages by keys and by finger: nothing is passed by, unseen or too small to hit."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings, out_of_reach
from tests.browser.conftest import DESKTOP, PHONE, Town
from townhall.capabilities import digest, token_for

Window = Callable[..., Page]
PLACE = {"lat": 49.6811, "lon": 8.6206}
CHOSEN = """input => [getComputedStyle(input, "::after"), getComputedStyle(input)].map(
  style => style.backgroundColor)"""


@pytest.fixture
def own(town_hall: Town, open_window: Window) -> str:
    """A resident's own page of a report that was just sent in."""
    client_id = uuid.uuid4()
    said = {"category": "schlagloch", "description": "Tiefes Loch vor der Bäckerei."}
    sent = open_window().request.post(
        "/api/v1/reports/",
        data={"client_id": str(client_id), "email": "uta@example.org", **PLACE, **said},
    )
    assert sent.status == 201, sent.text()
    return f"/r/{token_for('view', client_id)}"


@pytest.fixture
def shown(town_hall: Town) -> str:
    """The code of a report that everybody may read and that is in work."""
    with town_hall.house.connect() as connection:
        row = connection.execute(
            "SELECT code FROM reports_report WHERE is_public AND status = 'in_progress' "
            "ORDER BY code LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])


@pytest.fixture
def letters(town_hall: Town, open_window: Window, shown: str) -> list[str]:
    """Where the links in letters lead: to follow a report, to end that, into „Meine Meldungen“."""
    asking, visit = uuid.uuid4(), uuid.uuid4()
    mailbox = f"{asking.hex[:8]}@example.org"
    asked: dict[str, Any] = {"client_id": str(asking), "email": mailbox}
    page = open_window()
    answer = page.request.post(f"/meldung/{shown}/folgen", form=asked)
    assert answer.url.endswith("geschickt=ja"), answer.text()
    inside = token_for("visit", visit)
    with town_hall.house.connect() as connection:
        row = connection.execute(
            "SELECT id FROM reports_follower WHERE client_id = %s", [asking]
        ).fetchone()
        connection.execute(
            "INSERT INTO townhall_visit (id, email, language, asked_at, token_digest, until) "
            "VALUES (%s, %s, 'de', now(), %s, now() + interval '1 hour')",
            [visit, mailbox, digest(inside)],
        )
    assert row
    follows, ends = token_for("follow-confirm", row[0]), token_for("follow", row[0])
    return [
        f"/folgen/{follows}/bestaetigen",
        f"/folgen/{ends}/abmelden",
        f"/meine/{inside}?was=entwuerfe",
        f"/meine/{inside}/loeschen",
    ]


def test_pages_behind_links_are_without_flaws_and_within_reach(
    open_window: Window, own: str, letters: list[str], shown: str
) -> None:
    page = open_window(**PHONE)
    deeds = [f"{own}/{deed}" for deed in ("aendern", "zurueckziehen", "loeschen")]
    answers = [f"/meldung/{shown}/{answer}" for answer in ("betrifft", "folgen", "problem")]
    for address in (*deeds, *letters, *answers):
        page.goto(address)
        assert findings(page) == [], address
        assert out_of_reach(page) == [], address


def test_forms_that_were_refused_are_without_flaws_and_within_reach(
    open_window: Window, own: str, shown: str
) -> None:
    page = open_window(**PHONE)
    for address, button in (
        (f"{own}/aendern", "Änderungen speichern"),
        (f"/meldung/{shown}/folgen", "Folgen"),
        ("/meine", "Link schicken"),
    ):
        page.goto(address)
        if address.endswith("aendern"):
            page.get_by_label("Beschreibung").fill("")
        page.get_by_role("button", name=button).click()
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()
        assert findings(page) == [], address
        assert out_of_reach(page) == [], address


def test_pages_for_everybody_are_within_reach(open_window: Window, own: str, shown: str) -> None:
    page = open_window(**DESKTOP)
    page.goto("/")
    assert out_of_reach(page, "body") == []
    place = f"spot={PLACE['lon']},{PLACE['lat']}"
    languages = ("/en/melden", "/einfach/melden")
    for address in (f"/zustaendig?{place}&category=schlagloch", "/quelltext", *languages):
        page.goto(address)
        assert findings(page) == [], address
        assert out_of_reach(page) == [], address
    for address in (f"/meldung/{shown}", own, f"{own}/danke"):
        page.goto(address)
        assert out_of_reach(page) == [], address


def test_the_menu_covers_nothing_that_has_the_focus(open_window: Window) -> None:
    page = open_window(**PHONE)
    page.goto("/zustaendig")
    menu, summary = page.locator(".site-menu"), page.locator(".site-menu > summary")
    for leave in ("Escape", "Tab"):
        summary.press("Enter")
        links = menu.get_by_role("link").all()
        for _link in links:
            page.keyboard.press("Tab")
        expect(links[-1]).to_be_focused()
        page.keyboard.press(leave)
        expect(menu).not_to_have_attribute("open", "")
    expect(page.get_by_label("Adresse oder Ort")).to_be_focused()

    plain = open_window(**PHONE, java_script_enabled=False)
    plain.goto("/zustaendig")
    plain.locator(".site-menu > summary").press("Enter")
    expect(plain.locator(".site-menu > ul")).to_be_visible()
    plain.get_by_label("Adresse oder Ort").focus()
    expect(plain.locator(".site-menu > ul")).to_be_hidden()


def test_reporters_move_their_report_by_keys_and_lose_no_word(
    open_window: Window, own: str
) -> None:
    page = open_window(**DESKTOP)
    page.goto(f"{own}/aendern")
    page.get_by_label("Beschreibung").fill("Das Loch ist ein Stück weiter.")
    before = page.locator("[name=spot]").input_value()
    page.get_by_role("button", name="Ändern", exact=True).press("Enter")
    page.get_by_role("button", name="Auf der Karte zeigen").press("Enter")
    expect(page.locator(".map-box")).to_be_focused()
    expect(page.locator(".pin-picker .ground-area").first).to_be_attached()
    assert findings(page) == []
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-where-words]")).to_contain_text("Bensheim")
    page.keyboard.press("Enter")
    expect(page.locator(".place-card p")).to_be_focused()
    assert page.locator("[name=spot]").input_value() > before
    page.get_by_role("button", name="Änderungen speichern").press("Enter")
    page.wait_for_url("**#dank")
    expect(page.locator("#part-text")).to_contain_text("ein Stück weiter")


def test_a_choice_is_seen_in_forced_colours(open_window: Window, own: str) -> None:
    page = open_window(**PHONE, forced_colors="active")
    page.goto(f"{own}/aendern")
    road = page.get_by_role("radio", name="Auf der Fahrbahn")
    road.check()
    dot, ground = road.evaluate(CHOSEN)
    assert dot != ground
