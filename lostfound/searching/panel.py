"""What staff see before they publish a thing: the very words that everybody would read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from geo.wording import short
from lostfound import panels
from lostfound.catalogue import GROUPS, THING_KINDS, Colour
from lostfound.law.publication import Then
from lostfound.models import FoundItem, Listing, ListingPhoto, Photo
from lostfound.searching import pictures, publishing
from lostfound.searching.listings import Face
from lostfound.wording import FACTS_HELD_BACK, WHY_NO_PICTURE, WHY_NOT_PUBLIC
from townhall.models import User

ORDER = 40


def register() -> None:
    panels.register(ORDER, "lostfound/item/_listing.html", facts)


def facts(item: FoundItem, user: User) -> Mapping[str, Any]:
    listing = Listing.objects.select_related("municipality").filter(item=item).first()
    answer = publishing.allowed(item)
    withheld: Sequence[str] = listing.withheld if listing else []
    face = publishing.face_of(item, withheld=withheld)
    return {
        "listing": listing,
        "is_public": listing is not None and listing.is_public,
        "may_publish": bool(answer),
        "why_not": why_not(answer.missing),
        "asks_back": Then.ASK_BACK in answer.then,
        "face": face,
        "icon": GROUPS[THING_KINDS[face.kind].group].icon,
        "title": _title(face),
        "area": ", ".join(dict.fromkeys(filter(None, [face.place, short(face.municipality.name)]))),
        "held_back": [
            (fact.value, FACTS_HELD_BACK[fact], fact in withheld)
            for fact in publishing.WITHHOLDABLE
        ],
        "picture": _picture(item, listing),
        "unknown_brand": item.brand if item.brand and not publishing.is_known(item.brand) else "",
    }


@dataclass(frozen=True)
class Picture:
    """What may be shown of it beside the words. `why_not`: why nothing may."""

    shown: ListingPhoto | None
    photos: Sequence[Photo]
    why_not: Sequence[str | Promise]


def _picture(item: FoundItem, listing: Listing | None) -> Picture:
    answer = pictures.may_show(item)
    shown = ListingPhoto.objects.select_related("image").filter(listing=listing).first()
    photos = list(item.photos.select_related("image")) if answer else []
    return Picture(shown, photos, [WHY_NO_PICTURE[code] for code in answer.missing])


def why_not(missing: Collection[str]) -> list[str | Promise]:
    return [WHY_NOT_PUBLIC[code] for code in missing]


def _title(face: Face) -> str:
    colour = str(Colour(face.colour).label) if face.colour else ""
    return ", ".join(filter(None, [str(THING_KINDS[face.kind].label), colour, face.brand]))
