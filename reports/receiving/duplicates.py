"""Whether it was reported already: what stands near a place and is of the same kind.

Everything here is about what the public may know, also distances: measured from the exact place of
a report that hides it, three questions would find it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import (
    BooleanField,
    Count,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from reports.models import Category, Photo, Report, Supporter
from reports.workflow import OPEN, Status

if TYPE_CHECKING:
    from uuid import UUID

MOST = 3
LATELY = dt.timedelta(days=14)
# What has ended and may still be what somebody stands before: mended badly, or with somebody else.
_ENDED = frozenset({Status.DONE, Status.FORWARDED})


@dataclass(frozen=True)
class Hit:
    """A report that may be the same. `metres` from the place, `supporters` besides its reporter."""

    report: Report
    metres: int
    supporters: int
    image_id: UUID | None

    @property
    def thumbnail(self) -> str:
        """Address of its first public photo; "" where there is none."""
        return reverse("photo", args=[self.image_id, "thumb"]) if self.image_id else ""

    @property
    def since(self) -> dt.datetime:
        """When it came in; of what has ended, when it ended."""
        return self.report.closed_at or self.report.received_at


def nearby(position: Point, category: Category, *, now: dt.datetime | None = None) -> list[Hit]:
    """Public reports of the category's group within its radius, open or ended lately.

    Nearest first, three at most. One statement, by the index `report_near`.
    """
    here = Cast(Value(position, PointField(srid=4326)), _METRES)
    place = Cast("public_position", _METRES)
    since = (now or timezone.now()) - LATELY
    found: Any = (
        Report.objects.public()
        .filter(
            Q(status__in=sorted(OPEN)) | Q(status__in=sorted(_ENDED), closed_at__gte=since),
            _within(place, here, category.nearby_m),
            category__group=category.group_id,
        )
        .select_related("category__group", "municipality")
        .annotate(
            metres=_distance(place, here),
            image_id=Subquery(_first_photo()),
            voices=voices_of("pk"),
        )
        .order_by("metres", "pk")[:MOST]
    )
    return [Hit(row, round(row.metres), row.voices, row.image_id) for row in found]


def voices_of(report: str) -> Coalesce:
    """An expression: how many voices the report has whose key this field of the query holds."""
    voices = Supporter.objects.filter(report=OuterRef(report)).order_by().values("report")
    count = voices.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def _first_photo() -> Any:
    photos = Photo.objects.filter(report=OuterRef("pk"), is_released=True)
    return photos.order_by("position", "pk").values("image_id")[:1]


# As in the index: PostgreSQL knows an expression by its very words.
_METRES: PointField[Any, Any] = PointField(geography=True, srid=4326)


def _within(place: Cast, here: Cast, metres: int) -> Func:
    return Func(place, here, Value(metres), function="ST_DWithin", output_field=BooleanField())


def _distance(place: Cast, here: Cast) -> Func:
    return Func(place, here, function="ST_Distance", output_field=FloatField())
