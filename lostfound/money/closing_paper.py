"""The paper of a daily closing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lostfound.models import Closing
from lostfound.money import closing as closings
from lostfound.money.denominations import ALL
from lostfound.money.euros import say_euros
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "closing.typ"


def closing_paper(closing: Closing) -> bytes:
    """PDF of a confirmed closing, office and people loaded. Raises NotPrinted."""
    sheet = closings.sheet(closing)
    confirmed = closing.confirmed_by.name if closing.confirmed_by else ""
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Daily closing %(number)d") % {"number": closing.number or 0},
        "from": closing.office.name,
        "foot": f"{closing.office.name} · {_moment(timezone.now())}",
        "rows": [
            [_("Day"), formats.date_format(closing.day, "DATE_FORMAT")],
            [_("Lines of the ledger"), _lines(sheet)],
            [_("Counted by"), f"{closing.counted_by.name}, {_moment(closing.counted_at)}"],
            [_("Confirmed by"), f"{confirmed}, {_moment(closing.confirmed_at)}"],
        ],
        "till": [
            [_("In the till at the beginning"), say_euros(sheet.opening)],
            [_("Expected"), say_euros(closing.expected_cents)],
            [_("Counted"), say_euros(closing.counted_cents)],
            [_("Difference"), say_euros(closing.difference_cents)],
            *([[_("Reason"), closing.reason]] if closing.reason else []),
        ],
        "moves": [
            [
                str(row.account.label),
                str(row.method.label),
                say_euros(row.cents_in) if row.cents_in else "",
                say_euros(row.cents_out) if row.cents_out else "",
            ]
            for row in sheet.rows
        ],
        "pieces": [
            [f"{number} × {_piece(cents)}", say_euros(number * cents)]
            for cents in ALL
            if (number := closing.denominations.get(str(cents)))
        ],
        "words": {
            "till": _("The till"),
            "moves": _("Movements since the last closing"),
            "head": [_("Account"), _("How"), _("In"), _("Out")],
            "none": _("None."),
            "pieces": _("Counted notes and coins"),
        },
    }
    return print_paper(Paper(TEMPLATE, facts))


def _lines(sheet: closings.Sheet) -> str:
    last = sheet.closing.through
    return f"{sheet.first}–{last}" if last >= sheet.first else _("none")


def _piece(cents: int) -> str:
    return f"{cents // 100} €" if cents >= 100 else f"{cents} Cent"


def _moment(moment: object) -> str:
    if not moment:
        return ""
    return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")  # type: ignore[arg-type]
