"""A scanner at the counter, two people taking stock, coins that add themselves up."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import DESKTOP

FIRST, SECOND = "fundbuero.bensheim", "fundbuero2.bensheim"


def scan(page: Page, *texts: str) -> None:
    """A scanner types faster than a network answers, and ends each label with Enter."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")


def test_things_are_put_away_counted_and_found_by_scanner(
    open_window: Callable[..., Page], sign_in: Callable[[Page, str], Page]
) -> None:
    one = open_window(**DESKTOP)
    sign_in(one, FIRST)
    one.goto("/amt/fund/lager/orte")
    one.locator(".store-slot:not(.free)").first.click()
    thing = one.locator("td.number").first.inner_text()
    one.goto("/amt/fund/lager")
    assert findings(one) == []
    one.locator("#ding").focus()
    scan(one, thing, "Regal A, Fach 2", "0000-0000", "Regal A, Fach 2")
    log = one.locator("[data-log] .pair-row")
    expect(log).to_have_count(2)
    expect(log.nth(0)).to_contain_text("kennt hier niemand")
    expect(log.nth(1)).to_contain_text(thing)
    expect(one.locator("#ding")).to_be_focused()

    one.goto("/amt/fund/lager/inventur")
    one.get_by_role("button", name="Inventur beginnen").click()
    expect(one.locator("[data-place]")).to_be_visible()
    assert findings(one) == []
    two = open_window(**DESKTOP)
    sign_in(two, SECOND)
    two.goto("/amt/fund/lager/inventur")
    two.get_by_role("link", name="Weiter scannen").click()
    expect(two.locator("live-state")).to_contain_text("Live")
    one.locator("#ding").focus()
    scan(one, "Regal A, Fach 2", thing)
    expect(one.locator("[data-place]")).to_contain_text("Regal A, Fach 2")
    expect(two.locator("[data-tally] .store-log li").first).to_contain_text(thing)

    two.goto("/amt/fund/kasse/abschluss")
    two.get_by_label("20 €").fill("2")
    two.get_by_label("5 Cent", exact=True).fill("3")
    expect(two.locator("[name=total]")).to_have_value("40,15")
    assert findings(two) == []
