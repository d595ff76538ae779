"""What people do with a loss: report it, answer its hits, go on looking, end the search.

The report's own page hangs on a capability; staff who write down a loss for somebody hand the link
over on paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from lostfound import live
from lostfound.law.policy import DEFAULT, Policy
from lostfound.law.retention import Record, retention_of
from lostfound.losing import letters as loss_letters
from lostfound.losing.drafts import Draft, Refused, check, marks_of, town_of
from lostfound.models import (
    ErasedLoss,
    Loser,
    LossEventKind,
    LossReport,
    LossState,
    Match,
    MatchState,
)
from lostfound.recording import record_loss
from lostfound.terms import policy_of
from townhall import letters
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.letters.erasing import erase_about
from townhall.models import Municipality, User

__all__ = ["Conflict", "Draft", "Erased", "Receipt", "Refused", "report"]

CONFIRMATION = dt.timedelta(days=7)  # the button that confirms an address
ASK_BEFORE = dt.timedelta(days=14)  # so long before the end its owner is asked
AFTER_THE_END = dt.timedelta(days=30)  # so long an ended search can be taken up again


@dataclass(frozen=True)
class Receipt:
    """`token` opens the owner's page."""

    loss: LossReport
    token: str
    is_new: bool


class Conflict(Exception):
    """The UUID was used before, for other content."""


class Erased(Exception):
    """The UUID's loss was erased; it does not come back."""


class Unknown(Exception):
    """No loss, or nothing that can be asked of it, hangs on this token (any more)."""


# ── Reporting ────────────────────────────────────────────────────────────────────────────────
def report(draft: Draft, *, by: User | None = None) -> Receipt:
    """Take in a loss: exactly once per `client_id`, all or nothing. `by`: staff, for somebody else.

    Raises Refused (and nothing is stored), Conflict or Erased.
    """
    check(draft)
    with transaction.atomic():
        if ErasedLoss.objects.filter(pk=draft.client_id).exists():
            raise Erased
        loss = _new(draft, town_of(draft))
        # Waits for a transaction that holds the same UUID.
        LossReport.objects.bulk_create([loss], ignore_conflicts=True)
        kept = LossReport.objects.select_related("municipality").get(client_id=draft.client_id)
        if kept.code != loss.code:
            return _repeated(draft, kept)
        loser = _write_down(draft, kept)
        facts = {"suspect": True} if draft.is_suspect else {}
        record_loss(kept, LossEventKind.REPORTED, by=by, facts=facts)
        if loser.email and not draft.is_suspect:
            letters.post(loss_letters.receipt(kept, loser))
        return Receipt(kept, token_of(kept), is_new=True)


def _repeated(draft: Draft, kept: LossReport) -> Receipt:
    if kept.digest != draft.digest():
        raise Conflict
    return Receipt(kept, token_of(kept), is_new=False)


def _new(draft: Draft, town: Municipality | None) -> LossReport:
    now = timezone.now()
    until = watched_until(timezone.localdate(now), policy_at(town))
    return LossReport(
        code=new_code(),
        client_id=draft.client_id,
        digest=draft.digest(),
        version=0,
        language=draft.language,
        source=draft.source,
        kind=draft.kind,
        colour=draft.colour,
        second_colour=draft.second_colour,
        brand=draft.brand.strip(),
        description=draft.description.strip(),
        lost_from=draft.lost_from,
        lost_until=draft.lost_until,
        time_text=draft.time_text.strip(),
        places=draft.places,
        place_text=draft.place_text.strip(),
        transport_line=draft.transport_line.strip(),
        municipality=town,
        capability_digest=digest(token_for("loss", draft.client_id)),
        capability_expires_at=_open_until(until),
        reported_at=now,
        watch_until=until,
    )


def _write_down(draft: Draft, loss: LossReport) -> Loser:
    marks = marks_of(draft)
    for mark in marks:
        mark.loss = loss
    type(marks[0]).objects.bulk_create(marks) if marks else None
    loser = Loser(
        loss=loss,
        name=draft.name.strip(),
        email=draft.email.strip(),
        phone=draft.phone.strip(),
        postal_address=draft.postal_address.strip(),
        stop_digest=digest(token_for("loss letters", draft.client_id)),
    )
    if loser.email:
        loser.confirm_digest = digest(loss_letters.confirm_token(loss, loser))
        loser.confirm_expires_at = loss.reported_at + CONFIRMATION
    loser.save(force_insert=True)
    return loser


def policy_at(town: Municipality | None) -> Policy:
    return policy_of(town) if town else DEFAULT


