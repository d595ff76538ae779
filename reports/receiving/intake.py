"""What residents do: hand in a report, confirm an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports import live, routing
from reports.catalogue.offered import Entry
from reports.hazards import hazard
from reports.letters import notices
from reports.models import (
    Category,
    Contact,
    Event,
    EventKind,
    Publication,
    PublicPlace,
    Report,
    Submission,
    Visibility,
)
from reports.personal import retention
from reports.receiving import photo_terms
from reports.receiving.drafts import (
    MAX_DESCRIPTION,
    MIN_DESCRIPTION,
    Blocked,
    Draft,
    OutsideArea,
    Place,
    Refused,
    as_stored,
    entry_for,
    is_hazard,
    place_of,
    publication_of,
)
from reports.workflow import Status
from townhall import letters
from townhall.calendar import Calendar
from townhall.capabilities import digest, token_for
from townhall.codes import new_code
from townhall.models import Department, Municipality

__all__ = [
    "MAX_DESCRIPTION",
    "MIN_DESCRIPTION",
    "Blocked",
    "Conflict",
    "Draft",
    "Erased",
    "OutsideArea",
    "Preview",
    "Receipt",
    "Refused",
    "confirm",
    "preview",
    "public_position",
    "submit",
]


@dataclass(frozen=True)
class Receipt:
    """The reporter's copy. `token` opens their own page of the report."""

    report: Report
    token: str
    is_new: bool


class Conflict(Exception):
    """The UUID was used before, for other content."""


class Erased(Exception):
    """The UUID's report was erased; it does not come back."""


def submit(draft: Draft) -> Receipt:
    """Take in a report: exactly once per `client_id`, all or nothing.

    Raises Refused (and nothing is stored), Conflict or Erased. 12 statements at most.
    """
    with transaction.atomic():
        code = new_code()
        if not _first_with(draft, code):
            return _repeated(draft)
        place = place_of(draft)
        entry = entry_for(draft, place.municipality)
        draft = as_stored(draft, entry)
        decision = routing.route(
            place.municipality,
            category=entry.category,
            position=draft.position,
            answers=draft.answers,
        )
        report = _write(draft, code, place=place, entry=entry, decision=decision)
        contact = _write_contact(draft, report)
        events = Event.objects.bulk_create(
            _first_events(report, decision, is_suspect=draft.is_suspect)
        )
        claim_photos(draft.photo_ids, report, event=events[0])
        if report.is_hazard:
            hazard.begin(report, now=report.received_at)
        token = token_for("view", draft.client_id)
        letters.post(*notices.on_receipt(report, contact, client_id=draft.client_id))
        live.ring_report(report, was_public=False)
        return Receipt(report, token, is_new=True)


@dataclass(frozen=True)
class Preview:
    """What would become of a draft: „Geht an …, üblich: 5 Arbeitstage“."""

    municipality: Municipality
    entry: Entry
    explanation: routing.Explanation
    publication: Publication
    due_on: dt.date

    @property
    def department(self) -> Department:
        return self.explanation.department


def preview(draft: Draft) -> Preview:
    """Where the draft would go, on which terms. Stores nothing. Raises Refused as `submit`."""
    place = place_of(draft)
    entry = entry_for(draft, place.municipality)
    draft = as_stored(draft, entry)
    decision = routing.route(
        place.municipality,
        category=entry.category,
        position=draft.position,
        answers=draft.answers,
    )
    return Preview(
        municipality=place.municipality,
        entry=entry,
        explanation=decision,
        publication=publication_of(draft, entry),
        due_on=due_on(place.municipality, entry, timezone.localdate()),
    )


def due_on(municipality: Municipality, entry: Entry, received_on: dt.date) -> dt.date:
    """The target date, in the town's working days."""
    return Calendar.of(municipality).add_working_days(received_on, entry.terms.days)


def _first_with(draft: Draft, code: str) -> bool:
    """Claim the UUID. Waits for a transaction that holds it; False when it was used before."""
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO reports_submission (client_id, digest, code, received_at) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT (client_id) DO NOTHING",
            [draft.client_id, draft.digest(), code, timezone.now()],
        )
        return bool(sql.rowcount == 1)


def _repeated(draft: Draft) -> Receipt:
    earlier = Submission.objects.get(client_id=draft.client_id)
    if earlier.digest != draft.digest():
        raise Conflict
    report = Report.objects.with_faces().filter(code=earlier.code).first()
    if report is None:
        raise Erased
    return Receipt(report, token_for("view", draft.client_id), is_new=False)


def _write(
    draft: Draft, code: str, *, place: Place, entry: Entry, decision: routing.Explanation
) -> Report:
    now = timezone.now()
    publication = publication_of(draft, entry)
    at_once = publication == Publication.AT_ONCE
    address = place.address
    report = Report(
        code=code,
        status=Status.NEW,
        is_hazard=is_hazard(draft, entry),
        source=draft.source,
        language=draft.language,
        municipality=place.municipality,
        category=entry.category,
        department=decision.department,
        position=draft.position,
        street=address.street if address else "",
        house_number=draft.house_number or (address.house_number if address else ""),
        locality=address.locality if address else "",
        public_position=public_position(draft.position, entry.category),
        answers=dict(draft.answers),
        routing=decision.as_json(),
        publication=publication,
        is_public=at_once,
        is_text_public=at_once and entry.terms.text_at_once,
        depublish_after_days=entry.terms.depublish_after_days,
        capability_digest=digest(token_for("view", draft.client_id)),
        capability_expires_at=now + retention.CAPABILITY,
        received_at=now,
        changed_at=now,
        due_on=due_on(place.municipality, entry, timezone.localdate(now)),
        erase_contact_on=retention.contact_until(timezone.localdate(now)),
        erase_on=retention.report_until(timezone.localdate(now)),
    )
    report.describe(draft.description.strip())
    report.save(force_insert=True)
    return report


