"""The law's and the matcher's codes in words, in one place: screens, letters and papers read here.

Sections by module. A dict is code → words; whoever needs a word first adds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from frontend.templatetags.frontend import distance
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
    "settle_claim": _("Settle the claim"),
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
    "claim_waits": _("Somebody says that it is theirs: until that is settled nothing leaves."),
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
    "claim": _("Somebody says that it is theirs. Settle the claim first."),
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
POLICY: Final[dict[str, tuple[Words, Words]]] = {
    "rounding": (_("Fractions of a cent"), _("How a finder’s reward is rounded, once at the end.")),
    "hold_until_working_day": (
        _("Give to the finder on a working day only"),
        _("An owner who comes on the Monday after a Sunday shall not be too late."),
    ),
    "collection_days": (
        _("Days for the finder to demand it"),
        _("From the letter that says it is theirs; after that it is the municipality’s."),
    ),
    "declaration_days": (
        _("Days for the owner to declare"),
        _("Whether the finder’s claims will be met (§ 974)."),
    ),
    "notice_days": (
        _("Days that a public notice hangs out"),
        _("The Land sets it; six weeks are the shortest known."),
    ),
    "online_auction_from": (
        _("Auctions on the internet from"),
        _("Empty: nobody has checked yet from when the new § 979 Abs. 1a counts."),
    ),
    "resubmission_days": (
        _("Days until a case comes back"),
        _("When a finder is silent or a decision is open."),
    ),
    "document_wait_days": (
        _("Days that papers and cards wait"),
        _("Then they go to their authority or issuer."),
    ),
    "data_media": (
        _("Data on phones and sticks"),
        _("Authorities disagree about what must happen before a medium goes to somebody new."),
    ),
    "public_grid_m": (
        _("Grid of public places in metres"),
        _("At least 250: finer would lead a stranger to the spot."),
    ),
    "photos_public": (
        _("Photos may be published"),
        _("Never of papers, cards, money and keys; staff release each one, in coarse blocks."),
    ),
    "open_loss_months": (
        _("Months that a loss is looked for"),
        _("Then we ask whether to go on, and erase it otherwise."),
    ),
    "evidence_days": (
        _("Days that evidence of a rejected claim stays"),
        _("Also what ended without a result."),
    ),
    "release_proof_years": (
        _("Years that the proof of a release stays"),
        _("Who took it, with the signature."),
    ),
    "ends_with_calendar_year": (
        _("Years end with the calendar year"),
        _("As limitation does (§ 199 BGB)."),
    ),
    "receipts_years": (
        _("Years that receipts stay"),
        _("Cash and fees, by the municipal accounting rules. They hold no names."),
    ),
    "offer_to_archive": (
        _("Offer to the archive before erasing"),
        _("The Land’s archive law asks for it."),
    ),
    "archive_days": (
        _("Days for the archive to answer"),
        _("An archive that is silent wants nothing."),
    ),
}
EXTRAS: Final[dict[str, Words]] = {
    "certificate": _("Finder’s receipt"),
    "insurance_certificate": _("Certificate for an insurance"),
    "data_wipe": _("Certified wipe of data"),
    "transport": _("Transport, such as of a bicycle"),
    "research": _("Research for the owner"),
    "postage": _("Postage"),
}
POLICY_VALUES: Final[dict[str, Words]] = {
    "half_up": _("up from half a cent"),
    "down": _("down"),
    "up": _("up"),
    "erase_if_feasible": _("erase if feasible, else hand on as it is"),
    "erase_or_keep": _("erase, else keep it"),
    "certified_wipe": _("certified wipe, else keep it"),
}
FORGETTING: Final[dict[str, Words]] = {
    "erase thing": _("Things: finder, claims, every word about it"),
    "erase evidence": _("Evidence of claims that came to nothing"),
    "ask loss": _("Losses: ask whether to go on"),
    "erase loss": _("Losses that have ended"),
}
RULING_REASONS: Final[dict[str, Words]] = {
    "general": _("Open ground or a private house: nobody runs it for the public."),
    "verkehrsfund": _("An authority or public transport runs it (§ 978 Abs. 1 BGB)."),
    "kein_fund": _("In private rooms things are not lost."),
    "klaerung": _("Whoever keeps the house may have it in possession already: staff decide."),
    "schatz": _("Decided by the municipality."),
    "unanbringbar": _("Decided by the municipality."),
}
OPERATORS: Final[dict[str, Words]] = {
    "nobody": _("nobody"),
    "federation": _("the Federation"),
    "land": _("the Land"),
    "municipality": _("the town or municipality"),
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
WHY_NO_PICTURE: Final[dict[str, Words]] = {
    "listed_kind": _("Papers, cards, money and keys are never shown in a photo."),
    "photos_allowed": _(
        "Your municipality shows no photos of found things. See “Settings”, “Law”."
    ),
}
FACTS_HELD_BACK: Final[dict[str, Words]] = {
    "colour_group": _("Colour"),
    "coarse_brand": _("Brand"),
    "coarse_place": _("Area (only the municipality is shown)"),
}

# ── intake: what stands against it, what follows from what was typed ─────────────────────────
INTAKE_PROBLEMS: Final[dict[str, Words]] = {
    "unknown_kind": _("Choose what it is."),
    "no_day": _("Enter a day such as 24.12.2026."),
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
    "data_medium": _(
        "The IMEI or serial number finds its owner, who gets it back with all data. Before it goes "
        "to anybody else, note on its page what was done about the data."
    ),
    "cash": _("Never published. Count it with a second person; it goes into safe keeping."),
    "perishable": _("Perishable: sell it or throw it away today, with an entry."),
    "bicycle": _("Note the frame number; the police compare it with stolen ones."),
}

# ── release: what is missing before a thing may leave, and what to do about it ───────────────
# Codes of law.release.Missing and gate.House.
RELEASE_MISSING: Final[dict[str, tuple[Words, Words]]] = {
    "owner_verified": (
        _("Nobody has shown yet that it is theirs, or no identity paper was looked at."),
        _("Confirm a claim and tick that you have seen the identity paper."),
    ),
    "fees_settled": (
        _("The fee is not paid."),
        _("Book the payment, or let the fee off with a reason."),
    ),
    "consent_recorded": (
        _("The finder has not agreed to the handing over (§ 975 sentence 3 BGB)."),
        _("Ask the finder and note the answer. Silent or refusing: hold it, resubmit."),
    ),
    "condition_met": (
        _("The finder agrees on a condition that is not met yet."),
        _("Book reward and expenses if they are the condition, then note that it is met."),
    ),
    "not_in_office": (
        _("The finder keeps the thing at home and hands it over alone (§ 969 BGB)."),
        _("Bring both together; close the case once it has happened."),
    ),
    "still_theirs": (
        _("It has become somebody else’s by law. The former owner can only ask for what they got."),
        _("Refer to § 977 BGB: three years, against the finder or the town."),
    ),
    "regime_settled": (
        _("It is not decided which law holds for this find."),
        _("Decide it on the page of the thing."),
    ),
    "monument_authority": (
        _("It may be a treasure: the monument authority decides first."),
        _("Report it there and wait for the answer."),
    ),
    "police_matter": (
        _("There is something in it that belongs to the police, not into our hands."),
        _("Call the police. Nothing of it is handed out here."),
    ),
    "finder_owns": (
        _("It is not the finder’s: six months are not over, somebody came, or they waived it."),
        _("See the deadline on the page of the thing."),
    ),
    "working_day": (
        _("It is the finder’s, but an owner could still come on the next working day."),
        _("Hand it over from the day after on."),
    ),
    "identity_checked": (
        _("No identity paper was looked at."),
        _("Tick that you have seen it."),
    ),
    "data_erased": (
        _("There are data on it that nobody has dealt with."),
        _("Note on the page of the thing what was done about them."),
    ),
    "claim_undecided": (
        _("Somebody else says, too, that it is theirs."),
        _("Decide on their claim first."),
    ),
    "already_gone": (
        _("It is not here any more."),
        _("Handed over today by mistake? Undo it."),
    ),
    "whereabouts": (
        _("It is not at its place, and nobody knows where it is."),
        _("Find it first, and scan it."),
    ),
    "not_for_finders": (
        _("Identity papers and cards never become the finder’s."),
        _("Pass it on to its authority or issuer."),
    ),
    "stays_here": (
        _("The data on it can’t be erased; by the town’s rule it never goes to anybody new."),
        _("It stays here or is destroyed."),
    ),
}
# law.reward.Why and dues.Why.
DUE_REASONS: Final[dict[str, Words]] = {
    "by_law": _("by law, of the value"),
    "by_discretion": _("worth something to its owner only: you decide what is fair"),
    "waived": _("the finder waives it, or nobody is known"),
    "notice_duty_breached": _("lost: the find was not reported in time"),
    "concealed": _("lost: the find was concealed"),
    "delivery_breached": _("lost: the find was not delivered in time"),
    "finder_is_staff": _("none for staff of the place"),
    "below_50": _("none below 50 euros (§ 978)"),
    "no_finders_rights": _("no finder’s rights here"),
    "by_table": _("by the table of fees"),
    "no_table": _("the town has no table of fees"),
    "value_unknown": _("the value is not estimated yet"),
    "as_noted": _("as noted"),
    "surcharge": _("charged besides, by the table of fees"),
}

# ── matching: what staff read of a match ─────────────────────────────────────────────────────
MATCH_PARTS: Final[dict[str, Words]] = {
    "number": _("Number"),
    "text": _("Words"),
    "kind": _("Kind"),
    "colour": _("Colour"),
    "brand": _("Brand"),
    "details": _("Details"),
    "place": _("Place"),
    "days": _("Days"),
}
# Component and what it said (matching.score).
MATCH_REASONS: Final[dict[tuple[str, str], Words]] = {
    ("number", "same"): _("the same number"),
    ("number", "tail"): _("the same last characters"),
    ("number", "other"): _("another number"),
    ("text", "alike"): _("the words fit"),
    ("text", "some"): _("some words fit"),
    ("text", "other"): _("other words"),
    ("kind", "same"): _("the same kind"),
    ("kind", "group"): _("a similar kind"),
    ("kind", "other"): _("another kind"),
    ("colour", "same"): _("the same colour"),
    ("colour", "near"): _("a similar colour"),
    ("colour", "other"): _("another colour"),
    ("brand", "same"): _("the same brand"),
    ("brand", "other"): _("another brand"),
    ("details", "same"): _("details fit"),
    ("details", "other"): _("details do not fit"),
    ("place", "near"): _("close by"),
    ("place", "town"): _("in the same area"),
    ("place", "far"): _("far away"),
    ("days", "before"): _("found before the loss"),
    ("days", "soon"): _("found within a week"),
    ("days", "weeks"): _("found within two months"),
    ("days", "late"): _("found much later"),
}


def match_fact(component: Mapping[str, Any]) -> str:
    """What a component was reckoned from: „420 m“, „3 Tage“, „Leder, Eiffelturm“."""
    if "metres" in component:
        return distance(component["metres"])
    if "days" in component:
        days = int(component["days"])
        if not days:
            return gettext("the same day")
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return ", ".join(component.get("words", []))


# ── amending: what was changed, in the history of a thing ────────────────────────────────────
FIELD_NAMES: Final[dict[str, Words]] = {
    "kind": _("Kind"),
    "colour": _("Colour"),
    "second_colour": _("Second colour"),
    "brand": _("Brand"),
    "description": _("Description"),
    "found_on": _("Found on"),
    "found_time": _("Time of the find"),
    "handed_over_on": _("Handed in there on"),
    "handed_over_to": _("First handed in to"),
    "notice_on": _("Reported to us on"),
    "found_at": _("Point on the map"),
    "place_text": _("Place of find"),
    "find_place": _("Kind of place"),
    "place_kind": _("Kind of place"),
    "circumstance": _("How it came there"),
    "regime": _("Law"),
    "value": _("Value"),
    "value_cents": _("Amount"),
    "finder": _("Finder"),
    "claims_ownership": _("Ownership after six months"),
    "claims_reward": _("Finder’s reward"),
    "claims_expenses": _("Expenses"),
    "consent": _("Finder’s consent"),
    "may_be_named": _("Being named to the owner"),
    "parts": _("Parts"),
    "marks": _("Marks and questions"),
    "photos": _("Photos"),
    "public_photo": _("Photo in public view"),
}

# ── what a finder may give up later ─────────────────────────────────────────────────────────
WAIVERS: Final[dict[str, Words]] = {
    "reward": _("I waive a finder’s reward."),
    "expenses": _("I waive my expenses."),
    "ownership": _("I waive ownership."),
}

# ── finders' reports, as staff speak of them ─────────────────────────────────────────────────
FIND_STATES: Final[dict[str, Words]] = {
    "waiting": _("Waits for intake"),
    "query": _("Asked back"),
    "kept": _("At the finder’s"),
    "taken_in": _("Taken in"),
    "rejected": _("Declined"),
    "withdrawn": _("Taken back by the finder"),
}
