"""Day lists of the Bauhof: who drives where on a day, in which order, and what came of it.

A crew answers by the link on its phone, without an account. What it says is internal: the desk
reads it at once and decides what the public hears.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.deeds.commissioning import Conflict, Unknown, join_photos
from reports.deeds.work import NotAllowed, done_by_staff, roles_on, said_by_residents
from reports.models import (
    Crew,
    CrewLink,
    EventKind,
    Remark,
    RemarkKind,
    RemarkState,
    Report,
    Stop,
    StopState,
    Visibility,
)
from reports.receiving.drafts import Refused
from reports.voices.remarks import MAX_TEXT, MIN_TEXT, claim_photos
from reports.workflow import Deed, IllegalMove, Status, may
from townhall.capabilities import digest, token_for
from townhall.models import User
from townhall.people import scope_of

__all__ = ["Conflict", "Unknown"]


class Over(Exception):
    """The link has run out."""


class Elsewhere(Exception):
    """The crew does not work in the report's town."""


@dataclass(frozen=True)
class Said:
    """What a crew says of a stop. `client_id` is made on its side, once per sending."""

    client_id: UUID
    state: StopState
    text: str = ""
    photo_ids: tuple[UUID, ...] = ()

    def digest(self, stop: Stop) -> str:
        content = [stop.pk, self.state, self.text, [str(each) for each in self.photo_ids]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


# ── Lists ────────────────────────────────────────────────────────────────────────────────────
def crews_of(user: User) -> QuerySet[Crew]:
    """Whose lists this member of staff may see and make."""
    scope = scope_of(user)
    mine = Q(department__in=scope.department_ids) | Q(department__serves__in=scope.municipality_ids)
    active = Crew.objects.filter(mine, is_active=True, department__is_active=True)
    return active.select_related("department").distinct().order_by("name", "pk")


def crews_for(report: Report) -> QuerySet[Crew]:
    """Who can drive there."""
    serving = Crew.objects.filter(department__serves=report.municipality_id, is_active=True)
    return serving.filter(department__is_active=True).order_by("name", "pk")


def stops_of(crew: Crew, day: dt.date) -> list[Stop]:
    """In their order. One statement."""
    stops = Stop.objects.filter(crew=crew, day=day)
    faces = ("category__group", "department", "municipality")
    return list(stops.select_related(*(f"report__{face}" for face in faces)))


# ── What staff do ────────────────────────────────────────────────────────────────────────────
def put(report: Report, crew: Crew, day: dt.date, *, by: User, version: int | None = None) -> Stop:
    """On the crew's list of the day, at its end; from another list it moves there.

    Again = no change. Raises Elsewhere, and IllegalMove where the report is closed.
    """
    with done_by_staff(report, by, Deed.SCHEDULE, version) as work:
        row = work.report
        if not row.is_open:
            raise IllegalMove(Status(row.status), Status(row.status))
        if not crews_for(row).filter(pk=crew.pk).exists():
            raise Elsewhere
        stop = Stop.objects.filter(report=row, state="").first()
        if stop and (stop.crew_id, stop.day) == (crew.pk, day):
            return stop
        stop = stop or Stop(report=row)
        stop.crew, stop.day, stop.listed_by = crew, day, by
        stop.position = _last(crew, day) + 1
        stop.save()
        facts = {"crew": crew.name, "day": day.isoformat()}
        work.tell(EventKind.CREW_LISTED, Visibility.INTERNAL, facts=facts)
    return stop


def take_off(stop: Stop, *, by: User) -> None:
    """From the list again. What the crew has answered stays."""
    with done_by_staff(stop.report, by, Deed.SCHEDULE, None) as work:
        gone, _rows = Stop.objects.filter(pk=stop.pk, state="").delete()
        if gone:
            facts = {"crew": stop.crew.name, "day": stop.day.isoformat()}
            work.tell(EventKind.CREW_OFF, Visibility.INTERNAL, facts=facts)


def move(stop: Stop, *, by: User, is_up: bool) -> None:
    """One place up or down on its list. At the end: no change. Raises NotAllowed."""
    if not may(roles_on(by, stop.report), Deed.SCHEDULE):
        raise NotAllowed
    with transaction.atomic():
        Crew.objects.select_for_update().get(pk=stop.crew_id)
        order = list(Stop.objects.filter(crew=stop.crew_id, day=stop.day))
        here = next((at for at, each in enumerate(order) if each.pk == stop.pk), None)
        there = None if here is None else here + (-1 if is_up else 1)
        if here is None or there is None or not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        for position, each in enumerate(order):
            each.position = position
        Stop.objects.bulk_update(order, ["position"])


def link_token(crew: Crew, day: dt.date) -> str:
    """For the crew's phone: the same for the same crew and day."""
    link = CrewLink.objects.filter(crew=crew, day=day).first()
    if link is None:
        made = uuid.uuid4()
        known = {"id": made, "digest": digest(token_for("crew", made))}
        link, _is_new = CrewLink.objects.get_or_create(crew=crew, day=day, defaults=known)
    return token_for("crew", link.id)


def _last(crew: Crew, day: dt.date) -> int:
    highest = Stop.objects.filter(crew=crew, day=day).aggregate(at=Max("position"))["at"]
    return -1 if highest is None else int(highest)


# ── What the crew says ───────────────────────────────────────────────────────────────────────
def open_link(token: str, *, today: dt.date | None = None) -> CrewLink:
    """Raises Unknown, and Over from the second day on."""
    found = CrewLink.objects.select_related("crew__department").filter(digest=digest(token))
    link = found.first()
    if link is None:
        raise Unknown
    if (today or timezone.localdate()) > link.last_day:
        raise Over
    return link


def answer(token: str, stop_id: int, said: Said, *, today: dt.date | None = None) -> bool:
    """Done, not found, another problem: exactly once per UUID. The last word counts.

    False: it was said before. Raises Refused, Conflict, Unknown (also for a stop of another list),
    Over, and Report.DoesNotExist.
    """
    link = open_link(token, today=today)
    _refuse_if_empty(said)
    mine = Stop.objects.filter(crew=link.crew_id, day=link.day)
    stop = mine.select_related("report").filter(pk=stop_id).first()
    if stop is None:
        raise Unknown
    with said_by_residents(stop.report) as work:
        row = mine.select_for_update(of=("self",)).filter(pk=stop_id).first()
        if row is None:
            raise Unknown
        remark, is_new = Remark.objects.get_or_create(
            client_id=said.client_id,
            defaults={
                "digest": said.digest(stop),
                "report": work.report,
                "kind": RemarkKind.TASK,
                "state": RemarkState.WAITING if said.photo_ids else RemarkState.SETTLED,
                "at": work.now,
            },
        )
        if not is_new:
            if remark.digest != said.digest(stop):
                raise Conflict
            return False
        claim_photos(remark, said.photo_ids)
        row.state, row.note, row.answered_at = said.state, said.text.strip(), work.now
        row.save(update_fields=["state", "note", "answered_at"])
        facts = {"crew": link.crew.name, "name": link.crew.name, "by": "outside"}
        event = work.tell(_KINDS[said.state], Visibility.INTERNAL, text=row.note, facts=facts)
        work.afterwards.append(partial(join_photos, remark, event))
    return True


_KINDS = {
    StopState.DONE: EventKind.CREW_DONE,
    StopState.NOT_FOUND: EventKind.CREW_NOT_FOUND,
    StopState.OTHER: EventKind.CREW_OTHER,
}


def _refuse_if_empty(said: Said) -> None:
    text = said.text.strip()
    if said.state is StopState.OTHER and len(text) < MIN_TEXT and not said.photo_ids:
        raise Refused({"text": [_("Write down what the problem is, or take a photo.")]})
    if len(text) > MAX_TEXT:
        raise Refused({"text": [_("Shorten the text to 1,000 characters.")]})
