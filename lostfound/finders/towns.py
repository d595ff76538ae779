"""The towns behind a front door, each with the office in charge of what is found there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from lostfound.models import Office
from townhall.models import Municipality


@dataclass(frozen=True)
class Town:
    """A finder's choice. `office` None: there is none here, and the town hall is in charge itself.

    `value`: an office's slug for the town of its seat, a municipality's key for any other.
    """

    value: str
    municipality: Municipality
    office: Office | None

    @property
    def name(self) -> str:
        return self.municipality.name


def towns(keys: Sequence[str]) -> tuple[Town, ...]:
    """Those with these keys, by name; with their registers of places. Five statements."""
    here = Municipality.objects.filter(key__in=keys).prefetch_related("find_places")
    offices = (
        Office.objects.filter(Q(municipality__key__in=keys) | Q(department__serves__key__in=keys))
        .distinct()
        .select_related("municipality", "department")
        .prefetch_related("department__serves")
        .order_by("name")
    )
    own, serving = defaultdict[int, list[Office]](list), defaultdict[int, list[Office]](list)
    for office in offices:
        own[office.municipality_id].append(office)
        for town in office.department.serves.all():
            serving[town.pk].append(office)
    return tuple(
        choice
        for town in here.order_by("name")
        for choice in _choices(town, own=own[town.pk], serving=serving[town.pk])
    )


def _choices(
    town: Municipality, *, own: Sequence[Office], serving: Sequence[Office]
) -> Iterator[Town]:
    if own:
        yield from (Town(office.slug, town, office) for office in own)
    else:
        yield Town(town.key, town, serving[0] if serving else None)
