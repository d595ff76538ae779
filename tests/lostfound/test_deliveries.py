"""Sammelannahme: what police, pool or carrier bring in one list."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lostfound.models import Custody, Delivery, FoundItem, Holder, Office
from lostfound.receiving import deliveries
from townhall.models import User

pytestmark = pytest.mark.django_db

PASTED = (
    "Art\tFundtag\tFarbe\tBeschreibung\tFundort\tAbgegeben am\tZeichen\n"
    "Rucksack\t{found}\tschwarz\tSchulsachen\tBus 675\t{handed}\tL-12\n"
    "Regenschirm\t{found}\trot\tHolzgriff\tBus 677\t\tL-13\n"
)


@pytest.fixture
def desk(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


@pytest.fixture
def sheet() -> Callable[..., dict[str, Any]]:
    day = timezone.localdate() - dt.timedelta(days=3)
    later = day + dt.timedelta(days=1)

    def make(**changes: Any) -> dict[str, Any]:
        text = PASTED.format(found=f"{day:%d.%m.%Y}", handed=later.isoformat())
        return {
            "client_id": str(uuid.uuid4()),
            "source": "transport",
            "carrier": "Bergstraßenbus",
            "pasted": text,
            "action": "look",
            **changes,
        }

    return make


def test_a_pasted_list_is_looked_at_and_taken_in_as_a_whole(
    desk: Client, sheet: Callable[..., dict[str, Any]], office: Office
) -> None:
    page = desk.post(reverse("fund-deliveries"), sheet())
    assert page.status_code == 200
    assert "2 Zeilen können angenommen werden." in page.content.decode()
    assert not FoundItem.objects.exists()

    done = desk.post(reverse("fund-deliveries"), sheet(action="save"))

    delivery = Delivery.objects.get()
    assert done["Location"].endswith(delivery.code)
    first, second = delivery.items.order_by("pk")
    today = timezone.localdate()
    assert (first.kind, first.colour, first.source_reference) == ("backpack", "black", "L-12")
    assert first.found_on < first.handed_over_on < first.notice_on == today
    assert second.handed_over_on == second.found_on
    assert first.regime == "verkehrsfund"
    assert first.claims_reward is None
    holders = Custody.objects.filter(item=first).values_list("holder", flat=True)
    assert list(holders) == [Holder.CARRIER, Holder.COUNTER]
    assert first.file_number != second.file_number
    paper = desk.get(reverse("fund-delivery-receipt", args=[delivery.code]))
    assert paper.content.startswith(b"%PDF")
    assert first.file_number in desk.get(done["Location"]).content.decode()


def test_one_wrong_cell_keeps_the_whole_list_out(
    desk: Client, sheet: Callable[..., dict[str, Any]]
) -> None:
    bad = sheet(action="save") | {
        "kind-0": "Quarkstrudel",
        "found_on-0": "gestern",
        "place-0": "Bus",
        "kind-1": "Pistole",
        "found_on-1": timezone.localdate().isoformat(),
        "place-1": "Bus",
    }
    page = desk.post(reverse("fund-deliveries"), bad)

    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#kind-0"' in text
    assert 'href="#found_on-0"' in text
    assert 'href="#kind-1"' in text
    assert "Quarkstrudel" in text
    assert not FoundItem.objects.exists()
    assert not Delivery.objects.exists()


def test_the_same_list_twice_is_one_delivery(
    desk: Client, sheet: Callable[..., dict[str, Any]], office: Office, clerk: User
) -> None:
    data = sheet(action="save")
    assert desk.post(reverse("fund-deliveries"), data)["Location"]
    assert desk.post(reverse("fund-deliveries"), data)["Location"]
    assert Delivery.objects.count() == 1
    assert FoundItem.objects.count() == 2

    changed = desk.post(reverse("fund-deliveries"), data | {"carrier": "Andere"})
    assert changed.status_code == 303
    assert Delivery.objects.count() == 1


def test_what_the_police_bring_cannot_be_given_back_by_law(
    desk: Client, sheet: Callable[..., dict[str, Any]]
) -> None:
    desk.post(reverse("fund-deliveries"), sheet(action="save", source="police"))
    assert set(FoundItem.objects.values_list("regime", flat=True)) == {"unanbringbar"}


def test_a_list_without_a_head_goes_by_the_order_of_columns() -> None:
    rows = deliveries.pasted("Handy;schwarz;Sprung;Freibad;1.7.2026;;P-1\r\n\r\n;;;;;;")
    assert rows[0]["kind"] == "Handy"
    assert rows[0]["found_on"] == "1.7.2026"
    assert deliveries.is_empty(rows[1])
    assert deliveries.pasted("") == []


@pytest.mark.parametrize("nonsense", ["\x00", "\t" * 500, "a\n" * 300, '"";"";"'])
def test_nonsense_is_no_list(
    desk: Client, sheet: Callable[..., dict[str, Any]], nonsense: str
) -> None:
    page = desk.post(reverse("fund-deliveries"), sheet(pasted=nonsense, action="save"))
    assert page.status_code == 422
    assert not Delivery.objects.exists()


def test_lists_are_for_the_counter_that_took_them_in(
    desk: Client, stranger: User, sheet: Callable[..., dict[str, Any]], make_user: Any
) -> None:
    url = desk.post(reverse("fund-deliveries"), sheet(action="save"))["Location"]
    other = Client()
    other.force_login(stranger)
    assert other.get(url).status_code == 404
    assert other.get(f"{url}/quittung.pdf").status_code == 404
    assert Client().get(reverse("fund-deliveries")).status_code == 302
    elsewhere = Client()
    elsewhere.force_login(make_user("bauhof"))
    assert elsewhere.get(reverse("fund-deliveries")).status_code == 403
