"""The real district: its files, and the command that brings them in."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from django.core.management import call_command

DATA = Path(__file__).parents[2] / "geo" / "data"
BOUNDARIES = DATA / "bergstrasse_gemeinden_vg250_2016.geojson"


def import_areas(
    file: Path, *options: str, layer: str = "bkg/gemeinden", key: str = "ags", name: str = "name"
) -> str:
    """Runs the command; what it said."""
    said = StringIO()
    fields = ["--key", key, "--name", name]
    call_command("import_areas", str(file), "--layer", layer, *fields, *options, stdout=said)
    return said.getvalue()


def listed_points() -> list[dict[str, str]]:
    with (DATA / "routing_punkte_bergstrasse.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def square(west: float, south: float, size: float = 0.01) -> list[list[list[float]]]:
    """The rings of a square polygon in degrees."""
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]
