"""The finder's sheet: the number with its code to stick on, where to bring it, what was said."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.qr import qr_picture
from lostfound.finders import finds
from lostfound.models import Consent, FindReport, FoundItem, Whereabouts
from lostfound.wording import DUTIES
from townhall.links import link
from townhall.papers import Paper, print_paper

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "find_sheet.typ"


def address_of(find: FindReport) -> str:
    """What the sticker's code says: the counter opens the intake with it. For staff only."""
    return link("fund-find", find.code)


def sheet(find: FindReport) -> bytes:
    """PDF, in the reader's language. No name and no address of the finder. Raises NotPrinted."""
    duty = finds.duty_of(find.value_cents, regime=find.law_regime)
    facts = {
        "lang": (get_language() or "de")[:2],
        "title": _("Your find"),
        "from": find.office.name,
        "foot": f"{find.shown_code} · {formats.date_format(timezone.localdate(), 'd.m.Y')}",
        "code": find.shown_code,
        "thing": find.title,
        "rows": _rows(find),
        "office": _office(find),
        "rights": said(find),
        "duty": [str(DUTIES[duty.duty]), duty.ground.cite],
        "words": {
            "sticker": _("Cut out and stick on the thing, or put it with it"),
            "for": _("Found thing for"),
            "qr_alt": _("QR code for the lost property office"),
            "office": _("Where to bring it"),
            "rights": _("What you declared"),
            "duty": _("What the law asks of you"),
        },
    }
    return print_paper(Paper(TEMPLATE, facts, {"qr.svg": qr_picture(address_of(find))}))


def _rows(find: FindReport) -> list[list[str]]:
    rows = [
        [_("What"), find.title],
        [_("Found"), _day(find.found_on)],
        [_("Where"), ", ".join(filter(None, [find.place_text, find.found_in.name]))],
        [_("Reported"), _day(timezone.localdate(find.reported_at))],
        [_("Where it is"), str(find.get_whereabouts_display())],
    ]
    if find.whereabouts == Whereabouts.HANDED_IN:
        rows.append([_("Handed in to"), find.handed_in_to])
    return rows


def _office(find: FindReport) -> list[list[str]]:
    office = find.office
    rows = (
        (_("This office"), office.name),
        (_("Address"), office.postal_address),
        (_("Opening hours"), office.opening_hours),
        (_("Telephone"), office.phone),
    )
    return [[name, text] for name, text in rows if text]


def said(find: FindReport | FoundItem) -> list[str]:
    """What the finder declared, as sentences; nothing about what was not asked. Of the thing once
    there is one: there the counter goes on.
    """
    sentences = [
        _said(find.claims_reward, _("I claim a finder’s reward."), _("I waive a finder’s reward.")),
        _said(find.claims_expenses, _("I claim my expenses."), _("I waive my expenses.")),
        _said(
            find.claims_ownership,
            _("I want to have it if nobody claims it within six months."),
            _("I waive ownership."),
        ),
    ]
    consent = {
        Consent.GIVEN: _("I agree that it is given to whoever is entitled to it."),
        Consent.CONDITIONAL: _("I agree that it is given away once my reward is paid."),
    }
    return [each for each in [*sentences, consent.get(Consent(find.consent), "")] if each]


def _said(claim: bool | None, yes: str, no: str) -> str:
    return "" if claim is None else yes if claim else no


def _day(day: Any) -> str:
    return formats.date_format(day, "DATE_FORMAT")
