"""From a dead spot: kept on the device, sent by itself, there exactly once."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bench.dead_spot import DeadSpot, Weather
from tests.browser import axe
from tests.browser.conftest import Town

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "service_workers": "allow",
    "geolocation": {"longitude": 8.6188, "latitude": 49.6815},
    "permissions": ["geolocation"],
}
KEPT = "caches.match('/melden/ohne-netz').then(Boolean)"
HAND_IN = """
  async ([count, mark, changes]) => {
    const { queue } = await import("#js/offline/queue.js")
    for (let number = 0; number < count; number += 1) {
      const id = crypto.randomUUID(), photo = crypto.randomUUID()
      const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 })
      canvas.getContext("2d").fillRect(number, 0, 9, 9)
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"))
      const fields = Object.entries({
        client_id: id, spot: "8.618800,49.681500", category: "bewuchs",
        description: `${mark} ${number}`, ...changes })
      await queue.handIn({
        id, fields, photos: [{ id: photo, size: blob.size, stagedAt: 0 }], title: mark,
        door: "/melden/abgeben", photoDoor: "/api/v1/photos/", form: "/melden", language: "de",
      }, new Map([[photo, blob]]))
    }
  }
"""
# What a full device says (Chromium's own switch for it does nothing in a window without a profile).
FULL = """
  () => { IDBObjectStore.prototype.put = () => {
    throw new DOMException("no room", "QuotaExceededError")
  } }
"""
STATES = """
  async () => {
    dispatchEvent(new Event("online"))
    const { queue } = await import("#js/offline/queue.js")
    return (await queue.all()).filter(({ state }) => state !== "sent").length
  }
"""


def arrived(town: Town, words: str) -> list[int]:
    """The number of photos of each report with these words."""
    with town.house.connect() as database:
        rows = database.execute(
            "SELECT count(photo.id) FROM reports_report AS report "
            "LEFT JOIN reports_photo AS photo ON photo.report_id = report.id "
            "WHERE description LIKE %s GROUP BY report.id",
            [f"{words}%"],
        )
        return [row[0] for row in rows]


def wait_until(page: Page, is_so: Callable[[], bool], *, seconds: float = 20) -> None:
    for _ in range(int(seconds * 20)):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "hecke.jpg"
    Image.new("RGB", (640, 480), "#486b3a").save(path)
    return path


def test_a_report_from_a_dead_spot_outlives_a_reload_and_goes_by_itself(
    open_window: Callable[..., Page],
    sign_in: Callable[[Page, str], Page],
    town_hall: Town,
    photo: Path,
) -> None:
    """In a browser in which staff are signed in; the kept form knows nothing of them."""
    page = sign_in(open_window(**PHONE), "disposition.bensheim")
    page.goto("/melden")
    wait_until(page, lambda: page.evaluate(KEPT))
    page.context.set_offline(True)
    page.goto("/melden")
    expect(page.get_by_text("Sie sind offline. Wir speichern auf diesem Gerät.")).to_be_visible()
    assert "disposition" not in page.content()
    page.locator("[data-gallery]").set_input_files(photo)
    page.get_by_role("button", name="Ja", exact=True).click()
    page.get_by_role("button", name="Weiter", exact=True).click()  # this much is known here
    missing = page.get_by_role("link", name="Wählen Sie aus, was Sie melden möchten.")
    expect(missing).to_be_visible()
    page.get_by_role("radio", name="Schlagloch", exact=True).check()
    expect(page.get_by_role("group", name="Besteht akute Gefahr?")).to_be_visible()
    page.get_by_role("radio", name="Auf der Fahrbahn").check()
    page.get_by_label("Beschreibung").fill("Funkloch: die Fahrbahn ist aufgebrochen.")
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_role("button", name="Ohne Kontakt weiter").click()
    expect(page.get_by_role("heading", name="Prüfen")).to_be_visible()
    expect(missing).to_be_hidden()

    page.reload()
    expect(page.get_by_role("heading", name="Prüfen")).to_be_visible()
    summary = page.locator("#part-summary")
    expect(summary).to_contain_text("1 Foto")
    expect(summary).to_contain_text("Funkloch: die Fahrbahn")
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.get_by_role("heading", name="Gespeichert.")).to_be_focused()
    expect(page.get_by_text("Wird gesendet, sobald Sie Netz haben. (1 wartet)")).to_be_visible()
    assert axe.flaws(page, {name: axe.SMALL[name] for name in ("phone", "dark phone")}) == []

    other = page.context.new_page()
    other.goto("/impressum")  # what can't be had without a network leads to what can
    expect(other.get_by_text("Wartet auf Netz")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/danke")
    assert arrived(town_hall, "Funkloch") == [1]


def test_cut_connections_and_two_tabs_make_no_report_twice(
    browser: Browser, town_hall: Town
) -> None:
    with DeadSpot(town_hall.web.port, random.Random(4), longest_log10=4.5) as spot:
        context = browser.new_context(base_url=spot.url, service_workers="block")
        tabs = [context.new_page(), context.new_page()]
        for tab in tabs:
            tab.goto("/melden")
        spot.turn(Weather.BAD)
        for number, tab in enumerate(tabs):
            tab.evaluate(HAND_IN, [2 + number, f"Zerschnitten {number}", {}])
        for _round in range(12):
            tabs[0].wait_for_timeout(150)
            tabs[1].evaluate("dispatchEvent(new Event('online'))")
        spot.turn(Weather.CALM)
        wait_until(tabs[0], lambda: tabs[0].evaluate(STATES) == 0)
        assert spot.cuts > 0
        assert arrived(town_hall, "Zerschnitten") == [1] * 5
        context.close()


def test_what_is_refused_or_finds_no_room_is_kept_and_said(
    open_window: Callable[..., Page], town_hall: Town
) -> None:
    page = open_window(viewport={"width": 1280, "height": 900})
    page.goto("/melden")
    page.evaluate(HAND_IN, [1, "Abgelehnt: die Hecke", {"spot": "2.350000,48.850000"}])
    row = page.locator(".waiting-report")
    expect(row).to_contain_text("Konnte nicht angenommen werden")
    expect(row).to_contain_text("115")
    row.get_by_role("link", name="Öffnen").click()
    expect(page.get_by_label("Beschreibung")).to_have_value("Abgelehnt: die Hecke 0")
    expect(page.locator("photo-picker .photo-list > li")).to_have_count(1)
    assert arrived(town_hall, "Abgelehnt") == []

    page.evaluate(FULL)
    page.get_by_label("Beschreibung").fill("Kein Platz mehr. " + "Sehr lang. " * 80)
    expect(page.get_by_text("Auf diesem Gerät ist kein Platz mehr.").first).to_be_visible()
    expect(page.get_by_label("Beschreibung")).to_have_value(
        "Kein Platz mehr. " + "Sehr lang. " * 80
    )
