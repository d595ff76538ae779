"""The resident's pages in real browsers: for every eye, by keys alone, without scripts, offline."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import LARGE, SMALL, flaws
from tests.browser.conftest import DESKTOP, PHONE, Town
from townhall.capabilities import token_for

Window = Callable[..., Page]
NO_SCRIPT = {"java_script_enabled": False}
MARKET = {"lat": 49.6811, "lon": 8.6206}
MARKET_LINK = "/melden?lat=49.6811&lon=8.6206"


@dataclass(frozen=True)
class Sent:
    """A report as its sender knows it."""

    client_id: uuid.UUID
    code: str

    @property
    def page(self) -> str:
        return f"/r/{token_for('view', self.client_id)}"

    @property
    def confirmation(self) -> str:
        return f"/r/{token_for('confirm', self.client_id)}/bestaetigen"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (1200, 900), "#8a8a86")
    ImageDraw.Draw(picture).ellipse((400, 350, 800, 600), fill="#2c2b29")
    path = tmp_path / "loch.jpg"
    picture.save(path, "JPEG")
    return path


@pytest.fixture
def ask(town_hall: Town) -> Callable[..., list[Any]]:
    """First column of what the database answers."""

    def answer(question: str, *facts: object) -> list[Any]:
        with town_hall.house.connect() as connection:
            cursor = connection.execute(question.encode(), facts)
            return [row[0] for row in cursor] if cursor.description else []

    return answer


@pytest.fixture
def send(open_window: Window) -> Callable[..., Sent]:
    """A report sent through the open interface; `photo` is a file."""

    def make(photo: Path | None = None, **more: str) -> Sent:
        client_id = uuid.uuid4()
        fields: dict[str, Any] = {
            "client_id": str(client_id),
            "category": "schlagloch",
            "description": "Tiefes Loch auf Höhe der Bäckerei, 15 cm.",
            "answers": '{"ground": "road", "akut": "no"}',
            **{name: str(value) for name, value in MARKET.items()},
            **more,
        }
        if photo:
            picture = {"name": "loch.jpg", "mimeType": "image/jpeg", "buffer": photo.read_bytes()}
            fields["photo"] = picture
        answer = open_window().request.post("/api/v1/reports/", multipart=fields)
        assert answer.status == 201, answer.text()
        return Sent(client_id, answer.json()["code"])

    return make


def count(ask: Callable[..., list[Any]], words: str) -> int:
    (number,) = ask("SELECT count(*) FROM reports_report WHERE description = %s", words)
    return int(number)


def onward(page: Page) -> None:
    page.locator("[data-step-next]").click()


def choose_pothole(page: Page) -> None:
    page.get_by_role("radio", name="Schlagloch", exact=True).check()
    page.get_by_role("radio", name="Auf der Fahrbahn").check()
    page.get_by_role("group", name="Besteht akute Gefahr?").get_by_label("Nein").check()


def fill(page: Page, words: str) -> None:
    """On a desktop: a whole report but for the last press."""
    page.goto(MARKET_LINK)
    choose_pothole(page)
    page.get_by_label("Beschreibung").fill(words)
    page.get_by_label("E-Mail für").fill("uta@example.org")
    page.get_by_label("E-Mail für").press("Tab")


# ── For every eye ────────────────────────────────────────────────────────────────────────────
def test_each_step_of_the_form_is_without_flaws(open_window: Window, photo: Path) -> None:
    page = open_window(**PHONE)
    page.goto("/melden")
    assert flaws(page, SMALL) == []

    onward(page)
    expect(page.get_by_text("Schritt 2 von 5")).to_be_visible()
    page.get_by_role("button", name="Auf der Karte zeigen").click()
    expect(page.locator(".pin-picker .ground-area").first).to_be_attached()
    page.get_by_label("Adresse oder Ort").fill("hauptstraße")
    expect(page.locator(".hits input").nth(1)).to_be_attached()
    assert flaws(page, SMALL) == []

    page.locator(".hits input").first.click()
    expect(page.get_by_role("button", name="Ja", exact=True)).to_be_visible()
    page.get_by_role("button", name="Ja", exact=True).click()
    page.get_by_role("radio", name="Schlagloch", exact=True).check()
    page.get_by_role("group", name="Besteht akute Gefahr?").get_by_label("Ja").check()
    expect(page.locator(".questions .notice.danger")).to_be_visible()
    onward(page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert flaws(page, SMALL) == []


def test_the_last_step_and_the_whole_form_are_without_flaws(
    open_window: Window, photo: Path
) -> None:
    page = open_window(**DESKTOP)
    page.goto(MARKET_LINK)
    assert flaws(page, LARGE) == []

    page.get_by_role("button", name="Meldung senden").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("[data-gallery]").set_input_files([photo, photo])
    expect(page.locator(".photo-list").get_by_text("Foto 2 hochgeladen")).to_be_visible()
    page.get_by_role("button", name="Ändern").click()
    page.get_by_role("button", name="Auf der Karte zeigen").click()
    choose_pothole(page)
    page.locator("summary", has_text="Name und Telefon").click()
    assert flaws(page, LARGE) == []

    page.set_viewport_size({"width": 390, "height": 844})
    for number, step in ((4, "kontakt"), (5, "pruefen")):
        page.evaluate("step => (location.hash = step)", step)
        expect(page.get_by_text(f"Schritt {number} von 5")).to_be_visible()
        assert flaws(page, SMALL) == []


def test_thanks_own_page_and_confirmation_are_without_flaws(
    open_window: Window, send: Callable[..., Sent], ask: Callable[..., Any], photo: Path
) -> None:
    sent = send(photo, email="uta@example.org", answers='{"ground": "road", "akut": "yes"}')
    page = open_window(**PHONE)
    for address in (f"{sent.page}/danke", sent.page, sent.confirmation):
        page.goto(address)
        assert flaws(page) == [], address
    page.get_by_role("button", name="Ja, bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bestätigt")
    assert flaws(page, SMALL) == []

    late = send(email="uta@example.org")
    ask(
        "UPDATE reports_contact SET confirm_expires_at = now() - interval '1 day' FROM "
        "reports_report WHERE report_id = reports_report.id AND code = %s",
        late.code,
    )
    assert (answer := page.goto(late.confirmation)) and answer.status == 410
    assert flaws(page, SMALL) == []


def test_public_pages_of_reports_are_without_flaws(
    open_window: Window, send: Callable[..., Sent], ask: Callable[..., Any]
) -> None:
    shown = "SELECT code FROM reports_report AS report WHERE is_public AND is_text_public AND "
    pictured = "EXISTS (SELECT FROM reports_photo WHERE report_id = report.id AND is_released)"
    (with_photo,) = ask(f"{shown} {pictured} ORDER BY received_at DESC LIMIT 1")
    (without,) = ask(f"{shown} NOT {pictured} AND status = 'forwarded' LIMIT 1")
    page = open_window(**PHONE)
    for code in (with_photo, without):
        page.goto(f"/meldung/{code}")
        expect(page.locator(".timeline > li").first).to_be_visible()
        page.locator(".small-map-link").scroll_into_view_if_needed()
        expect(page.locator(".small-map-link .map-pin")).to_be_visible()
        assert flaws(page) == [], code

    taken_back = send()
    ask(
        "UPDATE reports_event SET was_public = true FROM reports_report AS report "
        "WHERE report_id = report.id AND code = %s",
        taken_back.code,
    )
    ask(
        "UPDATE reports_report SET is_public = false, withdrawn_at = now() WHERE code = %s",
        taken_back.code,
    )
    for address, status in {
        f"/meldung/{taken_back.code}": 410,
        "/meldung/22222222": 404,
        "/r/gibt-es-nicht/bestaetigen": 404,
        "/postkasten": 200,
    }.items():
        assert (answer := page.goto(address)) and answer.status == status
        assert flaws(page, SMALL) == [], address


# ── By keys alone ────────────────────────────────────────────────────────────────────────────
def tab_to(page: Page, wanted: Locator, most: int = 40) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_a_whole_report_is_made_by_keys_alone(
    open_window: Window, ask: Callable[..., Any], photo: Path
) -> None:
    page = open_window(**DESKTOP)
    page.goto("/melden")
    keys = page.keyboard
    tab_to(page, page.locator("[data-gallery]"))
    page.locator("[data-gallery]").set_input_files(photo)  # Enter opens the system's own chooser
    expect(page.locator(".photo-list").get_by_text("Foto 1 hochgeladen")).to_be_visible()

    tab_to(page, page.get_by_role("button", name="Auf der Karte zeigen"))
    keys.press("Enter")
    expect(page.locator(".map-box")).to_be_focused()
    keys.press("Shift+Tab")
    tab_to(page, page.get_by_label("Adresse oder Ort"))
    keys.type("nibelungenstr bensh")
    keys.press("Enter")
    street = page.get_by_role("radio", name="Nibelungenstraße").first
    expect(street).to_be_attached()
    tab_to(page, page.locator(".hits input").first)
    keys.press("Space")
    keys.press("Enter")
    expect(page.locator(".place-card")).to_contain_text("Nibelungenstraße")
    expect(page.locator(".place-card p")).to_be_focused()

    tab_to(page, page.get_by_label("Kategorien durchsuchen"))
    keys.type("schlagl")
    keys.press("Enter")
    expect(page.get_by_role("radio", name="Schlagloch", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="Auf der Fahrbahn")).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Auf der Fahrbahn"))
    keys.press("Space")
    group = page.get_by_role("group", name="Besteht akute Gefahr?")
    tab_to(page, group.get_by_label("Ja"))
    keys.press("ArrowRight")
    expect(group.get_by_label("Nein")).to_be_checked()
    tab_to(page, page.get_by_label("Beschreibung"))
    keys.type("Nur mit Tasten geschrieben.")
    tab_to(page, page.get_by_role("button", name="Meldung senden"))
    keys.press("Enter")
    page.wait_for_url("**/danke")
    assert count(ask, "Nur mit Tasten geschrieben.") == 1


def test_enter_on_the_map_takes_the_spot_under_the_cross(open_window: Window) -> None:
    page = open_window(**DESKTOP)
    page.goto(MARKET_LINK)
    before = page.locator("[name=spot]").input_value()
    page.get_by_role("button", name="Ändern").press("Enter")
    page.get_by_role("button", name="Auf der Karte zeigen").press("Enter")
    expect(page.locator(".map-box")).to_be_focused()
    expect(page.locator(".pin-picker .ground-area").first).to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-where-words]")).to_contain_text("Bensheim")
    page.keyboard.press("Enter")
    expect(page.locator(".place-card p")).to_be_focused()
    assert page.locator("[name=spot]").input_value() > before


# ── Without scripts ──────────────────────────────────────────────────────────────────────────
def test_a_report_with_a_photo_is_made_step_by_step_without_scripts(
    open_window: Window, ask: Callable[..., Any], photo: Path
) -> None:
    page = open_window(**PHONE, **NO_SCRIPT)
    page.goto("/melden")
    onward_plain = page.get_by_role("button", name="Weiter", exact=True)
    page.get_by_role("button", name="Fotos auswählen").set_input_files(photo)
    page.get_by_role("button", name="Hochladen").click()
    expect(page.get_by_text("Foto 1 hochgeladen")).to_be_visible()
    onward_plain.click()
    page.wait_for_url("**/ort")
    page.get_by_label("Adresse oder Ort").fill("lindenstr bensh")
    page.get_by_role("button", name="Suchen").click()
    page.locator(".hits").get_by_role("radio", name="Lindenstraße").check()
    onward_plain.click()
    page.wait_for_url("**/was")
    page.get_by_role("radio", name="Schlagloch", exact=True).check()
    onward_plain.click()  # it asks something more
    page.get_by_role("radio", name="Auf der Fahrbahn").check()
    page.get_by_role("group", name="Besteht akute Gefahr?").get_by_label("Nein").check()
    page.get_by_label("Beschreibung").fill("Ohne Skript gemeldet.")
    onward_plain.click()
    page.wait_for_url(re.compile("/(schon|kontakt)$"))
    here = page.url  # "schon" where another test reported something there
    page.get_by_role("button", name="Zurück").click()
    page.wait_for_url("**/was")
    expect(page.get_by_label("Beschreibung")).to_have_value("Ohne Skript gemeldet.")
    page.go_back()
    page.wait_for_url(here)
    if here.endswith("schon"):
        page.get_by_role("button", name="Nein, das ist etwas anderes").click()
        page.wait_for_url("**/kontakt")
    onward_plain.click()
    page.wait_for_url("**/pruefen")
    expect(page.locator("#part-summary")).to_contain_text("Lindenstraße")
    expect(page.locator(".report-preview")).to_contain_text("Schlagloch, Lindenstraße")
    page.get_by_role("button", name="Meldung senden").click()
    page.wait_for_url("**/danke")
    page.get_by_role("link", name="Zu Ihrer Meldung").click()
    expect(page.locator(".report-photos img")).to_have_count(1)
    expect(page.locator(".report-photos img")).to_have_js_property("naturalWidth", 1200)
    assert count(ask, "Ohne Skript gemeldet.") == 1


# ── Once ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("options", [{}, NO_SCRIPT], ids=["script", "plain"])
def test_a_double_press_makes_one_report(
    open_window: Window, ask: Callable[..., Any], options: dict[str, Any]
) -> None:
    words = f"Zweimal gedrückt: {options}"
    page = open_window(**DESKTOP, **options)
    page.goto(MARKET_LINK)
    page.get_by_role("radio", name="Graffiti oder Schmiererei").check()
    page.get_by_label("Beschreibung").fill(words)
    page.get_by_role("button", name="Meldung senden").dblclick(no_wait_after=True)
    page.wait_for_url("**/danke")
    assert count(ask, words) == 1


def test_what_was_typed_outlives_a_lost_connection_and_is_sent_once(
    open_window: Window, ask: Callable[..., Any]
) -> None:
    words = "Getippt, als das Netz noch da war."
    page = open_window(**DESKTOP)
    fill(page, words)
    page.context.set_offline(True)
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.locator("#handed-in-title")).to_be_visible()
    assert count(ask, words) == 0

    page.context.set_offline(False)  # it goes by itself
    page.wait_for_url("**/danke", timeout=30_000)
    assert count(ask, words) == 1


def test_a_lost_answer_makes_no_second_report(open_window: Window, ask: Callable[..., Any]) -> None:
    words = "Angekommen, aber die Antwort ging verloren."
    page = open_window(**DESKTOP)
    fill(page, words)

    def swallow(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/melden/abgeben", swallow)
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.locator("#handed-in-title")).to_be_visible()
    assert count(ask, words) == 1
    page.unroute("**/melden/abgeben")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/danke", timeout=30_000)
    assert count(ask, words) == 1
