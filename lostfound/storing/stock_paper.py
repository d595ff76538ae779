"""The report of a stocktaking: as PDF for the file, as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lostfound.models import Outcome, StockEntry, Stocktaking
from lostfound.storing import stocktaking
from townhall.papers import Paper, print_paper
from townhall.spreadsheets import as_csv

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "stocktaking.typ"
DIFFERENCES: Final = (Outcome.MISSING, Outcome.MOVED, Outcome.SURPLUS, Outcome.GONE)


def scope_of(stocktake: Stocktaking) -> str:
    """What was looked at, in words."""
    if stocktake.site is None:
        return _("The whole office")
    return ": ".join(filter(None, [stocktake.site.name, stocktake.shelf]))


def report(stocktake: Stocktaking) -> bytes:
    """PDF of a finished stocktaking: numbers, who scanned, every difference. Raises NotPrinted."""
    numbers = stocktaking.tally(stocktake)
    found: dict[str, list[list[str]]] = {}
    for entry in stocktaking.differences(stocktake):
        found.setdefault(entry.outcome, []).append(_line(entry))
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Stocktaking %(number)d") % {"number": stocktake.number},
        "from": stocktake.office.name,
        "foot": f"{stocktake.office.name} · {_moment(timezone.now())}",
        "rows": [
            [_("What was looked at"), scope_of(stocktake)],
            [_("Begun"), _deed(stocktake.started_at, stocktake.started_by.name)],
            [
                _("Finished"),
                _deed(stocktake.finished_at, _name(stocktake.finished_by)),
            ],
        ],
        "numbers": [
            [_("Expected"), str(numbers.expected)],
            [_("of them seen"), str(numbers.seen)],
            *[[str(each.label), str(len(found.get(each, [])))] for each in DIFFERENCES],
            [_("Unknown labels"), str(numbers.unknown)],
        ],
        "shares": [[each.name, str(each.scans)] for each in stocktaking.shares(stocktake)],
        "differences": [
            {"name": str(each.label), "rows": found[each]} for each in DIFFERENCES if each in found
        ],
        "unknown": [
            [scan.text, scan.place.label, _deed(scan.at, _name(scan.by))]
            for scan in stocktake.scans.filter(item=None).select_related("place__site", "by")
        ],
        "words": {
            "numbers": _("Numbers"),
            "shares": _("Who scanned"),
            "person": _("Person"),
            "scans": _("Scans"),
            "head": [_("Number"), _("Found thing"), _("According to the books"), _("Seen")],
            "unknown": _("Unknown labels"),
            "unknown_head": [_("What was read"), _("Place"), _("When, who")],
            "none": _("There are no differences. Everything that was expected is at its place."),
            "signatures": [
                _("Date, signature of the person who did it"),
                _("Date, signature of the head of office"),
            ],
        },
    }
    return print_paper(Paper(TEMPLATE, facts))


def table(stocktake: Stocktaking) -> str:
    """CSV: every thing of the stocktaking, and every label that nobody knows."""
    head = [
        _("Number"),
        _("Code"),
        _("Found thing"),
        _("According to the books"),
        _("Seen"),
        _("Seen on"),
        _("Seen by"),
        _("Result"),
    ]
    return as_csv(head, _rows(stocktake))


def _rows(stocktake: Stocktaking) -> Iterator[list[Any]]:
    entries: Iterable[StockEntry] = stocktake.entries.select_related(
        "item", "expected__site", "seen__site", "seen_by"
    ).order_by("expected__site", "expected__position", "pk")
    for entry in entries:
        yield [
            entry.item.file_number,
            entry.item.shown_code,
            entry.item.title,
            entry.expected.label if entry.expected else "",
            entry.seen.label if entry.seen else "",
            _moment(entry.seen_at) if entry.seen_at else "",
            _name(entry.seen_by),
            entry.get_outcome_display(),
        ]
    for scan in stocktake.scans.filter(item=None).select_related("place__site", "by"):
        label, when, who = scan.place.label, _moment(scan.at), _name(scan.by)
        yield ["", scan.text, "", "", label, when, who, _("Unknown label")]


def _line(entry: StockEntry) -> list[str]:
    seen = entry.seen.label if entry.seen else ""
    if entry.seen_at:
        seen += f" ({_deed(entry.seen_at, _name(entry.seen_by))})"
    return [
        entry.item.file_number or entry.item.shown_code,
        entry.item.title,
        entry.expected.label if entry.expected else entry.item.get_state_display(),
        seen,
    ]


def _name(user: Any) -> str:
    return user.name if user else ""


def _deed(moment: Any, name: str) -> str:
    return ", ".join(filter(None, [_moment(moment), name]))


def _moment(moment: Any) -> str:
    return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
