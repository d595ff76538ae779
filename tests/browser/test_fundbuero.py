"""The whole Fundbüro from end to end: both sides of the counter, the worker, and the years."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import LARGE, Look, flaws, out_of_reach
from tests.browser.conftest import DESKTOP, Town
from tests.live.houses import ROOT

Window = Callable[..., Page]
SignIn = Callable[[Page, str], Page]
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780},
    "is_mobile": True,
    "has_touch": True,
}
ON_PHONE: dict[str, Look] = {"phone": (360, 780, {})}
ON_DESK: dict[str, Look] = {"desktop": LARGE["desktop"]}
DEMO_TOWN = "06431002"  # Bensheim, whose counter works here

# What a counter wrote down: `days` ago, at such a place, by a finder who wants what is given.
TAKEN_IN = """
import datetime as dt
from uuid import uuid4
from django.utils import timezone
from lostfound.receiving.intake import Draft, Facts, Mark, Person, Question, take_in
from lostfound.law.rights import Right
from lostfound.models import Office
from townhall.models import User
day = timezone.localdate() - dt.timedelta(days={days})
facts = Facts(
    kind="{kind}", found_on=day, notice_on=day, colour="{colour}", brand="{brand}",
    description="mit Aufkleber am Griff", place_text="Hinterhof Lindenweg 7",
    place_kind="{place}", value="estimate", value_cents=9000, consent="{consent}",
    finder=Person("Fritz Fink", "Am Markt 1, Bensheim", "fritz@example.org"),
    claims={claims},
)
draft = Draft(
    uuid4(), facts, marks=(Mark("damage", "Riss am Boden"),),
    questions=(Question("Was ist beschädigt?", "Riss am Boden"),),
)
office = Office.objects.select_related("municipality").get(municipality__slug="bensheim")
by = User.objects.get(username="fundbuero.bensheim")
print("code:" + take_in(draft, office=office, by=by).item.code)
"""
WANTS = "{Right.REWARD: True, Right.EXPENSES: False, Right.OWNERSHIP: True}"
NOTHING_ASKED = "{Right.REWARD: False}"
# The day has passed by which the finder should have come, or others have registered.
PASSED = """
import datetime as dt
from django.utils import timezone
from lostfound.ending import deadlines
from lostfound.models import FoundItem, Notice
today = timezone.localdate()
item = FoundItem.objects.select_related("office__municipality").get(code="{code}")
if item.collection_ends:
    item.collection_ends = today - dt.timedelta(days=1)
    item.save()
