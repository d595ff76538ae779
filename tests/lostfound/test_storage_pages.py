"""The pages of storage: with a scanner and without a script, for the right people only."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from lostfound.models import FoundItem, Office, StockScan, StoragePlace, StorageSite
from lostfound.storing import scans, stocktaking, storage
from lostfound.storing.stocktaking import Finished, UnderWay, Verdict
from townhall.models import User

pytestmark = pytest.mark.django_db
Items = Callable[..., FoundItem]
Places = Callable[..., StoragePlace]


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def said(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def test_a_pair_is_scanned_in_either_order_without_a_script(
    desk: Client, make_item: Items, make_place: Places
) -> None:
    item, place, url = make_item(), make_place(), reverse("fund-movement")
    half = desk.post(url, {"wie": "ein", "ding": item.code, "ort": ""})
    assert half.status_code == 200
    assert f'value="{item.shown_code}"' in said(half)
    assert said(half).index('id="ort"') < said(half).index("autofocus")
    done = desk.post(url, {"wie": "ein", "ding": place.code, "ort": item.code, "bleibt": "1"})
    assert done.status_code == 303
    assert done["Location"] == f"{reverse('fund-storage')}?ort={place.code}&bleibt=1"
    item.refresh_from_db()
    assert item.storage == place
    page = said(desk.get(done["Location"]))
    assert "liegt jetzt hier: Rathaus: Regal A, Fach 1" in page
    out = desk.post(url, {"wie": "aus", "ding": item.shown_code, "an": "person"}, follow=True)
    assert "ist herausgenommen" in said(out)


def test_a_scanner_with_a_script_gets_a_line_for_each_pair(
    desk: Client, make_item: Items, make_place: Places
) -> None:
    item, place, url = make_item(), make_place(), reverse("fund-movement")
    headers = {"X-Fragment": "1"}
    good = desk.post(url, {"ding": item.code, "ort": place.code}, headers=headers)
    assert (good.status_code, "pair-row good" in said(good)) == (200, True)
    for wrong in ({"ding": "XXXX", "ort": place.code}, {"ding": item.code, "ort": item.code}, {}):
        bad = desk.post(url, wrong, headers=headers)
        assert (bad.status_code, "pair-row bad" in said(bad)) == (422, True)


def test_an_unknown_label_leads_to_a_new_intake(desk: Client, make_place: Places) -> None:
    sent = {"wie": "ein", "ding": "0000-0000", "ort": make_place().code}
    answer = desk.post(reverse("fund-movement"), sent)
    assert answer.status_code == 422
    assert "„0000-0000“ kennt hier niemand." in said(answer)
    assert "Neue Annahme?" in said(answer)


def test_a_shelf_is_set_up_labelled_filled_and_emptied(
    desk: Client, office: Office, make_item: Items
) -> None:
    made = desk.post(reverse("fund-site-new"), {"name": "Rathaus", "is_active": "on"})
    site = StorageSite.objects.get()
    assert made["Location"] == reverse("fund-site", args=[site.pk])
    adding = reverse("fund-site-places", args=[site.pk])
    wrong = desk.post(adding, {"neu-shelf": "", "neu-first": "9", "neu-last": "3"})
    assert wrong.status_code == 422
    assert "Die letzte Nummer ist kleiner als die erste." in said(wrong)
    fields = {"neu-shelf": "Regal B", "neu-slot": "Fach", "neu-first": "1", "neu-last": "3"}
    desk.post(adding, fields)
    desk.post(adding, fields | {"neu-last": "4"})
    places = list(StoragePlace.objects.all())
    assert [place.name for place in places] == [f"Regal B, Fach {n}" for n in range(1, 5)]

    for sheet, pages in (("", 4), ("a4", 1)):
        answer = desk.get(reverse("fund-place-labels"), {"standort": site.pk, "bogen": sheet})
        paper = PdfReader(BytesIO(answer.content))
        assert len(paper.pages) == pages
        assert "Fach 4" in paper.pages[-1].extract_text()

    item = make_item()
    storage.put_away(item, places[0], by=User.objects.get())
    assert item.title in said(desk.get(reverse("fund-place", args=[places[0].code])))
    ending = reverse("fund-place-end", args=[places[0].code])
    assert "ist nicht leer" in said(desk.post(ending, follow=True))
    moving = reverse("fund-place-moving", args=[places[0].code])
    assert desk.post(moving, {"ort": "Regal B, Fach 2"}).status_code == 422
    gone = desk.post(moving, {"ding": item.code, "ort": "Regal B, Fach 2"}, follow=True)
    assert "1 Sache liegt jetzt hier: Rathaus: Regal B, Fach 2." in said(gone)
    desk.post(ending)
    assert not StoragePlace.objects.filter(pk=places[0].pk).exists()


def test_what_is_not_at_its_place_stands_in_a_list(
    desk: Client, make_item: Items, make_place: Places, clerk: User
) -> None:
    lost, loose = make_item("keys"), make_item("umbrella")
    storage.put_away(lost, make_place(), by=clerk)
    page = desk.get(reverse("fund-item", args=[lost.code]))
    assert "Rathaus: Regal A, Fach 1" in said(page)
    desk.post(reverse("fund-item-missing", args=[lost.code]))
    page = said(desk.get(reverse("fund-missing")))
    assert page.index(lost.title) < page.index("Nicht eingelagert") < page.index(loose.title)


def test_storage_is_shut_to_others(
    client: Client, stranger: User, dispatcher: User, make_item: Items, make_place: Places
) -> None:
    item, place = make_item(), make_place()
    pages = [
        reverse("fund-storage"),
        reverse("fund-places"),
        reverse("fund-place", args=[place.code]),
        reverse("fund-missing"),
        reverse("fund-stocktakings"),
        reverse("fund-site", args=[place.site_id]),
    ]
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(dispatcher)
    assert {client.get(page).status_code for page in pages} == {403}
    client.force_login(stranger)
    assert [client.get(page).status_code for page in pages] == [200, 200, 404, 200, 200, 404]
    pair = {"wie": "ein", "ding": item.code, "ort": place.code}
    assert client.post(reverse("fund-movement"), pair).status_code == 422
    assert client.get(reverse("fund-place-labels"), {"ort": place.code}).status_code == 404
    assert client.post(reverse("fund-item-missing", args=[item.code])).status_code == 404
    assert client.post(reverse("fund-place-end", args=[place.code])).status_code == 404
    item.refresh_from_db()
    assert item.storage is None


def test_pages_ask_as_often_for_many_things_as_for_one(
    desk: Client,
    clerk: User,
    make_item: Items,
    make_place: Places,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    place = make_place()
    for n in range(12):
        storage.put_away(make_item(), make_place(f"Fach {n + 2}") if n % 2 else place, by=clerk)
    pages = [
        reverse("fund-storage"),
        reverse("fund-places"),
        reverse("fund-place", args=[place.code]),
        reverse("fund-missing"),
    ]
    for page in pages:
        with django_assert_max_num_queries(12):
            desk.get(page)


# ── Stocktaking ──────────────────────────────────────────────────────────────────────────────
def test_two_people_take_stock_and_the_books_are_put_right(
    make_item: Items, make_place: Places, clerk: User, colleague: User, office: Office
) -> None:
    one, two = make_place(), make_place("Fach 2")
    there, moved, gone, missing = (storage.put_away(make_item(), one, by=clerk) for _ in range(4))
    extra = make_item()
    stocktake = stocktaking.start(office, by=clerk)
    with pytest.raises(UnderWay):
        stocktaking.start(office, by=colleague)

    def look(item: FoundItem, place: StoragePlace, by: User) -> Verdict:
        return stocktaking.scan(stocktake, place, scans.read(item.code, by=by), by=by).verdict

    assert look(there, one, clerk) == Verdict.THERE
    assert look(there, one, colleague) == Verdict.AGAIN
    assert look(moved, two, colleague) == Verdict.ELSEWHERE
    assert look(extra, two, clerk) == Verdict.SURPLUS
    unknown = stocktaking.scan(stocktake, one, scans.read("Zettel", by=clerk), by=clerk)
    assert unknown.verdict == Verdict.UNKNOWN
    storage.take_out(gone, by=clerk)

    numbers = stocktaking.tally(stocktake)
    assert (numbers.expected, numbers.seen, numbers.open, numbers.unknown) == (4, 2, 2, 1)
    stocktake = stocktaking.finish(stocktake, by=colleague)
    outcomes = dict(stocktake.entries.values_list("item_id", "outcome"))
    assert outcomes == {
        there.pk: "there",
        moved.pk: "moved",
        gone.pk: "gone",
        missing.pk: "missing",
        extra.pk: "surplus",
    }
    places = dict(FoundItem.objects.values_list("pk", "storage_id"))
    assert (places[moved.pk], places[extra.pk], places[gone.pk]) == (two.pk, two.pk, None)
    missing.refresh_from_db()
    assert missing.missing_since is not None
    assert [(each.name, each.scans) for each in stocktaking.shares(stocktake)] == [
        ("fundbuero", 3),
        ("fundbuero2", 2),
    ]
    with pytest.raises(Finished):
        look(there, one, clerk)


def test_stock_is_taken_on_paper_and_screen(
    desk: Client, make_item: Items, make_place: Places, clerk: User, office: Office
) -> None:
    place = make_place()
    item = storage.put_away(make_item(brand='=HYPERLINK("x")'), place, by=clerk)
    storage.put_away(make_item("keys"), place, by=clerk)
    begun = desk.post(reverse("fund-stocktakings"), {"scope": f"{place.site_id}:Regal A"})
    url = reverse("fund-stocktaking", args=[1])
    assert begun["Location"] == url
    scan = reverse("fund-stock-scan", args=[1])
    assert desk.post(scan, {"ding": item.code}).status_code == 422
    stood = desk.post(scan, {"ding": place.code})
    assert stood["Location"] == f"{url}?ort={place.code}"
    seen = desk.post(scan, {"ort": place.code, "ding": item.code}, headers={"X-Fragment": "1"})
    assert "liegt richtig." in said(seen)
    assert "1 von 2 Sachen wurden gesehen." in said(desk.get(reverse("fund-stock-end", args=[1])))
    assert desk.get(reverse("fund-stock-report", args=[1])).status_code == 404
    desk.post(reverse("fund-stock-end", args=[1]))
    assert "Schlüssel" in said(desk.get(url))
    paper = PdfReader(BytesIO(desk.get(reverse("fund-stock-report", args=[1])).content))
    text = paper.pages[0].extract_text()
    assert "Inventur 1" in text
    assert "Fehlt (1)" in text
    table = said(desk.get(reverse("fund-stock-table", args=[1])))
    assert "Fehlt" in table
    assert ";=HYPERLINK" not in table
    late = desk.post(scan, {"ort": place.code, "ding": item.code}, headers={"X-Fragment": "1"})
    assert late.status_code == 409
    assert StockScan.objects.count() == 1
