"""Is everything there? Snapshot, scan, compare, put the books right.

Several people scan at once; each scan waits a moment for the one before it. Who scanned what is
kept as it happened (StockScan); what counts for a thing is where it was seen last (StockEntry).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lostfound import live
from lostfound.models import (
    Custody,
    FoundItem,
    Office,
    Outcome,
    StockEntry,
    StockScan,
    Stocktaking,
    StoragePlace,
    StorageSite,
)
from lostfound.storing import storage
from lostfound.storing.scans import Scanned
from lostfound.workflow import OPEN
from townhall.models import User


@dataclass(eq=False)
class UnderWay(Exception):
    """The office has a stocktaking that isn't finished yet."""

    stocktaking: Stocktaking


@dataclass(eq=False)
class Finished(Exception):
    """Too late: it is finished, and stays as it is."""

    stocktaking: Stocktaking


class Verdict(StrEnum):
    """What one scan says."""

    THERE = "there"
    ELSEWHERE = "elsewhere"
    SURPLUS = "surplus"
    AGAIN = "again"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Seen:
    """`entry` is None for what nobody knows; `before`: where it was seen until now."""

    verdict: Verdict
    text: str
    entry: StockEntry | None = None
    before: StoragePlace | None = None
    before_by: User | None = None


@dataclass(frozen=True)
class Tally:
    expected: int
    seen: int
    elsewhere: int
    surplus: int
    unknown: int

    @property
    def open(self) -> int:
        """Expected and not seen anywhere."""
        return self.expected - self.seen


def start(
    office: Office, *, by: User, site: StorageSite | None = None, shelf: str = ""
) -> Stocktaking:
    """Begin, with what the books have in storage now. Raises UnderWay."""
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True, of=("self",)).get(pk=office.pk)
        known = office.stocktakings.filter(finished_at=None).first()
        if known:
            raise UnderWay(known)
        last = office.stocktakings.aggregate(last=Max("number"))["last"] or 0
        stocktaking = Stocktaking.objects.create(
            office=office,
            number=last + 1,
            site=site,
            shelf=shelf,
            started_at=timezone.now(),
            started_by=by,
        )
        StockEntry.objects.bulk_create(
            [
                StockEntry(stocktaking=stocktaking, item_id=item, expected_id=place)
                for item, place in _in_books(stocktaking).values_list("pk", "storage_id")
            ],
            batch_size=2000,
        )
        live.ring_stocktaking(stocktaking)
        return stocktaking


def _in_books(stocktaking: Stocktaking) -> QuerySet[FoundItem]:
    items = FoundItem.objects.filter(
        office=stocktaking.office_id, state__in=OPEN, storage__isnull=False
    )
    if stocktaking.site_id:
        items = items.filter(storage__site=stocktaking.site_id)
    if stocktaking.shelf:
        items = items.filter(storage__shelf=stocktaking.shelf)
    return items.alone().order_by("storage__site", "storage__position", "pk")


def scan(stocktaking: Stocktaking, place: StoragePlace, scanned: Scanned, *, by: User) -> Seen:
    """Note that a thing lies at the place. What lies inside another stands for the whole.

    Raises Finished.
    """
    with transaction.atomic():
        stocktaking = _locked(stocktaking)
        item = scanned.item
        if item is not None and item.office_id != stocktaking.office_id:
            item = None
        StockScan.objects.create(
            stocktaking=stocktaking,
            place=place,
            item=item,
            text="" if item else scanned.text[-40:],
            at=timezone.now(),
            by=by,
        )
        seen = _enter(stocktaking, place, item, by) if item else Seen(Verdict.UNKNOWN, scanned.text)
        live.ring_stocktaking(stocktaking)
        return seen


def _enter(stocktaking: Stocktaking, place: StoragePlace, item: FoundItem, by: User) -> Seen:
    whole = item.part_of
    if whole is not None and item.storage_id is not None and whole.storage_id == item.storage_id:
        item = whole
    entry = (
        StockEntry.objects.filter(stocktaking=stocktaking, item=item)
        .select_related("expected__site", "seen__site", "seen_by")
        .first()
    ) or StockEntry(stocktaking=stocktaking, item=item)
    before, before_by = entry.seen, entry.seen_by
    entry.item, entry.seen, entry.seen_at, entry.seen_by = item, place, timezone.now(), by
    entry.save()
    return Seen(_verdict(entry, before), item.title, entry, before, before_by)