Notice.objects.filter(entries__item=item).update(
    posted_on=today - dt.timedelta(days=60), ends_on=today - dt.timedelta(days=1)
)
deadlines.reckon(item)
"""
TELL_LOSERS = "from lostfound.tasks import tell_losers; tell_losers.defer(timestamp=0)"


def shell(town: Town, code: str) -> str:
    return town.house.manage("shell", "-c", code)


def take_in(town: Town, kind: str, *, days: int, place: str = "street", **changes: str) -> str:
    """The code of a thing that the counter of Bensheim has."""
    told = {"colour": "grey", "brand": "", "claims": WANTS, "consent": "given", **changes}
    return shell(town, TAKEN_IN.format(kind=kind, days=days, place=place, **told))[-9:].strip()


def work(town: Town) -> None:
    """The worker does all that waits, then ends."""
    command = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]
    subprocess.run(
        command, cwd=ROOT, env=town.web.environment, check=True, timeout=60, capture_output=True
    )


def letter(page: Page, to: str, about: str) -> Locator:
    """The newest letter to somebody, in the page of unsent mail."""
    page.goto("/postkasten")
    return page.get_by_role("article").filter(has_text=to).filter(has_text=about).first


def link_in(found: Locator, way: str) -> str:
    address = re.search(rf"https?://[^/\s]+(\S*{re.escape(way)}\S+)", found.inner_text())
    assert address, found.inner_text()
    return address[1]


def test_public_pages_are_without_flaws_and_within_reach(open_window: Window) -> None:
    page = open_window(**PHONE)
    page.goto("/fundbuero")
    deed = page.locator(".site-header").get_by_role("link", name="Verlust melden").first
    expect(deed).to_be_in_viewport()
    expect(page.locator(".site-header .button")).to_have_count(1)  # the one primary deed
    for address in (
        "/fundbuero?group=bag",
        "/fundbuero?q=Xyzzy",
        "/fundbuero?show=map",
        "/einfach/fundbuero/fund",
    ):
        page.goto(address)
        assert flaws(page, ON_PHONE) == [], address
        assert out_of_reach(page) == [], address
    for address in ("/fundbuero/verlust", "/fundbuero/fund"):
        page.goto(address)
        page.get_by_role("button", name="Weiter").last.click()
        expect(page.get_by_text("Es gibt ein Problem")).to_be_visible()
        assert flaws(page, ON_PHONE) == [], address


def test_a_place_is_taken_from_the_map_by_keys_alone(open_window: Window) -> None:
    page = open_window(**DESKTOP)
    page.goto("/bensheim/fundbuero/fund")
    page.get_by_role("button", name="Auf der Karte zeigen").press("Enter")
    cross = page.get_by_role("region", name="Karte.")
    expect(cross).to_be_focused()
    for key in ("+", "ArrowUp", "Enter"):
        cross.press(key)
    place = page.get_by_label("Straße, Ort oder Linie")
    expect(place).to_be_focused()
    expect(place).to_have_value(re.compile("Bensheim$"))
    expect(page.get_by_text("von der Karte übernommen")).to_be_visible()
    assert page.locator("[name=place_text_spot]").input_value().startswith("8.6")
    assert flaws(page, ON_DESK) == []


def test_a_finders_report_becomes_a_thing_and_comes_to_its_owner(
    open_window: Window, sign_in: SignIn, town_hall: Town
) -> None:
    finder = open_window(**PHONE)
    finder.goto("/fundbuero/fund")
    finder.get_by_label("Es ist").select_option("backpack")
    finder.get_by_label("Farbe").select_option("purple")
    finder.get_by_label("Marke").fill("Deuter")
    finder.get_by_label("Was ist besonders daran?").fill("Innen ein Aufnäher mit einem Fuchs")
    finder.get_by_role("radio", name="Mehr: ungefähr").check()
    finder.locator("[name=value_cents]").fill("60")
    finder.get_by_label("In welcher Gemeinde?").select_option(label="Bensheim")
    finder.get_by_role("radio", name="Auf der Straße").check()
    finder.get_by_label("Straße, Ort oder Linie").fill("Lindenstraße, an der Haltestelle")
    finder.get_by_role("radio", name="ich bringe es ins Fundbüro").check()
    assert flaws(finder, ON_PHONE) == []
    finder.get_by_role("button", name="Weiter").last.click()
    finder.get_by_role("radio", name="Ich möchte ihn").check()
    finder.locator("[name=expenses][value=no]").check()
    finder.locator("[name=ownership][value=no]").check()
    finder.locator("[name=consent]").first.check()
    finder.get_by_label("Name", exact=True).fill("Frieda Fund")
    finder.get_by_label("E-Mail").fill("frieda@example.org")
    finder.get_by_label("Postanschrift").fill("Am Weg 1, 64625 Bensheim")
    finder.get_by_role("button", name="Fund melden").click()
    expect(finder.get_by_role("heading", level=1)).to_have_text("Danke. Ihr Fund ist gemeldet.")
    assert flaws(finder, ON_PHONE) == []
    number = finder.locator(".code-plate .code").inner_text().split()[-1]

    # One scan at the counter, and the form is filled in; no name goes to the owner.
    clerk = sign_in(open_window(**DESKTOP), "fundbuero.bensheim")
    scan(clerk, number)
    unveil(clerk, "Finder", "Frieda Fund")
    assert flaws(clerk, ON_DESK) == []
    clerk.get_by_role("link", name="Annehmen").click()
    expect(clerk.get_by_label("Marke", exact=True)).to_have_value("Deuter")
    clerk.locator("#mark-inside").fill("Aufnäher mit einem Fuchs")
    clerk.get_by_role("button", name="Annehmen", exact=True).click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("Rucksack, lila, Deuter")
    code = clerk.url.rpartition("/")[2].partition("?")[0]
    assert flaws(clerk, ON_DESK) == []
    for paper in ("etikett", "bescheinigung"):
        answer = clerk.request.get(f"/amt/fund/sache/{code}/{paper}.pdf")
        assert answer.body().startswith(b"%PDF")
    finder.reload()
    expect(finder.get_by_role("heading", name="Was daraus geworden ist")).to_be_visible()
    expect(finder.get_by_role("heading", name="Wohin bringen?")).to_have_count(0)

    owner = open_window(**PHONE)
    owner.goto("/fundbuero")
    owner.get_by_role("searchbox").fill("lila Ranzen")
    owner.get_by_role("searchbox").press("Enter")
    found = owner.locator(f"main a[href*='{code}']").first
    expect(found).to_be_visible()
    assert flaws(owner, ON_PHONE) == []
    found.click()
    assert flaws(owner, ON_PHONE) == []
    owner.get_by_role("link", name="Das könnte mir gehören").click()
    owner.get_by_label("Wie sieht das Futter aus?").fill("da ist ein Fuchs aufgenäht")
    owner.get_by_label("Ihr Name").fill("Erika Muster")
    owner.get_by_label("E-Mail").fill("erika@example.org")
    owner.get_by_role("button", name="Anspruch senden").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Ihr Anspruch ist bei uns")
    assert flaws(owner, ON_PHONE) == []
    work(town_hall)

    clerk.goto("/amt/fund/ansprueche")
    assert flaws(clerk, ON_DESK) == []
    look_into(clerk, "Rucksack, lila, Deuter", "E. M.")
    unveil(clerk, "Anspruch von", "Erika Muster")
    assert flaws(clerk, ON_DESK) == []
    clerk.get_by_role("button", name="Bestätigen").click()
    owner.reload()
    owner.get_by_role("link", name="Abholcode").click()
    assert flaws(owner, ON_PHONE) == []
    scan(clerk, owner.locator(".pickup-plate .code").inner_text())
    expect(clerk.locator(".gate")).to_contain_text("Nein, noch nicht")
    expect(clerk.get_by_role("main")).to_contain_text("Der Finder möchte nicht genannt werden")
    clerk.get_by_role("button", name="Ausweis gesehen").click()
    clerk.get_by_text("Buchen: Gebühr").click()
    clerk.get_by_role("button", name="Buchen", exact=True).click()
    expect(clerk.locator(".gate")).to_contain_text("Ja")
    assert flaws(clerk, ON_DESK) == []
    clerk.get_by_role("radio", name="Auf Papier").check()
    clerk.get_by_label("Unterschrieben, liegt bei uns").check()
    clerk.locator("#uebergabe").get_by_role("button", name="Herausgeben").click()
    expect(clerk.get_by_role("heading", name="Herausgegeben", exact=True)).to_be_visible()
    receipt = clerk.request.get(f"/amt/fund/herausgabe/{code}/quittung.pdf")
    assert receipt.body().startswith(b"%PDF")
    work(town_hall)
    told = letter(owner, "erika@example.org", "Sie haben Ihre Sache zurück")
    expect(told).to_be_visible()
    expect(told).not_to_contain_text("Frieda")
    expect(letter(owner, "frieda@example.org", "zurück bei der Person")).to_be_visible()
    assert owner.goto(f"/fundbuero/sache/{code}").status == 410  # type: ignore[union-attr]


def look_into(clerk: Page, thing: str, claimant: str) -> None:
    """Open the claim to a thing from the list, which says no whole name."""
    row = clerk.get_by_role("row", name=re.compile(rf"{thing}.*{claimant}"))
    row.get_by_role("link").first.click()


def unveil(clerk: Page, region: str, name: str) -> None:
    """Somebody's name stands there once it is asked for, and not before."""
    there = clerk.get_by_role("region", name=region)
    expect(there).to_contain_text("wird protokolliert")
    expect(there).not_to_contain_text(name)
    there.get_by_role("button", name="anzeigen").click()
    expect(there).to_contain_text(name)


