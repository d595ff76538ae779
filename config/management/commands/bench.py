"""Measure what we cost beside the bare work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bench import running


class Command(BaseCommand):
    help = (
        "Puts our numbers beside the bare cost of the same work, both measured in this run, on a "
        "scratch database with a server of its own. What the rows mean: bench/README.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="default: all; see --list")
        parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="a list of rows, for programs")
        form.add_argument("--markdown", action="store_true", help="as it stands in the README")
        form.add_argument("--list", action="store_true", help="the names, and what they measure")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self.stdout.write(running.listed())
            return
        form = next((name for name in ("json", "markdown") if options[name]), "table")
        try:
            rows = running.run(options["names"], quick=options["quick"], say=self.stderr.write)
        except running.CannotRun as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(running.FORMS[form](rows))
        if not all(row.holds for row in rows):
            raise SystemExit(1)