# Decimals of a degree that are left: about 100 m and about 1 km in Germany.
_COARSE = {PublicPlace.STREET: 3, PublicPlace.LOCALITY: 2}


def public_position(position: Point, category: Category) -> Point | None:
    """What the public may know of the place: on a coarse grid or not at all where so ordered."""
    kind = PublicPlace(category.public_place)
    if kind == PublicPlace.NONE:
        return None
    if kind == PublicPlace.EXACT:
        return position
    digits = _COARSE[kind]
    return Point(round(position.x, digits), round(position.y, digits), srid=4326)


def _write_contact(draft: Draft, report: Report) -> Contact | None:
    """Whatever was left of how to reach somebody. Only an e-mail address can be confirmed."""
    if not (draft.email or draft.name or draft.phone or draft.postal_address):
        return None
    contact = Contact(
        report=report,
        email=draft.email,
        name=draft.name,
        phone=draft.phone,
        postal_address=draft.postal_address,
    )
    contact.name_is_public = draft.name_is_public and bool(draft.name and draft.email)
    if draft.email:
        contact.confirm_digest = digest(token_for("confirm", draft.client_id))
        contact.confirm_expires_at = report.received_at + retention.CONFIRMATION
    contact.save(force_insert=True)
    return contact


def _first_events(
    report: Report, decision: routing.Explanation, *, is_suspect: bool
) -> list[Event]:
    def event(kind: EventKind, visibility: Visibility, **more: Any) -> Event:
        return Event(
            report=report,
            kind=kind,
            version=report.version,
            at=report.received_at,
            visibility=visibility,
            tiles=live.public_tiles(report),
            **more,
        )

    events = [
        event(
            EventKind.RECEIVED,
            Visibility.PUBLIC,
            status=Status.NEW,
            facts=photo_terms.agreed(report.municipality),
        ),
        event(
            EventKind.ROUTED,
            Visibility.INTERNAL,
            department=decision.department,
            facts=decision.as_json(),
        ),
    ]
    if is_suspect:
        events.append(event(EventKind.NOTE, Visibility.INTERNAL, facts={"suspect": True}))
    if report.is_hazard:
        facts = {"sent": notices.alarms(report)}
        events.append(event(EventKind.HAZARD, Visibility.INTERNAL))
        events.append(event(EventKind.HAZARD_ALARM, Visibility.INTERNAL, facts=facts))
    return events


def claim_photos(image_ids: Sequence[UUID], report: Report, *, event: Event | None) -> None:
    """Hang the staged images on the report: one statement checks and writes. Raises Refused."""
    if not image_ids:
        return
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO reports_photo (report_id, event_id, image_id, position, is_released) "
            "SELECT %s, %s, image.id, wish.position - 1, false "
            "FROM unnest(%s::uuid[]) WITH ORDINALITY AS wish (id, position) "
            "JOIN townhall_image AS image ON image.id = wish.id "
            "FOR KEY SHARE OF image "  # the sweep of forgotten images waits, or we see them gone
            "ON CONFLICT (image_id) DO NOTHING",
            [report.pk, event.pk if event else None, list(image_ids)],
        )
        if sql.rowcount != len(image_ids):
            raise Refused({"photos": [_("A photo did not arrive. Please add it again.")]})


def confirm(token: str) -> Report:
    """The reporter pressed the button in the confirmation page. Again = no change.

    Raises Report.DoesNotExist for an unknown or expired token.
    """
    now = timezone.now()
    valid = Q(confirm_expires_at__gt=now) | Q(confirmed_at__isnull=False)
    meant = Contact.objects.filter(valid, confirm_digest=digest(token))
    with transaction.atomic():
        # The report first, as every deed locks; then the contact, which may just be erased.
        report = Report.objects.locked().get(pk__in=meant.values("report"))
        contact = meant.first()
        if contact is None:
            raise Report.DoesNotExist
        if contact.confirmed_at is None:
            confirm_contact(report, contact, now=now)
        return report


def confirm_contact(report: Report, contact: Contact, *, now: dt.datetime) -> None:
    """The mailbox is the reporter's, however they have shown it. In the caller's transaction."""
    was_public = report.is_public
    contact.confirmed_at = now
    contact.save(update_fields=["confirmed_at"])
    report.version += 1
    if _waits_for_confirmation(report):
        report.is_public = True
        report.changed_at = now
    report.save(update_fields=["version", "is_public", "changed_at"])
    Event.objects.create(
        report=report,
        kind=EventKind.CONFIRMED,
        version=report.version,
        at=now,
        visibility=Visibility.REPORTER,
        was_public=was_public,
        tiles=live.public_tiles(report),
    )
    live.ring_report(report, was_public=was_public)


def _waits_for_confirmation(report: Report) -> bool:
    """What staff or the reporter took out of view meanwhile stays there."""
    return (
        report.publication == Publication.AFTER_CONFIRMATION
        and report.withdrawn_at is None
        and not report.events.filter(kind=EventKind.DEPUBLISHED).exists()
    )
