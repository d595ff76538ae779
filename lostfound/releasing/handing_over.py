"""Herausgabe: what the counter does until a thing is in the right hands, and once it is.

One function and one transaction per deed. The gate (gate.py) is asked again under the lock, so
nothing leaves on what was true a minute ago.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from lostfound.law import Regime
from lostfound.law.release import Then, resubmission
from lostfound.models import (
    Claim,
    Claimant,
    ClaimEvent,
    ClaimEventKind,
    ClaimState,
    Consent,
    EventKind,
    Finder,
    FoundItem,
    Handover,
    Holder,
    Inquiry,
    LossEventKind,
    LossState,
    Match,
    MatchState,
    ReceiptBy,
    ReceiptCode,
    Receiver,
    Whose,
)
from lostfound.personal import disclosure
from lostfound.recording import locked, record, record_loss
from lostfound.releasing import gate
from lostfound.releasing import letters as handover_letters
from lostfound.releasing.dues import Dues, dues_of
from lostfound.releasing.gate import Gate
from lostfound.storing import custody
from lostfound.terms import policy_of
from lostfound.workflow import State, check_move
from townhall import letters
from townhall.calendar import Calendar
from townhall.limits import alias
from townhall.models import User

CODE_MINUTES = 30
CODE_TRIES = 5

_GOALS = {
    Receiver.OWNER: State.RELEASED,
    Receiver.PROXY: State.RELEASED,
    Receiver.FINDER: State.TO_FINDER,
    Receiver.AUTHORITY: State.FORWARDED,
}
_HOLDERS = {
    Receiver.OWNER: Holder.OWNER,
    Receiver.PROXY: Holder.OWNER,
    Receiver.FINDER: Holder.FINDER,
    Receiver.AUTHORITY: Holder.OFFICE,
}


@dataclass(eq=False)
class NotAllowed(Exception):
    """The gate says no. `gate.missing` says what is missing."""

    gate: Gate


@dataclass(eq=False)
class TooLate(Exception):
    """Somebody has changed the thing since it was shown."""

    item: FoundItem


class NoReceipt(Exception):
    """Neither a signature nor the right code, nor a tick for paper."""


class NotToday(Exception):
    """Undone is only what happened today."""


class NoMailbox(Exception):
    """A code needs somewhere to go."""


# ── The finder's word ────────────────────────────────────────────────────────────────────────
def note_consent(
    item: FoundItem, consent: Consent, *, by: User, on: dt.date, condition: str = ""
) -> FoundItem:
    """What the finder says to a release (§ 975 S. 3). A new word takes the place of an old one."""
    with transaction.atomic():
        item = locked(item)
        item.consent = consent
        item.consent_on = None if consent == Consent.NONE else on
        item.consent_condition = condition if consent == Consent.CONDITIONAL else ""
        item.condition_met_on = None
        if consent in {Consent.GIVEN, Consent.CONDITIONAL}:
            Inquiry.objects.filter(item=item).delete()
        record(item, EventKind.CONSENT, by=by, facts={"consent": str(consent)})
    return item


def meet_condition(item: FoundItem, *, by: User, on: dt.date) -> FoundItem:
    """Staff say that what the finder asked for has happened. Again = no change."""
    with transaction.atomic():
        item = locked(item)
        if item.consent == Consent.CONDITIONAL and item.condition_met_on is None:
            item.condition_met_on = on
            record(item, EventKind.CONSENT, by=by, facts={"consent": "condition_met"})
    return item


def ask_finder(item: FoundItem, *, by: User, on: dt.date, note: str = "") -> Inquiry:
    """The finder was asked and is silent, or refuses: the case comes back on a working day."""
    with transaction.atomic():
        item = locked(item)
        town = item.office.municipality
        comes_back = resubmission(
            on, is_working_day=Calendar.of(town).is_working_day, policy=policy_of(town)
        )
        inquiry, _new = Inquiry.objects.update_or_create(
            item=item,
            defaults={"asked_on": on, "resubmit_on": comes_back, "note": note, "by": by},
        )
        facts = {"resubmit_on": comes_back.isoformat()}
        record(item, EventKind.FINDER_ASKED, by=by, text=note, facts=facts)
    return inquiry


# ── A code in place of a signature ───────────────────────────────────────────────────────────
def send_code(claim: Claim, *, by: User) -> None:
    """Six digits to the owner's mailbox. A new one takes the place of an old one.

    Raises NoMailbox.
    """
    now = timezone.now()
    with transaction.atomic():
        claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        to = Claimant.objects.filter(claim=claim).values_list("email", flat=True).first()
        if not to:
            raise NoMailbox
        code = f"{secrets.randbelow(10**6):06d}"
        ReceiptCode.objects.update_or_create(
            claim=claim, defaults={"digest": _code_digest(claim, code), "sent_at": now, "tries": 0}
        )
        letters.post(handover_letters.receipt_code(claim, to, code, at=now))


def _code_fits(claim: Claim | None, said: str) -> bool:
    """Counts the try. In a transaction of its own: a wrong code must stay counted."""
    if claim is None:
        return False
    with transaction.atomic():
        row = ReceiptCode.objects.select_for_update().filter(claim=claim).first()
        fresh = timezone.now() - dt.timedelta(minutes=CODE_MINUTES)
        if row is None or row.sent_at < fresh or row.tries >= CODE_TRIES:
            return False
        row.tries += 1
        row.save(update_fields=["tries"])
    digits = "".join(sign for sign in said if sign.isdigit())
    return hmac.compare_digest(row.digest, _code_digest(claim, digits))


def _code_digest(claim: Claim, code: str) -> str:
    """Keyed: six digits alone could be tried out on a copy of the database."""
    return alias(f"receipt code {claim.pk}", code)


# ── Handing over ─────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Slip:
    """What the counter fills in. `name`: who takes it. `code`: as it was said at the counter."""

    client_id: UUID
    receiver: Receiver
    name: str
    receipt: ReceiptBy
    claim: Claim | None = None
    reference: str = ""
    authorisation_seen: bool = False
    identity_checked: bool = False
    signature: Sequence[Sequence[int]] = field(default_factory=list)
    code: str = ""
    on_paper: bool = False
    version: int | None = None


def hand_over(item: FoundItem, slip: Slip, *, by: User) -> Handover:
    """The thing leaves, with its parts. Exactly once per `client_id`.

    Raises NoReceipt, TooLate, NotAllowed, IllegalMove.
    """
    if known := Handover.objects.filter(client_id=slip.client_id, item=item).first():
        return known
    _check_receipt(slip)
    now = timezone.now()
    with transaction.atomic():
        claim = _locked_claim(slip.claim)
        item = locked(item)
        if known := Handover.objects.filter(client_id=slip.client_id, item=item).first():
            return known
        if slip.version is not None and slip.version != item.version:
            raise TooLate(item)
        if claim is not None and slip.identity_checked:
            _note_identity(claim, by=by, now=now)
        found = gate_of(item, slip, claim, on=timezone.localdate(now))
        if not found.allowed:
            raise NotAllowed(found)
        handover = _write(item, slip, claim, found, by=by, now=now)
        for thing in found.things:
            _leave(thing, item, handover, by=by, now=now)
        if claim is not None:
            _settle_claim(claim, ClaimState.RELEASED, ClaimEventKind.RELEASED, by=by, now=now)
            _settle_loss(claim, by=by)
        handover.facts["matches"] = _close_matches(item, claim, now=now)
        handover.save(update_fields=["facts"])
        Inquiry.objects.filter(item=item).delete()
        letters.post(*_letters(item, claim, found, handover))
    return handover


def _note_identity(claim: Claim, *, by: User, now: dt.datetime) -> None:
    """The tick on the last page counts as one before it. The caller's deed saves the claim."""
    if claim.identity_checked_at is None:
        claim.identity_checked_at, claim.identity_checked_by = now, by


