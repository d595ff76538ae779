"""Writing an old stock into the office's books: all of it or nothing; again means update."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lostfound import live, recording
from lostfound.ending import deadlines
from lostfound.matching import store
from lostfound.models import (
    Custody,
    Event,
    EventKind,
    Finder,
    FindPlace,
    FoundItem,
    Holder,
    Office,
    Source,
    StoragePlace,
    StorageSite,
)
from lostfound.receiving import intake
from lostfound.storing import custody, places, storage
from lostfound.workflow import OPEN, State
from townhall.calendar import BERLIN
from townhall.codes import new_code
from townhall.jobs import enqueue
from townhall.models import User

from .columns import Field, Mapped, mapped
from .rows import Fault, Taken, Understood, Wrong, understand
from .tables import Table

SETTLE = "settle_takeover"  # the job that reckons deadlines and looks for matches
SITE = "Lager"
_NAMESPACE = uuid.UUID("6f1d6d0e-7f0f-4d3a-9b55-0c5a2f7e4f10")
_BATCH = 1000


@dataclass(frozen=True)
class Options:
    """`place_kind`: what a place of finds is that stands in no register; "" leaves the law open."""

    place_kind: str = ""


@dataclass
class Plan:
    """What an import would do. With `faults` it does nothing."""

    columns: Mapped
    understood: Understood
    fresh: list[Taken] = field(default_factory=list)
    changed: list[Taken] = field(default_factory=list)
    same: int = 0
    closed: list[Taken] = field(default_factory=list)
    new_places: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.columns.missing

    @property
    def total(self) -> int:
        return len(self.fresh) + len(self.changed) + self.same + len(self.closed)


@dataclass(eq=False)
class Faulty(Exception):
    """Nothing was written."""

    plan: Plan


@dataclass(frozen=True)
class Known:
    """A thing that an import brought before."""

    pk: int
    digest: str
    state: str


def plan(table: Table, office: Office, *, today: dt.date | None = None) -> Plan:
    """Look at everything, write nothing. Three statements."""
    columns = mapped(table.head)
    if columns.missing:
        return Plan(columns, Understood())
    understood = understand(table.rows, columns, today=today or timezone.localdate())
    result = Plan(columns, understood, faults=list(understood.faults))
    known = _known(office)
    taken = _file_numbers_of_others(office)
    for thing in understood.things:
        before = known.get(thing.number)
        if before is None:
            result.fresh.append(thing)
            if thing.number.casefold() in taken:
                fault = Fault(thing.line, Field.NUMBER, Wrong.TAKEN, thing.number)
                result.faults.append(fault)
        elif before.state not in OPEN:
            result.closed.append(thing)
        elif before.digest != thing.digest():
            result.changed.append(thing)
        else:
            result.same += 1
    there = {_name_key(name) for name in _places(office)}
    wanted = dict.fromkeys(thing.storage for thing in understood.things if thing.storage)
    result.new_places = [name for name in wanted if _name_key(name) not in there]
    result.faults.sort(key=lambda fault: fault.line)
    return result


def load(table: Table, office: Office, *, by: User | None, options: Options) -> Plan:
    """Write it, whole. Raises Faulty. `office` comes with its municipality.

    One import at a time for each office; `by` None: from the command line.
    """
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True, of=("self",)).get(pk=office.pk)
        todo = plan(table, office)
        if not todo.is_good:
            raise Faulty(todo)
        shelves = _with_places(office, todo.new_places)
        registered = {
            place.name.casefold(): place
            for place in FindPlace.objects.filter(municipality=office.municipality, is_active=True)
        }
        writer = _Writer(office, by, options, shelves, registered)
        for start in range(0, len(todo.fresh), _BATCH):
            writer.add(todo.fresh[start : start + _BATCH])
        for thing in todo.changed:
            writer.change(thing)
        if todo.fresh:
            enqueue(SETTLE, office_id=office.pk)
    return todo


class _Writer:
    def __init__(
        self,
        office: Office,
        by: User | None,
        options: Options,
        shelves: Mapping[str, StoragePlace],
        registered: Mapping[str, FindPlace],
    ) -> None:
        self._office = office
        self._by = by
        self._options = options
        self._shelves = shelves
        self._registered = registered
        self._now = timezone.now()

    # ── New things: a handful of statements for a thousand ──
    def add(self, things: Sequence[Taken]) -> None:
        items = FoundItem.objects.bulk_create([self._row(thing) for thing in things])
        pairs = list(zip(items, things, strict=True))
        Finder.objects.bulk_create(
            Finder(item=item, **vars(thing.finder)) for item, thing in pairs if thing.finder
        )
        Custody.objects.bulk_create(
            entry for item, thing in pairs for entry in self._log(item, thing)
        )
        Event.objects.bulk_create(
            Event(
                item=item,
                kind=EventKind.RECEIVED,
                version=1,
                at=self._now,
                actor=self._by,
                text=_("Taken over from the old system"),
            )
            for item in items
        )
        live.ring_item(items[-1])  # one bell is enough for pages that read all anew

    def _row(self, thing: Taken) -> FoundItem:
        item = FoundItem(
            code=new_code(),
            client_id=_client_id(self._office, thing.number),
            file_number=thing.number,
            source=Source.IMPORT,
            source_reference=thing.number,
            office=self._office,
            received_at=_noon(thing.notice_on),
        )
        self._apply(item, thing)
        item.state = thing.state
        item.storage = self._shelf(thing)
        return item

    def _log(self, item: FoundItem, thing: Taken) -> Iterable[Custody]:
        """From the finder to where it lies now; when that was is not known to the minute."""
        hands: list[tuple[Holder, str, dt.datetime]] = []
        if thing.finder:
            hands.append((Holder.FINDER, "", _noon(thing.found_on)))
        if thing.handed_over_on:
            told = thing.handed_over_to
            hands.append((Holder.CARRIER, told, _noon(thing.handed_over_on)))
        if thing.state != State.WITH_FINDER:
            hands.append((*_where(item.storage), self._now))
        reason = _("Taken over from the old system")
        for number, (holder, place, at) in enumerate(hands, start=1):
            yield Custody(
                item=item,
                number=number,
                at=at,
                holder=holder,
                place=place,
                by=self._by,
                reason=reason,
            )

    # ── Known things: a deed each ──
    def change(self, thing: Taken) -> None:
        item = recording.locked(
            FoundItem.objects.get(office=self._office, source_reference=thing.number, source=_OURS)
        )
        if item.state not in OPEN:
            return
        self._apply(item, thing)
        self._write_finder(item, thing)
        place = self._shelf(thing)
        recording.record(item, EventKind.CHANGED, by=self._by, text=_("From the old system"))
        if place is None or item.storage_id == place.pk or item.state not in storage.HERE:
            return
        holder, label = _where(place)
        custody.pass_on(item, holder, storage=place, by=self._by, reason=_("From the old system"))
        recording.record(item, EventKind.STOWED, by=self._by, facts={"place": label})

    def _write_finder(self, item: FoundItem, thing: Taken) -> None:
        if thing.finder is None:
            Finder.objects.filter(item=item).delete()
        else:
            Finder.objects.update_or_create(item=item, defaults=vars(thing.finder))

    # ── Both ──
    def _apply(self, item: FoundItem, thing: Taken) -> None:
        item.digest = thing.digest()
        for name in _COPIED:
            setattr(item, name, getattr(thing, name))
        place = self._registered.get(thing.place.casefold())
        item.place_text = thing.place
        item.find_place = place
        item.place_kind = "" if place else self._options.place_kind
        item.found_in = place.municipality if place else self._office.municipality
        if not item.regime_reason:  # staff have not decided otherwise
            ruling = intake.proposed(place, item.place_kind, item.circumstance)
            item.regime = ruling.regime
        item.has_finder = thing.finder is not None
        item.consent_on = thing.notice_on if thing.consent != "none" else None

    def _shelf(self, thing: Taken) -> StoragePlace | None:
        return self._shelves[_name_key(thing.storage)] if thing.storage else None


_OURS = Source.IMPORT
_COPIED = (
    "kind",
    "colour",
    "second_colour",
    "brand",
    "description",
    "found_on",
    "found_time",
    "notice_on",
    "handed_over_on",
    "handed_over_to",
    "value",
    "value_cents",
    "claims_ownership",
    "claims_reward",
    "claims_expenses",
    "consent",
)


def _known(office: Office) -> dict[str, Known]:
    rows = FoundItem.objects.filter(office=office, source=_OURS).values_list(
        "source_reference", "pk", "digest", "state"
    )
    return {number: Known(pk, digest, state) for number, pk, digest, state in rows}


def _file_numbers_of_others(office: Office) -> set[str]:
    rows = FoundItem.objects.filter(office=office).exclude(source=_OURS).exclude(file_number="")
    return {number.casefold() for number in rows.values_list("file_number", flat=True)}


def settle(office: Office) -> int:
    """What each thing of an import needs next, and who misses it. Again from its start is fine.

    Returns how many things had no match looked for yet.
    """
    deadlines.reckon_all()
    fresh = FoundItem.objects.filter(
        office=office, source=_OURS, state__in=OPEN, trace=None, part_of=None
    )
    keys = list(fresh.values_list("pk", flat=True))
    for key in keys:
        store.match_item(key)
    return len(keys)


def _client_id(office: Office, number: str) -> uuid.UUID:
    """The same thing in a second import, whoever sends it at the same moment."""
    return uuid.uuid5(_NAMESPACE, f"{office.slug}/{number}")


def _noon(day: dt.date) -> dt.datetime:
    return min(dt.datetime.combine(day, dt.time(12), tzinfo=BERLIN), timezone.now())


def _where(place: StoragePlace | None) -> tuple[Holder, str]:
    if place is None:
        return Holder.COUNTER, ""
    return (Holder.SAFE if place.is_safe else Holder.SHELF), place.label


# ── Storage places ───────────────────────────────────────────────────────────────────────────
def _name_key(name: str) -> str:
    """„Stellplatz 4“ and „Stellplatz, 4“ are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _places(office: Office) -> dict[str, StoragePlace]:
    """By name, with and without the site; the first of two with one name."""
    found: dict[str, StoragePlace] = {}
    rows = StoragePlace.objects.filter(site__office=office).select_related("site")
    for place in rows.order_by("-is_active", "site__for_bulky", "pk"):
        for name in (place.name, place.label, f"{place.site.name}, {place.name}"):
            found.setdefault(name, place)
    return found


def _with_places(office: Office, names: Sequence[str]) -> dict[str, StoragePlace]:
    """All places by the key of their name, those of the file added to their site, or the first."""
    if names:
        sites = list(office.sites.filter(is_active=True).order_by("for_bulky", "pk"))
        first = sites[0] if sites else StorageSite.objects.create(office=office, name=SITE)
        by_name = {site.name.casefold(): site for site in sites}
        for name in names:
            head, _comma, tail = name.partition(",")
            site = by_name.get(head.strip().casefold()) if tail.strip() else None
            shelf, _comma, slot = (tail if site else name).partition(",")
            shelf, slot = shelf.strip()[:40] or name[:40], slot.strip()[:40]
            places.add_places(site or first, shelf=shelf, slot=slot)
    by_key: dict[str, StoragePlace] = {}
    for name, place in _places(office).items():
        by_key.setdefault(_name_key(name), place)
    return by_key
