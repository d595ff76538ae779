"""What claimants do: hand in, add to it, answer, take back, ask for a second look.

Nobody learns anything from it. Handing in runs the same statements and gives the same answer
whether there is such a thing, whether somebody has claimed it, and whether the answers are right:
a job compares them later (`look_up`). Staff decide: lostfound/claiming/deciding.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from lostfound import live
from lostfound.claiming import letters as claim_letters
from lostfound.claiming.score import score_of
from lostfound.ending import deadlines
from lostfound.law.policy import DEFAULT
from lostfound.law.retention import Record, retention_of
from lostfound.models import (
    Claim,
    Claimant,
    ClaimCount,
    ClaimEvent,
    ClaimEventKind,
    ClaimState,
    ClaimTry,
    EventKind,
    FoundItem,
    Listing,
    LossReport,
)
from lostfound.recording import locked, record
from lostfound.terms import policy_of
from lostfound.workflow import State
from townhall import letters, limits
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.jobs import enqueue
from townhall.models import Image

MOST_TRIES = 3
MAX_TEXT = 2000
MAX_ANSWER = 300
MAX_IMAGES = 3
LOOK_UP = "look_up_claim"
KEPT = dt.timedelta(days=365)  # how long the claimant's link opens
UNKNOWN_AFTER = dt.timedelta(days=3)  # no sooner than people would have looked at it

Answers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Wish:
    """What somebody hands in. `client_id` is made on their side, once for each claim.

    `client` tells clients apart (limits.client_of); it is kept as a keyed hash only, and counts
    where there is no mailbox.
    """

    client_id: UUID
    wanted: str
    name: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    answers: Answers = ()
    text: str = ""
    image_ids: tuple[UUID, ...] = ()
    loss_token: str = ""
    language: str = "de"
    sender: str = ""  # who writes where the thing is not public
    client: str = ""
    is_suspect: bool = False

    def digest(self) -> str:
        """The same for the same content."""
        content = [
            self.wanted,
            [self.name, self.email, self.phone, self.postal_address],
            self.answers,
            self.text,
            [str(each) for each in self.image_ids],
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True)
class Handed:
    claim: Claim
    token: str
    is_new: bool


class Conflict(Exception):
    """The UUID was used before, for other content."""


class TriesSpent(Exception):
    """Three times is enough: the rest is said at the counter."""


class LostImage(Exception):
    """A picture is not there (any more)."""


class NotNow(Exception):
    """In its present state nobody asks that of the claim."""


# ── Handing in ───────────────────────────────────────────────────────────────────────────────
def submit(wish: Wish) -> Handed:
    """Take a claim in: exactly once per `client_id`, all or nothing.

    Raises Conflict, TriesSpent, LostImage.
    """
    now = timezone.now()
    with transaction.atomic():
        listing = _listing(wish.wanted)
        token = token_for("claim", wish.client_id)
        claim, is_new = Claim.objects.get_or_create(
            client_id=wish.client_id,
            defaults={
                "code": new_code(),
                "digest": wish.digest(),
                "wanted": wish.wanted,
                "title": listing.text if listing else "",
                "loss": _loss(wish.loss_token),
                "language": wish.language,
                "is_suspect": wish.is_suspect,
                "capability_digest": digest(token),
                "capability_expires_at": now + KEPT,
                "received_at": now,
            },
        )
        if not is_new:
            if claim.digest != wish.digest():
                raise Conflict
            return Handed(claim, token, is_new=False)
        _count(wish.wanted, person_of(wish.wanted, wish.email, wish.client), now=now)
        Claimant.objects.create(
            claim=claim,
            name=wish.name,
            email=wish.email,
            phone=wish.phone,
            postal_address=wish.postal_address,
        )
        _note_try(claim, 1, wish.answers, wish.text, wish.image_ids, now=now)
        _tell(claim, ClaimEventKind.SUBMITTED, now=now)
        if wish.email and not wish.is_suspect:
            letters.post(claim_letters.receipt(claim, wish.email, token, listing, wish.sender))
        enqueue(LOOK_UP, claim_id=claim.pk)
    return Handed(claim, token, is_new=True)


def person_of(wanted: str, email: str, client: str) -> str:
    """Who tries: a mailbox however it is written or, without one, a client. A keyed hash."""
    who = f"mailbox {limits.mailbox_of(email)}" if email else f"client {client}"
    return limits.alias(f"claim {wanted}", who)


def by_token(token: str) -> Claim:
    """The claim that this link opens. Raises Claim.DoesNotExist."""
    return (
        Claim.objects.filter(capability_expires_at__gt=timezone.now())
        .select_related("claimant", "item__office__municipality")
        .get(capability_digest=digest(token))
    )


def own_token(claim: Claim) -> str:
    return token_for("claim", claim.client_id)


def add(claim: Claim, *, text: str, image_ids: tuple[UUID, ...] = (), client: str = "") -> Claim:
    """More proof while nobody has decided; or the answer to a question of staff.

    What staff asked for is no try. Raises NotNow, TriesSpent, LostImage.
    """
    now = timezone.now()
    with transaction.atomic():
        claim = _locked(claim)
        is_answer = claim.state == ClaimState.QUERY
        if not is_answer and claim.state != ClaimState.SUBMITTED:
            raise NotNow
        if not is_answer:
            email = _email(claim)
            _count(claim.wanted, person_of(claim.wanted, email, client), now=now)
        number = claim.tries.count() + 1
        _note_try(claim, number, (), text, image_ids, now=now)
        claim.state = ClaimState.SUBMITTED
        kind = ClaimEventKind.ANSWERED if is_answer else ClaimEventKind.ADDED
        _tell(claim, kind, now=now)
        enqueue(LOOK_UP, claim_id=claim.pk)
    return claim


def withdraw(claim: Claim) -> Claim:
    """Again = no change. Raises NotNow for a thing that has been handed over."""
    now = timezone.now()
    with transaction.atomic():
        claim = _locked(claim)
        if claim.state == ClaimState.WITHDRAWN:
            return claim
        if claim.state == ClaimState.RELEASED:
            raise NotNow
        was_confirmed = claim.state == ClaimState.CONFIRMED
        claim.state = ClaimState.WITHDRAWN
        claim.pickup_code = claim.pickup_digest = None
        _tell(claim, ClaimEventKind.WITHDRAWN, now=now)
        if was_confirmed and claim.item is not None:
            item = locked(claim.item)
            let_go(item, claim)
            record(item, EventKind.CLAIM_ENDED, by=None, facts={"claim": claim.code})
        enqueue(LOOK_UP, claim_id=claim.pk)
    return claim


def ask_for_review(claim: Claim, *, text: str) -> Claim:
    """„Überprüfung verlangen“, after a rejection. Again = no change. Raises NotNow."""
    now = timezone.now()
    with transaction.atomic():
        claim = _locked(claim)
        if claim.state == ClaimState.REVIEW:
            return claim
        if claim.state != ClaimState.REJECTED or claim.review_asked_at:
            raise NotNow
        claim.state = ClaimState.REVIEW
        claim.review_asked_at = now
        claim.erase_evidence_on = None
        _tell(claim, ClaimEventKind.REVIEW, text=text, now=now)
        enqueue(LOOK_UP, claim_id=claim.pk)
    return claim


# ── What the job does ────────────────────────────────────────────────────────────────────────
def look_up(claim_id: int) -> None:
    """What follows from a claim's news, for staff: which thing it is, how the answers fit.

    Not while the claimant waits: that these statements run would tell that there is such a thing.
    Again from its start is fine.
    """
    now = timezone.now()
    with transaction.atomic():
        claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
        if claim is None:
            return
        is_first = claim.looked_up_at is None
        claim.looked_up_at = now
        if claim.item is None:
            found = FoundItem.objects.select_related("part_of").filter(code=claim.wanted).first()
            claim.item = found and (found.part_of or found)
        if claim.state == ClaimState.WITHDRAWN and claim.erase_evidence_on is None:
            end(claim, now=now)
        elif claim.item is not None and claim.is_open:
            claim.score, claim.components = score_of(claim)
        claim.save()
        if claim.item is None:
            return
        if is_first:
            record(locked(claim.item), EventKind.CLAIMED, by=None, facts={"claim": claim.code})
        else:
            deadlines.follow(locked(claim.item))
            live.ring_item(claim.item)


def answer_unknown(*, now: dt.datetime | None = None) -> int:
    """Reject what nobody here can answer: there is no such thing. Returns how many.

    Days later and in a person's words, so that not even the moment tells.
    """
    now = now or timezone.now()
    lost = Claim.objects.filter(
        item=None, state=ClaimState.SUBMITTED, received_at__lt=now - UNKNOWN_AFTER
    )
    done = 0
    for pk in lost.values_list("pk", flat=True)[:1000]:
        look_up(pk)
        done += _reject_unknown(pk, now=now)
    return done


def _reject_unknown(pk: int, *, now: dt.datetime) -> bool:
    with transaction.atomic():
        waiting = Claim.objects.filter(pk=pk, item=None, state=ClaimState.SUBMITTED)
        row = waiting.select_for_update(of=("self",)).first()
        if row is None:
            return False
        with translation.override(row.language):
            row.reason = gettext("What you describe does not fit the thing that lies here.")
        row.state = ClaimState.REJECTED
        row.decided_at = now
        row.review_asked_at = now  # nobody is there to look a second time
        end(row, now=now)
        _tell(row, ClaimEventKind.REJECTED, text=row.reason, now=now)
        email = _email(row)
        if email:
            letters.post(claim_letters.rejected(row, email, own_token(row)))
    return True


# ── Forgetting ───────────────────────────────────────────────────────────────────────────────
def end(claim: Claim, *, now: dt.datetime) -> None:
    """Nothing will come of it: the day its evidence goes. Before saving."""
    town = claim.item.office.municipality if claim.item else None
    day = timezone.localdate(now)
    kept = retention_of(Record.EVIDENCE, day, policy=policy_of(town) if town else DEFAULT)
    claim.erase_evidence_on = kept.until + dt.timedelta(days=1)


def erase_evidence(*, today: dt.date) -> int:
    """Answers, pictures and contact of claims that came to nothing. Returns how many claims.

    The pictures are nobody's then, and swept (townhall.photos.sweep).
    """
    due = Claim.objects.filter(erase_evidence_on__lte=today)
    erased = 0
    for pk in due.values_list("pk", flat=True)[:5000]:
        with transaction.atomic():
            claim = due.select_for_update(of=("self",)).filter(pk=pk).first()
            if claim is None:
                continue
            forget(claim)
            erased += 1
    return erased


def forget(claim: Claim) -> None:
    """Who claimed it and what they said, also in letters. The bare fact stays with the thing."""
    claim.tries.all().delete()
    claim.events.update(text="")
    Claimant.objects.filter(claim=claim).delete()
    claim_letters.erase(claim)
    claim.reason = ""
    claim.components = []
    claim.loss = None
    claim.erase_evidence_on = None
    claim.capability_expires_at = timezone.now()
    claim.save()


def forget_counts(*, now: dt.datetime | None = None) -> int:
    """Tries for what is no longer here, or was never: after a year. Returns how many rows."""
    before = (now or timezone.now()) - KEPT
    return ClaimCount.objects.filter(last_at__lt=before).delete()[0]


# ── Shared with those who decide ─────────────────────────────────────────────────────────────
def let_go(item: FoundItem, claim: Claim) -> None:
    """A confirmed claim ends: the thing waits for others again. On locked rows, before record."""
    others = item.claims.filter(state=ClaimState.CONFIRMED).exclude(pk=claim.pk)
    first = others.order_by("received_at").first()
    item.registered_on = timezone.localdate(first.received_at) if first else None
    if first is None and item.state == State.READY:
        item.state = State.HELD


def _listing(code: str) -> Listing | None:
    """With its office's town: a claim to nothing must cost as many statements."""
    listings = Listing.objects.filter(code=code, ended_at=None)
    return listings.select_related("office__municipality").first()


