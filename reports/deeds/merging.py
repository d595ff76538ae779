"""The same thing reported twice: joined with the report that said it first, and parted again.

Who follows or supports the one follows or supports the other from then on; whoever did both stays
where they were and hears nothing twice. For a day all of it can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point, Polygon
from django.db import transaction
from django.db.models import Count, FloatField, Func, Prefetch, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from reports import live
from reports.deeds.work import NotAllowed, Work, done_by_staff, roles_on
from reports.hazards import hazard
from reports.letters import notices
from reports.models import (
    Contact,
    Event,
    EventKind,
    Follower,
    Merging,
    Photo,
    Report,
    Supporter,
    Visibility,
)
from reports.workflow import OPEN, Deed, IllegalMove, Status, may
from townhall import letters
from townhall.mailboxes import Mailbox
from townhall.models import Letter, LetterState, User

MOST = 6
NEAR_M = 250


# ── Joining ──────────────────────────────────────────────────────────────────────────────────
def merge(report: Report, *, into: Report, by: User, version: int | None = None) -> Report:
    """Join the report with the main one: whoever asks for it is led there.

    Raises IllegalMove where `into` is the report itself or a duplicate, and where a danger would
    end with something that is closed.
    """
    with transaction.atomic():
        both = [report.pk, into.pk]
        list(Report.objects.locked().filter(pk__in=both).order_by("pk"))  # never crosswise
        with done_by_staff(into, by, Deed.MERGE, None) as main:
            _take_up(main, Report.objects.get(pk=report.pk))
        with done_by_staff(report, by, Deed.MERGE, version) as work:
            row, before = work.report, work.report.status
            work.is_final = True
            work.move(Status.DUPLICATE)
            row.duplicate_of = main.report
            row.duplicates.update(duplicate_of=main.report)
            facts = {"main": main.report.code}
            event = work.tell(EventKind.STATUS, Visibility.PUBLIC, status=row.status, facts=facts)
            work.drafts += notices.to_reporter(row, event)
        # Only now: the letter about it went to those who followed until then.
        Merging.objects.create(
            report=row,
            main=main.report,
            by=by,
            at=work.now,
            status=before,
            followers=_move_followers(row, main.report),
            voices=_move_voices(row, main.report),
        )
    return row


def _take_up(main: Work, report: Report) -> None:
    into = main.report
    is_danger = report.is_hazard and not into.is_hazard
    if into.pk == report.pk or into.duplicate_of_id is not None or (is_danger and not into.is_open):
        raise IllegalMove(Status(report.status), Status.DUPLICATE)
    main.is_final = True
    main.tell(EventKind.MERGED, Visibility.INTERNAL, facts={"code": report.code})
    if is_danger:  # what was dangerous there is dangerous here
        into.is_hazard, into.changed_at = True, main.now
        event = main.tell(EventKind.HAZARD, Visibility.INTERNAL, facts={"is_hazard": True})
        event.tiles = live.public_tiles(into)
        main.drafts += notices.hazard_alarm(into)
        main.tell_alarm()
        hazard.begin(into, now=main.now)


def _move_followers(report: Report, main: Report) -> list[Any]:
    """Except who hears of the main report already: as its follower, or as a reporter."""
    there = Follower.objects.filter(report=main).values_list("email", flat=True)
    reporters = Contact.objects.filter(report__in=[main, report]).values_list("email", flat=True)
    known = {Mailbox.of(email) for email in [*there, *reporters]}
    rows = Follower.objects.filter(report=report).values_list("pk", "email")
    moving = [pk for pk, email in rows if Mailbox.of(email) not in known]
    Follower.objects.filter(pk__in=moving).update(report=main)
    return moving


def _move_voices(report: Report, main: Report) -> list[int]:
    """A voice has no name; that of a mailbox which has one there already stays."""
    voices = Supporter.objects.filter(report=report)
    staying = Follower.objects.filter(report=report, voice__in=voices).values("voice")
    moving = list(voices.exclude(pk__in=staying).values_list("pk", flat=True))
    Supporter.objects.filter(pk__in=moving).update(report=main)
    return moving


# ── Parting ──────────────────────────────────────────────────────────────────────────────────
def can_separate(report: Report) -> bool:
    """Whether the day since it was joined has not gone by. No statement for what was not."""
    if report.duplicate_of_id is None:
        return False
    last = Merging.objects.filter(report=report, undone_at=None).first()
    return last is not None and last.can_be_undone(timezone.now())


def separate(report: Report, *, by: User, version: int | None = None) -> Report:
    """It was something else after all: everything as before, within a day.

    Nobody hears of it whose letter about the joining has not left. Raises IllegalMove when the day
    has gone by, or it was parted before.
    """
    if not may(roles_on(by, report), Deed.MERGE):
        raise NotAllowed
    with transaction.atomic():
        meant = Merging.objects.filter(report=report, undone_at=None).first()
        if meant is None:
            raise IllegalMove(Status.DUPLICATE, Status.NEW)
        both = [report.pk, meant.main_id]
        list(Report.objects.locked().filter(pk__in=both).order_by("pk"))
        with done_by_staff(report, by, Deed.MERGE, version) as work:
            merging = Merging.objects.select_for_update().get(pk=meant.pk)
            if not merging.can_be_undone(work.now) or work.report.duplicate_of_id != meant.main_id:
                raise IllegalMove(Status.DUPLICATE, Status.NEW)
            merging.undone_at = work.now
            merging.save(update_fields=["undone_at"])
            _part(work, merging)
        with done_by_staff(merging.main, by, Deed.MERGE, None) as main:
            main.is_final = True
            facts = {"code": report.code}
            main.tell(EventKind.SEPARATED, Visibility.INTERNAL, facts=facts)
    return work.report


def _part(work: Work, merging: Merging) -> None:
    row = work.report
    work.is_final = True
    work.move(Status.NEW, reason=EventKind.SEPARATED)
    row.status, row.duplicate_of = merging.status, None
    joined = Merging.objects.filter(main=row, undone_at=None).values("report")
    Report.objects.filter(pk__in=joined).update(duplicate_of=row)  # had gone along
    Follower.objects.filter(pk__in=merging.followers, report=merging.main).update(report=row)
    Supporter.objects.filter(pk__in=merging.voices, report=merging.main).update(report=row)
    was_told = _was_told(row, merging)
    event = work.tell(
        EventKind.SEPARATED,
        Visibility.PUBLIC if was_told or row.is_public else Visibility.INTERNAL,
        status=row.status,
        facts={"main": merging.main.code},
    )
    if was_told:
        work.drafts += notices.to_reporter(row, event)


def _was_told(row: Report, merging: Merging) -> bool:
    """Whether the letter about the joining has left. What waits is kept back."""
    about = f"report:{row.code}"
    letters.withdraw(about=about, kind="status")
    sent = Letter.objects.filter(
        about=about, kind="status", created_at__gte=merging.at, state=LetterState.SENT
    )
    return sent.exists()


def joined(report: Report) -> QuerySet[Report]:
    """What was joined with it, oldest first, with `photos` and (colleagues') `notes`."""
    photos = Photo.objects.filter(remark=None).select_related("image")
    notes = Event.objects.filter(kind=EventKind.NOTE).exclude(text="")
    return report.duplicates.order_by("received_at").prefetch_related(
        Prefetch("photos", photos), Prefetch("events", notes, to_attr="notes")
    )


# ── What might be the same ───────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Candidate:
    """A report that may tell the same, `metres` away."""

    report: Report
    metres: int


def candidates(report: Report, user: User, *, most: int = MOST) -> list[Candidate]:
    """Open reports of the same group around it that are in the user's care, nearest first.

    One statement, by the index on the exact place: staff see what the public does not.
    """
    rows: Any = (
        Report.objects.in_care_of(user)
        .filter(
            position__bboverlaps=_around(report.position),
            category__group=report.category.group_id,
            status__in=sorted(OPEN),
        )
        .exclude(pk=report.pk)
        .select_related("category", "municipality")
        .annotate(metres=_metres_to(report.position))
        .filter(metres__lte=NEAR_M)
        .order_by("metres", "pk")[:most]
    )
    return [Candidate(row, round(row.metres)) for row in rows]


def metres_between(one: Report, two: Report) -> int:
    """On the ellipsoid. One statement."""
    rows: Any = Report.objects.filter(pk=one.pk).annotate(metres=_metres_to(two.position))
    metres: float = rows.values_list("metres", flat=True).get()
    return round(metres)


def _metres_to(place: Point) -> Func:
    here = Cast(Value(place, PointField(srid=4326)), PointField(geography=True, srid=4326))
    there = Cast("position", PointField(geography=True, srid=4326))
    return Func(there, here, function="ST_Distance", output_field=FloatField())


def _around(place: Point) -> Polygon:
    """A box that holds the circle: a degree of longitude is 64 km at the 55th parallel."""
    lon, lat = NEAR_M / 64_000, NEAR_M / 111_000
    return Polygon.from_bbox((place.x - lon, place.y - lat, place.x + lon, place.y + lat))


@dataclass(frozen=True)
class Weight:
    """What a report brings along: people and words."""

    followers: int
    voices: int
    photos: int


def weigh(reports: Sequence[Report]) -> dict[int, Weight]:
    """By key of the report. One statement."""
    rows: Any = Report.objects.filter(pk__in=[report.pk for report in reports]).annotate(
        n_followers=Count("followers", distinct=True),
        n_voices=Count("supporters", distinct=True),
        n_photos=Count("photos", distinct=True),
    )
    return {row.pk: Weight(row.n_followers, row.n_voices, row.n_photos) for row in rows}
