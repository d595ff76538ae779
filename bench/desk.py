"""The staff's list and their search, beside nothing but the SQL of the same page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from bench.house import House
from bench.load import once, request
from bench.row import Row, cost, limit
from bench.submit import Heard
from townhall.models import User

LIST = "/amt?ansicht=alle"
SEARCHES = ("Laterne defekt", "Straße", "Hauptstraße 12", "Fürstenlager")
FILTERS = (
    "sort:frist",
    "sort:prio",
    "sort:geändert",
    "status:offen kategorie:laterne -amt:bauhof frist:<5t",
    "bereich:auerbach eingang:<30t",
    "karte:8.60,49.66,8.63,49.69 foto:nein",
)
HEAPS = "/amt?ansicht=montag"
STAFF = "disposition.bensheim"


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    """50 rows of a town, newest first, by one client."""
    floor, ours, statements = _measured(house, [LIST], times=5 if quick else 30)
    yield cost("desk: list of 50", floor=floor, ours=ours, unit="ms", at_most=3)
    yield limit("desk: list of 50, SQL", ours=statements, unit="statements", at_most=8)


def filters(house: House, *, quick: bool) -> Iterator[Row]:
    """Orders and filters of a town's list, and what came since closing time in heaps."""
    pages = [HEAPS, *(f"{LIST}&{urlencode({'q': words})}" for words in FILTERS)]
    floor, ours, statements = _measured(house, pages, times=2 if quick else 8)
    yield cost("desk: orders and filters", floor=floor, ours=ours, unit="ms", at_most=3)
    yield limit("desk: orders and filters, SQL", ours=statements, unit="statements", at_most=8)


def search(house: House, *, quick: bool) -> Iterator[Row]:
    """Common words and rare ones, all reports of a town."""
    pages = [f"{LIST}&{urlencode({'q': words})}" for words in SEARCHES]
    floor, ours, _statements = _measured(house, pages, times=2 if quick else 8)
    yield cost("desk: search", floor=floor, ours=ours, unit="ms", at_most=2)


def _measured(house: House, pages: Sequence[str], *, times: int) -> tuple[float, float, int]:
    """Median milliseconds of the bare SQL and of the page, and the most statements of a page."""
    client = _signed_in()
    heard = [_listen(client, page) for page in pages]
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    floors, ours = [], []
    with house.serving() as server, house.connect() as line:
        headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
        for number in range(times + 1):
            for page, each in zip(pages, heard, strict=True):
                asked = request("GET", page, port=server.port, headers=headers)
                began = time.perf_counter()
                for statement in each.counted:
                    line.execute(statement).fetchall()
                between = time.perf_counter()
                answer = once(server.port, asked)
                assert answer.status == 200, answer.head
                if number:  # the first round makes everything warm
                    floors.append((between - began) * 1000)
                    ours.append(answer.seconds * 1000)
    return (
        statistics.median(floors),
        statistics.median(ours),
        max(len(each.counted) for each in heard),
    )


def _signed_in() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        User.objects.get(username=STAFF), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def _listen(client: Client, page: str) -> Heard:
    """The shorter of two: what a process reads anew every ten seconds (which town has this door)
    may fall due in between, for one request of thousands.
    """
    client.get(page)
    return min((_heard(client, page) for _ in range(2)), key=lambda heard: len(heard.counted))


def _heard(client: Client, page: str) -> Heard:
    heard = Heard()
    with connection.execute_wrapper(heard):
        assert client.get(page).status_code == 200
    return heard
