"""Whose it became, and what is said about it: §§ 974, 976 BGB. One transaction per deed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from lostfound.ending import deadlines, entitlement_letters
from lostfound.ending.leaving import leave, locked_for
from lostfound.law.disposal import Step
from lostfound.law.ownership import Owner
from lostfound.law.periods import Period, ends
from lostfound.models import Claim, Claimant, ClaimState, EventKind, Finder, FoundItem, Holder
from lostfound.recording import locked, record
from lostfound.workflow import State
from townhall import letters
from townhall.models import User


@dataclass(eq=False)
class NobodyToTell(Exception):
    """No name is known to write to."""

    item: FoundItem


@dataclass(eq=False)
class NotTheirs(Exception):
    """It is not the finder's on that day."""

    item: FoundItem
    owner: Owner


def tell_finder(item: FoundItem, *, by: User, on: dt.date | None = None) -> FoundItem:
    """Tell the finder that they own it, and until when to demand it (§ 976 Abs. 2).

    By e-mail where there is one; else the counter prints the letter (`by_post`). Raises NotNow,
    NobodyToTell.
    """
    on = on or timezone.localdate()
    with transaction.atomic():
        item, _step = locked_for(item, Step.TELL_FINDER, on=on)
        finder = Finder.objects.filter(item=item).first()
        if finder is None:
            raise NobodyToTell(item)
        item.collection_ends = _last_day(item, Period.COLLECTION, on)
        way = "mail" if finder.email else "post"
        facts = {"until": item.collection_ends.isoformat(), "way": way}
        record(item, EventKind.FINDER_TOLD, by=by, facts=facts)
        if finder.email:
            letters.post(entitlement_letters.finder_owns(item, finder))
        return item


def finder_demands(item: FoundItem, *, by: User, on: dt.date | None = None) -> FoundItem:
    """The finder wants what is theirs: it waits for them. Again = no change. Raises NotTheirs."""
    on = on or timezone.localdate()
    with transaction.atomic():
        item = locked(item)
        owner = deadlines.standing_of(item, on=on).owner
        if owner is not Owner.FINDER:
            raise NotTheirs(item, owner)
        if item.demanded_on is None:
            item.demanded_on = on
            if item.state == State.HELD:
                item.state = State.READY
            record(item, EventKind.FINDER_DEMANDS, by=by)
        return item


def finder_declines(item: FoundItem, *, by: User, on: dt.date | None = None) -> FoundItem:
    """The finder waives ownership (§ 976 Abs. 1), now or in advance: it goes to the town.

    Again = no change. Raises NotTheirs where it is somebody else's already.
    """
    on = on or timezone.localdate()
    with transaction.atomic():
        item = locked(item)
        owner = deadlines.standing_of(item, on=on).owner
        if owner not in {Owner.FINDER, Owner.OPEN, Owner.ENTITLED} and item.claims_ownership:
            raise NotTheirs(item, owner)
        if item.claims_ownership or item.demanded_on:
            item.claims_ownership = False
            item.demanded_on = None
            if item.state == State.READY and owner is Owner.FINDER:
                item.state = State.HELD
            record(item, EventKind.FINDER_DECLINES, by=by)
        return item


def ask_declaration(item: FoundItem, *, by: User, on: dt.date | None = None) -> FoundItem:
    """The finder demands that the entitled say whether they meet the finder's claims (§ 974).

    A new demand sets a new day. Raises NotTheirs where nobody entitled has come, NobodyToTell
    where no confirmed claim says whom to write to.
    """
    on = on or timezone.localdate()
    with transaction.atomic():
        item = locked(item)
        owner = deadlines.standing_of(item, on=on).owner
        if owner is not Owner.ENTITLED:
            raise NotTheirs(item, owner)
        claimant = entitled(item)
        if claimant is None:
            raise NobodyToTell(item)
        item.declaration_ends = _last_day(item, Period.DECLARATION, on)
        item.accepted_on = None
        way = "mail" if claimant.email else "post"
        facts = {"until": item.declaration_ends.isoformat(), "way": way}
        record(item, EventKind.DECLARATION_ASKED, by=by, facts=facts)
        if claimant.email:
            letters.post(entitlement_letters.declaration(item, claimant))
        return item


def accept(item: FoundItem, *, by: User, on: dt.date | None = None) -> FoundItem:
    """The entitled meet the finder's claims, in time. Again = no change. Raises NotTheirs."""
    on = on or timezone.localdate()
    with transaction.atomic():
        item = locked(item)
        owner = deadlines.standing_of(item, on=on).owner
        if owner is not Owner.ENTITLED:
            raise NotTheirs(item, owner)
        if item.accepted_on is None:
            item.accepted_on = on
            record(item, EventKind.ACCEPTED, by=by)
        return item


def close_case(item: FoundItem, *, by: User) -> FoundItem:
    """What the finder kept at home is the finder's: nothing is left to do. Raises NotNow."""
    with transaction.atomic():
        item, _step = locked_for(item, Step.CLOSE_CASE)
        leave(item, State.TO_FINDER, to=Holder.FINDER, kind=EventKind.CASE_CLOSED, by=by)
        return item


def entitled(item: FoundItem) -> Claimant | None:
    """Whose claim was confirmed, while it is known."""
    return (
        Claimant.objects.filter(
            claim__in=Claim.objects.filter(item=item, state=ClaimState.CONFIRMED)
        )
        .select_related("claim")
        .order_by("-claim__decided_at")
        .first()
    )


def _last_day(item: FoundItem, period: Period, on: dt.date) -> dt.date:
    house = deadlines.house_of(item)
    return ends(period, on, is_working_day=house.calendar.is_working_day, policy=house.policy)
