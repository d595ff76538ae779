"""A letter on paper, for a window envelope: DIN 5008, form B. Every office that writes uses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.utils import formats, translation
from django.utils.translation import gettext as _

from .printing import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent / "letter.typ"
WIDEST, MOST_LINES = 60, 6  # what a window shows


@dataclass(frozen=True)
class PaperLetter:
    """What stands on it, in words. `to`: the lines of the window; `info`: name and what it says;
    `table`: pairs between `paragraphs` and `after`; `foot`: a line at the bottom of each page.
    """

    sender: str
    return_line: str
    to: Sequence[str]
    info: Sequence[tuple[str, str]]
    subject: str
    paragraphs: Sequence[str]
    signed: str
    foot: str
    table: Sequence[Sequence[str]] = ()
    after: Sequence[str] = ()
    enclosure: str = ""


def print_letters(letters: Sequence[PaperLetter]) -> bytes:
    """All in one PDF, in German: it goes through a town hall's post. Raises NotPrinted."""
    with translation.override("de"):
        words = {"page": _("Page"), "enclosure": _("Enclosed")}
        facts = {"lang": "de", "letters": [_facts(each) for each in letters], "words": words}
        return print_paper(Paper(TEMPLATE, facts))


def _facts(letter: PaperLetter) -> dict[str, Any]:
    return asdict(letter) | {
        "from": letter.sender,
        "to": [line[:WIDEST] for line in letter.to if line][:MOST_LINES],
        "info": [[name, said] for name, said in letter.info if said],
        "table": [list(row) for row in letter.table],
        "closing": _("Yours sincerely"),
    }


def written_day(day: dt.date) -> str:
    """„22. November 2026“"""
    with translation.override("de"):
        return formats.date_format(day, "j. F Y")


def return_line(name: str, address: str) -> str:
    """Name and address of who writes, small above the window."""
    return " · ".join(filter(None, [name, *lines_of(address)]))


def lines_of(address: str) -> list[str]:
    """„Kirchbergstraße 18, 64625 Bensheim“ as the lines of a window."""
    return [line.strip() for line in address.replace("\r", "").replace("\n", ",").split(",")]
