"""What somebody scans or types on the start page: a code, a file number, a few words."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from django.db.models import Q
from django.urls import reverse

from lostfound import file_numbers
from lostfound.catalogue import THING_KINDS, Colour
from lostfound.claiming import deciding
from lostfound.matching.lexicon import words_of_kinds
from lostfound.models import Claim, FindReport, FoundItem, LossReport
from lostfound.storing import scans
from lostfound.workflow import OPEN
from townhall.codes import LENGTH
from townhall.models import User

MOST = 50
LATEST = 10
_MOST_WORDS = 6
# Other things of the counter that wear a code, and their pages.
_PAGES = ((FindReport, "fund-find"), (Claim, "fund-claim"), (LossReport, "fund-loss"))


@dataclass(frozen=True)
class Found:
    """`url`: the one thing that is meant. Else `items`; `is_code`: a code that we don't know."""

    text: str
    url: str = ""
    items: Sequence[FoundItem] = ()
    is_code: bool = False


def find(text: str, *, by: User) -> Found:
    """At most nine statements."""
    text = " ".join(text.replace("\0", "").split())[: scans.LONGEST]
    scanned = scans.read(text, by=by)
    if scanned.item is not None:
        return Found(text, url=reverse("fund-item", args=[scanned.item.code]))
    if scanned.place is not None:
        return Found(text, url=reverse("fund-place", args=[scanned.place.code]))
    if url := _of_another_kind(text, by=by):
        return Found(text, url=url)
    if url := _to_be_fetched(text, by=by):
        return Found(text, url=url)
    items = _of_number(text, by=by) or _of_words(text, by=by)
    if len(items) == 1 and items[0].file_number == file_numbers.read(text):
        return Found(text, url=reverse("fund-item", args=[items[0].code]))
    return Found(scanned.text, items=items, is_code=not items and _looks_scanned(text))


def latest(office_id: int) -> Sequence[FoundItem]:
    """What was taken in last, without parts."""
    rows = FoundItem.objects.filter(office=office_id, part_of=None)
    return list(rows.order_by("-received_at")[:LATEST])


def _of_another_kind(text: str, *, by: User) -> str:
    code = scans.code_in(text)
    for model, page in _PAGES if code else ():
        if model.objects.visible_to(by).filter(code=code).exists():
            return reverse(page, args=[code])
    return ""


def _to_be_fetched(text: str, *, by: User) -> str:
    """A pickup code leads to where the thing is handed over."""
    code = deciding.by_pickup_code(text)
    claim = Claim.objects.visible_to(by).filter(pickup_code=code).first() if code else None
    if claim is None or claim.item is None:
        return ""
    return f"{reverse('fund-release', args=[claim.item.code])}?anspruch={claim.code}"


def _of_number(text: str, *, by: User) -> Sequence[FoundItem]:
    """One file number, perhaps in several offices; „f 26 12“ will do."""
    number = file_numbers.read(text)
    if number is None:
        return []
    return list(FoundItem.objects.visible_to(by).filter(file_number=number)[:MOST])


def _of_words(text: str, *, by: User) -> Sequence[FoundItem]:
    """All words in kind, colour, brand, description or place; what is still here comes first."""
    words = [word for word in re.split(r"[\s,;]+", text) if len(word) > 1][:_MOST_WORDS]
    if not words:
        return []
    rows = FoundItem.objects.visible_to(by).filter(reduce(operator.and_, map(_says, words)))
    found = list(rows.select_related("office", "part_of").order_by("-received_at")[:MOST])
    return sorted(found, key=lambda item: item.state not in OPEN)


def _says(word: str) -> Q:
    fields = ("brand", "description", "place_text", "file_number", "find_place__name")
    condition = Q(kind__in=_kinds_called(word)) | Q(colour__in=_colours_called(word))
    return reduce(operator.or_, (Q(**{f"{name}__icontains": word}) for name in fields), condition)


def _kinds_called(word: str) -> list[str]:
    small = word.lower()
    return [
        code
        for code, kind in THING_KINDS.items()
        if small in str(kind.label).lower() or small in words_of_kinds().get(code, "").split()
    ]


def _colours_called(word: str) -> list[str]:
    """„braune“ is brown, too."""
    small = word.lower()
    names = {colour.value: str(colour.label).lower() for colour in Colour}
    return [code for code, name in names.items() if small in name or small.startswith(name)]


def _looks_scanned(text: str) -> bool:
    """An address or a bare code: a label that is not ours, or not in this office."""
    return scans.code_in(text) is not None and (
        "/" in text or (len(text.replace("-", "")) == LENGTH and any(map(str.isdigit, text)))
    )
