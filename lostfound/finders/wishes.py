"""A finder thinks again: being named to the owner, and giving up what they had claimed.

Being named can be said and taken back; a right that was waived is gone (§ 976 Abs. 1 BGB, §§ 397,
671 BGB). Before the intake the report changes, after it the thing, and the report with it, so that
the finder's page says what holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from lostfound import recording
from lostfound.ending import deadlines
from lostfound.finders import finds
from lostfound.law.ownership import Owner
from lostfound.law.rights import Right
from lostfound.models import (
    Consent,
    EventKind,
    Finder,
    FindReport,
    FoundItem,
    Inquiry,
)
from lostfound.workflow import State
from townhall.models import User

# Whose it must be, or not be anybody's yet, for its finder to waive it.
_STILL_TO_WAIVE = frozenset({Owner.FINDER, Owner.OPEN, Owner.ENTITLED})


@dataclass(frozen=True)
class Wish:
    """`may_be_named` None: as it is."""

    may_be_named: bool | None = None
    waives: frozenset[Right] = frozenset()


def from_home(token: str, wish: Wish) -> FindReport:
    """By the finder's own page. Raises finds.TooLate, FindReport.DoesNotExist."""
    with transaction.atomic():
        known = finds.find_of(token)
        item = recording.locked(known.item) if known.item else None
        find = finds.locked(known.pk)
        if find.item_id != known.item_id:
            raise finds.TooLate  # taken in at this very moment: they look once more
        _fulfil(item, find, wish, by=None)
        return find


def at_counter(item: FoundItem, wish: Wish, *, by: User) -> FoundItem:
    """As the finder says at the counter, by telephone or letter. Raises finds.TooLate."""
    with transaction.atomic():
        item = recording.locked(item)
        known = FindReport.objects.filter(item=item).first()
        _fulfil(item, known and finds.locked(known.pk), wish, by=by)
        return item


def rights_left(case: FoundItem | FindReport) -> Sequence[Right]:
    """What the finder claims and may still waive."""
    return [right for right in Right if getattr(case, f"claims_{right}")]


def is_open(find: FindReport) -> bool:
    """Whether there is still something to change one's mind about."""
    if find.item is not None:
        return bool(find.item.is_open)
    return find.is_open and not find.is_anonymous


def _fulfil(
    item: FoundItem | None, find: FindReport | None, wish: Wish, *, by: User | None
) -> None:
    """Again = no change."""
    if item is not None:
        _change_item(item, wish, by=by)
    elif find is None or not is_open(find):
        raise finds.TooLate
    if find is not None:
        _change_find(find, wish)


def _change_item(item: FoundItem, wish: Wish, *, by: User | None) -> None:
    if not item.is_open:
        raise finds.TooLate
    finder = Finder.objects.filter(item=item).first()
    waives = [right for right in rights_left(item) if right in wish.waives]
    changed = [f"claims_{right}" for right in waives]
    if finder and wish.may_be_named not in {None, finder.may_be_named}:
        Finder.objects.filter(pk=finder.pk).update(may_be_named=wish.may_be_named)
        changed.append("may_be_named")
    if not changed:
        return
    if Right.OWNERSHIP in waives:
        _waive_ownership(item)
    for right in waives:
        setattr(item, f"claims_{right}", False)
    if waives and not rights_left(item) and item.consent != Consent.GIVEN:
        item.consent, item.consent_on = Consent.GIVEN, timezone.localdate()
        item.consent_condition, item.condition_met_on = "", None
        Inquiry.objects.filter(item=item).delete()
        changed.append("consent")
    facts = {"fields": changed, "waived": [str(right) for right in waives]}
    recording.record(item, EventKind.FINDER_CHANGED, by=by, facts=facts)


def _waive_ownership(item: FoundItem) -> None:
    owner = deadlines.standing_of(item, on=timezone.localdate()).owner
    if owner not in _STILL_TO_WAIVE:
        raise finds.TooLate
    item.demanded_on = None
    if item.state == State.READY and owner is Owner.FINDER:
        item.state = State.HELD


def _change_find(find: FindReport, wish: Wish) -> None:
    waives = [right for right in rights_left(find) if right in wish.waives]
    if not waives and wish.may_be_named in {None, find.may_be_named}:
        return
    for right in waives:
        setattr(find, f"claims_{right}", False)
    if wish.may_be_named is not None:
        find.may_be_named = wish.may_be_named
    if waives and not rights_left(find):
        find.consent = Consent.GIVEN
    finds.save(find)
