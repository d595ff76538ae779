"""Sammellage: one storm, sixty reports, one answer.

Each report keeps its own life and gets its own event. Whoever would hear of several of them hears
once: all letters of one answer have one key for each mailbox.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from reports.deeds import bulk
from reports.deeds.bulk import Pick
from reports.deeds.work import NotAllowed, done_by_staff
from reports.letters import notices
from reports.letters.once import told_once
from reports.models import Batch, Category, EventKind, Incident, Member, Report, Visibility
from reports.workflow import OPEN, Deed, IllegalMove, ReasonMissing, Status, may
from townhall.codes import new_code
from townhall.models import Municipality, User
from townhall.people import scope_of

MOST_OFFERED = 200
GOALS = (Status.IN_PROGRESS, Status.ON_HOLD, Status.DONE)  # of the one answer


@dataclass(frozen=True)
class Outline:
    """What an incident is: its reports are offered by group, Ortsteil and time."""

    title: str
    notice: str
    begins_at: dt.datetime
    ends_at: dt.datetime | None = None
    group: Category | None = None
    locality: str = ""


def may_lead(user: User, municipality: Municipality) -> bool:
    roles = scope_of(user).roles_for(municipality_id=municipality.pk)
    return may(roles, Deed.INCIDENT)


def begin(municipality: Municipality, outline: Outline, *, by: User) -> Incident:
    """Raises NotAllowed."""
    return begin_once(uuid4(), municipality, outline, by=by)[0]


def begin_once(
    client_id: UUID, municipality: Municipality, outline: Outline, *, by: User
) -> tuple[Incident, bool]:
    """The incident of this UUID, and whether it is new.

    Raises NotAllowed, and bulk.Conflict where the UUID was used for another one.
    """
    if not may_lead(by, municipality):
        raise NotAllowed
    said = {**vars(outline), "municipality": municipality, "by": by}
    made = {"code": new_code(), "made_at": timezone.now()}
    incident, is_new = Incident.objects.get_or_create(client_id=client_id, defaults=said | made)
    if any(getattr(incident, name) != value for name, value in said.items()):
        raise bulk.Conflict
    return incident, is_new


def close(incident: Incident, *, by: User) -> Incident:
    """Its notice vanishes from the pages; its reports stay what they are. Again = no change."""
    with transaction.atomic():
        row = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        if not may_lead(by, row.municipality):
            raise NotAllowed
        if row.closed_at is None:
            row.closed_at = timezone.now()
            row.save(update_fields=["closed_at"])
    return row


def join(report: Report, incident: Incident, *, by: User, version: int | None = None) -> Report:
    """The report is part of it. Already so: no change. Raises IllegalMove for another town's,
    for a closed one and for a report of another incident."""
    with done_by_staff(report, by, Deed.INCIDENT, version) as work:
        row = work.report
        member = Member.objects.filter(report=row).first()
        if member is not None and member.incident_id == incident.pk:
            return row
        is_elsewhere = incident.municipality_id != row.municipality_id
        if member is not None or is_elsewhere or not incident.is_open:
            raise IllegalMove(Status(row.status), Status(row.status))
        work.is_final = True
        Member.objects.create(incident=incident, report=row, at=work.now)
        facts = {"title": incident.title, "incident": incident.code}
        work.tell(EventKind.INCIDENT, Visibility.INTERNAL, facts=facts)
    return row


def offered(incident: Incident, user: User) -> QuerySet[Report]:
    """Open reports in the user's care that fit its rule and belong to no incident, oldest first."""
    rule = Q(received_at__gte=incident.begins_at)
    if incident.ends_at:
        rule &= Q(received_at__lte=incident.ends_at)
    if incident.group_id:
        rule &= Q(category__group=incident.group_id)
    if incident.locality:
        rule &= Q(locality=incident.locality)
    rows = Report.objects.in_care_of(user).filter(
        rule, municipality=incident.municipality_id, status__in=sorted(OPEN), member=None
    )
    rows = rows.select_related("category", "municipality", "department")
    return rows.order_by("received_at", "pk")[:MOST_OFFERED]


def members(incident: Incident) -> QuerySet[Report]:
    rows = Report.objects.filter(member__incident=incident)
    return rows.select_related("category", "municipality", "department").order_by("received_at")


def of(report: Report) -> Incident | None:
    """The open incident behind a report. One statement."""
    return Incident.objects.filter(members__report=report, closed_at=None).first()


def led_by(user: User) -> QuerySet[Incident]:
    """Of the towns the user dispatches for, open ones first; with `count` of their reports."""
    towns = scope_of(user).municipality_ids
    rows = Incident.objects.filter(municipality__in=towns).select_related("municipality")
    counted: QuerySet[Any] = rows.annotate(count=Count("members"))
    return counted.order_by("closed_at", "-made_at")


# ── One answer to all ────────────────────────────────────────────────────────────────────────
def answer(
    incident: Incident,
    client_id: UUID,
    status: Status,
    *,
    by: User,
    text: str,
    picked: Sequence[Pick] | None = None,
) -> Batch:
    """The same words to each of its reports; a result for each. Again = what is left of it.

    `picked` None: those that are open now. Raises NotAllowed, ReasonMissing without words, and
    bulk.Conflict.
    """
    if not may_lead(by, incident.municipality):
        raise NotAllowed
    if not text.strip():
        raise ReasonMissing(status)
    is_whole = picked is None
    if picked is None:
        open_ones = members(incident).filter(status__in=sorted(OPEN))
        picked = [Pick(code) for code in open_ones.values_list("code", flat=True)]
    return bulk.run(
        client_id,
        picked,
        by=by,
        deed="lage",
        given={"incident": incident.code, "status": status, "text": text},
        is_whole=is_whole,
        act=lambda report, who, version: _answer_one(
            report, status, by=who, text=text, once=client_id, version=version
        ),
    )


def _answer_one(
    report: Report, status: Status, *, by: User, text: str, once: UUID, version: int | None
) -> Report:
    with done_by_staff(report, by, Deed.SET_STATUS, version) as work:
        row = work.report
        if row.status != status:
            work.move(status, reason=text)
        work.is_final = True
        event = work.tell(
            EventKind.STATUS,
            Visibility.PUBLIC,
            status=row.status,
            text=text.strip(),
            facts={"once": str(once)},
        )
        work.drafts += [told_once(draft, once) for draft in notices.to_reporter(row, event)]
    return row
