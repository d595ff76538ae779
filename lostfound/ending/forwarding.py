"""Things that belong elsewhere: papers to their authority, cards to their issuer, animals to the
shelter, and what was found in another municipality to its office.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from lostfound import live
from lostfound.ending.leaving import ClaimWaits, NotNow, leave, locked_for, somebody_waits
from lostfound.law.disposal import Step
from lostfound.law.kinds import Addressee, handling
from lostfound.models import EventKind, Forwarding, FoundItem, Holder, Listing, Office
from lostfound.recording import locked, record
from lostfound.storing import custody
from lostfound.workflow import OPEN, State
from townhall import letters
from townhall.letters import Draft
from townhall.models import User

OTHER_OFFICE = "other_office"  # of the municipality where it was found (§ 4 FundV (BY))
OTHER = "other"


class Whom(StrEnum):
    """Besides law.kinds.Addressee."""

    OTHER_OFFICE = OTHER_OFFICE
    MONUMENTS = "monuments"
    KEEPER = "keeper"  # of the house, police: it was no find


_STEPS = {
    Whom.MONUMENTS.value: (Step.MONUMENT_AUTHORITY,),
    Whom.KEEPER.value: (Step.END_WITHOUT_FIND,),
}


@dataclass(frozen=True)
class Cover:
    """Where it goes. `to`: a law.kinds.Addressee or a Whom; `address`: the lines of a window."""

    to: str
    receiver: str
    address: str = ""
    note: str = ""


def addressees(item: FoundItem) -> list[str]:
    """Whom the law names for a thing of this kind; another office may always be right."""
    named = [each.value for each in handling(item.law_kind).forward_to if each in _PLACES]
    regime = {"schatz": [Whom.MONUMENTS.value], "kein_fund": [Whom.KEEPER.value]}
    return [*named, *regime.get(item.regime, []), OTHER_OFFICE]


_PLACES = frozenset(Addressee) - {Addressee.OWNER_AT_ONCE, Addressee.HOME_FUNDBUERO}


def forward(item: FoundItem, cover: Cover, *, by: User) -> Forwarding:
    """It goes with a letter; the case is closed here. Raises NotNow, ClaimWaits."""
    with transaction.atomic():
        if cover.to == OTHER_OFFICE:
            item = locked(item)
            if item.state not in {State.HELD, State.READY}:
                raise NotNow(item, frozenset({Step.FORWARD}))
            if somebody_waits(item):
                raise ClaimWaits(item, frozenset({Step.FORWARD}))
        else:
            item, _step = locked_for(item, *_STEPS.get(cover.to, (Step.FORWARD,)))
        row, _new = Forwarding.objects.update_or_create(
            item=item,
            defaults={
                "to": cover.to,
                "receiver": cover.receiver,
                "address": cover.address,
                "note": cover.note,
                "at": timezone.now(),
                "by": by,
            },
        )
        leave(
            item,
            State.FORWARDED,
            to=Holder.OFFICE,
            kind=EventKind.FORWARDED,
            by=by,
            place=cover.receiver,
            facts={"to": cover.to},
            with_all=cover.to == OTHER_OFFICE,
        )
        return row


def move(item: FoundItem, office: Office, *, by: User) -> FoundItem:
    """To another office of this installation: the case goes on there, with the same number and
    all its days. Raises NotNow.
    """
    with transaction.atomic():
        item = locked(item)
        if item.state not in {State.HELD, State.READY} or item.office_id == office.pk:
            raise NotNow(item, frozenset({Step.FORWARD}))
        old = item.office
        live.ring_item(item)  # the board that loses it
        for thing in (item, *_parts(item)):
            custody.pass_on(thing, Holder.OFFICE, place=office.name, by=by)
            thing.office = office
            thing.file_number = ""  # numbers are an office's own
            Listing.objects.filter(item=thing).update(office=office)
            facts = {"from": old.slug, "to": office.slug}
            record(thing, EventKind.FORWARDED, by=by, facts=facts)
        if office.email:
            letters.post(_on_its_way(item, old, office))
        return item


def _parts(item: FoundItem) -> list[FoundItem]:
    return [locked(part) for part in item.parts.filter(state__in=OPEN).order_by("pk")]


def _on_its_way(item: FoundItem, old: Office, new: Office) -> Draft:
    with translation.override("de"):
        facts = {"item": item, "old": old, "office": new}
        text: str = render_to_string("lostfound/letters/moved_here.txt", facts)
    subject, _newline, text = text.strip().partition("\n")
    return Draft(
        key=f"found:{item.code}:moved_here:{item.version}",
        kind="moved_here",
        about=f"found:{item.code}",
        to=new.email,
        subject=subject.strip(),
        text=text.strip() + "\n",
        municipality_id=new.municipality_id,
        sender=old.name,
        reply_to=old.email or old.municipality.email,
    )
