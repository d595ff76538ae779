"""Letters for people without mail, and to authorities: one sheet for a window envelope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.utils import formats, translation
from django.utils.translation import gettext as _

from lostfound.models import FoundItem, Office
from townhall.models import User
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent / "papers" / "letter.typ"


@dataclass(frozen=True)
class Sheet:
    """What stands on it, in words. `to`: the lines of the window, at most six; `table`: pairs
    between `paragraphs` and `after`.
    """

    office: Office
    to: Sequence[str]
    subject: str
    paragraphs: Sequence[str]
    day: dt.date
    about: str
    by: User | None = None
    table: Sequence[Sequence[str]] = ()
    after: Sequence[str] = ()
    enclosure: str = ""
    more_info: Sequence[tuple[str, str]] = field(default=())


def print_sheet(sheet: Sheet) -> bytes:
    """PDF, in German: it goes through a town hall's post. Raises NotPrinted."""
    office = sheet.office
    with translation.override("de"):
        day = formats.date_format(sheet.day, "j. F Y")
        return print_paper(
            Paper(
                TEMPLATE,
                {
                    "lang": "de",
                    "from": office.name,
                    "return_line": return_line(office),
                    "to": [line[:60] for line in sheet.to if line][:6],
                    "info": _info(sheet, day),
                    "subject": sheet.subject,
                    "paragraphs": list(sheet.paragraphs),
                    "table": [list(row) for row in sheet.table],
                    "after": list(sheet.after),
                    "closing": _("Yours sincerely"),
                    "signed": sheet.by.name if sheet.by else office.name,
                    "enclosure": sheet.enclosure,
                    "foot": f"{office.name} · {sheet.about}",
                    "words": {"page": _("Page"), "enclosure": _("Enclosed")},
                },
            )
        )


def return_line(office: Office) -> str:
    return " · ".join(filter(None, [office.name, *lines_of(office.postal_address)]))


def lines_of(address: str) -> list[str]:
    """„Kirchbergstraße 18, 64625 Bensheim“ as the lines of a window."""
    return [line.strip() for line in address.replace("\r", "").replace("\n", ",").split(",")]


def _info(sheet: Sheet, day: str) -> list[list[str]]:
    office = sheet.office
    rows = [
        (_("Our reference"), sheet.about),
        *sheet.more_info,
        (_("Telephone"), office.phone),
        (_("E-mail"), office.email),
        (_("Hours"), office.opening_hours),
        (_("Date"), day),
    ]
    return [[name, said] for name, said in rows if said]


def reference(item: FoundItem) -> str:
    """As the office writes it: its file number, else the public code."""
    return item.file_number or item.shown_code
