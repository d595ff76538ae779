"""What becomes of things that nobody fetches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from lostfound.ending import (
    auctions,
    data_media,
    deadlines,
    disposal,
    entitlement,
    forwarding,
    notices,
)
from lostfound.ending.disposal import Done, Kept, SameEyes, WrongStage
from lostfound.ending.forwarding import Cover
from lostfound.ending.leaving import NotNow
from lostfound.law.kinds import DataStep
from lostfound.models import (
    Account,
    Custody,
    Disclosure,
    DisposalState,
    Event,
    Finder,
    FindPlace,
    FoundItem,
    LotResult,
    Method,
    NoticeItem,
    Office,
    Party,
    Way,
    Whose,
)
from lostfound.money import cash, proceeds
from lostfound.personal import disclosure
from lostfound.terms import policy_of
from townhall.models import Letter, User

DAY = dt.timedelta(days=1)
Make = Callable[..., FoundItem]


def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def long_ago() -> dt.date:
    """So long that the six months are over."""
    return today() - dt.timedelta(days=200)


@pytest.fixture
def finders_own(make_item: Make, long_ago: dt.date) -> FoundItem:
    """Nobody came in six months, and its finder did not waive anything."""
    item = make_item(
        found_on=long_ago,
        regime="general",
        claims_ownership=True,
        value_cents=8000,
        has_finder=True,
    )
    Finder.objects.create(item=item, name="Erika Musterfrau", email="erika@example.org")
    return item


@pytest.fixture
def towns_own(make_item: Make, long_ago: dt.date) -> FoundItem:
    return make_item(found_on=long_ago, regime="general", value_cents=8000)


@pytest.fixture
def in_bus(make_item: Make) -> FoundItem:
    return make_item(found_on=today() - DAY, regime="verkehrsfund")


def steps(item: FoundItem, on: dt.date | None = None) -> set[str]:
    item = FoundItem.objects.get(pk=item.pk)
    return set(deadlines.allowed_now(item, on=on))


def end_notice(item: FoundItem, ended: dt.date) -> None:
    """As if it had hung out long enough."""
    notice = NoticeItem.objects.get(item=item).notice
    notice.posted_on, notice.ends_on = ended - 42 * DAY, ended
    notice.save()


# ── The finder's ─────────────────────────────────────────────────────────────────────────────
def test_a_finder_is_told_once_with_a_deadline_by_mail(finders_own: FoundItem, clerk: User) -> None:
    item = entitlement.tell_finder(finders_own, by=clerk)
    assert item.collection_ends
    assert (
        item.collection_ends >= today() + policy_of(item.office.municipality).collection_days * DAY
    )
    letter = Letter.objects.get(about=f"found:{item.code}")
    assert (letter.to, "Musterfrau" in letter.subject + letter.text) == ("erika@example.org", False)
    assert item.deadline.rule == "collection"
    with pytest.raises(NotNow):
        entitlement.tell_finder(item, by=clerk)


def test_a_finder_without_mail_gets_a_letter_on_paper(finders_own: FoundItem, clerk: User) -> None:
    Finder.objects.filter(item=finders_own).update(email="")
    item = entitlement.tell_finder(finders_own, by=clerk)
    assert not Letter.objects.exists()
    assert item.events.get(kind="finder_told").facts["way"] == "post"


def test_a_finder_who_wants_it_finds_it_ready_and_one_who_does_not_leaves_it_to_the_town(
    finders_own: FoundItem, clerk: User
) -> None:
    item = entitlement.finder_demands(finders_own, by=clerk)
    assert (item.state, item.deadline.rule) == ("ready", "demanded")
    item = entitlement.finder_declines(item, by=clerk)
    item.refresh_from_db()
    assert (item.state, item.claims_ownership) == ("held", False)
    assert steps(item) == {"sell", "give", "destroy"}


def test_nobody_is_told_before_it_is_theirs(make_item: Make, clerk: User) -> None:
    item = make_item(found_on=today(), regime="general", claims_ownership=True)
    with pytest.raises(NotNow):
        entitlement.tell_finder(item, by=clerk)
    with pytest.raises(entitlement.NotTheirs):
        entitlement.finder_demands(item, by=clerk)


# ── Notices ──────────────────────────────────────────────────────────────────────────────────
def test_a_notice_takes_what_the_law_asks_to_announce_and_names_the_rest(
    in_bus: FoundItem, towns_own: FoundItem, office: Office, clerk: User
) -> None:
    posted = notices.post(office, [in_bus, towns_own], by=clerk, posted_on=today())
    assert posted.notice
    assert ([each.pk for each in posted.taken], posted.refused) == ([in_bus.pk], (towns_own,))
    assert (str(posted.notice), posted.notice.number) == (f"1/{today().year}", 1)
    assert posted.notice.ends_on >= today() + 42 * DAY
    in_bus.refresh_from_db()
    assert in_bus.deadline.rule == "notice_runs"
    assert list(notices.hanging(on=posted.notice.ends_on, keys=[office.municipality.key]))
    assert not notices.hanging(on=posted.notice.ends_on + DAY, keys=[office.municipality.key])


def test_nothing_is_announced_backwards(in_bus: FoundItem, office: Office, clerk: User) -> None:
    with pytest.raises(notices.BadDay):
        notices.post(office, [in_bus], by=clerk, posted_on=today() - DAY)


def test_a_notice_says_of_money_only_that_it_was_found(
    make_item: Make, office: Office, clerk: User
) -> None:
    money = make_item("cash", regime="verkehrsfund", value_cents=123456, description="im Umschlag")
    notice = notices.post(office, [money], by=clerk, posted_on=today()).notice
    assert notice
    entry = notice.entries.get()
    assert entry.text == "Bargeld, gefunden am 2. März 2026"
    assert entry.place == "Bensheim"


# ── Auctions and their money ─────────────────────────────────────────────────────────────────
def test_an_auction_waits_for_its_notice_and_its_money_for_three_years(
    in_bus: FoundItem, office: Office, clerk: User, settings: Any
) -> None:
    sale = auctions.plan(office, name="Herbst", held_on=today(), place="Bauhof", by=clerk)
    with pytest.raises(NotNow):
        auctions.add(sale, in_bus, by=clerk)
    notices.post(office, [in_bus], by=clerk, posted_on=today())
    end_notice(in_bus, today() - DAY)
    lot = auctions.add(sale, in_bus, by=clerk, reserve_cents=500)
    with pytest.raises(auctions.AlreadyLot):
        auctions.add(sale, in_bus, by=clerk)
    auctions.knock_down(lot, cents=2500, costs_cents=300, method=Method.TRANSFER, by=clerk)
    item = FoundItem.objects.get(pk=in_bus.pk)
    assert (item.state, item.erase_on) == ("auctioned", None)
    assert cash.held(item, Account.PROCEEDS) == {Method.TRANSFER: 2200}
    assert item.deadline.rule == "proceeds_kept"
    assert proceeds.settle_due() == 0

    after = item.deadline.due_on
    assert proceeds.settle_due(on=after - DAY) == 0
    assert proceeds.settle_due(on=after) == 1
    assert proceeds.settle_due(on=after) == 0
    item.refresh_from_db()
    assert item.state == "booked"
    assert cash.held(item, Account.PROCEEDS) == {}
    line = item.ledger.order_by("number").last()
    assert (line.party, line.by) == (Party.TREASURY, None)
    assert item.erase_on


def test_a_private_bus_line_gets_the_proceeds_of_its_own_finds(
    in_bus: FoundItem, office: Office, clerk: User
) -> None:
    line = FindPlace.objects.create(
        municipality=office.municipality, name="Linie 675", kind="bus", operator="company"
    )
    FoundItem.objects.filter(pk=in_bus.pk).update(find_place=line)
    notices.post(office, [in_bus], by=clerk, posted_on=today())
    end_notice(in_bus, today() - DAY)
    sale = auctions.plan(office, name="Herbst", held_on=today(), place="Bauhof", by=clerk)
    lot = auctions.add(sale, in_bus, by=clerk)
    auctions.knock_down(lot, cents=1000, costs_cents=2000, method=Method.CARD, by=clerk)
    item = FoundItem.objects.get(pk=in_bus.pk)
    assert cash.held(item, Account.PROCEEDS) == {}  # the costs ate it
    lot.refresh_from_db()
    assert auctions.sums([lot]) == (1000, 1000)
    assert proceeds.beneficiary(item).value == "company"


def test_a_claim_in_time_stops_the_hammer(in_bus: FoundItem, office: Office, clerk: User) -> None:
    notices.post(office, [in_bus], by=clerk, posted_on=today())
    end_notice(in_bus, today() - DAY)
    sale = auctions.plan(office, name="Herbst", held_on=today(), place="Bauhof", by=clerk)
    lot = auctions.add(sale, in_bus, by=clerk)
    FoundItem.objects.filter(pk=in_bus.pk).update(registered_on=today() - 2 * DAY)
    with pytest.raises(NotNow):
        auctions.knock_down(lot, cents=2500, costs_cents=0, method=Method.CASH, by=clerk)
    lot.refresh_from_db()
    assert lot.result == LotResult.OPEN
    auctions.let_go(lot, LotResult.WITHDRAWN, by=clerk)
    with pytest.raises(auctions.LotIsOver):
        auctions.let_go(lot, LotResult.UNSOLD, by=clerk)


# ── Four eyes ────────────────────────────────────────────────────────────────────────────────
def test_a_gift_needs_two_people_and_a_witness(
    towns_own: FoundItem, office: Office, clerk: User, colleague: User
) -> None:
    proposed = disposal.propose(office, Way.GIFT, [towns_own], by=clerk, receiver="Kleiderkammer")
    row = proposed.disposal
    assert row
    with pytest.raises(SameEyes):
        disposal.approve(row, by=clerk)
    disposal.approve(row, by=colleague)
    with pytest.raises(SameEyes):
        disposal.carry_out(row, Done(by=clerk, witness=clerk, done_on=today()))
    row = disposal.carry_out(row, Done(by=clerk, witness=colleague, done_on=today()))
    with pytest.raises(WrongStage):
        disposal.carry_out(row, Done(by=clerk, witness=colleague, done_on=today()))
    item = FoundItem.objects.get(pk=towns_own.pk)
    assert (item.state, row.state) == ("given", DisposalState.DONE)
    assert Custody.objects.get(item=item).witness == colleague
    assert not hasattr(item, "deadline")


def test_the_database_refuses_one_pair_of_eyes(office: Office, clerk: User) -> None:
    with pytest.raises(IntegrityError):
        office.disposals.create(
            way="gift", proposed_at=timezone.now(), proposed_by=clerk, decided_by=clerk
        )


def test_what_the_law_no_longer_allows_stays_here(
    towns_own: FoundItem, in_bus: FoundItem, office: Office, clerk: User, colleague: User
) -> None:
    found = disposal.propose(
        office, Way.DESTRUCTION, [towns_own, in_bus], by=clerk, reason="defekt"
    )
    assert found.disposal
    assert found.kept == {in_bus.pk: Kept.NOT_NOW}
    again = disposal.propose(office, Way.GIFT, [towns_own], by=clerk)
    assert (again.disposal, again.kept) == (None, {towns_own.pk: Kept.PROPOSED})
    # the owner came in time, as it turns out, and the finder knew
    FoundItem.objects.filter(pk=towns_own.pk).update(known_to_finder_on=towns_own.found_on)
    disposal.approve(found.disposal, by=colleague)
    entry = found.disposal.entries.get()
    assert (entry.kept_because, entry.is_over) == (Kept.NOT_NOW, True)


def test_a_phone_is_given_away_only_after_its_data_were_dealt_with(
    make_item: Make, long_ago: dt.date, office: Office, clerk: User
) -> None:
    phone = make_item("phone", found_on=long_ago, regime="general", value_cents=8000)
    assert disposal.propose(office, Way.GIFT, [phone], by=clerk).kept == {phone.pk: Kept.DATA}
    with pytest.raises(data_media.NotThisStep):
        data_media.note(phone, DataStep.HAND_ON_AS_IT_IS, by=clerk)
    data_media.note(phone, DataStep.KEEP, by=clerk)
    assert disposal.propose(office, Way.GIFT, [phone], by=clerk).kept == {phone.pk: Kept.DATA}
    data_media.note(phone, DataStep.ERASE, by=clerk)
    assert disposal.propose(office, Way.GIFT, [phone], by=clerk).disposal


# ── Elsewhere ────────────────────────────────────────────────────────────────────────────────
def test_papers_leave_when_nobody_has_fetched_the_purse(make_item: Make, clerk: User) -> None:
    purse = make_item("purse", found_on=today(), regime="general")
    paper = make_item("identity_paper", found_on=today(), regime="general", part_of=purse)
    cover = Cover("issuing_authority", "Bürgerbüro Bensheim", "Kirchbergstraße 18, 64625 Bensheim")
    with pytest.raises(NotNow):
        forwarding.forward(paper, cover, by=clerk)
    early = today() - 15 * DAY
    FoundItem.objects.update(found_on=early, notice_on=early)
    forwarding.forward(paper, cover, by=clerk)
    paper.refresh_from_db()
    purse.refresh_from_db()
    assert (paper.state, purse.state) == ("forwarded", "held")
    assert forwarding.addressees(paper)[:2] == ["issuing_authority", "office_of_residence"]


def test_what_was_found_elsewhere_goes_on_at_that_office(
    make_item: Make, other_office: Office, clerk: User, stranger: User
) -> None:
    Office.objects.filter(pk=other_office.pk).update(email="fund@lorsch.example")
    other_office.refresh_from_db()
    bag = make_item("bag", found_on=today(), regime="general")
    make_item("keys", found_on=today(), regime="general", part_of=bag)
    forwarding.move(bag, other_office, by=clerk)
    assert FoundItem.objects.visible_to(clerk).count() == 0
    assert FoundItem.objects.visible_to(stranger).count() == 2
    assert Letter.objects.get().to == "fund@lorsch.example"
    assert {each.office_id for each in other_office.deadlines.all()} == {other_office.pk}


# ── Addresses ────────────────────────────────────────────────────────────────────────────────
def test_an_address_leaves_for_a_reward_alone_and_it_is_noted(
    finders_own: FoundItem, clerk: User
) -> None:
    with pytest.raises(disclosure.NoGround):
        disclosure.tell(finders_own, Whose.FINDER, by=clerk)
    FoundItem.objects.filter(pk=finders_own.pk).update(claims_reward=True)
    told = disclosure.tell(finders_own, Whose.FINDER, by=clerk)
    assert told
    assert told.name == "Erika Musterfrau"
    disclosure.look(finders_own, Whose.FINDER, by=clerk)
    assert list(Disclosure.objects.values_list("to", flat=True)) == ["staff", "owner"]
    assert "Erika" not in str(list(Event.objects.values_list("text", "facts")))


# ── Every night ──────────────────────────────────────────────────────────────────────────────
def test_a_night_reckons_everything_once_whatever_was_missed(
    in_bus: FoundItem, towns_own: FoundItem
) -> None:
    assert deadlines.reckon_all() == 2
    assert deadlines.reckon_all() == 0
    later = today() + 3 * DAY
    assert deadlines.reckon_all(on=later) == 2
    FoundItem.objects.filter(pk=in_bus.pk).update(state="ended", closed_at=timezone.now())
    assert deadlines.reckon_all(on=later + DAY) == 2
    in_bus.refresh_from_db()
    assert not hasattr(FoundItem.objects.get(pk=in_bus.pk), "deadline")
