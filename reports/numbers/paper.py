"""One page about one Ortsteil as PDF: for its council, for the notice board."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.numbers.reading import Answer, Row, lapse, times
from townhall.models import Municipality
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "numbers.typ"
MOST_CATEGORIES: Final = 10


def print_locality(answer: Answer, town: Municipality) -> bytes:
    """PDF, in the reader's language. The question names an Ortsteil. Raises NotPrinted."""
    span, name = answer.question.span, answer.question.locality
    days = f"{_date(span.first)} – {_date(span.last)}"
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Reports in %(place)s") % {"place": name},
        "from": town.full_name,
        "foot": f"{town.full_name} · {_date(timezone.localdate())}",
        "place": name,
        "days": days,
        "tiles": _tiles(answer),
        "top": answer.chart.top,
        "steps": [
            [short(day, span.step), row.line.received, row.line.done]
            for day, row in zip(span.steps, answer.steps, strict=True)
        ],
        "is_upright": span.step == "month",
        "head": [_("Category"), _("Received"), _("Done"), _("First answer"), _("Until done")],
        "categories": [_category(row) for row in answer.categories[:MOST_CATEGORIES]],
        "words": {
            "steps": _("Received and done"),
            "step": _("Week") if span.step == "week" else _("Month"),
            "received": _("Received"),
            "done": _("Done"),
            "categories": _("By category"),
            "more": _more(len(answer.categories) - MOST_CATEGORIES),
            "how": _(
                "Times are medians from receipt: half of the reports took no longer. A deadline is "
                "kept when the report was closed on its target date or before."
            ),
        },
    }
    return print_paper(Paper(TEMPLATE, facts))


def short(day: dt.date, step: str) -> str:
    """Of a narrow column: `47`, the week by ISO 8601; `11/26`."""
    return str(day.isocalendar().week) if step == "week" else f"{day:%m/%y}"


def _tiles(answer: Answer) -> list[list[str]]:
    total = answer.total
    share = total.kept_share
    return [
        [_("Received"), str(total.received)],
        [_("Done"), str(total.done)],
        [_("Open now"), str(answer.open_now)],
        [_("First answer"), lapse(total.answered.median)],
        [_("Until done"), lapse(total.finished.median)],
        [_("Deadlines kept"), "–" if share is None else f"{share} %"],
    ]


def _category(row: Row) -> list[Any]:
    line = row.line
    return [
        row.name,
        str(line.received),
        str(line.done),
        times(line.answered)[0],
        times(line.finished)[0],
    ]


def _more(count: int) -> str:
    return _("and %(n)d more categories") % {"n": count} if count > 0 else ""


def _date(day: Any) -> str:
    return formats.date_format(day, "d.m.Y")
