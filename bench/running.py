"""Which rows there are, in which order they run, and how the result is written down."""

from __future__ import annotations

import json
import os
import platform
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from bench import desk, found, idle, live, photo, routing, submit, tiles
from bench.house import House, NotReady, build
from bench.load import Failed
from bench.pgbench import PgbenchFailed
from bench.row import Row

Say = Callable[[str], object]
BUSY = 0.3  # load per core from which numbers say more about the others than about us


class CannotRun(Exception):
    """Carries a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Part:
    """Some rows that are measured together. `reports`: how many must lie in the house."""

    what: str
    rows: Callable[..., Iterator[Row]]
    reports: int = 0
    quick_reports: int = 0


MILLION = 1_000_000
QUICK = 20_000

PARTS: dict[str, Part] = {
    "live": Part("one message to 1,000 and 5,000 open pages, and what a page costs", live.rows),
    "photo": Part("a photo of 12 megapixels, uploaded and processed", photo.rows),
    "routing": Part("whose place it is, among 11,000 areas", routing.rows),
    "memory": Part("what an idle web process holds", idle.rows),
    "desk": Part("the staff's list among a million reports", desk.rows, MILLION, QUICK),
    "filters": Part("the staff's orders and filters", desk.filters, MILLION, QUICK),
    "search": Part("the staff's search in a million texts", desk.search, MILLION, QUICK),
    "found": Part("the public search among 100,000 finds", found.rows),
    "map": Part("map tiles of a million reports, 8 clients at once", tiles.rows, MILLION, QUICK),
    "submit": Part("handing in a report, 8 clients at once", submit.rows, MILLION, QUICK),
    "growth": Part("map tiles of ten times as many reports", tiles.growth, MILLION, QUICK // 4),
}


def listed() -> str:
    return "\n".join(f"{name:10} {part.what}" for name, part in PARTS.items())


def run(names: Sequence[str], *, quick: bool, say: Say) -> list[Row]:
    """All rows of the named parts, in PARTS' order: the house only grows. Raises CannotRun."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise CannotRun(f"There is no {unknown[0]}. There are: {', '.join(PARTS)}.")
    parts = [(name, part) for name, part in PARTS.items() if not names or name in names]
    _allow_many_files()
    tell_about_machine(say)
    try:
        with _stoppable(), build() as house:
            return list(_rows(parts, house, quick=quick, say=say))
    except (NotReady, PgbenchFailed, Failed) as reason:
        raise CannotRun(str(reason)) from None
    except KeyboardInterrupt:
        raise CannotRun("Stopped; nothing is left behind.") from None


def _rows(
    parts: Sequence[tuple[str, Part]], house: House, *, quick: bool, say: Say
) -> Iterator[Row]:
    for name, part in parts:
        reports = part.quick_reports if quick else part.reports
        if reports > house.reports:
            say(f"seeding {reports:,} reports …")
            house.fill(reports)
        began = time.monotonic()
        for row in part.rows(house, quick=quick):
            say(f"  {as_line(row)}")
            yield row
        say(f"{name}: {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}")


def tell_about_machine(say: Say) -> None:
    """What a reader of the numbers must know; a warning where others are at work."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    say(f"{cores} cores, load {load:.2f}, Python {platform.python_version()}")
    say("One web process and one worker (granian, where a row names it: a process for each core).")
    say("All is warm: asked once before it counts.")
    if load > BUSY * cores:
        say("This machine is not quiet: the numbers will be worse than they are, ratios too.")


def _allow_many_files() -> None:
    """5,000 sockets need more than the 1,024 files that a shell often allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM and SIGHUP end us as Ctrl-C does: tidily."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# ── Writing it down ──────────────────────────────────────────────────────────────────────────
def as_line(row: Row) -> str:
    floor = f"{number(row.floor):>9} →" if row.floor is not None else " " * 11
    ratio = f"{row.ratio:6.2f}" if row.ratio is not None else " " * 6
    verdict = "" if row.holds else "  MISSED"
    return (
        f"{row.name:38} {floor} {number(row.ours):>9} {row.unit:14} {ratio}  {row.target}{verdict}"
    )


def as_table(rows: Sequence[Row]) -> str:
    missed = sum(not row.holds for row in rows)
    sums = f"{len(rows)} rows, {missed} missed" if missed else f"All {len(rows)} rows hold."
    return "\n".join([*map(as_line, rows), sums])


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1)


def as_markdown(rows: Sequence[Row]) -> str:
    lines = ["| What | Floor | Ours | Unit | Ratio | Target | |", "|---|--:|--:|---|--:|---|---|"]
    for row in rows:
        floor = number(row.floor) if row.floor is not None else "–"
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else "–"
        verdict = "holds" if row.holds else "**missed**"
        cells = (row.name, floor, number(row.ours), row.unit, ratio, row.target, verdict)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def number(value: float) -> str:
    """Three digits are more than such a measurement knows."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


FORMS: dict[str, Callable[[Sequence[Row]], str]] = {
    "table": as_table,
    "json": as_json,
    "markdown": as_markdown,
}
