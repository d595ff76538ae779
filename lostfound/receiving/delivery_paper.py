"""The receipt for a whole list, signed by who brought it and who took it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lostfound.models import Delivery, FoundItem
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "delivery.typ"


def receipt(delivery: Delivery) -> bytes:
    """PDF. Three days stand in each line: found, handed over, with us. Raises NotPrinted.

    The delivery comes with its office; things by their file number.
    """
    items = list(delivery.items.order_by("pk"))
    at = timezone.localtime(delivery.received_at)
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("List of found things taken over"),
        "from": delivery.office.name,
        "foot": f"{delivery.shown_code} · {at:%d.%m.%Y %H:%M}",
        "rows": [
            [_("Brought by"), delivery.carrier],
            [_("Their reference"), delivery.reference or "–"],
            [_("Taken over"), formats.date_format(at, "DATETIME_FORMAT")],
            [_("Number of things"), str(len(items))],
        ],
        "head": [
            _("Number"),
            _("Thing"),
            _("Found"),
            _("Handed over"),
            _("With us"),
            _("Reference"),
        ],
        "things": [_line(item) for item in items],
        "words": {"hand_over": _("Handed over"), "take_over": _("Taken over")},
        "names": [delivery.carrier, delivery.office.name],
    }
    return print_paper(Paper(TEMPLATE, facts))


def _line(item: FoundItem) -> list[str]:
    days = (item.found_on, item.handed_over_on, item.notice_on)
    place = f", {item.place_text}" if item.place_text else ""
    found, handed, noticed = (f"{day:%d.%m.%Y}" if day else "–" for day in days)
    return [
        item.file_number or item.shown_code,
        f"{item.title}{place}",
        found,
        handed,
        noticed,
        item.source_reference or "–",
    ]
