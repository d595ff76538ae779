"""Bring a layer of areas in, or up to date, from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geo.imports import files, layers, shapes
from geo.imports.files import Refused, listed


class Command(BaseCommand):
    help = (
        "Imports areas from GeoJSON, (zipped) Shapefile, GeoPackage or any OGR format into a "
        "layer. Reprojects to WGS 84, mends invalid rings or refuses them by name, reports gaps "
        "and overlaps. All or nothing; again means update."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--layer", required=True, help="OWNER/SLUG or SLUG")
        parser.add_argument("--key", required=True, help="field with the areas' keys")
        parser.add_argument("--name", required=True, help="field with the areas' names")
        parser.add_argument("--attribution", default="", help="line the map must show")
        parser.add_argument("--table", default="", help="table of a file that holds several")
        parser.add_argument("--crs", default="", help="coordinate system, if the file is wrong")
        parser.add_argument("--encoding", default="", help="of the text, if the file is wrong")
        parser.add_argument("--swap-axes", action="store_true", help="the file has them swapped")
        parser.add_argument("--merge", action="store_true", help="rows of one key are one area")
        parser.add_argument("--key-width", type=int, default=0, help="pad keys with zeros")
        parser.add_argument("--replace", action="store_true", help="allow that no key remains")
        parser.add_argument("--abroad", action="store_true", help="areas may lie abroad")
        parser.add_argument(
            "--tolerance", type=float, default=10.0, help="smallest gap or overlap to report, m²"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        what = files.Reading(
            file=options["file"],
            key_field=options["key"],
            name_field=options["name"],
            table=options["table"],
            crs=options["crs"],
            encoding=options["encoding"],
            swap_axes=options["swap_axes"],
            key_width=min(max(options["key_width"], 0), shapes.KEY_LENGTH),
            abroad=options["abroad"],
        )
        try:
            owner, slug = layers.find(options["layer"])
            table = files.read(what)
            seen = shapes.inspect(
                table.candidates, merge=options["merge"], tolerance_m2=options["tolerance"]
            )
            changes = layers.write(
                seen.areas,
                owner=owner,
                slug=slug,
                attribution=options["attribution"],
                replace_all=options["replace"],
                dry_run=options["dry_run"],
            )
        except Refused as refusal:
            raise CommandError(f"{refusal}\nNothing was written.") from None
        self._say(f"{owner}/{slug}: {len(seen.areas)} areas from {what.file.name} ({table.crs}).")
        self._say_all("Remark", table.remarks)
        self._say_all("Joined from several rows", seen.merged)
        self._say_findings("Mended", seen.repairs)
        self._say_findings("Overlap", seen.overlaps)
        self._say_findings("Gap", [gap for gap in seen.gaps if len(gap.names) > 1])
        self._say_findings("Hole (an enclave?)", [gap for gap in seen.gaps if len(gap.names) == 1])
        self._say_changes(changes)
        if options["dry_run"]:
            self._say("Nothing was written (--dry-run).")

    def _say_changes(self, changes: layers.Changes) -> None:
        self._say_all("Changed", changes.changed)
        self._say_all("Gone from the file, ended today", changes.ended)
        self._say(
            f"{len(changes.new)} new, {len(changes.changed)} changed, "
            f"{len(changes.unchanged)} unchanged, {len(changes.ended)} ended."
        )

    def _say_findings(self, what: str, findings: Sequence[shapes.Finding]) -> None:
        for each in findings[:100]:
            reason = f" ({each.text})" if each.text else ""
            change = "size changed by " if each.text else ""
            self._say(f"{what}: {change}{each.size}, {listed(each.names)}{reason}")
        if len(findings) > 100:
            self._say(f"{what}: {len(findings) - 100} more, each smaller.")

    def _say_all(self, what: str, names: Sequence[str]) -> None:
        if names:
            self._say(f"{what}: {listed(names, most=40)}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
