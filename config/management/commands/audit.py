import datetime as dt
import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from pip._internal.models.index import PyPI

from config import audit

LOCKS: Path = settings.BASE_DIR / "requirements"
INDEX = PyPI.url.rstrip("/")  # what pip asks where nothing else is set


class Command(BaseCommand):
    help = "Ask whether the locked packages have known vulnerabilities. `bin/check` runs it."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's name and type

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--index", default=os.environ.get("AUDIT_INDEX", INDEX))
        parser.add_argument("--locks", type=Path, default=LOCKS, help="folder of *.lock files")

    def handle(self, *args: Any, index: str, locks: Path, **options: Any) -> None:
        wanted = audit.pins(sorted(locks.glob("*.lock")))
        memory = Path(settings.HOME) / "audit.json"
        today = timezone.localdate()
        try:
            waivers = audit.waivers(locks / "audit-ignore.toml")
        except audit.BadList as bad:
            raise CommandError(str(bad)) from None
        if kept := _was_clean(memory, audit.digest(wanted, index)):
            self.stdout.write(kept)
            return
        try:
            found, unknown = audit.findings(wanted, index=index)
        except audit.NoSource:
            self.stdout.write(f"not audited: {index} tells nothing about vulnerabilities from here")
            return
        late = [waiver for waiver in waivers if waiver.until < today]
        known = audit.open_findings(found, waivers, on=today)
        for waiver in late:
            self.stderr.write(f"the waiver of {waiver.id} ended on {waiver.until}: {waiver.reason}")
        if known:
            raise CommandError("\n".join(map(str, known)))
        sentence = f"{len(wanted) - len(unknown)} packages: nothing known{_silent(unknown)}"
        if not waivers:
            _note_clean(memory, audit.digest(wanted, index), sentence)
        self.stdout.write(sentence)


def _silent(unknown: list[audit.Pin]) -> str:
    """The index could be an incomplete mirror."""
    names = ", ".join(pin.name for pin in unknown[:5]) + (" …" if len(unknown) > 5 else "")
    return f"; no answer about {len(unknown)}: {names}" if unknown else ""


def _was_clean(memory: Path, digest: str) -> str:
    """What was said of these locks today; "" if nothing was."""
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
        at = dt.datetime.fromisoformat(kept["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    is_fresh = kept.get("digest") == digest and timezone.now() - at < audit.KEPT
    return str(kept.get("said", "")) if is_fresh else ""


def _note_clean(memory: Path, digest: str, said: str) -> None:
    if memory.parent.is_dir() and os.access(memory.parent, os.W_OK):
        kept = {"digest": digest, "at": timezone.now().isoformat(), "said": said}
        memory.write_text(json.dumps(kept), encoding="utf-8")
