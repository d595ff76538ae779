"""The map and the frame in a real browser: nothing for axe, nothing sideways, no key wasted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings, moves_sideways

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
NIGHT = {**DESKTOP, "color_scheme": "dark"}
NO_SCRIPT = {**PHONE, "java_script_enabled": False}
STATES = ["/", "/?q=Bahnhofstraße+Bensheim", "/?group=licht&status=no_action&q=Lindenfels"]
PAGES = [*STATES, "/?q=xyzxyz", "/datenschutz", "/barrierefreiheit", "/gibt-es-nicht", "/en/"]

Window = Callable[..., Page]


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


def test_a_filter_changes_map_list_and_address_without_reloading(open_window: Window) -> None:
    page = open_window(**DESKTOP)
    page.goto("/")
    is_ready(page)
    page.evaluate("window.stayed = true")
    page.get_by_label("Erledigte ausblenden").check()
    expect(page.locator(".chip.on")).to_contain_text("Offen")
    expect(page.locator(".home-results .status-done")).to_have_count(0)
    assert "status=open" in page.url
    page.locator("[data-removes=status]").click()
    expect(page.locator(".chip.on")).to_have_count(0)
    expect(page.get_by_label("Erledigte ausblenden")).not_to_be_checked()
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
    page.get_by_label("Straße, Ort oder Nummer einer Meldung").fill("Bahnhofstraße Bensheim")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator(".report-card").first).to_contain_text("m ")
    page.get_by_label("Status", exact=True).select_option("done")
    page.get_by_role("button", name="Anwenden").click()
    expect(page.locator(".report-card .status").first).to_contain_text("Erledigt")
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