def _verdict(entry: StockEntry, before: StoragePlace | None) -> Verdict:
    if before is not None and before.pk == entry.seen_id:
        return Verdict.AGAIN
    if entry.expected_id is None:
        return Verdict.SURPLUS
    return Verdict.THERE if entry.expected_id == entry.seen_id else Verdict.ELSEWHERE


def tally(stocktaking: Stocktaking) -> Tally:
    """Two statements."""
    counted: Counter[str] = Counter()
    for expected, seen in stocktaking.entries.values_list("expected_id", "seen_id"):
        counted["expected"] += expected is not None
        counted["seen"] += expected is not None and seen is not None
        counted["elsewhere"] += None not in (expected, seen) and expected != seen
        counted["surplus"] += expected is None
    return Tally(
        **{name: counted[name] for name in ("expected", "seen", "elsewhere", "surplus")},
        unknown=stocktaking.scans.filter(item=None).count(),
    )


def differences(stocktaking: Stocktaking) -> QuerySet[StockEntry]:
    """Entries that are not simply there: unseen, elsewhere, or not expected; by place."""
    return (
        stocktaking.entries.exclude(expected=F("seen"), expected__isnull=False)
        .select_related("item__office", "expected__site", "seen__site", "seen_by")
        .order_by("expected__site", "expected__position", "pk")
    )


def finish(stocktaking: Stocktaking, *, by: User) -> Stocktaking:
    """End it, and put the books right: what lay elsewhere is booked there, what was nowhere is
    missing. Whatever moved after it was seen, or left meanwhile, stays as the books have it.

    Raises Finished.
    """
    with transaction.atomic():
        stocktaking = _locked(stocktaking)
        entries = list(
            stocktaking.entries.select_related("item", "expected__site", "seen__site").order_by(
                "item_id"
            )
        )
        moved = _last_moves(entry.item_id for entry in entries)
        reason = _("Stocktaking %(number)d") % {"number": stocktaking.number}
        outcomes: dict[Outcome, list[int]] = {}
        for entry in entries:
            since = entry.seen_at or stocktaking.started_at
            has_moved = moved.get(entry.item_id, since) > since
            outcome = _outcome(entry, has_moved=has_moved)
            outcomes.setdefault(outcome, []).append(entry.pk)
            if not has_moved:
                _put_right(entry, outcome, by=by, reason=reason)
        for outcome, keys in outcomes.items():
            StockEntry.objects.filter(pk__in=keys).update(outcome=outcome)
        stocktaking.finished_at, stocktaking.finished_by = timezone.now(), by
        stocktaking.save(update_fields=["finished_at", "finished_by"])
        live.ring_stocktaking(stocktaking)
        return stocktaking


def _outcome(entry: StockEntry, *, has_moved: bool) -> Outcome:
    if entry.seen_id is None:
        return Outcome.GONE if has_moved else Outcome.MISSING
    if entry.expected_id is None:
        return Outcome.SURPLUS
    return Outcome.THERE if entry.expected_id == entry.seen_id else Outcome.MOVED


def _put_right(entry: StockEntry, outcome: Outcome, *, by: User, reason: str) -> None:
    if entry.item.state not in storage.HERE:
        return
    if outcome == Outcome.MISSING:
        storage.miss(entry.item, by=by, reason=reason)
    elif entry.seen is not None and (
        entry.item.storage_id != entry.seen_id or entry.item.missing_since is not None
    ):
        # What may not lie there stays among the differences, for people to decide.
        with suppress(storage.NeverStored, storage.OutOfUse):
            storage.put_away(entry.item, entry.seen, by=by, reason=reason)


def _last_moves(items: Iterable[int]) -> Mapping[int, dt.datetime]:
    rows = (
        Custody.objects.filter(item__in=list(items))
        .order_by("item_id", "-number")
        .distinct("item_id")
        .values_list("item_id", "at")
    )
    return dict(rows)


@dataclass(frozen=True)
class Share:
    """How much one person scanned."""

    name: str
    scans: int


def shares(stocktaking: Stocktaking) -> Sequence[Share]:
    """One statement; the busiest first."""
    rows = (
        stocktaking.scans.order_by()
        .values_list("by__first_name", "by__last_name", "by__username")
        .annotate(scans=Count("pk"))
        .order_by("-scans")
    )
    return [
        Share(f"{first or ''} {last or ''}".strip() or user or "", scans)
        for first, last, user, scans in rows
    ]


def _locked(stocktaking: Stocktaking) -> Stocktaking:
    now = (
        Stocktaking.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office")
        .get(pk=stocktaking.pk)
    )
    if now.finished_at is not None:
        raise Finished(now)
    return now
