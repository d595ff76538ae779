"""The reporter's reply to a question of the town hall, by their own link.

Read by staff and themselves, nobody else; so nobody has to release it. It ends the waiting.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reports.deeds.answering import end_waiting
from reports.deeds.work import Work, said_by_residents
from reports.letters import notices
from reports.models import (
    Event,
    EventKind,
    Photo,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    Visibility,
)
from reports.receiving.drafts import Refused
from reports.voices.remarks import (
    MAX_PHOTOS,
    MAX_TEXT,
    MIN_TEXT,
    Conflict,
    Heard,
    NotNow,
    claim_photos,
)


@dataclass(frozen=True)
class Reply:
    """`client_id` is made on the resident's side, once per sending."""

    client_id: UUID
    text: str = ""
    photo_ids: tuple[UUID, ...] = ()

    def digest(self, report: Report) -> str:
        content = [report.code, "reply", self.text, [str(each) for each in self.photo_ids]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def question_to(report: Report) -> Event | None:
    """What the report waits for; None: for nothing."""
    if report.waiting_since is None:
        return None
    asked = report.events.filter(kind=EventKind.ASKED, at__gte=report.waiting_since)
    return asked.select_related("department").last()


def reply(report: Report, said: Reply) -> Heard:
    """Take it in, exactly once per `client_id`. The report goes on.

    Raises Refused, Conflict, NotNow (nothing is asked any more) and Report.DoesNotExist.
    """
    _refuse_if_empty(said)
    with said_by_residents(report) as work:
        row = work.report
        remark, is_new = Remark.objects.get_or_create(
            client_id=said.client_id,
            defaults={
                "digest": said.digest(row),
                "report": row,
                "kind": RemarkKind.REPLY,
                "state": RemarkState.SETTLED,
                "is_reporters": True,
                "at": work.now,
            },
        )
        if not is_new:
            if remark.digest != said.digest(row):
                raise Conflict
            return Heard(row, remark, is_new=False)
        if row.waiting_since is None:
            raise NotNow(row)
        claim_photos(remark, said.photo_ids)
        _tell(work, remark, said)
    return Heard(row, remark, is_new=True)


def _refuse_if_empty(said: Reply) -> None:
    text = said.text.strip()
    if not said.photo_ids and len(text) < MIN_TEXT:
        raise Refused({"text": [_("Write a few words, or add a photo.")]})
    if len(text) > MAX_TEXT:
        raise Refused({"text": [_("Shorten the text to 1,000 characters.")]})
    if len(said.photo_ids) > MAX_PHOTOS:
        raise Refused({"photos": [_("Please choose at most 3 photos.")]})


def _tell(work: Work, remark: Remark, said: Reply) -> None:
    row = work.report
    end_waiting(row, now=work.now)
    row.replied_at = work.now
    event = work.tell(
        EventKind.REPLIED,
        Visibility.REPORTER,
        department=None,
        text=said.text.strip(),
        facts={"by": "reporter"},
    )
    work.afterwards.append(partial(_join, remark, event))
    work.drafts += notices.replied(row)


def _join(remark: Remark, event: Event) -> None:
    """Its photos belong to the entry of the timeline."""
    Photo.objects.filter(remark=remark).update(event=event)
