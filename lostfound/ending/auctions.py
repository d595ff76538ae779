"""Auctions (§ 979): a record of lots, reserves and results. Bidding happens elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from lostfound.ending import data_media
from lostfound.ending.leaving import leave, locked_for
from lostfound.law.disposal import Step
from lostfound.models import (
    Auction,
    EventKind,
    FoundItem,
    Holder,
    Lot,
    LotResult,
    Method,
    Office,
)
from lostfound.money import proceeds
from lostfound.recording import locked, record
from lostfound.workflow import State
from townhall.models import User

# What is put under the hammer in law's eyes: after a notice, early, or as the town's own.
_STEPS = (Step.AUCTION, Step.AUCTION_ONLINE, Step.SELL_EARLY, Step.SELL)


@dataclass(eq=False)
class DataOnIt(Exception):
    """Nobody has noted what was done about the data on it."""

    item: FoundItem


@dataclass(eq=False)
class OtherOffice(Exception):
    """A thing of another office."""

    item: FoundItem


@dataclass(eq=False)
class AlreadyLot(Exception):
    """It is a lot of an auction already."""

    item: FoundItem


@dataclass(eq=False)
class LotIsOver(Exception):
    """The lot has its result."""

    lot: Lot


def plan(office: Office, *, name: str, held_on: dt.date, place: str, by: User) -> Auction:
    return Auction.objects.create(
        office=office,
        name=name,
        held_on=held_on,
        place=place,
        made_at=timezone.now(),
        made_by=by,
    )


def add(auction: Auction, item: FoundItem, *, by: User, reserve_cents: int = 0) -> Lot:
    """Put up the thing, if the law allows it on the auction's day. Raises NotNow, DataOnIt,
    OtherOffice, AlreadyLot.
    """
    if item.office_id != auction.office_id:
        raise OtherOffice(item)
    day = max(timezone.localdate(), auction.held_on)
    with transaction.atomic():
        Auction.objects.select_for_update().get(pk=auction.pk)
        item, _step = locked_for(item, *_STEPS, on=day)
        if not data_media.may_go_on(item):
            raise DataOnIt(item)
        last = Lot.objects.filter(auction=auction).aggregate(n=Max("number"))["n"] or 0
        try:
            with transaction.atomic():
                lot = Lot.objects.create(
                    auction=auction, item=item, number=last + 1, reserve_cents=reserve_cents
                )
        except IntegrityError:
            raise AlreadyLot(item) from None
        record(item, EventKind.LOT_MADE, by=by, facts={"auction": auction.pk, "lot": lot.number})
        return lot


def knock_down(
    lot: Lot,
    *,
    cents: int,
    costs_cents: int,
    method: Method,
    by: User,
    on: dt.date | None = None,
) -> Lot:
    """Sold: the thing goes, its money lies in its place. Raises LotIsOver; NotNow where somebody
    entitled has come since.
    """
    with transaction.atomic():
        lot = _locked(lot)
        item, step = locked_for(lot.item, *_STEPS, on=on)
        lot.result = LotResult.SOLD
        lot.save(update_fields=["result"])
        proceeds.take(
            item,
            cents,
            costs_cents=costs_cents,
            in_trust=step is not Step.SELL,
            method=method,
            by=by,
            key=f"lot-{lot.pk}",
            on=on,
        )
        facts = {"auction": lot.auction_id, "lot": lot.number, "cents": cents}
        leave(
            item,
            State.AUCTIONED if step is not Step.SELL else State.SOLD,
            to=Holder.BUYER,
            kind=EventKind.AUCTIONED,
            by=by,
            facts=facts | {"costs_cents": costs_cents},
        )
        return lot


def let_go(lot: Lot, result: LotResult, *, by: User) -> Lot:
    """No bid, or withdrawn: the thing stays, and may be put up again. Raises LotIsOver."""
    with transaction.atomic():
        lot = _locked(lot)
        item = locked(lot.item)
        lot.result = result
        lot.save(update_fields=["result"])
        facts = {"auction": lot.auction_id, "lot": lot.number, "result": str(result)}
        record(item, EventKind.LOT_CLOSED, by=by, facts=facts)
        return lot


def _locked(lot: Lot) -> Lot:
    lot = Lot.objects.select_for_update(of=("self",)).select_related("item").get(pk=lot.pk)
    if lot.result != LotResult.OPEN:
        raise LotIsOver(lot)
    return lot


def sums(lots: Sequence[Lot]) -> tuple[int, int]:
    """Proceeds and costs of the lots, cents. One statement."""
    money = proceeds.open_money(lot.item for lot in lots if lot.result == LotResult.SOLD)
    return (
        sum(each.cents for each in money.values()),
        sum(each.costs_cents for each in money.values()),
    )
