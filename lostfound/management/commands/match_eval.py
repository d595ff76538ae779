"""How well the matcher finds what belongs together, on pairs of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lostfound.matching.evaluation import evaluate


class Command(BaseCommand):
    help = "Rank all found texts of a file for each lost one and print recall at 1 and at 5."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own name and type); no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help='{"pairs": […], "negatives": […]}')
        parser.add_argument(
            "--text-only", action="store_true", help="leave kind, place and day out of it"
        )

    def handle(self, *args: Any, file: Path, text_only: bool, **options: Any) -> None:
        try:
            document = json.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
        if not isinstance(document, dict):
            raise CommandError(f'{file}: not an object with "pairs" and "negatives"')
        self.stdout.write(json.dumps(evaluate(document, text_only=text_only)))
