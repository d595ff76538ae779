"""What is to be forgotten, and forgetting it now. Numbers and days only, nobody's data."""

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.models import Erasure
from reports.personal import erasure

AHEAD = dt.timedelta(days=30)
SHOWN = 10


class Command(BaseCommand):
    help = "Show what retention will erase, or do now what the worker does every night."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--preview", action="store_true", help="count only (the default)")
        what.add_argument("--run", action="store_true", help="do what is due today")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["run"]:
            self.stdout.write(_words(erasure.run()))
        else:
            self._preview(timezone.localdate())

    def _preview(self, today: dt.date) -> None:
        until = today + AHEAD
        self.stdout.write(f"{'':15}{'due':>8}  {'since':10}  until {until}")
        for line in erasure.forecast(today=today, until=until):
            since = str(line.oldest or "–")
            self.stdout.write(f"{line.deed:15}{line.due:>8}  {since:10}  {line.later:+}")
        runs = Erasure.objects.all()[:SHOWN]
        self.stdout.write("\nLast runs:" if runs else "\nIt has not run yet.")
        for proof in runs:
            self.stdout.write("  " + _words(proof))


def _words(proof: Erasure) -> str:
    ended = "" if proof.finished_at else " (cut off)"
    return (
        f"{timezone.localtime(proof.started_at):%Y-%m-%d %H:%M}{ended}: "
        f"{proof.depublished} depublished, {proof.contacts} contacts, "
        f"{proof.outsiders} outsiders, {proof.followers} followers, {proof.letters} letters, "
        f"{proof.reports} reports, {proof.images} images"
    )
