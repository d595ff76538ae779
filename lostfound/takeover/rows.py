"""From a row of text to a thing to be written, or to what is wrong with it, cell by cell."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lostfound.models import Consent
from lostfound.receiving import intake
from lostfound.workflow import State

from . import values
from .columns import Field, Mapped
from .tables import Row
from .values import Unreadable

LONGEST_NUMBER = 24
LONGEST_TEXT = 4000
_LONGEST = {
    Field.BRAND: 60,
    Field.FOUND_TIME: 40,
    Field.HANDED_OVER_TO: 120,
    Field.PLACE: 200,
    Field.STORAGE: 81,
    Field.PHONE: 40,
    Field.NUMBER: LONGEST_NUMBER,
    Field.KIND: 200,
    Field.DESCRIPTION: LONGEST_TEXT,
    Field.FINDER: 60,
    Field.FIRST_NAME: 55,
    Field.ADDRESS: 200,
    Field.STREET: 90,
    Field.POSTCODE: 12,
    Field.TOWN: 90,
}
T = TypeVar("T")


class Wrong(StrEnum):
    """What is wrong with a cell. A screen has a sentence for each."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_DAY = "no_day"
    FUTURE = "future"
    DAYS_OUT_OF_ORDER = "days_out_of_order"
    NO_AMOUNT = "no_amount"
    NO_ANSWER = "no_answer"
    NO_STATE = "no_state"
    NO_MAIL = "no_mail"
    TWICE = "twice"
    TAKEN = "taken"
    STOPPED = "stopped"
    NO_FINDER = "no_finder"


@dataclass(frozen=True)
class Fault:
    """`line`: the row as spreadsheets count them. `text`: what stands there, short."""

    line: int
    field: Field
    wrong: Wrong
    text: str = ""


@dataclass(frozen=True)
class FinderSaid:
    name: str
    postal_address: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Taken:
    """One row, understood. `line` is no part of what it says."""

    number: str
    kind: str
    found_on: dt.date
    notice_on: dt.date
    state: str
    description: str = ""
    colour: str = ""
    second_colour: str = ""
    brand: str = ""
    found_time: str = ""
    handed_over_on: dt.date | None = None
    handed_over_to: str = ""
    place: str = ""
    value: str = ""
    value_cents: int | None = None
    storage: str = ""
    finder: FinderSaid | None = None
    claims_ownership: bool | None = None
    claims_reward: bool | None = None
    claims_expenses: bool | None = None
    consent: str = Consent.NONE
    line: int = 0

    def digest(self) -> str:
        """SHA-256 of what the row says."""
        said = asdict(self)
        del said["line"]
        text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Understood:
    """All rows. `gone`: lines of things that left the office long ago. `vague`: designations that
    nobody knows; such things are "something else".
    """

    things: list[Taken] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    vague: dict[str, int] = field(default_factory=dict)


def understand(rows: Sequence[Row], columns: Mapped, *, today: dt.date) -> Understood:
    """Every row on its own, and their numbers against each other."""
    result = Understood()
    seen: dict[str, int] = {}
    for row in rows:
        reader = _Reader(row, columns.at, today)
        thing = reader.thing()
        if reader.is_gone:
            result.gone.append(row.line)
            continue
        number = reader.text(Field.NUMBER)
        if number and number.casefold() in seen:
            reader.fault(Field.NUMBER, Wrong.TWICE)
        seen.setdefault(number.casefold(), row.line)
        result.faults += reader.faults
        if thing is not None and not reader.faults:
            result.things.append(thing)
            if reader.is_vague:
                name = reader.text(Field.KIND)
                result.vague[name] = result.vague.get(name, 0) + 1
    return result


