"""Querysets compiled once: for the few questions that every submission asks.

Django works out the same SQL anew each time, which takes longer than PostgreSQL needs to answer it.
A `Kept` works it out once and fills in what changes, marked by a `Slot`, from then on.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connections, models
from django.db.models.expressions import Expression
from django.db.models.query import QuerySet
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)


class Slot(Expression):
    """A parameter that each question fills in under this name; `field` says what it holds."""

    def __init__(self, name: str, field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def adapted(self, value: Any, connection: Any) -> Any:
        return self.output_field.get_db_prep_value(value, connection, prepared=False)


class Kept:
    """The SQL of what `build` returns. Build it where its facts are known; it is thread-safe.

    What is not a Slot stays as it was when the first question was asked.
    """

    def __init__(self, build: Callable[[], QuerySet[M, Any]]) -> None:
        self._build = build
        self._compiled: tuple[QuerySet[Any], SQLCompiler, str, tuple[Any, ...]] | None = None

    def rows(self, **values: Any) -> list[Any]:
        """Ask: one statement. `values` by the names of the slots; KeyError if one is missing."""
        base, pattern, sql, parameters = self._compiled = self._compiled or self._compile()
        connection = connections[base.db]
        filled = tuple(
            each.adapted(values[each.name], connection) if isinstance(each, Slot) else each
            for each in parameters
        )
        compiler = _answering(pattern, connection, sql, filled)
        asked = base.all()
        asked.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(asked)

    def _compile(self) -> tuple[QuerySet[Any], SQLCompiler, str, tuple[Any, ...]]:
        asked = self._build()
        compiler = asked.query.get_compiler(using=asked.db)
        sql, parameters = compiler.as_sql()
        return asked, compiler, sql, tuple(parameters)


def _answering(
    pattern: SQLCompiler, connection: Any, sql: str, parameters: tuple[Any, ...]
) -> SQLCompiler:
    """A compiler as `pattern` that has its SQL already."""
    compiler = copy.copy(pattern)
    compiler.connection = connection
    compiler.as_sql = lambda *_args, **_kwargs: (sql, parameters)  # type: ignore[method-assign]
    return compiler
