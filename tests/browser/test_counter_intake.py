"""What only a browser can show of the counter: ninety seconds without a mouse, the live line."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import SMALL, findings, flaws

NARROW = {name: look for name, look in SMALL.items() if name in {"narrow", "dark phone"}}


def test_a_purse_is_taken_in_within_ninety_seconds_and_without_a_mouse(
    open_window: Callable[..., Page], sign_in: Callable[[Page, str], Page]
) -> None:
    window = open_window()
    window.goto("/amt/anmelden", timeout=60_000)  # the house's first page
    colleague = sign_in(window, "fundbuero2.bensheim")
    expect(colleague.locator(".live-state")).to_have_attribute("data-state", "live")
    today = colleague.get_by_role("link", name="heute angenommen").locator("b")
    before = int(today.inner_text())

    page = sign_in(open_window(viewport={"width": 1280, "height": 900}), "fundbuero.bensheim")
    keys = page.keyboard
    began = time.monotonic()
    page.get_by_role("link", name="Fundsache annehmen").press("Enter")
    kind = page.get_by_role("combobox", name="Was ist es?")
    expect(kind).to_be_focused()
    keys.type("Portemon")
    expect(page.get_by_role("option").first).to_contain_text("Geldbörse")
    keys.press("Enter")
    on(page, "colour", "braun")
    on(page, "second_colour", "")
    on(page, "brand", "Fossil")
    on(page, "description", "", goes_on="Tab")
    on(page, "where", "Stra")
    expect(page.locator("#part-law")).to_contain_text("§ 965")
    on(page, "place", "Marktplatz", goes_on="")
    first_hit = page.locator("#part-hits [name=spot]").first
    expect(first_hit).to_be_visible()
    keys.press("Enter")  # past the button that opens the map
    expect(first_hit).to_be_focused()
    keys.press("Space")
    expect(page.locator("#part-law")).to_contain_text("Gefunden in Bensheim")
    expect(page.locator("[name=place]")).to_have_value("Marktplatz, Bensheim")
    to(page, "#id_value_0")
    keys.press("ArrowDown")
    to(page, "#id_amount")
    keys.type("11,50")
    keys.press("Enter")
    expect(page.locator("#part-law")).to_contain_text("Nahe an 10,00")
    to(page, "#id_finder_0")
    keys.press("ArrowDown")
    expect(page.locator("#part-finder")).to_contain_text("Ich verzichte auf Finderlohn")
    to(page, "#mark-contents")
    keys.type("Passfoto eines Kindes")
    to(page, "[name=part_kind]")
    keys.type("Bargeld")
    to(page, "[name=part_amount]")
    keys.type("62,40")
    assert findings(page) == []
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Geldbörse, braun, Fossil")
    assert time.monotonic() - began < 90

    # The label is one key away; the parts have numbers of their own.
    expect(page.get_by_role("link", name="Etiketten drucken")).to_be_focused()
    number = page.locator(".fund-number").inner_text()
    expect(page.locator(".fund-parts")).to_contain_text(f"{number}/1")
    expect(page.locator(".fund-parts")).to_contain_text("62,40")
    # The colleague's page has heard of it.
    expect(today).to_have_text(str(before + 1))
    expect(colleague.locator("#part-today")).to_contain_text(number)

    # What somebody else changes is told, and never written over unseen.
    colleague.get_by_label("Scannen oder tippen").fill(number)
    colleague.keyboard.press("Enter")
    colleague.get_by_role("link", name="Ändern").first.click()
    colleague.get_by_label("Marke", exact=True).fill("Bree")
    colleague.get_by_role("button", name="Speichern").click()
    expect(page.locator("[data-changed]")).to_be_visible()
    assert flaws(page, NARROW) == []
    assert flaws(colleague, NARROW) == []


def on(page: Page, name: str, typed: str, *, goes_on: str = "Enter") -> None:
    """The field has the focus by now. Type, and go on."""
    expect(page.locator(f"#id_{name}")).to_be_focused()
    page.keyboard.type(typed)
    if goes_on:
        page.keyboard.press(goes_on)


def to(page: Page, goal: str) -> None:
    """Tab on until the field is reached."""
    field = page.locator(goal).first
    for _ in range(40):
        if field.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {goal}")


def test_a_caller_s_report_is_typed_on_from_the_place_to_the_questions_of_its_kind(
    open_window: Callable[..., Page], sign_in: Callable[[Page, str], Page]
) -> None:
    page = sign_in(open_window(viewport={"width": 1280, "height": 900}), "disposition.bensheim")
    page.goto("/amt/annahme")
    keys = page.keyboard
    kind = page.get_by_role("combobox", name="Worum geht es?")
    expect(page.locator("#place")).to_be_focused()
    keys.type("Rodenstein")
    keys.press("Enter")  # the first hit counts
    expect(kind).to_be_focused()
    hits = page.locator("#part-hits [name=spot]")
    expect(hits.first).to_be_checked()
    page.locator("#place").focus()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(hits.nth(1)).to_be_checked()
    keys.type("Straßenl")  # on a choice: nothing of it is lost
    expect(kind).to_have_value("Straßenl")
    keys.press("Enter")
    keys.type("4711")  # before the questions are there
    expect(page.get_by_label("Welche Nummer steht am Mast?")).to_be_focused()
    expect(page.get_by_label("Welche Nummer steht am Mast?")).to_have_value("4711")
    keys.press("Enter")
    keys.press("Enter")
    expect(page.get_by_label("Beschreibung")).to_be_focused()
