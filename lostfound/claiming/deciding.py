"""What staff do to a claim: ask, confirm, reject, see the identity paper. One transaction each.

`version` is what the member of staff had before their eyes: if the claim has moved since, the
deed is refused with TooLate. The thing's row is locked after the claim's, in every deed.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from lostfound.claiming import claims
from lostfound.claiming import letters as claim_letters
from lostfound.models import (
    Claim,
    Claimant,
    ClaimEvent,
    ClaimEventKind,
    ClaimState,
    ClaimTry,
    EventKind,
    FoundItem,
)
from lostfound.models.claims import OPEN_CLAIMS, UNDECIDED
from lostfound.recording import locked, record
from lostfound.workflow import State, check_move
from townhall import letters
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.models import User

# No Y and Z, which a scanner with an English keyboard swaps; nothing that looks like a digit.
LETTERS = "ABCDEFGHKLMNPRTUVWX"
PICKUP_LETTERS = 6

MOVES: dict[ClaimState, frozenset[ClaimState]] = {
    ClaimState.QUERY: UNDECIDED,
    ClaimState.CONFIRMED: UNDECIDED,
    ClaimState.REJECTED: OPEN_CLAIMS,
}


@dataclass(eq=False)
class TooLate(Exception):
    """Somebody was faster. `changes` are the events since the version that was shown."""

    claim: Claim
    changes: tuple[ClaimEvent, ...]


class ThingIsGone(Exception):
    """It is not in our hands any more: nobody's claim to it can be confirmed."""


class AnotherIsConfirmed(Exception):
    """Two people can't both own it: end the other claim first."""


@dataclass
class Work:
    """A deed in the making: the locked rows."""

    claim: Claim
    item: FoundItem
    by: User
    now: dt.datetime
    drafts: list[letters.Draft] = field(default_factory=list)

    def tell(self, kind: ClaimEventKind, text: str = "") -> None:
        self.claim.version += 1
        self.claim.save()
        ClaimEvent.objects.create(
            claim=self.claim,
            kind=kind,
            version=self.claim.version,
            at=self.now,
            actor=self.by,
            text=text,
        )

    def decide(self, state: ClaimState, reason: str) -> None:
        self.claim.state = state
        self.claim.reason = reason
        self.claim.decided_at = self.now
        self.claim.decided_by = self.by

    @property
    def email(self) -> str:
        """Where letters go; empty for who wants a call or paper."""
        known = Claimant.objects.filter(claim=self.claim).values_list("email", flat=True)
        return known.first() or ""


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────
def ask(claim: Claim, *, by: User, text: str, version: int | None = None) -> Claim:
    """A question that the claimant answers by their link. Raises TooLate."""
    with _work(claim, by=by, version=version, goal=ClaimState.QUERY) as work:
        work.decide(ClaimState.QUERY, text)
        work.claim.decided_at = work.claim.decided_by = None
        work.tell(ClaimEventKind.ASKED, text)
        if work.email:
            token = claims.own_token(work.claim)
            work.drafts.append(claim_letters.asked(work.claim, work.email, token))
        record(work.item, EventKind.CHANGED, by=by, facts={"claim": work.claim.code})
    return work.claim


def confirm(claim: Claim, *, by: User, version: int | None = None, reason: str = "") -> Claim:
    """The thing is theirs. It waits to be fetched, and the finder's clock stands still.

    The day of law is that on which the right was registered here, not that of the decision
    (§ 973 Abs. 1 BGB). Raises TooLate, ThingIsGone, AnotherIsConfirmed.
    """
    with _work(claim, by=by, version=version, goal=ClaimState.CONFIRMED) as work:
        confirm_locked(work, reason)
    return work.claim


def confirm_locked(work: Work, reason: str = "") -> None:
    claim, item = work.claim, work.item
    if not item.is_open:
        raise ThingIsGone
    confirmed = item.claims.filter(state=ClaimState.CONFIRMED)
    if confirmed.exclude(pk=claim.pk).exists():
        raise AnotherIsConfirmed
    work.decide(ClaimState.CONFIRMED, reason)
    claim.pickup_code = _pickup_code()
    claim.pickup_digest = digest(pickup_token(claim))
    day = timezone.localdate(claim.received_at)
    item.registered_on = min(day, item.registered_on or day)
    if item.state == State.HELD:
        check_move(State.HELD, State.READY)
        item.state = State.READY
    work.tell(ClaimEventKind.CONFIRMED, reason)
    record(item, EventKind.CLAIM_CONFIRMED, by=work.by, facts={"claim": claim.code})
    if work.email:
        letter = claim_letters.confirmed(
            claim, work.email, claims.own_token(claim), pickup=pickup_token(claim)
        )
        work.drafts.append(letter)


