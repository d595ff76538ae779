"""One report with two matters becomes two reports.

The second has a number, a department and a target date of its own; words and photos are divided,
the reporter keeps both. They and the followers are told once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from reports import live, routing
from reports.deeds.work import Work, done_by_staff
from reports.letters import notices
from reports.models import (
    Category,
    Contact,
    Event,
    EventKind,
    Offer,
    Photo,
    Publication,
    Report,
    Submission,
    Visibility,
)
from reports.personal import retention
from reports.receiving.intake import public_position
from reports.workflow import Deed, IllegalMove, ReasonMissing, Status
from townhall.calendar import Calendar
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.models import User


def split(
    report: Report,
    *,
    by: User,
    category: Category,
    text: str,
    own_text: str,
    photos: Collection[int] = (),
    version: int | None = None,
) -> Report:
    """Take the second matter out. `photos` (keys) go with it. Returns the new report.

    Raises IllegalMove where the report is closed, and ReasonMissing without words for both.
    """
    with done_by_staff(report, by, Deed.SPLIT, version) as work:
        row = work.report
        if not row.is_open:
            raise IllegalMove(Status(row.status), Status.NEW)
        if not (text.strip() and own_text.strip()):
            raise ReasonMissing(Status.NEW)
        work.is_final = True
        new = _taken_out(work, category, text.strip())
        Photo.objects.filter(report=row, remark=None, pk__in=photos).update(report=new, event=None)
        if own_text.strip() != row.description:
            row.describe(own_text.strip())
        row.changed_at = work.now
        facts = {"other": new.code, "other_title": new.category.code}
        event = work.tell(EventKind.SPLIT, Visibility.PUBLIC, facts=facts)
        work.drafts += notices.to_reporter(row, event)
        work.drafts += notices.arrived(new)
        live.ring_report(new, was_public=False)
    return new


def _taken_out(work: Work, category: Category, text: str) -> Report:
    row = work.report
    client_id = uuid5(NAMESPACE_URL, f"split {row.code} {row.version}")
    offer = Offer.objects.filter(municipality=row.municipality, category=category).first()
    decision = routing.route(row.municipality, category=category, position=row.position, answers={})
    today = timezone.localdate(work.now)
    new = Report(
        code=_claimed(client_id, text, work),
        source=row.source,
        language=row.language,
        municipality=row.municipality,
        category=category,
        department=decision.department,
        routing=decision.as_json(),
        split_from=row,
        priority=row.priority,
        handed_at=work.now,
        position=row.position,
        public_position=public_position(row.position, category),
        street=row.street,
        house_number=row.house_number,
        locality=row.locality,
        publication=_publication(row, offer),
        capability_digest=digest(token_for("view", client_id)),
        capability_expires_at=row.capability_expires_at,
        received_at=work.now,
        changed_at=work.now,
        depublish_after_days=offer.depublish_after_days if offer else row.depublish_after_days,
        due_on=Calendar.of(row.municipality).add_working_days(
            today, offer.days_to_answer if offer else 5
        ),
        erase_contact_on=retention.contact_until(today, closed_on=None),
        erase_on=retention.report_until(today, closed_on=None, is_wished=False),
    )
    new.describe(text)
    new.is_public = row.is_public and new.publication != Publication.NEVER
    new.save()
    _copy_contact(row, new)
    Event.objects.bulk_create(_first_events(work, new))
    return new


def _claimed(client_id: UUID, text: str, work: Work) -> str:
    """A code of its own, under a UUID that only this version of the report can have made."""
    digest_of = hashlib.sha256(text.encode()).hexdigest()
    made = Submission.objects.create(
        client_id=client_id, digest=digest_of, code=new_code(), received_at=work.now
    )
    return made.code


def _publication(row: Report, offer: Offer | None) -> str:
    """What was for the town hall only stays so."""
    if row.publication == Publication.NEVER or offer is None:
        return row.publication
    return offer.publication


def _copy_contact(row: Report, new: Report) -> None:
    """The reporter hears of both. Who has not confirmed the address yet is not asked twice."""
    contact = Contact.objects.filter(report=row).first()
    if contact is None or (contact.email and contact.confirmed_at is None):
        return
    contact.pk, contact.report = None, new
    contact._state.adding = True
    if contact.confirm_digest:
        contact.confirm_digest = digest(token_for("split", uuid5(NAMESPACE_URL, new.code)))
    contact.save()


def _first_events(work: Work, new: Report) -> list[Event]:
    def event(kind: EventKind, visibility: Visibility, **more: object) -> Event:
        return Event(
            report=new,
            kind=kind,
            version=new.version,
            at=work.now,
            actor=work.by,
            department=new.department,
            visibility=visibility,
            tiles=live.public_tiles(new) if new.is_public else [],
            **more,
        )

    return [
        event(EventKind.RECEIVED, Visibility.PUBLIC, status=new.status),
        event(EventKind.ROUTED, Visibility.INTERNAL, facts=new.routing),
        event(EventKind.SPLIT, Visibility.PUBLIC, facts={"from": work.report.code}),
    ]
