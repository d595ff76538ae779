"""Hearing of somebody else's report by mail: asked for, confirmed, ended. No account, no cookie.

Whoever types an address gets the same answer whether it follows already or not; only its mailbox
learns that. Nothing but the one letter with the question leaves before its button is pressed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from reports.deeds.work import Work, said_by_residents
from reports.letters import news
from reports.models import EventKind, Follower, Report, Supporter, Visibility
from reports.personal import retention
from reports.voices import support
from reports.voices.support import Conflict, Unknown, public_report
from townhall import letters, limits
from townhall.capabilities import digest
from townhall.letters.erasing import erase_about
from townhall.limits import Knock, TooMany
from townhall.mailboxes import Mailbox
from townhall.models import Letter

__all__ = ["Conflict", "Unknown", "ask", "begin_again", "confirm", "end", "follower_of"]


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────
def ask(code: str, *, email: str, client_id: UUID, language: str = "de", voice: str = "") -> Report:
    """Send the question, once per UUID. `voice`: the token of a voice that shall be the mailbox's.

    A mailbox that was asked often has its link; whoever asked learns nothing of that.
    Raises Unknown or Conflict.
    """
    mailbox = Mailbox.of(email)
    may_write = _may_write(mailbox, code)
    with transaction.atomic():
        report = Report.objects.locked().get(pk=public_report(code).pk)
        asked = Follower.objects.filter(client_id=client_id).first()
        if asked is not None:
            if asked.report_id != report.pk or Mailbox.of(asked.email) != mailbox:
                raise Conflict
            return report
        row = mailbox.among(Follower.objects.filter(report=report)).first()
        row = row or _new(report, email.strip())
        now = timezone.now()
        row.client_id, row.language, row.asked_at = client_id, language, now
        row.confirm_expires_at = now + retention.CONFIRMATION
        row.asked_with = _voice(voice, report) or row.asked_with
        row.save()
        if may_write:
            letters.post(news.asking(row))
        return report


def _may_write(mailbox: Mailbox, code: str) -> bool:
    try:
        limits.spend(Knock("follow-letters", f"{mailbox.address} {code}"))
    except TooMany:
        return False
    return True


def confirm(token: str) -> Follower:
    """The button behind the letter's link was pressed. Again = no change. Raises Unknown."""
    now = timezone.now()
    asked = Follower.objects.filter(confirm_digest=digest(token), confirm_expires_at__gt=now)
    with _locked(asked) as (work, row):
        if not row.gets_letters:
            row.confirmed_at, row.ended_at, row.unreachable_at = now, None, None
            _tell(work, EventKind.FOLLOWED)
        older = _join_voices(row)
        row.save()
        if older is not None:
            older.delete()
            support.tell_seen(work, EventKind.UNSUPPORTED)
    return row


def end(token: str) -> Follower:
    """No more letters, also not those that wait. Again = no change. Raises Unknown."""
    with _locked(_by_token(token)) as (work, row):
        if row.ended_at is None:
            row.ended_at = work.now
            row.save(update_fields=["ended_at"])
            _stop(work, row)
    return row


def begin_again(token: str) -> Follower:
    """They want to hear of it after all. Again = no change. Raises Unknown."""
    with _locked(_by_token(token)) as (work, row):
        if row.confirmed_at and not row.gets_letters:
            # As if confirmed anew: what happened meanwhile is not told any more.
            row.confirmed_at, row.ended_at, row.unreachable_at = work.now, None, None
            row.save(update_fields=["confirmed_at", "ended_at", "unreachable_at"])
            _tell(work, EventKind.FOLLOWED)
    return row


def bounced(letter: Letter) -> None:
    """Their mail server says that there is no such reader: nothing more is tried there."""
    there = Follower.objects.filter(
        report__code=letters.name_of(letter), email=letter.to, unreachable_at=None
    )
    with suppress(Unknown), _locked(there) as (work, row):
        row.unreachable_at = work.now
        row.save(update_fields=["unreachable_at"])
        if row.confirmed_at and row.ended_at is None:
            _stop(work, row)


def follower_of(token: str, *, confirms: bool = False) -> Follower:
    """By the token that ends the letters, or the one that begins them. Raises Unknown."""
    found = Follower.objects.select_related("report__category__group", "report__municipality")
    known = digest(token)
    row = found.filter(confirm_digest=known) if confirms else found.filter(token_digest=known)
    follower = row.first()
    if follower is None:
        raise Unknown
    return follower


def _new(report: Report, email: str) -> Follower:
    row = Follower(report=report, email=email)
    row.confirm_digest = digest(news.confirm_token(row))
    row.token_digest = digest(news.end_token(row))
    return row


def _voice(token: str, report: Report) -> Supporter | None:
    found = Supporter.objects.filter(token_digest=digest(token), report=report) if token else None
    return found.first() if found is not None else None


def _by_token(token: str) -> QuerySet[Follower]:
    return Follower.objects.filter(token_digest=digest(token))


@contextmanager
def _locked(meant: QuerySet[Follower]) -> Iterator[tuple[Work, Follower]]:
    """In the order in which deeds lock: the report first. It need not be public any more."""
    report = Report.objects.filter(pk__in=meant.values("report")).first()
    if report is None:
        raise Unknown
    with said_by_residents(report) as work:
        rows = meant.filter(report=report).select_for_update(of=("self",))
        row = rows.select_related("voice", "asked_with").first()
        if row is None:
            raise Unknown
        row.report = work.report
        yield work, row


def _tell(work: Work, kind: EventKind) -> None:
    """For staff only: nobody else's business."""
    work.tell(kind, Visibility.INTERNAL, department=None)


def _stop(work: Work, row: Follower) -> None:
    letters.withdraw(about=f"report:{row.report.code}", kind=news.TELLING, to=row.email)
    _tell(work, EventKind.UNFOLLOWED)


def _join_voices(row: Follower) -> Supporter | None:
    """A mailbox has one voice: that of the device which asked last, so it can be taken back there.

    Returns the older one, which counts no more.
    """
    asked, row.asked_with = row.asked_with, None
    if asked is None or asked == row.voice or Follower.objects.filter(voice=asked).exists():
        return None
    older, row.voice = row.voice, asked
    return older


# ── Forgetting ───────────────────────────────────────────────────────────────────────────────
def due(now: dt.datetime) -> Q:
    """Who never said yes in time, who wants no more, whose mailbox is not there, and whose report
    is so old that its reporter is forgotten, too."""
    ended = now - retention.FOLLOWER_AFTER_ENDING
    return (
        Q(confirmed_at=None, confirm_expires_at__lte=now)
        | Q(ended_at__lte=ended)
        | Q(unreachable_at__lte=ended)
        | Q(report__closed_at__lte=now - retention.CONTACT_AFTER_CLOSING)
        | Q(report__received_at__lte=now - retention.CONTACT_AT_MOST)
    )


def forget_due(*, now: dt.datetime) -> int:
    """Erase them, also from the letters to them. Returns how many."""
    count = 0
    while ids := list(Follower.objects.filter(due(now)).values_list("pk", flat=True)[:500]):
        count += sum(_forget(Follower.objects.filter(due(now), pk=pk)) for pk in ids)
    return count


def _forget(meant: QuerySet[Follower]) -> int:
    try:
        with _locked(meant) as (work, row):
            erase_about(f"report:{row.report.code}", to=row.email, only=news.KINDS)
            if row.gets_letters:
                _tell(work, EventKind.UNFOLLOWED)
            row.delete()
    except Unknown:  # pressed the button meanwhile, or is gone
        return 0
    return 1