def scan(clerk: Page, text: str) -> None:
    clerk.goto("/amt/fund")
    clerk.get_by_label("Scannen oder tippen").fill(text)
    clerk.keyboard.press("Enter")
    clerk.wait_for_url(re.compile(r"/amt/fund/.+"))


def test_who_lost_something_hears_of_a_later_find_and_claims_it(
    open_window: Window, sign_in: SignIn, town_hall: Town
) -> None:
    owner = open_window(**PHONE)
    owner.goto("/fundbuero/verlust")
    owner.get_by_role("radio", name="Tasche, Gepäck").check()
    owner.get_by_role("radio", name="Koffer").check()
    owner.get_by_role("button", name="Weiter").last.click()
    owner.get_by_role("radio", name="lila").check()
    owner.get_by_label("Marke").fill("Rimowa")
    owner.get_by_role("button", name="Weiter").last.click()
    owner.get_by_role("radio", name="Gestern").check()
    owner.get_by_role("button", name="Weiter").last.click()
    owner.get_by_role("radio", name="Weiß ich nicht").check()
    owner.get_by_label("Gemeinde").select_option(DEMO_TOWN)
    owner.get_by_role("button", name="Weiter").last.click()
    owner.get_by_label("E-Mail-Adresse").fill("uta.koffer@example.org")
    assert flaws(owner, ON_PHONE) == []
    owner.get_by_role("button", name="Verlustmeldung senden").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Koffer, lila, Rimowa")
    assert flaws(owner, ON_PHONE) == []
    work(town_hall)
    receipt = letter(owner, "uta.koffer@example.org", "Verlust")
    owner.goto(link_in(receipt, "/fundbuero/verlust/bestaetigen/"))
    assert flaws(owner, ON_PHONE) == []
    owner.get_by_role("button", name="Ja, bestätigen").click()
    expect(owner.get_by_role("heading", level=1)).to_contain_text("bestätigt")

    code = take_in(town_hall, "suitcase", days=0, colour="purple", brand="Rimowa")
    work(town_hall)
    shell(town_hall, TELL_LOSERS)
    work(town_hall)
    work(town_hall)  # the letter that was written by then
    news = letter(owner, "uta.koffer@example.org", "Ein Fund könnte Ihnen gehören")
    expect(news).not_to_contain_text("Lindenweg")
    owner.goto(link_in(news, "/fundbuero/verlust/"))
    hit = owner.locator(f".hit-card:has(a[href$='{code}'])")
    expect(hit).to_contain_text("Koffer, lila, Rimowa")
    expect(hit).to_contain_text("gleiche Marke")
    assert flaws(owner, ON_PHONE) == []
    hit.get_by_role("button", name="Das ist es").click()
    expect(owner).to_have_url(re.compile(rf"/fundbuero/anspruch/{code}/treffer/"))
    owner.get_by_label("Was ist beschädigt?").fill("unten ein Riss")
    owner.get_by_label("Ihr Name").fill("Uta Koffer")
    owner.get_by_role("button", name="Anspruch senden").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Ihr Anspruch ist bei uns")
    work(town_hall)

    clerk = sign_in(open_window(**DESKTOP), "fundbuero.bensheim")
    clerk.goto("/amt/fund/ansprueche")
    look_into(clerk, "Koffer, lila, Rimowa", "U. K.")
    expect(clerk.get_by_role("heading", name="Die Verlustmeldung dazu")).to_be_visible()
    assert flaws(clerk, ON_DESK) == []