def gate_of(item: FoundItem, slip: Slip, claim: Claim | None, *, on: dt.date) -> Gate:
    match slip.receiver:
        case Receiver.FINDER:
            return gate.to_finder(item, on=on, identity_checked=slip.identity_checked)
        case Receiver.AUTHORITY:
            return gate.to_authority(item, on=on)
    return gate.to_owner(item, claim, on=on, receiver=slip.receiver)


def _check_receipt(slip: Slip) -> None:
    match slip.receipt:
        case ReceiptBy.SIGNATURE:
            is_there = sum(len(stroke) for stroke in slip.signature) >= 8
        case ReceiptBy.CODE:
            is_there = _code_fits(slip.claim, slip.code)
        case ReceiptBy.PAPER:
            is_there = slip.on_paper
    if not is_there:
        raise NoReceipt


def _locked_claim(claim: Claim | None) -> Claim | None:
    if claim is None:
        return None
    return Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)


def _write(
    item: FoundItem, slip: Slip, claim: Claim | None, found: Gate, *, by: User, now: dt.datetime
) -> Handover:
    facts = {
        "regime": item.regime,
        "consent": item.consent,
        "consent_on": item.consent_on and item.consent_on.isoformat(),
        "condition": item.consent_condition,
        "condition_met_on": item.condition_met_on and item.condition_met_on.isoformat(),
        "money": _money(found.dues),
        "things": [{"code": each.code, "state": each.state} for each in found.things],
    }
    return Handover.objects.create(
        item=item,
        claim=claim,
        client_id=slip.client_id,
        receiver=slip.receiver,
        name=slip.name,
        reference=slip.reference,
        authorisation_seen=slip.authorisation_seen,
        receipt=slip.receipt,
        signature=list(slip.signature) if slip.receipt == ReceiptBy.SIGNATURE else [],
        ground=found.answer.ground.cite,
        facts=facts,
        at=now,
        by=by,
    )


