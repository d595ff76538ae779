"""Reads areas from any file that OGR knows, and says plainly why it can't."""

from __future__ import annotations

import codecs
import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pyogrio.raw
import shapely
from django.contrib.gis.gdal import CoordTransform, GDALException, OGRGeometry, SpatialReference
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FieldError, GeometryError

from geo.boxes import Box

READABLE = {".shp", ".gpkg", ".geojson", ".json", ".gml", ".kml", ".fgb"}
GERMANY = Box(5.5, 47.0, 15.5, 55.5)
GLOBE = Box(-180, -90, 180, 90)
# UTF-8 read as Latin-1 ("KÃ¶ln"), or bytes that were no text at all.
MISREAD = re.compile("Ã[\u0080-\u00bf\u0152-\u2122]|\ufffd")
WGS84 = "EPSG:4326"


class Refused(Exception):
    """The file can't be imported. The text says which areas, why, and what helps."""


@dataclass(frozen=True)
class Reading:
    """What to read, and what to believe where the file is silent or wrong."""

    file: Path
    key_field: str
    name_field: str
    table: str = ""
    crs: str = ""
    encoding: str = ""
    swap_axes: bool = False
    key_width: int = 0
    abroad: bool = False


@dataclass(frozen=True)
class Candidate:
    """A row of the file. `shape` is in WGS 84 (lon, lat), unchecked; None if there was none."""

    row: int
    key: str
    name: str
    shape: Any
    attributes: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name or '(no name)'} ({self.key or f'row {self.row}'})"


@dataclass(frozen=True)
class Table:
    """All rows of the file, the CRS they came in, and what the reader had to remark."""

    crs: str
    candidates: list[Candidate]
    remarks: list[str]


def read(what: Reading) -> Table:
    """The file's rows in WGS 84. Raises Refused."""
    meta, geometries, columns, remarks = _open(what)
    names = [str(each) for each in meta["fields"]]
    keys, titles = _column(what.key_field, names, columns), _column(what.name_field, names, columns)
    shapes = [_shape(geometry) for geometry in geometries]
    crs = what.crs or meta["crs"]
    if not crs:
        raise Refused(
            f"{what.file.name} does not say in which coordinate system it is (a Shapefile without "
            "its .prj?). Ask its maker and give it, for example --crs EPSG:25832."
        )
    shapes, system = _to_wgs84(shapes, crs, swapped=what.swap_axes)
    candidates = [
        Candidate(
            row=row + 1,
            key=_text(keys[row]).zfill(what.key_width) if _text(keys[row]) else "",
            name=_text(titles[row]),
            shape=shape,
            attributes=_attributes(names, columns, row),
        )
        for row, shape in enumerate(shapes)
    ]
    if not candidates:
        raise Refused(f"{what.file.name} holds no rows.")
    _refuse_misread(candidates, what)
    _refuse_elsewhere(candidates, what, crs=crs)
    if "DHDN" in system and "beta" not in system.lower():
        remarks.append(f"{system}: without the BeTA2007 grid, borders may be off by 1 to 3 m.")
    return Table(system, candidates, remarks)


def _open(what: Reading) -> tuple[dict[str, Any], Sequence[Any], Sequence[Any], list[str]]:
    path = _path(what.file)
    options = {"encoding": what.encoding} if what.encoding else {}
    try:
        codecs.lookup(what.encoding or "UTF-8")  # OGR would shrug at a name it does not know
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            table = what.table or _only_table(path, what.file)
            meta, _, geometries, columns = pyogrio.raw.read(path, layer=table, **options)
    except (DataSourceError, DataLayerError, CRSError, FieldError, GeometryError) as error:
        raise Refused(f"{what.file.name} can't be read: {error}") from error
    except (UnicodeError, LookupError) as error:
        raise Refused(
            f"The text in {what.file.name} can't be read ({error}). Give its encoding, "
            "for example --encoding ISO-8859-1."
        ) from error
    if geometries is None:
        raise Refused(f"{what.file.name} is a table without shapes.")
    return meta, geometries, columns, sorted({str(each.message) for each in said})