def on_board(clerk: Page, code: str, action: str) -> None:
    """Choose the thing on the board of deadlines, and what shall become of it."""
    clerk.goto(f"/amt/fund/fristen?frist=alle&suche={code}")
    clerk.locator(f"#wahl-{code}").check()
    clerk.locator("#tat").select_option(action)
    clerk.get_by_role("button", name="Weiter", exact=True).click()


def test_after_six_months_the_law_says_whose_it_is(
    open_window: Window, sign_in: SignIn, town_hall: Town
) -> None:
    code = take_in(town_hall, "suitcase", days=215)
    clerk = sign_in(open_window(**DESKTOP), "fundbuero.bensheim")
    clerk.goto(f"/amt/fund/sache/{code}")
    expect(clerk.get_by_role("region", name="Was ansteht")).to_contain_text("§ 976 Abs. 2 BGB")
    on_board(clerk, code, "benachrichtigung")
    assert flaws(clerk, ON_DESK) == []
    clerk.get_by_role("main").get_by_role("button").first.click()
    expect(clerk.get_by_text("Der Brief ist per E-Mail unterwegs.")).to_be_visible()
    work(town_hall)
    told = letter(clerk, "fritz@example.org", "gehört jetzt Ihnen")
    expect(told).to_be_visible()

    shell(town_hall, PASSED.format(code=code))
    clerk.goto(f"/amt/fund/sache/{code}")
    expect(clerk.get_by_role("region", name="Was ansteht")).to_contain_text("Gemeinde")
    on_board(clerk, code, "spende")
    clerk.get_by_label("Grund").fill("Frist abgelaufen")
    clerk.get_by_label("Empfänger").fill("Sozialkaufhaus")
    clerk.locator("form.due-form button").click()
    disposal = clerk.get_by_role("link", name="Dort weiter").get_attribute("href")
    assert disposal
    clerk.goto(disposal)
    expect(clerk.get_by_role("button", name="Freigeben")).to_have_count(0)
    assert flaws(clerk, ON_DESK) == []
    colleague = sign_in(open_window(**DESKTOP), "fundbuero2.bensheim")
    colleague.goto(disposal)
    colleague.get_by_role("button", name="Freigeben").click()
    clerk.reload()
    clerk.get_by_label("Zeugin oder Zeuge").select_option(label="Dieter Kranz")
    clerk.get_by_role("button", name="Es ist ausgeführt").click()
    clerk.goto(f"/amt/fund/sache/{code}")
    expect(clerk.get_by_role("main")).to_contain_text("Gespendet")


