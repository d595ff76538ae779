"""What reporters do to a report of their own: change it while it is fresh, take it back.

Every deed goes by the reporter's own link, so it needs neither an account nor an address. A report
that staff have begun to work on keeps its category and place; after half an hour words can only be
added. Taking it back ends publication and contact, never the case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports import live, routing
from reports.catalogue.offered import Entry
from reports.deeds.work import Work, said_by_residents
from reports.hazards import hazard
from reports.letters import notices
from reports.models import (
    Contact,
    EventKind,
    Photo,
    Publication,
    Report,
    Visibility,
)
from reports.personal import retention
from reports.receiving import intake
from reports.receiving.drafts import (
    Draft,
    Refused,
    as_stored,
    entry_for,
    is_hazard,
    place_of,
    publication_of,
)
from reports.workflow import Status
from townhall import photos
from townhall.letters.erasing import erase_about
from townhall.mailboxes import Mailbox
from townhall.models import Image

NOBODYS = UUID(int=0)  # a draft of changes is no submission of its own
FAREWELL = "farewell"  # what the last letter is about: "farewell:CODE"
_MOVES = frozenset({"category", "answers", "place"})


class OverNow(Exception):
    """The half hour is over, or the report is closed or withdrawn."""


class BegunOn(Exception):
    """Staff work on it already: category and place stay."""


@dataclass(eq=False)
class ChangedMeanwhile(Exception):
    """The reporter changed it in another window. `version` is the present one."""

    version: int


# ── What may be done ─────────────────────────────────────────────────────────────────────────
def until(report: Report) -> dt.datetime:
    return report.received_at + retention.OWN_CHANGES


def may_change(report: Report, *, now: dt.datetime) -> bool:
    """Words and photos."""
    is_theirs = report.withdrawn_at is None and not report.is_sealed
    return is_theirs and report.is_open and now < until(report)


def may_move(report: Report, *, now: dt.datetime) -> bool:
    """Category and place as well."""
    return may_change(report, now=now) and report.status == Status.NEW


def may_withdraw(report: Report, *, now: dt.datetime) -> bool:
    return report.withdrawn_at is None and now < until(report)


@dataclass(frozen=True)
class Chances:
    """What the reporter may do with it now, for a page that offers it. `until`: local time."""

    may_change: bool
    may_withdraw: bool
    until: dt.datetime


def chances(report: Report) -> Chances:
    now = timezone.now()
    return Chances(
        may_change=may_change(report, now=now),
        may_withdraw=may_withdraw(report, now=now),
        until=timezone.localtime(until(report)),
    )


# ── Changing ─────────────────────────────────────────────────────────────────────────────────
def change(token: str, wanted: Draft, *, version: int) -> Report:
    """Make the report what `wanted` says; its contact data and ids are not looked at.

    `version`: what the reporter had before their eyes. Raises Report.DoesNotExist, OverNow,
    BegunOn, ChangedMeanwhile, or Refused with sentences as for a new report. Nothing new: nothing
    happens.
    """
    with said_by_residents(Report.objects.by_token(token)) as work:
        report = work.report
        if not may_change(report, now=work.now):
            raise OverNow
        _refuse_if_changed(report, version)
        had = photo_ids(report)
        entry = entry_for(wanted, report.municipality)
        wanted = as_stored(wanted, entry)
        fields = _difference(report, wanted, had)
        if not fields:
            return report
        if fields & _MOVES and not may_move(report, now=work.now):
            raise BegunOn
        _write(work, wanted, entry, fields)
        event = work.tell(EventKind.CHANGED, Visibility.REPORTER, facts={"fields": sorted(fields)})
        if "photos" in fields:
            _exchange(report, wanted.photo_ids, had)
        event.tiles = live.public_tiles(report, work.old_position)
    return report


def redact(token: str, image_id: UUID, *, areas: Sequence[photos.Area]) -> Image:
    """Pixelate areas of a photo of one's own, for ever: the picture as it was is deleted after the
    commit. Returns what stands in its place.

    Raises Report.DoesNotExist, Photo.DoesNotExist, OverNow, PhotoRefused.
    """
    own = Photo.objects.select_related("image").filter(remark=None)
    photo = own.get(report=Report.objects.by_token(token), image=image_id)
    if not may_change(photo.report, now=timezone.now()):
        raise OverNow
    old, new = photo.image, photos.redacted(photo.image, areas)
    with said_by_residents(photo.report) as work:
        is_there = Photo.objects.filter(pk=photo.pk, image=old).update(image=new)
        if not is_there or not may_change(work.report, now=work.now):
            raise OverNow
        event = work.tell(EventKind.CHANGED, Visibility.REPORTER, facts={"fields": ["photos"]})
        event.tiles = live.public_tiles(work.report)
        transaction.on_commit(lambda: photos.discard(old))
    return new


def _refuse_if_changed(report: Report, version: int) -> None:
    if report.events.since(version).filter(kind=EventKind.CHANGED).exists():
        raise ChangedMeanwhile(report.version - 1)  # the deed has counted itself already


def photo_ids(report: Report) -> tuple[UUID, ...]:
    """Of the report itself; what came with later remarks is not its own."""
    own = Photo.objects.filter(report=report, remark=None).order_by("position")
    return tuple(own.values_list("image_id", flat=True))


def _difference(report: Report, wanted: Draft, had: tuple[UUID, ...]) -> set[str]:
    kept_back = report.publication == Publication.NEVER
    pairs = {
        "description": (wanted.description.strip(), report.description),
        "photos": (wanted.photo_ids, had),
        "category": (wanted.category, report.category.code),
        "answers": (dict(wanted.answers), report.answers),
        "place": (_written(wanted.position), _written(report.position)),
        "private": (wanted.private, kept_back),
    }
    return {name for name, (new, old) in pairs.items() if new != old}


def _written(point: object) -> tuple[float, float]:
    """To the 0.1 m that a page carries."""
    return round(point.x, 6), round(point.y, 6)  # type: ignore[attr-defined]


def _write(work: Work, wanted: Draft, entry: Entry, fields: Collection[str]) -> None:
    report = work.report
    work.old_position = report.public_position
    if "description" in fields:
        report.describe(wanted.description.strip())
    if "place" in fields:
        _move(report, wanted)
    if _MOVES & set(fields):
        _reconsider(work, wanted, entry)
    _publish(work, wanted, entry, fields)
    report.changed_at = work.now


def _move(report: Report, wanted: Draft) -> None:
    place = place_of(wanted)
    if place.municipality.pk != report.municipality_id:
        sentence = _(
            "This place belongs to %(town)s. Please withdraw this report and send another one."
        )
        raise Refused({"position": [sentence % {"town": place.municipality.name}]})
    address = place.address
    report.position = wanted.position
    report.street = address.street if address else ""
    report.house_number = address.house_number if address else ""
    report.locality = address.locality if address else ""


def _reconsider(work: Work, wanted: Draft, entry: Entry) -> None:
    """Another category, answer or place may mean another department, date and danger."""
    report, before = work.report, work.report.department
    report.category = entry.category
    report.answers = dict(wanted.answers)
    report.public_position = intake.public_position(report.position, entry.category)
    report.depublish_after_days = entry.terms.depublish_after_days
    report.due_on = intake.due_on(
        report.municipality, entry, timezone.localdate(report.received_at)
    )
    decision = routing.route(
        report.municipality,
        category=entry.category,
        position=report.position,
        answers=report.answers,
    )
    report.routing = decision.as_json()
    report.department = decision.department
    facts = {**decision.as_json(), "from": before.slug, "by": "reporter"}
    work.tell(EventKind.ROUTED, Visibility.INTERNAL, facts=facts)
    has_moved = before.pk != report.department_id
    if has_moved:
        report.assignee = None
        report.handed_at, report.opened_at, report.returned = work.now, None, ""
        work.teams.append(before)
    _alarm(work, wanted, entry, has_moved=has_moved)


def _alarm(work: Work, wanted: Draft, entry: Entry, *, has_moved: bool) -> None:
    """What became a danger rings. What was one stays one: only staff lift the mark."""
    report = work.report
    begins = not report.is_hazard and is_hazard(wanted, entry)
    if begins:
        report.is_hazard = True
        hazard.begin(report, now=work.now)
        work.tell(EventKind.HAZARD, Visibility.INTERNAL)
    elif has_moved and report.is_hazard:
        hazard.hand_over(report, now=work.now)
    if begins or (has_moved and report.is_hazard):
        work.tell_alarm()
    if begins or has_moved:
        work.drafts += notices.arrived(report)


def _publish(work: Work, wanted: Draft, entry: Entry, fields: Collection[str]) -> None:
    """Other terms apply at once. Nobody has looked at the new words yet."""
    report = work.report
    if {"category", "private"} & set(fields):
        report.publication = publication_of(wanted, entry)
        report.is_public = _may_show(report)
    at_once = report.publication == Publication.AT_ONCE and entry.terms.text_at_once
    if "description" in fields or not report.is_public:
        report.is_text_public = at_once


def _may_show(report: Report) -> bool:
    if report.events.filter(kind=EventKind.DEPUBLISHED).exists():
        return False
    match Publication(report.publication):
        case Publication.AT_ONCE:
            return True
        case Publication.AFTER_CONFIRMATION:
            return Contact.objects.filter(report=report, confirmed_at__isnull=False).exists()
    return False


def _exchange(report: Report, wanted: tuple[UUID, ...], had: tuple[UUID, ...]) -> None:
    """Take away, add, put in order. The picture of a taken one is nobody's now, and swept."""
    own = Photo.objects.filter(report=report, remark=None)
    own.exclude(image__in=wanted).delete()
    received = report.events.filter(kind=EventKind.RECEIVED).first()
    intake.claim_photos([each for each in wanted if each not in had], report, event=received)
    ranks = [When(image=each, then=Value(rank)) for rank, each in enumerate(wanted)]
    if ranks:
        own.update(position=Case(*ranks, default=Value(0), output_field=IntegerField()))


