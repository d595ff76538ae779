"""The pages of the till: two people, one sum, no way around the second pair of eyes."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from lostfound.models import Account, Closing, FoundItem, LedgerLine, Office, Party
from lostfound.money import cash
from townhall.models import User

pytestmark = pytest.mark.django_db
Items = Callable[..., FoundItem]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def test_found_money_is_counted_on_two_screens(
    make_item: Items, clerk: User, colleague: User
) -> None:
    item = make_item("cash", file_number="F-26-0007")
    url = reverse("fund-cash-count", args=[item.code])
    first, second = signed_in(clerk), signed_in(colleague)
    assert "F-26-0007" in said(first.get(reverse("fund-cash")))
    wrong = first.post(url, {"n5000": "1", "total": "40,00", "method": "cash"})
    assert wrong.status_code == 422
    assert "ergeben 50,00" in said(wrong)
    assert first.post(url, {"method": "cash"}).status_code == 422
    assert first.post(url, {"n5000": "1", "n50": "5", "method": "cash"}).status_code == 303
    assert "52,50" in said(first.get(url))
    blind = said(second.get(url))
    assert "52,50" not in blind
    assert "ohne den Betrag zu kennen" in blind
    again = first.post(url, {"total": "52,50", "method": "cash"})
    assert "Jetzt muss jemand anders zählen" in said(again)
    done = second.post(url, {"total": "52,50", "method": "cash"}, follow=True)
    assert "Beide haben 52,50" in said(done)
    page = said(first.get(reverse("fund-cash")))
    assert "Fundgeld, verwahrt" in page
    assert "52,50" in said(first.get(reverse("fund-item", args=[item.code])))


def test_a_line_is_booked_once_and_taken_back(office: Office, clerk: User) -> None:
    desk, url = signed_in(clerk), reverse("fund-cash-line")
    sent = {
        "key": str(uuid4()),
        "way": "in",
        "account": "float",
        "cents": "100,00",
        "party": "treasury",
        "method": "cash",
        "note": '=HYPERLINK("http://x")',
    }
    assert desk.get(url).status_code == 200
    assert desk.post(url, {**sent, "cents": "0"}).status_code == 422
    assert desk.post(url, {**sent, "thing": "F-99"}).status_code == 422
    assert desk.post(url, {"key": "x", "way": "up"}).status_code == 422
    for _twice in range(2):
        assert desk.post(url, sent).status_code == 303
    assert desk.post(url, {**sent, "cents": "5"}).status_code == 422
    (line,) = LedgerLine.objects.all()
    table = said(desk.get(reverse("fund-cash-table")))
    assert "'=HYPERLINK" in table
    assert ";100,00;" in table
    back = reverse("fund-cash-reversal", args=[line.number])
    assert desk.post(back, {"note": ""}).status_code == 422
    assert desk.post(back, {"note": "vertippt"}).status_code == 303
    assert desk.post(back, {"note": "vertippt"}).status_code == 422
    assert cash.in_till(office) == 0


def test_the_day_is_closed_on_two_screens(office: Office, clerk: User, colleague: User) -> None:
    cash.book(office, Account.FEE, 1260, party=Party.OWNER, by=clerk, key="fee")
    first, second = signed_in(clerk), signed_in(colleague)
    url, end = reverse("fund-closing"), reverse("fund-closing-end")
    differs = first.post(url, {"n1000": "1", "n100": "2"})
    assert differs.status_code == 422
    assert "weichen um −0,60" in said(differs)
    assert first.post(url, {"n1000": "1", "n100": "2", "reason": "Restgeld"}).status_code == 303
    page = said(second.get(url))
    when = page.split('name="gezaehlt" value="')[1].split('"')[0]
    assert "Nachgesehen" not in said(first.get(url))
    first.post(end, {"gezaehlt": when})
    second.post(end, {"gezaehlt": "gestern"})
    assert Closing.objects.get().number is None
    second.post(end, {"gezaehlt": when})
    assert Closing.objects.get().number == 1
    paper = PdfReader(BytesIO(first.get(reverse("fund-closing-report", args=[1])).content))
    text = paper.pages[0].extract_text()
    for words in ("Tagesabschluss 1", "12,60", "12,00", "Restgeld", "1 × 10 €"):
        assert words in text
    first.post(url, {"total": "12,00"})
    second.post(end, {"verwerfen": "1"})
    assert Closing.objects.count() == 1


def test_the_till_is_shut_to_others(
    client: Client, stranger: User, dispatcher: User, clerk: User, office: Office, make_item: Items
) -> None:
    item = make_item("cash")
    cash.book(office, Account.FEE, 260, party=Party.OWNER, by=clerk, key="fee")
    pages = [
        reverse("fund-cash"),
        reverse("fund-cash-table"),
        reverse("fund-closing"),
        reverse("fund-cash-count", args=[item.code]),
        reverse("fund-cash-reversal", args=[1]),
    ]
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(dispatcher)
    assert {client.get(page).status_code for page in pages} == {403}
    client.force_login(stranger)
    assert [client.get(page).status_code for page in pages] == [200, 200, 200, 404, 404]
    assert "2,60" not in said(client.get(pages[0])) + said(client.get(pages[1]))


def test_the_ledger_is_filtered_and_turned_over(
    office: Office, clerk: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(60):
        cash.book(office, Account.FEE, 100 + n, party=Party.OWNER, by=clerk, key=f"fee-{n}")
    desk, url = signed_in(clerk), reverse("fund-cash")
    with django_assert_max_num_queries(14):
        page = said(desk.get(url))
    assert "?vor=11" in page
    assert "1,59" in page
    older = said(desk.get(url, {"vor": "11"}))
    assert "Zu den neuesten" in older
    for nonsense in ({"account": "x"}, {"since": "x", "vor": "²"}, {"until": "2026-99-99"}):
        assert desk.get(url, nonsense).status_code == 200
    assert "Keine Buchungen." in said(desk.get(url, {"account": "reward"}))
