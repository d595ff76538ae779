"""A real server with sockets on a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .houses import House, Server, migrated


@pytest.fixture
def open_house() -> Iterator[Callable[[], House]]:
    """Build a house that no other test sees: `house = open_house(); server = house.serve()`."""
    houses: list[House] = []

    def build_one() -> House:
        houses.append(migrated())
        return houses[-1]

    yield build_one
    for house in houses:
        house.close()


@pytest.fixture(scope="session")
def live_house() -> Iterator[House]:
    """One house with one server for all tests that leave it as they found it."""
    house = migrated()
    house.serve(LIVE_BEAT_SECONDS="1")
    yield house
    house.close()


@pytest.fixture
def server(live_house: House) -> Server:
    return live_house.servers[0]
