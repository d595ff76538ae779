"""The files that a server needs around this installation."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.units import Server, Unwritable, written


class Command(BaseCommand):
    help = (
        "Print systemd units and examples for nginx and Caddy, filled in for this installation. "
        "bin/setup --service writes and installs them."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help="which; none: their names")
        parser.add_argument("--write", type=Path, metavar="FOLDER", help="all of them, as files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = written(Server.here())
        except Unwritable as reason:
            raise CommandError(str(reason)) from None
        unknown = set(options["names"]) - set(files)
        if unknown:
            raise CommandError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(files)}")
        if options["write"]:
            self._write(options["write"], files)
            return
        for name in options["names"]:
            self.stdout.write(files[name])
        if not options["names"]:
            self.stdout.write("\n".join(files))

    def _write(self, folder: Path, files: dict[str, str]) -> None:
        """What an earlier time wrote and is no more of use goes."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.iterdir():
                if old.is_file() and old.name not in files and _is_ours(old):
                    old.unlink()
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error.strerror or error}.") from None
        self.stdout.write(f"{len(files)} files in {folder}")


def _is_ours(file: Path) -> bool:
    with file.open(encoding="utf-8", errors="replace") as lines:
        return next(lines, "").startswith("# Written by bin/setup")
