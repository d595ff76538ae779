"""Puts a backup in the place of what is there, after checking it whole."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backups.postgres import Trouble
from config.backups.restoring import Restore

TO_CHECK = """
Now please check:
  1. manage.py doctor
  2. Letters that waited when the backup was made go out as soon as a worker runs; those sent
     before stay sent. For a drill on another machine leave EMAIL_HOST empty: nothing goes out.
  3. What retention had erased since the backup is back until tonight:
     manage.py retention --run
  4. Start Augenmerk. Open pages reload by themselves, staff sign in again."""


class Command(BaseCommand):
    help = "Replace database and photos by those of an archive that `backup` made."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--yes", action="store_true", help="don't ask before replacing data")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restore = Restore.of(options["archive"].resolve(), say=self._say)
            self._ask(restore, sure=options["yes"])
            restore.run()
        except Trouble as trouble:
            raise CommandError(str(trouble)) from None
        for warning in restore.warnings():
            self.stderr.write(f"WARNING: {warning}")
        self._say(f"Restored: the state of {restore.archive.manifest.made_at}")
        self._say(TO_CHECK)

    def _ask(self, restore: Restore, *, sure: bool) -> None:
        manifest, name = restore.archive.manifest, restore.database.name
        self._say(
            f"the archive is whole: {manifest.made_at}, "
            f"{manifest.rows.get('reports_report', 0)} reports, {manifest.photos} photos"
        )
        lost = restore.what_is_lost()
        if not lost or sure:
            return
        question = f"The database {name} is not empty: {lost}. All of it will be replaced."
        if not sys.stdin.isatty():
            raise Trouble(f"{question} If that is meant: --yes")
        self.stdout.write(f"{question}\nPhotos are kept in {settings.MEDIA_ROOT}.")
        if input(f"To go on, type the database's name ({name}): ").strip() != name:
            raise Trouble("Nothing was changed.")

    def _say(self, sentence: str) -> None:
        loud = sentence.startswith("WARNING")
        (self.stderr if loud else self.stdout).write(sentence)
