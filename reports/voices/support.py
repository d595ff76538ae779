"""What residents say about somebody else's report: it concerns me, too; it has got worse.

A voice belongs to whoever holds its token. The device makes a UUID for this one report and keeps
it; the token is derived from it and stored as a digest. So the same press twice counts once, the
voice can be taken back, and two voices of one person on two reports have nothing in common.
docs/adr/0014-voices-without-names.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from reports import live
from reports.deeds.work import Work, said_by_residents
from reports.letters import notices
from reports.models import GETS_LETTERS, EventKind, Follower, Report, Supporter, Visibility
from reports.personal import retention
from reports.voices import remarks
from reports.workflow import Status
from townhall.capabilities import digest, token_for

FEW = 3  # voices below it are shown as „wenige“: a number of one or two may name somebody


class Unknown(Exception):
    """No public report has this code, or no voice hangs on this token (any more)."""


class Conflict(Exception):
    """The UUID was used before, for another report."""


@dataclass(frozen=True)
class Voice:
    """One supporter's hold on what they said. `is_new`: this very call made it."""

    report: Report
    token: str
    said_worse: bool = False
    is_new: bool = False


def token_of(client_id: UUID) -> str:
    return token_for("support", client_id)


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────
def support(code: str, *, client_id: UUID, photo_ids: Sequence[UUID] = ()) -> Voice:
    """Count one more voice, once per UUID. Of a report that was joined with another, that one's.

    `photo_ids`: staged photos to go with it; staff look at them first, and one that is not there
    any more is no reason to lose the voice. Raises Unknown or Conflict.
    """
    token = token_of(client_id)
    with transaction.atomic():
        report = public_report(code)
        with said_by_residents(report) as work:
            known = Supporter.objects.filter(token_digest=digest(token)).first()
            if known is not None and known.report_id != report.pk:
                raise Conflict
            if known is None:
                Supporter.objects.create(report=report, token_digest=digest(token), at=work.now)
                tell_seen(work, EventKind.SUPPORTED)
                remarks.bring_photos(work, client_id=client_id, photo_ids=photo_ids)
        said_worse = bool(known and known.worse_at)
        return Voice(work.report, token, said_worse=said_worse, is_new=known is None)


def take_back(token: str) -> Report:
    """It does not concern me after all. What was said with it stays said. Raises Unknown."""
    with _held(token) as (work, voice):
        voice.delete()
        tell_seen(work, EventKind.UNSUPPORTED)
    return work.report


def worsen(token: str) -> Voice:
    """It has got worse: staff learn of it, and what was closed as done lately is open again.

    Once per voice; again = no change. Raises Unknown.
    """
    with _held(token) as (work, voice):
        if voice.worse_at is None:
            voice.worse_at = work.now
            voice.save(update_fields=["worse_at"])
            work.tell(
                EventKind.WORSE, Visibility.INTERNAL, department=None, facts={"by": "resident"}
            )
            if work.report.status == Status.DONE and remarks.may_reopen(work.report, now=work.now):
                _open_again(work)
    return Voice(work.report, token, said_worse=True)


def _open_again(work: Work) -> None:
    work.move(Status.NEW, reason=EventKind.WORSE)
    event = work.tell(
        EventKind.STATUS,
        Visibility.PUBLIC,
        department=None,
        status=Status.NEW,
        facts={"by": "resident", "because": EventKind.WORSE},
    )
    work.drafts += notices.opened_again(work.report)
    work.drafts += notices.to_reporter(work.report, event)


def tell_seen(work: Work, kind: EventKind) -> None:
    """No words for the public, but a number that it sees."""
    event = work.tell(kind, Visibility.INTERNAL, department=None)
    event.tiles = live.public_tiles(work.report)


def public_report(code: str) -> Report:
    """The public report of this code, or the one it was joined with. Raises Unknown."""
    public = Report.objects.public().select_related("category__group", "department", "municipality")
    report = public.filter(code=code).first()
    if report is not None and report.duplicate_of_id is not None:
        report = public.filter(pk=report.duplicate_of_id).first() or report
    if report is None:
        raise Unknown
    return report


@contextmanager
def _held(token: str) -> Iterator[tuple[Work, Supporter]]:
    """The voice and its report, which is locked first, as every deed does."""
    meant = Supporter.objects.filter(token_digest=digest(token))
    report = Report.objects.public().filter(pk__in=meant.values("report")).first()
    if report is None:
        raise Unknown
    with said_by_residents(report) as work:
        voice = meant.first()
        if voice is None:
            raise Unknown
        yield work, voice


# ── Questions ────────────────────────────────────────────────────────────────────────────────
def voice_of(token: str) -> Voice:
    """Raises Unknown."""
    found = (
        Supporter.objects.filter(token_digest=digest(token), report__is_public=True)
        .select_related("report__category__group", "report__department", "report__municipality")
        .first()
    )
    if found is None:
        raise Unknown
    return Voice(found.report, token, said_worse=bool(found.worse_at))


def count(report: Report) -> int:
    """How many voices, exactly; what the public reads of it says templatetags/following.py."""
    return Supporter.objects.filter(report=report).count()


@dataclass(frozen=True)
class Numbers:
    """How many people a report has besides its reporter."""

    supporters: int = 0
    worse: int = 0
    followers: int = 0

    @property
    def is_any(self) -> bool:
        return self != Numbers()


def numbers(report: Report) -> Numbers:
    """For staff, exactly. Two statements."""
    voices = Supporter.objects.filter(report=report)
    row = voices.aggregate(all=Count("pk"), worse=Count("pk", filter=Q(worse_at__isnull=False)))
    followers = Follower.objects.filter(GETS_LETTERS, report=report).count()
    return Numbers(row["all"], row["worse"], followers)


# ── Forgetting ───────────────────────────────────────────────────────────────────────────────
def forget_due(*, now: dt.datetime) -> int:
    """Untie the voices of what is long over from their devices; the number stays. How many."""
    over = Q(closed_at__lte=now - retention.CONTACT_AFTER_CLOSING)
    old = Q(received_at__lte=now - retention.CONTACT_AT_MOST)
    voices = Supporter.objects.filter(
        token_digest__isnull=False, report__in=Report.objects.filter(over | old)
    )
    return voices.update(token_digest=None)
