"""A list that police, pool or carrier bring: read, looked at, taken in as a whole or not at all.

Each row is an intake of its own (`intake.take_in`), with its own number and log; the delivery ties
them and carries the one receipt that both sides sign.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from lostfound import law
from lostfound.law.regime import Circumstance, PlaceKind
from lostfound.models import Consent, Delivery, FindPlace, FoundItem, Office, Source
from lostfound.receiving import intake
from lostfound.receiving.intake import Facts, Objection, Problem
from lostfound.takeover import values
from lostfound.takeover.columns import folded
from townhall.codes import new_code
from townhall.models import User

MOST_ROWS = 100
NO_DAY = "no_day"  # beside intake.Problem: the cell holds no day
COLUMNS = ("kind", "colour", "text", "place", "found_on", "handed_over_on", "reference")
SOURCES = (Source.POLICE, Source.POOL, Source.TRANSPORT)
# What carriers write over their columns, folded; without a head the order is that of COLUMNS.
_HEADS: dict[str, str] = {
    **dict.fromkeys(("art", "gegenstand", "sache", "fundsache", "kind", "was"), "kind"),
    **dict.fromkeys(("farbe", "colour"), "colour"),
    **dict.fromkeys(("beschreibung", "text", "bezeichnung", "bemerkung", "merkmale"), "text"),
    **dict.fromkeys(("fundort", "ort", "place", "linie", "wo"), "place"),
    **dict.fromkeys(("fundtag", "funddatum", "gefunden", "gefundenam", "datum"), "found_on"),
    **dict.fromkeys(("abgegeben", "abgegebenam", "uebernommen", "abgabe"), "handed_over_on"),
    **dict.fromkeys(("zeichen", "aktenzeichen", "nummer", "nr", "vorgang"), "reference"),
}
# Where such a thing lay, if no place of the register says it: it decides which law holds.
_KINDS: dict[str, str] = {
    Source.POLICE: PlaceKind.STREET,
    Source.POOL: PlaceKind.POOL,
    Source.TRANSPORT: PlaceKind.BUS,
}
Row = Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """`client_id` is made when the form is opened: sent twice, it is one delivery."""

    client_id: uuid.UUID
    source: str
    carrier: str
    reference: str
    rows: tuple[Row, ...]

    def digest(self) -> str:
        said = [self.source, self.carrier, self.reference, [dict(row) for row in self.rows]]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Wrong:
    """A cell that keeps the whole list out. `row` counts from 0; words: wording.INTAKE_PROBLEMS."""

    row: int
    column: str
    problem: str


@dataclass(eq=False)
class Refused(Exception):
    """Nothing was stored."""

    wrongs: Sequence[Wrong]


@dataclass(eq=False)
class Conflict(Exception):
    """The UUID was used before, for another list."""

    delivery: Delivery


# ── Reading ──────────────────────────────────────────────────────────────────────────────────
def pasted(text: str) -> list[dict[str, str]]:
    """Rows from a spreadsheet's clipboard or a CSV text. A head line is known by its words."""
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()][: MOST_ROWS + 1]
    if not lines:
        return []
    separator = max("\t;,", key=lines[0].count)
    cells = [[cell.strip().strip('"') for cell in line.split(separator)] for line in lines]
    head = [_HEADS.get(folded(cell), "") for cell in cells[0]]
    if sum(bool(name) for name in head) >= 2:
        return [_row(zip(head, line, strict=False)) for line in cells[1:]]
    return [_row(zip(COLUMNS, line, strict=False)) for line in cells]


def _row(pairs: Any) -> dict[str, str]:
    found = dict.fromkeys(COLUMNS, "")
    found.update({name: cell[:300] for name, cell in pairs if name})
    return found


def is_empty(row: Row) -> bool:
    return not any(row.get(name, "").strip() for name in COLUMNS)


