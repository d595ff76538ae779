"""Says which German texts are missing, unsure or no longer needed. `bin/check` runs it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

ROOMS = ("config", "frontend", "geo", "lostfound", "reports", "townhall")
CATALOGUE = Path("locale/de/LC_MESSAGES/django.po")
SIMPLE = Path("config/locale/de_Simple/LC_MESSAGES/django.po")  # of all rooms, as far as it goes


class Command(BaseCommand):
    help = "Compare the German catalogues with the texts in code and templates."

    def handle(self, *args: Any, **options: Any) -> None:
        with TemporaryDirectory(prefix="augenmerk-texts-") as scratch:
            copy = Path(scratch)
            _copy_sources(copy)
            with chdir(copy):
                call_command("makemessages", locale=["de"], no_location=True, verbosity=0)
            troubles = [line for room in ROOMS for line in _compare(room, copy / room / CATALOGUE)]
            troubles += _simple(copy)
        if troubles:
            raise CommandError("\n".join(troubles))


def _copy_sources(target: Path) -> None:
    for room in ROOMS:
        shutil.copytree(
            settings.BASE_DIR / room,
            target / room,
            ignore=shutil.ignore_patterns("locale", "static", "migrations", "__pycache__"),
        )
        (target / room / "locale").mkdir()


def _compare(room: str, needed: Path) -> Iterator[str]:
    kept = settings.BASE_DIR / room / CATALOGUE
    if not needed.exists() and not kept.exists():
        return
    if not needed.exists() or not kept.exists():
        yield f"{room}: {'no' if needed.exists() else 'a needless'} catalogue {CATALOGUE}"
        return
    yield from _told(room, "missing or unsure", ["msgcmp", "-N", str(kept), str(needed)])
    backwards = ["msgcmp", "-N", "--use-untranslated", "--use-fuzzy", str(needed), str(kept)]
    yield from _told(room, "no longer needed", backwards)
    yield from _told(room, "broken", ["msgfmt", "--check-format", "-o", "/dev/null", str(kept)])
    if "\n#~ " in kept.read_text(encoding="utf-8"):
        yield f"{room}: crossed-out texts (#~) in {CATALOGUE}"


def _simple(copy: Path) -> Iterator[str]:
    """Einfache Sprache may lack any sentence, but has none that nobody says any more."""
    said, kept = copy / "said.po", settings.BASE_DIR / SIMPLE
    needed = [copy / room / CATALOGUE for room in ROOMS if (copy / room / CATALOGUE).exists()]
    subprocess.run(["msgcat", "--use-first", "-o", said, *needed], check=True)  # noqa: S603, S607
    backwards = ["msgcmp", "-N", "--use-untranslated", "--use-fuzzy", str(said), str(kept)]
    yield from _told("Einfache Sprache", "no longer needed", backwards)
    check = ["msgfmt", "--check-format", "-o", "/dev/null", str(kept)]
    yield from _told("Einfache Sprache", "broken", check)


def _told(room: str, what: str, command: list[str]) -> Iterator[str]:
    english = os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
    result = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, env=english
    )
    if result.returncode == 0:
        return
    yield f"{room}: {what}"
    for file, line, said in re.findall(r"^(.+?):(\d+): (.+)$", result.stderr, re.MULTILINE):
        if "message is not used" not in said:  # a warning; the other direction counts it
            yield "  " + _text_at(Path(file), int(line))


def _text_at(file: Path, line: int) -> str:
    """The msgid of the entry around a line."""
    before = file.read_text(encoding="utf-8").splitlines()[:line]
    start = max(i for i, text in enumerate(before) if text.startswith("msgid "))
    quoted = [text for text in before[start:] if not text.startswith("msgstr")]
    context = before[start - 1] if before[start - 1].startswith("msgctxt") else ""
    return "".join(re.findall(r'"(.*)"', "\n".join(quoted))) + (context and f"  ({context})")