class _Reader:
    """The cells of one row, and what is wrong with them."""

    def __init__(self, row: Row, at: Mapping[Field, int], today: dt.date) -> None:
        self._row = row
        self._at = at
        self._today = today
        self.faults: list[Fault] = []
        self.is_gone = False
        self.is_vague = False

    # ── Cells ──
    def text(self, field: Field) -> str:
        at = self._at.get(field)
        cells = self._row.cells
        return cells[at] if at is not None and at < len(cells) else ""

    def fault(self, field: Field, wrong: Wrong) -> None:
        self.faults.append(Fault(self._row.line, field, wrong, self.text(field)[:40]))

    def _short(self, field: Field) -> str:
        text = self.text(field)
        if len(text) > _LONGEST[field]:
            self.fault(field, Wrong.TOO_LONG)
        return text[: _LONGEST[field]]

    def _read(self, field: Field, how: Callable[[str], T], wrong: Wrong, otherwise: T) -> T:
        try:
            return how(self.text(field))
        except Unreadable:
            self.fault(field, wrong)
            return otherwise

    def _day(self, field: Field) -> dt.date | None:
        if not self.text(field):
            return None
        day = self._read(field, values.day, Wrong.NO_DAY, None)
        if day and day > self._today:
            self.fault(field, Wrong.FUTURE)
            return None
        return day

    # ── The thing ──
    def thing(self) -> Taken | None:
        state = self._state()
        if self.is_gone:
            return None
        for required in (Field.NUMBER, Field.KIND, Field.FOUND_ON):
            if not self.text(required):
                self.fault(required, Wrong.MISSING)
        found, notice, handed = self._days()
        worth = self._read(Field.VALUE, values.worth, Wrong.NO_AMOUNT, values.Worth())
        finder = self._finder()
        if state is State.WITH_FINDER and finder is None:
            self.fault(Field.FINDER, Wrong.NO_FINDER)
        colour, second = self._colours()
        kind = self._kind()
        claims = dict(self._claims(has_finder=finder is not None))
        agrees = self._answer(Field.CONSENT)
        return Taken(
            line=self._row.line,
            number=self._short(Field.NUMBER),
            kind=kind,
            found_on=found,
            notice_on=notice,
            handed_over_on=handed,
            handed_over_to=self._short(Field.HANDED_OVER_TO),
            state=(state or State.HELD).value,
            description=self._description(kind),
            colour=colour,
            second_colour=second,
            brand=self._short(Field.BRAND),
            found_time=self._short(Field.FOUND_TIME),
            place=self._short(Field.PLACE),
            value=worth.value,
            value_cents=worth.cents,
            storage="" if state is State.WITH_FINDER else self._short(Field.STORAGE),
            finder=finder,
            consent=Consent.GIVEN if agrees else Consent.REFUSED if agrees is False else "none",
            **claims,
        )

    def _state(self) -> State | None:
        try:
            state = values.state(self.text(Field.STATE))
        except Unreadable:
            self.fault(Field.STATE, Wrong.NO_STATE)
            return State.HELD
        if state is None:
            self.is_gone = True
            return None
        return State.WITH_FINDER if self._answer(Field.AT_FINDER) else state

    def _days(self) -> tuple[dt.date, dt.date, dt.date | None]:
        found = self._day(Field.FOUND_ON)
        notice = self._day(Field.NOTICE_ON) or found
        handed = self._day(Field.HANDED_OVER_ON)
        if found and notice and notice < found:
            self.fault(Field.NOTICE_ON, Wrong.DAYS_OUT_OF_ORDER)
        elif found and notice and handed and not found <= handed <= notice:
            self.fault(Field.HANDED_OVER_ON, Wrong.DAYS_OUT_OF_ORDER)
        return found or self._today, notice or self._today, handed

    def _kind(self) -> str:
        name = self._short(Field.KIND)
        kind = values.kind(name) if name else None
        if kind is None and self.text(Field.DESCRIPTION):
            kind = values.kind(self.text(Field.DESCRIPTION)[:200])
        if kind is not None and intake.is_stopped(kind):
            self.fault(Field.KIND, Wrong.STOPPED)
        self.is_vague = bool(name) and kind is None
        return kind or "other"

    def _colours(self) -> tuple[str, str]:
        colour, second = values.colours(self.text(Field.COLOUR)[:80])
        named, _none = values.colours(self.text(Field.SECOND_COLOUR)[:80])
        if not colour:
            colour, second = values.colours(self.text(Field.KIND)[:80])
        return colour, (named or second) if (named or second) != colour else ""

    def _description(self, kind: str) -> str:
        """What the old system called it stays readable, whatever we take it for."""
        said = self._short(Field.DESCRIPTION)
        colour = self.text(Field.COLOUR)[:80]
        name = self.text(Field.KIND)[:200]
        return ". ".join(filter(None, [name, colour, said]))[: LONGEST_TEXT + 300]

    def _finder(self) -> FinderSaid | None:
        names = [self._short(Field.FIRST_NAME), self._short(Field.FINDER)]
        name = " ".join(filter(None, names))
        place = " ".join(filter(None, [self._short(Field.POSTCODE), self._short(Field.TOWN)]))
        parts = [self._short(Field.ADDRESS), self._short(Field.STREET), place]
        email = self.text(Field.EMAIL)
        if email:
            try:
                validate_email(email)
            except ValidationError:
                self.fault(Field.EMAIL, Wrong.NO_MAIL)
        if name.casefold() in {"", "anonym", "unbekannt", "-", "–"}:
            return None
        return FinderSaid(
            name=name,
            postal_address=", ".join(filter(None, parts))[:200],
            email=email[:254],
            phone=self._short(Field.PHONE),
        )

    def _answer(self, field: Field) -> bool | None:
        return self._read(field, values.yes, Wrong.NO_ANSWER, None)

    def _claims(self, *, has_finder: bool) -> Iterator[tuple[str, bool | None]]:
        waives = self._answer(Field.WAIVER)
        for name, column in (
            ("claims_ownership", Field.OWNERSHIP),
            ("claims_reward", Field.REWARD),
            ("claims_expenses", Field.EXPENSES),
        ):
            said = self._answer(column)
            yield name, (False if waives else said) if has_finder else None
