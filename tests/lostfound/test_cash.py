"""Found money: counted by two, booked once, closed every day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lostfound.models import (
    Account,
    Closing,
    Custody,
    FoundItem,
    Holder,
    LedgerLine,
    Method,
    Office,
    Party,
)
from lostfound.money import cash, closing, counting
from lostfound.money.closing import NeedsReason, NothingToConfirm
from lostfound.money.counting import NotCountable, SamePerson, Settled, Stand
from townhall.models import User

pytestmark = pytest.mark.django_db
Items = Callable[..., FoundItem]


def test_money_is_booked_when_two_people_count_the_same(
    make_item: Items, clerk: User, colleague: User, office: Office
) -> None:
    item = make_item("cash")
    assert [each.pk for each in counting.waiting(office)] == [item.pk]
    assert counting.count(item, by=clerk, cents=5250).stand == Stand.ONE
    assert not LedgerLine.objects.exists()
    done = counting.count(item, by=colleague, cents=5250, denominations={5000: 1, 50: 5})
    assert (done.stand, done.cents) == (Stand.SETTLED, 5250)
    (line,) = LedgerLine.objects.all()
    assert (line.account, line.cents, line.by, line.witness) == (
        Account.FOUND_CASH,
        5250,
        colleague,
        clerk,
    )
    item.refresh_from_db()
    assert (item.value, item.value_cents) == ("exact", 5250)
    assert Custody.objects.get(item=item).witness == clerk
    assert not counting.waiting(office)
    with pytest.raises(Settled):
        counting.count(item, by=clerk, cents=1)


def test_a_difference_is_counted_again(make_item: Items, clerk: User, colleague: User) -> None:
    item = make_item("cash")
    counting.count(item, by=clerk, cents=5250)
    assert counting.count(item, by=colleague, cents=5200).stand == Stand.DIFFERENT
    counting.count(item, by=colleague, cents=5250)
    done = counting.count(item, by=clerk, cents=5250)
    assert done.stand == Stand.SETTLED
    assert [[each.cents for each in round_] for round_ in done.rounds] == [
        [5250, 5200],
        [5250, 5250],
    ]


def test_nobody_is_their_own_second(make_item: Items, clerk: User) -> None:
    item = make_item("cash")
    counting.count(item, by=clerk, cents=5250)
    with pytest.raises(SamePerson):
        counting.count(item, by=clerk, cents=5250)
    assert counting.count(item, by=clerk, cents=5350).rounds[0][0].cents == 5350
    with pytest.raises(NotCountable):
        counting.count(make_item("umbrella"), by=clerk, cents=1)


def test_money_may_stay_with_its_purse(
    make_item: Items, clerk: User, colleague: User, office: Office
) -> None:
    item = make_item("cash", part_of=make_item("purse"))
    counting.count(item, by=clerk, cents=2000)
    counting.count(item, by=colleague, cents=2000, method=Method.SEALED)
    assert cash.held(item) == {Method.SEALED: 2000}
    assert cash.in_till(office) == 0
    assert Custody.objects.get(item=item).holder == Holder.COUNTER
    cash.pay_out(item, party=Party.OWNER, by=clerk, key="release")
    cash.pay_out(item, party=Party.OWNER, by=clerk, key="release")
    assert cash.held(item) == {}


def test_the_same_deed_is_booked_once(make_item: Items, office: Office, clerk: User) -> None:
    deed = {"party": Party.OWNER, "by": clerk, "key": "fee-1"}
    first = cash.book(office, Account.FEE, 260, **deed)
    assert cash.book(office, Account.FEE, 260, **deed) == first
    with pytest.raises(cash.KeyTaken):
        cash.book(office, Account.FEE, 520, **deed)
    with pytest.raises(cash.NothingToBook):
        cash.book(office, Account.FEE, 0, **deed | {"key": "fee-2"})
    item = make_item()
    cash.book(office, Account.REWARD, 500, item=item, **deed | {"key": "in"})
    with pytest.raises(cash.Overdrawn):
        cash.book(office, Account.REWARD, -501, item=item, **deed | {"key": "out"})


def test_a_mistake_is_taken_back_once(office: Office, clerk: User) -> None:
    line = cash.book(office, Account.FEE, 260, party=Party.OWNER, by=clerk, key="fee")
    back = cash.reverse(line, by=clerk, note="falsch")
    assert (back.cents, back.reverses, cash.in_till(office)) == (-260, line, 0)
    for again in (line, back):
        with pytest.raises(cash.AlreadyReversed):
            cash.reverse(again, by=clerk, note="")


def test_the_database_lets_nobody_change_the_book(office: Office, clerk: User) -> None:
    cash.book(office, Account.FEE, 260, party=Party.OWNER, by=clerk, key="fee")
    for change in (
        lambda: LedgerLine.objects.update(cents=1),
        lambda: LedgerLine.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_day_is_closed_by_two(office: Office, clerk: User, colleague: User) -> None:
    cash.book(office, Account.FEE, 1000, party=Party.OWNER, by=clerk, key="fee")
    cash.book(office, Account.FEE, 500, party=Party.OWNER, by=clerk, key="card", method=Method.CARD)
    with pytest.raises(NeedsReason):
        closing.count_till(office, by=clerk, cents=950)
    counted = closing.count_till(office, by=clerk, cents=950, reason="50 Cent zu wenig")
    when = counted.counted_at.isoformat()
    with pytest.raises(SamePerson):
        closing.confirm(office, by=clerk, counted_at=when)
    with pytest.raises(NothingToConfirm):
        closing.confirm(office, by=colleague, counted_at="2026-01-01")
    done = closing.confirm(office, by=colleague, counted_at=when)
    assert (done.number, done.difference_cents, cash.in_till(office)) == (1, -50, 950)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.update(counted_cents=1000)
    assert closing.sheet(done).opening == 0

    cash.book(office, Account.FEE, 200, party=Party.OWNER, by=clerk, key="late")
    counted = closing.count_till(office, by=colleague, cents=1150)
    second = closing.confirm(office, by=clerk, counted_at=counted.counted_at.isoformat())
    paper = closing.sheet(second)
    assert (second.number, paper.first, paper.opening) == (2, 3, 1000)
    assert [(row.account, row.cents_in, row.cents_out) for row in paper.rows] == [
        (Account.FEE, 200, 0),
        (Account.DIFFERENCE, 0, -50),
    ]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(list(Account)),
            st.integers(-5000, 5000),
            st.sampled_from(list(Method)),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_the_ledger_has_no_holes_and_adds_up(
    moves: list[tuple[Account, int, Method, bool]],
    office: Office,
    clerk: User,
) -> None:
    with transaction.atomic():
        for n, (account, cents, method, is_wrong) in enumerate(moves):
            if cents == 0:
                continue
            line = cash.book(
                office, account, cents, party=Party.OTHER, method=method, by=clerk, key=f"k{n}"
            )
            if is_wrong:
                cash.reverse(line, by=clerk, note="falsch")
        lines = list(LedgerLine.objects.filter(office=office).order_by("number"))
        assert [line.number for line in lines] == list(range(1, len(lines) + 1))
        till = 0
        for line in lines:
            till += line.cents if line.method == Method.CASH else 0
            assert line.till_cents == till
        assert cash.in_till(office) == till
        transaction.set_rollback(True)
