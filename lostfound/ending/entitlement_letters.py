"""Letters about whose it became: to the finder (§ 976 Abs. 2), to the entitled (§ 974).

Subjects hold no names and tell nothing about the thing but its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lostfound.letter_paper import Sheet, lines_of, on_paper, print_sheet, reference
from lostfound.models import Claimant, Finder, FoundItem
from townhall import letters
from townhall.letters import Draft
from townhall.models import User


def finder_owns(item: FoundItem, finder: Finder) -> Draft:
    return _draft(item, "finder_owns", finder.email, finder.language)


def declaration(item: FoundItem, claimant: Claimant) -> Draft:
    return _draft(item, "declaration", claimant.email, claimant.claim.language)


def _draft(item: FoundItem, kind: str, to: str, language: str) -> Draft:
    """Subject is the template's first line, the text the rest."""
    office = item.office
    with translation.override(language):
        facts = {"item": item, "office": office}
        text: str = render_to_string(f"lostfound/letters/{kind}.txt", facts)
    subject, _newline, text = text.strip().partition("\n")
    return Draft(
        key=f"found:{item.code}:{kind}:{item.version}",
        kind=kind,
        about=f"found:{item.code}",
        to=to,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=language,
        municipality_id=office.municipality_id,
        sender=office.name,
        reply_to=office.email or office.municipality.email,
    )


# ── On paper ─────────────────────────────────────────────────────────────────────────────────
def finder_owns_sheet(item: FoundItem, finder: Finder, *, by: User) -> bytes:
    """The same letter on paper. Raises NotPrinted."""
    with translation.override(on_paper(finder.language)):
        last = _day(item.collection_ends)
        sheet = Sheet(
            office=item.office,
            to=[finder.name, *lines_of(finder.postal_address)],
            subject=_("Your find of %(day)s is yours now") % {"day": _day(item.found_on)},
            paragraphs=[
                _("Good day %(name)s,") % {"name": finder.name},
                _(
                    "six months have passed since you reported your find, and nobody who is "
                    "entitled to it has come. You own it now (§ 973 BGB)."
                ),
            ],
            table=_facts(item, last),
            after=[
                _(
                    "Please tell us by %(until)s that you want it: by telephone, by e-mail, or by "
                    "coming to fetch it with your identity card. If we hear nothing by then, it "
                    "becomes the municipality’s (§ 976 Abs. 2 BGB)."
                )
                % {"until": last},
                _("If you don’t want it, a short word is enough."),
                _(
                    "Who lost it may ask back for three years what you have gained by it "
                    "(§ 977 BGB)."
                ),
            ],
            day=timezone.localdate(),
            about=reference(item),
            by=by,
        )
    return print_sheet(sheet)


def declaration_sheet(item: FoundItem, claimant: Claimant, *, by: User) -> bytes:
    """The demand of § 974 on paper. Raises NotPrinted."""
    with translation.override(on_paper(claimant.claim.language)):
        last = _day(item.declaration_ends)
        sheet = Sheet(
            office=item.office,
            to=[claimant.name, *lines_of(claimant.postal_address)],
            subject=_("Your claim to a found thing: please declare yourself"),
            paragraphs=[
                _("Good day %(name)s,") % {"name": claimant.name},
                _(
                    "the thing that you claim is here. Its finder asks whether you will meet the "
                    "finder’s claims to a reward and to expenses (§§ 970, 971, 974 BGB)."
                ),
            ],
            table=_facts(item, last),
            after=[
                _(
                    "Please declare by %(until)s that you will. If you don’t, the thing becomes "
                    "the finder’s, and your right to it ends (§ 974 BGB)."
                )
                % {"until": last}
            ],
            day=timezone.localdate(),
            about=reference(item),
            by=by,
        )
    return print_sheet(sheet)


def _facts(item: FoundItem, last: str) -> list[list[str]]:
    office = ", ".join(filter(None, [item.office.name, item.office.postal_address]))
    return [
        [_("Thing"), item.title],
        [_("Found"), _day(item.found_on)],
        [_("Reported"), _day(item.notice_on)],
        [_("Last day"), last],
        [_("Where it lies"), office],
    ]


def _day(day: Any) -> str:
    return formats.date_format(day, "j. F Y") if day else "–"


class FoundLetters(letters.Subject):
    """Letters about "found:CODE"."""

    prefix: ClassVar = "found"
    kinds: ClassVar[Mapping[str, str | Promise]] = {
        "finder_owns": gettext_lazy("To the finder: it is yours"),
        "declaration": gettext_lazy("To the owner: please declare yourself (§ 974)"),
        "moved_here": gettext_lazy("To an office: a found thing is on its way"),
    }

    def page(self, name: str) -> str:
        return reverse("fund-item", args=[name])

    def shown(self, name: str) -> str:
        return f"{name[:4]}-{name[4:]}"


def register() -> None:
    letters.register(FoundLetters())
