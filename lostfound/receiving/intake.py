"""Taking a found thing in at the counter: exactly once, whole or not at all.

`problems_of` is what the law and the office's rules say about a draft; the form shows it while it
is filled in, and the deed asks again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone

from lostfound import file_numbers, identifiers, law
from lostfound.catalogue import MARKS, THING_KINDS
from lostfound.law import duty, regime, rights
from lostfound.law.kinds import Kind, handling
from lostfound.law.rights import Right
from lostfound.models import (
    Consent,
    EventKind,
    Finder,
    FindPlace,
    FoundItem,
    HiddenMark,
    Holder,
    Office,
    ProofQuestion,
    Regime,
    Source,
    Value,
)
from lostfound.recording import record
from lostfound.searching import publishing
from lostfound.storing import custody
from lostfound.workflow import State
from townhall.codes import new_code
from townhall.models import Municipality, User
from townhall.people import municipality_at

SMALL_CENTS = duty.SMALL_FIND_CENTS
MOST_PARTS = 20


class Problem(StrEnum):
    """What stands against an intake. A screen has a sentence for each (wording.py)."""

    UNKNOWN_KIND = "unknown_kind"
    STOPPED = "stopped"  # weapons, drugs, animals: never on our shelves
    TOO_MANY_PARTS = "too_many_parts"
    FUTURE = "future"
    DAYS_OUT_OF_ORDER = "days_out_of_order"
    NO_PLACE = "no_place"
    REASON_MISSING = "reason_missing"
    NO_AMOUNT = "no_amount"
    FINDER_NAME = "finder_name"
    FINDER_ADDRESS = "finder_address"
    GUARDIAN = "guardian"
    RIGHT_NOT_ASKED = "right_not_asked"
    CONSENT_NOT_ASKED = "consent_not_asked"
    CONDITION = "condition"
    KEEPER_UNKNOWN = "keeper_unknown"  # who keeps it at home is known by name
    MUST_DELIVER = "must_deliver"
    NO_MARK = "no_mark"
    MARK_TOO_SHORT = "mark_too_short"
    NO_PHOTOS = "no_photos"  # of papers, cards, cash
    PHOTO_LOST = "photo_lost"


@dataclass(frozen=True)
class Objection:
    """A problem and the draft's field it is about."""

    field: str
    problem: Problem


@dataclass(eq=False)
class Refused(Exception):
    """Nothing was stored."""

    objections: Sequence[Objection]


@dataclass(eq=False)
class Conflict(Exception):
    """The UUID was used before, for something else."""

    item: FoundItem


@dataclass(frozen=True)
class Person:
    """A finder who is known by name."""

    name: str
    postal_address: str = ""
    email: str = ""
    phone: str = ""
    language: str = "de"
    is_minor: bool = False
    guardian: str = ""
    is_staff_of_place: bool = False


@dataclass(frozen=True)
class Mark:
    """A code of catalogue.MARKS, and what was read on the thing. Numbers are kept as hash."""

    kind: str
    text: str


@dataclass(frozen=True)
class Question:
    text: str
    answer: str = ""


