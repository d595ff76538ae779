"""The public search among 100,000 finds, beside nothing but the SQL of the same pages."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from psycopg import sql

from bench.house import House
from bench.load import once, request
from bench.row import Row, cost, limit
from bench.submit import Heard
from lostfound import law
from lostfound.catalogue import THING_KINDS, Colour

FINDS, QUICK_FINDS = 100_000, 5_000
PAGES = (
    "/fundbuero",
    "/fundbuero?q=schwarzer+Lederrucksack",
    "/fundbuero?q=Portmonee+Bensheim",
    "/fundbuero?group=bag&colour=red&from=2026-01-01",
    "/fundbuero?place=Bensheim&near=8.62%2C49.68&km=5",
    "/bensheim/fundbuero?q=Rucksack",
    "/api/v1/found/?words=blaue+Jacke",
)
MAP = "/fundbuero?show=map"
BRANDS = ["", "", "", "Deuter", "Samsung", "Nike", "Fossil"]


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    """What people ask for, one after the other; and the map, which counts all of them."""
    with house.connect() as line:
        _fill(line, QUICK_FINDS if quick else FINDS)
    times = 3 if quick else 15
    floor, ours, statements = _measured(house, PAGES, times=times)
    yield cost("found: search", floor=floor, ours=ours, unit="ms", at_most=3)
    yield limit("found: search, SQL", ours=statements, unit="statements", at_most=10)
    floor, ours, _statements = _measured(house, [MAP], times=times)
    yield cost("found: map of all", floor=floor, ours=ours, unit="ms", at_most=3)


def _measured(house: House, pages: Sequence[str], *, times: int) -> tuple[float, float, int]:
    """Median milliseconds of the bare SQL and of the page, and the most statements of a page."""
    client = Client(headers={"host": "127.0.0.1"})
    heard = [_listen(client, page) for page in pages]
    floors, ours = [], []
    with house.serving() as server, house.connect() as line:
        for number in range(times + 1):
            for page, each in zip(pages, heard, strict=True):
                asked = request("GET", page, port=server.port, headers={"Accept-Encoding": "gzip"})
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


def _listen(client: Client, page: str) -> Heard:
    client.get(page)
    heard = Heard()
    with connection.execute_wrapper(heard):
        assert client.get(page).status_code == 200, page
    return heard


def _fill(line: psycopg.Connection[Any], finds: int) -> None:
    """So many finds in public view, spread over the demo's towns and three years."""
    known = line.execute("SELECT count(*) FROM lostfound_listing").fetchone()
    if known and known[0] >= finds:
        return
    columns = line.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = "
        "'lostfound_founditem' AND column_name NOT IN ('id', 'code', 'client_id', 'file_number')"
    ).fetchall()
    names = sql.SQL(", ").join(sql.Identifier(row[0]) for row in columns)
    line.execute(sql.SQL(_ITEMS).format(names=names), {"finds": finds})
    listed = [code for code, kind in THING_KINDS.items() if law.handling(kind.law).listed]
    line.execute(_LISTINGS, {"kinds": listed, "colours": ["", *Colour.values], "brands": BRANDS})
    line.execute("ANALYZE lostfound_listing")


# All like one of the demo's, but for what the public reads.
_ITEMS = """
    INSERT INTO lostfound_founditem ({names}, code, file_number)
    SELECT {names}, upper(lpad(to_hex(4026531840 + n), 8, '0')), ''
    FROM (SELECT * FROM lostfound_founditem WHERE part_of_id IS NULL ORDER BY id LIMIT 1) AS one,
         generate_series(1, %(finds)s) AS n
"""
_LISTINGS = """
    INSERT INTO lostfound_listing (item_id, code, office_id, municipality_id, kind, colour, brand,
        found_on, cell, cell_m, place, text, withheld, published_at, ended_because)
    SELECT item.id, item.code, office.id, town.id,
        (%(kinds)s::text[])[1 + mod(item.id * 7919, array_length(%(kinds)s::text[], 1))],
        (%(colours)s::text[])[1 + mod(item.id * 104729, array_length(%(colours)s::text[], 1))],
        (%(brands)s::text[])[1 + mod(item.id * 31, array_length(%(brands)s::text[], 1))],
        current_date - mod(item.id * 17, 1000)::int,
        ST_SnapToGrid(place.position, 0.004, 0.0027), 300, place.locality, 'Fundsache', '[]',
        now(), ''
    FROM lostfound_founditem AS item
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS all_of_them
          FROM geo_place WHERE kind = 'street') AS place
        ON place.n = mod(item.id * 13, place.all_of_them)
    JOIN townhall_municipality AS town ON town.key = place.area_key
    JOIN LATERAL (SELECT id FROM lostfound_office
                  ORDER BY municipality_id <> town.id, id LIMIT 1) AS office ON true
    WHERE NOT EXISTS (SELECT FROM lostfound_listing WHERE item_id = item.id)
      AND item.code >= 'F0000000'
"""
