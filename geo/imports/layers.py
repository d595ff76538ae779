"""Writes areas or roads into a layer: all or nothing, and again means update."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import (
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPolygon,
    Point,
    Polygon,
)
from django.db import connection, models, transaction
from django.utils import timezone
from psycopg.types.range import DateRange

from geo.models import Area, Layer, Line, always

from . import roads
from .files import Candidate, Refused, listed
from .shapes import label_point

LAYER = re.compile(r"(?:(?P<owner>[-\w]{1,40})/)?(?P<slug>[-\w]{1,40})", re.ASCII)
OWN = "own"


@dataclass(frozen=True)
class Kind:
    """What a layer holds. `told` are the facts that are compared, `drawn` those of the shape."""

    model: type[Area] | type[Line]
    noun: str
    told: Callable[[Candidate], dict[str, Any]]
    drawn: Callable[[Candidate], dict[str, Any]]

    def of(self, layer: Layer) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(layer=layer)


@dataclass
class Changes:
    """Names of areas or roads, by what became of them."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether the layer is another one than before."""
        return bool(self.new or self.changed or self.ended)


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
    rows: Sequence[Candidate],
    *,
    kind: Kind,
    owner: str,
    slug: str,
    attribution: str = "",
    replace_all: bool = False,
    dry_run: bool = False,
) -> Changes:
    """Make what the layer holds today these rows. One transaction.

    Unchanged ones are not touched; those that are gone from the file end today. Raises Refused
    if the layer has some and none of them is in the file, unless `replace_all`, and if it holds
    another kind of thing.
    """
    changes = Changes()
    try:
        with transaction.atomic():
            layer = _layer(owner, slug, attribution)
            _refuse_other_kinds(layer, kind)
            _bring_up_to_date(layer, rows, changes, kind=kind, replace_all=replace_all)
            with connection.cursor() as cursor:  # else the planner looks at every line of a layer
                cursor.execute(f"ANALYZE {connection.ops.quote_name(kind.model._meta.db_table)}")
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


def _refuse_other_kinds(layer: Layer, kind: Kind) -> None:
    for other in (AREAS, LINES):
        if other is not kind and other.of(layer).exists():
            raise Refused(f"{layer} holds {other.noun}. Take another layer for {kind.noun}.")


def _bring_up_to_date(
    layer: Layer, rows: Sequence[Candidate], changes: Changes, *, kind: Kind, replace_all: bool
) -> None:
    today = timezone.localdate()
    present = {each.key: each for each in kind.of(layer).filter(validity__contains=today)}
    keys = {each.key for each in rows}
    gone = [each for key, each in present.items() if key not in keys]
    if present and len(gone) == len(present) and not replace_all:
        raise Refused(
            f"Not one of the {len(present)} {kind.noun} of {layer} is in the file. Is it the right "
            "layer and --key? To replace them all, give --replace."
        )
    validity = DateRange(today, None) if kind.of(layer).exists() else always()
    fresh = [
        kind.model(layer=layer, key=each.key, validity=validity, **_facts(each, kind))
        for each in rows
        if each.key not in present
    ]
    stale = [
        thing
        for each in rows
        if (thing := present.get(each.key)) and not _same(thing, each, kind=kind)
    ]
    candidates = {each.key: each for each in rows}
    for thing in stale:
        for name, value in _facts(candidates[thing.key], kind).items():
            setattr(thing, name, value)
    manager: models.Manager[Any] = kind.model._default_manager
    manager.bulk_create(fresh, batch_size=500)
    if stale:
        manager.bulk_update(stale, list(_facts(rows[0], kind)), batch_size=100)
    _end(gone, today, kind=kind)
    changed = {each.key for each in stale}
    changes.new = [_called(each) for each in fresh]
    changes.changed = [_called(each) for each in stale]
    changes.ended = [_called(each) for each in gone]
    changes.unchanged = [
        str(each) for each in rows if each.key in present and each.key not in changed
    ]


def _called(thing: Area | Line) -> str:
    return f"{thing.name or '(no name)'} ({thing.key})"


def _facts(candidate: Candidate, kind: Kind) -> dict[str, Any]:
    return {**kind.told(candidate), **kind.drawn(candidate)}


def _same(thing: Area | Line, candidate: Candidate, *, kind: Kind) -> bool:
    """Whether the row stands in the layer already, shape and all."""
    told = kind.told(candidate)
    return all(getattr(thing, name) == value for name, value in told.items()) and (
        bytes(thing.shape.wkb) == shapely.to_wkb(candidate.shape)
    )


def _end(things: Sequence[Any], today: date, *, kind: Kind) -> None:
    """They count until yesterday. What began only today never counted."""
    manager = kind.model._default_manager
    begun_today = [each.pk for each in things if each.validity.lower == today]
    manager.filter(pk__in=begun_today).delete()
    ended = [each for each in things if each.validity.lower != today]
    for each in ended:
        each.validity = DateRange(each.validity.lower, today)
    manager.bulk_update(ended, ["validity"], batch_size=500)


def _area(candidate: Candidate) -> dict[str, Any]:
    point = label_point(candidate.shape)
    return {
        "shape": MultiPolygon(_parts(candidate.shape, Polygon), srid=4326),
        "label_at": Point(point.x, point.y, srid=4326),
    }


def _line(candidate: Candidate) -> dict[str, Any]:
    return {"shape": MultiLineString(_parts(candidate.shape, LineString), srid=4326)}


def _parts(shape: Any, sort: type[Any]) -> list[Any]:
    parts = (GEOSGeometry(memoryview(shapely.to_wkb(part))) for part in shape.geoms)
    return [part for part in parts if isinstance(part, sort)]


AREAS = Kind(
    model=Area,
    noun="areas",
    told=lambda each: {"name": each.name, "attributes": each.attributes},
    drawn=_area,
)
LINES = Kind(
    model=Line,
    noun="roads",
    told=lambda each: {
        "name": each.name,
        "attributes": each.attributes,
        **asdict(roads.facts(each)),
    },
    drawn=_line,
)
