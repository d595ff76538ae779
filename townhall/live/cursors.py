"""Cursors: what a page has seen, told exactly.

Ids are given before commit and clocks run apart, so neither tells what a page missed. A cursor is
a snapshot of PostgreSQL, the list of transactions that were visible when the page was made, behind
an epoch: `<epoch>:<xmin>:<xmax>:<running,…>`. What became visible later was missed, whatever its
id.

The epoch ends where transaction ids do not tell any more what was seen: with a restore, and with a
crash of the database, after which ids that nobody flushed are given again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual

from .fields import SnapshotField, TransactionIdField
from .limits import CURSOR_CHARACTERS

_NUMBER = "[0-9]{1,19}"
_SHAPE = re.compile(
    f"([0-9a-f]{{32}}):(({_NUMBER}):({_NUMBER}):((?:{_NUMBER}(?:,{_NUMBER})*)?))",
)

# The cursor of this moment, as an expression for SQL: also the listener's marker is made of it.
CURSOR_SQL = "(SELECT townhall_epoch() || ':' || pg_current_snapshot()::text)"


class CursorUnknown(Exception):
    """Nonsense, of another epoch, or from a future that this database does not know."""


def cursor() -> str:
    """What is visible now. Take it before the first query of a page. One statement.

    Outside a transaction, or as its first statement: later ones would claim what was not read.
    """
    with connection.cursor() as query:
        query.execute(f"SELECT {CURSOR_SQL}")
        return str(query.fetchone()[0])


def missed_condition(since: str, *, field: str = "xid") -> Q:
    """Rows written by transactions that the cursor `since` did not see. One statement.

    `field` is a TransactionIdField; the first half of the condition lets its index work. Raises
    CursorUnknown: then the page must be read anew.
    """
    then, now = _Seen.read(since), _Seen.read(cursor())
    if then.epoch != now.epoch or then.xmax > now.xmax:
        raise CursorUnknown(since[:80])
    snapshot = Cast(Value(then.snapshot), SnapshotField())
    oldest = Func(snapshot, function="pg_snapshot_xmin", output_field=TransactionIdField())
    was_visible = Func(
        F(field), snapshot, function="pg_visible_in_snapshot", output_field=BooleanField()
    )
    return Q(GreaterThanOrEqual(F(field), oldest)) & ~Q(was_visible)


@dataclass(frozen=True)
class _Seen:
    epoch: str
    snapshot: str
    xmax: int

    @classmethod
    def read(cls, text: str) -> _Seen:
        """Raises CursorUnknown for what PostgreSQL would refuse as a snapshot."""
        shape = _SHAPE.fullmatch(text) if len(text) <= CURSOR_CHARACTERS else None
        if shape is None:
            raise CursorUnknown(text[:80])
        epoch, snapshot, xmin, xmax, running = shape.groups()
        numbers = [int(each) for each in running.split(",")] if running else []
        ordered = all(a < b for a, b in pairwise(numbers))
        inside = all(int(xmin) <= each < int(xmax) for each in numbers)
        valid = all(int(each) % 2**32 for each in (xmin, xmax))  # 0 is no id in any round of them
        if not (valid and int(xmin) <= int(xmax) and ordered and inside):
            raise CursorUnknown(text[:80])
        return cls(epoch, snapshot, int(xmax))