def watched_until(day: dt.date, policy: Policy) -> dt.date:
    """The last day on which we look for it, counted from `day`."""
    return retention_of(Record.OPEN_LOSS, day, policy=policy).until


def _open_until(watch_until: dt.date) -> dt.datetime:
    """The owner's page lives as long as an ended search can be taken up again."""
    last = watch_until + AFTER_THE_END
    return timezone.make_aware(dt.datetime.combine(last, dt.time.max))


def token_of(loss: LossReport) -> str:
    return token_for("loss", loss.client_id)


# ── The owner's page ─────────────────────────────────────────────────────────────────────────
def of_token(token: str) -> LossReport:
    """Raises Unknown."""
    loss = (
        LossReport.objects.select_related("municipality", "loser")
        .filter(capability_digest=digest(token), capability_expires_at__gt=timezone.now())
        .first()
    )
    if loss is None:
        raise Unknown
    return loss


class Answer(StrEnum):
    """What its owner says of a hit."""

    IS_IT = "is_it"
    NOT_MINE = "not_mine"
    OPEN = "open"  # taken back


def answer(token: str, code: str, said: Answer) -> Match:
    """`code`: the listing's. The same answer again changes nothing. Raises Unknown.

    What staff have rejected stays so.
    """
    with transaction.atomic():
        loss = _locked(of_token(token))
        match = (
            loss.matches.select_related("item")
            .filter(item__listing__code=code, public_score__isnull=False)
            .exclude(state=MatchState.REJECTED)
            .first()
        )
        if match is None or loss.state != LossState.OPEN:
            raise Unknown
        if match.state != said.value:
            match.state = said.value
            match.decided_at = None if said is Answer.OPEN else timezone.now()
            match.save(update_fields=["state", "decided_at"])
            facts = {"item": match.item.code, "said": said.value}
            record_loss(loss, LossEventKind.ANSWERED, facts=facts)
        return match


def reject(match: Match, *, by: User) -> None:
    """Staff say that it is not the same thing: neither they nor the owner see it again."""
    with transaction.atomic():
        loss = _locked(match.loss)
        match.state, match.decided_at = MatchState.REJECTED, timezone.now()
        match.save(update_fields=["state", "decided_at"])
        facts = {"item": match.item.code, "said": "rejected"}
        record_loss(loss, LossEventKind.ANSWERED, by=by, facts=facts)


def found(token: str) -> LossReport:
    """It is found, by whatever way: the search ends, so do the letters. Raises Unknown."""
    return _close(of_token(token), LossState.FOUND, LossEventKind.FOUND, by=None)


def end(loss: LossReport, *, by: User | None = None) -> LossReport:
    """The search ends: its time is over (`by` None), or staff were asked to end it."""
    return _close(loss, LossState.ENDED, LossEventKind.ENDED, by=by)


def _close(
    loss: LossReport, state: LossState, kind: LossEventKind, *, by: User | None
) -> LossReport:
    with transaction.atomic():
        loss = _locked(loss)
        if loss.state == LossState.OPEN:
            loss.state = state
            loss.closed_at = timezone.now()
            loss.erase_on = timezone.localdate() + AFTER_THE_END
            letters.withdraw(about=loss_letters.about(loss), kind=loss_letters.HITS)
            record_loss(loss, kind, by=by)
        return loss


def go_on(loss: LossReport, *, by: User | None = None) -> LossReport:
    """Look on for as long again, counted from today; an ended search is taken up."""
    with transaction.atomic():
        loss = _locked(loss)
        until = watched_until(timezone.localdate(), policy_at(loss.municipality))
        if loss.state == LossState.OPEN and loss.watch_until == until:
            return loss
        loss.state, loss.closed_at, loss.erase_on = LossState.OPEN, None, None
        loss.watch_until, loss.asked_on = until, None
        loss.capability_expires_at = _open_until(until)
        record_loss(loss, LossEventKind.PROLONGED, by=by, facts={"until": until.isoformat()})
        return loss


def _locked(loss: LossReport) -> LossReport:
    """As it is now, held until the deed's transaction ends."""
    rows = LossReport.objects.select_for_update(of=("self",)).select_related("municipality")
    return rows.get(pk=loss.pk)


# ── The address ──────────────────────────────────────────────────────────────────────────────
def confirm(token: str) -> LossReport:
    """The button behind the letter's link was pressed. Again = no change. Raises Unknown."""
    with transaction.atomic():
        loss, loser = _of_letter(confirm_digest=digest(token))
        if loser.is_past_confirming(timezone.now()):
            raise Unknown
        confirm_address(loss, loser)
        return loss


