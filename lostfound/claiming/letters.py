"""Letters about claims. They tell; the deeds decide whether to tell.

The receipt goes out before anybody has looked whether there is such a thing: it says only what
everybody may read of it (its listing).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound.models import Claim, FoundItem, Listing, Office
from townhall import letters
from townhall.codes import normalise
from townhall.letters import Draft
from townhall.letters.erasing import erase_about
from townhall.links import link
from townhall.models import Municipality


def receipt(claim: Claim, to: str, token: str, listing: Listing | None, sender: str) -> Draft:
    office = listing.office if listing else None
    town = office.municipality if office else None
    with translation.override(claim.language):
        facts = {"claim": claim, "listing": listing, "page": link("claim", token, town=town)}
    return _draft(
        claim,
        "receipt",
        to=to,
        facts=facts,
        municipality_id=office.municipality_id if office else None,
        sender=office.name if office else sender,
        reply_to=_reply_to(office),
    )


def asked(claim: Claim, to: str, token: str) -> Draft:
    return _of_office(claim, "asked", to, token)


def rejected(claim: Claim, to: str, token: str) -> Draft:
    return _of_office(claim, "rejected", to, token)


def confirmed(claim: Claim, to: str, token: str, *, pickup: str, **facts: Any) -> Draft:
    """`pickup`: the token of the page with the code and what to bring."""
    with translation.override(claim.language):
        facts |= {"pickup": link("pickup", pickup, town=_town(claim))}
    return _of_office(claim, "confirmed", to, token, **facts)


def erase(claim: Claim) -> int:
    """Recipient and words of all letters about the claim. Returns how many."""
    return erase_about(f"claim:{claim.code}")


def _of_office(claim: Claim, kind: str, to: str, token: str, **more: Any) -> Draft:
    item: FoundItem | None = claim.item
    office = item.office if item else None
    with translation.override(claim.language):
        page = link("claim", token, town=_town(claim))
        facts = {"claim": claim, "office": office, "page": page, **more}
    return _draft(
        claim,
        kind,
        to=to,
        facts=facts,
        municipality_id=office.municipality_id if office else None,
        sender=office.name if office else "",
        reply_to=_reply_to(office),
    )


def _reply_to(office: Office | None) -> str:
    return office.email or office.municipality.email if office else ""


def _town(claim: Claim) -> Municipality | None:
    return claim.item.office.municipality if claim.item else None


def _draft(claim: Claim, kind: str, *, to: str, facts: Mapping[str, Any], **more: Any) -> Draft:
    """Subject is the template's first line, the text the rest."""
    with translation.override(claim.language):
        letter = render_to_string(f"lostfound/letters/claim_{kind}.txt", dict(facts))
    subject, _line, text = letter.strip().partition("\n")
    return Draft(
        key=f"claim:{claim.code}:{claim.version}:{kind}",
        kind=f"claim_{kind}",
        about=f"claim:{claim.code}",
        to=to,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=claim.language,
        **more,
    )


class Claims(letters.Subject):
    prefix: ClassVar = "claim"
    kinds: ClassVar[Mapping[str, str | Promise]] = {
        "claim_receipt": _("Receipt of a claim"),
        "claim_asked": _("Question about a claim"),
        "claim_confirmed": _("Claim confirmed"),
        "claim_rejected": _("Claim rejected"),
        "claim_code": _("Code for the receipt"),
        "claim_handed_over": _("Handed over: to the owner"),
    }

    def page(self, name: str) -> str:
        return reverse("fund-claim", args=[name])

    def shown(self, name: str) -> str:
        code = normalise(name)
        return f"{code[:4]}-{code[4:]}" if code else name


def register() -> None:
    letters.register(Claims())
