"""PostgreSQL's 64-bit transaction ids as a model field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field


class TransactionIdField(Field):
    """`xid8`: orders transactions by their start and never wraps. An int in Python."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)


class SnapshotField(Field):
    """`pg_snapshot`: which transactions are visible. Its text in Python; no column has it."""

    def db_type(self, connection: Any) -> str:
        return "pg_snapshot"


class CurrentTransaction(Func):
    """The id of the transaction that writes the row."""

    function = "pg_current_xact_id"
    arity = 0
    output_field: Field = TransactionIdField()
