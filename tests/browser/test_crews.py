"""A crew's day on its phone: in the sun, with gloves, without a network, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import SMALL, findings, flaws
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_offline import wait_until

SUNLIGHT = {"type": "rule", "values": ["color-contrast-enhanced"]}  # 7:1
KEPT = "caches.match(location.pathname).then(Boolean)"
# What a glove misses: lower than 48 px.
SMALL_TARGETS = """[...document.querySelectorAll("a, button, summary, input, textarea")]
    .filter(each => each.checkVisibility({ visibilityProperty: true }) && each.offsetWidth > 2)
    .filter(each => each.getBoundingClientRect().height < 48).map(each => each.outerHTML)"""


def test_a_crew_answers_in_a_dead_spot_and_the_desk_reads_it(
    open_window: Callable[..., Page], sign_in: Callable[[Page, str], Page], tmp_path: Path
) -> None:
    desk = sign_in(open_window(**DESKTOP), "disposition.bensheim")
    desk.goto("/amt/trupps")
    desk.get_by_role("link", name="Kolonne Süd").click()
    assert flaws(desk) == []
    desk.get_by_text("Link für das Telefon des Trupps").click()
    address = desk.locator(".crew-phone .address").get_attribute("href")
    assert address

    phone = open_window(**PHONE, service_workers="allow")
    phone.goto(address)
    expect(phone.get_by_role("img", name="Karte mit 5 Halten")).to_be_visible()
    wait_until(phone, lambda: phone.evaluate(KEPT))
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_text("Kein Netz. Ihre Antworten bleiben")).to_be_visible()
    stop = phone.locator("[data-stop]").first
    stop.locator("summary").click()
    stop.get_by_role("button", name="Anderes Problem").click()
    expect(stop.get_by_text("Schreiben Sie, was das Problem ist")).to_be_visible()
    assert flaws(phone, SMALL) == []
    assert phone.evaluate(SMALL_TARGETS) == []
    picture = tmp_path / "fertig.jpg"
    Image.new("RGB", (640, 480), "#486b3a").save(picture)
    stop.locator("[name=photo]").set_input_files(picture)
    stop.locator("textarea").fill("Alles frei.")
    stop.get_by_role("button", name="Erledigt").click()
    expect(stop.get_by_text("Erledigt: noch nicht gesendet")).to_be_visible()
    phone.reload()  # the browser was shut meanwhile
    expect(phone.get_by_text("1 Antwort noch nicht gesendet")).to_be_visible()
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        assert findings(phone, SUNLIGHT) == []

    phone.context.set_offline(False)
    expect(phone.get_by_text("Alles ist gesendet.")).to_be_visible()
    expect(stop.locator("[data-state]")).to_contain_text("Erledigt: Alles frei.")
    desk.reload()
    expect(desk.get_by_text("Erledigt, meldet der Trupp").first).to_be_visible()
    desk.get_by_text("Link für das Telefon des Trupps").click()
    desk.get_by_role("button", name="Link beenden und neuen machen").click()
    expect(desk.get_by_text("Der alte öffnet nichts mehr.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="Dieser Link gilt nicht mehr")).to_be_visible()
    wait_until(phone, lambda: not phone.evaluate(KEPT))


def test_a_crew_answers_without_scripts(
    open_window: Callable[..., Page], sign_in: Callable[[Page, str], Page]
) -> None:
    desk = sign_in(open_window(**DESKTOP), "disposition.bensheim")
    desk.goto("/amt/trupps")
    desk.get_by_role("link", name="Kolonne Nord").click()
    desk.get_by_text("Link für das Telefon des Trupps").click()
    phone = open_window(**PHONE, java_script_enabled=False)
    phone.goto(desk.locator(".crew-phone .address").inner_text())
    expect(phone.get_by_role("img", name="Karte mit 5 Halten")).to_be_visible()
    stop = phone.locator("[data-stop]").last
    stop.locator("summary").click()
    stop.get_by_role("button", name="Nicht gefunden").click()
    expect(stop.locator("[data-state]")).to_contain_text("Nicht gefunden")
