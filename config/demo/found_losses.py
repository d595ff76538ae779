"""What people miss: a hundred and twenty losses, some of things that lie here, and some claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from django.contrib.gis.geos import GeometryCollection, Point
from django.utils import timezone

from lostfound.claiming.deciding import LETTERS, PICKUP_LETTERS, pickup_token
from lostfound.law.periods import months_after
from lostfound.models import (
    Claim,
    Claimant,
    ClaimEvent,
    ClaimEventKind,
    ClaimState,
    ClaimTry,
    Loser,
    LossEvent,
    LossEventKind,
    LossMark,
    LossReport,
    LossState,
)
from lostfound.workflow import State
from townhall.calendar import BERLIN
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.models import User

from .found_offices import Streets, Town
from .found_texts import SORTS, Said, Sort
from .found_things import Thing, plain
from .stories import FIRST_NAMES, LAST_NAMES

LOSSES, OF_THINGS_HERE = 120, 34
_OVER = {LossState.FOUND: 18, LossState.ENDED: 10}
# Claims to things that are still here, beside those that led to a pickup or a handover.
OPEN_CLAIMS: tuple[ClaimState, ...] = (
    *(ClaimState.SUBMITTED,) * 9,
    *(ClaimState.QUERY,) * 3,
    *(ClaimState.REJECTED,) * 5,
    *(ClaimState.REVIEW,) * 2,
    *(ClaimState.WITHDRAWN,) * 3,
)
_REASONS = {
    ClaimState.QUERY: "Können Sie uns noch sagen, was im Seitenfach liegt?",
    ClaimState.REJECTED: (
        "Ihre Angaben passen nicht zu dieser Fundsache. Sie können eine Überprüfung verlangen."
    ),
    ClaimState.REVIEW: (
        "Ihre Angaben passen nicht zu dieser Fundsache. Sie können eine Überprüfung verlangen."
    ),
}
_WORRIES = (
    "Bitte melden Sie sich, wenn etwas abgegeben wird.",
    "Es hängt eine Erinnerung daran.",
    "Ich bin den Weg schon zweimal abgelaufen.",
    "Vielleicht hat es jemand auf eine Mauer gelegt.",
    "Danke fürs Nachsehen.",
)
_DAY = dt.timedelta(days=1)


@dataclass
class Missing:
    """A loss with all its rows, before they are written. `thing`: what it really is."""

    loss: LossReport
    loser: Loser
    events: list[LossEvent] = field(default_factory=list)
    mark: LossMark | None = None
    thing: Thing | None = None


@dataclass
class Asking:
    """A claim with all its rows."""

    claim: Claim
    claimant: Claimant
    attempt: ClaimTry
    events: list[ClaimEvent] = field(default_factory=list)


class Losers:
    """Makes losses and claims. Everything but the dates hangs on `rng`."""

    def __init__(self, towns: Mapping[str, Town], rng: Random, now: dt.datetime) -> None:
        self.towns = towns
        self.rng = rng
        self.now = now
        self.today = timezone.localdate(now)

    def losses(self, things: Sequence[Thing]) -> list[Missing]:
        here = [
            each
            for each in things
            if each.state is State.HELD
            and each.is_listed
            and each.said.missed
            and each.item.found_at
        ]
        known = [self._of_thing(each) for each in self.rng.sample(here, OF_THINGS_HERE)]
        others = [self._of_nothing() for _ in range(LOSSES - len(known))]
        for state, share in _OVER.items():
            fresh = [each for each in others if each.loss.state == LossState.OPEN]
            for each in self.rng.sample(fresh, share):
                self._close(each, state)
        return sorted([*known, *others], key=lambda each: (each.loss.reported_at, each.loss.code))

    def _of_thing(self, thing: Thing) -> Missing:
        """The owner's words for a thing that lies here: day and place nearly right."""
        item = thing.item
        lost_on = item.found_on - dt.timedelta(days=self.rng.choice((0, 0, 0, 1, 1, 2)))
        assert item.found_at is not None
        spot = Point(
            item.found_at.x + self.rng.gauss(0, 0.0015),
            item.found_at.y + self.rng.gauss(0, 0.001),
            srid=4326,
        )
        missing = self._write(thing.sort, thing.said, lost_on, spot, item.office.slug)
        missing.loss.colour = item.colour
        missing.loss.brand = item.brand if self.rng.random() < 0.6 else ""
        missing.thing = thing
        if thing.marks:
            mark = thing.marks[0]
            missing.mark = LossMark(
                loss=missing.loss,
                kind=mark.kind,
                text=mark.text,
                digest=mark.digest,
                tail=mark.tail,
            )
        return missing

    def _of_nothing(self) -> Missing:
        """Nobody has handed it in yet, and perhaps nobody will."""
        sort = self.rng.choices(SORTS, [each.share for each in SORTS])[0]
        slug = self.rng.choice(sorted(self.towns))
        streets: Streets = self.towns[slug].streets
        spot = self.rng.choice(streets[self.rng.choice(sorted(streets))])
        lost_on = self.today - dt.timedelta(days=round(self.rng.triangular(1, 150, 20)))
        missing = self._write(sort, self.rng.choice(sort.said), lost_on, spot, slug)
        missing.loss.colour = self.rng.choice(sort.colours)
        missing.loss.brand = self.rng.choice(sort.brands)
        return missing

    def _write(self, sort: Sort, said: Said, lost_on: dt.date, spot: Point, slug: str) -> Missing:
        rng = self.rng
        client_id = UUID(int=rng.getrandbits(128), version=4)
        reported = min(lost_on + dt.timedelta(days=rng.choice((0, 1, 1, 2, 5))), self.today)
        at = min(
            dt.datetime.combine(reported, dt.time(9 + rng.randrange(12), 30), tzinfo=BERLIN),
            self.now,
        )
        until = months_after(reported, 6)
        loss = LossReport(
            code=new_code(rng),
            client_id=client_id,
            digest=digest(f"demo {client_id}"),
            source="demo",
            kind=sort.kind,
            description=f"{said.missed} {rng.choice(_WORRIES)}",
            lost_from=lost_on,
            lost_until=min(lost_on + dt.timedelta(days=rng.choice((0, 0, 1))), self.today),
            time_text=rng.choice(("", "", "abends", "mittags", "gegen acht")),
            places=GeometryCollection(spot, srid=4326),
            municipality=self.towns[slug].office.municipality,
            capability_digest=digest(token_for("loss", client_id)),
            capability_expires_at=self.now + dt.timedelta(days=220),
            reported_at=at,
            watch_until=until,
        )
        loser = self._loser(loss, client_id)
        events = [LossEvent(loss=loss, kind=LossEventKind.REPORTED, version=1, at=at)]
        return Missing(loss, loser, events)

    def _loser(self, loss: LossReport, client_id: UUID) -> Loser:
        first, last = self.rng.choice(FIRST_NAMES), self.rng.choice(LAST_NAMES)
        is_sure = self.rng.random() < 0.85
        return Loser(
            loss=loss,
            name=f"{first} {last}",
            email=f"{plain(first)}.{plain(last)}@example.org",
            confirmed_at=loss.reported_at if is_sure else None,
            confirm_digest=digest(token_for("loss confirm demo", client_id)),
            confirm_expires_at=loss.reported_at + 7 * _DAY,
            stop_digest=digest(token_for("loss letters", client_id)),
        )

    def _close(self, missing: Missing, state: LossState) -> None:
        loss = missing.loss
        loss.state = state
        loss.closed_at = min(
            self.now, loss.reported_at + dt.timedelta(days=self.rng.randint(1, 30))
        )
        loss.erase_on = timezone.localdate(loss.closed_at) + dt.timedelta(days=30)
        kind = LossEventKind.FOUND if state == LossState.FOUND else LossEventKind.ENDED
        missing.events.append(LossEvent(loss=loss, kind=kind, version=2, at=loss.closed_at))
        loss.version = 2

    # ── Claims ───────────────────────────────────────────────────────────────────────────────
    def claims(self, things: Sequence[Thing], losses: Sequence[Missing]) -> list[Asking]:
        """Confirmed for what is ready, done for what was handed over, and all others between."""
        of = {id(each.thing): each.loss for each in losses if each.thing}
        ready = [each for each in things if each.state is State.READY]
        gone = [each for each in things if each.state is State.RELEASED]
        held = [each for each in things if each.state is State.HELD and each.is_listed]
        held.sort(key=lambda each: (id(each) not in of, each.item.code))
        some = held[: len(OPEN_CLAIMS)]
        return [
            *(self._claim(each, ClaimState.CONFIRMED, None) for each in ready),
            *(self._claim(each, ClaimState.RELEASED, None) for each in gone),
            *(
                self._claim(each, state, of.get(id(each)))
                for each, state in zip(some, OPEN_CLAIMS, strict=True)
            ),
        ]

    def _claim(self, thing: Thing, state: ClaimState, loss: LossReport | None) -> Asking:
        rng, item = self.rng, thing.item
        client_id = UUID(int=rng.getrandbits(128), version=4)
        at = min(self.now, item.received_at + dt.timedelta(hours=rng.randrange(20, 90)))
        if item.registered_on:
            at = min(dt.datetime.combine(item.registered_on, dt.time(18), tzinfo=BERLIN), self.now)
        if item.closed_at:
            at = min(at, item.closed_at)
        claim = Claim(
            code=new_code(rng),
            client_id=client_id,
            digest=digest(f"demo {client_id}"),
            state=state,
            wanted=item.code,
            title=item.title,
            item=item,
            loss=loss,
            source="demo",
            capability_digest=digest(token_for("claim", client_id)),
            capability_expires_at=self.now + dt.timedelta(days=200),
            received_at=at,
            looked_up_at=at,
            reason=_REASONS.get(state, ""),
        )
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        claimant = Claimant(
            claim=claim,
            name=f"{first} {last}",
            email=f"{plain(first)}.{plain(last)}@example.org",
            postal_address=f"Musterweg {rng.randrange(1, 90)}",
        )
        asking = Asking(claim, claimant, self._try(claim, thing, state, at))
        asking.events.append(_told(claim, ClaimEventKind.SUBMITTED, at, None))
        self._decide(asking, self.towns[item.office.slug].staff)
        return asking

    def _try(self, claim: Claim, thing: Thing, state: ClaimState, at: dt.datetime) -> ClaimTry:
        is_right = state not in {ClaimState.REJECTED, ClaimState.REVIEW}
        knows_all = self.rng.random() < 0.7
        answers = [
            {"question": each.text, "answer": _answer(each.answer, is_right, knows_all)}
            for each in thing.questions
        ]
        return ClaimTry(claim=claim, number=1, at=at, text=thing.said.missed, answers=answers)

    def _decide(self, asking: Asking, staff: Sequence[User]) -> None:
        claim = asking.claim
        kind = _DECISIONS.get(ClaimState(claim.state))
        if kind is None:
            return
        by = self.rng.choice(staff)
        at = min(self.now, claim.received_at + dt.timedelta(hours=5))
        by_staff = claim.state != ClaimState.WITHDRAWN
        if claim.state != ClaimState.QUERY and by_staff:
            claim.decided_at, claim.decided_by = at, by
        if claim.state == ClaimState.CONFIRMED:
            claim.pickup_code = "".join(self.rng.choices(LETTERS, k=PICKUP_LETTERS))
            claim.pickup_digest = digest(pickup_token(claim))
        if claim.state == ClaimState.RELEASED:
            claim.identity_checked_at, claim.identity_checked_by = at, by
        if claim.state == ClaimState.REVIEW:
            claim.review_asked_at = min(self.now, at + dt.timedelta(hours=20))
        asking.events.append(_told(claim, kind, at, by if by_staff else None))
        claim.version = len(asking.events)


def _answer(noted: str, is_right: bool, knows_all: bool) -> str:
    """Owners know what staff noted, some of them half of it; the others don't."""
    if not is_right:
        return "Da bin ich mir nicht sicher."
    words = noted.split()
    known = words if knows_all else words[: (len(words) + 1) // 2]
    return " ".join(known) or "Das weiß ich nicht mehr genau."


_DECISIONS = {
    ClaimState.CONFIRMED: ClaimEventKind.CONFIRMED,
    ClaimState.RELEASED: ClaimEventKind.RELEASED,
    ClaimState.REJECTED: ClaimEventKind.REJECTED,
    ClaimState.REVIEW: ClaimEventKind.REJECTED,
    ClaimState.QUERY: ClaimEventKind.ASKED,
    ClaimState.WITHDRAWN: ClaimEventKind.WITHDRAWN,
}


def _told(claim: Claim, kind: ClaimEventKind, at: dt.datetime, by: User | None) -> ClaimEvent:
    version = 1 if kind == ClaimEventKind.SUBMITTED else 2
    return ClaimEvent(claim=claim, kind=kind, version=version, at=at, actor=by)
