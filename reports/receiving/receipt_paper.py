"""The reporter's copy of a report as PDF: number, place, what happens now, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import default_storage
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.qr import qr_picture
from frontend.templatetags.frontend import status_label
from reports.letters.links import link
from reports.models import Contact, Photo, Report
from reports.receiving.next_steps import next_steps
from townhall.papers import Paper, print_paper
from townhall.papers.printing import small_jpeg
from townhall.photos.storing import file_name

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "receipt.typ"


def receipt(report: Report, *, token: str) -> bytes:
    """PDF, in the reader's language. `token` opens the reporter's page. Raises NotPrinted.

    The report comes with_faces().
    """
    address = link("own-report", token, town=report.municipality)
    pictures = dict(_pictures(report))
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Your report"),
        "subject": report.title,
        "from": report.municipality.name,
        "foot": f"{report.shown_code} · {_moment(timezone.now())}",
        "code": report.shown_code,
        "state": str(status_label(report.status)),
        "rows": _rows(report),
        "description": report.description,
        "photos": [
            {"file": name, "name": _("Photo %(n)d") % {"n": n}}
            for n, name in enumerate(pictures, start=1)
        ],
        "steps": _steps(report) if report.is_open else [],
        "contact": _contact(report),
        "address": address,
        "words": {
            "description": _("Description"),
            "photos": _("Photos"),
            "next": _("What happens now?"),
            "contact": _("Who has it"),
            "qr": _("to the page of your report"),
            "qr_alt": _("QR code with the address of your report's page"),
            "keep": _("The page of your report is yours alone: who has its address can read it."),
        },
    }
    return print_paper(Paper(TEMPLATE, facts, {"qr.svg": qr_picture(address), **pictures}))


def _rows(report: Report) -> list[list[str]]:
    address = " ".join(filter(None, [report.street, report.house_number]))
    place = ", ".join(filter(None, [address, report.locality, report.municipality.name]))
    rows = [
        [_("What"), report.category.label],
        [_("Where"), place],
        [_("Position"), f"{report.position.y:.5f}, {report.position.x:.5f}"],
        [_("Received"), _moment(report.received_at)],
    ]
    if report.due_on and report.is_open:
        rows.append([_("Target date"), formats.date_format(report.due_on, "DATE_FORMAT")])
    return rows


def _steps(report: Report) -> list[list[str]]:
    contact = Contact.objects.filter(report=report).first()
    steps = next_steps(
        report,
        has_mailbox=bool(contact and contact.email),
        gets_post=bool(contact and contact.postal_address and not contact.email),
    )
    return [[each.title, each.text] for each in steps]


def _contact(report: Report) -> list[list[str]]:
    office = report.department
    rows = [[_("Responsible"), report.forwarded_to or office.name]]
    for name, said in (
        (_("Telephone"), office.phone or report.municipality.phone),
        (_("E-mail"), office.email or report.municipality.email),
    ):
        rows += [[name, said]] if said else []
    return rows


def _moment(moment: Any) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _pictures(report: Report) -> Iterator[tuple[str, bytes]]:
    """The report's own. A photo whose file is lost is left out."""
    own: list[Photo] = [photo for photo in report.photos.all() if photo.remark_id is None]
    for photo in own:
        try:
            with default_storage.open(file_name(photo.image, "full")) as file:
                yield f"{photo.position}.jpg", small_jpeg(file)
        except OSError:
            continue