@dataclass(frozen=True)
class Part:
    """Something inside the thing: a fate of its own. `value_cents` of counted cash."""

    kind: str
    description: str = ""
    value_cents: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a thing and its find. None in `claims`: that right is not asked.

    `place_kind` stands for a place that is in no register ("a street"); a `find_place` outweighs
    it. `finder` None: nobody, or (`is_anonymous`) somebody who waives everything.
    """

    kind: str
    found_on: dt.date
    notice_on: dt.date
    colour: str = ""
    second_colour: str = ""
    brand: str = ""
    description: str = ""
    found_time: str = ""
    handed_over_on: dt.date | None = None
    handed_over_to: str = ""
    position: Point | None = None
    place_text: str = ""
    find_place: FindPlace | None = None
    place_kind: str = ""
    circumstance: str = regime.Circumstance.LOST
    regime: str = ""  # empty: as proposed
    regime_reason: str = ""
    value: str = Value.UNKNOWN
    value_cents: int | None = None
    is_perishable: bool = False
    is_costly: bool = False
    finder: Person | None = None
    is_anonymous: bool = False
    claims: Mapping[Right, bool | None] = field(default_factory=dict)
    consent: str = Consent.NONE
    consent_condition: str = ""
    no_mark_visible: bool = False

    @property
    def proposed(self) -> law.regime.Ruling:
        """Which law holds, by the register and the circumstance."""
        return proposed(self.find_place, self.place_kind, self.circumstance)

    @property
    def settled_regime(self) -> law.Regime:
        return law.Regime(self.regime) if self.regime else self.proposed.regime

    @property
    def asked(self) -> rights.Asked:
        return asked(self.finder, is_anonymous=self.is_anonymous, regime=self.settled_regime)


@dataclass(frozen=True)
class Draft:
    """One intake. `client_id` is made when the form is opened: sent twice, it is one thing."""

    client_id: UUID
    facts: Facts
    kept_by_finder: bool = False  # § 966: the thing stays with the finder
    marks: tuple[Mark, ...] = ()
    questions: tuple[Question, ...] = ()
    parts: tuple[Part, ...] = ()
    photo_ids: tuple[UUID, ...] = ()
    source: str = Source.COUNTER
    source_reference: str = ""
    publish: bool = True

    def digest(self) -> str:
        """SHA-256 of all that was entered."""
        return hashlib.sha256(_canonical(self).encode()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    item: FoundItem
    is_new: bool


# ── Rules ────────────────────────────────────────────────────────────────────────────────────
def proposed(place: FindPlace | None, place_kind: str, circumstance: str) -> law.regime.Ruling:
    here = place.in_law if place else None
    if here is None and place_kind:
        here = regime.Place("", regime.PlaceKind(place_kind))
    return law.ruling(here, regime.Circumstance(circumstance))


def asked(finder: Person | None, *, is_anonymous: bool, regime: law.Regime) -> rights.Asked:
    """What the counter asks: nothing where nobody stands there."""
    if finder is None and not is_anonymous:
        return rights.Asked(frozenset(), person_is_stored=False)
    known = rights.Finder(anonymous=is_anonymous, minor=bool(finder and finder.is_minor))
    return rights.asked(known, regime=regime)


def is_stopped(kind: str) -> bool:
    """Whether such a thing never comes onto a shelf: whom to call stands on the stop page."""
    if kind not in THING_KINDS:
        return False
    of_law = THING_KINDS[kind].law
    return of_law is Kind.ANIMAL or not handling(of_law).stored


def objections_to(draft: Draft, *, today: dt.date) -> list[Objection]:
    """All at once, in the order of the form."""
    facts = draft.facts
    if facts.kind not in THING_KINDS:
        return [Objection("kind", Problem.UNKNOWN_KIND)]
    found = [*objections_to_facts(facts, today=today), *_about_keeping(draft)]
    found += _about_marks(draft)
    for number, part in enumerate(draft.parts):
        if part.kind not in THING_KINDS:
            found.append(Objection(f"parts:{number}", Problem.UNKNOWN_KIND))
        elif is_stopped(part.kind):
            found.append(Objection(f"parts:{number}", Problem.STOPPED))
    if len(draft.parts) > MOST_PARTS:
        found.append(Objection("parts", Problem.TOO_MANY_PARTS))
    if draft.photo_ids and not handling(THING_KINDS[facts.kind].law).photographed:
        found.append(Objection("photo", Problem.NO_PHOTOS))
    return found


def objections_to_facts(facts: Facts, *, today: dt.date) -> list[Objection]:
    """As `objections_to`, of what can be changed later."""
    if facts.kind not in THING_KINDS:
        return [Objection("kind", Problem.UNKNOWN_KIND)]
    found = [Objection("kind", Problem.STOPPED)] if is_stopped(facts.kind) else []
    return [
        *found,
        *_about_days(facts, today=today),
        *_about_place(facts),
        *_about_value(facts),
        *_about_finder(facts),
    ]


def _about_days(facts: Facts, *, today: dt.date) -> Iterable[Objection]:
    for name in ("found_on", "handed_over_on", "notice_on"):
        day = getattr(facts, name)
        if day and day > today:
            yield Objection(name, Problem.FUTURE)
    try:
        duty.Dates(facts.found_on, facts.notice_on, facts.handed_over_on)
    except duty.DatesOutOfOrder:
        later = facts.handed_over_on and facts.found_on <= facts.notice_on
        name = "handed_over_on" if later else "notice_on"
        yield Objection(name, Problem.DAYS_OUT_OF_ORDER)


def _about_place(facts: Facts) -> Iterable[Objection]:
    if not (facts.place_text or facts.find_place or facts.position):
        yield Objection("place", Problem.NO_PLACE)
    differs = facts.regime and facts.regime != facts.proposed.regime
    if differs and not facts.regime_reason.strip():
        yield Objection("regime_reason", Problem.REASON_MISSING)


def _about_value(facts: Facts) -> Iterable[Objection]:
    if facts.value in {Value.ESTIMATE, Value.EXACT} and facts.value_cents is None:
        yield Objection("amount", Problem.NO_AMOUNT)


def _about_finder(facts: Facts) -> Iterable[Objection]:
    person, now_asked = facts.finder, facts.asked
    if person is None:
        return
    if not person.name.strip():
        yield Objection("finder_name", Problem.FINDER_NAME)
    waived = [facts.claims.get(right) is False for right in now_asked.rights]
    entries = duty.entries_to_record(waived_all=bool(waived) and all(waived))
    if duty.Entry.FINDER_ADDRESS in entries and not person.postal_address.strip():
        yield Objection("finder_address", Problem.FINDER_ADDRESS)
    for right in Right:
        if right in now_asked.rights and facts.claims.get(right) is None:
            yield Objection(f"claims_{right}", Problem.RIGHT_NOT_ASKED)
    if any(facts.claims.get(right) for right in now_asked.guardian_for) and not person.guardian:
        yield Objection("guardian", Problem.GUARDIAN)
    if facts.settled_regime is law.Regime.GENERAL and not facts.consent:
        yield Objection("consent", Problem.CONSENT_NOT_ASKED)
    if facts.consent == Consent.CONDITIONAL and not facts.consent_condition.strip():
        yield Objection("consent_condition", Problem.CONDITION)


def _about_keeping(draft: Draft) -> Iterable[Objection]:
    if not draft.kept_by_finder:
        return
    of_authority = draft.facts.settled_regime is law.Regime.VERKEHRSFUND  # § 978 knows no § 966
    if draft.facts.finder is None:
        yield Objection("kept", Problem.KEEPER_UNKNOWN)
    elif of_authority or not duty.finder_may_keep(
        THING_KINDS[draft.facts.kind].law, delivery_ordered=False
    ):
        yield Objection("kept", Problem.MUST_DELIVER)


def _about_marks(draft: Draft) -> Iterable[Objection]:
    for number, mark in enumerate(draft.marks):
        if is_too_short(mark):
            yield Objection(f"marks:{number}", Problem.MARK_TOO_SHORT)
    is_listed = handling(THING_KINDS[draft.facts.kind].law).listed
    if is_listed and not draft.marks and not draft.facts.no_mark_visible:
        yield Objection("marks", Problem.NO_MARK)


def is_too_short(mark: Mark) -> bool:
    """Whether a number could name many things."""
    return MARKS[mark.kind].is_number and not identifiers.normalise(mark.kind, mark.text)


# ── The deed ─────────────────────────────────────────────────────────────────────────────────
def take_in(draft: Draft, *, office: Office, by: User) -> Receipt:
    """Take a thing into the office's books, with its parts. Raises Refused and Conflict.

    The same UUID and content again: the thing that is there. `office` comes with its municipality.
    """
    objections = objections_to(draft, today=timezone.localdate())
    if objections:
        raise Refused(objections)
    with transaction.atomic():
        if known := _known(draft):
            return known
        now = timezone.now()
        item = _write(draft, office, now=now)
        write_finder(draft.facts, item)
        add_marks(item, draft.marks)
        write_questions(item, draft.questions)
        claim_photos(item, draft.photo_ids)
        _hand_in(draft, item, by=by, now=now)
        record(item, EventKind.RECEIVED, by=by, at=now)
        for part in draft.parts:
            add_part(item, part, by=by, now=now)
        if draft.publish and publishing.allowed(item):
            publishing.publish(item, by=by)
            item.refresh_from_db()
        return Receipt(item, is_new=True)


def _known(draft: Draft) -> Receipt | None:
    """What this UUID has become. Waits for whoever is using it at this moment."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"intake {draft.client_id}"]
        )
    item = FoundItem.objects.filter(client_id=draft.client_id).first()
    if item is None:
        return None
    if item.digest != draft.digest():
        raise Conflict(item)
    return Receipt(item, is_new=False)


