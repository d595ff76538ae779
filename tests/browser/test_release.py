"""Search → claim → Herausgabe, with a phone on one side of the counter and a pad on the other."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import LARGE, SMALL, flaws
from tests.browser.conftest import DESKTOP, PHONE, Town

Window = Callable[..., Page]
NARROW = {name: look for name, look in SMALL.items() if name in {"narrow", "dark phone"}}
DESK = {"desktop": LARGE["desktop"]}

# Taken in yesterday at the counter of Bensheim: a purse with money and a card in it.
PURSE = """
import datetime as dt
from uuid import uuid4
from django.utils import timezone
from lostfound.receiving.intake import Draft, Facts, Mark, Part, Person, Question, take_in
from lostfound.law.rights import Right
from lostfound.models import Office
from townhall.models import User
day = timezone.localdate() - dt.timedelta(days=1)
facts = Facts(
    kind="purse", found_on=day, notice_on=day, colour="purple", brand="Fossil",
    place_text="Lindenweg", place_kind="street", value="estimate", value_cents=6000,
    finder=Person("Fritz Fink", "Am Markt 1", "fritz@example.org"),
    claims={Right.REWARD: True, Right.EXPENSES: False, Right.OWNERSHIP: False},
    consent="given",
)
draft = Draft(
    uuid4(), facts, marks=(Mark("inside", "rotes Futter mit Riss"),),
    questions=(Question("Wie sieht das Futter aus?", "rot, mit Riss"),),
    parts=(Part("cash", value_cents=4000), Part("card")),
)
office = Office.objects.select_related("municipality").get(municipality__slug="bensheim")
by = User.objects.get(username="fundbuero.bensheim")
print("code:" + take_in(draft, office=office, by=by).item.code)
"""
# No worker runs here: this is its work.
LOOK_UP = """
from lostfound.claiming import claims
from lostfound.models import Claim
for claim in Claim.objects.filter(looked_up_at=None):
    claims.look_up(claim.pk)
"""


def sign(page: Page) -> None:
    """A hand that draws, and a form that knows it."""
    box = page.locator("signature-pad canvas")
    box.scroll_into_view_if_needed()
    corner = box.bounding_box()
    assert corner is not None
    page.mouse.move(corner["x"] + 30, corner["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(corner["x"] + 30 + 15 * step, corner["y"] + 40 + 40 * (step % 2))
    page.mouse.up()
    expect(page.locator("signature-pad [role=status]")).to_have_text("Unterschrift ist da")


def test_a_purse_is_claimed_confirmed_and_handed_over(
    open_window: Window, sign_in: Callable[[Page, str], Page], town_hall: Town
) -> None:
    code = town_hall.house.manage("shell", "-c", PURSE).rpartition("code:")[2].strip()

    owner = open_window(**PHONE)
    owner.goto(f"/fundbuero/sache/{code}", wait_until="domcontentloaded")
    owner.get_by_role("link", name="Das könnte mir gehören").click()
    owner.get_by_role("button", name="Anspruch senden").click()
    expect(owner.locator(".error-summary")).to_be_focused()
    assert flaws(owner, NARROW) == []
    owner.get_by_label("Wie sieht das Futter aus?").fill("rot, an der Naht eingerissen")
    owner.get_by_label("Ihr Name").fill("Erika Muster")
    owner.get_by_label("E-Mail").fill("erika@example.org")
    owner.get_by_role("button", name="Anspruch senden").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Ihr Anspruch ist bei uns")
    town_hall.house.manage("shell", "-c", LOOK_UP)

    clerk = sign_in(open_window(**DESKTOP), "fundbuero.bensheim")
    clerk.get_by_role("navigation", name="Fundbüro").get_by_role("link", name="Ansprüche").click()
    row = clerk.get_by_role("row", name=re.compile("Geldbörse, lila, Fossil"))
    expect(row).to_contain_text("E. M.")  # whole names are for those who look into the claim
    row.get_by_role("link").click()
    expect(clerk.get_by_role("row", name=re.compile("Futter"))).to_contain_text("rot, mit Riss")
    claimant = clerk.get_by_role("region", name="Anspruch von")
    expect(claimant).not_to_contain_text("Erika")
    claimant.get_by_role("button", name="Person anzeigen").click()
    expect(claimant).to_contain_text("Erika Muster")
    assert flaws(clerk, DESK) == []
    clerk.get_by_role("button", name="Bestätigen").click()

    owner.reload()
    owner.get_by_role("link", name="Abholcode").click()
    pickup_code = owner.locator(".pickup-plate .code").inner_text()
    assert flaws(owner, NARROW) == []

    clerk.goto("/amt/fund")
    clerk.locator("#suche").fill(pickup_code)
    clerk.keyboard.press("Enter")
    gate = clerk.locator(".gate")
    expect(gate).to_contain_text("Nein, noch nicht")
    expect(gate).to_contain_text("§ 975 S. 3 BGB")
    clerk.get_by_role("button", name="Ausweis gesehen").click()
    clerk.get_by_text("Buchen: Gebühr").click()
    clerk.get_by_role("button", name="Buchen", exact=True).click()
    expect(gate).to_contain_text("Ja")
    assert flaws(clerk, LARGE) == []
    sign(clerk)
    clerk.locator("#uebergabe").get_by_role("button", name="Herausgeben").click()
    expect(clerk.get_by_role("heading", name="Herausgegeben", exact=True)).to_be_visible()
    paper = clerk.request.get(f"/amt/fund/herausgabe/{code}/quittung.pdf")
    assert paper.body().startswith(b"%PDF")

    owner.reload()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Sie wurde abgeholt")
    assert owner.goto(f"/fundbuero/sache/{code}").status in {404, 410}  # type: ignore[union-attr]
