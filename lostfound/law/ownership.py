"""Whose it is when nobody comes: §§ 973, 974, 976, and who may come back after that: § 977."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lostfound.law.duty import SMALL_FIND_CENTS
from lostfound.law.grounds import Ground
from lostfound.law.periods import last_day, three_years_after

_DAY = dt.timedelta(days=1)
TREASURE_SHARE = Fraction(1, 2)  # § 984: the finder's, and the owner's of the place


class Owner(StrEnum):
    OPEN = "open"  # still whoever lost it
    ENTITLED = "entitled"  # somebody entitled came in time
    FINDER = "finder"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Course:
    """What happened to a find under §§ 965–977. Days are civil dates.

    `declaration_ends`: the finder has demanded that the entitled say whether they will satisfy the
    finder's claims, by that day. `collection_ends`: by that day a finder shall demand what was
    delivered and became theirs. Both as `periods.ends` gives them, shifted.
    """

    found: dt.date
    notice: dt.date | None
    value_cents: int
    known_to_finder: dt.date | None = None
    registered: dt.date | None = None  # an entitled person, at the authority
    concealed: bool = False
    ownership_waived: bool = False
    declaration_ends: dt.date | None = None
    accepted: dt.date | None = None
    collection_ends: dt.date | None = None
    demanded: dt.date | None = None


@dataclass(frozen=True)
class Standing:
    """`since`: from 0:00 of that day. `last`: last day of the six months, None before a notice."""

    owner: Owner
    ground: Ground
    last: dt.date | None = None
    since: dt.date | None = None

    @property
    def enrichment_until(self) -> dt.date | None:
        """Last day on which the former owner may reclaim the enrichment (§ 977)."""
        return three_years_after(self.since - _DAY) if self.since else None


def standing(course: Course, *, on: dt.date) -> Standing:
    """Who owns it on a day, knowing only what had happened by then."""
    last = _last(course)
    if last is None:
        return Standing(Owner.OPEN, Ground("§ 973 Abs. 1 BGB"))
    if course.concealed:
        return Standing(Owner.OPEN, Ground("§ 973 Abs. 2 S. 2 BGB"), last)
    stopped = _stopped(course, last)
    if stopped and stopped <= on:
        return _after_claim(course, last, on)
    if on <= last:
        return Standing(Owner.OPEN, _clock(course), last)
    return _acquired(course, last, last + _DAY, _clock(course), on)


def _small(course: Course) -> bool:
    return course.value_cents <= SMALL_FIND_CENTS


def _last(course: Course) -> dt.date | None:
    """The clock of a small find runs from the find itself (§ 973 Abs. 2 S. 1)."""
    start = course.found if _small(course) else course.notice
    return last_day(start) if start else None


def _clock(course: Course) -> Ground:
    return Ground("§ 973 Abs. 2 BGB" if _small(course) else "§ 973 Abs. 1 BGB")


def _stopped(course: Course, last: dt.date) -> dt.date | None:
    """First day on which somebody entitled came in time.

    Registering at the authority doesn't stop a small find (§ 973 Abs. 2 S. 3).
    """
    days = [course.known_to_finder, None if _small(course) else course.registered]
    return min((day for day in days if day and day <= last), default=None)


def _after_claim(course: Course, last: dt.date, on: dt.date) -> Standing:
    """§ 974: no timely yes to the finder's claims, and it is the finder's after all."""
    ends = course.declaration_ends
    in_time = course.accepted and ends and course.accepted <= ends
    if ends is None or in_time or on <= ends:
        return Standing(Owner.ENTITLED, Ground("§ 974 BGB"), last)
    return _acquired(course, last, ends + _DAY, Ground("§ 974 BGB"), on)


def _acquired(
    course: Course, last: dt.date, since: dt.date, ground: Ground, on: dt.date
) -> Standing:
    if course.ownership_waived:
        return Standing(Owner.MUNICIPALITY, Ground("§ 976 Abs. 1 BGB"), last, since)
    ends = course.collection_ends
    too_early = ends is not None and ends < since  # set before it was the finder's: no deadline
    if ends is None or too_early or on <= ends or (course.demanded and course.demanded <= ends):
        return Standing(Owner.FINDER, ground, last, since)
    return Standing(Owner.MUNICIPALITY, Ground("§ 976 Abs. 2 BGB"), last, ends + _DAY)
