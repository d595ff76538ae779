"""One deed for many things, each in a transaction of its own, with a result for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from lostfound.ending import auctions, data_media, entitlement, forwarding
from lostfound.ending.auctions import AlreadyLot, DataOnIt
from lostfound.ending.disposal import STEPS as WAYS
from lostfound.ending.entitlement import NobodyToTell, NotTheirs
from lostfound.ending.forwarding import Cover
from lostfound.ending.leaving import ClaimWaits, NotNow
from lostfound.law.agenda import Rule
from lostfound.law.disposal import Step
from lostfound.models import Auction, Deadline, DisposalItem, FoundItem, Lot, LotResult, Way
from lostfound.money import cash, proceeds
from lostfound.wording import KEPT, Words
from lostfound.workflow import IllegalMove
from townhall.models import User

MOST = 200


class Action(StrEnum):
    """German, because they stand in the address."""

    TELL = "benachrichtigung"
    NOTICE = "bekanntmachung"
    AUCTION = "versteigerung"
    SALE = "verkauf"
    GIFT = "spende"
    DESTRUCTION = "vernichtung"
    FORWARD = "weiterleitung"
    BOOK = "buchung"


# Which of the law's steps each needs: one of them must be allowed.
NEEDS: dict[Action, frozenset[Step]] = {
    Action.TELL: frozenset({Step.TELL_FINDER}),
    Action.NOTICE: frozenset({Step.PUBLISH_NOTICE}),
    Action.AUCTION: frozenset({Step.AUCTION, Step.AUCTION_ONLINE, Step.SELL_EARLY, Step.SELL}),
    Action.SALE: frozenset(WAYS[Way.SALE]),
    Action.GIFT: frozenset(WAYS[Way.GIFT]),
    Action.DESTRUCTION: frozenset(WAYS[Way.DESTRUCTION]),
    Action.FORWARD: frozenset({Step.FORWARD, Step.MONUMENT_AUTHORITY, Step.END_WITHOUT_FIND}),
    Action.BOOK: frozenset({Step.BOOK_PROCEEDS}),
}
WAY_OF = {
    Action.SALE: Way.SALE,
    Action.GIFT: Way.GIFT,
    Action.DESTRUCTION: Way.DESTRUCTION,
}


@dataclass(frozen=True)
class Result:
    """`problem` None: done. `said`: what it led to ("by post")."""

    item: FoundItem
    problem: Words | None = None
    said: str = ""


def may(deadline: Deadline, action: Action) -> bool:
    """As the board knows it; the deed asks the law again."""
    return bool({step["step"] for step in deadline.steps} & {step.value for step in NEEDS[action]})


def actions_for(deadline: Deadline) -> list[Action]:
    return [action for action in Action if may(deadline, action)]


def hindrances(rows: Sequence[Deadline], action: Action) -> dict[int, Words]:
    """By thing: why this deed is not for it, as far as one can say before it is tried."""
    pks = [row.item_id for row in rows]
    taken = _taken(pks, action)
    found = ((row.item_id, taken.get(row.item_id) or _hindrance(row, action)) for row in rows)
    return {pk: words for pk, words in found if words is not None}


# Before these somebody has to note what was done about the data on a thing.
_NEEDS_DATA_NOTE = frozenset({Action.AUCTION, Action.SALE, Action.GIFT})


def _hindrance(row: Deadline, action: Action) -> Words | None:
    if not may(row, action):
        return KEPT["claim"] if row.rule == Rule.CLAIM_WAITS else KEPT["not_now"]
    if action in _NEEDS_DATA_NOTE and not data_media.may_go_on(row.item):
        return KEPT["data"]
    return None


def _taken(pks: Sequence[int], action: Action) -> dict[int, Words]:
    """Those that stand in an auction or a proposal already. One statement at most."""
    if action is Action.AUCTION:
        lots = Lot.objects.filter(item__in=pks, result__in=[LotResult.OPEN, LotResult.SOLD])
        return dict.fromkeys(lots.values_list("item", flat=True), KEPT["lot"])
    if action in WAY_OF:
        entries = DisposalItem.objects.filter(item__in=pks, is_over=False)
        return dict.fromkeys(entries.values_list("item", flat=True), KEPT["proposed"])
    return {}


def tell_finders(items: Sequence[FoundItem], *, by: User) -> list[Result]:
    def tell(item: FoundItem) -> str:
        told = entitlement.tell_finder(item, by=by)
        last = told.events.filter(kind="finder_told").last()
        return str(last.facts["way"]) if last else ""

    return [_try(item, tell) for item in items]


def put_up(
    items: Sequence[FoundItem], choose: Callable[[], Auction], *, by: User
) -> tuple[list[Result], Auction | None]:
    """To an auction, one that is planned or a new one. All or nothing of the new one: without a
    lot there is no record of it (None).
    """
    with transaction.atomic():
        auction = choose()
        results = add_lots(items, auction, by=by)
        if any(result.problem is None for result in results) or auction.lots.exists():
            return results, auction
        auction.delete()
        return results, None


def add_lots(items: Sequence[FoundItem], auction: Auction, *, by: User) -> list[Result]:
    def add(item: FoundItem) -> str:
        return str(auctions.add(auction, item, by=by).number)

    return [_try(item, add) for item in items]


def forward(items: Sequence[FoundItem], cover: Cover, *, by: User) -> list[Result]:
    def go(item: FoundItem) -> str:
        forwarding.forward(item, cover, by=by)
        return ""

    return [_try(item, go) for item in items]


def book(items: Sequence[FoundItem], *, by: User) -> list[Result]:
    def settle(item: FoundItem) -> str:
        proceeds.settle(item, by=by)
        return ""

    return [_try(item, settle) for item in items]


def _try(item: FoundItem, deed: Callable[[FoundItem], str]) -> Result:
    try:
        return Result(item, said=deed(item))
    except FoundItem.DoesNotExist:
        return Result(item, KEPT["gone"])
    except ClaimWaits:
        return Result(item, KEPT["claim"])
    except (NotNow, NotTheirs, IllegalMove):
        return Result(item, KEPT["not_now"])
    except NobodyToTell:
        return Result(item, KEPT["nobody"])
    except DataOnIt:
        return Result(item, KEPT["data"])
    except AlreadyLot:
        return Result(item, KEPT["lot"])
    except auctions.OtherOffice:
        return Result(item, KEPT["other_office"])
    except cash.Overdrawn:
        return Result(item, KEPT["cash"])
