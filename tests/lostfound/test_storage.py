"""Putting away and taking out, and a log of custody without a hole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lostfound.models import Custody, FoundItem, Holder, Office, StoragePlace
from lostfound.storing import scans, storage
from lostfound.storing.storage import NeverStored, NotHere, OtherOffice, OutOfUse
from townhall.models import User

pytestmark = pytest.mark.django_db
Items = Callable[..., FoundItem]
Places = Callable[..., StoragePlace]


def log(item: FoundItem) -> list[tuple[int, str, str]]:
    rows = Custody.objects.filter(item=item).order_by("number")
    return [(row.number, row.holder, row.place) for row in rows]


def test_a_thing_is_put_away_and_taken_out(
    make_item: Items, make_place: Places, clerk: User
) -> None:
    item = storage.put_away(make_item(), make_place(), by=clerk)
    assert item.storage is not None
    assert item.storage.name == "Regal A, Fach 1"
    item = storage.take_out(item, by=clerk, reason="Abholung")
    assert item.storage is None
    assert log(item) == [
        (1, Holder.SHELF, "Rathaus: Regal A, Fach 1"),
        (2, Holder.COUNTER, ""),
    ]
    assert [event.kind for event in item.events.all()] == ["stowed", "taken_out"]


def test_scanned_twice_is_put_away_once(make_item: Items, make_place: Places, clerk: User) -> None:
    item, place = make_item(), make_place()
    storage.put_away(item, place, by=clerk)
    storage.put_away(item, place, by=clerk)
    assert len(log(item)) == 1


def test_what_is_in_a_purse_goes_with_it_unless_it_lies_elsewhere(
    make_item: Items, make_place: Places, clerk: User
) -> None:
    purse = make_item("purse")
    keys, cash = make_item("keys", part_of=purse), make_item("cash", part_of=purse)
    safe = make_place("", "Tresor", is_safe=True)
    storage.put_away(cash, safe, by=clerk)
    shelf = make_place()
    storage.put_away(purse, shelf, by=clerk)
    keys.refresh_from_db()
    cash.refresh_from_db()
    assert (keys.storage, cash.storage) == (shelf, safe)
    storage.take_out(purse, by=clerk)
    assert [len(log(each)) for each in (purse, keys, cash)] == [2, 2, 1]
    assert log(cash) == [(1, Holder.SAFE, "Rathaus: Tresor")]


def test_what_is_missing_is_looked_for_at_its_place_and_found_again(
    make_item: Items, make_place: Places, clerk: User
) -> None:
    item, place = make_item(), make_place()
    storage.put_away(item, place, by=clerk)
    item = storage.miss(item, by=clerk)
    assert item.missing_since is not None
    assert item.storage == place
    item = storage.put_away(item, place, by=clerk)
    assert item.missing_since is None
    assert [row[1] for row in log(item)] == [Holder.SHELF, Holder.UNKNOWN, Holder.SHELF]
    assert item.events.last().kind == "found_again"


def test_a_shelf_is_emptied_in_one_go(make_item: Items, make_place: Places, clerk: User) -> None:
    start, goal = make_place(), make_place("Fach 2")
    items = [storage.put_away(make_item(), start, by=clerk) for _ in range(3)]
    storage.take_out(items[0], by=clerk)
    moved = storage.move_all([each.code for each in items], start, goal, by=clerk)
    assert (moved.count, moved.left) == (2, 1)
    assert FoundItem.objects.filter(storage=goal).count() == 2


def test_some_things_may_not_lie_there(
    make_item: Items, make_place: Places, clerk: User, other_office: Office
) -> None:
    place = make_place()
    with pytest.raises(NotHere):
        storage.put_away(make_item(state="with_finder"), place, by=clerk)
    with pytest.raises(NeverStored):
        storage.put_away(make_item("weapon"), place, by=clerk)
    with pytest.raises(OtherOffice):
        storage.put_away(make_item(), make_place(office=other_office), by=clerk)
    with pytest.raises(OutOfUse):
        storage.put_away(make_item(), make_place("Fach 9", is_active=False), by=clerk)
    assert not Custody.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "{code}",
        "{shown}",
        " {lower} ",
        "https://fund.example/amt/fund/sache/{code}",
        "https>&&fund.example&amt&fund&sache&{code}",
        "httpsÖ--fund.example-amt-fund-sache-{code}",
        "{half}ß{rest}",
        "F-26-0210",
        "f-26-0210",
        "F 26 210",
    ],
)
def test_a_scanner_may_type_a_thing_in_many_ways(text: str, make_item: Items, clerk: User) -> None:
    item = make_item(code="7K3F9QMX", file_number="F-26-0210")
    typed = text.format(
        code=item.code,
        shown=item.shown_code,
        lower=item.code.lower(),
        half=item.code[:4],
        rest=item.code[4:],
    )
    assert scans.read(typed, by=clerk).item == item


def test_a_place_is_read_by_code_or_name(make_place: Places, clerk: User, stranger: User) -> None:
    place = make_place("Fach 3", "Regal B")
    assert scans.read(place.code, by=clerk).place == place
    for said in ("regal b,  fach 3", "Regal B Fach 3", "RegalB,Fach3"):
        assert scans.read(said, by=clerk).place == place
    assert not scans.read(place.code, by=stranger).is_known
    for nonsense in ("", "\0", "x" * 9000, "Regal Z", "=cmd()", "🧤🧤🧤🧤"):
        assert not scans.read(nonsense, by=clerk).is_known
