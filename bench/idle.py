"""What a web process holds while nobody asks it anything."""

from __future__ import annotations

from collections.abc import Iterator

from bench.house import House, resident_mb
from bench.load import once, request
from bench.row import Row, limit

PAGES = ("/", "/melden", "/amt/anmelden", "/api/v1/reports/", "/api/v1/categories/")


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    """After each kind of page was opened once, so that all of the code is in."""
    with house.serving() as server:
        for path in PAGES:
            answer = once(server.port, request("GET", path, port=server.port))
            assert answer.status == 200, (path, answer.status)
        yield limit(
            "memory: idle web process", ours=resident_mb(server.web), unit="MB", at_most=150
        )
