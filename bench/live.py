"""A message to every open page: our live line beside the bare `websockets` broadcast."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.house import House, answers, free_port, resident_mb
from bench.row import Row, cost, limit
from townhall.live.ringing import CHANNEL, encode

TOPIC = "tile:12/2145/1391"
ROUNDS = 9


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    for count in (200,) if quick else (1_000, 5_000):
        yield from rows_of(house, count, rounds=3 if quick else ROUNDS)


def rows_of(house: House, count: int, *, rounds: int) -> Iterator[Row]:
    floor_ms, _missed = _bare(house, count, rounds)
    with house.serving() as server:
        before = resident_mb(server.web)
        with _crowd(house, server.port, count) as crowd, house.connect() as line:
            ours_ms, missed = _last_of(
                crowd,
                rounds,
                lambda said: line.execute("SELECT pg_notify(%s, %s)", [CHANNEL, _ring(said)]),
            )
            each_kb = (resident_mb(server.web) - before) * 1024 / count
    yield cost(
        f"live: last of {count:,} sockets", floor=floor_ms, ours=ours_ms, unit="ms", at_most=1.5
    )
    yield limit(f"live: missed by {count:,} sockets", ours=missed, unit="messages", at_most=0)
    yield limit(f"live: memory, {count:,} sockets", ours=each_kb, unit="kB per socket", at_most=32)


def _bare(house: House, count: int, rounds: int) -> tuple[float, int]:
    port = free_port()
    process = house.start("-m", "bench.broadcast", str(port), talks=True)
    try:
        house.wait_until(lambda: answers(port), process)
        with _crowd(house, port, count) as crowd:
            return _last_of(crowd, rounds, lambda said: _order(process, said))
    finally:
        house.end(process)


def _last_of(
    crowd: subprocess.Popen[bytes], rounds: int, send: Callable[[str], object]
) -> tuple[float, int]:
    """Median milliseconds from sending to the last page that reads it, and how many missed it."""
    times, missed = [], 0
    for number in range(rounds):
        words = f'"version":{1000 + number}'
        _order(crowd, words)
        pages = _said(crowd)["listening"]
        began = time.monotonic()
        send(encode(_postcard(1000 + number)))
        heard = _said(crowd)
        times.append((heard["last"] - began) * 1000)
        missed += pages - heard["got"]
    return statistics.median(times), missed


def _postcard(version: int) -> dict[str, Any]:
    return {
        "kind": "report",
        "code": "7K3F9QMX",
        "version": version,
        "status": "in_progress",
        "hazard": False,
        "group": "strassen",
        "category": "schlagloch",
        "title": "Schlagloch, Lindenweg",
        "at": [8.6206, 49.6811],
    }


def _ring(message: str) -> str:
    """As `townhall.live.ring` packs it."""
    return f'{{"rings":[[["{TOPIC}"],{message}]]}}'


@contextmanager
def _crowd(house: House, port: int, count: int) -> Iterator[subprocess.Popen[bytes]]:
    process = house.start("-m", "bench.crowd", str(port), str(count), TOPIC, talks=True)
    try:
        assert _said(process) == {"ready": count}
        yield process
    finally:
        house.end(process)


def _order(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line.encode() + b"\n")
    process.stdin.flush()


def _said(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The next line of a process of ours. Raises ValueError when it has ended."""
    assert process.stdout is not None
    said: dict[str, Any] = json.loads(process.stdout.readline())
    return said
