"""Bring a layer of roads in, or up to date, from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geo.imports import echoes, files, layers, orders, roads
from geo.imports.files import Candidate, Refused, listed
from geo.models import RoadClass, RoadOwner

FIELDS = ("--class", "--owner", "--inner")


class Command(BaseCommand):
    help = (
        "Imports roads from GeoJSON, (zipped) Shapefile, GeoPackage, an OpenStreetMap extract or "
        "any OGR format into a layer. Without --owner the class tells who keeps a road: A and B "
        "the federation, L the state, K the district, G the municipality. All or nothing; again "
        "means update. Routing asks the layer that the setting ROAD_LAYER names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        orders.add_arguments(parser, noun="roads")
        parser.add_argument("--class", default="", help="field with the class or number: A B L K G")
        parser.add_argument("--owner", default="", help="field with who keeps the road (Baulast)")
        parser.add_argument("--inner", default="", help="field that is true in an Ortsdurchfahrt")

    def handle(self, *args: Any, **options: Any) -> None:
        fields = (options["class"], options["owner"], options["inner"])
        what = orders.reading(options, more_fields=fields)
        try:
            owner, slug = layers.find(options["layer"])
            table = files.read(what)
            seen = roads.inspect(table.candidates, merge=options["merge"], fields=FIELDS)
            changes = layers.write(
                seen.roads,
                kind=layers.LINES,
                owner=owner,
                slug=slug,
                attribution=options["attribution"],
                replace_all=options["replace"],
                dry_run=options["dry_run"],
            )
        except Refused as refusal:
            raise CommandError(f"{refusal}\nNothing was written.") from None
        self._say(f"{owner}/{slug}: {len(seen.roads)} roads from {what.file.name} ({table.crs}).")
        for remark in [*table.remarks, *seen.remarks]:
            self._say(f"Remark: {remark}")
        orders.say_all(self._say, "Joined from several rows", seen.merged)
        self._say_facts(seen.roads)
        orders.say_changes(self._say, changes)
        if options["dry_run"]:
            self._say("Nothing was written (--dry-run).")
        elif changes:
            for said in echoes.hear():
                self._say(said)

    def _say_facts(self, candidates: Sequence[Candidate]) -> None:
        facts = [roads.facts(each) for each in candidates]
        classes = Counter(each.road_class or "unknown" for each in facts)
        owners = Counter(each.owner or "unknown" for each in facts)
        self._say(f"Class: {_counted(classes, RoadClass.values)}.")
        self._say(f"Kept by: {_counted(owners, RoadOwner.values)}.")
        self._say(f"Ortsdurchfahrt: {sum(each.in_town is True for each in facts)}.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _counted(counts: Counter[str], order: Sequence[str]) -> str:
    return listed(f"{name} {counts[name]}" for name in [*order, "unknown"] if counts[name])
