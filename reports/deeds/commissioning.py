"""Tasks for outside bodies and contractors without an account: given by staff, answered by a link.

A link opens one report, never its reporter. Looking at it changes nothing but that it was opened;
everything else is a button. What comes back is internal; photos wait for staff like any other's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reports.deeds.work import Work, done_by_staff, said_by_residents
from reports.letters import tasks
from reports.models import (
    Commission,
    CommissionLink,
    Event,
    EventKind,
    Photo,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    TaskOutcome,
    Visibility,
)
from reports.personal import retention
from reports.receiving.drafts import Refused
from reports.voices.remarks import MAX_TEXT, MIN_TEXT, claim_photos
from reports.workflow import Deed, IllegalMove, ReasonMissing, Status
from townhall import limits
from townhall.capabilities import digest
from townhall.limits import Knock
from townhall.models import Department, DepartmentKind, User

MOST_SUGGESTED = 50


class Unknown(Exception):
    """No task hangs on this token."""


class Conflict(Exception):
    """The UUID was used before, for other content."""


@dataclass(eq=False)
class Over(Exception):
    """The link has run out, or staff have ended the task."""

    commission: Commission


@dataclass(frozen=True)
class Task:
    """What is asked of whom. `photos`: keys of photos they may see though nobody else may."""

    name: str
    email: str
    text: str
    due_on: dt.date | None = None
    photos: Collection[int] = ()


@dataclass(frozen=True)
class Word:
    """What comes back. `client_id` is made on their side, once per sending."""

    client_id: UUID
    text: str = ""
    photo_ids: tuple[UUID, ...] = ()
    outcome: TaskOutcome | None = None  # None: only a comment

    def digest(self, task: str) -> str:
        content = [task, self.outcome, self.text, [str(each) for each in self.photo_ids]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


# ── What staff do ────────────────────────────────────────────────────────────────────────────
def give(report: Report, task: Task, *, by: User, version: int | None = None) -> Commission:
    """Mail somebody a link to this report and what to do about it.

    Raises ReasonMissing without words, and IllegalMove where the report is closed.
    """
    with done_by_staff(report, by, Deed.COMMISSION, version) as work:
        row = work.report
        if not row.is_open:
            raise IllegalMove(Status(row.status), Status(row.status))
        if not task.text.strip():
            raise ReasonMissing(Status(row.status))
        made = Commission.objects.create(
            report=row,
            name=task.name.strip(),
            email=task.email.strip(),
            text=task.text.strip(),
            due_on=task.due_on,
            asked_by=by,
            asked_at=work.now,
        )
        made.handed.set(Photo.objects.filter(report=row, remark=None, pk__in=task.photos))
        _tell(work, made, EventKind.TASK_GIVEN, text=made.text)
        _mail(work, made)
    return made


def end(commission: Commission, *, by: User) -> Commission:
    """The link opens nothing any more. Again = no change."""
    with done_by_staff(commission.report, by, Deed.COMMISSION, None) as work:
        row = _locked(commission.pk)
        if not row.is_revoked:
            row.ended_at = row.ended_at or work.now
            row.outcome = TaskOutcome.ENDED
            row.save(update_fields=["outcome", "ended_at"])
            _tell(work, row, EventKind.TASK_ENDED)
    return row


def tasks_of(report: Report) -> QuerySet[Commission]:
    """Newest first."""
    return Commission.objects.filter(report=report).order_by("-pk")


def known_bodies(report: Report) -> list[tuple[str, str]]:
    """E-mail address and name: the town's outside bodies, then who had a task of its before."""
    outside = Department.objects.filter(
        kind=DepartmentKind.OUTSIDE, is_active=True, serves=report.municipality_id
    ).exclude(email="")
    had = Commission.objects.filter(report__municipality=report.municipality_id).exclude(email="")
    found = dict(had.order_by("pk").values_list("email", "name")[:MOST_SUGGESTED])
    return list(({**found, **dict(outside.values_list("email", "name"))}).items())


def names(events: Iterable[Event]) -> dict[int, str]:
    """Who had the tasks that these events tell of, by the task. One statement, or none."""
    keys = {event.facts["task"] for event in events if "task" in event.facts}
    if not keys:
        return {}
    rows = Commission.objects.filter(pk__in=keys).values_list("pk", "name")
    return {pk: name or gettext("somebody outside") for pk, name in rows}


# ── What comes back by the link ──────────────────────────────────────────────────────────────
def open_link(token: str, *, now: dt.datetime | None = None) -> Commission:
    """With its report. Raises Unknown or Over."""
    link = _link(token)
    if link.commission.is_revoked or link.has_expired(now or timezone.now()):
        raise Over(link.commission)
    return link.commission


