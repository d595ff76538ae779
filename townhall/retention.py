"""What every room's retention shares: how it looks ahead, and how it is looked at and run by hand.

Numbers and days only, nobody's data.
"""

from __future__ import annotations

import argparse
import datetime as dt
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.core.management.base import BaseCommand
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

AHEAD = dt.timedelta(days=30)
SHOWN = 10


@dataclass(frozen=True)
class Forecast:
    """How many rows a deed waits for: today, and `later` ones until a later day."""

    deed: str
    due: int
    oldest: dt.date | None
    later: int


def forecast_of(
    deed: str,
    rows: QuerySet[Any],
    condition: Callable[[dt.date], Q],
    *,
    today: dt.date,
    until: dt.date,
    field: str = "",
) -> Forecast:
    """One statement. `condition` tells what is due on a day, `field` since when, if it is known."""
    due = condition(today)
    oldest = {"oldest": Min(field, filter=due)} if field else {}
    counts = rows.aggregate(
        due=Count("pk", filter=due), later=Count("pk", filter=condition(until)), **oldest
    )
    later = counts["later"] - counts["due"]
    return Forecast(deed, counts["due"], counts.get("oldest"), later)


class Proof(Protocol):
    """One run in numbers. `finished_at` None: it was cut off."""

    started_at: dt.datetime
    finished_at: dt.datetime | None


class RetentionCommand(BaseCommand):
    """Show what a room will erase, or do it now. `numbers`: a proof's fields, each with a word."""

    numbers: ClassVar[Mapping[str, str]]

    @abstractmethod
    def run(self) -> Proof: ...

    @abstractmethod
    def forecast(self, today: dt.date, until: dt.date) -> Iterable[Forecast]: ...

    @abstractmethod
    def proofs(self) -> QuerySet[Any]:
        """Newest first."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--preview", action="store_true", help="count only (the default)")
        what.add_argument("--run", action="store_true", help="do what is due today")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["run"]:
            self.stdout.write(self._words(self.run()))
        else:
            self._preview(timezone.localdate())

    def _preview(self, today: dt.date) -> None:
        until = today + AHEAD
        self.stdout.write(f"{'':15}{'due':>8}  {'since':10}  until {until}")
        for line in self.forecast(today, until):
            since = str(line.oldest or "–")
            self.stdout.write(f"{line.deed:15}{line.due:>8}  {since:10}  {line.later:+}")
        runs = self.proofs()[:SHOWN]
        self.stdout.write("\nLast runs:" if runs else "\nIt has not run yet.")
        for proof in runs:
            self.stdout.write("  " + self._words(proof))

    def _words(self, proof: Proof) -> str:
        ended = "" if proof.finished_at else " (cut off)"
        said = ", ".join(f"{getattr(proof, name)} {word}" for name, word in self.numbers.items())
        return f"{timezone.localtime(proof.started_at):%Y-%m-%d %H:%M}{ended}: {said}"
