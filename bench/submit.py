"""Handing in a report over HTTP, beside the same statements by pgbench.

The statements are not written down here but listened to: one submission through the real view, its
SQL kept as it was sent. What must differ from one to the next (UUIDs, the code, digests, the key of
the new report) becomes a variable of pgbench.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from typing import Any
from uuid import uuid4

from django.contrib.gis.geos import Point
from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify  # type: ignore[import-untyped]
from django.test import Client

from bench import pgbench
from bench.house import House, Server, has_granian
from bench.load import json_request, keep_asking
from bench.row import Row, limit, rate
from geo.models import Place
from reports.catalogue.offered import offered_at
from reports.models import Report, Submission
from reports.receiving import intake

URL = "/api/v1/reports/"
DRAFTS = 8  # places and categories in turn, at pgbench as over HTTP
# Far above any number of the house, so that the new report's key is found among the literals.
FIRST_KEY = 900_000_000
_SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")

Content = dict[str, Any]


def rows(house: House, *, quick: bool) -> Iterator[Row]:
    seconds = 2 if quick else 10
    for number, (name, drafts) in enumerate(_kinds_of_drafts()):
        heard = [_listen(draft) for draft in drafts]
        with house.serving() as server:
            ours = _pace(server, drafts, seconds)
        floor = pgbench.run(
            house,
            [_script(each) for each in heard],
            seconds=seconds,
            counting_from=number * 400_000,  # no code comes twice
        ).per_second
        yield rate(name, floor=floor, ours=ours, unit="reports/s", at_least=0.10)
        most = max(len(each.counted) for each in heard)
        yield limit(f"{name}, SQL", ours=most, unit="statements", at_most=12)
        if has_granian():
            with house.pages() as server:
                ours = _pace(server, drafts, seconds)
            yield rate(f"{name}, granian", floor=floor, ours=ours, unit="reports/s", at_least=0.20)


def _pace(server: Server, drafts: list[Content], seconds: float) -> float:
    """Reports per second that the server takes from eight clients; the first second is warm-up."""
    fresh = cycle(drafts)

    def ask() -> bytes:
        return json_request(URL, _named(next(fresh)), port=server.port)

    keep_asking(server.port, ask, expected=201, seconds=1)
    return keep_asking(server.port, ask, expected=201, seconds=seconds).per_second


def _kinds_of_drafts() -> Iterator[tuple[str, list[Content]]]:
    drafts = list(islice(_drafts(), DRAFTS))
    yield "submit", drafts
    yield "submit with mail", [{**each, "email": f"{uuid4().hex}@a.example"} for each in drafts]


def _drafts() -> Iterator[dict[str, Any]]:
    """Reports that the demo's towns take: no two alike, without end."""
    rng = random.Random(1)
    streets = list(Place.objects.filter(kind="street").order_by("id"))
    entries = [entry for group in offered_at(None) for entry in group.entries]
    while True:
        street, entry = rng.choice(streets), rng.choice(entries)
        draft = intake.Draft(
            client_id=uuid4(),
            category=entry.code,
            position=Point(round(street.position.x, 6), round(street.position.y, 6), srid=4326),
            description=f"Tiefes Loch in der Fahrbahn, {street.name}, bitte bald ansehen.",
        )
        try:
            intake.preview(draft)
        except intake.Refused:  # not offered there, or with a question that must be answered
            continue
        yield {
            "category": draft.category,
            "lon": draft.position.x,
            "lat": draft.position.y,
            "description": draft.description,
        }


def _named(draft: dict[str, Any]) -> dict[str, Any]:
    return {"client_id": str(uuid4()), **draft}


# ── Listening ────────────────────────────────────────────────────────────────────────────────
@dataclass
class Heard:
    """The statements of one request as they were sent, and whether in its transaction."""

    statements: list[tuple[str, bool]] = field(default_factory=list)
    code: str = ""
    report_key: int = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        text = mogrify(sql, params, connection) if params else sql
        self.statements.append((text.strip(" ;\n"), connection.in_atomic_block))
        return execute(sql, params, many, context)

    @property
    def counted(self) -> list[str]:
        return [text for text, _inside in self.statements if not text.startswith(_SAVEPOINTS)]


_keys = count(FIRST_KEY, 1_000_000)


def _listen(draft: Content) -> Heard:
    """One submission in this process. The one before it makes everything warm."""
    client = Client(headers={"host": "127.0.0.1"})
    heard, said = Heard(), _named(draft)
    client.post(URL, json.dumps(_named(draft)), content_type="application/json")
    with connection.cursor() as sql:
        sequence = "pg_get_serial_sequence('reports_report', 'id')"
        sql.execute(f"SELECT setval({sequence}, %s)", [next(_keys)])
    with connection.execute_wrapper(heard):
        answer = client.post(URL, json.dumps(said), content_type="application/json")
    assert answer.status_code == 201, answer.content
    heard.code = Submission.objects.get(pk=said["client_id"]).code
    heard.report_key = Report.objects.get(code=heard.code).pk
    return heard


# Digests, UUIDs with and without dashes: all but the last seven digits stay.
_HEX = re.compile(
    r"\b((?:[0-9a-f]{57}|[0-9a-f]{25}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{5}))"
    r"[0-9a-f]{7}\b"
)
_ADDRESS = re.compile(r"(?<=unnest\('\{)([\w-]{40})[\w-]{3}|(?<=\('\{\")([\w-]{40})[\w-]{3}")


def _script(heard: Heard) -> str:
    """The request as a script of pgbench. `k` counts on for each of its clients: seven digits."""
    lines = ["\\set n :n + 1", "\\set k (:client_id + 1) * 1000000 + :n"]
    was_inside = False
    for text, inside in heard.statements:
        if inside != was_inside:
            lines.append("BEGIN;" if inside else "COMMIT;")
            was_inside = inside
        lines.append(_varied(text, heard))
    return "\n".join([*lines, *(["COMMIT;"] if was_inside else [])]) + "\n"


def _varied(text: str, heard: Heard) -> str:
    one_line = " ".join(text.split("\n"))
    words = _HEX.sub(r"\1:k", one_line.replace(heard.code, "Z:k"))
    words = words.replace(str(heard.report_key), ":report_id")
    if words.startswith("INSERT INTO townhall_tally"):  # each client from an address of its own
        words = _ADDRESS.sub(lambda found: f"{found[1] or found[2]}:client_id", words)
    is_report = words.startswith('INSERT INTO "reports_report"')
    return words + (" \\gset report_" if is_report else ";")
