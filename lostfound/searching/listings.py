"""The public records as rows: written, ended, brought back. What stands in them: `publishing`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.utils import timezone, translation

from lostfound.catalogue import THING_KINDS, Colour
from lostfound.models import Ended, FoundItem, Listing
from lostfound.workflow import SHOWN
from townhall.models import Municipality


@dataclass(frozen=True)
class Face:
    """All that the public may read of a thing. `cell`: the square's middle, `cell_m` its side."""

    kind: str
    colour: str
    brand: str
    found_on: dt.date
    municipality: Municipality
    place: str
    cell: Point | None
    cell_m: int

    @property
    def text(self) -> str:
        """„Rucksack, schwarz, Deuter“: in German, whoever works at the counter."""
        with translation.override("de"):
            colour = str(Colour(self.colour).label) if self.colour else ""
            parts = [str(THING_KINDS[self.kind].label), colour, self.brand]
            return ", ".join(filter(None, parts))


def write(item: FoundItem, face: Face, *, withheld: Collection[str]) -> Listing:
    """In public view from now on; the day of publishing stays that of the first time."""
    now = timezone.now()
    facts = {
        "code": item.code,
        "office": item.office,
        "municipality": face.municipality,
        "kind": face.kind,
        "colour": face.colour,
        "brand": face.brand,
        "found_on": face.found_on,
        "cell": face.cell,
        "cell_m": face.cell_m,
        "place": face.place,
        "text": face.text,
        "withheld": list(withheld),
        "ended_at": None,
        "ended_because": "",
    }
    listing, _new = Listing.objects.update_or_create(
        item=item, defaults=facts, create_defaults=facts | {"published_at": now}
    )
    return listing


def end(item: FoundItem, because: Ended) -> bool:
    """Out of view. False: it was not in view, or out of it for good already."""
    rows = Listing.objects.filter(item=item).exclude(ended_because=Ended.BY_STAFF)
    return bool(rows.update(ended_at=timezone.now(), ended_because=because))


def follow(item: FoundItem) -> bool:
    """Nobody sees a thing that has its owner, whatever deed it was; if it comes back to the shelf,
    it comes back into view. True if something changed. One statement."""
    mine = Listing.objects.filter(item=item)
    if item.state in SHOWN:
        hidden = mine.filter(ended_because=Ended.BY_STATE)
        return bool(hidden.update(ended_at=None, ended_because=""))
    shown = mine.filter(ended_at=None)
    return bool(shown.update(ended_at=timezone.now(), ended_because=Ended.BY_STATE))
