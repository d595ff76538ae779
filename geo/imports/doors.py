"""Reads doors (street, number, place) from OpenStreetMap, from shapes with fields, from CSV."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from .files import MISREAD, OTHER_TAGS, Raw, Refused, listed, open_table, tags, text, to_wgs84

WGS84 = "EPSG:4326"
OPENSTREETMAP = {".pbf", ".osm"}
TABLES = {".csv", ".txt", ".tsv"}
NAME_LENGTH, NUMBER_LENGTH, LOCALITY_LENGTH = 160, 12, 120
# Names of fields that need no option, without capitals and marks ("addr:street", "Straße").
USUAL: Mapping[str, str] = {
    "street": "strasse straße str street addrstreet strassenname straßenname strname stn",
    "number": "hausnr hausnummer hnr nr number housenumber addrhousenumber",
    "suffix": "zusatz hausnrzusatz hausnummernzusatz hnrzusatz adz suffix",
    "locality": "ortsteil ortsteilname ot otn stadtteil suburb addrsuburb locality",
    "lon": "lon lng long longitude laenge länge x ostwert rechtswert easting",
    "lat": "lat latitude breite y nordwert hochwert northing",
}
NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,20})?", re.ASCII)
# Begins with a digit, but for "A 12" and the like. Search knows "4a", not "4 a".
HOUSE_NUMBER = re.compile(r"(?:[a-z]{1,2} ?)?\d")
DASH = re.compile(r"\s*[-–]\s*")
BEFORE_LETTER = re.compile(r"(\d)\s+(?=[a-z])")
OSM_DOORS = f"{OTHER_TAGS} LIKE '%\"addr:housenumber\"%'"
OSM_PLACES = "place IN ('city','borough','town','village','suburb','quarter','hamlet')"
OSM_STREETS = (
    "highway IS NOT NULL AND name IS NOT NULL AND highway NOT IN "
    "('proposed', 'construction', 'platform', 'razed', 'corridor')"
)
# A long street is found along its whole course.
STRIDE_DEGREES = 0.001


class Door(NamedTuple):
    """A house in WGS 84. Without a number it is a spot on its street, without a street a place
    of the name in `locality`. `row` counts as the file's reader would."""

    row: int
    street: str
    number: str
    locality: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Wish:
    """The file, and what the options say about it. `fields` by the names in USUAL."""

    file: Path
    fields: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    where: str = ""
    crs: str = ""
    encoding: str = ""
    delimiter: str = ""
    swap_axes: bool = False
    skip_bad: bool = False

    @property
    def is_osm(self) -> bool:
        return self.file.suffix.lower() in OPENSTREETMAP


@dataclass
class Found:
    """`bad` rows were passed over, each with its reason; `nameless` ones had no street."""

    doors: list[Door] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    nameless: int = 0
    rows: int = 0


class Row(NamedTuple):
    """A row before anybody has looked at it."""

    row: int
    street: str
    number: str
    locality: str
    lon: float
    lat: float
    fault: str = ""


def read(wish: Wish) -> Found:
    """All doors of the file. Raises Refused, naming each row that can't be used."""
    found = Found()
    for row in _rows(wish):
        _look_at(row, found)
    if found.bad and not (wish.skip_bad or wish.is_osm):
        raise Refused(
            f"{len(found.bad)} rows of {wish.file.name} can't be used: {listed(found.bad)}. Mend "
            "them, or leave them out by --skip-bad."
        )
    if not found.doors:
        raise Refused(f"{wish.file.name} holds no address that can be used.")
    return found


def _rows(wish: Wish) -> Iterable[Row]:
    if wish.is_osm:
        return _from_osm(wish)
    return _from_csv(wish) if wish.file.suffix.lower() in TABLES else _from_shapes(wish)


def _look_at(row: Row, found: Found) -> None:
    found.rows += 1
    fault = row.fault or _fault(row)
    if fault:
        found.bad.append(f"row {row.row}: {fault}")
    elif not row.street and (row.number or not row.locality):
        found.nameless += 1
    else:
        numbers = _numbers(row.number) or [""]
        found.doors.extend(
            Door(row.row, row.street, each, row.locality, row.lon, row.lat) for each in numbers
        )


