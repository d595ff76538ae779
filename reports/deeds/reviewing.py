"""What waits until staff have read it, and what they let the public read: version by version.

Text and each photo are decided on apart, in one deed. What was sent stays with staff
(`Report.description`); every text that the public was given is kept as a PublicText.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from reports import live
from reports.deeds.work import NotAllowed, TooLate, Work, done_by_staff
from reports.models import EventKind, Photo, Publication, PublicText, Report, Visibility
from reports.workflow import MAY, OPEN, Deed
from townhall.models import User
from townhall.people import scope_of

_RELEASING = frozenset(role for role, deeds in MAY.items() if Deed.RELEASE in deeds)


# ── What waits ───────────────────────────────────────────────────────────────────────────────
def may_review(user: User) -> bool:
    """Anywhere at all."""
    return scope_of(user).has_role(*_RELEASING)


def waits_for(user: User) -> Q:
    """Open reports with a text or a photo that nobody has decided on, where the user may."""
    towns = [
        town
        for grant in scope_of(user).grants
        if grant.role in _RELEASING
        for town in grant.municipality_ids
    ]
    hidden_text = Q(is_text_public=False) & ~Q(description="")
    has_text = Q(is_text_reviewed=False) & (hidden_text | ~Q(masked_text=""))
    has_photo = Q(pk__in=unreviewed().values("report"))
    return (
        Q(municipality__in=towns, status__in=sorted(OPEN))
        & ~Q(publication=Publication.NEVER)
        & (has_text | has_photo)
    )


def unreviewed() -> QuerySet[Photo]:
    """By the index `photo_unreviewed`."""
    return Photo.objects.filter(is_released=False, is_reviewed=False, remark=None)


def queue(user: User) -> QuerySet[Report]:
    """Oldest first."""
    waiting = Report.objects.filter(waits_for(user)).order_by("received_at", "pk")
    return waiting.select_related("category__group", "department", "municipality")


def behind(waiting: QuerySet[Report], last: Report | None) -> QuerySet[Report]:
    """What comes after the one that was just looked at; None: all of it."""
    if last is None:
        return waiting
    later = Q(received_at__gt=last.received_at)
    return waiting.filter(later | Q(received_at=last.received_at, pk__gt=last.pk))


# ── The deeds ────────────────────────────────────────────────────────────────────────────────
def review(
    report: Report,
    *,
    by: User,
    shows_text: bool,
    public_text: str = "",
    photos: Collection[int] = (),
    version: int | None = None,
) -> Report:
    """Decide on the text and on every photo: shown (`photos`, by primary key) or not.

    Raises NotAllowed, also where the public is to see nothing; TooLate.
    """
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        row = work.report
        if row.publication == Publication.NEVER:
            raise NotAllowed
        keep_former(row)
        row.is_text_public, row.is_text_reviewed = shows_text, True
        if shows_text:
            row.hide_all_but(public_text.strip() or row.readable_text)
            note_text(work)
        own = Photo.objects.filter(report=row, remark=None)
        shown = own.filter(pk__in=photos)
        own.exclude(pk__in=photos).update(is_released=False, is_reviewed=True)
        n_shown = shown.update(is_released=True, is_reviewed=True)
        row.is_public = row.is_public or shows_text or bool(n_shown)
        row.changed_at = work.now
        kind = EventKind.PUBLISHED if shows_text or n_shown else EventKind.REVIEWED
        facts = {"text": shows_text, "photos": sorted(photos)}
        if shows_text and row.masked_text:
            facts["is_masked"] = True
        work.tell(kind, Visibility.INTERNAL, facts=facts).tiles = live.public_tiles(row)
    return row


def restore(report: Report, text_id: int, *, by: User, version: int | None = None) -> Report:
    """Back to a text that the public was given before. What is hidden stays hidden.

    Raises NotAllowed, and TooLate where there is no such text, or it is the present one.
    """
    with done_by_staff(report, by, Deed.RELEASE, version) as work:
        row = work.report
        if row.publication == Publication.NEVER:
            raise NotAllowed
        earlier = PublicText.objects.filter(report=row, pk=text_id).first()
        if earlier is None or earlier.text == row.readable_text:
            raise TooLate(row, ())
        keep_former(row)
        row.hide_all_but(earlier.text)
        row.is_text_reviewed = True
        row.changed_at = work.now
        note_text(work, is_restored=True)
        facts = {"from": earlier.at.isoformat()}
        event = work.tell(EventKind.TEXT_RESTORED, Visibility.INTERNAL, facts=facts)
        event.tiles = live.public_tiles(row)
    return row


def keep_former(row: Report) -> None:
    """Before the text changes: what was public though nobody had released it stays in history.

    Some offers show texts on arrival, and writers may change theirs.
    """
    if not has_unnoted_text(row):
        return
    is_first = not PublicText.objects.filter(report=row).exists()
    at = row.received_at if is_first else row.changed_at
    PublicText.objects.create(report=row, text=row.readable_text, at=at)


def has_unnoted_text(row: Report) -> bool:
    """Whether the public reads a text that is not the last one of the history."""
    if not (row.is_public and row.is_text_public and row.readable_text):
        return False
    last = PublicText.objects.filter(report=row).first()
    return last is None or last.text != row.readable_text


def note_text(work: Work, *, is_restored: bool = False) -> None:
    """Keep what the public is given to read from now on, if it is another text than before."""
    row = work.report
    last = PublicText.objects.filter(report=row).first()
    if last is None or last.text != row.readable_text:
        PublicText.objects.create(
            report=row, text=row.readable_text, at=work.now, by=work.by, is_restored=is_restored
        )
