"""A letter on paper, for a window envelope: DIN 5008, form B. Every office that writes uses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.utils import formats, translation
from django.utils.translation import gettext as _

from frontend.qr import qr_picture

from .printing import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent / "letter.typ"
WIDEST, MOST_LINES = 100, 6  # what a window shows


@dataclass(frozen=True)
class ReplySlip:
    """To be cut off at the foot and sent back; `how` says in the letter which ways there are.

    `address`: of a page to answer on, beside `how` as QR code; "": there is none. `to`: where the
    slip goes; `about`: what it answers.
    """

    how: str
    title: str
    to: Sequence[str]
    about: str
    signed: str
    address: str = ""


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
    slip: ReplySlip | None = None


def print_letters(letters: Sequence[PaperLetter]) -> bytes:
    """All in one PDF, in German: it goes through a town hall's post. Raises NotPrinted."""
    with translation.override("de"):
        words = {"page": _("Page"), "enclosure": _("Enclosed")}
        words |= {
            "qr_alt": _("QR code with the address of the page"),
            "cut": _("Please cut off here"),
        }
        rows = [_facts(each, f"qr-{n}.svg") for n, each in enumerate(letters)]
        facts = {"lang": "de", "letters": rows, "words": words}
        return print_paper(Paper(TEMPLATE, facts, dict(_codes(letters))))


def _codes(letters: Sequence[PaperLetter]) -> Iterator[tuple[str, bytes]]:
    for n, each in enumerate(letters):
        if each.slip and each.slip.address:
            yield f"qr-{n}.svg", qr_picture(each.slip.address)


def _facts(letter: PaperLetter, code: str) -> dict[str, Any]:
    return asdict(letter) | {
        "code": code if letter.slip and letter.slip.address else "",
        "from": letter.sender,
        "to": [_cut(line) for line in letter.to if line][:MOST_LINES],
        "info": [[name, said] for name, said in letter.info if said],
        "table": [list(row) for row in letter.table],
        "closing": _("Yours sincerely"),
    }


def _cut(line: str) -> str:
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1].rstrip()}…"


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
