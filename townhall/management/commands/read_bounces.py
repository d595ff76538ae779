"""`manage.py read_bounces`: what mail servers send back, from a pipe, a Maildir or IMAP."""

from __future__ import annotations

import imaplib
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from townhall.letters import bounce_mailbox, bounces


class Command(BaseCommand):
    help = (
        "Reads one message from standard input (a mail server's pipe), or with --maildir or "
        "--mailbox all that lies there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--maildir", type=Path, help="a Maildir; what was read is removed")
        parser.add_argument("--mailbox", action="store_true", help="the one of BOUNCE_MAILBOX")
        parser.add_argument("--recipient", default="", help="the envelope's recipient, by the pipe")

    def handle(self, **options: Any) -> None:
        try:
            back = self._read(**options)
        except bounce_mailbox.BadMailbox:
            raise CommandError("This is neither imap(s)://… nor a Maildir.") from None
        except (OSError, imaplib.IMAP4.error) as error:
            raise CommandError(f"The mailbox cannot be read: {type(error).__name__}") from None
        if options["verbosity"] > 1 or options["maildir"] or options["mailbox"]:
            self.stdout.write(f"{back} letters came back.")

    def _read(self, *, maildir: Path | None, mailbox: bool, recipient: str, **_others: Any) -> int:
        if maildir:
            return bounce_mailbox.look_in_maildir(maildir)
        if mailbox:
            return bounce_mailbox.look()
        bounce = bounces.read(sys.stdin.buffer.read(bounces.LARGEST), recipient=recipient)
        return int(bool(bounce and bounces.take_back(bounce)))
