"""What staff say about a report: to everybody, to the reporter alone, or to each other.

And what they ask the reporter: the report then waits, says so, and goes on with the reply.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from reports.deeds.enclosing import enclose
from reports.deeds.noting import jot
from reports.deeds.planning import after_waiting
from reports.deeds.work import NotAllowed, Work, done_by_staff, roles_on
from reports.letters import notices
from reports.models import Event, EventKind, Report, Visibility
from reports.workflow import Deed, IllegalMove, Status, may
from townhall.models import User


class Unreachable(Exception):
    """No letter would reach the reporter."""


@dataclass(frozen=True)
class Answer:
    """What is said, to whom, and where the report goes with it. `photo_ids`: staged images."""

    text: str
    visibility: Visibility = Visibility.INTERNAL
    goal: Status | None = None
    photo_ids: tuple[UUID, ...] = ()

    @property
    def deed(self) -> Deed:
        if self.visibility != Visibility.INTERNAL:
            return Deed.WRITE
        return Deed.SET_STATUS if self.goal else Deed.NOTE


def write(report: Report, answer: Answer, *, by: User, version: int | None = None) -> Report:
    """Say it, and move the report on in the same deed. Raises ReasonMissing, PhotoGone.

    A note beside a report's way overwrites nothing: it needs no version.
    """
    seen = None if answer.deed is Deed.NOTE else version
    with done_by_staff(report, by, answer.deed, seen) as work:
        if answer.goal and not may(roles_on(by, work.report), Deed.SET_STATUS):
            raise NotAllowed
        work.report.replied_at = None
        _ACTS[answer.visibility](work, answer)
    return work.report


def _to_everybody(work: Work, answer: Answer) -> None:
    text = answer.text.strip()
    if answer.goal:
        work.move(answer.goal, reason=text)
        event = work.tell(EventKind.STATUS, Visibility.PUBLIC, status=answer.goal, text=text)
    else:
        work.report.changed_at = work.now
        event = work.tell(EventKind.ANSWERED, Visibility.PUBLIC, text=text)
    enclose(work, event, answer.photo_ids)
    _send(work, event, answer)


def _to_reporter(work: Work, answer: Answer) -> None:
    """Everybody sees a new status; the words are for one."""
    if answer.goal:
        work.move(answer.goal)
        work.tell(EventKind.STATUS, Visibility.PUBLIC, status=answer.goal)
    event = work.tell(EventKind.ANSWERED, Visibility.REPORTER, text=answer.text.strip())
    enclose(work, event, answer.photo_ids)
    _send(work, event, answer)


def _to_each_other(work: Work, answer: Answer) -> None:
    if answer.goal:
        work.move(answer.goal)
        moved = work.tell(EventKind.STATUS, Visibility.PUBLIC, status=answer.goal)
        work.drafts += notices.to_reporter(work.report, moved)
    note = jot(work, answer.text)
    enclose(work, note, answer.photo_ids)


def _send(work: Work, event: Event, answer: Answer) -> None:
    kind = "answer" if event.kind == EventKind.ANSWERED else "status"
    photos = len(answer.photo_ids)
    work.drafts += notices.to_reporter(work.report, event, kind=kind, photos=photos)


_ACTS = {
    Visibility.PUBLIC: _to_everybody,
    Visibility.REPORTER: _to_reporter,
    Visibility.INTERNAL: _to_each_other,
}


# ── Asking back ──────────────────────────────────────────────────────────────────────────────
class Via(StrEnum):
    """How the question travels. On the reporter's own page it stands in any case."""

    LETTER = "mail"
    PHONE = "phone"
    PAPER = "paper"


def ask(
    report: Report,
    text: str,
    *,
    by: User,
    via: Via = Via.LETTER,
    photo_ids: tuple[UUID, ...] = (),
    version: int | None = None,
) -> Report:
    """Ask the reporter; the report waits for them. Raises Unreachable where no letter arrives.

    On paper the letter lies to be printed; without an address staff write it themselves.
    Raises IllegalMove for what is closed or waits already.
    """
    with done_by_staff(report, by, Deed.ASK, version) as work:
        row = work.report
        if not row.is_open or row.waiting_since:
            raise IllegalMove(Status(row.status), Status(row.status))
        begin_waiting(row, now=work.now)
        event = work.tell(
            EventKind.ASKED, Visibility.REPORTER, text=text.strip(), facts={"via": via.value}
        )
        enclose(work, event, photo_ids)
        if via is Via.LETTER:
            drafts = notices.to_reporter(row, event, kind="question", photos=len(photo_ids))
            if not drafts:
                raise Unreachable
            work.drafts += drafts
        elif via is Via.PAPER:
            work.drafts += notices.question_on_paper(row, event)
    return row


def settle(report: Report, *, by: User, text: str = "", version: int | None = None) -> Report:
    """The reporter said it on the phone (`text`), or nobody waits for it any more."""
    with done_by_staff(report, by, Deed.ASK, version) as work:
        row = work.report
        if not row.waiting_since:
            raise IllegalMove(Status(row.status), Status(row.status))
        end_waiting(row, now=work.now)
        kind = EventKind.REPLIED if text.strip() else EventKind.ASK_ENDED
        work.tell(kind, Visibility.INTERNAL, text=text.strip(), facts={"by": "staff"})
    return row


def begin_waiting(row: Report, *, now: dt.datetime) -> None:
    """In the deed, on the locked row. From now on it is the reporter's turn."""
    row.waiting_since = now
    row.replied_at = None


def end_waiting(row: Report, *, now: dt.datetime) -> None:
    """In the deed, on the locked row. It is our turn again, with as many working days as before."""
    if row.waiting_since:
        row.due_on = after_waiting(row, since=timezone.localdate(row.waiting_since), now=now)
    row.waiting_since = None
