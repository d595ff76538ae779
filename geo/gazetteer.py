"""Loads the gazetteer from a table of our own form."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.contrib.gis.geos import Point
from django.db import transaction

from .models import Place, PlaceKind
from .wording import search_text

DEMO_PLACES = Path(__file__).parent / "data" / "demo_places.csv"
COLUMNS = ("kind", "name", "house_number", "locality", "area_key", "area_name", "lat", "lon")


class BadPlaces(ValueError):
    """The table can't be read. Says which line and why."""


def load_places(file: Path, *, source: str = "demo") -> int:
    """Replace all places of this source by the file's rows; how many there are now.

    A CSV in UTF-8 with the columns `kind name house_number locality area_key area_name lat lon`.
    All or nothing; loading again changes nothing. Raises BadPlaces, naming the line.
    """
    places = list(_places(file, source))
    with transaction.atomic():
        Place.objects.filter(source=source).delete()
        Place.objects.bulk_create(places, batch_size=2000)
    return len(places)


def _places(file: Path, source: str) -> Iterator[Place]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        missing = set(COLUMNS) - set(table.fieldnames or ())
        if missing:
            raise BadPlaces(f"{file.name}: no column {', '.join(sorted(missing))}")
        for row in table:
            try:
                yield _place(row, source)
            except (TypeError, ValueError) as error:
                raise BadPlaces(f"{file.name}, line {table.line_num}: {error}") from error


def _place(row: Mapping[str, str], source: str) -> Place:
    lat, lon = float(row["lat"]), float(row["lon"])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"lat {lat}, lon {lon} is not on the globe")
    if not row["name"].strip():
        raise ValueError("no name")
    return Place(
        kind=PlaceKind(row["kind"]),
        name=row["name"],
        house_number=row["house_number"],
        locality=row["locality"],
        area_key=row["area_key"],
        area_name=row["area_name"],
        position=Point(lon, lat, srid=4326),
        source=source,
        search_text=search_text(row["name"], locality=row["locality"], area_name=row["area_name"]),
    )
