"""File numbers as an office writes them: F-26-0001, without holes and without doubles."""

from __future__ import annotations

import re

from django.db import connection

from lostfound.models import FoundItem, Office

# "f 26 210", "F-26-0210": a number typed from a label or over the telephone.
_TYPED = re.compile(
    r"^\s*F[\s./-]*(\d{2})[\s./-]+(\d{1,6})(?:\s*/\s*(\d{1,2}))?\s*$", re.IGNORECASE
)


def written(year: int, number: int) -> str:
    return f"F-{year % 100:02d}-{number:04d}"


def read(text: str) -> str | None:
    """The file number in what somebody typed, or None. Zeros in front needn't be typed."""
    found = _TYPED.match(text)
    if found is None:
        return None
    whole = written(int(found[1]), int(found[2]))
    return f"{whole}/{int(found[3])}" if found[3] else whole


def next_number(office: Office, year: int) -> str:
    """The office's next one in this year. In the deed's transaction: the counter's row stays
    locked until that ends, so a deed that fails leaves no hole. Numbers that came in from
    elsewhere (an import) are passed over.
    """
    while True:
        number = written(year, _counted(office, year))
        if not FoundItem.objects.filter(office=office, file_number=number).exists():
            return number


def _counted(office: Office, year: int) -> int:
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO lostfound_filenumber (office_id, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (office_id, year) DO UPDATE SET last = lostfound_filenumber.last + 1 "
            "RETURNING last",
            [office.pk, year],
        )
        return int(sql.fetchone()[0])
