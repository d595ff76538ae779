"""What followers and hits nearby cost: `.venv/bin/python bench/followers.py [--reports 1000000]`.

In a scratch house as that of `manage.py bench`: how long the form asks for reports nearby among so
many public ones, beside the same statement by a bare connection; then a report with so many
followers is set to done, and the worker that writes to them is killed with SIGKILL on its way.
Ends with 0 when everybody got one letter and nobody two, else with 1.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

# ruff: noqa: E402 (settings first)
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.house import House, Server, build, command_of
from reports.deeds import triage
from reports.models import Category, Follower, Report
from reports.receiving import duplicates
from reports.workflow import Status
from townhall.models import Letter, User

T = TypeVar("T")
ASKED = 200  # questions for reports nearby
PATIENCE_S = 300  # a dead worker's job is given to another after half a minute


def main(words: Sequence[str] | None = None) -> int:
    wish = _wish(words)
    with build() as house:
        house.fill(wish.reports)
        _nearby(house, wish.reports)
        with house.serving() as server:
            return 0 if _told_once(server, wish.followers) else 1


def _wish(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--followers", type=int, default=3_000)
    return parser.parse_args(words)


def _nearby(house: House, reports: int) -> None:
    category = Category.objects.select_related("group").get(code="schlagloch")
    category.nearby_m = 250  # the widest there may be
    with connection.cursor() as sql:
        sql.execute("ANALYZE reports_report")
        sql.execute(
            "SELECT ST_X(public_position), ST_Y(public_position) FROM reports_report "
            "WHERE public_position IS NOT NULL ORDER BY code LIMIT %s",
            [ASKED],
        )
        places = [Point(lon, lat, srid=4326) for lon, lat in sql.fetchall()]
    with CaptureQueriesContext(connection) as asked:
        hits = [len(duplicates.nearby(place, category)) for place in places]
    statements = [each["sql"] for each in asked.captured_queries]
    ours = _median(places, lambda place: duplicates.nearby(place, category))
    with house.connect() as bare:
        floor = _median(statements, lambda statement: bare.execute(statement).fetchall())
    print(
        f"nearby, 250 m among {reports:,} public reports: {ours:.2f} ms, bare SQL {floor:.2f} ms, "
        f"{len(statements) / len(places):.0f} statement, {statistics.mean(hits):.1f} hits"
    )


def _median(subjects: Sequence[T], deed: Callable[[T], object]) -> float:
    """Milliseconds, once warm."""
    times = []
    for subject in [*subjects[:20], *subjects]:
        began = time.perf_counter()
        deed(subject)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[20:])


def _told_once(server: Server, followers: int) -> bool:
    report = Report.objects.public().filter(status=Status.IN_PROGRESS).order_by("code")[0]
    _let_follow(report, followers)
    letters = Letter.objects.filter(about=f"report:{report.code}", kind="follow_news")
    began = time.monotonic()
    by = User.objects.get(username="admin.bergstrasse")
    triage.set_status(report, Status.DONE, by=by, text="Fertig.")
    print(f"the deed with {followers:,} followers: {1000 * (time.monotonic() - began):.0f} ms")
    _until(lambda: letters.count() >= followers // 10)
    for pid in server.pids:
        if "config.worker" in command_of(pid):
            os.kill(pid, signal.SIGKILL)
    print(f"worker killed after {letters.count():,} letters")
    _until(lambda: letters.count() >= followers)
    readers = letters.values("to").distinct().count()
    print(
        f"{letters.count():,} letters to {readers:,} readers after {time.monotonic() - began:.0f} s"
    )
    return letters.count() == readers == followers


def _let_follow(report: Report, followers: int) -> None:
    now = timezone.now()
    Follower.objects.bulk_create(
        Follower(
            report=report,
            email=f"f{number}@example.org",
            client_id=uuid.uuid4(),
            asked_at=now,
            confirmed_at=now,
            confirm_expires_at=now,
            confirm_digest=f"confirm {number}",
            token_digest=f"end {number}",
        )
        for number in range(followers)
    )


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