def _fault(row: Row) -> str:
    if not (math.isfinite(row.lon) and math.isfinite(row.lat)):
        return "it has no position"
    if not (-180 <= row.lon <= 180 and -90 <= row.lat <= 90):
        return f"{row.lon:g}, {row.lat:g} is not on the globe (is it in metres? give --crs)"
    if len(row.street) > NAME_LENGTH or len(row.locality) > LOCALITY_LENGTH:
        return f"the name {(row.street or row.locality)[:40]}… is too long"
    for number in _numbers(row.number):
        if len(number) > NUMBER_LENGTH or not HOUSE_NUMBER.match(number):
            return f"{number[:40]} is no house number"
    if MISREAD.search(row.street) or MISREAD.search(row.locality):
        return f"{row.street} looks wrongly decoded (--encoding)"
    return ""


def _numbers(told: str) -> list[str]:
    """ "4 A; 6" as 4a and 6; "2 - 12" as 2-12; "4 1/2" as it is. Each once."""
    parts = (DASH.sub("-", part.strip().lower()) for part in re.split(r"[;,]", told))
    return list(dict.fromkeys(BEFORE_LETTER.sub(r"\1", part) for part in parts if part))


def clean(value: Any) -> str:
    """One spelling: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text(value)).split())


# ── OpenStreetMap ────────────────────────────────────────────────────────────────────────────
def _from_osm(wish: Wish) -> Iterator[Row]:
    points = open_table(
        wish.file,
        table="points",
        where=f"({OSM_DOORS}) OR (name IS NOT NULL AND {OSM_PLACES})",
        only=("name", "place", OTHER_TAGS),
    )
    houses = open_table(wish.file, table="multipolygons", where=OSM_DOORS, only=(OTHER_TAGS,))
    streets = open_table(wish.file, table="lines", where=OSM_STREETS, only=("name",))
    yield from _osm_doors(points)
    yield from _osm_doors(houses)
    names, places = points.column("name"), points.column("place")
    for at, (name, place, point) in enumerate(zip(names, places, points.shapes, strict=True)):
        if name and place:
            yield Row(at, "", "", clean(name), point.x, point.y)
    for at, (name, line) in enumerate(zip(streets.column("name"), streets.shapes, strict=True)):
        for spot in _along(line):
            yield Row(at, clean(name), "", "", spot.x, spot.y)


def _osm_doors(raw: Raw) -> Iterator[Row]:
    spots = _spots(raw.shapes)
    for at, (spot, told) in enumerate(zip(spots, raw.column(OTHER_TAGS), strict=True)):
        facts = tags(told)
        if number := facts.get("addr:housenumber"):
            street = clean(facts.get("addr:street") or facts.get("addr:place"))
            yield _row(at, street, number, clean(facts.get("addr:suburb")), spot)


def _along(line: Any) -> Iterable[Any]:
    strides = max(math.ceil(line.length / STRIDE_DEGREES), 1)
    middles = [(each + 0.5) / strides for each in range(strides)]
    spots: Iterable[Any] = shapely.line_interpolate_point(line, middles, normalized=True)
    return spots


# ── Shapes with fields ───────────────────────────────────────────────────────────────────────
def _from_shapes(wish: Wish) -> Iterator[Row]:
    raw = open_table(wish.file, table=wish.table, encoding=wish.encoding, where=wish.where)
    crs = wish.crs or raw.crs
    if not crs:
        raise Refused(f"{wish.file.name} names no coordinate system. Give it by --crs.")
    fields = _fields(wish, raw.names, needed=("street", "number"))
    empty = [""] * len(raw.shapes)
    streets, numbers, suffixes, localities = (
        raw.column(fields[each]) if each in fields else empty
        for each in ("street", "number", "suffix", "locality")
    )
    shapes, _name = to_wgs84(_spots(raw.shapes), crs, swapped=wish.swap_axes)
    for at, spot in enumerate(shapes):
        number = f"{text(numbers[at])} {text(suffixes[at])}"
        yield _row(at + 1, clean(streets[at]), number, clean(localities[at]), spot)


def _row(row: int, street: str, number: str, locality: str, spot: Any) -> Row:
    lon, lat = (math.nan, math.nan) if spot is None or spot.is_empty else (spot.x, spot.y)
    return Row(row, street, number.strip(), locality, lon, lat)


def _spots(shapes: Sequence[Any]) -> list[Any]:
    """Where the door is, as well as the shape can tell: inside the house, if it is one."""
    return [
        shape
        if shape is None or shape.is_empty or shape.geom_type == "Point"
        else shapely.point_on_surface(shape)
        for shape in shapes
    ]


def _fields(wish: Wish, names: Sequence[str], *, needed: Sequence[str]) -> dict[str, str]:
    """Which field holds what, by option or by its usual name. Raises Refused."""
    given = {what: name for what, name in wish.fields.items() if name}
    by_name = {name.lower(): name for name in names}
    by_sound = {re.sub(r"[\W_]", "", name.lower()): name for name in names}
    found = {}
    for what, usual in USUAL.items():
        if what in given:
            if given[what].lower() not in by_name:
                raise Refused(
                    f"There is no field {given[what]}. The fields are: {listed(names, most=40)}."
                )
            found[what] = by_name[given[what].lower()]
        elif name := next((by_sound[each] for each in usual.split() if each in by_sound), None):
            found[what] = name
    missing = [f"--{what}" for what in needed if what not in found]
    if missing:
        raise Refused(
            f"Which field is it? Give {', '.join(missing)}. The fields of {wish.file.name} are: "
            f"{listed(names, most=40)}."
        )
    return found


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────
def _from_csv(wish: Wish) -> list[Row]:
    content = _decoded(wish)
    head = content.partition("\n")[0]
    delimiter = wish.delimiter or max(";,\t", key=head.count)
    if len(delimiter) != 1:
        raise Refused(f"A delimiter is one character, not {delimiter}.")
    table = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(table, [])]
        fields = _fields(wish, names, needed=("street", "number", "lon", "lat"))
        at = {what: names.index(name) for what, name in fields.items()}
        rows = [_csv_row(cells, table.line_num, at, len(names)) for cells in table if any(cells)]
    except csv.Error as error:
        raise Refused(f"{wish.file.name}, line {table.line_num}: {error}.") from error
    return _moved(rows, wish)


def _decoded(wish: Wish) -> str:
    if not wish.file.is_file():
        raise Refused(f"There is no file {wish.file}.")
    content = wish.file.read_bytes()
    if not content.strip():
        raise Refused(f"{wish.file.name} is empty.")
    encoding = wish.encoding or "utf-8-sig"
    try:
        codecs.lookup(encoding)
        return content.decode(encoding)
    except LookupError as error:
        raise Refused(f"There is no encoding {encoding}.") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{wish.file.name}, line {line}: the text is not {encoding}. Give its encoding, for "
            "example --encoding ISO-8859-1."
        ) from error


def _csv_row(cells: Sequence[str], line: int, at: Mapping[str, int], width: int) -> Row:
    if len(cells) < width:
        fault = f"{len(cells)} columns instead of {width}"
        return Row(line, "", "", "", math.nan, math.nan, fault)
    told = {what: cells[column] for what, column in at.items()}
    number = f"{told['number'].strip()} {told.get('suffix', '').strip()}".strip()
    places = [told[axis].strip() for axis in ("lon", "lat")]
    strange = [place for place in places if not NUMBER.fullmatch(place)]
    fault = f"{strange[0][:40] or 'nothing'} is no coordinate" if strange else ""
    lon, lat = (math.nan if fault else float(place.replace(",", ".")) for place in places)
    return Row(line, clean(told["street"]), number, clean(told.get("locality")), lon, lat, fault)


def _moved(rows: list[Row], wish: Wish) -> list[Row]:
    """The rows in WGS 84."""
    good = [at for at, row in enumerate(rows) if not row.fault]
    if not good or not (wish.crs or wish.swap_axes):
        return rows
    cloud = shapely.multipoints([(rows[at].lon, rows[at].lat) for at in good])
    (moved,), _name = to_wgs84([cloud], wish.crs or WGS84, swapped=wish.swap_axes)
    if moved is None:
        raise Refused(f"The coordinates make no sense in {wish.crs}.")
    for at, (lon, lat) in zip(good, shapely.get_coordinates(moved), strict=True):
        rows[at] = rows[at]._replace(lon=float(lon), lat=float(lat))
    return rows
