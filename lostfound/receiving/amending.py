"""Changing what is known of a thing at the counter: its facts, parts, marks, questions, photos.

Each deed asks which version of the thing was looked at, so that two people at two screens never
write over each other unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lostfound import recording
from lostfound.catalogue import THING_KINDS
from lostfound.law.kinds import handling
from lostfound.models import Event, EventKind, FoundItem, HiddenMark, Photo, ProofQuestion
from lostfound.receiving import intake
from lostfound.receiving.intake import Facts, Mark, Objection, Part, Problem, Question, Refused
from lostfound.searching import pictures, publishing
from lostfound.workflow import State
from townhall.models import User
from townhall.photos import MAX_PHOTOS, discard


@dataclass(eq=False)
class TooLate(Exception):
    """Somebody else was faster: `events` are what happened since the version looked at."""

    item: FoundItem
    events: Sequence[Event]


class Closed(Exception):
    """The case is over; nothing about the thing changes any more."""


def change(item: FoundItem, facts: Facts, *, by: User, version: int) -> FoundItem:
    """Write down what is known now. Raises Refused, TooLate, Closed.

    What parts share with their whole changes with it. What nobody changed is no event.
    """
    facts = replace(facts, no_mark_visible=item.no_mark_visible)  # another form's
    objections = intake.objections_to_facts(facts, today=timezone.localdate())
    if objections:
        raise Refused(objections)
    with transaction.atomic():
        item = _held(item, version)
        before = _photograph(item)
        intake.apply(item, facts)
        intake.write_finder(facts, item)
        _note(_with_finder(item), before, by=by)
        return item


def change_part(item: FoundItem, own: Mapping[str, Any], *, by: User, version: int) -> FoundItem:
    """Change what a part has for itself (intake.OWN_FACTS). Raises Refused, TooLate, Closed."""
    if problem := _problem_of(own["kind"]):
        raise Refused([Objection("kind", problem)])
    with transaction.atomic():
        item = _held(item, version)
        before = _photograph(item)
        for name in intake.OWN_FACTS:
            setattr(item, name, own.get(name, getattr(item, name)))
        _note(item, before, by=by)
        return item


def _note(item: FoundItem, before: Mapping[str, Any], *, by: User) -> None:
    after = _photograph(item)
    changed = sorted(name for name, value in after.items() if before.get(name) != value)
    if not changed:
        return
    _share(item, changed)
    recording.record(item, EventKind.CHANGED, by=by, facts={"fields": changed})
    publishing.refresh(item, by=by)


def add_parts(item: FoundItem, parts: Sequence[Part], *, by: User, version: int) -> None:
    """More was found inside. Raises Refused, TooLate, Closed."""
    objections = [
        Objection(f"parts:{number}", problem)
        for number, part in enumerate(parts)
        if (problem := _problem_of(part.kind))
    ]
    known = FoundItem.objects.filter(part_of=item).count()
    if known + len(parts) > intake.MOST_PARTS:
        objections.append(Objection("parts", Problem.TOO_MANY_PARTS))
    if item.part_of_id:
        objections.append(Objection("parts", Problem.UNKNOWN_KIND))
    if objections:
        raise Refused(objections)
    with transaction.atomic():
        item = _held(item, version)
        now = timezone.now()
        numbers = [intake.add_part(item, part, by=by, now=now).file_number for part in parts]
        recording.record(
            item, EventKind.CHANGED, by=by, facts={"fields": ["parts"], "new": numbers}
        )


def rewrite_marks(
    item: FoundItem,
    *,
    keep: Sequence[int],
    marks: Sequence[Mark],
    questions: Sequence[Question],
    no_mark_visible: bool,
    by: User,
    version: int,
) -> None:
    """Marks to keep by their ids, new ones, and all questions anew. Raises Refused, TooLate,
    Closed. What is known of a number stays a hash: it can be taken away, not read.
    """
    objections = [
        Objection("marks", Problem.MARK_TOO_SHORT) for mark in marks if intake.is_too_short(mark)
    ]
    is_listed = handling(item.law_kind).listed and not item.part_of_id
    if is_listed and not (keep or marks or no_mark_visible):
        objections.append(Objection("marks", Problem.NO_MARK))
    if objections:
        raise Refused(objections)
    with transaction.atomic():
        item = _held(item, version)
        HiddenMark.objects.filter(item=item).exclude(pk__in=keep).delete()
        intake.add_marks(item, marks)
        ProofQuestion.objects.filter(item=item).delete()
        intake.write_questions(item, questions)
        item.no_mark_visible = no_mark_visible
        recording.record(item, EventKind.CHANGED, by=by, facts={"fields": ["marks"]})
        publishing.refresh(item, by=by)


def add_photos(item: FoundItem, image_ids: Sequence[UUID], *, by: User, version: int) -> None:
    """Hang staged photos on the thing. Raises Refused, TooLate, Closed."""
    if not handling(item.law_kind).photographed:
        raise Refused([Objection("photo", Problem.NO_PHOTOS)])
    with transaction.atomic():
        item = _held(item, version)
        known = Photo.objects.filter(item=item).aggregate(last=Max("position"))["last"]
        first = 0 if known is None else known + 1
        room = MAX_PHOTOS - Photo.objects.filter(item=item).count()
        intake.claim_photos(item, list(image_ids)[: max(0, room)], first=first)
        recording.record(item, EventKind.CHANGED, by=by, facts={"fields": ["photos"]})


def remove_photo(item: FoundItem, image_id: UUID, *, by: User, version: int) -> None:
    """Take a photo away, file and all. Raises TooLate, Closed. Again = no change."""
    with transaction.atomic():
        item = _held(item, version)
        photo = Photo.objects.filter(item=item, image_id=image_id).select_related("image").first()
        if photo is None:
            return
        pictures.drop_of(photo)
        photo.delete()
        recording.record(item, EventKind.CHANGED, by=by, facts={"fields": ["photos"]})
    discard(photo.image)


def _problem_of(kind: str) -> Problem | None:
    if kind not in THING_KINDS:
        return Problem.UNKNOWN_KIND
    return Problem.STOPPED if intake.is_stopped(kind) else None


def _held(item: FoundItem, version: int) -> FoundItem:
    """The thing under its lock, if it is as it was looked at."""
    now = recording.locked(item)
    if now.version != version:
        raise TooLate(now, list(now.events.filter(version__gt=version).select_related("actor")))
    if not now.is_open:
        raise Closed
    return _with_finder(now)


def _with_finder(item: FoundItem) -> FoundItem:
    """Read the finder anew, not from what this row remembers."""
    item._state.fields_cache.pop("finder", None)
    return item


_FACTS = (*intake.SHARED_WITH_PARTS, *intake.OWN_FACTS)


def _photograph(item: FoundItem) -> Mapping[str, Any]:
    """What an event names when it has changed: columns, and whether the finder's data differ."""
    person = getattr(item, "finder", None)
    data = () if person is None else tuple(getattr(person, name) for name in _OF_FINDER)
    return {name: getattr(item, name) for name in _FACTS} | {"finder": data}


_OF_FINDER = (
    "name",
    "postal_address",
    "email",
    "phone",
    "language",
    "is_minor",
    "guardian",
    "is_staff_of_place",
)


def _share(item: FoundItem, changed: Sequence[str]) -> None:
    """Parts follow their whole, as long as they are here."""
    shared = {name: getattr(item, name) for name in intake.SHARED_WITH_PARTS if name in changed}
    if shared:
        FoundItem.objects.filter(part_of=item, state__in=[State.HELD, State.WITH_FINDER]).update(
            **shared
        )
