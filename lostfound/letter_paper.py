"""Letters for people without mail, and to authorities: one sheet for a window envelope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from lostfound.models import FoundItem, Office
from townhall.models import User
from townhall.papers.letter import PaperLetter, lines_of, print_letters, return_line, written_day

__all__ = ["Sheet", "lines_of", "on_paper", "print_sheet", "reference"]


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
        letter = PaperLetter(
            sender=office.name,
            return_line=return_line(office.name, office.postal_address),
            to=sheet.to,
            info=_info(sheet, written_day(sheet.day)),
            subject=sheet.subject,
            paragraphs=sheet.paragraphs,
            table=sheet.table,
            after=sheet.after,
            signed=sheet.by.name if sheet.by else office.name,
            enclosure=sheet.enclosure,
            foot=f"{office.name} · {sheet.about}",
        )
    return print_letters([letter])


def on_paper(language: str) -> str:
    """German, or Einfache Sprache for who chose it: it goes through a town hall's post."""
    return language if language.split("-")[0] == "de" else "de"


def _info(sheet: Sheet, day: str) -> list[tuple[str, str]]:
    office = sheet.office
    return [
        (_("Our reference"), sheet.about),
        *sheet.more_info,
        (_("Telephone"), office.phone),
        (_("E-mail"), office.email),
        (_("Hours"), office.opening_hours),
        (_("Date"), day),
    ]


def reference(item: FoundItem) -> str:
    """As the office writes it: its file number, else the public code."""
    return item.file_number or item.shown_code