def hide_name(token: str) -> Report:
    """The reporter's name is shown no more, at any time. Again = no change.

    To take a consent back must be as easy as to give it (Art. 7 (3) GDPR).
    Raises Report.DoesNotExist.
    """
    with said_by_residents(Report.objects.by_token(token)) as work:
        shown = Contact.objects.filter(report=work.report, name_is_public=True)
        if shown.update(name_is_public=False):
            work.tell(EventKind.CHANGED, Visibility.REPORTER, facts={"fields": ["name"]})
    return work.report


# ── Taking back ──────────────────────────────────────────────────────────────────────────────
def withdraw(token: str) -> Report:
    """Out of public view, and nobody knows any more who sent it. Again = no change.

    Raises Report.DoesNotExist, and OverNow after the half hour: then `erase` does the same.
    """
    with said_by_residents(Report.objects.by_token(token)) as work:
        if work.report.withdrawn_at is None:
            if not may_withdraw(work.report, now=work.now):
                raise OverNow
            _take_back(work, EventKind.WITHDRAWN)
    return work.report


def erase(token: str) -> Report:
    """As `withdraw`, at any time; and the report itself goes soon after it is closed.

    Again = no change. Raises Report.DoesNotExist.
    """
    with said_by_residents(Report.objects.by_token(token)) as work:
        if work.report.erasure_asked_at is None:
            _erase(work)
    return work.report


