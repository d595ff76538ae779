"""The map and the frame in a real browser: nothing for axe, nothing sideways, no key wasted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings, moves_sideways

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
NIGHT = {**DESKTOP, "color_scheme": "dark"}
NO_SCRIPT = {**PHONE, "java_script_enabled": False}
STATES = [
    "/",
    "/?q=Bahnhofstraße+Bensheim",
    "/?group=licht&status=no_action&q=Lindenfels",
    "/bensheim/?locality=Auerbach&photo=1&lon=8.62&lat=49.70&z=13",
    "/bensheim/?lon=8.70&lat=49.60&z=17",
]
PAGES = [*STATES, "/?q=xyzxyz", "/datenschutz", "/barrierefreiheit", "/gibt-es-nicht", "/en/"]

Window = Callable[..., Page]


COUNTED = """() => {
  const numbers = [...document.querySelectorAll("report-map .map-ring text")]
  const pins = document.querySelectorAll("report-map .map-pin").length
  return numbers.reduce((sum, { textContent }) => sum + Number(textContent), pins)
}"""


def is_ready(page: Page) -> None:
    """The map has drawn what there is."""
    expect(page.locator("report-map .map-mark").first).to_be_attached()
    expect(page.locator(".live-state [data-when=live]")).to_be_visible()


@pytest.mark.parametrize(
    ("presentation", "pages"),
    [
        (PHONE, PAGES),
        (NARROW, STATES),
        (DESKTOP, STATES),
        (NIGHT, PAGES),
        ({**DESKTOP, "forced_colors": "active"}, STATES),
    ],
    ids=["phone", "narrow", "desktop", "dark", "forced-colors"],
)
def test_axe_finds_nothing_and_nothing_moves_sideways(
    open_window: Window, presentation: dict[str, Any], pages: list[str]
) -> None:
    page = open_window(**presentation)
    for address in pages:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert findings(page) == [], address
        assert not moves_sideways(page), address


def test_axe_finds_nothing_with_a_card_on_the_map_and_the_menu_open(open_window: Window) -> None:
    page = open_window(**PHONE)
    page.goto("/?q=Bahnhofstraße+Bensheim")
    is_ready(page)
    page.locator(".map-mark:has(.map-pin)").last.dispatch_event("click")
    expect(page.locator(".map-card .report-card")).to_be_visible()
    page.locator(".site-menu > summary").click()
    assert findings(page) == []


def test_the_first_report_is_near_for_the_keyboard_and_the_map_is_one_stop(
    open_window: Window,
) -> None:
    page = open_window(**DESKTOP)
    page.goto("/")
    is_ready(page)
    near = "document.activeElement.closest('.report-card, .map-box, .map-mark')?.className ?? ''"
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(near))
    assert stops.index("report-card") < 12
    assert sum("map-box" in stop for stop in stops) <= 1
    assert not any("map-mark" in stop for stop in stops)


def test_arrows_move_the_map_and_the_address_keeps_the_view(open_window: Window) -> None:
    page = open_window(**DESKTOP)
    page.goto("/?lon=8.62&lat=49.68&z=14")
    is_ready(page)
    page.locator(".map-box").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda address: float(parse_qs(urlsplit(address).query)["lon"][0]) > 8.621)
    expect(page.locator(".home-head")).to_contain_text("im Kartenausschnitt")
    page.reload()
    is_ready(page)
    assert float(parse_qs(urlsplit(page.url).query)["lon"][0]) > 8.621
    page.context.set_offline(True)
    expect(page.get_by_text("Sie sind offline.")).to_be_visible()
    expect(page.locator(".as-of")).to_have_text(re.compile(r"Stand: \d\d:\d\d"))
    page.get_by_role("link", name="Neueste zuerst").click()
    expect(page.get_by_role("alert")).to_contain_text("Das hat nicht geklappt.")
    assert findings(page) == []
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.get_by_text("Sie sind offline.")).to_be_hidden()
    expect(page.locator(".sort > span")).to_have_text("Neueste zuerst")


def test_a_filter_changes_map_list_and_address_without_reloading(open_window: Window) -> None:
    page = open_window(**DESKTOP)
    page.goto("/")
    is_ready(page)
    page.evaluate("window.stayed = true")
    hide = page.get_by_role("button", name="Erledigte ausblenden")
    hide.click()
    expect(page.locator(".chip.on")).to_contain_text("Offen")
    expect(hide).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".home-results .status-done")).to_have_count(0)
    assert "status=open" in page.url
    page.locator("[data-removes=status]").click()
    expect(page.locator(".chip.on")).to_have_count(0)
    expect(hide).to_have_attribute("aria-pressed", "false")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Nur mit Foto").check()
    page.get_by_label("Kategorie").select_option(label="Schlagloch")
    expect(page.locator(".chip.on")).to_have_count(2)
    expect(page.locator(".report-card h3").first).to_contain_text("Schlagloch")
    expect(page.locator(".report-card").first.locator("img")).to_be_attached()
    listed = page.locator(".report-card").count()
    expect(page.locator("h2 .n")).to_have_text(re.compile(f"^{listed} Meldung"))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(COUNTED) == listed
    assert findings(page) == []
    shared = open_window(**DESKTOP)
    shared.goto(page.url)
    is_ready(shared)
    expect(shared.locator(".report-card")).to_have_count(listed)
    expect(shared.locator(".chip.on")).to_have_count(2)
    assert page.evaluate("window.stayed")


def test_a_pin_shows_its_card_and_the_card_leads_to_the_report(open_window: Window) -> None:
    page = open_window(**DESKTOP)
    page.goto("/?q=Bahnhofstraße+Bensheim")
    is_ready(page)
    page.locator(".map-mark:has(.map-pin)").last.dispatch_event("click")
    card = page.locator(".map-card .report-card")
    code = card.get_attribute("data-code")
    assert "chosen" in (page.locator(".map-pin.chosen").get_attribute("class") or "")
    card.locator("a").click()
    page.wait_for_url(f"**/meldung/{code}")


def test_everything_works_without_scripts(open_window: Window) -> None:
    page = open_window(**NO_SCRIPT)
    page.goto("/")
    page.get_by_label("Straße, Ort, Nummer oder Wort").fill("Bahnhofstraße Bensheim")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator(".report-card").first).to_contain_text("m ")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Status", exact=True).select_option("done")
    page.get_by_role("button", name="Anwenden").click()
    expect(page.locator(".report-card .status").first).to_contain_text("Erledigt")
    page.wait_for_load_state("load")
    picture = page.get_by_role("img", name="Übersicht")
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 480
    assert not moves_sideways(page)


def test_no_request_leaves_the_house_and_no_cookie_stays(open_window: Window) -> None:
    page = open_window(**DESKTOP)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto("/")
    is_ready(page)
    page.goto("/datenschutz")
    assert len(hosts) == 1
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_new_report_counts_in_its_ring_and_on_its_own_towns_map_only(open_window: Window) -> None:
    region, neighbour = open_window(**DESKTOP), open_window(**DESKTOP)
    region.goto("/?status=new")
    neighbour.goto("/lorsch/?status=new")
    for page in (region, neighbour):
        is_ready(page)
        page.wait_for_load_state("networkidle")
    before, there = region.evaluate(COUNTED), neighbour.evaluate(COUNTED)
    listed = int(region.locator("h2#liste").get_attribute("data-n") or 0)
    assert 0 < there < before
    place = {"lon": 8.6217, "lat": 49.6803}  # Bensheim, and inside the map of Lorsch
    said = {"category": "abfalleimer", "answers": {"zustand": "full"}, "description": "Er quillt."}
    sent = region.request.post(
        "/api/v1/reports/", data={"client_id": str(uuid4()), **place, **said}
    )
    assert sent.status == 201, sent.text()
    expect(region.locator("button.news")).to_be_visible()
    deadline = time.monotonic() + 20
    while region.evaluate(COUNTED) == before and time.monotonic() < deadline:
        region.wait_for_timeout(50)
    assert region.evaluate(COUNTED) == before + 1
    expect(region.locator("h2 .n")).to_have_text(f"{listed + 1} Meldungen")
    assert neighbour.evaluate(COUNTED) == there


def test_on_a_phone_the_list_is_a_sheet_over_the_map(open_window: Window) -> None:
    page = open_window(**PHONE)
    page.goto("/?lon=8.62&lat=49.68&z=14")
    is_ready(page)
    expect(page.locator("h2#liste")).to_be_in_viewport()
    grip = page.get_by_role("button", name="Zwischen Karte und Liste wechseln")
    grip.tap()
    expect(page.locator(".report-card").nth(2)).to_be_in_viewport()
    expect(page.locator(".home-search")).not_to_be_in_viewport()
    grip.tap()
    expect(page.locator(".home-search")).to_be_in_viewport()
    page.locator(".map-box").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda address: float(parse_qs(urlsplit(address).query)["lon"][0]) > 8.6201)
