"""The law's and the matcher's codes in words, in one place: screens, letters and papers read here.

Sections by module. A dict is code → words; whoever needs a word first adds it.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lostfound.law.duty import Duty

Words = str | Promise

# ── matching: what an owner may know ─────────────────────────────────────────────────────────
# Coarse on purpose: component and what it said, both made of the public record alone.
PUBLIC_REASONS: Final[dict[tuple[str, str], Words]] = {
    ("kind", "same"): _("same kind"),
    ("kind", "group"): _("similar kind"),
    ("colour", "same"): _("same colour"),
    ("colour", "near"): _("similar colour"),
    ("brand", "same"): _("same brand"),
    ("place", "same"): _("same part of town"),
    ("place", "near"): _("close by"),
    ("place", "town"): _("same municipality"),
    ("days", "same"): _("same days"),
    ("days", "week"): _("same week"),
    ("days", "later"): _("found later"),
}
STRENGTHS: Final[dict[str, Words]] = {
    "good": _("good match"),
    "fair": _("fair match"),
    "weak": _("weak match"),
}

# ── law.duty: what a finder owes ─────────────────────────────────────────────────────────────
DUTIES: Final[dict[str, Words]] = {
    Duty.NONE: _("You need not report it."),
    Duty.REPORT: _("Whoever finds something worth more than 10 € has to report it at once."),
    Duty.TELL_OWNER: _("You know whose it is: tell them at once."),
    Duty.DELIVER: _("What is found there has to be handed in there at once."),
}
