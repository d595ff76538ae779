"""Three hundred found things as rows: states as in an office that has worked for a while.

Made in bulk as the deeds would have left them; letters, jobs and rings are not made.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from django.contrib.gis.geos import Point
from django.utils import timezone

from lostfound import file_numbers, identifiers, law
from lostfound.catalogue import MARKS, THING_KINDS
from lostfound.law.kinds import Ending, handling
from lostfound.law.regime import Circumstance as InLaw
from lostfound.law.rights import Finder as FinderInLaw
from lostfound.law.rights import Right, asked
from lostfound.models import (
    Circumstance,
    Consent,
    Custody,
    Event,
    EventKind,
    FileNumber,
    Finder,
    FindPlace,
    FoundItem,
    HiddenMark,
    Holder,
    Office,
    PlaceKind,
    ProofQuestion,
    Regime,
    Source,
    StoragePlace,
    Value,
)
from lostfound.workflow import OPEN, State
from townhall.calendar import BERLIN
from townhall.codes import new_code
from townhall.models import User

from .found_offices import Town
from .found_texts import SORTS, Said, Sort
from .people import phone
from .stories import FIRST_NAMES, LAST_NAMES

SHARES: dict[State, int] = {
    State.HELD: 168,
    State.WITH_FINDER: 16,
    State.READY: 12,
    State.RELEASED: 50,
    State.TO_FINDER: 9,
    State.FORWARDED: 14,
    State.AUCTIONED: 7,
    State.SOLD: 6,
    State.GIVEN: 7,
    State.DESTROYED: 7,
    State.BOOKED: 2,
    State.ENDED: 2,
}
OFFICES = {"bensheim": 150, "heppenheim": 60, "lampertheim": 50, "viernheim": 40}
# Days since the find: youngest, oldest, and where most of them lie.
_AGES: dict[State, tuple[int, int, int]] = {
    State.HELD: (0, 176, 30),
    State.WITH_FINDER: (3, 160, 30),
    State.READY: (4, 90, 15),
    State.RELEASED: (6, 250, 60),
    State.FORWARDED: (20, 200, 60),
}
_LONG_AGO = (200, 330, 240)
_OVERDUE = 14  # of those held: longer here than the six months
_STREETS, _PARKS = "Straßen, Wege und Plätze", "Grünanlagen, Wald und Feld"
_SHARES_OF_PLACES = {
    PlaceKind.STREET: 12,
    PlaceKind.PARK: 7,
    PlaceKind.BUS: 4,
    PlaceKind.STATION: 3,
}
_CARRIERS = {
    PlaceKind.BUS: (Source.TRANSPORT, "Bergstraßenbus GmbH (Demo)"),
    PlaceKind.TRAM: (Source.TRANSPORT, "Rhein-Bahn (Demo)"),
    PlaceKind.STATION: (Source.TRANSPORT, "Bahn (Demo)"),
    PlaceKind.POOL: (Source.POOL, "Bademeisterei (Demo)"),
}
_BULKY = "Stellplatz"


@dataclass
class Thing:
    """A found thing with all its rows, before they are written."""

    item: FoundItem
    sort: Sort
    said: Said
    parts: list[FoundItem] = field(default_factory=list)
    finder: Finder | None = None
    marks: list[HiddenMark] = field(default_factory=list)
    questions: list[ProofQuestion] = field(default_factory=list)
    custody: list[Custody] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    is_listed: bool = False

    @property
    def state(self) -> State:
        return State(self.item.state)


class Maker:
    """Turns sorts into things of the towns. Everything but the dates hangs on `rng`."""

    def __init__(self, towns: Mapping[str, Town], rng: Random, now: dt.datetime) -> None:
        self.towns = towns
        self.rng = rng
        self.now = now
        self.today = timezone.localdate(now)
        self.has_treasure = False

    def make(self) -> list[Thing]:
        """All wholes, oldest first, with file numbers as they would have been given."""
        decks = {sort.kind: self._deck(sort) for sort in SORTS}
        kinds = [sort for sort in SORTS for _ in range(sort.share)]
        self.rng.shuffle(kinds)
        slugs = [slug for slug, share in OFFICES.items() for _ in range(share)]
        self.rng.shuffle(slugs)
        things = [
            self._thing(sort, next(decks[sort.kind]), state, self.towns[slug])
            for (sort, state), slug in zip(self._with_states(kinds), slugs, strict=True)
        ]
        things.sort(key=lambda thing: (thing.item.received_at, thing.item.code))
        self._number(things)
        return things

    def _deck(self, sort: Sort) -> Iterator[Said]:
        while True:
            yield from self.rng.sample(sort.said, len(sort.said))

    def _with_states(self, kinds: Sequence[Sort]) -> Iterator[tuple[Sort, State]]:
        """Each kind with a fate that it can have: papers are passed on, cash is booked."""
        left = Counter(SHARES)
        for sort in sorted(kinds, key=lambda sort: _freedom(sort.kind)):
            able = [state for state in _fates(sort.kind) if left[state]]
            able = [each for each in able if each in _OF_FEW] or able
            state = self.rng.choices(able, [left[each] for each in able])[0]
            left[state] -= 1
            yield sort, state

    # ── One thing ────────────────────────────────────────────────────────────────────────────
    def _thing(self, sort: Sort, said: Said, state: State, town: Town) -> Thing:
        rng = self.rng
        place = self._place(town, state)
        found_on = self.today - dt.timedelta(days=self._age(state, place))
        slow = rng.choice((0, 0, 0, 1, 1, 2, 4))
        notice_on = min(self.today, found_on + dt.timedelta(days=slow))
        item = FoundItem(
            code=new_code(rng),
            office=town.office,
            state=state,
            kind=sort.kind,
            colour=rng.choice(sort.colours),
            brand=rng.choice(sort.brands),
            description=said.seen,
            found_on=found_on,
            found_time=rng.choice(("", "", "vormittags", "gegen 17 Uhr", "abends", "mittags")),
            notice_on=notice_on,
            find_place=place,
            found_in=town.office.municipality,
            source=Source.DEMO,
            received_at=self._at(notice_on, 8 + rng.randrange(4), town),
        )
        self._lay(item, place, town)
        self._settle_law(item, place)
        self._value(item, sort)
        if state in {State.READY, State.RELEASED}:
            asked_on = notice_on + dt.timedelta(days=rng.randint(1, 4))
            item.registered_on = min(self.today, asked_on)
        thing = Thing(item, sort, said)
        self._bring(thing, place)
        self._marks(thing)
        self._parts(thing)
        self._life(thing, town)
        return thing

    def _age(self, state: State, place: FindPlace) -> int:
        """What falls under § 978 leaves after a notice of six weeks, not after six months."""
        is_general = law.ruling(place.in_law).regime is law.Regime.GENERAL
        if state is State.HELD and not is_general and self.rng.random() < 0.9:
            return round(self.rng.triangular(0, 62, 20))
        if state is State.HELD and self.rng.random() < _OVERDUE / SHARES[State.HELD]:
            return self.rng.randrange(195, 250)
        low, high, most = _AGES.get(state, _LONG_AGO)
        return round(self.rng.triangular(low, high, most))

    def _at(self, day: dt.date, hour: int, town: Town) -> dt.datetime:
        """Never after now."""
        moment = dt.datetime.combine(day, dt.time(hour, self.rng.randrange(60)), tzinfo=BERLIN)
        return min(moment, self.now)

    def _place(self, town: Town, state: State) -> FindPlace:
        """Two in three in the open. What the finder got or keeps was no find in an authority."""
        weights = [
            _SHARES_OF_PLACES.get(PlaceKind(each.kind), 1) if not self._is_shut(each, state) else 0
            for each in town.places
        ]
        return self.rng.choices(town.places, weights)[0]

    def _is_shut(self, place: FindPlace, state: State) -> bool:
        regime = law.ruling(place.in_law).regime
        if state in {State.WITH_FINDER, State.TO_FINDER, State.SOLD, State.GIVEN}:
            return regime is not law.Regime.GENERAL
        if state is State.AUCTIONED:
            return regime is not law.Regime.VERKEHRSFUND
        return regime is law.Regime.KLAERUNG and state is not State.HELD

    def _lay(self, item: FoundItem, place: FindPlace, town: Town) -> None:
        """On or beside a street, or where the place of the register is."""
        name = self.rng.choice(sorted(town.streets))
        spot = self.rng.choice(town.streets[name])
        if place.position:
            spot = place.position
        is_open = place.kind in {PlaceKind.STREET, PlaceKind.PARK} and not place.position
        item.place_text = name if is_open else place.name
        item.found_at = Point(
            round(spot.x + self.rng.gauss(0, 0.0003), 6),
            round(spot.y + self.rng.gauss(0, 0.0002), 6),
            srid=4326,
        )

    def _settle_law(self, item: FoundItem, place: FindPlace) -> None:
        ruling = law.ruling(place.in_law)
        if item.state == State.ENDED:
            item.circumstance = Circumstance.PROVEN_THROWN_AWAY
            ruling = law.ruling(place.in_law, InLaw.PROVEN_THROWN_AWAY)
        elif item.state == State.HELD and item.kind == "jewellery" and not self.has_treasure:
            self.has_treasure = True
            item.circumstance = Circumstance.HIDDEN_FOR_AGES
            ruling = law.ruling(place.in_law, InLaw.HIDDEN_FOR_AGES)
        elif item.state == State.HELD and self.rng.random() < 0.04:
            item.circumstance = Circumstance.HANDED_IN_BY_POLICE
            item.source, item.source_reference = (
                Source.POLICE,
                f"VN-{self.rng.randrange(10**6):06d}",
            )
            ruling = law.ruling(place.in_law, InLaw.HANDED_IN_BY_POLICE)
        item.regime = Regime(ruling.regime)

    def _value(self, item: FoundItem, sort: Sort) -> None:
        low, high = sort.euros
        if high == 0 or self.rng.random() < 0.12:
            item.value = Value.UNKNOWN
            return
        cents = self.rng.randrange(low * 100, high * 100 + 1, 50)
        if sort.kind == "cash":
            item.value, item.value_cents = Value.EXACT, cents
        elif cents <= law.duty.SMALL_FIND_CENTS:
            item.value, item.value_cents = Value.SMALL, law.duty.SMALL_FIND_CENTS
        else:
            item.value, item.value_cents = Value.ESTIMATE, cents

    # ── Who brought it ───────────────────────────────────────────────────────────────────────
    def _bring(self, thing: Thing, place: FindPlace) -> None:
        item, rng = thing.item, self.rng
        source, carrier = _CARRIERS.get(PlaceKind(place.kind), (None, ""))
        if source and item.source == Source.DEMO and rng.random() < 0.7:
            item.source, item.handed_over_to = source, carrier
            item.handed_over_on = item.found_on
            return
        if item.source != Source.DEMO:
            return
        item.source = Source.COUNTER
        anonymous = rng.random() < 0.25 and thing.state not in {State.WITH_FINDER, State.TO_FINDER}
        self._rights(item, is_anonymous=anonymous)
        if not anonymous:
            thing.finder = self._finder(item)

    def _rights(self, item: FoundItem, *, is_anonymous: bool) -> None:
        rights = asked(FinderInLaw(anonymous=is_anonymous), regime=item.law_regime).rights
        wants = {
            Right.OWNERSHIP: item.state in {State.TO_FINDER, State.WITH_FINDER}
            or (item.state == State.HELD and self.rng.random() < 0.4),
            Right.REWARD: self.rng.random() < 0.35,
            Right.EXPENSES: self.rng.random() < 0.06,
        }

        def answer(right: Right) -> bool | None:
            if is_anonymous:
                return False
            return wants[right] if right in rights else None

        item.has_finder = not is_anonymous
        item.claims_ownership = answer(Right.OWNERSHIP)
        item.claims_reward = answer(Right.REWARD)
        item.claims_expenses = answer(Right.EXPENSES)
        if item.claims_expenses:
            item.expenses_cents = self.rng.randrange(200, 1500, 50)
        if item.law_regime is law.Regime.GENERAL:
            self._consent(item)

    def _consent(self, item: FoundItem) -> None:
        if not item.claims_reward or item.state in {State.RELEASED, State.READY}:
            item.consent = Consent.GIVEN
        else:
            item.consent = self.rng.choices(
                (Consent.GIVEN, Consent.CONDITIONAL, Consent.NONE, Consent.REFUSED), (6, 4, 2, 1)
            )[0]
        if item.consent != Consent.NONE:
            item.consent_on = item.notice_on
        if item.consent == Consent.CONDITIONAL:
            item.consent_condition = "Finderlohn bezahlt"

    def _finder(self, item: FoundItem) -> Finder:
        rng = self.rng
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        minor = rng.random() < 0.05
        return Finder(
            item=item,
            name=f"{first} {last}",
            postal_address=f"Musterweg {rng.randrange(1, 90)}, {_postcode(item.office)}",
            email=f"{plain(first)}.{plain(last)}@example.org" if rng.random() < 0.6 else "",
            phone=phone(400 + rng.randrange(200)) if rng.random() < 0.5 else "",
            is_minor=minor,
            guardian=f"{rng.choice(FIRST_NAMES)} {last}" if minor else "",
        )

    # ── What proves it ───────────────────────────────────────────────────────────────────────
    def _marks(self, thing: Thing) -> None:
        item, sort = thing.item, thing.sort
        kind = THING_KINDS[item.kind]
        if MARKS[sort.mark].is_number:
            number = "".join(self.rng.choices("0123456789", k=15))
            digest, tail = (
                identifiers.digest_of(sort.mark, number),
                identifiers.tail_of(sort.mark, number),
            )
            thing.marks.append(HiddenMark(item=item, kind=sort.mark, digest=digest, tail=tail))
        elif thing.said.mark:
            thing.marks.append(HiddenMark(item=item, kind=sort.mark, text=thing.said.mark))
        item.no_mark_visible = not thing.marks
        for position, question in enumerate(kind.questions):
            answer = thing.said.mark if position == 0 else ""
            if MARKS[sort.mark].is_number and thing.marks:
                answer = thing.marks[0].tail if position == 0 else ""
            thing.questions.append(
                ProofQuestion(item=item, position=position, text=str(question.text), answer=answer)
            )

    def _parts(self, thing: Thing) -> None:
        item = thing.item
        wanted = [each for each in thing.sort.inside if self.rng.random() < 0.7]
        for number, (kind, text, cents) in enumerate(wanted, start=1):
            part = FoundItem(
                code=new_code(self.rng),
                office=item.office,
                part_of=item,
                state=self._fate(kind, item),
                kind=kind,
                description=text,
                value=Value.UNKNOWN if cents is None else Value.EXACT,
                value_cents=cents and self.rng.randrange(cents // 4, cents * 2, 5),
                received_at=item.received_at,
                **{name: getattr(item, name) for name in SHARED_WITH_PARTS},
            )
            part.file_number = f"/{number}"
            if part.state not in OPEN and item.state in OPEN:
                part.closed_at = self._noon(item.notice_on + dt.timedelta(days=16))
            thing.parts.append(part)

    def _fate(self, kind: str, whole: FoundItem) -> State:
        """Papers wait two weeks for their owner, then they leave for their authority."""
        is_paper = handling(THING_KINDS[kind].law).ending is Ending.FORWARDED
        waited = (self.today - whole.notice_on).days > 14
        state = State(whole.state)
        if state is State.RELEASED or (state in OPEN and not (is_paper and waited)):
            return state
        return State.FORWARDED

    # ── What happened to it ──────────────────────────────────────────────────────────────────
    def _life(self, thing: Thing, town: Town) -> None:
        item = thing.item
        clerk = self.rng.choice(town.staff)
        self._hand_to_hand(thing, clerk)
        self._event(thing, EventKind.RECEIVED, item.received_at, clerk)
        for part in thing.parts:
            thing.events.append(
                _event(part, EventKind.RECEIVED, 1, item.received_at, clerk, part_of=item.code)
            )
        row = handling(item.law_kind)
        if row.listed and thing.state is not State.ENDED and item.received_at < self.now - _DAY / 4:
            thing.is_listed = True
            self._event(
                thing, EventKind.PUBLISHED, item.received_at + dt.timedelta(minutes=4), clerk
            )
        if thing.state is not State.WITH_FINDER:
            self._stow(thing, town, clerk)
        if thing.state not in OPEN:
            self._end(thing, town, clerk)
        item.version = max(1, sum(event.item is item for event in thing.events))

    def _hand_to_hand(self, thing: Thing, clerk: User) -> None:
        item = thing.item
        if thing.finder or (item.claims_reward is False and not item.has_finder):
            self._pass(thing, Holder.FINDER, self._noon(item.found_on), clerk)
        if item.handed_over_on:
            at = self._noon(item.handed_over_on)
            self._pass(thing, Holder.CARRIER, at, clerk, place=item.handed_over_to)
        if thing.state is not State.WITH_FINDER:
            self._pass(thing, Holder.COUNTER, item.received_at, clerk)

    def _stow(self, thing: Thing, town: Town, clerk: User) -> None:
        """Most lie at their place; what came in this morning waits at the counter."""
        item = thing.item
        at = item.received_at + dt.timedelta(minutes=25)
        if at > self.now or (thing.state is State.HELD and item.notice_on == self.today):
            return
        places: Sequence[StoragePlace] = (
            [town.safe]
            if item.kind in {"cash", "jewellery"}
            else (town.yard if THING_KINDS[item.kind].is_bulky else town.shelves)
        )
        place = self.rng.choice(places)
        holder = Holder.SAFE if place.is_safe else Holder.SHELF
        self._pass(thing, holder, at, clerk, place=place.label)
        self._event(thing, EventKind.STOWED, at, clerk)
        if thing.state in OPEN:
            item.storage = place
            for part in thing.parts:
                part.storage = place if part.state in OPEN else None

    def _end(self, thing: Thing, town: Town, clerk: User) -> None:
        item = thing.item
        waits = _WAITS.get(thing.state, (182, 190))
        day = min(self.today, item.notice_on + dt.timedelta(days=self.rng.randint(*waits)))
        if item.registered_on:
            day = max(day, item.registered_on)
        at = max(self._at(day, 9 + self.rng.randrange(6), town), thing.events[-1].at)
        self._event(thing, _ENDS[thing.state], at, clerk)
        self._pass(thing, _HOLDERS[thing.state], at, clerk)
        for row in (item, *thing.parts):
            row.closed_at = row.closed_at or at

    def _noon(self, day: dt.date) -> dt.datetime:
        return min(dt.datetime.combine(day, dt.time(12), tzinfo=BERLIN), self.now)

    def _pass(
        self,
        thing: Thing,
        holder: Holder,
        at: dt.datetime,
        by: User,
        *,
        place: str = "",
    ) -> None:
        last = thing.custody[-1].at if thing.custody else at
        thing.custody.append(
            Custody(
                item=thing.item,
                number=len(thing.custody) + 1,
                at=max(at, last),
                holder=holder,
                place=place,
                by=by,
            )
        )

    def _event(self, thing: Thing, kind: EventKind, at: dt.datetime, by: User) -> None:
        number = sum(event.item is thing.item for event in thing.events) + 1
        thing.events.append(_event(thing.item, kind, number, at, by))

    def _number(self, things: Sequence[Thing]) -> None:
        """By office and year, in the order in which they came; parts after a slash."""
        counts: Counter[tuple[str, int]] = Counter()
        for thing in things:
            item = thing.item
            year = timezone.localdate(item.received_at).year
            counts[item.office.slug, year] += 1
            item.file_number = file_numbers.written(year, counts[item.office.slug, year])
            for part in thing.parts:
                part.file_number = f"{item.file_number}{part.file_number}"
        offices = {slug: town.office for slug, town in self.towns.items()}
        FileNumber.objects.bulk_create(
            FileNumber(office=offices[slug], year=year, last=last)
            for (slug, year), last in counts.items()
        )


_DAY = dt.timedelta(days=1)
# Ends that only a few kinds can have; those take them first.
_OF_FEW = frozenset({State.FORWARDED, State.BOOKED})
SHARED_WITH_PARTS = (
    "found_on",
    "found_time",
    "handed_over_on",
    "handed_over_to",
    "notice_on",
    "found_at",
    "place_text",
    "find_place",
    "found_in",
    "circumstance",
    "regime",
    "source",
    "has_finder",
    "claims_ownership",
    "claims_reward",
    "claims_expenses",
    "consent",
    "consent_on",
)
_ENDS = {
    State.RELEASED: EventKind.HANDED_OVER,
    State.TO_FINDER: EventKind.HANDED_OVER,
    State.FORWARDED: EventKind.FORWARDED,
    State.AUCTIONED: EventKind.AUCTIONED,
    State.SOLD: EventKind.DISPOSED,
    State.GIVEN: EventKind.DISPOSED,
    State.DESTROYED: EventKind.DISPOSED,
    State.BOOKED: EventKind.BOOKED,
    State.ENDED: EventKind.CASE_CLOSED,
}
_HOLDERS = {
    State.RELEASED: Holder.OWNER,
    State.TO_FINDER: Holder.FINDER,
    State.FORWARDED: Holder.OFFICE,
    State.AUCTIONED: Holder.BUYER,
    State.SOLD: Holder.BUYER,
    State.GIVEN: Holder.BUYER,
    State.DESTROYED: Holder.NOBODY,
    State.BOOKED: Holder.OFFICE,
    State.ENDED: Holder.NOBODY,
}
# Days from the notice to the end.
_WAITS = {State.RELEASED: (1, 40), State.FORWARDED: (14, 20), State.ENDED: (1, 3)}


def _fates(kind: str) -> list[State]:
    """What can become of such a thing."""
    row = handling(THING_KINDS[kind].law)
    if row.ending is Ending.FORWARDED:
        return [State.FORWARDED, State.HELD, State.RELEASED]
    if row.ending is Ending.LEDGER:
        return [State.BOOKED, State.HELD, State.RELEASED]
    if row.ending is Ending.DESTROYED:
        return [State.DESTROYED, State.HELD, State.RELEASED, State.READY]
    return [state for state in SHARES if state not in {State.FORWARDED, State.BOOKED}]


def _freedom(kind: str) -> int:
    """How many fates it has: the least free choose first."""
    return len(_fates(kind))


def _event(
    item: FoundItem, kind: EventKind, version: int, at: dt.datetime, by: User, **facts: str
) -> Event:
    return Event(item=item, kind=kind, version=version, at=at, actor=by, facts=facts)


def _postcode(office: Office) -> str:
    return office.postal_address.rpartition(", ")[2]


_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plain(name: str) -> str:
    return name.lower().translate(_PLAIN)
