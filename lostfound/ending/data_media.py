"""The data on phones, laptops, sticks: what must be done before they go to somebody new."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from lostfound.law import Kind
from lostfound.law.kinds import DataStep, before_handing_on
from lostfound.models import DataHandling, EventKind, FoundItem
from lostfound.recording import locked, record
from lostfound.terms import policy_of
from townhall.models import User

CERTIFICATE_NEEDED = frozenset({DataStep.WIPE_WITH_CERTIFICATE})


@dataclass(eq=False)
class NotThisStep(Exception):
    """The town has decided otherwise; `allowed` are its steps."""

    allowed: frozenset[DataStep]


class NoCertificate(Exception):
    """A certified wipe has a number."""


def steps_for(item: FoundItem) -> dict[bool, DataStep]:
    """What the town has decided, by whether it can be erased. One statement."""
    policy = policy_of(item.office.municipality)
    return {known: before_handing_on(erasable=known, policy=policy) for known in (True, False)}


def note(item: FoundItem, step: DataStep, *, by: User, certificate: str = "") -> DataHandling:
    """What was done. A later note takes the place of an earlier one. Raises NotThisStep,
    NoCertificate.
    """
    with transaction.atomic():
        item = locked(item)
        allowed = frozenset(steps_for(item).values())
        if item.law_kind is not Kind.DATA_MEDIUM or step not in allowed:
            raise NotThisStep(allowed)
        if step in CERTIFICATE_NEEDED and not certificate.strip():
            raise NoCertificate
        done, _new = DataHandling.objects.update_or_create(
            item=item,
            defaults={
                "step": step.value,
                "certificate": certificate.strip()[:80],
                "at": timezone.now(),
                "by": by,
            },
        )
        record(item, EventKind.DATA_HANDLED, by=by, facts={"step": step.value})
        return done


def may_go_on(item: FoundItem) -> bool:
    """May it go to finder, buyer or receiver of a gift? Things without data may. One statement
    for a medium, and one for each part that is one.
    """
    media = [item] if item.law_kind is Kind.DATA_MEDIUM else []
    media += [part for part in item.parts.all() if part.law_kind is Kind.DATA_MEDIUM]
    return all(_is_done(each) for each in media)


def _is_done(item: FoundItem) -> bool:
    done = DataHandling.objects.filter(item=item).first()
    return done is not None and done.step != DataStep.KEEP
