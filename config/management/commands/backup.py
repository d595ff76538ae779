"""A verified backup of database and photos, made while the house is open."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backups.making import make
from config.backups.postgres import Trouble


class Command(BaseCommand):
    help = "Back up database and photos into one verified archive."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BACKUP_FOLDER)
        parser.add_argument("--keep", type=_positive, help="how many archives stay in the folder")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            make(options["folder"].resolve(), keep=options["keep"], say=self._say)
        except Trouble as trouble:
            raise CommandError(f"{trouble}\nNo backup was made.") from None

    def _say(self, sentence: str) -> None:
        loud = sentence.startswith("WARNING")
        (self.stderr if loud else self.stdout).write(sentence)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