def look(token: str, *, now: dt.datetime | None = None) -> Commission:
    """Somebody opens the page: the first time is a fact. Raises Unknown or Over."""
    commission = open_link(token, now=now)
    if commission.opened_at is None:
        with _answered(commission) as (work, row):
            if row.opened_at is None:
                row.opened_at = work.now
                row.save(update_fields=["opened_at"])
                _tell(work, row, EventKind.TASK_OPENED)
                commission.opened_at = work.now
    return commission


def say(token: str, word: Word, *, now: dt.datetime | None = None) -> bool:
    """A comment, „done“ or „not ours“: exactly once per UUID.

    False: it was said before. Raises Refused, Conflict, Unknown, Over, and Report.DoesNotExist.
    """
    _refuse_if_empty(word)
    with _answered(open_link(token, now=now)) as (work, row):
        if row.is_revoked:
            raise Over(row)
        remark, is_new = Remark.objects.get_or_create(
            client_id=word.client_id,
            defaults={
                "digest": word.digest(f"task {row.pk}"),
                "report": work.report,
                "kind": RemarkKind.TASK,
                "state": RemarkState.WAITING if word.photo_ids else RemarkState.SETTLED,
                "at": work.now,
            },
        )
        if not is_new:
            if remark.digest != word.digest(f"task {row.pk}"):
                raise Conflict
            return False
        if word.outcome and not row.is_open:
            raise Over(row)
        claim_photos(remark, word.photo_ids)
        event = _take(work, row, word)
        work.afterwards.append(partial(join_photos, remark, event))
    return True


def renew(token: str) -> Commission:
    """Mail a new link to the address that the task was given to, and to no other.

    Raises Unknown, Over where staff have ended the task, and TooMany.
    """
    commission = _link(token).commission
    if commission.is_revoked or not commission.email:
        raise Over(commission)
    limits.spend(Knock("task-letters", str(commission.pk)))
    with _answered(commission) as (work, row):
        if row.is_revoked or not row.email:
            raise Over(row)
        _tell(work, row, EventKind.TASK_RENEWED)
        _mail(work, row)
    return commission


def photos_for(commission: Commission) -> QuerySet[Photo]:
    """What they may see: what everybody may, and what was handed to them."""
    report = commission.report
    released = Q(is_released=True) if report.is_public else Q(pk__in=[])
    mine = Photo.objects.filter(released | Q(pk__in=commission.handed.values("pk")), report=report)
    return mine.select_related("image").order_by("position")


def join_photos(remark: Remark, event: Event) -> None:
    """Its photos belong to the entry of the timeline."""
    Photo.objects.filter(remark=remark).update(event=event)


def _take(work: Work, row: Commission, word: Word) -> Event:
    text = word.text.strip()
    if word.outcome is None:
        return _tell(work, row, EventKind.TASK_SAID, text=text)
    row.outcome, row.answer, row.ended_at = word.outcome, text, work.now
    row.save(update_fields=["outcome", "answer", "ended_at"])
    is_done = word.outcome is TaskOutcome.DONE
    kind = EventKind.TASK_DONE if is_done else EventKind.TASK_REFUSED
    return _tell(work, row, kind, text=text)


def _refuse_if_empty(word: Word) -> None:
    text = word.text.strip()
    if word.outcome is TaskOutcome.NOT_OURS and len(text) < MIN_TEXT:
        raise Refused({"text": [_("Write down why, and who is responsible if you know it.")]})
    if word.outcome is None and not word.photo_ids and len(text) < MIN_TEXT:
        raise Refused({"text": [_("Write a few words, or add a photo.")]})
    if len(text) > MAX_TEXT:
        raise Refused({"text": [_("Shorten the text to 1,000 characters.")]})


def _link(token: str) -> CommissionLink:
    faces = ("category__group", "department", "municipality")
    links = CommissionLink.objects.select_related(
        "commission", *(f"commission__report__{face}" for face in faces)
    )
    link = links.filter(pk=digest(token)).first()
    if link is None:
        raise Unknown
    return link


def _locked(pk: int) -> Commission:
    return Commission.objects.select_for_update(of=("self",)).get(pk=pk)


@contextmanager
def _answered(commission: Commission) -> Iterator[tuple[Work, Commission]]:
    """In the order in which deeds lock: the report first."""
    with said_by_residents(commission.report) as work:
        row = _locked(commission.pk)
        row.report = work.report
        yield work, row


def _tell(work: Work, row: Commission, kind: EventKind, *, text: str = "") -> Event:
    """Without the name: facts are sealed for as long as the report lives, a name is not kept so."""
    facts = {"by": "staff" if work.by else "outside", "task": row.pk}
    return work.tell(kind, Visibility.INTERNAL, text=text, facts=facts)


def _mail(work: Work, row: Commission) -> None:
    token = secrets.token_urlsafe(32)
    expires_at = work.now + retention.TASK_LINK
    CommissionLink.objects.create(
        digest=digest(token), commission=row, made_at=work.now, expires_at=expires_at
    )
    work.drafts += tasks.given(row, token, until=expires_at)
