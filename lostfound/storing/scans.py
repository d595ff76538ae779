"""What a scanner typed: a thing's label, a shelf's label, or what a person read from them.

A label's QR code is an address that ends in the code. Scanners are keyboards: one that is set to
American keys writes `https>&&…&amt&fund&sache&7K3F9QMX`, so only the end of the text counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Lower, Replace

from lostfound import file_numbers
from lostfound.models import FoundItem, StoragePlace
from lostfound.queries import of_own_offices
from townhall.codes import normalise
from townhall.live import Visitor

LONGEST = 300
_END = re.compile(r"([0-9A-Za-z]{4})[-ß]?([0-9A-Za-z]{4})[/&-]?\Z", re.ASCII)


@dataclass(frozen=True)
class Scanned:
    """At most one of both is known. `text` is what to show again, short."""

    text: str
    item: FoundItem | None = None
    place: StoragePlace | None = None

    @property
    def is_known(self) -> bool:
        return self.item is not None or self.place is not None


def code_in(text: str) -> str | None:
    """The code at the end of an address, or the code itself; None where there is none."""
    end = _END.search(text.strip()[:LONGEST])
    return normalise("".join(end.groups())) if end else None


def read(text: str, *, by: Visitor) -> Scanned:
    """The thing or place of the user's offices; by code, file number, or the place's name.

    At most four statements.
    """
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    shown = text[-40:]
    code = code_in(text)
    things = FoundItem.objects.visible_to(by).select_related(
        "office__municipality", "storage__site", "part_of"
    )
    places = _places_of(by)
    if code and (item := things.filter(code=code).first()):
        return Scanned(shown, item=item)
    if code and (place := places.filter(code=code).first()):
        return Scanned(shown, place=place)
    number = file_numbers.read(text) or text
    if text and (item := things.filter(file_number__iexact=number).order_by("-pk").first()):
        return Scanned(shown, item=item)
    return Scanned(shown, place=_named(text, places) if text else None)


def place_with(code: str, *, by: Visitor) -> StoragePlace | None:
    """The place of the user's offices that wears the code. One statement."""
    known = normalise(code)
    return _places_of(by).filter(code=known).first() if known else None


def _places_of(user: Visitor) -> QuerySet[StoragePlace]:
    mine = of_own_offices(user, "site__office__")
    return StoragePlace.objects.filter(mine).select_related("site__office")


def _named(text: str, places: QuerySet[StoragePlace]) -> StoragePlace | None:
    """„Regal B, Fach 3“, „regal b fach 3“, where one place alone is called so."""
    bare = Replace(Lower(Concat("shelf", "slot")), Value(" "), Value(""))
    asked = "".join(text.replace(",", " ").split()).lower()
    found = list(places.filter(is_active=True).annotate(bare=bare).filter(bare=asked)[:2])
    return found[0] if len(found) == 1 else None
