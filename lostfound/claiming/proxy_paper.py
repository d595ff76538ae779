"""Vollmacht: the form by which an owner sends somebody else to the counter."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.utils import formats, translation
from django.utils.translation import gettext as _

from lostfound.models import Claim, FoundItem, Office
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "authorisation.typ"


def authorisation(claim: Claim, item: FoundItem) -> bytes:
    """PDF to be filled in by hand. No name and no pickup code stand on it: it may get lost.

    Signed as it stands, therefore German in every language of the screen. Raises NotPrinted.
    """
    office = item.office
    with translation.override("de"):
        facts: dict[str, Any] = {
            "lang": "de",
            "title": _("Authorisation to fetch a found thing"),
            "from": office.name,
            "foot": claim.shown_wanted,
            "code": claim.shown_wanted,
            "thing": claim.title or str(item.thing.label),
            "found": formats.date_format(item.found_on, "j. F Y"),
            "office": _office(office),
            "words": {
                "owner": _("I, to whom the thing belongs"),
                "proxy": _("authorise"),
                "deed": _(
                    "to fetch this found thing for me, to pay what is due for it, and to sign for "
                    "its receipt:"
                ),
                "name": _("First name and surname"),
                "address": _("Street, postcode and place"),
                "thing": _("Thing"),
                "number": _("Number"),
                "found": _("Found on"),
                "signed": [_("Place and day"), _("Signature of the owner")],
                "bring": _("Whoever comes brings"),
                "things": [
                    _("this sheet, filled in and signed by hand"),
                    _("their own identity card or passport"),
                    _(
                        "the owner’s identity card or passport, or a copy of it; all but name, "
                        "photo, signature and last day may be made unreadable on the copy"
                    ),
                    _("the pickup code: six letters, on the phone or on paper"),
                ],
                "kept": _("We look at the papers and copy nothing. The sheet stays with us."),
                "office": _("Where"),
            },
        }
        return print_paper(Paper(TEMPLATE, facts))


def _office(office: Office) -> list[list[str]]:
    rows = [
        [_("Lost property office"), f"{office.name}, {office.postal_address}".rstrip(", ")],
        [_("Opening hours"), office.opening_hours],
        [_("Phone"), office.phone],
    ]
    return [row for row in rows if row[1]]
