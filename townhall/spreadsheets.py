"""Text that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

# What spreadsheets take for the beginning of a formula (OWASP: CSV injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: Any) -> str:
    """`=HYPERLINK(…)` as the words they are. Numbers stay numbers."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """With semicolons and a byte order mark: German spreadsheets open it by a double click."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(each) for each in head])
    writer.writerows([safe(each) for each in row] for row in rows)
    return "\ufeff" + file.getvalue()
