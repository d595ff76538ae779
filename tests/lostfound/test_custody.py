"""A log of custody without a hole, whatever people do with things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lostfound.ending import forwarding
from lostfound.models import Custody, FoundItem, Holder, LedgerLine, Method, Office, StoragePlace
from lostfound.money import cash, counting
from lostfound.receiving import intake
from lostfound.storing import custody, scans, stocktaking, storage
from lostfound.workflow import OPEN, State
from townhall.models import User

pytestmark = pytest.mark.django_db
INSIDE = {Holder.COUNTER, Holder.SHELF, Holder.SAFE, Holder.STAFF, Holder.UNKNOWN}
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "put_away",
                "take_out",
                "staff",
                "miss",
                "move_all",
                "stocktaking",
                "count",
                "forward",
                "move",
                "back",
                "new",
            ]
        ),
        st.integers(0, 7),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=14,
)


class House:
    """An office where anything may happen to anything."""

    def __init__(self, office: Office, other: Office, people: list[User]) -> None:
        self.offices = [office, other]
        self.people = people
        self.places: list[StoragePlace] = []
        self.take_in("purse")
        self.take_in("umbrella")

    def take_in(self, kind: str) -> None:
        today = dt.date(2026, 3, 2)
        facts = intake.Facts(
            kind=kind,
            found_on=today,
            notice_on=today,
            place_text="Lindenweg",
            no_mark_visible=True,
            is_anonymous=True,
        )
        parts = (intake.Part("cash"), intake.Part("keys")) if kind == "purse" else ()
        draft = intake.Draft(uuid4(), facts, parts=parts, publish=False)
        intake.take_in(draft, office=self.offices[0], by=self.people[0])

    def act(self, deed: str, which: int, where: int) -> None:
        items = list(FoundItem.objects.select_related("office__municipality").order_by("pk"))
        item, place, by = items[which % len(items)], self.places[where], self.people[where % 2]
        match deed:
            case "put_away":
                storage.put_away(item, place, by=by)
            case "take_out":
                storage.take_out(item, by=by)
            case "staff":
                storage.take_out(item, to=Holder.STAFF, by=by)
            case "miss":
                storage.miss(item, by=by)
            case "move_all":
                codes = [each.code for each in items]
                storage.move_all(codes, self.places[which % 4], place, by=by)
            case "stocktaking":
                begun = stocktaking.start(self.offices[0], by=by)
                stocktaking.scan(begun, place, scans.read(item.code, by=by), by=by)
                stocktaking.finish(begun, by=by)
            case "count":
                method = Method.SEALED if where % 2 else Method.CASH
                for person in self.people:
                    counting.count(item, by=person, cents=5000 + which, method=method)
            case "forward":
                cover = forwarding.Cover(forwarding.OTHER_OFFICE, "Fundbüro Worms", "Worms")
                forwarding.forward(item, cover, by=by)
            case "move":
                forwarding.move(item, self.offices[where % 2], by=by)
            case "back" if item.state == State.FORWARDED:
                item.state, item.closed_at = State.HELD, None
                item.save()
                custody.pass_on(item, Holder.COUNTER, by=by, reason="zurück")
            case "new":
                self.take_in("purse")


REFUSED = (
    storage.NotHere,
    storage.OtherOffice,
    storage.NeverStored,
    counting.NotCountable,
    counting.SamePerson,
    counting.Settled,
    forwarding.NotNow,
)


def assert_no_hole() -> None:
    for item in FoundItem.objects.select_related("storage__site"):
        log = list(Custody.objects.filter(item=item).order_by("number"))
        assert [entry.number for entry in log] == list(range(1, len(log) + 1))
        assert log == sorted(log, key=lambda entry: entry.at)
        last = log[-1]
        if item.storage:
            assert last.place == item.storage.label
            assert last.holder in {Holder.SHELF, Holder.SAFE, Holder.UNKNOWN}
        else:
            assert last.holder != Holder.SHELF
        assert (item.missing_since is not None) == (last.holder == Holder.UNKNOWN)
        if item.state in OPEN:
            on_its_way = item.events.filter(kind="forwarded").exists()
            assert last.holder in INSIDE | ({Holder.OFFICE} if on_its_way else set())
        else:
            assert last.holder in custody.OUTSIDE
        if item.kind == "cash":
            is_out = last.holder in custody.OUTSIDE
            counted = item.value_cents if item.value == "exact" else 0
            assert sum(cash.held(item).values()) == (0 if is_out else counted)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
@example(deeds=[("move", 0, 1), ("count", 1, 1)])  # counted where it came to, and sealed again
def test_no_walk_through_the_house_leaves_a_hole(
    deeds: list[tuple[str, int, int]],
    office: Office,
    other_office: Office,
    clerk: User,
    colleague: User,
    make_place: Callable[..., StoragePlace],
) -> None:
    with transaction.atomic():
        house = House(office, other_office, [clerk, colleague])
        house.places = [make_place(f"Fach {n}") for n in range(3)]
        house.places.append(make_place("", "Tresor", is_safe=True))
        for deed, which, where in deeds:
            with suppress(*REFUSED), transaction.atomic():
                house.act(deed, which, where)
            assert_no_hole()
        transaction.set_rollback(True)


def test_nothing_can_end_while_it_lies_in_storage(
    make_item: Callable[..., FoundItem], make_place: Callable[..., StoragePlace], clerk: User
) -> None:
    item = storage.put_away(make_item(), make_place(), by=clerk)
    with pytest.raises(IntegrityError, match="item_closed_is_out_of_storage"), transaction.atomic():
        FoundItem.objects.filter(pk=item.pk).update(state="destroyed")


def test_money_takes_its_lines_along(
    make_item: Callable[..., FoundItem], clerk: User, colleague: User
) -> None:
    item = make_item("cash")
    for person in (clerk, colleague):
        counting.count(item, by=person, cents=5000)
    item.refresh_from_db()
    custody.pass_on(item, Holder.OWNER, by=clerk)
    assert cash.held(item) == {}
    custody.pass_on(item, Holder.COUNTER, by=clerk, reason="undone")
    assert cash.held(item) == {Method.CASH: 5000}
    custody.pass_on(item, Holder.FINDER, by=clerk)
    parties = list(LedgerLine.objects.order_by("number").values_list("cents", "party"))
    assert parties == [(5000, "other"), (-5000, "owner"), (5000, "owner"), (-5000, "finder")]
