"""What everybody may read of a find, and who learns whose address (GDPR with §§ 965 ff. BGB)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lostfound.law.grounds import Answer, practice
from lostfound.law.kinds import Kind, handling
from lostfound.law.policy import DEFAULT, GROUNDS, Policy

TELLING = practice("§ 971 BGB, Art. 6 Abs. 1 lit. c, e DSGVO")
LEGAL_BASIS = practice("Art. 6 Abs. 1 lit. c, e DSGVO, §§ 965 ff. BGB")


class Fact(StrEnum):
    CATEGORY = "category"
    COLOUR_GROUP = "colour_group"
    COARSE_BRAND = "coarse_brand"
    FIND_DATE = "find_date"
    COARSE_PLACE = "coarse_place"
    OFFICE = "office"
    PUBLIC_NUMBER = "public_number"
    FINDER_NAME = "finder_name"
    OWNER_NAME = "owner_name"
    SERIAL = "serial"
    IMEI = "imei"
    CONTENTS = "contents"
    AMOUNT = "amount"
    ENGRAVING = "engraving"
    KEY_NUMBER = "key_number"
    DOCUMENT_PHOTO = "document_photo"
    STORAGE_PLACE = "storage_place"


PUBLIC = frozenset(
    {
        Fact.CATEGORY,
        Fact.COLOUR_GROUP,
        Fact.COARSE_BRAND,
        Fact.FIND_DATE,
        Fact.COARSE_PLACE,
        Fact.OFFICE,
        Fact.PUBLIC_NUMBER,
    }
)
NEVER_PUBLIC = frozenset(Fact) - PUBLIC


class Missing(StrEnum):
    LISTED_KIND = "listed_kind"
    HIDDEN_MARK = "hidden_mark"
    PHOTOS_ALLOWED = "photos_allowed"
    REWARD_CLAIM = "reward_claim"
    OPEN_ADDRESS = "open_address"
    FINDERS_YES = "finders_yes"


class Then(StrEnum):
    ASK_BACK = "ask_back"  # released only after staff have talked with whoever asks


@dataclass(frozen=True)
class Draft:
    """What shall be published. `no_mark_visible` is a choice of staff, not a lack of one."""

    kind: Kind
    hidden_marks: int
    no_mark_visible: bool = False


def can_publish(draft: Draft) -> Answer:
    """A hidden mark first, or the words "no mark can be seen": else everybody could claim it."""
    missing = [] if handling(draft.kind).listed else [Missing.LISTED_KIND]
    if not draft.hidden_marks and not draft.no_mark_visible:
        missing.append(Missing.HIDDEN_MARK)
    then = () if draft.hidden_marks else (Then.ASK_BACK,)
    return Answer(practice("Art. 5 Abs. 1 lit. f DSGVO"), tuple(missing), then)


def can_show_photo(kind: Kind, *, policy: Policy = DEFAULT) -> Answer:
    """Off unless the municipality wants pictures; of papers, cards, cash and keys never."""
    row = handling(kind)
    missing = [] if row.photographed and row.pictured else [Missing.LISTED_KIND]
    if not policy.photos_public:
        missing.append(Missing.PHOTOS_ALLOWED)
    return Answer(GROUNDS["photos_public"], tuple(missing))


def can_tell_address(
    *, reward_claimed: bool, finder_keeps_it: bool = False, finder_stays_unnamed: bool = False
) -> Answer:
    """Finder and owner learn each other's name and address for a reward, and only for that.

    A finder who keeps the thing at home keeps the address secret, too. Whoever asked not to be
    named gets the reward through the office.
    """
    missing = [] if reward_claimed else [Missing.REWARD_CLAIM]
    if finder_keeps_it:
        missing.append(Missing.OPEN_ADDRESS)
    if finder_stays_unnamed:
        missing.append(Missing.FINDERS_YES)
    return Answer(TELLING, tuple(missing))