def _write(draft: Draft, office: Office, *, now: dt.datetime) -> FoundItem:
    item = FoundItem(
        code=new_code(),
        client_id=draft.client_id,
        digest=draft.digest(),
        version=0,  # the first fact makes it 1
        state=State.WITH_FINDER if draft.kept_by_finder else State.HELD,
        office=office,
        source=draft.source,
        source_reference=draft.source_reference,
        file_number=file_numbers.next_number(office, timezone.localdate(now).year),
        received_at=now,
    )
    apply(item, draft.facts)
    item.save(force_insert=True)
    return item


def apply(item: FoundItem, facts: Facts) -> None:
    """Put the facts into the row; the caller saves."""
    for name in _COPIED:
        setattr(item, name, getattr(facts, name))
    item.no_mark_visible = facts.no_mark_visible
    item.found_at = facts.position
    item.found_in = town_of(facts)
    item.value_cents = cents_of(facts)
    item.regime = Regime(facts.settled_regime)
    differs = facts.settled_regime is not facts.proposed.regime
    item.regime_reason = facts.regime_reason.strip() if differs else ""
    _apply_rights(item, facts)


def _apply_rights(item: FoundItem, facts: Facts) -> None:
    """Three rights, three answers. Whoever stays anonymous has waived all of them, and agrees."""
    now_asked = facts.asked
    waives_all = facts.is_anonymous
    item.has_finder = facts.finder is not None

    def answer(right: Right) -> bool | None:
        if waives_all:
            return False
        return facts.claims.get(right) if right in now_asked.rights else None

    item.claims_reward = answer(Right.REWARD)
    item.claims_expenses = answer(Right.EXPENSES)
    item.claims_ownership = answer(Right.OWNERSHIP)
    consent = Consent.GIVEN if waives_all else Consent(facts.consent or Consent.NONE)
    if consent != item.consent or item.consent_on is None:
        item.consent_on = facts.notice_on if consent != Consent.NONE else None
    item.consent = consent
    is_conditional = consent == Consent.CONDITIONAL
    item.consent_condition = facts.consent_condition.strip() if is_conditional else ""


