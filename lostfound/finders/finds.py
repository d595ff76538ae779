"""What a finder does from home: report a find, confirm an address, answer, take it back.

The day a report arrives is the day of the notice (§ 965 BGB). Which law holds is presumed from the
finder's words; at the intake staff decide.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo import addresses
from lostfound import law, live
from lostfound.catalogue import THING_KINDS
from lostfound.finders import letters as find_letters
from lostfound.law.duty import FindersDuty, finder_may_keep, finders_duty
from lostfound.law.kinds import Kind, handling
from lostfound.law.regime import Operator, Place, PlaceKind
from lostfound.law.rights import Asked, Right, asked
from lostfound.law.rights import Finder as FinderInLaw
from lostfound.models import (
    Consent,
    FindPlace,
    FindReport,
    FindReporter,
    FindState,
    Office,
    Spot,
    Value,
    Whereabouts,
)
from townhall import letters
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.live.fields import CurrentTransaction
from townhall.models import Municipality

CAPABILITY = dt.timedelta(days=400)  # six months, and time to fetch it
CONFIRMATION = dt.timedelta(days=7)
KEPT = dt.timedelta(days=3 * 366)  # of a report that became no thing: § 195 BGB, and never shorter
MAX_PHOTOS = 3
UNKNOWN_CENTS = law.duty.SMALL_FIND_CENTS + 1  # what nobody has valued is no small find

# Where a finder was, in the register's terms. A school is presumed to be a public one, a pool to be
# somebody's business: the register of places knows better, where it knows the place.
_SPOTS: dict[Spot, Place] = {
    Spot.OPEN: Place("", PlaceKind.STREET),
    Spot.TRANSPORT: Place("", PlaceKind.BUS, Operator.COMPANY),
    Spot.TAXI: Place("", PlaceKind.TAXI, Operator.COMPANY),
    Spot.AUTHORITY: Place("", PlaceKind.TOWN_HALL, Operator.MUNICIPALITY),
    Spot.SCHOOL: Place("", PlaceKind.SCHOOL, Operator.MUNICIPALITY),
    Spot.POOL: Place("", PlaceKind.POOL, Operator.COMPANY),
    Spot.SHOP: Place("", PlaceKind.SHOP, Operator.COMPANY),
    Spot.HOME: Place("", PlaceKind.PRIVATE_HOME),
}


@dataclass(frozen=True)
class Who:
    """The finder. Empty name: anonymous."""

    name: str = ""
    postal_address: str = ""
    email: str = ""
    phone: str = ""
    is_minor: bool = False
    guardian: str = ""


@dataclass(frozen=True)
class Draft:
    """A report as it comes in. Money is cents; None among the rights: not asked.

    `town`: where it was; None: where the office has its seat. `found_at`: taken from the map.
    """

    client_id: UUID
    office: Office
    kind: str
    spot: Spot
    found_on: dt.date
    whereabouts: Whereabouts
    colour: str = ""
    brand: str = ""
    description: str = ""
    value: Value = Value.UNKNOWN
    value_cents: int | None = None
    found_time: str = ""
    place_text: str = ""
    town: Municipality | None = None
    found_at: Point | None = None
    handed_in_to: str = ""
    handed_in_on: dt.date | None = None
    claims_ownership: bool | None = None
    claims_reward: bool | None = None
    claims_expenses: bool | None = None
    consent: Consent = Consent.NONE
    may_be_named: bool = False
    who: Who = field(default_factory=Who)
    photo_ids: tuple[UUID, ...] = ()
    is_suspect: bool = False
    language: str = "de"

    @property
    def is_anonymous(self) -> bool:
        return not self.who.name

    @property
    def found_in(self) -> Municipality:
        return self.town or self.office.municipality

    def digest(self) -> str:
        """Of everything that the finder said, whatever the language of the page."""
        said = asdict(self) | {"office": self.office.slug, "town": self.found_in.key}
        del said["language"], said["is_suspect"]
        text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """`token` opens the finder's page."""

    find: FindReport
    token: str
    is_new: bool


@dataclass(eq=False)
class Refused(Exception):
    """By field, as sentences. Nothing was stored."""

    errors: Mapping[str, Sequence[Any]]


class Conflict(Exception):
    """The UUID was used before, for other content."""


class TooLate(Exception):
    """Staff have decided meanwhile."""


