"""Labels of storage places as PDF: for a roll of 62 mm, or a sheet of 24."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.qr import qr_picture
from lostfound.models import StoragePlace
from townhall.links import link
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "place_labels.typ"
MOST_LABELS: Final = 240


def place_labels(places: Sequence[StoragePlace], *, is_sheet: bool = False) -> bytes:
    """One label for each place, its site loaded. Raises NotPrinted."""
    pictures = {f"{place.code}.svg": qr_picture(link("fund-place", place.code)) for place in places}
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Labels of storage places"),
        "is_sheet": is_sheet,
        "qr_alt": _("QR code of the storage place"),
        "labels": [
            {
                "shelf": place.shelf,
                "slot": place.slot,
                "site": place.site.name,
                "code": place.shown_code,
                "picture": f"{place.code}.svg",
            }
            for place in places
        ],
    }
    return print_paper(Paper(TEMPLATE, facts, pictures))
