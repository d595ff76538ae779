"""Day lists of the Bauhof: who drives where on a day, in which order, and what came of it.

A crew answers by the link on its phone, without an account. What it says is internal: the desk
reads it at once and decides what the public hears.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geo.ways import short_order
from reports.deeds.commissioning import Conflict, Unknown, join_photos
from reports.deeds.work import NotAllowed, done_by_staff, roles_on, said_by_residents
from reports.models import (
    Crew,
    CrewLink,
    Event,
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


LATEST = dt.timedelta(days=3)  # an older clock than that of a phone's answer is wrong


class Over(Exception):
    """The link has run out."""


class Revoked(Over):
    """Staff have ended the link, such as that on a lost phone."""


class Changed(Exception):
    """Somebody else has changed the list since it was shown."""


class Elsewhere(Exception):
    """The crew does not work in the report's town."""


@dataclass(frozen=True)
class Said:
    """What a crew says of a stop. `client_id` is made on its side, once per sending.

    `at`: when it was said, by the phone's clock; None: now. It may have waited for a network.
    """

    client_id: UUID
    state: StopState
    text: str = ""
    photo_ids: tuple[UUID, ...] = ()
    at: dt.datetime | None = None

    def digest(self, stop: Stop) -> str:
        content = [stop.pk, self.state, self.text, [str(each) for each in self.photo_ids]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def moment(self, now: dt.datetime) -> dt.datetime:
        """The phone's clock as far as it can be believed."""
        return min(max(self.at or now, now - LATEST), now)


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


def counted(crews: Sequence[Crew], day: dt.date) -> dict[int, tuple[int, int]]:
    """Of each crew with a list on that day: its stops, and how many are answered. One statement."""
    stops = Stop.objects.filter(crew__in=crews, day=day).order_by().values("crew")
    counts = stops.annotate(all=Count("pk"), answered=Count("pk", filter=~Q(state="")))
    return {each["crew"]: (each["all"], each["answered"]) for each in counts}


def stand_of(stops: Sequence[Stop]) -> str:
    """Changes with the order of the list and with each answer."""
    rows = [[stop.pk, stop.state] for stop in stops]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


# ── Who may ──────────────────────────────────────────────────────────────────────────────────
def may_plan(user: User, crew: Crew) -> bool:
    """Order the crew's day."""
    return may(_roles(user, crew), Deed.SCHEDULE)


def may_hand_out(user: User, crew: Crew) -> bool:
    """See its link and end it. Whoever holds it answers, so nobody who only reads."""
    return may(_roles(user, crew), Deed.SET_STATUS)


def _roles(user: User, crew: Crew) -> frozenset[str]:
    scope = scope_of(user)
    towns = crew.department.serves.values_list("pk", flat=True)
    each = (scope.roles_for(municipality_id=town) for town in towns)
    return scope.roles_for(department_id=crew.department_id).union(*each)


# ── What staff do ────────────────────────────────────────────────────────────────────────────
def put(report: Report, crew: Crew, day: dt.date, *, by: User, version: int | None = None) -> Stop:
    """On the crew's list of the day: at its end, a hazard before the rest. It leaves other lists.

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
        others = _locked(crew, day)
        stop = stop or Stop(report=row)
        stop.report = row
        stop.crew, stop.day, stop.listed_by = crew, day, by
        at = _place_of(row, others)
        stop.position = at
        stop.save()
        _number([*others[:at], stop, *others[at:]])
        facts = {"crew": crew.name, "day": day.isoformat(), "list": crew.pk}
        work.tell(EventKind.CREW_LISTED, Visibility.INTERNAL, facts=facts)
    return stop


def take_off(stop: Stop, *, by: User) -> None:
    """From the list again. What the crew has answered stays."""
    with done_by_staff(stop.report, by, Deed.SCHEDULE, None) as work:
        gone, _rows = Stop.objects.filter(pk=stop.pk, state="").delete()
        if gone:
            facts = {"crew": stop.crew.name, "day": stop.day.isoformat()}
            work.tell(EventKind.CREW_OFF, Visibility.INTERNAL, facts=facts)


def move(stop: Stop, *, by: User, is_up: bool, stand: str = "") -> None:
    """One place up or down on its list. At the end: no change.

    `stand`: of the list that was shown. Raises NotAllowed and Changed.
    """
    if not may(roles_on(by, stop.report), Deed.SCHEDULE):
        raise NotAllowed
    with transaction.atomic():
        order = _locked(stop.crew, stop.day, stand)
        here = next((at for at, each in enumerate(order) if each.pk == stop.pk), None)
        there = None if here is None else here + (-1 if is_up else 1)
        if here is None or there is None or not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        _number(order)


def arrange(crew: Crew, day: dt.date, *, by: User, stand: str = "") -> None:
    """What is answered, then the hazards, then the rest, each by a short way (geo.ways).

    The first open stop stays the first of its kind, so staff choose where the day begins.
    Raises NotAllowed and Changed.
    """
    if not may_plan(by, crew):
        raise NotAllowed
    with transaction.atomic():
        order = _locked(crew, day, stand)
        way = [stop for stop in order if stop.state]
        for kind in (True, False):
            part = [stop for stop in order if not stop.state and stop.report.is_hazard is kind]
            before = way[-1].report.position if way and not way[-1].state else None
            places = [stop.report.position for stop in part]
            way += [part[at] for at in short_order(places, start=before)]
        _number(way)


def _locked(crew: Crew, day: dt.date, stand: str = "") -> list[Stop]:
    """The list, which nobody else orders meanwhile. Raises Changed."""
    Crew.objects.select_for_update().get(pk=crew.pk)
    order = list(Stop.objects.filter(crew=crew, day=day).select_related("report"))
    if stand and stand != stand_of(order):
        raise Changed
    return order


def _place_of(report: Report, others: Sequence[Stop]) -> int:
    if not report.is_hazard:
        return len(others)
    before = [at for at, each in enumerate(others) if each.state or each.report.is_hazard]
    return before[-1] + 1 if before else 0


def _number(order: Sequence[Stop]) -> None:
    for position, each in enumerate(order):
        each.position = position
    Stop.objects.bulk_update(order, ["position"])


# ── The link ─────────────────────────────────────────────────────────────────────────────────
def link_of(crew: Crew, day: dt.date) -> CrewLink:
    """For the crew's phone: the same for the same crew and day, until it is renewed."""
    link = CrewLink.objects.filter(crew=crew, day=day, revoked_at=None).first()
    if link is None:
        made = uuid.uuid4()
        known = {"id": made, "digest": digest(token_for("crew", made))}
        link, _is_new = CrewLink.objects.get_or_create(
            crew=crew, day=day, revoked_at=None, defaults=known
        )
    return link


def link_token(crew: Crew, day: dt.date) -> str:
    return token_of(link_of(crew, day))


def token_of(link: CrewLink) -> str:
    return token_for("crew", link.id)


def renew_link(crew: Crew, day: dt.date, *, by: User) -> CrewLink:
    """A new link, to the end of tomorrow at least; the old one opens nothing from now on.

    For a lost phone, and for a list that takes longer. Raises NotAllowed.
    """
    if not may_hand_out(by, crew):
        raise NotAllowed
    with transaction.atomic():
        Crew.objects.select_for_update().get(pk=crew.pk)
        now = timezone.now()
        CrewLink.objects.filter(crew=crew, day=day, revoked_at=None).update(revoked_at=now)
        last_day = max(day, timezone.localdate(now)) + dt.timedelta(days=1)
        made = uuid.uuid4()
        return CrewLink.objects.create(
            id=made,
            crew=crew,
            day=day,
            digest=digest(token_for("crew", made)),
            renewed_to=last_day,
        )


# ── What the crew says ───────────────────────────────────────────────────────────────────────
def open_link(token: str, *, today: dt.date | None = None) -> CrewLink:
    """Raises Unknown, Revoked, and Over from the second day on."""
    found = CrewLink.objects.select_related("crew__department").filter(digest=digest(token))
    link = found.first()
    if link is None:
        raise Unknown
    if link.revoked_at:
        raise Revoked
    if (today or timezone.localdate()) > link.last_day:
        raise Over
    return link


def answer(token: str, stop_id: int, said: Said, *, today: dt.date | None = None) -> bool:
    """Done, not found, another problem: exactly once per UUID. The last word counts.

    What waited for a network is taken although the stop went to another list meanwhile, and
    overrules nothing that was said after it. False: it was said before. Raises Refused, Conflict,
    Unknown (also for what never stood on this list), Over, and Report.DoesNotExist.
    """
    link = open_link(token, today=today)
    _refuse_if_empty(said)
    stop = Stop.objects.select_related("report").filter(pk=stop_id).first()
    if stop is None or not _stood_on(link, stop):
        raise Unknown
    with said_by_residents(stop.report) as work:
        row = Stop.objects.select_for_update(of=("self",)).filter(pk=stop_id).first()
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
        _note(row, said, said.moment(work.now))
        facts: dict[str, object] = {"crew": link.crew.name, "name": link.crew.name, "by": "outside"}
        if said.at:
            facts["said_at"] = said.moment(work.now).isoformat(timespec="seconds")
        text = said.text.strip()
        event = work.tell(_KINDS[said.state], Visibility.INTERNAL, text=text, facts=facts)
        work.afterwards.append(partial(join_photos, remark, event))
    return True


def _stood_on(link: CrewLink, stop: Stop) -> bool:
    """Now, or before staff gave it to somebody else."""
    if (stop.crew_id, stop.day) == (link.crew_id, link.day):
        return True
    listed = Event.objects.filter(report=stop.report_id, kind=EventKind.CREW_LISTED)
    facts = {"facts__list": link.crew_id, "facts__day": link.day.isoformat()}
    return listed.filter(**facts).exists()


def _note(row: Stop, said: Said, at: dt.datetime) -> None:
    if row.answered_at and row.answered_at > at:
        return
    row.state, row.note, row.answered_at = said.state, said.text.strip(), at
    row.save(update_fields=["state", "note", "answered_at"])


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
