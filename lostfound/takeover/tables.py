"""From a file's bytes to rows of text. Encoding and separator are found, never asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
_SEPARATORS = ";,\t"


class Flaw(StrEnum):
    """Why a file is no table."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    A_WORKBOOK = "a_workbook"
    NO_TABLE = "no_table"


@dataclass(eq=False)
class NoTable(Exception):
    """The file as a whole cannot be read."""

    flaw: Flaw


@dataclass(frozen=True)
class Row:
    """`line`: where the row begins in the file, counted as spreadsheets do, the head being 1."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Row]


def read_table(data: bytes) -> Table:
    """Raises NoTable. Rows without any text are left out."""
    if len(data) > MOST_BYTES:
        raise NoTable(Flaw.TOO_LARGE)
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):  # .xlsx, .ods; .xls
        raise NoTable(Flaw.A_WORKBOOK)
    text = _decoded(data)
    if not text.strip():
        raise NoTable(Flaw.EMPTY)
    lines = _rows(text)
    head = [" ".join(cell.split())[:80] for cell in lines[0].cells]
    if len([name for name in head if name]) < 2 or len(head) > MOST_COLUMNS:
        raise NoTable(Flaw.NO_TABLE)
    return Table(head, lines[1:])


def _decoded(data: bytes) -> str:
    """UTF-8 if it is; else what Windows writes in this country."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace").replace("\0", "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\0", "")


def _rows(text: str) -> list[Row]:
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    number = 0
    try:
        for cells in reader:
            number += 1
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append(Row(number, stripped))
            if len(rows) > MOST_ROWS + 1:
                raise NoTable(Flaw.TOO_MANY_ROWS)
    except csv.Error:
        raise NoTable(Flaw.NO_TABLE) from None
    return rows


def _separator(text: str) -> str:
    """The one that stands most often in the first line with text."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)
