"""What readers do on a report's page, in real browsers: with scripts, and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import LARGE, SMALL, flaws
from tests.browser.conftest import DESKTOP, PHONE, Town

Window = Callable[..., Page]
NO_SCRIPT = {"java_script_enabled": False}
DESK = {"desktop": LARGE["desktop"]}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "jetzt.jpg"
    Image.new("RGB", (2400, 1800), "#777").save(path, "JPEG")
    return path


@pytest.fixture
def finished(town_hall: Town) -> list[str]:
    """Codes of reports in Bensheim that are done since a short while, with a photo for all."""
    question = """
        SELECT code FROM reports_report AS report
        JOIN townhall_municipality AS town ON town.id = municipality_id
        WHERE town.slug = 'bensheim' AND status = 'done' AND is_public
        AND closed_at > now() - interval '25 days' AND EXISTS (
            SELECT FROM reports_photo WHERE report_id = report.id AND is_released)
        ORDER BY closed_at DESC LIMIT 2
    """
    with town_hall.house.connect() as connection:
        return [row[0] for row in connection.execute(question.encode())]


def timeline(page: Page) -> Any:
    return page.locator("#part-timeline")


def test_a_no_with_a_photo_reaches_everybody_and_the_desk(
    open_window: Window, sign_in: Callable[[Page, str], Page], finished: list[str], photo: Path
) -> None:
    neighbour = open_window(**DESKTOP)
    neighbour.goto(f"/meldung/{finished[0]}", wait_until="domcontentloaded")
    expect(neighbour.get_by_role("button", name="Ja, behoben")).to_be_visible()
    expect(neighbour.locator("live-state")).to_contain_text("Live")
    assert flaws(neighbour, LARGE) == []

    # Photos open large, by keys; the focus comes back.
    first = neighbour.locator("a[data-photo]").first
    first.focus()
    neighbour.keyboard.press("Enter")
    viewer = neighbour.get_by_role("dialog", name="Foto")
    expect(viewer.locator("img")).to_have_js_property("complete", True)
    assert flaws(neighbour, DESK) == []
    neighbour.keyboard.press("ArrowRight")
    neighbour.keyboard.press("Escape")
    expect(first).to_be_focused()

    resident = open_window(**PHONE)
    resident.goto(f"/meldung/{finished[0]}")
    resident.get_by_text("Nein, nicht behoben").click()
    assert flaws(resident, SMALL) == []
    resident.get_by_label("Foto, wie es jetzt aussieht").set_input_files(photo)
    resident.get_by_label("Was stimmt noch nicht?").fill("Der Rand bricht schon wieder.")
    resident.get_by_role("button", name="Nicht behoben: senden").click()
    expect(resident.locator("#dank")).to_be_focused()
    expect(resident.locator("#dank")).to_contain_text("wieder offen")

    # Whoever looks on sees it without loading anew, and is asked something else.
    expect(timeline(neighbour)).to_contain_text("Jemand vor Ort sagt: Es ist nicht behoben.")
    expect(neighbour.get_by_role("button", name="Ja, behoben")).to_be_hidden()
    expect(neighbour.locator(".more summary")).to_be_visible()
    expect(timeline(neighbour)).not_to_contain_text("Der Rand")

    desk = sign_in(open_window(**DESKTOP), "disposition.bensheim")
    desk.get_by_role("link", name="Zu prüfen").click()
    desk.locator(f"tr[data-code='{finished[0]}']").get_by_role("link").click()
    panel = desk.get_by_role("region", name="Von außen, zu prüfen")
    expect(panel).to_contain_text("Der Rand bricht schon wieder.")
    assert flaws(desk, DESK) == []
    panel.get_by_label("Was alle lesen").fill("Der Rand bricht.")
    panel.get_by_role("button", name="Für alle zeigen").click()
    expect(timeline(neighbour)).to_contain_text("Der Rand bricht.")
    expect(neighbour.locator(".moment-photos img").first).to_be_visible()


def test_a_yes_counts_once_on_a_device(open_window: Window, finished: list[str]) -> None:
    page = open_window(**PHONE)
    for _press in range(2):
        page.goto(f"/meldung/{finished[1]}")
        page.get_by_role("button", name="Ja, behoben").click()
        expect(page.locator("#dank")).to_contain_text("gezählt")
    expect(timeline(page)).to_contain_text("Jemand vor Ort bestätigt: Es ist behoben.")


def test_without_scripts_one_adds_complains_and_looks_at_photos(
    open_window: Window, finished: list[str], photo: Path, town_hall: Town
) -> None:
    with town_hall.house.connect() as connection:
        question = b"SELECT code FROM reports_report WHERE is_public AND status = 'new' LIMIT 1"
        (code,) = connection.execute(question).fetchone()  # type: ignore[misc]
    page = open_window(**PHONE, **NO_SCRIPT)
    page.goto(f"/meldung/{code}")
    page.locator(".more summary").click()
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_role("alert")).to_contain_text("ein paar Worte")
    page.get_by_label("Was sollten wir noch wissen?").fill("Es wird breiter.")
    page.get_by_label("Foto").set_input_files(photo)
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_text("Danke. Wir lesen es")).to_be_visible()

    page.get_by_role("link", name="Problem mit dieser Meldung").click()
    page.get_by_label("Werbung oder Unsinn").check()
    page.get_by_role("button", name="An die Verwaltung senden").click()
    expect(page.get_by_text("Die Verwaltung sieht es sich an")).to_be_visible()

    page.goto(f"/meldung/{finished[1]}")
    address = page.get_by_role("link", name="Bild vergrößern").first.get_attribute("href") or ""
    assert page.request.get(address).headers["content-type"] == "image/webp"


def test_the_pages_for_saying_something_are_without_flaws(
    open_window: Window, finished: list[str]
) -> None:
    page = open_window(**DESKTOP)
    for slug, looks in (("problem", SMALL), ("nicht-behoben", LARGE)):
        page.goto(f"/meldung/{finished[1]}/{slug}")
        page.get_by_role("button", name="enden").last.click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert flaws(page, looks) == [], slug
