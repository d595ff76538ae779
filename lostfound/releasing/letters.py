"""Letters around the handing over. They tell; the deeds decide whether to tell, and what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from lostfound.letter_paper import Sheet, lines_of, on_paper, print_sheet, reference
from lostfound.models import Claim, Claimant, Finder, FoundItem, Handover
from townhall.letters import Draft
from townhall.models import User


def receipt_code(claim: Claim, to: str, code: str, *, at: dt.datetime) -> Draft:
    """Six digits. Not in the subject, which a locked phone shows to everybody."""
    key = f"claim:{claim.code}:code:{at.timestamp():.0f}"
    facts = {"claim": claim, "code": code}
    return _draft(
        "handover_code", claim, to, claim.language, key, f"claim:{claim.code}", "claim_code", facts
    )


def to_finder(
    item: FoundItem, finder: Finder, handover: Handover, *, by_post: bool, must_tell: bool
) -> Draft:
    """`by_post`: the owner's name comes on paper. `must_tell`: § 978 Abs. 2 S. 5 asks for it.

    Nobody's name or address goes into a mail: the mailbox may be mistyped.
    """
    facts = {"item": item, "handover": handover, "by_post": by_post, "must_tell": must_tell}
    key = f"found:{item.code}:{item.version}:handed_over"
    return _draft(
        "handover_finder",
        item,
        finder.email,
        finder.language,
        key,
        f"found:{item.code}",
        "found_handed_over",
        facts,
    )


def to_owner(claim: Claim, owner: Claimant, handover: Handover, *, by_post: bool) -> Draft:
    """`by_post`: the finder's name comes on paper."""
    facts = {"claim": claim, "handover": handover, "by_post": by_post}
    key = f"claim:{claim.code}:{claim.version}:handed_over"
    about = f"claim:{claim.code}"
    return _draft(
        "handover_owner", claim, owner.email, claim.language, key, about, "claim_handed_over", facts
    )


# ── On paper ─────────────────────────────────────────────────────────────────────────────────
def finder_sheet(
    item: FoundItem,
    finder: Finder,
    handover: Handover,
    *,
    owner: Claimant | None,
    must_tell: bool,
    by: User,
) -> bytes:
    """The same letter on paper, with the owner's name where it may be told. Raises NotPrinted."""
    facts = {"item": item, "handover": handover, "owner": owner, "must_tell": must_tell}
    return _sheet("handover_finder", item, finder, finder.language, handover, facts, by=by)


def owner_sheet(
    claim: Claim,
    item: FoundItem,
    owner: Claimant,
    handover: Handover,
    *,
    finder: Finder | None,
    by: User,
) -> bytes:
    """The same for an owner. Raises NotPrinted."""
    facts = {"claim": claim, "handover": handover, "finder": finder}
    return _sheet("handover_owner", item, owner, claim.language, handover, facts, by=by)


def _sheet(
    template: str,
    item: FoundItem,
    reader: Finder | Claimant,
    language: str,
    handover: Handover,
    facts: Mapping[str, Any],
    *,
    by: User,
) -> bytes:
    with translation.override(on_paper(language)):
        letter = render_to_string(
            f"lostfound/letters/{template}.txt", {**facts, "office": item.office}
        )
    subject, _line, text = letter.strip().partition("\n")
    words = text.partition("\n--")[0]
    paragraphs = [each.strip() for each in words.split("\n\n") if each.strip()]
    return print_sheet(
        Sheet(
            office=item.office,
            to=[reader.name, *lines_of(reader.postal_address)],
            subject=subject.strip(),
            paragraphs=paragraphs,
            day=timezone.localdate(handover.at),
            about=reference(item),
            by=by,
        )
    )


def _draft(
    template: str,
    case: Claim | FoundItem,
    to: str,
    language: str,
    key: str,
    about: str,
    kind: str,
    facts: Mapping[str, Any],
) -> Draft:
    """Subject is the template's first line, the text the rest."""
    item = case.item if isinstance(case, Claim) else case
    office = item.office if item else None
    with translation.override(language):
        letter = render_to_string(f"lostfound/letters/{template}.txt", {**facts, "office": office})
    subject, _line, text = letter.strip().partition("\n")
    return Draft(
        key=key,
        kind=kind,
        about=about,
        to=to,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=language,
        municipality_id=office.municipality_id if office else None,
        sender=office.name if office else "",
        reply_to=office.email or office.municipality.email if office else "",
    )
