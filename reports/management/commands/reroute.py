"""Move open reports to whom they belong since boundaries, roads or rules have changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports import rerouting
from reports.rerouting import Stray

SHOWN = 100
WIDTHS = (10, 38, 38)


class Command(BaseCommand):
    help = (
        "Asks of every open report in which town it lies and which department the rules choose, "
        "and moves those for which the answer has changed: with an event, the rule's explanation "
        "and a letter to the new department. What a person passed on stays where it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only show what would move")
        parser.add_argument(
            "--since",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="only reports received on that day or later",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(rerouting.strays(since=options["since"]))
        moving = [stray for stray in found if stray.moves]
        if options["dry_run"]:
            self._show(moving)
        else:
            moved = sum(rerouting.reroute(stray.report) is not None for stray in moving)
            self._say(f"{moved} reports moved.")
        kept = sum(stray.is_passed_on for stray in found)
        if kept:
            self._say(f"{kept} were passed on by a person and stay there.")
        lost = [stray.report.shown_code for stray in found if stray.goal is None]
        if lost:
            more = f" and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
            self._say(f"In no town that takes reports: {', '.join(lost[:SHOWN])}{more}.")

    def _show(self, moving: list[Stray]) -> None:
        if moving:
            self._say(_line("Report", "Now", "Then", "By the rule"))
        for stray in moving[:SHOWN]:
            self._say(_line(stray.report.shown_code, *_move(stray), _rule(stray)))
        if len(moving) > SHOWN:
            self._say(f"… and {len(moving) - SHOWN} more; in all:")
            for (now, then), count in Counter(map(_move, moving)).most_common():
                self._say(_line(str(count), now, then, ""))
        self._say(f"{len(moving)} reports would move. Nothing was written (--dry-run).")

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _move(stray: Stray) -> tuple[str, str]:
    assert stray.town
    assert stray.goal
    return (
        f"{stray.report.municipality.name}: {stray.report.department.name}",
        f"{stray.town.name}: {stray.goal.department.name}",
    )


def _rule(stray: Stray) -> str:
    return stray.goal.rule.name if stray.goal and stray.goal.rule else "(none fits)"


def _line(*cells: str) -> str:
    *first, last = cells
    return "  ".join(
        [*(f"{cell:{width}}" for cell, width in zip(first, WIDTHS, strict=True)), last]
    ).rstrip()
