"""A loss from a small phone without scripts, and a find that comes to its owner by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import PHONE, Town

# What counter and worker do: a bag is handed in on the day of the loss, published and compared.
HANDED_IN = """
from lostfound.searching import publishing
from lostfound.matching import store
from lostfound.models import FoundItem, HiddenMark, LossReport
loss = LossReport.objects.latest("pk")
ours = FoundItem.objects.filter(part_of=None, parts=None, state="held")
item = ours.filter(office__municipality=loss.municipality).first()
FoundItem.objects.filter(pk=item.pk).update(
    kind="bag", colour="black", found_on=loss.lost_until, notice_on=loss.lost_until,
    handed_over_on=None,
)
HiddenMark.objects.create(item=item, kind="damage", text="Riss am Boden")
publishing.publish(FoundItem.objects.get(pk=item.pk), by=None)
store.match_item(item.pk)
"""


def test_a_loss_is_reported_without_scripts_and_meets_a_find(
    town_hall: Town, open_window: Callable[..., Page]
) -> None:
    small = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
    page = open_window(**small)

    def onward(step: str) -> None:
        assert not axe.moves_sideways(page)
        page.get_by_role("button", name="Weiter").last.click()
        expect(page).to_have_url(re.compile(rf"/fundbuero/verlust/formular/[\w-]{{43}}/{step}$"))

    page.goto("/fundbuero/verlust")
    page.get_by_role("radio", name="Tasche, Gepäck").check()
    page.get_by_role("radio", name="Tasche", exact=True).check()
    onward("merkmale")
    page.get_by_role("radio", name="schwarz").check()
    page.get_by_label("Inhalt").fill("Ein blaues Heft")
    onward("wann")
    page.get_by_role("radio", name="Gestern").check()
    onward("wo")
    page.get_by_role("radio", name="Weiß ich nicht").check()
    page.get_by_label("Gemeinde").select_option("06431002")
    onward("kontakt")
    page.get_by_role("button", name=re.compile("Ändern.*Merkmale")).click()
    expect(page.get_by_label("Inhalt")).to_have_value("Ein blaues Heft")
    page.get_by_role("button", name="Weiter").last.click()
    page.get_by_label("E-Mail-Adresse").fill("uta@example.org")
    page.get_by_role("button", name="Verlustmeldung senden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tasche, schwarz")
    assert not axe.moves_sideways(page)

    phone = open_window(**PHONE)
    phone.goto(page.url)
    expect(phone.get_by_text("Live", exact=True)).to_be_visible()
    town_hall.house.manage("shell", "-c", HANDED_IN)
    hit = phone.locator(".hit-card")
    expect(hit).to_contain_text("gleiche Farbe")
    assert axe.flaws(phone, axe.SMALL) == []
    hit.get_by_role("button", name="Gehört mir nicht").click()
    phone.get_by_role("button", name="Rückgängig").click()
    phone.locator(".hit-card").get_by_role("button", name="Das ist es").click()
    expect(phone).to_have_url(re.compile(r"/fundbuero/anspruch/\w{8}/treffer/"))