def _path(file: Path) -> str:
    """What OGR calls the file; of a zip, the one readable file inside."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    if file.stat().st_size == 0:
        raise Refused(f"{file.name} is empty.")
    if file.suffix.lower() != ".zip":
        return str(file)
    try:
        with zipfile.ZipFile(file) as archive:
            inside = [
                name
                for name in archive.namelist()
                if Path(name).suffix.lower() in READABLE and not name.startswith("__MACOSX/")
            ]
    except zipfile.BadZipFile as error:
        raise Refused(f"{file.name} is a broken zip file: {error}.") from error
    if len(inside) != 1:
        found = ", ".join(inside) or "none"
        raise Refused(f"{file.name} must hold exactly one file of areas; found: {found}.")
    return f"/vsizip/{file.resolve()}/{inside[0]}"


def _only_table(path: str, file: Path) -> str:
    tables = [str(name) for name, _ in pyogrio.list_layers(path)]
    if len(tables) == 1:
        return tables[0]
    if not tables:
        raise Refused(f"{file.name} holds no table.")
    raise Refused(f"{file.name} holds several tables. Choose one by --table: {', '.join(tables)}.")


def _column(wanted: str, names: Sequence[str], columns: Sequence[Any]) -> list[Any]:
    if wanted in names:
        return list(columns[names.index(wanted)])
    alike = [name for name in names if name.lower() == wanted.lower()]
    if len(alike) == 1:
        return list(columns[names.index(alike[0])])
    raise Refused(f"There is no field {wanted}. The fields are: {', '.join(names) or 'none'}.")


def _shape(geometry: bytes | None) -> Any:
    """None for what is no flat shape at all; later refused by its name."""
    if geometry is None:
        return None
    try:
        return shapely.force_2d(shapely.from_wkb(geometry))
    except (shapely.errors.GEOSException, ValueError):
        return None


def _to_wgs84(shapes: list[Any], crs: str, *, swapped: bool) -> tuple[list[Any], str]:
    try:
        source, goal = SpatialReference(crs), SpatialReference(WGS84)
        turn = CoordTransform(source, goal)
        name = str(source.name or crs)
        if swapped:
            shapes = [_swapped(shape) for shape in shapes]
        if source.srid == goal.srid:
            return shapes, name
        return [_moved(shape, source, turn) for shape in shapes], name
    except (GDALException, ValueError, TypeError) as error:
        raise Refused(f"The coordinate system {crs[:80]} is not known: {error}") from error


def _moved(shape: Any, source: SpatialReference, turn: CoordTransform) -> Any:
    """In WGS 84; None where the coordinates mean nothing in the source's system."""
    if shape is None or shape.is_empty:
        return shape
    moved = OGRGeometry(memoryview(shapely.to_wkb(shape)), srs=source)
    try:
        moved.transform(turn)
    except GDALException:
        return None
    return shapely.from_wkb(bytes(moved.wkb))


def _swapped(shape: Any) -> Any:
    return None if shape is None else shapely.transform(shape, lambda corners: corners[:, ::-1])


def _text(value: Any) -> str:
    """Numbers without a point, no text for null; 6431002.0 is 6431002."""
    if value is None or (isinstance(value, float | numpy.floating) and not math.isfinite(value)):
        return ""
    if isinstance(value, float | numpy.floating) and float(value).is_integer():
        value = int(value)
    return str(value).strip().replace("\x00", "")


def _attributes(names: Sequence[str], columns: Sequence[Any], row: int) -> dict[str, Any]:
    """The row's other fields as JSON knows them."""
    return {name: _plain(column[row]) for name, column in zip(names, columns, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, numpy.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return value.replace("\x00", "")
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _refuse_misread(candidates: Sequence[Candidate], what: Reading) -> None:
    misread = [each.name for each in candidates if MISREAD.search(each.name)]
    if misread:
        raise Refused(
            f"Names look wrongly decoded: {listed(misread)}. Give the file's encoding, for example "
            f"--encoding {'ISO-8859-1' if '�' in misread[0] else 'UTF-8'}."
        )


def _refuse_elsewhere(candidates: Sequence[Candidate], what: Reading, *, crs: str) -> None:
    """Refuse areas that lie nowhere or, unless `abroad`, not in Germany."""
    placed = [each for each in candidates if each.shape is not None and not each.shape.is_empty]
    nowhere = [each for each in candidates if each.shape is None or not _within(each.shape, GLOBE)]
    nowhere = [each for each in nowhere if each.shape is None or not each.shape.is_empty]
    astray = [each for each in placed if each not in nowhere and not _within(each.shape, GERMANY)]
    suspects = nowhere if what.abroad else [*nowhere, *astray]
    if not suspects:
        return
    if any(_would_fit(each, what, crs) for each in suspects):
        raise Refused(
            f"The axes look swapped (latitude before longitude, or northing before easting) in: "
            f"{listed(map(str, suspects))}. "
            + (
                "Leave out --swap-axes."
                if what.swap_axes
                else "If that is so in the whole file, give --swap-axes."
                if len(suspects) == len(candidates)
                else "Others in the file are right: mend the file."
            )
        )
    without_shape = [each for each in nowhere if each.shape is None]
    if without_shape:
        raise Refused(f"No shape that can be read: {listed(map(str, without_shape))}.")
    west, south, east, north = suspects[0].shape.bounds
    raise Refused(
        f"Not in Germany: {listed(map(str, suspects))}; the first lies at {west:.3f} to "
        f"{east:.3f} east, {south:.3f} to {north:.3f} north. Is the coordinate system right "
        "(--crs)? If they are meant to lie there, give --abroad."
    )


def _would_fit(candidate: Candidate, what: Reading, crs: str) -> bool:
    """Would the area lie in Germany with its axes the other way round?"""
    original = _original(candidate, what)
    if original is None:
        return False
    shape = _to_wgs84([original], crs, swapped=not what.swap_axes)[0][0]
    return shape is not None and _within(shape, GERMANY)


def _original(candidate: Candidate, what: Reading) -> Any:
    meta = pyogrio.raw.read(
        _path(what.file),
        layer=what.table or _only_table(_path(what.file), what.file),
        skip_features=candidate.row - 1,
        max_features=1,
        columns=[],
    )
    return _shape(meta[2][0])


def _within(shape: Any, box: Box) -> bool:
    bounds = shape.bounds
    return (
        all(math.isfinite(side) for side in bounds)
        and box.west <= bounds[0]
        and box.south <= bounds[1]
        and bounds[2] <= box.east
        and bounds[3] <= box.north
    )


def listed(names: Any, *, most: int = 12) -> str:
    """ "A, B, C and 9 more" """
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def numbered(candidates: Sequence[Candidate]) -> Iterator[str]:
    for each in candidates:
        yield f"row {each.row}: {each.name or '(no name)'}"