# ── The law, in a finder's situation ─────────────────────────────────────────────────────────
def regime_of(spot: Spot, place: FindPlace | None = None) -> law.Regime:
    return law.ruling(place.in_law if place else _SPOTS[spot]).regime


def duty_of(value_cents: int | None, *, regime: law.Regime) -> FindersDuty:
    cents = UNKNOWN_CENTS if value_cents is None else value_cents
    return finders_duty(cents, regime=regime)


def may_keep(kind: str, *, regime: law.Regime) -> bool:
    """§ 966; under § 978 it is handed in at once, and so are papers, weapons, drugs."""
    if regime is law.Regime.VERKEHRSFUND:
        return False
    return finder_may_keep(THING_KINDS[kind].law, delivery_ordered=False).allowed


def rights_asked(
    kind: str, *, regime: law.Regime, who: Who, keeps: bool, is_anonymous: bool
) -> Asked:
    """Which questions the law leaves. Nobody is asked about what they can't have."""
    finder = FinderInLaw(anonymous=is_anonymous, minor=who.is_minor, keeps_it=keeps)
    answer = asked(finder, regime=regime)
    if handling(THING_KINDS[kind].law).finder_may_own:
        return answer
    return Asked(
        answer.rights - {Right.OWNERSHIP},
        waiver=answer.waiver,
        person_is_stored=answer.person_is_stored,
        guardian_for=answer.guardian_for - {Right.OWNERSHIP},
        address_is_secret=answer.address_is_secret,
    )


def photo_is_welcome(kind: str) -> bool:
    """Of papers, cards and money no picture is taken in."""
    known = THING_KINDS.get(kind)
    return handling(known.law if known else Kind.OTHER).photographed


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────
def submit(draft: Draft) -> Receipt:
    """Take a report in: exactly once per `client_id`, or not at all. Raises Refused, Conflict."""
    known = FindReport.objects.filter(client_id=draft.client_id).first()
    if known:
        return _repeated(known, draft)
    try:
        with transaction.atomic():
            return _first(draft)
    except IntegrityError:
        # Two sent it at once: the other one was first. Anything else is not there and raises.
        known = FindReport.objects.filter(client_id=draft.client_id).first()
        if known is None:
            raise
        return _repeated(known, draft)


def _repeated(known: FindReport, draft: Draft) -> Receipt:
    if known.digest != draft.digest():
        raise Conflict
    return Receipt(known, token_for("find", draft.client_id), is_new=False)


def _first(draft: Draft) -> Receipt:
    place = _registered(draft)
    now = timezone.now()
    token = token_for("find", draft.client_id)
    find = FindReport.objects.create(
        code=new_code(),
        client_id=draft.client_id,
        digest=draft.digest(),
        office=draft.office,
        language=draft.language,
        is_suspect=draft.is_suspect,
        kind=draft.kind,
        colour=draft.colour,
        brand=draft.brand,
        description=draft.description,
        value=draft.value,
        value_cents=draft.value_cents,
        found_on=draft.found_on,
        found_time=draft.found_time,
        spot=draft.spot,
        place_text=draft.place_text,
        find_place=place,
        found_at=draft.found_at or (place.position if place else _located(draft)),
        found_in=draft.found_in,
        regime=regime_of(draft.spot, place),
        whereabouts=draft.whereabouts,
        handed_in_to=draft.handed_in_to,
        handed_in_on=draft.handed_in_on,
        is_anonymous=draft.is_anonymous,
        claims_ownership=draft.claims_ownership,
        claims_reward=draft.claims_reward,
        claims_expenses=draft.claims_expenses,
        consent=draft.consent,
        may_be_named=draft.may_be_named,
        capability_digest=digest(token),
        capability_expires_at=now + CAPABILITY,
        reported_at=now,
        erase_on=timezone.localdate(now) + KEPT,
    )
    reporter = _keep_reporter(find, draft, now=now)
    _claim_photos(find, draft.photo_ids)
    if reporter and reporter.email:
        letters.post(find_letters.receipt(find, reporter, client_id=draft.client_id))
    live.ring_find(find)
    return Receipt(find, token, is_new=True)


def _registered(draft: Draft) -> FindPlace | None:
    """The place that the finder chose from the register of the town."""
    name = draft.place_text.strip()
    if not name:
        return None
    places = FindPlace.objects.filter(municipality=draft.found_in, is_active=True)
    return places.filter(name__iexact=name).first()