def cents_of(facts: Facts) -> int | None:
    """„bis 10,00 €“ counts as ten euros: a small find for the law, and never more."""
    if facts.value == Value.SMALL:
        return SMALL_CENTS
    return facts.value_cents if facts.value in {Value.ESTIMATE, Value.EXACT} else None


def town_of(facts: Facts) -> Municipality | None:
    """The municipality of the place of find; None where nobody knows the place."""
    if facts.position is not None:
        here = municipality_at(facts.position)
        return here.municipality if here else None
    return facts.find_place.municipality if facts.find_place else None


def write_finder(facts: Facts, item: FoundItem) -> None:
    person = facts.finder
    if person is None:
        Finder.objects.filter(item=item).delete()
        return
    told = {
        "name": person.name.strip(),
        "postal_address": person.postal_address.strip(),
        "email": person.email.strip(),
        "phone": person.phone.strip(),
        "language": person.language,
        "is_minor": person.is_minor,
        "guardian": person.guardian.strip() if person.is_minor else "",
        "is_staff_of_place": person.is_staff_of_place,
    }
    Finder.objects.update_or_create(item=item, defaults=told)


def add_marks(item: FoundItem, marks: Sequence[Mark]) -> None:
    """A number is never kept whole."""
    HiddenMark.objects.bulk_create(
        HiddenMark(
            item=item,
            kind=mark.kind,
            digest=identifiers.digest_of(mark.kind, mark.text),
            tail=identifiers.tail_of(mark.kind, mark.text),
        )
        if MARKS[mark.kind].is_number
        else HiddenMark(item=item, kind=mark.kind, text=mark.text.strip())
        for mark in marks
    )


def write_questions(item: FoundItem, questions: Sequence[Question]) -> None:
    ProofQuestion.objects.bulk_create(
        ProofQuestion(item=item, position=position, text=each.text, answer=each.answer)
        for position, each in enumerate(questions)
    )


