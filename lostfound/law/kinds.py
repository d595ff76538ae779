"""What is special about some kinds of things: one row each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Ground, practice, reading
from lostfound.law.policy import DEFAULT, DataMedia, Policy


class Kind(StrEnum):
    IDENTITY_PAPER = "identity_paper"  # identity card, passport, driving licence
    FOREIGN_PAPER = "foreign_paper"
    CARD = "card"  # bank, health
    PURSE = "purse"
    KEYS = "keys"
    DATA_MEDIUM = "data_medium"  # phone, laptop, camera, stick
    CASH = "cash"
    WEAPON = "weapon"  # with ammunition, explosives
    DRUGS = "drugs"
    ANIMAL = "animal"
    PERISHABLE = "perishable"
    BICYCLE = "bicycle"
    OTHER = "other"


class Addressee(StrEnum):
    """Whom a thing goes to or is told to, besides owner and finder."""

    ISSUING_AUTHORITY = "issuing_authority"
    OFFICE_OF_RESIDENCE = "office_of_residence"
    FEDERAL_FOUND_PAPERS = "federal_found_papers"  # Bundesverwaltungsamt, Fundpapierstelle
    ISSUER = "issuer"
    OWNER_AT_ONCE = "owner_at_once"
    HOME_FUNDBUERO = "home_fundbuero"
    POLICE = "police"
    WEAPONS_AUTHORITY = "weapons_authority"
    SHELTER = "shelter"


class Ending(StrEnum):
    """What becomes of it when nobody comes."""

    BY_REGIME = "by_regime"
    DESTROYED = "destroyed"
    FORWARDED = "forwarded"
    LEDGER = "ledger"
    AT_ONCE = "at_once"  # sold or thrown away on the day, with a line in the log


class Proof(StrEnum):
    IMEI_OR_SERIAL = "imei_or_serial"
    FRAME_NUMBER = "frame_number"
    POLICE_STOLEN_CHECK = "police_stolen_check"


@dataclass(frozen=True)
class Handling:
    """One row of the matrix. The defaults are those of an umbrella."""

    ground: Ground
    listed: bool = True
    photographed: bool = True  # at all; publishing a picture is another question
    pictured: bool = True  # in public, where the town wants that: a picture of a key makes a key
    stored: bool = True
    shippable: bool = True
    auctionable: bool = True
    must_deliver: bool = False
    finder_may_own: bool = True
    forward_to: tuple[Addressee, ...] = ()
    proofs: tuple[Proof, ...] = ()
    ending: Ending = Ending.BY_REGIME


def _paper(*forward_to: Addressee) -> Handling:
    return Handling(
        practice("§ 3 Abs. 2 FundV (BY)"),
        listed=False,
        photographed=False,
        shippable=False,
        auctionable=False,
        must_deliver=True,
        finder_may_own=False,
        forward_to=forward_to,
        ending=Ending.FORWARDED,
    )


def _stopped(*forward_to: Addressee) -> Handling:
    return Handling(
        practice("§ 3 Abs. 2 FundV (BY)"),
        listed=False,
        photographed=False,
        stored=False,
        shippable=False,
        auctionable=False,
        must_deliver=True,
        finder_may_own=False,
        forward_to=forward_to,
        ending=Ending.FORWARDED,
    )


MATRIX: dict[Kind, Handling] = {
    Kind.IDENTITY_PAPER: _paper(Addressee.ISSUING_AUTHORITY, Addressee.OFFICE_OF_RESIDENCE),
    Kind.FOREIGN_PAPER: _paper(Addressee.FEDERAL_FOUND_PAPERS),
    Kind.CARD: Handling(
        reading("§ 965 BGB"),
        listed=False,
        photographed=False,
        shippable=False,
        auctionable=False,
        finder_may_own=False,
        forward_to=(Addressee.ISSUER,),
        ending=Ending.FORWARDED,
    ),
    Kind.PURSE: Handling(
        practice("§ 965 BGB"), forward_to=(Addressee.OWNER_AT_ONCE, Addressee.HOME_FUNDBUERO)
    ),
    Kind.KEYS: Handling(
        practice("§ 965 BGB"), pictured=False, auctionable=False, ending=Ending.DESTROYED
    ),
    Kind.DATA_MEDIUM: Handling(practice("Art. 5 DSGVO"), proofs=(Proof.IMEI_OR_SERIAL,)),
    Kind.CASH: Handling(
        practice("§ 981 Abs. 2 S. 2 BGB"),
        listed=False,
        photographed=False,
        shippable=False,
        auctionable=False,
        ending=Ending.LEDGER,
    ),
    Kind.WEAPON: _stopped(Addressee.POLICE, Addressee.WEAPONS_AUTHORITY),
    Kind.DRUGS: _stopped(Addressee.POLICE),
    Kind.ANIMAL: Handling(
        practice("§ 971 Abs. 1 S. 2 BGB, TierSchG"),
        shippable=False,
        auctionable=False,
        forward_to=(Addressee.SHELTER,),
        ending=Ending.FORWARDED,
    ),
    Kind.PERISHABLE: Handling(
        Ground("§§ 966 Abs. 2, 980 Abs. 2 BGB"), shippable=False, ending=Ending.AT_ONCE
    ),
    Kind.BICYCLE: Handling(
        practice("§ 965 BGB"), proofs=(Proof.FRAME_NUMBER, Proof.POLICE_STOLEN_CHECK)
    ),
    Kind.OTHER: Handling(Ground("§ 965 BGB")),
}


class DataStep(StrEnum):
    ERASE = "erase"
    WIPE_WITH_CERTIFICATE = "wipe_with_certificate"
    HAND_ON_AS_IT_IS = "hand_on_as_it_is"
    KEEP = "keep"  # it never goes to somebody new


# What to do with a data medium that can be erased, and with one that cannot.
_DATA: dict[DataMedia, tuple[DataStep, DataStep]] = {
    DataMedia.ERASE_IF_FEASIBLE: (DataStep.ERASE, DataStep.HAND_ON_AS_IT_IS),
    DataMedia.ERASE_OR_KEEP: (DataStep.ERASE, DataStep.KEEP),
    DataMedia.CERTIFIED_WIPE: (DataStep.WIPE_WITH_CERTIFICATE, DataStep.KEEP),
}


class Fate(StrEnum):
    """Of one part of a composite thing: the card in the purse."""

    WITH_THE_WHOLE = "with_the_whole"  # its owner is here and gets everything together
    WAIT_FOR_OWNER = "wait_for_owner"
    FORWARD = "forward"
    STOPPED = "stopped"
    BY_REGIME = "by_regime"


def handling(kind: Kind) -> Handling:
    return MATRIX[kind]


def before_handing_on(*, erasable: bool, policy: Policy = DEFAULT) -> DataStep:
    """What happens to the data before a medium goes to finder, buyer or receiver of a gift.

    Authorities disagree; the municipality decides. Its owner gets it back untouched.
    """
    erased, not_erasable = _DATA[policy.data_media]
    return erased if erasable else not_erasable


def whom_to_tell(*, name_inside: bool, from_out_of_town: bool) -> Addressee | None:
    """Of a purse or bag: a name inside means telling its owner at once."""
    if not name_inside:
        return None
    return Addressee.HOME_FUNDBUERO if from_out_of_town else Addressee.OWNER_AT_ONCE


def fate(
    kind: Kind,
    *,
    received: dt.date,
    on: dt.date,
    owner_is_here: bool = False,
    policy: Policy = DEFAULT,
) -> Fate:
    """Papers and cards leave for their authority or issuer once nobody has fetched the whole."""
    row = handling(kind)
    if not row.stored:
        return Fate.STOPPED
    if owner_is_here:
        return Fate.WITH_THE_WHOLE
    if row.ending is not Ending.FORWARDED:
        return Fate.BY_REGIME
    waits = on <= received + dt.timedelta(days=policy.document_wait_days)
    return Fate.WAIT_FOR_OWNER if waits else Fate.FORWARD
