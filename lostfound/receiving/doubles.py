"""Whether a thing has been taken in before: the same number on it, or the same picture of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from lostfound import identifiers
from lostfound.models import FoundItem, HiddenMark, Photo
from lostfound.receiving.intake import Mark
from townhall.models import Image, User


class Why(StrEnum):
    NUMBER = "number"
    PHOTO = "photo"


@dataclass(frozen=True)
class Double:
    item: FoundItem
    why: Why


def doubles(marks: Collection[Mark], image_ids: Collection[UUID], *, by: User) -> list[Double]:
    """Things still here, of the user's own offices, that look like the same one. Two statements,
    none where there is nothing to compare.
    """
    hashes = [identifiers.digest_of(mark.kind, mark.text) for mark in marks]
    hashes = [each for each in hashes if each]
    here = FoundItem.objects.visible_to(by).still_here().select_related("part_of")
    found: list[Double] = []
    if hashes:
        marked = HiddenMark.objects.filter(digest__in=hashes).values("item")
        found += [Double(item, Why.NUMBER) for item in here.filter(pk__in=marked)[:5]]
    if image_ids:
        pictures = Image.objects.filter(pk__in=image_ids).values("digest")
        seen = Photo.objects.filter(image__digest__in=pictures).values("item")
        found += [Double(item, Why.PHOTO) for item in here.filter(pk__in=seen)[:5]]
    return found
