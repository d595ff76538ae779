"""`/metrics`: how the house is doing, in Prometheus' text format. Numbers, never people.

For monitors on this machine or on a trusted proxy's, or with METRICS_TOKEN. For everybody else the
page does not exist.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.models import StatusChoice
from townhall.live.line import sockets_here
from townhall.models import LetterState

from .backups.making import LAST
from .peers import Proxies

# A monitor must not make a busy database busier: what takes longer is left out this time.
PATIENCE_MS = 2000
_LOOPBACK = Proxies.parse(["127.0.0.0/8", "::1"])
_LOOPBACK_NAMES = {"127.0.0.1", "localhost", "[::1]"}
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")

_REPORTS = "SELECT status, count(*) FROM reports_report GROUP BY status"
_LETTERS = """
    SELECT state, count(*), extract(epoch FROM now() - min(created_at))
    FROM townhall_letter WHERE state IN ('waiting', 'failed', 'unclear') GROUP BY state
"""
_JOBS = """
    SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
           count(*) FILTER (WHERE status = 'failed'),
           (SELECT count(*) FROM procrastinate_workers
            WHERE last_heartbeat > now() - interval '1 minute'),
           pg_database_size(current_database())
    FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')
"""
_RETENTION = "SELECT extract(epoch FROM max(finished_at)) FROM reports_erasure"

Line = tuple[str, str, dict[str, str], float]
"""Name, help, labels, value."""


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_look(request):
        raise Http404
    return HttpResponse(
        written([*process(), *files(), *database()]),
        content_type="text/plain; version=0.0.4; charset=utf-8",
    )


def may_look(request: HttpRequest) -> bool:
    """The token; or a client of this machine that no proxy speaks for; or a trusted one's own."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    client = str(request.META.get("REMOTE_ADDR", ""))
    if Proxies.parse(settings.TRUSTED_PROXIES).include(client):
        return not _was_forwarded(request)
    return _LOOPBACK.include(client) and not _was_forwarded(request) and _by_own_name(request)


def _was_forwarded(request: HttpRequest) -> bool:
    return bool(
        request.META.get("augenmerk.was_forwarded")
        or any(request.META.get(name) for name in _FORWARDED)
    )


def _by_own_name(request: HttpRequest) -> bool:
    """A proxy that says nothing of its clients still asks by the public name."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    return host.rpartition(":")[0] in _LOOPBACK_NAMES or host in _LOOPBACK_NAMES


def process() -> Iterator[Line]:
    yield "live_sockets", "Open pages on the live line of this process", {}, sockets_here()
    with suppress(OSError, IndexError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        memory = pages * os.sysconf("SC_PAGE_SIZE")
        yield "process_memory_bytes", "Resident memory of this process", {}, memory


def files() -> Iterator[Line]:
    with suppress(OSError, ValueError, KeyError):
        last = json.loads((settings.HOME / LAST).read_text(encoding="utf-8"))
        yield "backup_last_timestamp_seconds", "When the last backup ended well", {}, last["at"]
        yield "backup_last_bytes", "Size of the last backup", {}, last["bytes"]


def database() -> Iterator[Line]:
    """Each part for itself: a slow one does not hide the others. Nothing while it is away."""
    is_up = 1
    for part in (reports, letters, jobs, retention):
        try:
            with transaction.atomic():
                _limit()
                found = list(part())
        except OperationalError:  # away, or took too long
            is_up = 0
            if connection.connection is None or connection.connection.closed:
                break
        except DatabaseError:  # a table that a migration has not made yet
            is_up = 0
        else:
            yield from found
    yield "database_up", "0: something of the database did not answer in time", {}, is_up


def reports() -> Iterator[Line]:
    counts = dict.fromkeys(StatusChoice.values, 0) | {row[0]: row[1] for row in _rows(_REPORTS)}
    for status, count in counts.items():
        yield "reports", "Reports by status", {"status": status}, count


def letters() -> Iterator[Line]:
    found = {row[0]: row[1:] for row in _rows(_LETTERS)}
    for state in (LetterState.WAITING, LetterState.FAILED, LetterState.UNCLEAR):
        count = found.get(state, (0, 0))[0]
        yield "letters", "Letters that did not leave, by state", {"state": state}, count
    age = float(found.get(LetterState.WAITING, (0, 0))[1])
    yield "letters_oldest_waiting_seconds", "Age of the oldest waiting letter", {}, age


def jobs() -> Iterator[Line]:
    ((todo, doing, failed, workers, size),) = _rows(_JOBS)
    for state, count in (("todo", todo), ("doing", doing), ("failed", failed)):
        yield "jobs", "Jobs of the worker by state", {"state": state}, count
    yield "workers", "Workers that were alive within the last minute", {}, workers
    yield "database_bytes", "Size of the database", {}, size


def retention() -> Iterator[Line]:
    ((ended,),) = _rows(_RETENTION)
    if ended is not None:
        yield "retention_last_timestamp_seconds", "When retention last ran", {}, float(ended)


def _limit() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def written(lines: list[Line]) -> str:
    """All are gauges. Labels come from our own tables: nothing in them needs escaping."""
    text, said = [], ""
    for name, words, labels, value in lines:
        full = f"augenmerk_{name}"
        if name != said:
            text += [f"# HELP {full} {words}", f"# TYPE {full} gauge"]
            said = name
        inside = ",".join(f'{key}="{each}"' for key, each in labels.items())
        text.append(f"{full}{{{inside}}} {value}" if inside else f"{full} {value}")
    return "\n".join(text) + "\n"
