"""Who learns whose name and address: with a ground in law, and noted. Nothing else tells one.

At the counter nobody's name stands open: whoever needs it presses „Anzeigen“ (`look…`), and what
can't do without one notes its reader (`saw…`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lostfound import law
from lostfound.ending.entitlement import entitled
from lostfound.law import Answer
from lostfound.law.publication import can_tell_address
from lostfound.models import (
    Account,
    Claim,
    Claimant,
    Disclosure,
    EventKind,
    Finder,
    FindReport,
    FindReporter,
    FoundItem,
    Loser,
    LossReport,
    Whose,
)
from lostfound.recording import locked, record
from lostfound.releasing.dues import Dues, dues_of
from lostfound.workflow import State
from townhall.models import User

OWNER, FINDER, STAFF = "owner", "finder", "staff"
CASEWORK = law.Ground("§§ 965 ff. BGB, Art. 6 Abs. 1 lit. e DSGVO")

Case = FoundItem | LossReport | FindReport
Person = Finder | Claimant | Loser | FindReporter


@dataclass(eq=False)
class NoGround(Exception):
    """Nothing in law lets it leave; `answer.missing` says what is missing."""

    answer: Answer


@dataclass(frozen=True)
class Address:
    name: str
    postal_address: str
    email: str
    phone: str


# ── To the other side ────────────────────────────────────────────────────────────────────────
def may_tell(item: FoundItem, dues: Dues) -> Answer:
    """May finder and owner learn of each other? For a claimed reward that is still owed, and for
    that only: what the office has collected needs no address any more.
    """
    owed = dues.reward_due and not dues[Account.REWARD].is_settled
    return can_tell_address(
        reward_claimed=item.claims_reward is True and owed,
        finder_keeps_it=item.state == State.WITH_FINDER,
        finder_stays_unnamed=stays_unnamed(item),
    )


def stays_unnamed(item: FoundItem) -> bool:
    """Whether the finder did not agree to being named to the owner, or takes that back."""
    return Finder.objects.filter(item=item.part_of_id or item.pk, may_be_named=False).exists()


def tell(item: FoundItem, whose: Whose, *, by: User) -> Address | None:
    """The address that the other side may know, noted as told. None: nobody is known.

    Raises NoGround.
    """
    with transaction.atomic():
        item = locked(item)
        answer = may_tell(item, dues_of(item, on=timezone.localdate()))
        if not answer:
            raise NoGround(answer)
        found = _address_of(_person(item, whose))
        if found is not None:
            to = OWNER if whose is Whose.FINDER else FINDER
            note(item, whose, to, answer.ground.cite, by=by)
            facts = {"whose": str(whose), "to": to, "cite": answer.ground.cite}
            record(item, EventKind.ADDRESS_TOLD, by=by, facts=facts)
        return found


# ── At the counter ───────────────────────────────────────────────────────────────────────────
def look(item: FoundItem, whose: Whose, *, by: User) -> Address | None:
    """The address for the counter's own work: noted who saw it. No version, no bell: nothing
    has changed.
    """
    return _look(item, whose, _person(item, whose), by)


def look_at_claimant(claim: Claim, *, by: User) -> Address | None:
    """Noted at the thing that is claimed."""
    assert claim.item is not None, "no counter sees a claim to nothing"
    return _look(claim.item, Whose.CLAIMANT, Claimant.objects.filter(claim=claim).first(), by)


def look_at_loser(loss: LossReport, *, by: User) -> Address | None:
    return _look(loss, Whose.LOSER, Loser.objects.filter(loss=loss).first(), by)


def look_at_reporter(find: FindReport, *, by: User) -> Address | None:
    return _look(find, Whose.FINDER, FindReporter.objects.filter(find=find).first(), by)


def saw(case: Case, whose: Whose, *, by: User) -> None:
    """A form or a paper that can't do without the name was opened: noted once a day and reader."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = looks_at(case).filter(whose=whose, to=STAFF, by=by, at__gte=today)
    if not known.exists():
        note(case, whose, STAFF, CASEWORK.cite, by=by)


def looks_at(case: Case) -> QuerySet[Disclosure]:
    """Newest first."""
    return case.disclosures.select_related("by")


def note(case: Case, whose: Whose, to: str, cite: str, *, by: User) -> None:
    subject = {_FIELDS[type(case)]: case}
    Disclosure.objects.create(**subject, whose=whose, to=to, cite=cite, at=timezone.now(), by=by)


_FIELDS = {FoundItem: "item", LossReport: "loss", FindReport: "find"}


def _look(case: Case, whose: Whose, person: Person | None, by: User) -> Address | None:
    if person is not None:
        note(case, whose, STAFF, CASEWORK.cite, by=by)
    return _address_of(person)


def _person(item: FoundItem, whose: Whose) -> Finder | Claimant | None:
    if whose is Whose.FINDER:
        return Finder.objects.filter(item=item.part_of_id or item.pk).first()
    return entitled(item)


def _address_of(person: Person | None) -> Address | None:
    if person is None:
        return None
    return Address(person.name, person.postal_address, person.email, person.phone)