def erase_silently(report_id: int) -> bool:
    """As `erase`, as a part of forgetting all about a mailbox: one letter then says it of all.

    False: somebody was faster.
    """
    report = Report.objects.filter(pk=report_id, contact__isnull=False).first()
    if report is None:
        return False
    with said_by_residents(report) as work:
        _erase(work, says_farewell=False)
    return True


def disown(report_id: int, mailbox: Mailbox) -> bool:
    """The mailbox's owner did not send this report: it was never confirmed, and knows nobody now.

    False: it is confirmed, or gone.
    """
    report = Report.objects.filter(pk=report_id).first()
    if report is None:
        return False
    with said_by_residents(report) as work:
        unconfirmed = Contact.objects.filter(report=report, confirmed_at=None)
        contact = mailbox.among(unconfirmed).first()
        if contact is None:
            return False
        work.tell(EventKind.CHANGED, Visibility.INTERNAL, facts={"fields": ["contact"]})
        _forget(work.report, contact)
    return True


def _erase(work: Work, *, says_farewell: bool = True) -> None:
    report = work.report
    report.erasure_asked_at = work.now
    if not report.is_open and report.closed_at:
        soon = timezone.localdate(work.now) + retention.REPORT_AFTER_REQUEST
        report.erase_on = min(report.erase_on or soon, soon)
    _take_back(work, EventKind.ERASURE_ASKED, says_farewell=says_farewell)


def _take_back(work: Work, kind: EventKind, *, says_farewell: bool = True) -> None:
    report = work.report
    contact = Contact.objects.filter(report=report).select_related("correspondence").first()
    work.old_position = report.public_position
    report.withdrawn_at = report.withdrawn_at or work.now
    report.publication = Publication.NEVER
    report.is_public = report.is_text_public = False
    report.changed_at = work.now
    event = work.tell(kind, Visibility.REPORTER)
    event.tiles = live.public_tiles(report) if work.was_public else []
    if contact:
        if says_farewell and _still_hears(contact):
            is_erased = kind == EventKind.ERASURE_ASKED
            work.drafts.append(notices.farewell(report, contact, is_erased=is_erased))
        _forget(report, contact)


def _still_hears(contact: Contact) -> bool:
    state = getattr(contact, "correspondence", None)
    return contact.confirmed_at is not None and (state is None or state.unreachable_at is None)


def _forget(report: Report, contact: Contact) -> None:
    """Who it was, also in what was written to them."""
    about = f"report:{report.code}"
    if contact.email:
        erase_about(about, to=contact.email)
    erase_about(about, only={*notices.TO_REPORTER, notices.WITH_CONTACT})  # on paper, passed on
    contact.delete()
    report.erase_contact_on = None
