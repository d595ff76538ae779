"""Fill a scratch database with synthetic public reports by COPY.

    python -m bench.seed postgis://…/augenmerk_scratch --reports 1000000

The database must be migrated, hold the demo (its streets, towns, departments and categories are
used) and have the word „scratch“ in its name. Reports lie along the streets of Kreis Bergstraße,
came in over five years, and are mostly closed when they are old. All of them are public, which is
harder on the map than life is. The same seed gives the same rows, but for the day they end on.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from config.demo.texts import AFTER, BEFORE, TEXTS, WEIGHTS, in_street
from reports.workflow import OPEN, Status

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
YEARS = 5
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BLOCK = 2_000  # rows handed to COPY at a time
EAST, NORTH = 0.0011, 0.0007  # degrees; both about 80 m
COLUMNS = (
    "code, source, language, version, is_hazard, municipality_id, category_id, department_id, "
    "forwarded_to, position, public_position, street, house_number, locality, description, "
    "answers, routing, publication, is_public, is_text_public, capability_digest, "
    "depublish_after_days, capability_expires_at, status, received_at, changed_at, closed_at, "
    "due_on"
)
NULL = r"\N"  # as COPY reads it
# How often a report is in which state while it is young, and once it is old.
YOUNG = {
    Status.NEW: 25,
    Status.IN_PROGRESS: 25,
    Status.ON_HOLD: 5,
    Status.DONE: 35,
    Status.FORWARDED: 4,
    Status.NO_ACTION: 4,
    Status.DUPLICATE: 2,
}
OLD = YOUNG | {Status.NEW: 0.5, Status.IN_PROGRESS: 2, Status.ON_HOLD: 1.5, Status.DONE: 86}
YOUNG_DAYS = 30


class NotScratch(Exception):
    """The database may hold something that matters. Carries its name."""


class NoDemo(Exception):
    """There are no towns, streets and categories to seed with."""


@dataclass(frozen=True)
class Street:
    name: str
    locality: str
    lon: float
    lat: float
    municipality: int
    departments: list[int]


@dataclass(frozen=True)
class Kind:
    """A category, and what people write of it."""

    key: int
    texts: tuple[str, ...]
    weight: int


def seed(database: str, *, reports: int = 1_000_000, seed: int = 1) -> None:
    """Add so many reports. `database`: an address as in DATABASE_URL.

    About two minutes a million on two cores. Indexes, keys and the map's triggers are put aside
    while rows come in; the map's counts are made anew at the end. Raises NotScratch, NoDemo.
    """
    with psycopg.connect(database.replace("postgis://", "postgresql://", 1)) as line:
        if "scratch" not in line.info.dbname:
            raise NotScratch(line.info.dbname)
        streets, kinds = _streets(line), _kinds(line)
        if not streets or not kinds:
            raise NoDemo
        known = line.execute("SELECT count(*) FROM reports_report WHERE source = 'seed'")
        (start,) = known.fetchone() or (0,)
        rows = _rows(streets, kinds, range(start, start + reports), Random(seed + start))
        with (
            _put_aside(line),
            line.cursor().copy(f"COPY reports_report ({COLUMNS}) FROM STDIN") as out,
        ):
            while block := "".join(islice(rows, BLOCK)):
                out.write(block)
        line.commit()
        line.autocommit = True
        line.execute("VACUUM ANALYZE reports_report")
    subprocess.run(
        [sys.executable, str(MANAGE), "pyramid", "--rebuild"],
        env=os.environ | {"DATABASE_URL": database},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _streets(line: psycopg.Connection[Any]) -> list[Street]:
    found = line.execute(
        "SELECT place.name, locality, ST_X(place.position), ST_Y(place.position), town.id, "
        "array_agg(serves.department_id ORDER BY serves.department_id) "
        "FROM geo_place AS place JOIN townhall_municipality AS town ON town.key = area_key "
        "JOIN townhall_department_serves AS serves ON serves.municipality_id = town.id "
        "WHERE place.kind = 'street' GROUP BY place.id, town.id ORDER BY place.id"
    )
    return [Street(*row) for row in found]


def _kinds(line: psycopg.Connection[Any]) -> list[Kind]:
    found = line.execute(
        "SELECT id, code FROM reports_category WHERE group_id IS NOT NULL ORDER BY code"
    )
    return [
        Kind(key, tuple(said.text for said in TEXTS[code]), WEIGHTS.get(code, 1))
        for key, code in found
        if code in TEXTS
    ]


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────
def _rows(streets: list[Street], kinds: list[Kind], numbers: range, rng: Random) -> Iterator[str]:
    """Lines as COPY reads them."""
    now = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    busy = list(accumulate(1 + 4 * rng.random() ** 4 for _street in streets))
    often = list(accumulate(kind.weight for kind in kinds))
    for number in numbers:
        street = rng.choices(streets, cum_weights=busy)[0]
        kind = rng.choices(kinds, cum_weights=often)[0]
        yield "\t".join([*_case(number, kind, street, rng), *_life(now, rng)]) + "\n"


def _case(number: int, kind: Kind, street: Street, rng: Random) -> tuple[str, ...]:
    """The columns up to `depublish_after_days`."""
    spread = 1 if rng.random() < 0.93 else 12  # some lie out in the fields
    lon = street.lon + rng.gauss(0, spread * EAST)
    lat = street.lat + rng.gauss(0, spread * NORTH)
    place = f"SRID=4326;POINT({lon:.6f} {lat:.6f})"
    house = str(rng.randint(1, 99))
    return (
        *(_code(number), "seed", "de", "2", "t" if rng.random() < 0.02 else "f"),
        *(str(street.municipality), str(kind.key), str(rng.choice(street.departments)), ""),
        *(place, place, street.name, house, street.locality, _text(kind, street, house, rng)),
        *("{}", "{}", "at_once", "t", "f", hashlib.sha256(b"%d" % number).hexdigest(), "90"),
    )


def _text(kind: Kind, street: Street, house: str, rng: Random) -> str:
    words = rng.choice(kind.texts).format(
        in_street=in_street(street.name), street=street.name, town=street.locality, pole=house
    )
    near = f" Vor Hausnummer {house}." if rng.random() < 0.3 else ""
    return rng.choice(BEFORE) + words + near + rng.choice(AFTER)


def _life(now: dt.datetime, rng: Random) -> tuple[str, ...]:
    """The columns from `capability_expires_at` on: when what became of it."""
    age = rng.random() * YEARS * 365
    received = now - dt.timedelta(days=age)
    chances = YOUNG if age < YOUNG_DAYS else OLD
    status = rng.choices(list(chances), list(chances.values()))[0]
    changed = received + dt.timedelta(days=min(age, rng.expovariate(1 / 12)))
    due = (received + dt.timedelta(days=14)).date()
    is_open = status in OPEN
    return (
        *(str(received + dt.timedelta(days=730)), status, str(received), str(changed)),
        *((NULL, str(due)) if is_open else (str(changed), NULL)),
    )


def _code(number: int) -> str:
    """Looks drawn; no two alike. Codes of the demo begin with other letters, nearly always."""
    mixed = number * 0x9E3779B1 % 2**35  # an odd factor
    return "9" + "".join(LETTERS[mixed >> 5 * place & 31] for place in range(7))


# ── Speed ────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def _put_aside(line: psycopg.Connection[Any]) -> Iterator[None]:
    """Without indexes, keys and triggers of reports; all of them come back, checked."""
    table = "reports_report"
    constraints = line.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype IN ('u', 'f') ORDER BY contype DESC, conname",
        [table],
    ).fetchall()
    for name, _definition in constraints:
        line.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    indexes = line.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = %s::regclass AND NOT indisprimary ORDER BY 1",
        [table],
    ).fetchall()
    for name, _definition in indexes:
        line.execute(f"DROP INDEX {name}")
    line.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    line.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    line.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        line.execute(definition)
    for name, definition in constraints:
        line.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    seed(asked.database, reports=asked.reports, seed=asked.seed)
    print(f"{asked.reports:,} reports after {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
