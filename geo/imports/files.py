"""Reads shapes from any file that OGR knows, and says plainly why it can't."""

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
OTHER_TAGS = "other_tags"
TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Refused(Exception):
    """The file can't be imported. The text says which rows, why, and what helps."""


@dataclass(frozen=True)
class Reading:
    """What to read, and what to believe where the file is silent or wrong."""

    file: Path
    key_field: str
    name_field: str
    more_fields: tuple[str, ...] = ()
    table: str = ""
    where: str = ""
    crs: str = ""
    encoding: str = ""
    swap_axes: bool = False
    key_width: int = 0
    abroad: bool = False


@dataclass(frozen=True)
class Candidate:
    """A row of the file. `shape` is in WGS 84 (lon, lat), unchecked; None if there was none.

    `more` are the texts of the reading's `more_fields`, in their order; "" for one not asked for.
    """

    row: int
    key: str
    name: str
    shape: Any
    attributes: dict[str, Any] = field(default_factory=dict)
    more: tuple[str, ...] = ()

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
    raw = open_table(what.file, table=what.table, encoding=what.encoding, where=what.where)
    keys, titles = raw.column(what.key_field), raw.column(what.name_field)
    more = [raw.column(each) if each else [""] * len(raw.shapes) for each in what.more_fields]
    crs = what.crs or raw.crs
    if not crs:
        raise Refused(
            f"{what.file.name} does not say in which coordinate system it is (a Shapefile without "
            "its .prj?). Ask its maker and give it, for example --crs EPSG:25832."
        )
    shapes, system = to_wgs84(raw.shapes, crs, swapped=what.swap_axes)
    candidates = [
        Candidate(
            row=row + 1,
            key=text(keys[row]).zfill(what.key_width) if text(keys[row]) else "",
            name=text(titles[row]),
            shape=shape,
            attributes=raw.attributes(row),
            more=tuple(text(values[row]) for values in more),
        )
        for row, shape in enumerate(shapes)
    ]
    if not candidates:
        raise Refused(f"{what.file.name} holds no rows.")
    _refuse_misread(candidates, what)
    _refuse_elsewhere(candidates, what, crs=crs)
    remarks = list(raw.remarks)
    if "DHDN" in system and "beta" not in system.lower():
        remarks.append(f"{system}: without the BeTA2007 grid, borders may be off by 1 to 3 m.")
    return Table(system, candidates, remarks)


@dataclass(frozen=True)
class Raw:
    """The rows as they stand in the file. `crs` is "" where it does not say."""

    file: Path
    crs: str
    names: list[str]
    columns: list[Sequence[Any]]
    shapes: list[Any]
    remarks: list[str]

    def column(self, wanted: str) -> list[Any]:
        """The values of the field, whatever its capitals. Raises Refused."""
        found = self.field(wanted)
        if found is None:
            fields = ", ".join(self.names) or "none"
            raise Refused(f"There is no field {wanted}. The fields are: {fields}.")
        return list(self.columns[self.names.index(found)])

    def field(self, wanted: str) -> str | None:
        """The field's name as the file spells it."""
        if wanted in self.names:
            return wanted
        alike = [name for name in self.names if name.lower() == wanted.lower()]
        return alike[0] if len(alike) == 1 else None

    def attributes(self, row: int) -> dict[str, Any]:
        """The row's fields as JSON knows them."""
        return {
            name: _plain(column[row]) for name, column in zip(self.names, self.columns, strict=True)
        }


def open_table(
    file: Path,
    *,
    table: str = "",
    encoding: str = "",
    where: str = "",
    only: Sequence[str] | None = None,
) -> Raw:
    """One table of the file; rows for which `where` (OGR's SQL) holds. Raises Refused.

    OpenStreetMap's other tags become fields, unless `only` names the fields that are wanted.
    """
    path = _path(file)
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    if only is not None:
        options["columns"] = list(only)
    try:
        codecs.lookup(encoding or "UTF-8")  # OGR would shrug at a name it does not know
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            table = table or _only_table(path, file)
            meta, _, geometries, columns = pyogrio.raw.read(
                path, layer=table, where=where or None, **options
            )
    except (DataSourceError, DataLayerError, CRSError, FieldError, GeometryError) as error:
        raise Refused(f"{file.name} can't be read: {error}") from error
    except (UnicodeError, LookupError) as error:
        raise Refused(
            f"The text in {file.name} can't be read ({error}). Give its encoding, "
            "for example --encoding ISO-8859-1."
        ) from error
    except ValueError as error:
        if not where:
            raise
        raise Refused(f"--where {where} can't be understood: {error}") from error
    if geometries is None:
        raise Refused(f"{file.name} is a table without shapes.")
    names, columns = [str(each) for each in meta["fields"]], list(columns)
    if only is None:
        names, columns = _with_tags(names, columns)
    return Raw(
        file=file,
        crs=meta["crs"] or "",
        names=names,
        columns=columns,
        shapes=[_shape(geometry) for geometry in geometries],
        remarks=sorted({str(each.message) for each in said}),
    )


def _with_tags(
    names: list[str], columns: list[Sequence[Any]]
) -> tuple[list[str], list[Sequence[Any]]]:
    """OpenStreetMap's other tags, one field each in place of all in one."""
    if OTHER_TAGS not in names:
        return names, columns
    at = names.index(OTHER_TAGS)
    rows = [tags(each) for each in columns[at]]
    names, columns = names[:at] + names[at + 1 :], columns[:at] + columns[at + 1 :]
    spoken = sorted({key for row in rows for key in row} - set(names))
    return names + spoken, columns + [[row.get(key) for row in rows] for key in spoken]


def tags(value: str | None) -> dict[str, str]:
    """What stands in `"key"=>"value","key"=>"value"`."""
    found = TAG.findall(value or "")
    return {ESCAPED.sub(r"\1", key): ESCAPED.sub(r"\1", told) for key, told in found}


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


def _shape(geometry: bytes | None) -> Any:
    """None for what is no flat shape at all; later refused by its name."""
    if geometry is None:
        return None
    try:
        return shapely.force_2d(shapely.from_wkb(geometry))
    except (shapely.errors.GEOSException, ValueError):
        return None


def to_wgs84(shapes: list[Any], crs: str, *, swapped: bool) -> tuple[list[Any], str]:
    """(the shapes in lon, lat, the system's name). Raises Refused for a system unknown."""
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


def text(value: Any) -> str:
    """Numbers without a point, no text for null; 6431002.0 is 6431002."""
    if value is None or (isinstance(value, float | numpy.floating) and not math.isfinite(value)):
        return ""
    if isinstance(value, float | numpy.floating) and float(value).is_integer():
        value = int(value)
    return str(value).strip().replace("\x00", "")


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
    shape = to_wgs84([original], crs, swapped=not what.swap_axes)[0][0]
    return shape is not None and _within(shape, GERMANY)


def _original(candidate: Candidate, what: Reading) -> Any:
    meta = pyogrio.raw.read(
        _path(what.file),
        layer=what.table or _only_table(_path(what.file), what.file),
        where=what.where or None,
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