def _located(draft: Draft) -> Any:
    """Where the gazetteer knows what was typed. Two statements; the register's places need none."""
    keys = (draft.found_in.key,)
    hits = addresses.search(draft.place_text, area_keys=keys, limit=1) if draft.place_text else []
    return hits[0].position if hits else None


def _keep_reporter(find: FindReport, draft: Draft, *, now: dt.datetime) -> FindReporter | None:
    if draft.is_anonymous:
        return None
    who = draft.who
    reporter = FindReporter(find=find, **asdict(who))
    if who.email:
        reporter.confirm_digest = digest(token_for("find-confirm", draft.client_id))
        reporter.confirm_expires_at = now + CONFIRMATION
    reporter.save(force_insert=True)
    return reporter


def _claim_photos(find: FindReport, image_ids: Sequence[UUID]) -> None:
    """Hang the staged images on the report: one statement checks and writes. Raises Refused."""
    if not image_ids:
        return
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO lostfound_findphoto (find_id, image_id, position) "
            "SELECT %s, image.id, wish.position - 1 "
            "FROM unnest(%s::uuid[]) WITH ORDINALITY AS wish (id, position) "
            "JOIN townhall_image AS image ON image.id = wish.id "
            "FOR KEY SHARE OF image "  # the sweep of forgotten images waits, or we see them gone
            "ON CONFLICT (image_id) DO NOTHING",
            [find.pk, list(image_ids)],
        )
        if sql.rowcount != len(image_ids):
            raise Refused({"photo": [_("A photo did not arrive. Please add it again.")]})


def find_of(token: str) -> FindReport:
    """By the token of the finder's page. Raises FindReport.DoesNotExist."""
    return FindReport.objects.select_related(
        "office__municipality", "found_in", "item", "reporter"
    ).get(capability_digest=digest(token), capability_expires_at__gt=timezone.now())


def confirm(token: str) -> FindReport:
    """The finder pressed the button behind the letter's link. Again = no change.

    Raises FindReport.DoesNotExist for an unknown or expired token.
    """
    now = timezone.now()
    with transaction.atomic():
        reporter = (
            FindReporter.objects.select_for_update(of=("self",))
            .select_related("find__office")
            .filter(confirm_digest=digest(token))
            .first()
        )
        if reporter is None or not may_confirm(reporter, now=now):
            raise FindReport.DoesNotExist
        find: FindReport = reporter.find
        if reporter.confirmed_at is None:
            reporter.confirmed_at = now
            reporter.save(update_fields=["confirmed_at"])
            FindReport.objects.filter(pk=find.pk).update(xid=CurrentTransaction())
            live.ring_find(find)
        return find


def may_confirm(reporter: FindReporter, *, now: dt.datetime) -> bool:
    """A confirmed address stays so; the others have seven days."""
    if reporter.confirmed_at:
        return True
    return reporter.confirm_expires_at is not None and reporter.confirm_expires_at > now


def answer(token: str, text: str) -> FindReport:
    """The finder answers a question of the office. Raises TooLate, FindReport.DoesNotExist."""
    with by_finder(token) as find:
        if find.state != FindState.QUERY:
            raise TooLate
        find.answer = text.strip()
        find.state = FindState.WAITING
    return find


def withdraw(token: str) -> FindReport:
    """The finder takes it back, as long as nobody has decided. Raises as `answer`."""
    with by_finder(token) as find:
        if not find.is_open:
            raise TooLate
        find.state = FindState.WITHDRAWN
        find.decided_at = timezone.now()
    return find


@contextmanager
def by_finder(token: str) -> Iterator[FindReport]:
    """The report, locked; saved with its next version and rung at the end of one transaction."""
    with transaction.atomic():
        pk = find_of(token).pk
        find = locked(pk)
        yield find
        save(find)


def locked(pk: int) -> FindReport:
    """As it is now, held until the deed's transaction ends. One statement."""
    return (
        FindReport.objects.select_for_update(of=("self",))
        .select_related("office__municipality", "found_in", "find_place")
        .get(pk=pk)
    )


def save(find: FindReport) -> None:
    """What every deed on a finder's report ends with."""
    find.version += 1
    find.xid = CurrentTransaction()
    find.save()
    live.ring_find(find)
