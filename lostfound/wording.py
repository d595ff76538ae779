"""The law's and the matcher's codes in words, in one place: screens, letters and papers read here.

Sections by module. A dict is code → words; whoever needs a word first adds it.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