def _money(dues: Dues) -> list[dict[str, Any]]:
    """Each line as it stood: what was due, what was paid, whether it was let off."""
    return [
        {
            "account": due.account.value,
            "due": due.cents,
            "paid": due.paid,
            "waived": due.waiver is not None,
        }
        for due in dues.shown
    ]


def _leave(
    thing: FoundItem, whole: FoundItem, handover: Handover, *, by: User, now: dt.datetime
) -> None:
    receiver = Receiver(handover.receiver)
    row = whole if thing.pk == whole.pk else locked(thing)
    check_move(State(row.state), _GOALS[receiver])
    custody.pass_on(row, _HOLDERS[receiver], by=by, at=now)
    row.state = _GOALS[receiver]
    row.closed_at = now
    record(row, EventKind.HANDED_OVER, by=by, facts={"to": receiver.value}, at=now)


def _settle_claim(
    claim: Claim, state: ClaimState, kind: ClaimEventKind, *, by: User, now: dt.datetime
) -> None:
    claim.state = state
    claim.version += 1
    claim.save()
    ClaimEvent.objects.create(claim=claim, kind=kind, version=claim.version, at=now, actor=by)


def _settle_loss(claim: Claim, *, by: User) -> None:
    loss = claim.loss
    if loss is not None and loss.state == LossState.OPEN:
        loss.state = LossState.FOUND
        loss.closed_at = timezone.now()
        record_loss(loss, LossEventKind.FOUND, by=by)


def _close_matches(
    item: FoundItem, claim: Claim | None, *, now: dt.datetime
) -> list[tuple[int, str]]:
    """Other losses are not this thing. Returns the states before, for undoing."""
    open_ones = Match.objects.filter(item=item, state=MatchState.OPEN)
    before = list(open_ones.values_list("pk", "state"))
    if claim is not None and claim.loss_id:
        own = open_ones.filter(loss=claim.loss_id)
        own.update(state=MatchState.IS_IT, decided_at=now)
    open_ones.update(state=MatchState.REJECTED, decided_at=now)
    return before


def _letters(
    item: FoundItem, claim: Claim | None, found: Gate, handover: Handover
) -> list[letters.Draft]:
    """Finder and owner are told; where the law gives each the other's address, that it comes on
    paper.

    Under § 978 the finder is told when a reward is due (Abs. 2 S. 5); else whoever asked for
    something under §§ 970–973, or kept the thing, gets a word, too.
    """
    if handover.receiver not in {Receiver.OWNER, Receiver.PROXY}:
        return []
    finder = Finder.objects.filter(item=item).first()
    owner = Claimant.objects.filter(claim=claim).first() if claim else None
    told = disclosure.may_tell(item, found.dues)
    drafts = []
    if finder is not None and finder.email:
        must = Then.NOTIFY_FINDER in found.answer.then
        by_post = told.allowed and owner is not None
        drafts.append(
            handover_letters.to_finder(item, finder, handover, by_post=by_post, must_tell=must)
        )
    if owner is not None and owner.email and claim is not None:
        by_post = told.allowed and finder is not None
        drafts.append(handover_letters.to_owner(claim, owner, handover, by_post=by_post))
    return drafts