def test_what_was_found_in_a_bus_is_announced_and_auctioned(
    open_window: Window, sign_in: SignIn, town_hall: Town
) -> None:
    code = take_in(
        town_hall, "suitcase", days=100, place="bus", claims=NOTHING_ASKED, consent="none"
    )
    clerk = sign_in(open_window(**DESKTOP), "fundbuero.bensheim")
    on_board(clerk, code, "bekanntmachung")
    clerk.locator("form.due-form button").click()
    clerk.get_by_role("link", name="Dort weiter").click()
    assert flaws(clerk, ON_DESK) == []
    public = open_window(**PHONE)
    public.goto("/fundbuero/bekanntmachung")
    expect(public.get_by_role("main")).to_contain_text(f"{code[:4]}-{code[4:]}")
    assert flaws(public, ON_PHONE) == []

    shell(town_hall, PASSED.format(code=code))
    on_board(clerk, code, "versteigerung")
    clerk.get_by_label("Name").fill("Versteigerung am Bauhof")
    clerk.get_by_label("Tag").fill(timezone.localdate().isoformat())
    clerk.get_by_label("Ort oder Plattform").fill("Bauhof")
    clerk.locator("form.due-form button").click()
    clerk.get_by_role("link", name="Dort weiter").click()
    clerk.get_by_text("Ergebnis vermerken").click()
    clerk.get_by_label("Ergebnis").select_option("sold")
    clerk.get_by_label("Höchstgebot").fill("25,00")
    clerk.get_by_role("button", name="Notieren").click()
    expect(clerk.get_by_role("main")).to_contain_text("25,00")
    three_years = timezone.localdate() + dt.timedelta(days=3 * 365 - 3)
    expect(clerk.get_by_role("main")).to_contain_text(str(three_years.year))
    assert flaws(clerk, ON_DESK) == []
    clerk.goto(f"/amt/fund/sache/{code}")
    expect(clerk.get_by_role("main")).to_contain_text("Versteigert")


PAGES = """
from lostfound.models import Auction, Claim, Disposal, FindReport, FoundItem, Notice, StoragePlace
ours = {"office__slug": "bensheim"}
item = FoundItem.objects.filter(state="held", part_of=None, **ours).first()
claim = Claim.objects.filter(item__office__slug="bensheim").first()
place = StoragePlace.objects.filter(site__office__slug="bensheim").first()
sache = f"/amt/fund/sache/{item.code}"
for page in (
    sache, f"{sache}/angaben", f"{sache}/etikett.pdf", f"{sache}/bescheinigung.pdf",
    f"/amt/fund/herausgabe/{item.code}", f"/amt/fund/ansprueche/{claim.code}",
    f"/amt/fund/lager/ort/{place.code}",
    f"/amt/fund/fundanzeigen/{FindReport.objects.filter(**ours).first().code}",
    *(
        f"/amt/fund/{way}/{model.objects.filter(**ours).first().pk}"
        for way, model in (
            ("bekanntmachungen", Notice), ("versteigerungen", Auction), ("verwertungen", Disposal),
        )
    ),
):
    print("page:" + page)
"""


@pytest.mark.parametrize("name", ["fundbuero.heppenheim", "tiefbau.bensheim"])
def test_nobody_else_sees_what_lies_at_a_counter(
    open_window: Window, sign_in: SignIn, town_hall: Town, name: str
) -> None:
    pages = [line[5:] for line in shell(town_hall, PAGES).splitlines() if line[:5] == "page:"]
    assert len(pages) == 11
    stranger = sign_in(open_window(**DESKTOP), name)
    seen = {page: stranger.request.get(page).status for page in pages}
    assert {page: status for page, status in seen.items() if status not in {403, 404}} == {}
    for way in ("", "/annahme", "/fristen", "/ansprueche", "/kasse", "/lager", "/fristen.csv"):
        assert (
            "Fundbüro Bensheim" not in stranger.request.get(f"/amt/fund{way}?amt=bensheim").text()
        )


def test_another_town_reads_of_a_thing_what_everybody_may(
    open_window: Window, sign_in: SignIn, town_hall: Town
) -> None:
    code = take_in(town_hall, "camera", days=2, colour="purple", brand="Leica")
    stranger = sign_in(open_window(**DESKTOP), "fundbuero.heppenheim")
    for page in (f"/fundbuero/sache/{code}", f"/api/v1/found/{code}/", "/fundbuero?q=Leica"):
        answer = stranger.request.get(page)
        assert answer.ok, page
        for secret in ("Lindenweg", "Aufkleber", "Riss", "Fink", "fritz@", "90,00"):
            assert secret not in answer.text(), (page, secret)
    for page in (f"/amt/fund?q={code}", "/amt/fund"):
        assert f"/sache/{code}" not in stranger.request.get(page).text()
