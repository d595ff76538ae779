"""Take over the stock of an old system."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from lostfound.models import Office, PlaceKind
from lostfound.takeover.columns import LABELS
from lostfound.takeover.tables import MOST_BYTES, NoTable, Table, read_table
from lostfound.takeover.words import FLAWS, said
from lostfound.takeover.writing import Faulty, Options, Plan, load, plan

MOST_FAULTS = 50


class Command(BaseCommand):
    help = (
        "Takes over the stock of an old system from a table (CSV). Columns are known by their "
        "names; encoding and separator are found. All or nothing; again means update, by the old "
        "number. See docs/import.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--office", required=True, help="short name of the office (SLUG)")
        parser.add_argument(
            "--place-kind",
            default="",
            choices=["", *PlaceKind.values],
            help="what places of finds are that stand in no register; empty leaves the law open",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        with translation.override("de"):
            self._import(options)
        if options["verbosity"] > 1:
            self.stdout.write(f"{time.monotonic() - start:.1f} s.")

    def _import(self, options: dict[str, Any]) -> None:
        office = self._office(options["office"])
        table = self._table(options["file"])
        if options["dry_run"]:
            todo = plan(table, office)
            if not todo.is_good:
                raise self._refusal(todo)
        else:
            try:
                kind = Options(place_kind=options["place_kind"])
                todo = load(table, office, by=None, options=kind)
            except Faulty as refused:
                raise self._refusal(refused.plan) from None
        self._say(todo)
        if options["dry_run"]:
            self.stdout.write("Es wurde nichts geschrieben (--dry-run).")

    def _office(self, slug: str) -> Office:
        office = Office.objects.select_related("municipality").filter(slug=slug).first()
        if office is None:
            known = ", ".join(Office.objects.values_list("slug", flat=True)) or "keines"
            raise CommandError(f"Es gibt kein Fundbüro „{slug}“. Bekannt: {known}.")
        return office

    def _table(self, path: Path) -> Table:
        try:
            with path.open("rb") as file:
                return read_table(file.read(MOST_BYTES + 1))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except NoTable as refused:
            raise CommandError(f"{path}: {FLAWS[refused.flaw]}") from None

    def _refusal(self, todo: Plan) -> CommandError:
        if todo.columns.missing:
            names = ", ".join(str(LABELS[field]) for field in todo.columns.missing)
            return CommandError(f"Es fehlen Spalten: {names}.\nEs wurde nichts geschrieben.")
        lines = [said(fault) for fault in todo.faults[:MOST_FAULTS]]
        if len(todo.faults) > MOST_FAULTS:
            lines.append(f"… und {len(todo.faults) - MOST_FAULTS} weitere.")
        return CommandError("\n".join([*lines, "Es wurde nichts geschrieben."]))

    def _say(self, todo: Plan) -> None:
        self.stdout.write(
            f"{len(todo.fresh)} neu, {len(todo.changed)} geändert, {todo.same} unverändert."
        )
        for count, words in (
            (len(todo.understood.gone), "laut Status nicht mehr im Fundbüro: übergangen"),
            (len(todo.closed), "bei uns inzwischen abgeschlossen: nicht mehr geändert"),
            (len(todo.new_places), "Lagerorte neu"),
        ):
            if count:
                self.stdout.write(f"{count} {words}.")
        if todo.columns.ignored:
            self.stdout.write(f"Nicht gelesene Spalten: {', '.join(todo.columns.ignored)}.")
        for name, count in sorted(todo.understood.vague.items(), key=lambda each: -each[1])[:20]:
            self.stdout.write(f"„{name}“ ({count}) kennt niemand: „Etwas anderes“.")
