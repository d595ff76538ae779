"""Fill an empty database with the demo region."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo import loading


class Command(BaseCommand):
    help = (
        "Loads Kreis Bergstraße with made-up town halls, staff, reports and found things into an "
        "empty database. The same seed gives the same demo; dates count back from today."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=loading.SEED)
        parser.add_argument(
            "--again",
            action="store_true",
            help="empty a database that the demo filled, with all that was added since, and reload",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if loading.is_demo():
            if not options["again"]:
                self.stdout.write(
                    "The demo is already here; nothing was changed. To throw it away with all "
                    "that was added since, and load it afresh: manage.py demo --again"
                )
                return
            self.stdout.write("Emptying the database of the demo.")
            loading.clear()
        elif not loading.is_empty():
            raise CommandError(
                "This database holds somebody's data, not the demo's. Nothing was changed. "
                "The demo needs a database of its own."
            )
        began = time.monotonic()
        loading.load(self.stdout.write, seed=options["seed"])
        self.stdout.write(f"The demo is ready after {time.monotonic() - began:.0f} s.")
