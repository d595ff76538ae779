"""The reports beside the map: the same ones, newest or nearest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import GeometryDistance
from django.contrib.gis.geos import Point
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from geo.distances import compass, distance_m
from reports.models import Report, Supporter
from reports.publicity import shown
from reports.queries import ReportQuerySet
from townhall.models import Site
from townhall.people import Whereabouts, municipality_at

from .map_ask import EPOCH, Ask

PAGE = 30
NEAREST = 50
COUNTED = 1000
# More candidates than shown: the index measures degrees, people measure metres.
CANDIDATES = 2 * NEAREST


@dataclass(frozen=True)
class Card:
    """A report in the list. `metres` and `towards`: from the place that was searched, or the
    middle of the map."""

    report: Report
    metres: float | None = None
    towards: str = ""

    @property
    def photo(self) -> Any:
        """The first picture that staff released, or None."""
        return next((photo for photo in self.report.photos.all() if photo.is_released), None)

    @property
    def voices(self) -> int:
        """Whom it concerns besides the reporter."""
        return getattr(self.report, "voices", 0)


class Listing:
    """`keys` of the municipalities that the site serves; none: all."""

    def __init__(self, ask: Ask, *, door: Site, keys: Sequence[str]) -> None:
        self.ask = ask
        self.door = door
        self._keys = keys
        hits = shown.reports(ask.selection)
        if keys:
            hits = hits.filter(municipality__key__in=keys)
        self._hits: ReportQuerySet = hits.inside(ask.seen) if ask.seen else hits

    @cached_property
    def count(self) -> int:
        """How many there are, counted up to COUNTED + 1."""
        return self._hits.order_by()[: COUNTED + 1].count()

    @property
    def is_beyond_counting(self) -> bool:
        return self.count > COUNTED

    @cached_property
    def cards(self) -> list[Card]:
        place = self.ask.reference
        if place and self.ask.is_nearest_first:
            return self._nearest(place)
        return self._newest[:PAGE]

    @property
    def is_cut(self) -> bool:
        """More fit than are listed, and there is no page after this one."""
        return self.ask.is_nearest_first and self.count > len(self.cards)

    @property
    def more(self) -> str:
        """The address of the next page; "" on the last."""
        if self.ask.is_nearest_first or len(self._newest) <= PAGE:
            return ""
        last = self.cards[-1].report
        micros = round((last.changed_at - EPOCH) / dt.timedelta(microseconds=1))
        return self.ask.address(after=f"{micros}_{last.code}")

    @cached_property
    def elsewhere(self) -> Whereabouts | None:
        """Whose place an empty view looks at, if it is not the site's. One statement."""
        place = self.ask.reference
        if place is None or self.cards:
            return None
        found = municipality_at(place)
        is_ours = found is not None and (found.key in self._keys or not self._keys)
        return None if is_ours else found or Whereabouts("", "", None)

    @property
    def spot(self) -> str:
        """Where that is, for a page that asks who is responsible."""
        place = self.ask.reference
        return f"{place.x:.6f},{place.y:.6f}" if place else ""

    @cached_property
    def _newest(self) -> list[Card]:
        hits = _with_faces(self._hits).order_by("-changed_at", "code")
        place = self.ask.reference
        return [_card(report, place) for report in _behind(hits, self.ask.after)[: PAGE + 1]]

    def _nearest(self, place: Point) -> list[Card]:
        hits = _with_faces(self._hits).filter(public_position__isnull=False)
        close = hits.order_by(GeometryDistance("public_position", place), "code")[:CANDIDATES]
        cards = [_card(report, place) for report in close]
        return sorted(cards, key=lambda card: card.metres or 0)[:NEAREST]


def _with_faces(hits: ReportQuerySet) -> ReportQuerySet:
    """With what a card shows, its voices too: three statements whatever the row count."""
    voices = Supporter.objects.filter(report=OuterRef("pk")).order_by().values("report")
    counted = Subquery(voices.annotate(n=Count("pk")).values("n"))
    return hits.with_faces().annotate(voices=Coalesce(counted, 0))


def _card(report: Report, place: Point | None) -> Card:
    at = report.public_position
    if place is None or at is None:
        return Card(report)
    return Card(report, metres=distance_m(place, at), towards=compass(place, at))


def _behind(hits: ReportQuerySet, after: tuple[dt.datetime, str] | None) -> ReportQuerySet:
    if after is None:
        return hits
    moment, code = after
    earlier = hits.filter(changed_at__lte=moment)
    return earlier.exclude(changed_at=moment, code__lte=code)
