"""Papers of a loss: the certificate for insurers and authorities, and the letter by post."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.qr import qr_picture
from lostfound.catalogue import MARKS
from lostfound.losing import hits
from lostfound.losing.letters import office_of
from lostfound.models import Loser, LossReport, Office
from townhall.links import link
from townhall.papers import Paper, print_paper

PAPERS: Final = Path(__file__).parent.parent / "papers"


def certificate(loss: LossReport) -> bytes:
    """„Bescheinigung über eine Verlustmeldung (ungeprüft)“: PDF in the reader's language.

    It says what was told, when, and that nobody has checked it. It goes to strangers, so the way to
    the owner's page is not on it. Raises NotPrinted.
    """
    office = office_of(loss)
    facts = {
        **_frame(loss, office),
        "title": _("Certificate of a loss report (unchecked)"),
        "rows": [*_person(loss), *_rows(loss)],
        "description": loss.description,
        "office": _office(office),
        "words": {
            "confirmed": _(
                "It is certified that the following loss was reported to the lost property office. "
                "The details are those of the person who reported it; they were not checked."
            ),
            "purpose": _("For an insurer or an authority. This is not a report to the police."),
            "description": _("Description"),
            "office": _("Lost property office"),
            "machine": _("Made by machine and valid without a signature."),
        },
    }
    return print_paper(Paper(PAPERS / "loss_certificate.typ", facts))


def letter(loss: LossReport, *, token: str) -> bytes:
    """For whoever has no mailbox: what was found, and how to get to the counter. Raises NotPrinted.

    The caller sees to the language.
    """
    office = office_of(loss)
    loser = Loser.objects.filter(loss=loss).first()
    address = link("loss-hits", token, town=loss.municipality)
    found = [hit for hit in hits.of_loss(loss) if not hit.is_not_mine]
    facts = {
        **_frame(loss, office),
        "title": _("Your loss report"),
        "to": list(filter(None, [loser.name, *_lines(loser.postal_address)])) if loser else [],
        "subject": loss.title,
        "hits": [
            [hit.listing.shown_code, hit.listing.title, ", ".join(hit.reasons)] for hit in found
        ],
        "address": address,
        "office": _office(office),
        "words": {
            "greeting": _("Good day,"),
            "intro": _("this was handed in and may be yours:") if found else "",
            "nothing": "" if found else _("so far nothing was handed in that fits. We look on."),
            "head": [_("Number"), _("Find"), _("What fits")],
            "next": _(
                "Please call us or come to the counter, and name the number of your loss report. "
                "Bring your identity card and whatever shows that the thing is yours."
            ),
            "qr": _("to the page of your loss report"),
            "qr_alt": _("QR code with the address of the loss report's page"),
            "office": _("Lost property office"),
            "keep": _("This page is meant for you alone: who has its address can read it."),
        },
    }
    return print_paper(Paper(PAPERS / "loss_letter.typ", facts, {"qr.svg": qr_picture(address)}))


def _frame(loss: LossReport, office: Office | None) -> dict[str, Any]:
    town = loss.municipality
    return {
        "lang": (get_language() or "de")[:2],
        "from": office.name if office else (town.name if town else ""),
        "foot": f"{loss.shown_code} · {_moment(timezone.now())}",
        "code": loss.shown_code,
    }


def _person(loss: LossReport) -> list[list[str]]:
    loser = Loser.objects.filter(loss=loss).first()
    if loser is None:
        return []
    named = [[_("Reported by"), loser.name], [_("Address"), loser.postal_address]]
    return [row for row in named if row[1]]


def _rows(loss: LossReport) -> list[list[str]]:
    days = _day(loss.lost_from)
    if loss.lost_until != loss.lost_from:
        days = f"{days} – {_day(loss.lost_until)}"
    town = loss.municipality.name if loss.municipality else ""
    places = [loss.transport_line, loss.place_text, "" if town in loss.place_text else town]
    place = ", ".join(filter(None, places))
    colours = ", ".join(filter(None, [loss.get_colour_display(), loss.get_second_colour_display()]))
    numbers = [
        f"{MARKS[mark.kind].label} … {mark.tail}"
        for mark in loss.marks.all()
        if mark.tail and mark.kind in MARKS
    ]
    rows = [
        [_("Reported"), _moment(loss.reported_at)],
        [_("Lost thing"), str(loss.thing.label)],
        [_("Colour"), colours],
        [_("Brand"), loss.brand],
        [_("Number (last characters)"), ", ".join(numbers)],
        [_("Lost"), ", ".join(filter(None, [days, loss.time_text]))],
        [_("Place"), place],
    ]
    return [row for row in rows if row[1]]


def _office(office: Office | None) -> list[list[str]]:
    if office is None:
        return []
    rows = [
        [_("This office"), office.name],
        [_("Address"), office.postal_address],
        [_("Telephone"), office.phone],
        [_("Opening hours"), office.opening_hours],
    ]
    return [row for row in rows if row[1]]


def _lines(address: str) -> list[str]:
    """„Lindenweg 4, 64625 Bensheim“ as two lines."""
    return [part.strip() for part in address.split(",") if part.strip()]


def _day(day: Any) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def _moment(moment: Any) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
