"""Writes areas into a layer: all or nothing, and again means update."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.db import transaction
from django.utils import timezone
from psycopg.types.range import DateRange

from geo.models import Area, Layer, always

from .files import Candidate, Refused, listed
from .shapes import label_point

LAYER = re.compile(r"(?:(?P<owner>[-\w]{1,40})/)?(?P<slug>[-\w]{1,40})", re.ASCII)
OWN = "own"
CHANGED = ("name", "shape", "label_at", "attributes")


@dataclass
class Changes:
    """Names of areas, by what became of them."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


class DryRun(Exception):
    """Undoes what a rehearsal wrote."""


def find(name: str) -> tuple[str, str]:
    """(owner, slug) of "owner/slug" or of a slug alone. Raises Refused.

    A slug alone means the one layer that has it, or that of the municipalities, or one of our
    own.
    """
    parts = LAYER.fullmatch(name)
    if parts is None:
        raise Refused(f"{name} is no name for a layer: OWNER/SLUG or SLUG, of a-z, 0-9, - and _.")
    if parts["owner"]:
        return parts["owner"], parts["slug"]
    owners = list(Layer.objects.filter(slug=name).values_list("owner", flat=True))
    if len(owners) > 1:
        raise Refused(f"There are several layers {name}: give the owner, {listed(owners)}.")
    owner, _, slug = settings.MUNICIPALITY_LAYER.partition("/")
    return (owners[0] if owners else owner if slug == name else OWN), name


def write(
    areas: Sequence[Candidate],
    *,
    owner: str,
    slug: str,
    attribution: str = "",
    replace_all: bool = False,
    dry_run: bool = False,
) -> Changes:
    """Make the layer's areas of today these ones. One transaction.

    Unchanged areas are not touched; those that are gone from the file end today. Raises Refused
    if the layer has areas and none of them is in the file, unless `replace_all`.
    """
    changes = Changes()
    try:
        with transaction.atomic():
            layer = _layer(owner, slug, attribution)
            _bring_up_to_date(layer, areas, changes, replace_all=replace_all)
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return changes


def _layer(owner: str, slug: str, attribution: str) -> Layer:
    """The layer, locked: two imports at once come one after the other."""
    names = {"name": slug.replace("-", " ").replace("_", " ").capitalize()}
    Layer.objects.get_or_create(owner=owner, slug=slug, defaults=names)
    layer = Layer.objects.select_for_update().get(owner=owner, slug=slug)
    if attribution and attribution != layer.attribution:
        layer.attribution = attribution
        layer.save(update_fields=["attribution"])
    return layer


def _bring_up_to_date(
    layer: Layer, areas: Sequence[Candidate], changes: Changes, *, replace_all: bool
) -> None:
    today = timezone.localdate()
    present = {area.key: area for area in layer.areas.filter(validity__contains=today)}
    gone = [area for key, area in present.items() if key not in {each.key for each in areas}]
    if present and len(gone) == len(present) and not replace_all:
        raise Refused(
            f"Not one of the {len(present)} areas of {layer} is in the file. Is it the right "
            "layer and --key? To replace them all, give --replace."
        )
    validity = DateRange(today, None) if layer.areas.exists() else always()
    fresh = [_area(layer, each, validity) for each in areas if each.key not in present]
    stale = [area for each in areas if (area := _changed(present.get(each.key), each))]
    Area.objects.bulk_create(fresh, batch_size=500)
    Area.objects.bulk_update(stale, CHANGED, batch_size=100)
    _end(gone, today)
    changed = {area.key for area in stale}
    changes.new = [_called(area) for area in fresh]
    changes.changed = [_called(area) for area in stale]
    changes.ended = [_called(area) for area in gone]
    changes.unchanged = [
        str(each) for each in areas if each.key in present and each.key not in changed
    ]


def _called(area: Area) -> str:
    return f"{area.name} ({area.key})"


def _area(layer: Layer, candidate: Candidate, validity: DateRange) -> Area:
    return Area(
        layer=layer,
        key=candidate.key,
        name=candidate.name,
        shape=_areas(candidate.shape),
        label_at=_label(candidate.shape),
        validity=validity,
        attributes=candidate.attributes,
    )


def _changed(area: Area | None, candidate: Candidate) -> Area | None:
    """The area with the candidate's facts; None if there is none or it has them already."""
    if area is None:
        return None
    same = (
        area.name == candidate.name
        and area.attributes == candidate.attributes
        and bytes(area.shape.wkb) == shapely.to_wkb(candidate.shape)
    )
    if same:
        return None
    area.name = candidate.name
    area.shape = _areas(candidate.shape)
    area.label_at = _label(candidate.shape)
    area.attributes = candidate.attributes
    return area


def _end(areas: Sequence[Area], today: date) -> None:
    """Areas count until yesterday. What began only today never counted."""
    for area in areas:
        if area.validity.lower == today:
            area.delete()
        else:
            area.validity = DateRange(area.validity.lower, today)
            area.save(update_fields=["validity"])


def _areas(shape: Any) -> MultiPolygon:
    parts = (GEOSGeometry(memoryview(shapely.to_wkb(part))) for part in shape.geoms)
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)], srid=4326)


def _label(shape: Any) -> Point:
    point = label_point(shape)
    return Point(point.x, point.y, srid=4326)
