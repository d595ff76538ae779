"""What somebody tells of a thing they miss, and whether it can become a loss report."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import GeometryCollection, LineString, Point
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lostfound import identifiers
from lostfound.catalogue import MARKS, THING_KINDS, Colour
from lostfound.models import LossMark
from townhall.models import Municipality
from townhall.people import municipality_at

MAX_DESCRIPTION = 1000
MAX_MARK = 300
MAX_PLACE = 300
MAX_POINTS = 3
OLDEST = dt.timedelta(days=3 * 365)  # nobody keeps a find that long


@dataclass(frozen=True)
class Draft:
    """A loss as it is handed in. `client_id` is made on the sender's side, once for each loss.

    `points`: where it may have been lost; `way`: from and to, somewhere between. `town`: key of the
    municipality where no place says it. `marks`: code of catalogue.MARKS → the owner's words.
    """

    client_id: UUID
    kind: str
    lost_from: dt.date
    lost_until: dt.date
    colour: str = ""
    second_colour: str = ""
    brand: str = ""
    description: str = ""
    time_text: str = ""
    points: tuple[Point, ...] = ()
    way: tuple[Point, Point] | None = None
    place_text: str = ""
    transport_line: str = ""
    town: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    name: str = ""
    phone: str = ""
    postal_address: str = ""
    is_suspect: bool = False  # a field that no person sees was filled in: a program, or autofill
    language: str = "de"
    source: str = "web"

    def digest(self) -> str:
        """The same for the same content. Keyed, for a number in it is nobody's to guess."""
        content = [
            self.kind,
            [self.lost_from.isoformat(), self.lost_until.isoformat(), self.time_text],
            [self.colour, self.second_colour, self.brand, self.description],
            [_at(point) for point in self.points],
            [_at(point) for point in self.way or ()],
            [self.place_text, self.transport_line, self.town],
            sorted((code, text) for code, text in self.marks.items() if text),
            [self.email, self.name, self.phone, self.postal_address],
        ]
        key = b"augenmerk losses " + settings.SECRET_KEY.encode()
        return hmac.digest(key, json.dumps(content).encode(), "sha256").hex()

    @property
    def places(self) -> GeometryCollection | None:
        """Points, and the straight line of a way (lon, lat)."""
        shapes: list[Any] = list(self.points)
        if self.way:
            shapes.append(LineString(*(point.coords for point in self.way), srid=4326))
        return GeometryCollection(*shapes, srid=4326) if shapes else None

    @property
    def is_reachable(self) -> bool:
        return bool(self.email or self.phone or self.postal_address)


class Refused(Exception):
    """The draft can't become a loss report. `errors`: field → sentences for whoever sent it."""

    def __init__(self, errors: Mapping[str, list[Any]]) -> None:
        super().__init__(sorted(errors))
        self.errors = errors


def check(draft: Draft) -> None:
    """Raises Refused. The same rules for the form, the counter and the API."""
    errors: dict[str, list[Any]] = {}
    if draft.kind not in THING_KINDS:
        errors["kind"] = [_("Choose what you have lost.")]
    if not {draft.colour, draft.second_colour} <= {"", *Colour.values}:
        errors["colour"] = [_("Choose one of the colours.")]
    errors |= wrong_days(draft.lost_from, draft.lost_until)
    errors |= wrong_marks(draft.marks)
    longest = {"description": MAX_DESCRIPTION, "place_text": MAX_PLACE, "brand": 60}
    longest |= {"time_text": 60, "transport_line": 60}
    for name, most in longest.items():
        if len(getattr(draft, name)) > most:
            errors[name] = [_("Keep this under %(n)s characters.") % {"n": most}]
    if len(draft.points) > MAX_POINTS:
        errors["points"] = [_("Name three places at most.")]
    if draft.town and not Municipality.objects.filter(key=draft.town).exists():
        errors["town"] = [_("This municipality does not take part here.")]
    if errors:
        raise Refused(errors)


def wrong_days(first: dt.date, last: dt.date) -> dict[str, list[Any]]:
    today = timezone.localdate()
    if first > today or last > today:
        return {"lost_until": [_("This day has not come yet. Choose today or a day before.")]}
    if last < first:
        return {"lost_until": [_("The second day lies before the first one.")]}
    if first < today - OLDEST:
        return {"lost_from": [_("This is more than three years ago. Please call us.")]}
    return {}


def wrong_marks(marks: Mapping[str, str]) -> dict[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    for code, text in marks.items():
        mark = MARKS.get(code)
        if mark is None:
            errors["marks"] = [_("There is no such mark: %(code)s") % {"code": code[:20]}]
        elif len(text) > MAX_MARK:
            errors[f"marks.{code}"] = [_("Keep this under %(n)s characters.") % {"n": MAX_MARK}]
        elif mark.is_number and text.strip() and not identifiers.digest_of(code, text):
            errors[f"marks.{code}"] = [_("This number is too short. Check it, or leave it empty.")]
    return errors


def marks_of(draft: Draft) -> list[LossMark]:
    """As they are kept: words as words, numbers as keyed hash and last four, never whole."""
    rows = []
    for code, text in draft.marks.items():
        said = text.strip()
        if not said:
            continue
        if MARKS[code].is_number:
            proof = identifiers.digest_of(code, said)
            rows.append(LossMark(kind=code, digest=proof, tail=identifiers.tail_of(code, said)))
        else:
            rows.append(LossMark(kind=code, text=said))
    return rows


def town_of(draft: Draft) -> Municipality | None:
    """Where it was lost, by the first place that lies in one of our towns; else as it was told."""
    for point in (*draft.points, *(draft.way or ())):
        found = municipality_at(point)
        if found is not None and found.municipality is not None:
            return found.municipality
    return Municipality.objects.filter(key=draft.town).first() if draft.town else None


def _at(point: Point) -> str:
    return f"{point.x:.6f},{point.y:.6f}"
