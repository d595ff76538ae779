"""What only a browser can show of the categories: typing, questions that appear, a block."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.axe import findings
from tests.browser.conftest import Town

PLACE = "?lat=49.6811&lon=8.6206"
ANSWER = "input[name='answer.{}.{}'][value={}]"


def test_words_lead_to_the_tile_questions_follow_answers_and_a_block_ends_the_form(
    town_hall: Town, open_window: Callable[..., Page]
) -> None:
    page = open_window(viewport={"width": 1280, "height": 900})
    page.goto(f"{town_hall.url}/melden{PLACE}", timeout=60_000)  # the house's first page
    search = page.locator("[name=words]")

    search.fill("Die Ampel blinckt")  # spelt as one types in the rain
    chip = page.locator(".category-chip").first
    expect(chip).to_have_text("Ampel gestört")
    chip.click()
    expect(page.locator("[name=category][value=ampel]")).to_be_checked()
    expect(page.locator("#part-questions")).to_contain_text("Was ist gestört?")
    page.locator(ANSWER.format("ampel", "stoerung", "dark")).check()
    expect(page.locator("#description")).to_have_value("")  # words to search by are no description

    # An answer brings its question at once, whatever the network does.
    choose(page, "laterne")
    count = page.locator("[data-code=anzahl]")
    expect(page.locator("[data-code=licht]")).to_be_visible()
    expect(count).to_be_hidden()
    page.route(re.compile("teil="), _hang_up)
    page.locator(ANSWER.format("laterne", "licht", "dark")).check()
    expect(count).to_be_visible()
    page.locator(ANSWER.format("laterne", "licht", "flicker")).check()
    expect(count).to_be_hidden()
    page.unroute(re.compile("teil="))

    send = page.locator("button[value=send]")
    expect(send).to_be_visible()
    choose(page, "falschparken")
    page.locator(ANSWER.format("falschparken", "jetzt", "blocks")).check()
    expect(page.locator("[data-block]:visible a[href='tel:110']")).to_be_visible()
    expect(send).to_be_hidden()
    assert findings(page) == []
    page.locator(ANSWER.format("falschparken", "jetzt", "often")).check()
    expect(page.locator("[data-block]")).to_be_hidden()
    expect(send).to_be_visible()

    # Back at the first category its answer is still there.
    choose(page, "ampel")
    expect(page.locator("[data-code=stoerung] input[value=dark]")).to_be_checked()


def choose(page: Page, code: str) -> None:
    """Unfold the categories, look at all of them, press a tile."""
    page.locator(".category-list [data-others]").click()
    page.locator("[name=words]").fill("")
    page.locator(f"label.category-tile:has([value={code}])").click()


def _hang_up(route: Route) -> None:
    route.abort()
