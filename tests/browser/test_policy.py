"""The browser blocks nothing on any page of ours, because nothing there asks for more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

LISTEN = """
  window.violations = []
  document.addEventListener("securitypolicyviolation", (event) => window.violations.push(
    `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))
"""
PUBLIC = ("/", "/bensheim/", "/melden", "/impressum", "/datenschutz", "/barrierefreiheit",
          "/quelltext", "/amt/anmelden", "/gibt-es-nicht", "/en/", "/en/melden")  # fmt: skip
STAFF = ("/amt", "/amt?ansicht=alle", "/amt/post", "/verwaltung/django/")


def violations(page: Page, path: str) -> list[str]:
    page.goto(path, wait_until="load", timeout=30_000)
    found: list[str] = page.evaluate("window.violations")
    return [f"{path}: {each}" for each in found]


@pytest.fixture
def window(open_window: Callable[..., Page]) -> Page:
    """It also fails at its end when the console complained."""
    page = open_window(viewport={"width": 1280, "height": 800})
    page.add_init_script(LISTEN)
    return page


def test_no_public_page_asks_for_more_than_its_policy_gives(window: Page) -> None:
    found = [each for path in PUBLIC for each in violations(window, path)]
    window.goto("/")
    report = window.locator("a[href*='/meldung/']").first.get_attribute("href")
    assert report
    found += violations(window, report)
    assert found == []
    assert {cookie["name"] for cookie in window.context.cookies()} <= {"csrftoken"}


def test_no_staff_page_asks_for_more_than_its_policy_gives(
    window: Page, sign_in: Callable[[Page, str], Page]
) -> None:
    sign_in(window, "disposition.bensheim")
    found = [each for path in STAFF for each in violations(window, path)]
    window.goto("/amt")
    report = window.locator("a[href*='/amt/meldung/']").first.get_attribute("href")
    assert report
    found += violations(window, report)
    assert found == []


def test_the_listener_hears_what_is_blocked(browser: object, town_hall: object) -> None:
    """A test that could not fail would prove nothing."""
    context = browser.new_context(base_url=town_hall.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.goto("/impressum")
    page.evaluate(
        """() => { const style = document.createElement("style")
        style.textContent = "body { color: red }"
        document.head.append(style) }"""
    )
    page.wait_for_function("window.violations.length > 0")
    context.close()
