"""Looks at areas: mends rings, joins rows of one key, and finds gaps and overlaps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import shapely

from . import rows
from .files import Candidate, Refused, listed

# A mended shape that differs more in size is another shape.
REPAIR_SHARE = 0.01
SQUARE_DEGREE_M2 = 111_320.0**2  # at the equator; times the cosine of the latitude


@dataclass(frozen=True)
class Finding:
    """Something about the shapes that a person should know."""

    names: tuple[str, ...]
    square_metres: float
    text: str = ""

    @property
    def size(self) -> str:
        return size(self.square_metres)


@dataclass
class Inspection:
    """Areas fit to be written, and all that was noticed."""

    areas: list[Candidate]
    repairs: list[Finding] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    overlaps: list[Finding] = field(default_factory=list)
    gaps: list[Finding] = field(default_factory=list)


def inspect(candidates: Sequence[Candidate], *, merge: bool, tolerance_m2: float) -> Inspection:
    """Areas with valid MultiPolygons and unique keys. Raises Refused, naming each culprit.

    Gaps and overlaps smaller than `tolerance_m2` are not worth a word.
    """
    rows.refuse_nameless(candidates)
    mended, repairs = _mended(candidates)
    areas, merged = rows.one_per_key(
        mended, merge=merge, parts="parts of one area (exclaves)", join=_joined
    )
    return Inspection(
        areas=areas,
        repairs=repairs,
        merged=merged,
        overlaps=_overlaps(areas, tolerance_m2),
        gaps=_gaps(areas, tolerance_m2),
    )


def size(area_m2: float) -> str:
    """In words: m², and ha from a hectare on."""
    return f"{area_m2 / 10_000:,.1f} ha" if area_m2 >= 10_000 else f"{area_m2:,.0f} m²"


def square_metres(shape: Any) -> float:
    """Of a shape in degrees; right within half a percent."""
    if shape.is_empty:
        return 0.0
    _, south, _, north = shape.bounds
    across = math.cos(math.radians((south + north) / 2))
    return float(shape.area * SQUARE_DEGREE_M2 * across)


def label_point(shape: Any) -> Any:
    """Where a name has the most room: the middle of the largest circle in the largest part."""
    largest = max(shape.geoms, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=math.sqrt(largest.area) / 100)
    centre = shapely.get_point(circle, 0)
    return centre if largest.contains(centre) else largest.representative_point()


def _mended(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Finding]]:
    refused: list[str] = []
    repairs: list[Finding] = []
    mended: list[Candidate] = []
    for each in candidates:
        shape, fault = _polygons(each.shape)
        if fault and shape is None:
            refused.append(f"{each}: {fault}")
            continue
        if fault:
            change = abs(square_metres(shape) - square_metres(each.shape))
            repairs.append(Finding((str(each),), change, fault))
        mended.append(replace(each, shape=shape))
    if refused:
        raise Refused("Shapes that can't be used. " + listed(refused, most=40) + ".")
    return mended, repairs


def _polygons(shape: Any) -> tuple[Any, str]:
    """(MultiPolygon, "" or what was mended) or (None, what is wrong)."""
    if shape is None or shape.is_empty:
        return None, "there is no shape"
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return None, f"it is a {shape.geom_type}, not an area"
    if shape.is_valid:
        return _multi(shape), ""
    reason = shapely.is_valid_reason(shape)
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in _pieces(whole) if part.geom_type == "Polygon" and part.area > 0]
    repaired = shapely.multipolygons(parts) if parts else None
    if repaired is None or not repaired.is_valid:
        return None, f"{reason}; it can't be mended"
    if abs(repaired.area - shape.area) > REPAIR_SHARE * max(repaired.area, shape.area):
        before, after = size(square_metres(shape)), size(square_metres(repaired))
        return None, f"{reason}; mending would change its size ({before} → {after})"
    return repaired, reason


def _pieces(shape: Any) -> Iterator[Any]:
    """All single shapes inside a shape, however deep."""
    for part in shapely.get_parts(shape):
        if hasattr(part, "geoms"):
            yield from _pieces(part)
        else:
            yield part


def _multi(shape: Any) -> Any:
    return shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape])


def _joined(parts: list[Any]) -> Any:
    return _multi(shapely.union_all(parts))


def _overlaps(areas: Sequence[Candidate], tolerance_m2: float) -> list[Finding]:
    shapes = [each.shape for each in areas]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    found = [
        Finding((str(areas[a]), str(areas[b])), square_metres(shapes[a].intersection(shapes[b])))
        for a, b in pairs
        if a < b
    ]
    return sorted(
        (each for each in found if each.square_metres > tolerance_m2),
        key=lambda each: -each.square_metres,
    )


def _gaps(areas: Sequence[Candidate], tolerance_m2: float) -> list[Finding]:
    """Holes in the whole. What is open to the outside is no gap but the outline."""
    shapes = [each.shape for each in areas]
    tree = shapely.STRtree(shapes)
    whole = _multi(shapely.union_all(shapes))
    holes = [shapely.Polygon(ring) for part in whole.geoms for ring in part.interiors]
    found = [
        Finding(
            tuple(str(areas[near]) for near in sorted(tree.query(hole, predicate="intersects"))),
            square_metres(hole),
        )
        for hole in holes
    ]
    return sorted(
        (each for each in found if each.square_metres > tolerance_m2),
        key=lambda each: -each.square_metres,
    )
