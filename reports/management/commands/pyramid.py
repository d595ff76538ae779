"""Prove the map's counts, or count anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.publicity import pyramid

SHOWN = 20


class Command(BaseCommand):
    help = (
        "The counts that the map shows from afar. --check compares every level and day with a "
        "plain count of the public reports; --rebuild mends what differs, while the house goes on "
        "working."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        deed = parser.add_mutually_exclusive_group(required=True)
        deed.add_argument("--check", action="store_true")
        deed.add_argument("--rebuild", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            self.stdout.write(f"Counted anew; {pyramid.rebuild()} rows were not right.")
        else:
            self._check()

    def _check(self) -> None:
        found = 0
        for found, wrong in enumerate(pyramid.differences(), start=1):
            if found <= SHOWN:
                self.stdout.write(
                    f"{_place(wrong)}: {wrong.told[0]} instead of {wrong.true[0]} reports "
                    f"({wrong.told[1:]} instead of {wrong.true[1:]})"
                )
        if found:
            raise CommandError(f"{found} rows differ from a plain count. --rebuild mends them.")
        self.stdout.write("Every level and day equals a plain count.")


def _place(wrong: pyramid.Difference) -> str:
    level = "day" if wrong.level is None else f"level {wrong.level}"
    lately = " lately" if wrong.lately else ""
    return (
        f"{level} {wrong.month} cell {wrong.cell} town {wrong.municipality} {wrong.status}{lately} "
        f"group {wrong.group}"
    )
