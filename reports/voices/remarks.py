"""What residents say about a report after it came in: more of it, fixed or not, a problem with it.

Nobody signs in for it. What they write is read by staff before anybody else reads it
(reports/voices/moderation.py); only that it is fixed, or not, is told at once, in our words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.utils.translation import gettext_lazy as _

from reports import live
from reports.deeds.work import Work, said_by_residents
from reports.letters import notices
from reports.models import (
    EventKind,
    Offer,
    Photo,
    ProblemReason,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    Visibility,
)
from reports.personal import retention
from reports.receiving.drafts import Refused
from reports.workflow import Status
from townhall.models import Image

MAX_TEXT = 1000
MIN_TEXT = 3
MAX_PHOTOS = 3
# With these the public gets to see something else than staff had before their eyes.
_NEW_TO_SEE = frozenset({EventKind.CHANGED, EventKind.MORE, EventKind.PUBLISHED})
REOPEN_WITHIN_DAYS = 30  # where the town no longer takes reports of the kind


@dataclass(frozen=True)
class Saying:
    """One sending. `client_id` is made on the resident's side, once.

    `sender` tells different people apart without naming them (townhall.limits.alias).
    """

    client_id: UUID
    kind: RemarkKind
    text: str = ""
    photo_ids: tuple[UUID, ...] = ()
    reason: str = ""
    is_reporters: bool = False
    is_suspect: bool = False
    sender: str = ""

    def digest(self, report: Report) -> str:
        """The same for the same content about the same report."""
        photos = [str(each) for each in self.photo_ids]
        content = [report.code, self.kind, self.text, photos, self.reason, self.is_reporters]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True)
class Heard:
    """What was taken in, and whether it was new. `report` is the row after it."""

    report: Report
    remark: Remark
    is_new: bool

    @property
    def is_reopened(self) -> bool:
        """Whether a “no” has opened the report again."""
        return self.remark.kind == RemarkKind.NOT_FIXED and self.report.is_open


class Conflict(Exception):
    """The UUID was used before, for other content."""


@dataclass(eq=False)
class NotNow(Exception):
    """In its present status nobody asks that of the report."""

    report: Report


def say(report: Report, saying: Saying) -> Heard:
    """Take in what a resident says: exactly once per `client_id`, all or nothing.

    Raises Refused (`errors` name "text", "photos", "reason"), Conflict, NotNow, and
    Report.DoesNotExist where the report was erased meanwhile.
    """
    _refuse_if_empty(saying)
    with said_by_residents(report) as work:
        row, now = work.report, work.now
        remark, is_new = Remark.objects.get_or_create(
            client_id=saying.client_id,
            defaults={
                "digest": saying.digest(row),
                "report": row,
                "kind": saying.kind,
                "state": RemarkState.WAITING,
                "reason": saying.reason,
                "text": saying.text.strip(),
                "is_reporters": saying.is_reporters,
                "is_suspect": saying.is_suspect,
                "sender": saying.sender if saying.kind == RemarkKind.PROBLEM else "",
                "at": now,
            },
        )
        if not is_new:
            if remark.digest != saying.digest(row):
                raise Conflict
            return Heard(row, remark, is_new=False)
        if saying.kind not in asked_in(Status(row.status)):
            raise NotNow(row)
        claim_photos(remark, saying.photo_ids)
        _ACTS[saying.kind](work, remark)
    return Heard(row, remark, is_new=True)


def bring_photos(work: Work, *, client_id: UUID, photo_ids: Sequence[UUID]) -> None:
    """Photos of somebody who found their defect reported already (support.py), in any status.

    As many as are still there and nobody's; staff look at them as at what else is added.
    """
    free = Image.objects.filter(pk__in=photo_ids).exclude(
        pk__in=Photo.objects.filter(image__in=photo_ids).values("image")
    )
    known = set(free.values_list("pk", flat=True)) if photo_ids else set()
    found = tuple(each for each in dict.fromkeys(photo_ids) if each in known)
    if not found:
        return
    saying = Saying(uuid5(client_id, "photos"), RemarkKind.MORE, photo_ids=found)
    remark = Remark.objects.create(
        client_id=saying.client_id,
        digest=saying.digest(work.report),
        report=work.report,
        kind=saying.kind,
        state=RemarkState.WAITING,
        at=work.now,
    )
    claim_photos(remark, saying.photo_ids)
    _more(work, remark)


def asked_in(status: Status) -> frozenset[RemarkKind]:
    """What residents may say of a report in this status."""
    match status:
        case Status.DONE:
            return frozenset({RemarkKind.FIXED, RemarkKind.NOT_FIXED, RemarkKind.PROBLEM})
        case Status.DUPLICATE:
            return frozenset({RemarkKind.PROBLEM})
    return frozenset({RemarkKind.MORE, RemarkKind.PROBLEM})


def _refuse_if_empty(saying: Saying) -> None:
    text = saying.text.strip()
    errors: dict[str, list[Any]] = {}
    has_words = bool(saying.photo_ids) or len(text) >= MIN_TEXT
    if saying.kind in {RemarkKind.MORE, RemarkKind.NOT_FIXED} and not has_words:
        errors["text"] = [_("Write a few words, or add a photo.")]
    if saying.kind == RemarkKind.PROBLEM and saying.reason not in ProblemReason.values:
        errors["reason"] = [_("Choose what is wrong with the report.")]
    if len(text) > MAX_TEXT:
        errors["text"] = [_("Shorten the text to 1,000 characters.")]
    if len(saying.photo_ids) > MAX_PHOTOS:
        errors["photos"] = [_("Please choose at most 3 photos.")]
    if errors:
        raise Refused(errors)


def claim_photos(remark: Remark, photo_ids: Sequence[UUID]) -> None:
    """Hang the staged images on the remark: one statement checks and writes. Raises Refused."""
    if not photo_ids:
        return
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO reports_photo (report_id, remark_id, image_id, position, is_released) "
            "SELECT %(report)s, %(remark)s, image.id, wish.position + (SELECT coalesce("
            "max(position), -1) FROM reports_photo WHERE report_id = %(report)s), false "
            "FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wish (id, position) "
            "JOIN townhall_image AS image ON image.id = wish.id "
            "FOR KEY SHARE OF image "  # the sweep of forgotten images waits, or we see them gone
            "ON CONFLICT (image_id) DO NOTHING",
            {
                "report": remark.report_id,
                "remark": remark.pk,
                "ids": list(dict.fromkeys(photo_ids)),
            },
        )
        if sql.rowcount != len(set(photo_ids)):
            raise Refused({"photos": [_("A photo did not arrive. Please add it again.")]})


# ── What follows from it ─────────────────────────────────────────────────────────────────────
def _more(work: Work, remark: Remark) -> None:
    work.tell(EventKind.MORE_SENT, Visibility.INTERNAL, department=None, facts=_facts(remark))


def _fixed(work: Work, remark: Remark) -> None:
    """Counted for everybody to see; what a program sends is not."""
    is_counted = not remark.is_suspect
    visibility = Visibility.PUBLIC if is_counted else Visibility.INTERNAL
    _settle(work, remark)
    work.tell(EventKind.FIXED, visibility, department=None, facts=_facts(remark))


def _not_fixed(work: Work, remark: Remark) -> None:
    """The report is open again; what a program sends, or too late, is for staff to decide."""
    row = work.report
    if remark.is_suspect or not may_reopen(row, now=work.now):
        work.tell(EventKind.NOT_FIXED, Visibility.INTERNAL, department=None, facts=_facts(remark))
        return
    work.move(Status.NEW, reason=remark.text or "photo")
    row.forwarded_to = ""
    event = work.tell(
        EventKind.STATUS,
        Visibility.PUBLIC,
        department=None,
        status=Status.NEW,
        facts=_facts(remark),
    )
    work.drafts += notices.opened_again(row)
    if not remark.is_reporters:
        work.drafts += notices.to_reporter(row, event)


def may_reopen(report: Report, *, now: dt.datetime) -> bool:
    """Whether a resident's “no” still opens the report again, by the town's terms."""
    terms = Offer.objects.filter(municipality=report.municipality_id, category=report.category_id)
    days = terms.values_list("reopen_within_days", flat=True).first()
    within = dt.timedelta(days=REOPEN_WITHIN_DAYS if days is None else days)
    return report.closed_at is not None and now - report.closed_at <= within


def _problem(work: Work, remark: Remark) -> None:
    work.tell(EventKind.PROBLEM, Visibility.INTERNAL, department=None, facts=_facts(remark))
    row = work.report
    most = row.municipality.hide_after_problems
    if not (most and row.is_public and _people_with_problems(row) >= most):
        return
    if _was_cleared(row):
        return
    row.is_public = False
    row.changed_at = work.now
    hidden = work.tell(EventKind.DEPUBLISHED, Visibility.INTERNAL, facts={"because": "problems"})
    hidden.tiles = live.public_tiles(row)


def _was_cleared(report: Report) -> bool:
    """Staff found problems unfounded, and nothing has changed since: their word stands.

    Or a few people could hide what staff have shown, again and again.
    """
    cleared = Remark.objects.filter(
        report=report, kind=RemarkKind.PROBLEM, state=RemarkState.SETTLED
    )
    last = cleared.order_by("-decided_at").first()
    if last is None or last.decided_at is None:
        return False
    new = report.events.filter(kind__in=_NEW_TO_SEE, at__gt=last.decided_at)
    return not new.exists()


def _people_with_problems(report: Report) -> int:
    problems = Remark.objects.waiting().filter(report=report, kind=RemarkKind.PROBLEM)
    return problems.filter(is_suspect=False).values("sender").distinct().count()


def forget_due(*, now: dt.datetime) -> int:
    """What was decided on long ago needs no words and, if nobody was shown it, no photos.

    Returns how many remarks. What everybody reads is the event's text, and stays.
    """
    due = Remark.objects.filter(decided_at__lt=now - retention.REMARK_AFTER_DECISION)
    Photo.objects.filter(remark__in=due, is_released=False).delete()
    return due.exclude(text="").update(text="")


def _settle(work: Work, remark: Remark) -> None:
    """Nothing is left to decide."""
    remark.state = RemarkState.SETTLED
    remark.decided_at = work.now
    remark.save(update_fields=["state", "decided_at"])


def _facts(remark: Remark) -> dict[str, Any]:
    facts: dict[str, Any] = {"by": "reporter" if remark.is_reporters else "resident"}
    if remark.reason:
        facts["reason"] = remark.reason
    if remark.is_suspect:
        facts["suspect"] = True
    return facts


_ACTS: Mapping[RemarkKind, Callable[[Work, Remark], None]] = {
    RemarkKind.MORE: _more,
    RemarkKind.FIXED: _fixed,
    RemarkKind.NOT_FIXED: _not_fixed,
    RemarkKind.PROBLEM: _problem,
}
