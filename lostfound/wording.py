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

# ── deadlines, disposal, retention ───────────────────────────────────────────────────────────
STEPS: Final[dict[str, Words]] = {
    "wait": _("Wait"),
    "settle_regime": _("Decide which law holds"),
    "monument_authority": _("Report to the monument authority"),
    "end_without_find": _("Pass on or dispose of: not a find"),
    "forward": _("Pass on"),
    "release_to_owner": _("Give to the owner"),
    "tell_finder": _("Tell the finder"),
    "hand_to_finder": _("Give to the finder"),
    "take_in": _("Have it delivered"),
    "close_case": _("Close the case"),
    "sell_early": _("Sell at once"),
    "sell": _("Sell"),
    "give": _("Give away"),
    "destroy": _("Destroy"),
    "publish_notice": _("Announce publicly"),
    "auction": _("Auction"),
    "auction_online": _("Auction on the internet"),
    "keep_proceeds": _("Keep the money"),
    "book_proceeds": _("Book the money"),
}
RULES: Final[dict[str, Words]] = {
    "stopped": _("Such a thing is never stored: police or weapons authority at once."),
    "animal": _("An animal goes to the shelter at once."),
    "decide": _("It is open which law holds: staff decide."),
    "treasure": _("A treasure: the monument authority first."),
    "no_find": _("Not a find in law: pass on to whom it belongs, or dispose of it."),
    "papers_wait": _("Papers and cards wait for their owner for a while."),
    "papers_leave": _("Nobody has fetched it: it goes to its authority or issuer."),
    "six_months": _("Six months after the report it becomes the finder’s or the municipality’s."),
    "concealed": _("The finder concealed it and does not become its owner: legal office."),
    "claimed": _("Somebody entitled has come: hand it over, or ask again."),
    "declaration": _("The owner must say whether the finder’s claims will be met."),
    "finders": _("It is the finder’s now: tell them by when to demand it."),
    "collection": _("The finder has until then to demand it; after that it is the municipality’s."),
    "demanded": _("The finder wants it: hand it over."),
    "towns": _("It is the municipality’s own now: no notice is needed."),
    "spoils": _("It spoils or costs too much to keep: at once."),
    "notice_due": _("Nothing may be auctioned before a public notice."),
    "notice_runs": _("Rights can be registered until the notice ends."),
    "notice_over": _("The notice is over, and nobody has come."),
    "proceeds_kept": _("Money is kept for three years after the notice."),
    "proceeds_fall": _("Three years are over: the money falls to whoever runs the place."),
    "take_in": _("The finder still has it and must deliver it."),
    "close": _("The finder has kept it, and it is theirs now."),
}
CERTAINTIES: Final[dict[str, Words]] = {
    "A": _("Statute"),
    "B": _("Practice"),
    "C": _("Our reading, a setting"),
}
KEPT: Final[dict[str, Words]] = {
    "not_now": _("The law does not allow it now."),
    "data": _("Nobody has noted what was done about the data on it."),
    "other_office": _("It is at another office."),
    "proposed": _("It stands in another proposal already."),
    "refused": _("Refused."),
    "nobody": _("No finder’s name is known."),
    "lot": _("It is a lot of an auction already."),
    "gone": _("It is not here any more."),
    "cash": _("The ledger holds less than should be booked."),
}
ADDRESSEES: Final[dict[str, Words]] = {
    "issuing_authority": _("Issuing authority"),
    "office_of_residence": _("Registry office of the place of residence"),
    "federal_found_papers": _("Federal Office of Administration, Fundpapierstelle"),
    "issuer": _("Bank or insurer that issued it"),
    "police": _("Police"),
    "weapons_authority": _("Weapons authority"),
    "shelter": _("Animal shelter"),
    "other_office": _("Office of another municipality"),
    "monuments": _("Monument authority"),
    "keeper": _("Police or keeper of the house"),
}
DATA_STEPS: Final[dict[str, Words]] = {
    "erase": _("Erased"),
    "wipe_with_certificate": _("Wiped with a certificate"),
    "hand_on_as_it_is": _("Cannot be erased: handed on as it is"),
    "keep": _("Cannot be erased: stays here"),
}
OPERATORS: Final[dict[str, Words]] = {
    "nobody": _("nobody"),
    "federation": _("the Federation"),
    "land": _("the Land"),
    "municipality": _("the municipality"),
    "company": _("the company that runs it"),
}

