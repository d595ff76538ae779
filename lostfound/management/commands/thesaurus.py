"""Makes the matcher's file of synonyms from the system's thesaurus. Called by bin/setup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lostfound.matching.thesaurus import PACKAGE, compact


class Command(BaseCommand):
    help = "Read OpenThesaurus (Debian: mythes-de) for the matcher. Half a minute; again = anew."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own name and type)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", type=Path, default=PACKAGE)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        try:
            words = compact(source, settings.THESAURUS)
        except OSError as error:
            raise CommandError(f"{source}: {error.strerror}") from error
        if options["verbosity"]:
            self.stdout.write(f"{words} words in {settings.THESAURUS}")
