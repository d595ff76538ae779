"""What staff decide on what residents said: show it or not, hide the report or not.

Deeds as in triage.py. Whoever may release texts and photos decides here too.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from reports import live
from reports.deeds.work import NotAllowed, TooLate, Work, done_by_staff
from reports.models import (
    Event,
    EventKind,
    Photo,
    Publication,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    Visibility,
)
from reports.workflow import Deed
from townhall.models import User

UNDECIDED = frozenset({RemarkKind.MORE, RemarkKind.NOT_FIXED, RemarkKind.TASK})


class NothingToShow(Exception):
    """Neither words nor a photo were chosen."""


def release_remark(
    report: Report,
    remark_id: UUID,
    *,
    by: User,
    text: str,
    photos: Collection[int] = (),
    version: int | None = None,
) -> Report:
    """Let everybody read `text`, which staff may have shortened, and see these photos.

    Photos by primary key. Raises NothingToShow, TooLate where a colleague has decided.
    """
    with transaction.atomic():  # the photos hang on the event, which is written at the deed's end
        with done_by_staff(report, by, Deed.RELEASE, version) as work:
            if work.report.publication == Publication.NEVER:
                raise NotAllowed
            remark = _waiting(work, remark_id)
            shown = Photo.objects.filter(remark=remark, pk__in=photos)
            if not text.strip() and not shown.exists():
                raise NothingToShow
            _decide(work, [remark], RemarkState.RELEASED)
            work.report.changed_at = work.now
            event = work.tell(
                EventKind.MORE,
                Visibility.PUBLIC,
                department=None,
                text=text.strip(),
                facts=_facts(remark),
            )
        shown.update(is_released=True, event=event)
    return work.report


def refuse_remark(
    report: Report, remark_id: UUID, *, by: User, version: int | None = None
) -> Report:
    """Nobody but staff gets to see it. Raises TooLate where a colleague has decided."""
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        remark = _waiting(work, remark_id)
        _decide(work, [remark], RemarkState.REFUSED)
        work.tell(EventKind.MORE_REFUSED, Visibility.INTERNAL, facts=_facts(remark))
    return work.report


def settle_problems(
    report: Report, *, by: User, is_hidden: bool, answer: str = "", version: int | None = None
) -> Report:
    """Decide on all open problems at once: hide the report, or show it (again).

    `answer`: to whoever saw a problem. Nobody knows who that was, so everybody reads it at the
    report; of a hidden one only staff do. Raises TooLate where a colleague has decided.
    """
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        row = work.report
        open_ones = Remark.objects.waiting().filter(report=row, kind=RemarkKind.PROBLEM)
        problems = list(open_ones)
        if not problems:
            raise TooLate(row, ())
        state = RemarkState.UPHELD if is_hidden else RemarkState.SETTLED
        _decide(work, problems, state)
        facts = {"upheld": is_hidden}
        answer = answer.strip()
        work.tell(EventKind.PROBLEM_CLOSED, Visibility.INTERNAL, text=answer, facts=facts)
        if is_hidden:
            _hide(work, reason=problems[0].reason)
        elif was_hidden_by_problems(row):
            _show(work)
        if answer and not is_hidden:
            work.tell(EventKind.ANSWERED, Visibility.PUBLIC, text=answer)
    return row


def was_hidden_by_problems(report: Report) -> bool:
    """Whether it is hidden, and only because people had problems with it."""
    if report.is_public or report.publication == Publication.NEVER:
        return False
    last = report.events.filter(kind__in=[EventKind.DEPUBLISHED, EventKind.PUBLISHED]).last()
    return bool(
        last and last.kind == EventKind.DEPUBLISHED and last.facts.get("because") == "problems"
    )


def _hide(work: Work, *, reason: str) -> None:
    row = work.report
    if not row.is_public and not was_hidden_by_problems(row):
        return
    row.is_public = False
    row.changed_at = work.now
    facts = {"because": "problem", "reason": reason}
    _seen(work, work.tell(EventKind.DEPUBLISHED, Visibility.INTERNAL, facts=facts))


def _show(work: Work) -> None:
    work.report.is_public = True
    work.report.changed_at = work.now
    _seen(work, work.tell(EventKind.PUBLISHED, Visibility.INTERNAL))


def _seen(work: Work, event: Event) -> None:
    event.tiles = live.public_tiles(work.report)


def _waiting(work: Work, remark_id: UUID) -> Remark:
    """Raises TooLate. A foreign report's remark is as good as decided."""
    waiting = Remark.objects.waiting().filter(report=work.report, kind__in=UNDECIDED)
    remark = waiting.filter(pk=remark_id).first()
    if remark is None:
        raise TooLate(work.report, ())
    return remark


def _decide(work: Work, remarks: Collection[Remark], state: RemarkState) -> None:
    """Who sent it is of no further use."""
    for remark in remarks:
        remark.state = state
        remark.sender = ""
        remark.decided_at = work.now
        remark.decided_by = work.by
    Remark.objects.bulk_update(remarks, ["state", "sender", "decided_at", "decided_by"])


def _facts(remark: Remark) -> dict[str, str]:
    by = "reporter" if remark.is_reporters else "resident"
    return {"by": by, "kind": remark.kind}