# ── law.duty: what a finder owes ─────────────────────────────────────────────────────────────
DUTIES: Final[dict[str, Words]] = {
    Duty.NONE: _("You need not report it."),
    Duty.REPORT: _("Whoever finds something worth more than 10 € has to report it at once."),
    Duty.TELL_OWNER: _("You know whose it is: tell them at once."),
    Duty.DELIVER: _("What is found there has to be handed in there at once."),
}

# ── law.publication: what keeps a thing out of public view, what staff may hold back ─────────
WHY_NOT_PUBLIC: Final[dict[str, Words]] = {
    "listed_kind": _("Things of this kind are never listed: papers, cards, cash, weapons, drugs."),
    "hidden_mark": _(
        "A hidden mark is missing. Note what only the owner can know, or that no mark can be seen."
    ),
    "a_whole": _("It is part of another thing. Parts are never listed."),
    "still_here": _("It has its owner already, or is no longer here."),
}
FACTS_HELD_BACK: Final[dict[str, Words]] = {
    "colour_group": _("Colour"),
    "coarse_brand": _("Brand"),
    "coarse_place": _("Area (only the municipality is shown)"),
}

# ── intake: what stands against it, what follows from what was typed ─────────────────────────
INTAKE_PROBLEMS: Final[dict[str, Words]] = {
    "unknown_kind": _("Choose what it is."),
    "stopped": _("We don’t take such things in. Call those whose matter it is."),
    "too_many_parts": _("Twenty parts are the most. Put what is alike into one line."),
    "future": _("This day is still to come. Check the date."),
    "days_out_of_order": _("First found, then handed in, then reported: check the days."),
    "no_place": _("Enter where it was found, or choose a kind of place and say “unknown”."),
    "reason_missing": _("Write down why another law holds than the one proposed."),
    "no_amount": _("Enter the amount, or choose “up to 10.00 €” or “not estimated yet”."),
    "finder_name": _("Enter the finder’s name, or choose “stays anonymous”."),
    "finder_address": _("Enter the finder’s address. Only who waives everything needs none."),
    "guardian": _("Name a parent or guardian: the finder is under 18 and claims a right."),
    "right_not_asked": _("Ask the finder, and choose “claims it” or “waives it”."),
    "consent_not_asked": _("Ask whether we may give the thing to its owner."),
    "condition": _("Write down the condition."),
    "keeper_unknown": _("Who keeps the thing at home must give name and address."),
    "must_deliver": _("Such a thing must be delivered. The finder may not keep it at home."),
    "no_mark": _("Note a mark that only the owner can know, or tick that there is none."),
    "mark_too_short": _("This number is too short to be compared. Check it."),
    "no_photos": _("Take no photo of papers, cards and money. Remove it."),
    "photo_lost": _("A photo did not arrive. Please add it again."),
}
CONSENT_ANSWERS: Final[dict[str, Words]] = {
    "given": _("Yes"),
    "conditional": _("Yes, on a condition"),
    "refused": _("No"),
    "none": _("Gives no answer"),
}
PRESUMPTIONS: Final[dict[str, Words]] = {
    "lost": _("Presumed to be lost as long as nobody proves that it was thrown away."),
    "keeper_of_the_house": _(
        "Whoever keeps the house may have it in possession already: please decide."
    ),
    "monument_authority_first": _("Ask the monument authority before anything else."),
}
FINDERS_DUTIES: Final[dict[str, Words]] = {
    "none": _("The finder did not have to report it (up to 10.00 €)."),
    "report": _("The finder had to report it (more than 10.00 €)."),
    "tell_owner": _("The finder had to tell the owner."),
    "deliver": _("The finder had to deliver it at once, whatever it is worth."),
}
KIND_HINTS: Final[dict[str, Words]] = {
    "identity_paper": _("Never published, no photo. It goes to the authority that issued it."),
    "foreign_paper": _(
        "Never published, no photo. It goes to the Federal Office of Administration "
        "(Fundpapierstelle)."
    ),
    "card": _("Never published, no photo. It goes to the bank or insurer that issued it."),
    "purse": _("A name inside: tell the owner at once. Papers and cards are parts of their own."),
    "keys": _("Take no number and no address into the description."),
    "data_medium": _("The IMEI or serial number finds its owner. The data stay untouched."),
    "cash": _("Never published. Count it with a second person; it goes into safe keeping."),
    "perishable": _("Perishable: sell it or throw it away today, with an entry."),
    "bicycle": _("Note the frame number; the police compare it with stolen ones."),
}