# ── Looking ──────────────────────────────────────────────────────────────────────────────────
def facts_of(
    row: Row, draft: Draft, *, places: Mapping[str, FindPlace], today: dt.date
) -> tuple[Facts | None, list[tuple[str, str]]]:
    """The row as an intake, or what is wrong with its cells."""
    wrongs: list[tuple[str, str]] = []
    kind = values.kind(row["kind"]) if row["kind"] else None
    if kind is None:
        wrongs.append(("kind", Problem.UNKNOWN_KIND))
    days: dict[str, dt.date | None] = {}
    for name in ("found_on", "handed_over_on"):
        try:
            days[name] = values.day(row[name]) if row[name] else None
        except values.Unreadable:
            wrongs.append((name, NO_DAY))
    if not row["found_on"]:
        wrongs.append(("found_on", NO_DAY))
    if wrongs or kind is None:
        return None, wrongs
    found_on = days["found_on"] or today
    place = places.get(row["place"].strip().casefold())
    first, second = values.colours(row["colour"]) if row["colour"] else ("", "")
    by_police = draft.source == Source.POLICE
    facts = Facts(
        kind=kind,
        colour=first,
        second_colour=second,
        description=row["text"],
        found_on=found_on,
        handed_over_on=days["handed_over_on"] or found_on,
        handed_over_to=draft.carrier,
        notice_on=today,
        place_text=row["place"] or draft.carrier,
        find_place=place,
        place_kind="" if place else _KINDS[draft.source],
        position=place.position if place else None,
        circumstance=Circumstance.HANDED_IN_BY_POLICE if by_police else Circumstance.LOST,
        consent=Consent.NONE,
        no_mark_visible=True,
    )
    return _with_regime(facts), []


def _with_regime(facts: Facts) -> Facts:
    """What a bus brings falls under § 978, though no register knows the line."""
    if facts.place_kind == PlaceKind.BUS and facts.settled_regime is law.Regime.KLAERUNG:
        return replace(facts, regime=law.Regime.VERKEHRSFUND, regime_reason="Beförderungsmittel")
    return facts


def look(draft: Draft, *, office: Office) -> list[Wrong]:
    """Everything that keeps the list out, row by row. One statement."""
    today = timezone.localdate()
    places = places_of(office)
    wrongs: list[Wrong] = []
    for number, row in enumerate(draft.rows):
        facts, bad = facts_of(row, draft, places=places, today=today)
        wrongs += [Wrong(number, column, problem) for column, problem in bad]
        if facts:
            objections = intake.objections_to_facts(facts, today=today)
            wrongs += [Wrong(number, _column(each), each.problem) for each in objections]
    return wrongs


def _column(objection: Objection) -> str:
    return objection.field if objection.field in COLUMNS else "kind"


def places_of(office: Office) -> dict[str, FindPlace]:
    rows = FindPlace.objects.filter(municipality=office.municipality_id, is_active=True)
    return {place.name.casefold(): place for place in rows}


# ── The deed ─────────────────────────────────────────────────────────────────────────────────
def take_in(draft: Draft, *, office: Office, by: User) -> Delivery:
    """All rows or none. The same list again: the delivery that is there.

    Raises Refused and Conflict. `office` comes with its municipality.
    """
    wrongs = look(draft, office=office)
    if wrongs:
        raise Refused(wrongs)
    with transaction.atomic():
        if known := _known(draft):
            return known
        delivery = Delivery.objects.create(
            code=new_code(),
            client_id=draft.client_id,
            digest=draft.digest(),
            office=office,
            source=draft.source,
            carrier=draft.carrier,
            reference=draft.reference,
            received_at=timezone.now(),
            received_by=by,
        )
        delivery.items.add(*_take_in_all(draft, office=office, by=by))
        return delivery


def _known(draft: Draft) -> Delivery | None:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"delivery {draft.client_id}"]
        )
    known = Delivery.objects.filter(client_id=draft.client_id).first()
    if known is not None and known.digest != draft.digest():
        raise Conflict(known)
    return known


def _take_in_all(draft: Draft, *, office: Office, by: User) -> list[FoundItem]:
    today = timezone.localdate()
    places = places_of(office)
    items = []
    for number, row in enumerate(draft.rows):
        facts, bad = facts_of(row, draft, places=places, today=today)
        if facts is None:
            raise Refused([Wrong(number, column, problem) for column, problem in bad])
        one = intake.Draft(
            client_id=uuid.uuid5(draft.client_id, str(number)),
            facts=facts,
            source=draft.source,
            source_reference=row["reference"] or draft.reference,
        )
        items.append(intake.take_in(one, office=office, by=by).item)
    return items