def confirm_address(loss: LossReport, loser: Loser) -> None:
    """The mailbox is the owner's, however they have shown it. In the caller's transaction."""
    if loser.confirmed_at is None:
        loser.confirmed_at = timezone.now()
        loser.save(update_fields=["confirmed_at"])
        record_loss(loss, LossEventKind.CONFIRMED)


def renew_confirmation(loss: LossReport) -> None:
    """A letter with a new link, in place of the one that expired or never came."""
    with transaction.atomic():
        loss = _locked(loss)
        loser = Loser.objects.filter(loss=loss).exclude(email="").first()
        if loser is None or loser.confirmed_at:
            return
        loser.confirm_round += 1
        loser.confirm_digest = digest(loss_letters.confirm_token(loss, loser))
        loser.confirm_expires_at = timezone.now() + CONFIRMATION
        loser.save()
        letters.post(loss_letters.new_confirmation(loss, loser))


def stop_letters(token: str) -> LossReport:
    """No more letters about hits, also none that wait. The search goes on. Raises Unknown."""
    return _switch(token, lambda loser: _stop(loser))


def resume_letters(token: str) -> LossReport:
    """Raises Unknown."""
    return _switch(token, lambda loser: _resume(loser))


def _switch(token: str, change: Callable[[Loser], bool]) -> LossReport:
    with transaction.atomic():
        loss, loser = _of_letter(stop_digest=digest(token))
        if change(loser):
            loser.save(update_fields=["stopped_at", "unreachable_at"])
            letters.withdraw(about=loss_letters.about(loss), kind=loss_letters.HITS)
            record_loss(loss, LossEventKind.LETTERS, facts={"on": loser.stopped_at is None})
        return loss


def _stop(loser: Loser) -> bool:
    if loser.stopped_at:
        return False
    loser.stopped_at = timezone.now()
    return True


def _resume(loser: Loser) -> bool:
    if not (loser.stopped_at or loser.unreachable_at):
        return False
    loser.stopped_at = loser.unreachable_at = None
    return True


def loser_behind(token: str) -> Loser:
    """By the token of a letter: the one that confirms, or the one that ends. Raises Unknown."""
    known = digest(token)
    rows = Loser.objects.select_related("loss__municipality").exclude(email="")
    loser = rows.filter(confirm_digest=known).first() or rows.filter(stop_digest=known).first()
    if loser is None:
        raise Unknown
    return loser


def _of_letter(**known: str) -> tuple[LossReport, Loser]:
    """In the order in which deeds lock: the loss first. Raises Unknown."""
    meant = Loser.objects.filter(**known).exclude(email="")
    rows = LossReport.objects.select_for_update(of=("self",)).select_related("municipality")
    loss = rows.filter(pk__in=meant.values("loss")).first()
    loser = meant.first()
    if loss is None or loser is None:
        raise Unknown
    return loss, loser


# ── Time goes by: for the jobs that keep retention ───────────────────────────────────────────
def ask_to_go_on(loss: LossReport) -> None:
    """Before the end: a letter with a button, once for each term. By post where there is no mail:
    the staff's list names those."""
    with transaction.atomic():
        loss = _locked(loss)
        if loss.state != LossState.OPEN or loss.asked_on:
            return
        loss.asked_on = timezone.localdate()
        loser = Loser.objects.filter(loss=loss).first()
        record_loss(loss, LossEventKind.ASKED)
        if loser and loser.gets_letters:
            letters.post(loss_letters.asked(loss, loser))


def to_be_asked(today: dt.date) -> list[LossReport]:
    soon = LossReport.objects.open().filter(watch_until__lte=today + ASK_BEFORE, asked_on=None)
    return list(soon.order_by("watch_until"))


def over(today: dt.date) -> list[LossReport]:
    """Whose time has passed without a word."""
    return list(LossReport.objects.open().filter(watch_until__lt=today).order_by("watch_until"))


def to_be_erased(today: dt.date) -> list[LossReport]:
    return list(LossReport.objects.exclude(state=LossState.OPEN).filter(erase_on__lte=today))


def erase(loss: LossReport) -> None:
    """The whole report with its owner, marks, hits and letters. It does not come back.

    A claim that came of it stays, for it has its own time; it forgets the loss.
    """
    with transaction.atomic():
        kept = LossReport.objects.select_for_update(of=("self",)).filter(pk=loss.pk).first()
        if kept is None:
            return
        ErasedLoss.objects.bulk_create(
            [ErasedLoss(client_id=kept.client_id, erased_at=timezone.now())], ignore_conflicts=True
        )
        erase_about(loss_letters.about(kept))
        live.ring_loss(kept)  # an open page looks again, and finds that it is gone
        kept.delete()
