"""How things left the house: handed over, announced, auctioned, given away, passed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from django.utils import formats, timezone, translation

from lostfound import law
from lostfound.ending.notices import last_day
from lostfound.law.kinds import Addressee, handling
from lostfound.models import (
    Auction,
    Claim,
    Disposal,
    DisposalItem,
    DisposalState,
    Forwarding,
    FoundItem,
    Handover,
    Lot,
    LotResult,
    Notice,
    NoticeItem,
    Proceeds,
    ReceiptBy,
    Receiver,
    Way,
)
from lostfound.personal import keeping
from lostfound.workflow import CLOSED, State

from .found_losses import Asking
from .found_offices import Town
from .found_things import Thing

_WAYS = {State.SOLD: Way.SALE, State.GIVEN: Way.GIFT, State.DESTROYED: Way.DESTRUCTION}
_RECEIVERS = {Way.SALE: "Händler für Gebrauchtes (Demo)", Way.GIFT: "Sozialkaufhaus (Demo)"}
_AUTHORITIES = {
    Addressee.ISSUING_AUTHORITY: "Bürgerbüro (Demo)",
    Addressee.FEDERAL_FOUND_PAPERS: "Bundesverwaltungsamt, Fundpapierstelle",
    Addressee.ISSUER: "Bank (Demo)",
}


def load_endings(
    towns: Mapping[str, Town],
    things: Sequence[Thing],
    claims: Iterable[Asking],
    *,
    now: dt.datetime,
) -> None:
    today = timezone.localdate(now)
    _handovers(things, {id(each.claim.item): each.claim for each in claims})
    for slug in sorted(towns):
        mine = [each for each in things if each.item.office.slug == slug]
        _notices(towns[slug], mine, today)
        _auction(towns[slug], mine)
        _disposals(towns[slug], mine, now)
    _forwardings(things)
    _keep(things)


def _handovers(things: Iterable[Thing], claims: Mapping[int, Claim]) -> None:
    receivers = {State.RELEASED: Receiver.OWNER, State.TO_FINDER: Receiver.FINDER}
    rows = []
    for each in things:
        receiver = receivers.get(each.state)
        if receiver is None:
            continue
        item, claim = each.item, claims.get(id(each.item))
        person = claim.claimant.name if claim else each.finder.name if each.finder else "Unbekannt"
        rows.append(
            Handover(
                item=item,
                claim=claim,
                client_id=uuid5(NAMESPACE_URL, f"handover {item.code}"),
                receiver=receiver,
                name=person,
                receipt=ReceiptBy.PAPER,
                ground="§ 975 S. 3 BGB" if item.regime == law.Regime.GENERAL else "§ 978 BGB",
                facts={
                    "regime": item.regime,
                    "consent": item.consent,
                    "consent_on": item.consent_on and item.consent_on.isoformat(),
                    "condition": item.consent_condition,
                    "money": [],
                    "things": [
                        {"code": row.code, "state": State.READY} for row in (item, *each.parts)
                    ],
                },
                at=each.events[-1].at,
                by=each.events[-1].actor,
            )
        )
    Handover.objects.bulk_create(rows)


def _notices(town: Town, things: Sequence[Thing], today: dt.date) -> None:
    """One that is over, one that hangs out; the rest has still to be announced."""
    under = [
        each
        for each in things
        if each.state in {State.HELD, State.AUCTIONED}
        and each.item.regime in {law.Regime.VERKEHRSFUND, law.Regime.UNANBRINGBAR}
        and each.item.notice_on <= today - dt.timedelta(days=14)
        and each.item.kind not in {"identity_paper", "foreign_paper", "card"}
    ]
    old = [each for each in under if each.item.notice_on <= today - dt.timedelta(days=100)]
    fresh = [each for each in under if each not in old and each.state is State.HELD]
    _notice(town, old, today - dt.timedelta(days=75), number=1)
    _notice(town, fresh[: len(fresh) * 2 // 3], today - dt.timedelta(days=12), number=2)


def _notice(town: Town, things: Sequence[Thing], posted_on: dt.date, *, number: int) -> None:
    if not things:
        return
    notice = Notice.objects.create(
        office=town.office,
        year=posted_on.year,
        number=number,
        posted_on=posted_on,
        ends_on=last_day(town.office, posted_on),
        made_at=dt.datetime.combine(posted_on, dt.time(8), tzinfo=dt.UTC),
        made_by=town.staff[0],
    )
    NoticeItem.objects.bulk_create(
        NoticeItem(
            notice=notice,
            item=each.item,
            position=position,
            text=_coarse(each.item),
            place=town.office.municipality.name,
        )
        for position, each in enumerate(things, start=1)
    )


def _coarse(item: FoundItem) -> str:
    with translation.override("de"):
        day = formats.date_format(item.found_on, "j. F Y")
        return f"{item.thing.label}, gefunden am {day}"


def _auction(town: Town, things: Sequence[Thing]) -> None:
    """What was auctioned went under one hammer; the proceeds wait three years."""
    gone = [each for each in things if each.state is State.AUCTIONED and each.item.closed_at]
    if not gone:
        return
    at = max(each.item.closed_at for each in gone if each.item.closed_at)
    held_on = timezone.localdate(at)
    auction = Auction.objects.create(
        office=town.office,
        name=f"Versteigerung {held_on:%m/%Y}",
        held_on=held_on,
        place="Bauhof",
        made_at=at,
        made_by=town.staff[0],
    )
    Lot.objects.bulk_create(
        Lot(
            auction=auction, item=each.item, number=number, result=LotResult.SOLD, reserve_cents=500
        )
        for number, each in enumerate(gone, start=1)
    )
    Proceeds.objects.bulk_create(
        Proceeds(
            item=each.item,
            cents=max(500, (each.item.value_cents or 2000) // 2),
            costs_cents=150,
            received_on=held_on,
        )
        for each in gone
    )


def _disposals(town: Town, things: Sequence[Thing], now: dt.datetime) -> None:
    """One after the other in the past, by two or three people; one waits for the second pair."""
    second = town.staff[1] if len(town.staff) > 1 else None
    for state, way in _WAYS.items():
        gone = [each.item for each in things if each.state is state]
        if not gone or second is None:
            continue
        at = max(item.closed_at for item in gone if item.closed_at)
        disposal = Disposal.objects.create(
            office=town.office,
            way=way,
            state=DisposalState.DONE,
            reason="Frist nach § 973 BGB abgelaufen, Eigentum der Stadt (§ 976 BGB)",
            receiver=_RECEIVERS.get(way, ""),
            proposed_at=at - dt.timedelta(days=5),
            proposed_by=town.staff[0],
            decided_at=at - dt.timedelta(days=3),
            decided_by=second,
            done_on=timezone.localdate(at),
            done_at=at,
            done_by=town.staff[0],
            witness=second,
        )
        _enter(disposal, gone, is_over=True)
    due = [
        each.item
        for each in things
        if each.state is State.HELD
        and each.item.regime == law.Regime.GENERAL
        and not each.item.claims_ownership
        and each.item.notice_on < timezone.localdate(now) - dt.timedelta(days=190)
    ]
    if due:
        disposal = Disposal.objects.create(
            office=town.office,
            way=Way.GIFT,
            reason="Regal C muss frei werden",
            receiver=_RECEIVERS[Way.GIFT],
            proposed_at=now - dt.timedelta(days=1),
            proposed_by=town.staff[0],
        )
        _enter(disposal, due[:3], is_over=False)


def _enter(disposal: Disposal, items: Sequence[FoundItem], *, is_over: bool) -> None:
    DisposalItem.objects.bulk_create(
        DisposalItem(
            disposal=disposal,
            item=item,
            position=position,
            proceeds_cents=(item.value_cents or 0) // 3 if disposal.way == Way.SALE else 0,
            is_over=is_over,
        )
        for position, item in enumerate(items, start=1)
    )


def _forwardings(things: Iterable[Thing]) -> None:
    rows = []
    for each in things:
        to = next(iter(handling(each.item.law_kind).forward_to), None)
        if each.state is State.FORWARDED and to:
            item = each.item
            receiver = _AUTHORITIES.get(to, "Behörde (Demo)")
            rows.append(
                Forwarding(
                    item=item,
                    to=to,
                    receiver=receiver,
                    at=each.events[-1].at,
                    by=each.events[-1].actor,
                )
            )
    Forwarding.objects.bulk_create(rows)


def _keep(things: Iterable[Thing]) -> None:
    """How long what was closed stays, as `keeping` says it."""
    closed = [
        row for each in things for row in (each.item, *each.parts) if State(row.state) in CLOSED
    ]
    for row in closed:
        row.erase_on = keeping.kept_until(row)
    FoundItem.objects.bulk_update(closed, ["erase_on"], batch_size=200)
