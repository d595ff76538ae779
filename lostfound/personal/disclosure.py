"""Who learns whose name and address: with a ground in law, and noted. Nothing else tells one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from lostfound import law
from lostfound.ending.entitlement import entitled
from lostfound.law import Answer
from lostfound.law.publication import can_tell_address
from lostfound.models import Claimant, Disclosure, EventKind, Finder, FindReport, FoundItem, Whose
from lostfound.recording import locked, record
from lostfound.workflow import State
from townhall.models import User

OWNER, FINDER, STAFF = "owner", "finder", "staff"
CASEWORK = law.Ground("§§ 965 ff. BGB, Art. 6 Abs. 1 lit. e DSGVO")


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


def may_tell(item: FoundItem) -> Answer:
    """May finder and owner learn of each other? For a claimed reward, and for that only."""
    return can_tell_address(
        reward_claimed=bool(item.claims_reward),
        finder_keeps_it=item.state == State.WITH_FINDER,
        finder_stays_unnamed=stays_unnamed(item),
    )


def stays_unnamed(item: FoundItem) -> bool:
    """Whether the finder's own report did not agree to being named to the owner."""
    whole = item.part_of_id or item.pk
    return FindReport.objects.filter(item=whole, may_be_named=False).exists()


def tell(item: FoundItem, whose: Whose, *, by: User) -> Address | None:
    """The address that the other side may know, noted as told. None: nobody is known.

    Raises NoGround.
    """
    with transaction.atomic():
        item = locked(item)
        answer = may_tell(item)
        if not answer:
            raise NoGround(answer)
        found = _address(item, whose)
        if found is not None:
            to = OWNER if whose is Whose.FINDER else FINDER
            _note(item, whose, to, answer.ground.cite, by)
            facts = {"whose": str(whose), "to": to, "cite": answer.ground.cite}
            record(item, EventKind.ADDRESS_TOLD, by=by, facts=facts)
        return found


def look(item: FoundItem, whose: Whose, *, by: User) -> Address | None:
    """The address for the counter's own work: noted who saw it. No version, no bell: nothing
    has changed.
    """
    found = _address(item, whose)
    if found is not None:
        _note(item, whose, STAFF, CASEWORK.cite, by)
    return found


def _note(item: FoundItem, whose: Whose, to: str, cite: str, by: User) -> None:
    Disclosure.objects.create(item=item, whose=whose, to=to, cite=cite, at=timezone.now(), by=by)


def _address(item: FoundItem, whose: Whose) -> Address | None:
    person: Finder | Claimant | None
    if whose is Whose.FINDER:
        person = Finder.objects.filter(item=item.part_of_id or item.pk).first()
    else:
        person = entitled(item)
    if person is None:
        return None
    return Address(person.name, person.postal_address, person.email, person.phone)
