"""Nothing leaves for good while somebody waits who says that it is theirs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from lostfound.claiming import claims
from lostfound.ending import auctions, deadlines, disposal, entitlement, forwarding
from lostfound.ending.disposal import Done, Kept
from lostfound.ending.entitlement import NotTheirs
from lostfound.ending.forwarding import Cover
from lostfound.ending.leaving import ClaimWaits
from lostfound.law.disposal import FOR_GOOD, Holding, Step, Waiting, next_steps
from lostfound.law.kinds import Kind
from lostfound.law.ownership import Course, standing
from lostfound.law.regime import Regime
from lostfound.models import (
    Auction,
    Claim,
    Deadline,
    Disposal,
    FoundItem,
    LossReport,
    Match,
    MatchState,
    Office,
    Way,
)
from lostfound.money import proceeds
from townhall.models import Municipality, User

DAY = dt.timedelta(days=1)
Make = Callable[..., FoundItem]


def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def towns_own(make_item: Make) -> FoundItem:
    """Nobody came in six months: sale, gift and destruction are open."""
    return make_item(found_on=today() - 200 * DAY, regime="general", value_cents=8000)


@pytest.fixture
def claim_to() -> Callable[..., Claim]:
    def make(thing: FoundItem, **changes: object) -> Claim:
        now = timezone.now()
        known = {
            "client_id": uuid.uuid4(),
            "code": uuid.uuid4().hex[:8].upper(),
            "capability_digest": uuid.uuid4().hex,
            "capability_expires_at": now + DAY,
            "received_at": now,
            "wanted": thing.code,
            "item": thing,
        }
        return Claim.objects.create(**known | changes)

    return make


# ── The law ──────────────────────────────────────────────────────────────────────────────────
def over(regime: Regime, **changes: object) -> Holding:
    """Six months or the notice are over."""
    long_ago = today() - 300 * DAY
    course = Course(found=long_ago, notice=long_ago, value_cents=8000, ownership_waived=True)
    return Holding(
        regime,
        standing=standing(course, on=today()),
        notice_ends=today() - DAY,
        **changes,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("waiting", Waiting)
@pytest.mark.parametrize("regime", [Regime.GENERAL, Regime.VERKEHRSFUND, Regime.KEIN_FUND])
@pytest.mark.parametrize("kind", [Kind.OTHER, Kind.KEYS, Kind.CASH, Kind.PERISHABLE, Kind.CARD])
def test_whoever_waits_is_answered_before_anything_leaves(
    regime: Regime, waiting: Waiting, kind: Kind
) -> None:
    free = {each.step for each in next_steps(over(regime, kind=kind), on=today())}
    held = [each.step for each in next_steps(over(regime, kind=kind, waiting=waiting), on=today())]
    assert held[0] is Step.SETTLE_CLAIM
    assert free & FOR_GOOD or kind is Kind.CASH
    assert not FOR_GOOD & set(held)


def test_a_weapon_and_an_animal_leave_at_once_all_the_same() -> None:
    for kind in (Kind.WEAPON, Kind.ANIMAL):
        held = over(Regime.GENERAL, kind=kind, waiting=Waiting.UNDECIDED)
        assert next_steps(held, on=today())[0].step is Step.FORWARD


# ── Every way out ────────────────────────────────────────────────────────────────────────────
def test_no_way_out_is_open_while_a_claim_waits(
    towns_own: FoundItem, office: Office, clerk: User, claim_to: Callable[..., Claim]
) -> None:
    claim_to(towns_own, item=None)  # no job has looked it up yet
    for way in Way:
        found = disposal.propose(office, way, [towns_own], by=clerk)
        assert found.kept == {towns_own.pk: Kept.CLAIM}
    auction = auctions.plan(office, name="x", held_on=today(), place="x", by=clerk)
    with pytest.raises(ClaimWaits):
        auctions.add(auction, towns_own, by=clerk)
    with pytest.raises(ClaimWaits):
        proceeds.settle(towns_own, by=clerk)
    for to in ("police", "other_office"):
        with pytest.raises(ClaimWaits):
            forwarding.forward(towns_own, Cover(to, "x"), by=clerk)


def test_a_claim_stops_what_was_approved_and_what_lies_under_the_hammer(
    towns_own: FoundItem,
    make_item: Make,
    office: Office,
    clerk: User,
    colleague: User,
    claim_to: Callable[..., Claim],
) -> None:
    lot_item = make_item(found_on=today() - 200 * DAY, regime="general", value_cents=9000)
    auction = auctions.plan(office, name="x", held_on=today(), place="x", by=clerk)
    lot = auctions.add(auction, lot_item, by=clerk)
    row = disposal.propose(office, Way.DESTRUCTION, [towns_own], by=clerk).disposal
    assert row is not None
    disposal.approve(row, by=colleague)
    claim = claim_to(towns_own)
    claim_to(lot_item)
    disposal.carry_out(row, Done(by=clerk, witness=colleague, done_on=today()))
    assert row.entries.get().kept_because == Kept.CLAIM
    with pytest.raises(ClaimWaits):
        auctions.knock_down(lot, cents=100, costs_cents=0, method=auctions.Method.CASH, by=clerk)
    claims.withdraw(claim)
    assert disposal.propose(office, Way.GIFT, [towns_own], by=clerk).disposal


def test_an_owners_word_that_this_is_it_counts_until_it_is_settled(
    towns_own: FoundItem, office: Office, clerk: User, town: Municipality
) -> None:
    now = timezone.now()
    loss = LossReport.objects.create(
        code="AAAA2222",
        client_id=uuid.uuid4(),
        kind="umbrella",
        lost_from=today(),
        lost_until=today(),
        municipality=town,
        reported_at=now,
        watch_until=today() + DAY,
        capability_digest="x",
        capability_expires_at=now + DAY,
    )
    match = Match.objects.create(
        loss=loss,
        item=towns_own,
        score=0.9,
        made_at=now,
        state=MatchState.IS_IT,
        decided_at=now,
    )
    assert disposal.propose(office, Way.GIFT, [towns_own], by=clerk).disposal is None
    Match.objects.filter(pk=match.pk).update(state=MatchState.REJECTED)
    assert disposal.propose(office, Way.GIFT, [towns_own], by=clerk).disposal


def test_a_part_waits_for_the_claim_to_its_whole(
    towns_own: FoundItem, make_item: Make, office: Office, claim_to: Callable[..., Claim]
) -> None:
    part = make_item("keys", part_of=towns_own, regime="general")
    claim_to(towns_own)
    deadlines.reckon_all()
    rows = {row.item_id: (row.step, row.rule) for row in Deadline.objects.all()}
    assert rows[part.pk] == rows[towns_own.pk] == ("settle_claim", "claim_waits")


def test_a_finder_gets_nothing_that_was_claimed_in_time(
    make_item: Make, clerk: User, claim_to: Callable[..., Claim]
) -> None:
    item = make_item(
        found_on=today() - 200 * DAY, regime="general", value_cents=8000, claims_ownership=True
    )
    claim_to(item, received_at=timezone.now() - 100 * DAY)
    with pytest.raises(NotTheirs):
        entitlement.finder_demands(item, by=clerk)


# ── On the pages ─────────────────────────────────────────────────────────────────────────────
def test_the_board_says_why_before_anything_is_sent(
    client: Client,
    clerk: User,
    towns_own: FoundItem,
    make_item: Make,
    claim_to: Callable[..., Claim],
) -> None:
    claim_to(towns_own)
    phone = make_item("phone", found_on=today() - 200 * DAY, regime="general", value_cents=9000)
    deadlines.reckon_all()
    client.force_login(clerk)
    sent = {"sache": [towns_own.code, phone.code]}
    page = client.get("/amt/fund/fristen/versteigerung", sent).content.decode()
    assert "Jemand beansprucht die Sache. Klären Sie zuerst den Anspruch." in page
    assert "Es ist nicht vermerkt, was mit den Daten darauf geschehen ist." in page
    assert "disabled" in page
    shown = client.get("/amt/fund/fristen", {"frist": "alle"}).content.decode()
    assert "Anspruch klären" in shown


def test_an_auction_of_nothing_is_not_written_down(
    client: Client, clerk: User, towns_own: FoundItem, claim_to: Callable[..., Claim]
) -> None:
    deadlines.reckon_all()
    claim_to(towns_own)  # after the page was shown
    client.force_login(clerk)
    sent = {
        "sache": [towns_own.code],
        "name": "Frühjahr",
        "held_on": f"{today():%d.%m.%Y}",
        "place": "Hof",
    }
    answer = client.post("/amt/fund/fristen/versteigerung", sent).content.decode()
    assert "Es wurde keine Versteigerung angelegt" in answer
    assert not Auction.objects.exists()
    Claim.objects.update(state="rejected")
    client.post("/amt/fund/fristen/versteigerung", sent)
    assert Auction.objects.get().lots.get().item == towns_own
    assert not Disposal.objects.exists()
