"""Writing down how a deed can be taken back: in the deed's own transaction (reports/deeds/work.py).

What a deed may be taken back from must lie in the house for so long: its letters wait until then.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Field
from django.utils import timezone

from reports.models import Report, Undo
from reports.workflow import Deed
from townhall.letters import Draft
from townhall.models import User

HOLD = dt.timedelta(seconds=10)
FOR_EACH_MORE = dt.timedelta(seconds=0.1)  # of many reports at once: what they take themselves
KEPT_FOR = dt.timedelta(minutes=10)

# These change nothing but the report's row, its events and letters. Any other deed is final.
CAN_BE_UNDONE = frozenset(
    {
        Deed.ACCEPT,
        Deed.ASSIGN,
        Deed.SET_STATUS,
        Deed.REJECT,
        Deed.FORWARD,
        Deed.REOPEN,
        Deed.NOTE,
        Deed.WRITE,
        Deed.ASK,
        Deed.PRIORITIZE,
        Deed.RESCHEDULE,
        Deed.RESUBMIT,
        Deed.REFUSE,
    }
)

Values = Mapping[str, Any]


# ── What is taken back with one press ────────────────────────────────────────────────────────
@dataclass
class Batch:
    """The deeds of one press. `until`: None as long as nothing can be taken back."""

    rows: int = 1
    id: UUID = field(default_factory=uuid4)
    until: dt.datetime | None = None
    is_final: bool = False

    @property
    def can_be_undone(self) -> bool:
        return self.until is not None and not self.is_final

    def last_moment(self, now: dt.datetime) -> dt.datetime:
        """The same for all of them: counted from the first."""
        self.until = self.until or now + HOLD + (self.rows - 1) * FOR_EACH_MORE
        return self.until


_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


@contextmanager
def as_one(*, rows: int = 1, batch_id: UUID | None = None) -> Iterator[Batch]:
    """Whatever staff do inside can be taken back together: `undo.take_back(batch.id, by=…)`.

    `rows`: how many reports it is about; the ten seconds begin when all of them are done.
    `batch_id`: where what is done with one press has a UUID already.
    """
    token = _batch.set(Batch(rows, batch_id or uuid4()))
    try:
        batch = _batch.get()
        assert batch is not None
        yield batch
    finally:
        _batch.reset(token)


# ── In the deed ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Memory:
    """The row as the deed found it. Without one (None) the deed is final from the start."""

    values: Values
    was_hazard: bool


def before(row: Report, deed: Deed | None) -> Memory | None:
    return Memory(_values(row), row.is_hazard) if deed in CAN_BE_UNDONE else None


def hold(
    memory: Memory | None, row: Report, drafts: Sequence[Draft], *, is_final: bool, now: dt.datetime
) -> dt.datetime | None:
    """Until when the deed can be taken back; None: not at all.

    About a danger nothing waits.
    """
    batch = _batch.get() or Batch()
    is_danger = row.is_hazard or any(draft.is_urgent for draft in drafts)
    if memory is None or is_final or memory.was_hazard or is_danger:
        batch.is_final = True
        return None
    return batch.last_moment(now)


def held(drafts: Sequence[Draft], until: dt.datetime | None) -> list[Draft]:
    return [replace(draft, not_before=until) for draft in drafts]


def remember(
    memory: Memory, row: Report, drafts: Sequence[Draft], *, by: User, until: dt.datetime
) -> None:
    """Write down what it takes to undo this. One statement."""
    now = _values(row)
    batch = _batch.get() or Batch()
    Undo.objects.create(
        batch=batch.id,
        report=row,
        version=row.version,
        user=by,
        until=until,
        before={name: old for name, old in memory.values.items() if old != now[name]},
        letters=[draft.key for draft in drafts],
    )


def forget(*, now: dt.datetime | None = None) -> int:
    """Former values that nobody can take back to any more. Returns how many deeds."""
    return Undo.objects.filter(until__lt=(now or timezone.now()) - KEPT_FOR).delete()[0]


# ── Values of a row as JSON ──────────────────────────────────────────────────────────────────
_OWN = frozenset({"id", "version"})


def fields() -> dict[str, Field[Any, Any]]:
    every = {each.attname: each for each in Report._meta.concrete_fields}
    return {name: each for name, each in every.items() if name not in _OWN}


def _values(row: Report) -> dict[str, Any]:
    return {name: _kept(getattr(row, name)) for name in fields()}


def _kept(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, GEOSGeometry):
        return value.hexewkb.decode()
    return copy.deepcopy(value)


def given_back(name: str, value: Any) -> Any:
    """The value of a column as the model has it."""
    column = fields()[name]
    if value is None:
        return None
    if isinstance(column, GeometryField):
        return GEOSGeometry(value)
    return column.to_python(value)