def reject(claim: Claim, *, by: User, reason: str, version: int | None = None) -> Claim:
    """With a reason that the claimant reads, and the way to a second look. Raises TooLate.

    Also takes a confirmation back: the thing then waits for others again.
    """
    with _work(claim, by=by, version=version, goal=ClaimState.REJECTED) as work:
        if work.claim.state == ClaimState.CONFIRMED:
            claims.let_go(work.item, work.claim)
            work.claim.pickup_code = work.claim.pickup_digest = None
        work.decide(ClaimState.REJECTED, reason)
        claims.end(work.claim, now=work.now)
        work.tell(ClaimEventKind.REJECTED, reason)
        record(work.item, EventKind.CLAIM_ENDED, by=by, facts={"claim": work.claim.code})
        if work.email:
            token = claims.own_token(work.claim)
            work.drafts.append(claim_letters.rejected(work.claim, work.email, token))
    return work.claim


def see_identity(claim: Claim, *, by: User, seen: bool = True) -> Claim:
    """A tick that somebody looked at an identity paper. No copy, no number. Again = no change."""
    with _work(claim, by=by, version=None, goal=None) as work:
        row = work.claim
        if bool(row.identity_checked_at) != seen:
            row.identity_checked_at = work.now if seen else None
            row.identity_checked_by = by if seen else None
            work.tell(ClaimEventKind.IDENTITY if seen else ClaimEventKind.IDENTITY_UNDONE)
            record(work.item, EventKind.CHANGED, by=by, facts={"claim": row.code})
    return work.claim


@dataclass(frozen=True)
class WalkIn:
    """Somebody at the counter who shows that the thing is theirs. `proof`: how, as staff say."""

    name: str
    proof: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""


def confirm_at_counter(item: FoundItem, who: WalkIn, *, by: User) -> Claim:
    """Claim, proof, identity and confirmation in one go. Raises ThingIsGone, AnotherIsConfirmed."""
    now = timezone.now()
    client_id = uuid4()
    with transaction.atomic():
        item = locked(item)
        claim = Claim.objects.create(
            client_id=client_id,
            code=new_code(),
            wanted=item.code,
            item=item,
            title=item.title,
            source="counter",
            capability_digest=digest(token_for("claim", client_id)),
            capability_expires_at=now + claims.KEPT,
            received_at=now,
            looked_up_at=now,
            identity_checked_at=now,
            identity_checked_by=by,
        )
        Claimant.objects.create(
            claim=claim,
            name=who.name,
            email=who.email,
            phone=who.phone,
            postal_address=who.postal_address,
        )
        ClaimTry.objects.create(claim=claim, number=1, at=now, text=who.proof)
        work = Work(claim, item, by, now)
        work.tell(ClaimEventKind.SUBMITTED)
        confirm_locked(work, "")
    return claim


def pickup_token(claim: Claim) -> str:
    """Opens the page with the pickup code: something to give to whoever fetches it."""
    return token_for("pickup", claim.client_id)


def by_pickup_code(text: str) -> str | None:
    """The pickup code in what was typed or scanned, None if there is none."""
    code = "".join(sign for sign in text.upper() if sign.isalnum())
    fits = len(code) == PICKUP_LETTERS and all(sign in LETTERS for sign in code)
    return code if fits else None


# ── The frame of every deed ──────────────────────────────────────────────────────────────────
@contextmanager
def _work(
    claim: Claim, *, by: User, version: int | None, goal: ClaimState | None
) -> Iterator[Work]:
    with transaction.atomic():
        row = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        if row.item is None:
            raise TooLate(row, ())
        work = Work(row, locked(row.item), by, timezone.now())
        is_stale = version is not None and version != row.version
        if is_stale or (goal is not None and row.state not in MOVES[goal]):
            seen = row.version if version is None else version
            events = row.events.filter(version__gt=seen).select_related("actor")
            raise TooLate(row, tuple(events))
        yield work
        letters.post(*work.drafts)


def _pickup_code() -> str:
    choose = secrets.SystemRandom().choice
    for _attempt in range(20):
        code = "".join(choose(LETTERS) for _sign in range(PICKUP_LETTERS))
        if not Claim.objects.filter(pickup_code=code).exists():
            return code
    raise RuntimeError("every pickup code is taken")