def claim_photos(item: FoundItem, image_ids: Sequence[UUID], *, first: int = 0) -> None:
    """Hang the staged images on the thing: one statement checks and writes. Raises Refused."""
    if not image_ids:
        return
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO lostfound_photo (item_id, image_id, position) "
            "SELECT %s, image.id, wish.position - 1 + %s "
            "FROM unnest(%s::uuid[]) WITH ORDINALITY AS wish (id, position) "
            "JOIN townhall_image AS image ON image.id = wish.id "
            "FOR KEY SHARE OF image "  # the sweep of forgotten images waits, or we see them gone
            "ON CONFLICT (image_id) DO NOTHING",
            [item.pk, first, list(image_ids)],
        )
        if sql.rowcount != len(image_ids):
            raise Refused([Objection("photo", Problem.PHOTO_LOST)])


def _hand_in(draft: Draft, item: FoundItem, *, by: User, now: dt.datetime) -> None:
    """The log begins with the finder, if there was one, and ends at our counter."""
    facts = draft.facts
    if facts.finder or facts.is_anonymous:
        custody.pass_on(item, Holder.FINDER, by=by, at=_noon(facts.found_on, now))
    if facts.handed_over_on:
        at, who = _noon(facts.handed_over_on, now), facts.handed_over_to
        custody.pass_on(item, Holder.CARRIER, place=who, by=by, at=at)
    if not draft.kept_by_finder:
        custody.pass_on(item, Holder.COUNTER, by=by, at=now)


def _noon(day: dt.date, now: dt.datetime) -> dt.datetime:
    """An hour is not known; never after what happens now."""
    return min(timezone.make_aware(dt.datetime.combine(day, dt.time(12))), now)


def add_part(whole: FoundItem, part: Part, *, by: User, now: dt.datetime) -> FoundItem:
    """Something inside: found with the whole, kept with it, and with a fate of its own.

    In the deed's transaction, on the locked whole: the lock makes the numbers run.
    """
    number = FoundItem.objects.filter(part_of=whole).count() + 1
    item = FoundItem(
        code=new_code(),
        version=0,
        state=whole.state,
        office=whole.office,
        part_of=whole,
        source=whole.source,
        file_number=f"{whole.file_number}/{number}" if whole.file_number else "",
        kind=part.kind,
        description=part.description.strip(),
        value=Value.UNKNOWN if part.value_cents is None else Value.EXACT,
        value_cents=part.value_cents,
        received_at=now,
        **{name: getattr(whole, name) for name in SHARED_WITH_PARTS},
    )
    item.save(force_insert=True)
    if whole.state != State.WITH_FINDER:
        custody.pass_on(item, Holder.COUNTER, storage=whole.storage, by=by, at=now)
    record(item, EventKind.RECEIVED, by=by, at=now, facts={"part_of": whole.code})
    return item


# What a thing has for itself, beside what it shares with its parts.
OWN_FACTS = (
    "kind",
    "colour",
    "second_colour",
    "brand",
    "description",
    "is_perishable",
    "is_costly",
    "value",
    "value_cents",
)
# What a part has from its whole: one find, one finder, one law.
SHARED_WITH_PARTS = (
    "found_on",
    "found_time",
    "handed_over_on",
    "handed_over_to",
    "notice_on",
    "found_at",
    "place_text",
    "find_place",
    "place_kind",
    "found_in",
    "circumstance",
    "regime",
    "regime_reason",
    "has_finder",
    "claims_ownership",
    "claims_reward",
    "claims_expenses",
    "consent",
    "consent_on",
    "consent_condition",
)

_COPIED = (
    *(name for name in OWN_FACTS if name != "value_cents"),
    "found_on",
    "found_time",
    "handed_over_on",
    "handed_over_to",
    "notice_on",
    "place_text",
    "find_place",
    "place_kind",
    "circumstance",
)


# ── What was entered, always written alike ───────────────────────────────────────────────────
def _canonical(draft: Draft) -> str:
    facts = {name: _plain(value) for name, value in vars(draft.facts).items()}
    rest = {name: _plain(value) for name, value in vars(draft).items() if name != "facts"}
    return json.dumps({**rest, "facts": facts}, sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Point():
            return f"{value.x:.6f},{value.y:.6f}"
        case FindPlace():
            return value.pk
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case Person() | Mark() | Question() | Part():
            return {name: _plain(each) for name, each in vars(value).items()}
    return str(value)
