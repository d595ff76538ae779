"""Bring a layer of areas in, or up to date, from a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geo.imports import echoes, files, layers, orders, shapes
from geo.imports.files import Refused, listed


class Command(BaseCommand):
    help = (
        "Imports areas from GeoJSON, (zipped) Shapefile, GeoPackage or any OGR format into a "
        "layer. Reprojects to WGS 84, mends invalid rings or refuses them by name, reports gaps "
        "and overlaps. All or nothing; again means update."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        orders.add_arguments(parser, noun="areas")
        parser.add_argument(
            "--tolerance", type=float, default=10.0, help="smallest gap or overlap to report, m²"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        what = orders.reading(options)
        try:
            owner, slug = layers.find(options["layer"])
            table = files.read(what)
            seen = shapes.inspect(
                table.candidates, merge=options["merge"], tolerance_m2=options["tolerance"]
            )
            changes = layers.write(
                seen.areas,
                kind=layers.AREAS,
                owner=owner,
                slug=slug,
                attribution=options["attribution"],
                replace_all=options["replace"],
                dry_run=options["dry_run"],
            )
        except Refused as refusal:
            raise CommandError(f"{refusal}\nNothing was written.") from None
        self._say(f"{owner}/{slug}: {len(seen.areas)} areas from {what.file.name} ({table.crs}).")
        orders.say_all(self._say, "Remark", table.remarks)
        orders.say_all(self._say, "Joined from several rows", seen.merged)
        self._say_findings("Mended", seen.repairs)
        self._say_findings("Overlap", seen.overlaps)
        self._say_findings("Gap", [gap for gap in seen.gaps if len(gap.names) > 1])
        self._say_findings("Hole (an enclave?)", [gap for gap in seen.gaps if len(gap.names) == 1])
        orders.say_changes(self._say, changes)
        if options["dry_run"]:
            self._say("Nothing was written (--dry-run).")
        elif changes:
            for said in echoes.hear():
                self._say(said)

    def _say_findings(self, what: str, findings: Sequence[shapes.Finding]) -> None:
        for each in findings[:100]:
            reason = f" ({each.text})" if each.text else ""
            change = "size changed by " if each.text else ""
            self._say(f"{what}: {change}{each.size}, {listed(each.names)}{reason}")
        if len(findings) > 100:
            self._say(f"{what}: {len(findings) - 100} more, each smaller.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
