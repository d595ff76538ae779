"""`manage.py reset_second_factor NAME`: a lost phone, and nobody else who administers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from townhall.account import factors
from townhall.models import User


class Command(BaseCommand):
    help = "Remove somebody's second factor, so that they can set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        if factors.reset(user, by=None):
            self.stdout.write(f"{name} signs in by password alone until a new factor is set up.")
        else:
            self.stdout.write(f"{name} has no second factor.")
