"""Bring addresses in, or up to date, from a file."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from geo.addresses import DEMO
from geo.imports import doors, gazetteers, layers, places
from geo.imports.files import Refused, listed
from geo.models import PlaceKind

SOURCE = re.compile(r"[a-z0-9][-\w.]{0,39}", re.ASCII)


class Command(BaseCommand):
    help = (
        "Imports addresses from an OpenStreetMap extract (.osm.pbf), GeoJSON, GeoPackage or any "
        "OGR format, or CSV. Each goes to the municipality whose area covers it; those outside "
        "are counted and left out. Streets and localities follow from the addresses. All or "
        "nothing; again means update: the file is all there is of its source."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="name of the set that the file replaces")
        parser.add_argument(
            "--layer", default=settings.MUNICIPALITY_LAYER, help="OWNER/SLUG of the municipalities"
        )
        for what in doors.USUAL:
            parser.add_argument(f"--{what}", default="", help=f"field with the {what}")
        parser.add_argument("--table", default="", help="table of a file that holds several")
        parser.add_argument(
            "--where", default="", help="only rows for which this holds (OGR's SQL)"
        )
        parser.add_argument("--crs", default="", help="coordinate system; CSV: else degrees")
        parser.add_argument("--encoding", default="", help="of the text, if it is not UTF-8")
        parser.add_argument("--delimiter", default="", help="of a CSV, if it is not plain to see")
        parser.add_argument("--swap-axes", action="store_true", help="the file has them swapped")
        parser.add_argument("--skip-bad", action="store_true", help="leave unusable rows out")
        parser.add_argument("--replace", action="store_true", help="allow that a town loses all")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        try:
            self._import(options)
        except Refused as refusal:
            raise CommandError(f"{refusal}\nNothing was written.") from None
        if options["dry_run"]:
            self._say("Nothing was written (--dry-run).")
        if options["verbosity"] > 1:
            self._say(f"{time.monotonic() - start:.1f} s.")

    def _import(self, options: dict[str, Any]) -> None:
        wish = doors.Wish(
            file=options["file"],
            fields={what: options[what] for what in doors.USUAL},
            table=options["table"],
            where=options["where"],
            crs=options["crs"],
            encoding=options["encoding"],
            delimiter=options["delimiter"],
            swap_axes=options["swap_axes"],
            skip_bad=options["skip_bad"],
        )
        source = _source(options["source"], wish)
        layer = "/".join(layers.find(options["layer"]))
        found = doors.read(wish)
        self._say(f"{found.rows:,} rows read from {wish.file.name}.")
        made = places.compile_gazetteer(found.doors, layer=layer)
        self._say(f"{len(made.entries):,} entries for {len(made.counts())} municipalities.")
        changes = gazetteers.write(
            made.entries, source=source, replace_all=options["replace"], dry_run=options["dry_run"]
        )
        self._say_found(found, made, layer)
        for name, count in changes.made_up.items():
            self._say(f"Made-up places of {name} removed: {count}.")
        self._say(
            f"{source}: {changes.new:,} new, {changes.changed:,} changed, "
            f"{changes.unchanged:,} unchanged, {changes.gone:,} gone."
        )

    def _say_found(self, found: doors.Found, made: places.Gazetteer, layer: str) -> None:
        for town, counts in made.counts().items():
            self._say(
                f"{town.name} ({town.key}): {counts[PlaceKind.ADDRESS]:,} addresses, "
                f"{counts[PlaceKind.STREET]:,} streets, {counts[PlaceKind.LOCALITY]:,} localities."
            )
        if made.astray:
            lon, lat = made.astray
            self._say(
                f"Outside every area of {layer}, left out: {made.outside:,}; the first at "
                f"{lon:.4f} east, {lat:.4f} north."
            )
        if made.doubles:
            self._say(f"Doubles joined: {made.doubles:,}.")
        if found.nameless:
            self._say(f"Without a street, left out: {found.nameless:,}.")
        if found.bad:
            self._say(f"Not usable, left out: {len(found.bad):,}: {listed(found.bad)}.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _source(name: str, wish: doors.Wish) -> str:
    """The set's name: as told, else "osm" or "addresses". Raises Refused."""
    name = name or ("osm" if wish.is_osm else "addresses")
    if not SOURCE.fullmatch(name):
        raise Refused(f"{name} is no name for a source: a-z, 0-9, -, _ and ., at most 40.")
    if name == DEMO:
        raise Refused(f"{name} marks made-up places. Take another name for the source.")
    return name
