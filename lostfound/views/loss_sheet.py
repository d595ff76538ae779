"""What the page of the loss form shows beyond the form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from geo import addresses
from geo.models import Place
from lostfound.catalogue import GROUPS, Colour, Group, ThingKind, kinds_of
from lostfound.law import Kind
from lostfound.losing import elsewhere
from lostfound.losing.forms import DAYTIMES, FIRST, LAST, STEPS, LossForm, Problem, step_of
from townhall import sites
from townhall.models import Municipality
from townhall.people import municipality_at
from townhall.unsent import Shelf

SHELF = Shelf("unsent loss")


@dataclass(frozen=True)
class Tile:
    group: Group
    kinds: list[ThingKind]

    @property
    def has_kinds(self) -> bool:
        """A group of one kind has nothing more to ask."""
        return len(self.kinds) > 1


@dataclass(frozen=True)
class Swatch:
    code: str
    name: Any


class Sheet:
    """A form and what is known about what is in it. `at`: the step a narrow screen shows."""

    def __init__(self, request: HttpRequest, form: LossForm, *, at: str = FIRST) -> None:
        self.request = request
        self.form = form
        self.at = at if at in STEPS else FIRST
        self.shows_problems = False

    # ── Steps ────────────────────────────────────────────────────────────────────────────
    @property
    def number(self) -> int:
        return list(STEPS).index(self.at) + 1

    @property
    def count(self) -> int:
        return len(STEPS)

    @property
    def is_first(self) -> bool:
        return self.at == FIRST

    @property
    def is_last(self) -> bool:
        return self.at == LAST

    @property
    def back_to(self) -> str:
        """Whoever came from looking it over to change something goes back there; else ""."""
        return LAST if self.at != LAST and self.form.data.get("back_to") == LAST else ""

    def onward(self) -> str:
        return self.back_to or self.beside(1)

    def beside(self, by: int) -> str:
        steps = list(STEPS)
        return steps[max(0, min(len(steps) - 1, steps.index(self.at) + by))]

    @property
    def token(self) -> str:
        return SHELF.token_of(self.form.client_uuid)

    @cached_property
    def problems(self) -> list[Problem]:
        return self.form.problems if self.shows_problems else []

    @cached_property
    def errors(self) -> dict[str, list[Any]]:
        """Field → sentences; of marks and finders by their own names."""
        return self.form.errors if self.shows_problems else {}

    def to_problem(self) -> None:
        """Show what is wrong, on the step of the first of it."""
        self.shows_problems = True
        if self.problems:
            self.at = step_of(self.problems[0].field)

    # ── Choices ──────────────────────────────────────────────────────────────────────────
    @property
    def tiles(self) -> list[Tile]:
        return [Tile(group, kinds_of(code)) for code, group in GROUPS.items()]

    @property
    def swatches(self) -> list[Swatch]:
        return [Swatch(each.value, each.label) for each in Colour]

    @property
    def daytimes(self) -> dict[str, Any]:
        return dict(DAYTIMES)

    @property
    def said(self) -> dict[str, str]:
        """Plain fields as they were put in, for templates."""
        return {name: self.form.said(name) for name in self.form.data}

    @cached_property
    def marks(self) -> list[dict[str, Any]]:
        return [
            {
                "mark": mark,
                "text": text,
                "id": f"mark-{mark.code}",
                "errors": self.errors.get(f"marks.{mark.code}", []),
            }
            for mark, text in self.form.marks
        ]

    @cached_property
    def finders(self) -> list[dict[str, Any]]:
        return [
            {"finder": finder, "errors": self.errors.get(name, [])}
            for name, finder in self.form.finders.items()
        ]

    @property
    def has_demo_places(self) -> bool:
        spots = [each.spot for each in self.form.finders.values() if each.spot]
        return bool(spots) and addresses.has_demo(Place.objects.filter(position__in=spots)[:5])

    @cached_property
    def towns(self) -> list[Municipality]:
        return list(_towns_of(self.request))

    # ── What is known of it ──────────────────────────────────────────────────────────────
    @property
    def is_animal(self) -> bool:
        return bool(self.form.thing and self.form.thing.law == Kind.ANIMAL)

    @property
    def has_papers(self) -> bool:
        """Something in it is worth blocking."""
        blocked = {Kind.IDENTITY_PAPER, Kind.FOREIGN_PAPER, Kind.CARD, Kind.PURSE}
        return bool(self.form.thing and self.form.thing.law in blocked)

    @property
    def is_phone(self) -> bool:
        return self.form.kind in {"phone", "tablet"}

    @property
    def title(self) -> str:
        """„Geldbörse, braun, Fossil“; "" while nobody knows what it is."""
        thing, colour = self.form.thing, self.form.said("colour")
        if thing is None:
            return ""
        words = [str(thing.label)]
        words += [str(Colour(colour).label)] if colour in Colour.values else []
        return ", ".join(filter(None, [*words, self.form.said("brand", most=60)]))

    @cached_property
    def town(self) -> Municipality | None:
        """By the first place, else as it was told, else the only one of this door."""
        for point in (*self.form.points, *(self.form.way or ())):
            found = municipality_at(point)
            if found and found.municipality:
                return found.municipality
        told = self.form.said("town")
        named = next((town for town in self.towns if town.key == told), None)
        return named or (self.towns[0] if len(self.towns) == 1 else None)

    @cached_property
    def others(self) -> list[elsewhere.Keeper]:
        return elsewhere.others(self.town, kind=self.form.kind, line=self.form.line)

    @property
    def colour_words(self) -> str:
        codes = (self.form.said("colour"), self.form.said("second_colour"))
        return ", ".join(str(Colour(code).label) for code in codes if code in Colour.values)

    @property
    def told_marks(self) -> int:
        return sum(1 for _mark, text in self.form.marks if text)

    @property
    def reachable(self) -> list[str]:
        return [each for each in self.form.contact.values() if each]


def _towns_of(request: HttpRequest) -> QuerySet[Municipality]:
    """Those of the front door that the request came through."""
    keys = sites.area_keys(sites.site_of(request))
    return Municipality.objects.filter(key__in=keys).order_by("name")