def _loss(token: str) -> LossReport | None:
    if not token:
        return None
    known = LossReport.objects.filter(
        capability_digest=digest(token), capability_expires_at__gt=timezone.now()
    )
    return known.first()


def _count(wanted: str, person: str, *, now: dt.datetime) -> None:
    """One more try, exactly, however many come at once. One statement. Raises TriesSpent."""
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO lostfound_claimcount AS kept (wanted, person, tries, last_at) "
            "VALUES (%(wanted)s, %(person)s, 1, %(now)s) "
            "ON CONFLICT (wanted, person) DO UPDATE SET tries = kept.tries + 1, last_at = %(now)s "
            "WHERE kept.tries < %(most)s",
            {"wanted": wanted, "person": person, "now": now, "most": MOST_TRIES},
        )
        if sql.rowcount == 0:
            raise TriesSpent


def _note_try(
    claim: Claim,
    number: int,
    answers: Answers,
    text: str,
    image_ids: tuple[UUID, ...],
    *,
    now: dt.datetime,
) -> None:
    row = ClaimTry.objects.create(
        claim=claim,
        number=number,
        at=now,
        text=text,
        answers=[{"question": question, "answer": answer} for question, answer in answers],
    )
    if image_ids:
        wanted = set(image_ids)
        # The sweep of forgotten images waits, or we see them gone.
        images = list(Image.objects.select_for_update(no_key=True).filter(pk__in=wanted))
        if len(images) != len(wanted):
            raise LostImage
        row.images.set(images)


def _locked(claim: Claim) -> Claim:
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("item__office__municipality", "claimant")
        .get(pk=claim.pk)
    )


def _tell(claim: Claim, kind: ClaimEventKind, *, text: str = "", now: dt.datetime) -> None:
    """Count the version, keep the row, append the fact."""
    claim.version += 1
    claim.save()
    ClaimEvent.objects.create(claim=claim, kind=kind, version=claim.version, at=now, text=text)


def _email(claim: Claim) -> str:
    known = Claimant.objects.filter(claim=claim).values_list("email", flat=True).first()
    return known or ""
