"""Gives somebody the keys of the house, or a new password."""

import argparse
import getpass
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.founding import Wrong, appoint

from .municipality import told

GIVEN = ("first_name", "last_name", "email")


class Command(BaseCommand):
    help = "Let a person set up everything; again = a new password. Asks for the password."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("login")
        for name in GIVEN:
            parser.add_argument(f"--{name.replace('_', '-')}")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {name: options[name] for name in GIVEN if options[name] is not None}
        try:
            appointed = appoint(options["login"], self._password(), **given)
        except Wrong as wrong:
            raise CommandError(told(wrong)) from None
        words = (
            _("%(login)s can sign in now: %(url)s")
            if appointed.is_new
            else _("%(login)s has a new password: %(url)s")
        )
        facts = {"login": appointed.user.username, "url": f"{settings.PUBLIC_URL}/amt"}
        self.stdout.write(words % facts)
        if not appointed.departments:
            self.stdout.write(
                _("There is no municipality yet. After `municipality` run this once more.")
            )

    def _password(self) -> str:
        """Asked twice at a terminal; else the first line of what comes in."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass.getpass(_("Password: "))
        if password != getpass.getpass(_("Once more: ")):
            raise CommandError(_("These were two different passwords. Nothing was changed."))
        return password
