"""Questions about places, in the users' words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import GeometryDistance
from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    FloatField,
    Func,
    Q,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Least

if TYPE_CHECKING:
    from .models import Area, Line, Place  # noqa: F401

# Boundaries come with six decimals, so neighbours may part by one of them: 0.1 m.
SLACK_DEGREES = 1e-6
# Shorter words have too few trigrams to be compared by them.
SHORTEST_ROUGH = 3


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas of any layer."""

    def valid_on(self, day: date) -> AreaQuerySet:
        return self.filter(validity__contains=day)

    def in_layer(self, name: str) -> AreaQuerySet:
        """`name` is "owner/slug"."""
        owner, _, slug = name.partition("/")
        return self.filter(layer__owner=owner, layer__slug=slug)

    def at(self, point: Point) -> AreaQuerySet:
        """Areas that hold the point, those it lies well inside of first, then by key.

        A point on a border, or a rounding error off it, comes out with all its neighbours.
        """
        return (
            self.filter(shape__dwithin=(point, SLACK_DEGREES))
            .annotate(
                holds=ExpressionWrapper(Q(shape__contains=point), BooleanField()),
                covers=ExpressionWrapper(Q(shape__covers=point), BooleanField()),
            )
            .order_by("-holds", "-covers", "key")
        )


class LineQuerySet(models.QuerySet["Line"]):
    """Roads of any layer."""

    def valid_on(self, day: date) -> LineQuerySet:
        return self.filter(validity__contains=day)

    def in_layer(self, name: str) -> LineQuerySet:
        """`name` is "owner/slug"."""
        owner, _, slug = name.partition("/")
        return self.filter(layer__owner=owner, layer__slug=slug)

    def nearest_first(self, point: Point | Combinable, *, within_m: float) -> LineQuerySet:
        """Lines at most `within_m` metres from the point, each with its `metres`; of two equally
        near ones the lower key first."""
        spot = Value(point, models.PointField(srid=4326)) if isinstance(point, Point) else point
        here = Cast(spot, models.GeometryField(geography=True))
        course = Cast("shape", models.GeometryField(geography=True))
        return (
            self.annotate(
                near=Func(
                    course,
                    here,
                    Value(within_m),
                    function="ST_DWithin",
                    output_field=BooleanField(),
                ),
                metres=Func(course, here, function="ST_Distance", output_field=FloatField()),
            )
            .filter(near=True)
            .order_by("metres", "key")
        )


class PlaceQuerySet(models.QuerySet["Place"]):
    """Entries of the gazetteer."""

    def named(self, words: Sequence[str]) -> PlaceQuerySet:
        """Every word is found in the entry: roughly (by trigrams), very short ones exactly."""
        places = self
        for word in words:
            if len(word) < SHORTEST_ROUGH:
                places = places.filter(search_text__regex=rf"\m{word}")
            else:
                places = places.filter(search_text__trigram_word_similar=word)
        return places

    def with_number(self, house_number: str) -> PlaceQuerySet:
        """Single doors only if their number was asked for."""
        if not house_number:
            return self.filter(~Q(kind="address"))
        return self.filter(~Q(kind="address") | Q(kind="address", house_number=house_number))

    def within(self, point: Point, *, metres: float, kinds: Sequence[str]) -> PlaceQuerySet:
        """Of these kinds at most so far from the point, in no order."""
        here = Cast(Value(point, models.PointField(srid=4326)), models.PointField(geography=True))
        near = Func(
            Cast("position", models.PointField(geography=True)),
            here,
            Value(metres),
            function="ST_DWithin",
            output_field=BooleanField(),
        )
        return self.filter(kind__in=kinds).annotate(near=near).filter(near=True)

    def best_first(self, words: Sequence[str], *, near: Point | None) -> PlaceQuerySet:
        """By likeness: of each word, of the whole, of the beginning; a known door before its
        street; a real place before a made-up one; a little by distance, which never outweighs a
        better name."""
        each: Combinable = Value(0.0)
        for word in words:
            each = each + TrigramWordSimilarity(word, "search_text")
        score = (
            each / Value(float(len(words)))
            + TrigramSimilarity("search_text", " ".join(words))
            + Case(When(search_text__startswith=words[0], then=Value(0.3)), default=Value(0.0))
            + Case(When(kind="address", then=Value(0.5)), default=Value(0.0))
            + Case(When(kind="locality", then=Value(0.1)), default=Value(0.0))
        )
        if near is not None:
            score = score - Least(
                GeometryDistance("position", near), Value(0.2), output_field=FloatField()
            )
        return self.annotate(score=ExpressionWrapper(score, FloatField())).order_by(
            "-score", "search_text", Case(When(source="demo", then=1), default=0), "id"
        )