def paper_for_finder(handover: Handover, *, by: User) -> bytes | None:
    """The letter to the finder on paper; what it tells is noted. None: nobody to tell.

    Raises NotPrinted.
    """
    item, owner = _parties(handover)
    finder = Finder.objects.filter(item=item).first()
    if finder is None:
        return None
    owed = _owed(item, handover)
    told = disclosure.may_tell(item, owed)
    known = owner if told.allowed else None
    paper = handover_letters.finder_sheet(
        item,
        finder,
        handover,
        owner=known,
        must_tell=item.law_regime is Regime.VERKEHRSFUND and owed.reward_due,
        by=by,
    )
    _note_disclosure(item, Whose.OWNER, "finder", told.ground.cite, bool(known), by=by)
    return paper


def paper_for_owner(handover: Handover, *, by: User) -> bytes | None:
    """The same for an owner. Raises NotPrinted."""
    item, owner = _parties(handover)
    finder = Finder.objects.filter(item=item).first()
    if owner is None or handover.claim is None:
        return None
    told = disclosure.may_tell(item, _owed(item, handover))
    known = finder if told.allowed else None
    paper = handover_letters.owner_sheet(handover.claim, item, owner, handover, finder=known, by=by)
    _note_disclosure(item, Whose.FINDER, "owner", told.ground.cite, bool(known), by=by)
    return paper


def _parties(handover: Handover) -> tuple[FoundItem, Claimant | None]:
    owner = Claimant.objects.filter(claim=handover.claim_id).first() if handover.claim_id else None
    return handover.item, owner


def _owed(item: FoundItem, handover: Handover) -> Dues:
    return dues_of(item, on=timezone.localdate(handover.at))


def _note_disclosure(
    item: FoundItem, whose: Whose, to: str, cite: str, is_told: bool, *, by: User
) -> None:
    if is_told:
        disclosure.note(item, whose, to, cite, by=by)


# ── Undoing ──────────────────────────────────────────────────────────────────────────────────
def may_undo(handover: Handover, *, on: dt.date) -> bool:
    return handover.undone_at is None and timezone.localdate(handover.at) == on


def undo(handover: Handover, *, by: User, reason: str) -> Handover:
    """A wrong scan, a wrong person: within the day, with the reason; the money is the cash desk's.

    Again = no change. Raises NotToday, IllegalMove.
    """
    now = timezone.now()
    with transaction.atomic():
        claim = _locked_claim(handover.claim)
        item = locked(handover.item)
        handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        if handover.undone_at is not None:
            return handover
        if not may_undo(handover, on=timezone.localdate(now)):
            raise NotToday
        handover.undone_at, handover.undone_by, handover.undone_reason = now, by, reason
        handover.save()
        if claim is not None:
            _settle_claim(claim, ClaimState.CONFIRMED, ClaimEventKind.UNDONE, by=by, now=now)
        for fact in handover.facts["things"]:
            thing = FoundItem.objects.get(code=fact["code"])
            _come_back(item if thing.pk == item.pk else locked(thing), fact["state"], reason, by=by)
        for pk, state in handover.facts.get("matches", []):
            Match.objects.filter(pk=pk).update(state=state, decided_at=None)
    return handover


def _come_back(row: FoundItem, state: str, reason: str, *, by: User) -> None:
    """To the counter, and to the state it had: what was fetched before may be fetched again."""
    check_move(State(row.state), State.HELD)
    row.state = State.HELD
    if state == State.READY:
        check_move(State.HELD, State.READY)
        row.state = State.READY
    row.closed_at = None
    with translation.override("de"):  # the log is read at the counter, whoever wrote it
        why = gettext("Handing over undone")
    custody.pass_on(row, Holder.COUNTER, by=by, reason=why)
    record(row, EventKind.HANDOVER_UNDONE, by=by, text=reason)
