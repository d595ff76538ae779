"""„Schon gemeldet?“ in three taps, with and without scripts, and a count that others see change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import SMALL, flaws
from tests.browser.conftest import DESKTOP, PHONE, Town

LIVE = 2_000  # ms: so soon must the other side see it


@dataclass(frozen=True)
class Known:
    """A pothole in work that everybody may see, and the form with its place."""

    code: str
    form: str


@pytest.fixture
def known(town_hall: Town) -> Known:
    with town_hall.house.connect() as connection:
        row = connection.execute(
            "SELECT r.code, ST_X(public_position), ST_Y(public_position) FROM reports_report r "
            "JOIN reports_category c ON c.id = category_id "
            "WHERE is_public AND status = 'in_progress' AND c.code = 'schlagloch' "
            "ORDER BY r.code LIMIT 1"
        ).fetchone()
    assert row
    return Known(row[0], f"/melden?lat={row[2]}&lon={row[1]}")


def onward(page: Page, to: str, name: str = "weiter$") -> None:
    page.get_by_role("button", name=re.compile(name, re.IGNORECASE)).last.click()
    expect(page).to_have_url(re.compile(f"/{to}$"))


def fill_in(page: Page, known: Known, *, yes: str) -> None:
    """Up to where the form knows what and where. `yes`: the button that takes the place."""
    page.goto(known.form)
    onward(page, "ort")
    onward(page, "was", yes)
    page.get_by_role("radio", name="Schlagloch", exact=True).check()
    page.get_by_label("Beschreibung").fill("Tiefes Loch auf Höhe der Bäckerei.")


def test_three_taps_end_the_form_and_others_see_the_count(
    open_window: Callable[..., Page], known: Known
) -> None:
    neighbour = open_window(**DESKTOP)
    neighbour.goto(f"/meldung/{known.code}")
    expect(neighbour.locator("live-state")).to_have_attribute("data-state", "live")
    concern = neighbour.get_by_role("button", name="Betrifft mich auch")
    expect(concern).to_have_attribute("aria-pressed", "false")
    expect(concern).not_to_contain_text("wenige")

    phone = open_window(**PHONE)
    fill_in(phone, known, yes="^Ja$")
    phone.get_by_role("radio", name="Auf der Fahrbahn").check()
    onward(phone, "schon")
    heading = phone.get_by_role("heading", name="In der Nähe ist schon etwas gemeldet")
    expect(heading).to_be_focused()
    assert flaws(phone, SMALL) == []
    phone.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]

    phone.get_by_role("button", name="Ja, das ist es").first.click()
    phone.wait_for_url("**/betrifft/**")
    expect(concern).to_contain_text("wenige", timeout=LIVE)
    assert flaws(phone, SMALL) == []
    phone.get_by_role("button", name="Nein, wie gemeldet").click()
    phone.get_by_label("Ihre E-Mail-Adresse").fill("uta@example.org")
    phone.get_by_role("button", name="Änderungen mitteilen").click()
    expect(phone.get_by_text("Wir haben Ihnen geschrieben.")).to_be_visible()

    # The device knows its voice; one press takes it back, and whoever looks sees that, too.
    phone.get_by_role("link", name="Zur Meldung").click()
    mine = phone.get_by_role("button", name="Betrifft mich auch")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(phone.locator("live-state")).to_have_attribute("data-state", "live")
    mine.click()
    expect(mine).to_have_attribute("aria-pressed", "false")
    expect(concern).not_to_contain_text("wenige", timeout=LIVE)
    concern.click()
    expect(concern).to_have_attribute("aria-pressed", "true")
    expect(mine).to_contain_text("wenige", timeout=LIVE)
    neighbour.reload()
    expect(concern).to_have_attribute("aria-pressed", "true")
    assert flaws(neighbour, SMALL) == []
    concern.click()
    expect(concern).to_have_attribute("aria-pressed", "false")


def test_without_scripts_it_is_a_page_of_its_own(
    open_window: Callable[..., Page], known: Known
) -> None:
    page = open_window(java_script_enabled=False, **PHONE)
    fill_in(page, known, yes="weiter$")
    onward(page, "was")  # its questions appear
    page.get_by_role("radio", name="Auf der Fahrbahn").check()
    onward(page, "schon")
    onward(page, "kontakt", "^Nein, das ist etwas anderes$")
    page.go_back()
    page.get_by_role("button", name="Ja, das ist es").first.click()
    page.get_by_role("button", name="Ja, schlimmer").click()
    expect(page.get_by_text("weiß jetzt, dass es schlimmer geworden ist")).to_be_visible()
    page.get_by_role("button", name="Betrifft mich doch nicht").click()
    expect(page).to_have_url(re.compile(f"/meldung/{known.code}$"))
