"""The counter's form: what was typed, what follows from it at once, and the draft it makes.

The same form takes a thing in and changes what is known of it. It can be read half filled: all that
is right already counts for the proposals beside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from geo import addresses
from geo.points import point_from, typed_coordinates, written
from lostfound import law, wording
from lostfound.law import duty
from lostfound.law import regime as ruling
from lostfound.law.kinds import handling
from lostfound.law.rights import Right
from lostfound.models import (
    Circumstance,
    Consent,
    FindPlace,
    FoundItem,
    Office,
    Source,
    Value,
)
from lostfound.receiving import intake
from lostfound.receiving.fields_of_item import fields_of
from lostfound.receiving.intake import Draft, Facts, Objection, Person
from lostfound.receiving.intake_fields import ANONYMOUS, BY_KIND, DELIVERED, KEPT, NAMED, NO, YES
from lostfound.receiving.intake_rows import IntakeRows
from townhall.models import Municipality
from townhall.people import municipality_at

NO_POINT = "none"  # asked, and answered: the words will do
HITS = 6


@dataclass(frozen=True)
class Hit:
    """A place that fits what was typed. `spot`: "lon,lat"."""

    spot: str
    name: str
    more: str = ""


class IntakeForm(IntakeRows):
    """What follows from the fields and rows, and the draft that they make."""

    def __init__(
        self, data: QueryDict | None = None, *, office: Office, is_change: bool = False, **more: Any
    ) -> None:
        super().__init__(data, office=office, **more)
        self.is_change = is_change

    @classmethod
    def blank(cls, office: Office, *, first: Mapping[str, Any] | None = None) -> IntakeForm:
        """A new intake; `first`: what is known of it already, by the names of fields."""
        start = QueryDict(mutable=True)
        today = timezone.localdate().isoformat()
        start.update(
            {
                "client_id": str(uuid.uuid4()),
                "found_on": today,
                "notice_on": today,
                "circumstance": Circumstance.LOST,
                "kept": DELIVERED,
                "source": Source.COUNTER,
                "publish": "on",
            }
        )
        for name, value in (first or {}).items():
            start.setlist(name, value if isinstance(value, list) else [str(value)])
        form = cls(start, office=office)
        form.hush()
        return form

    @classmethod
    def of(cls, item: FoundItem) -> IntakeForm:
        """What is known of a thing, to be changed."""
        data = QueryDict(mutable=True)
        for name, value in fields_of(item).items():
            data[name] = value
        form = cls(data, office=item.office, is_change=True)
        form.hush()
        return form

    def hush(self) -> None:
        """Show what was typed without complaints: nobody has asked to save it."""
        self.full_clean()
        self._errors = ErrorDict()

    # ── What follows from it at once ─────────────────────────────────────────────────────────
    @cached_property
    def is_stopped(self) -> bool:
        return self.thing is not None and intake.is_stopped(self.thing.code)

    @cached_property
    def point(self) -> Point | None:
        return point_from(self.known.get("spot") or "")

    @cached_property
    def find_place(self) -> FindPlace | None:
        where = self.known.get("where") or ""
        return self.register.get(int(where)) if where.isdecimal() else None

    @cached_property
    def place_kind(self) -> str:
        where = self.known.get("where") or ""
        return where.removeprefix(BY_KIND) if where.startswith(BY_KIND) else ""

    @cached_property
    def proposed(self) -> ruling.Ruling:
        circumstance = self.known.get("circumstance") or Circumstance.LOST
        return intake.proposed(self.find_place, self.place_kind, circumstance)

    @cached_property
    def settled_regime(self) -> law.Regime:
        chosen = self.known.get("regime")
        return law.Regime(chosen) if chosen else self.proposed.regime

    @cached_property
    def asked(self) -> law.rights.Asked:
        return self.facts().asked

    @cached_property
    def hits(self) -> list[Hit]:
        """Places for what was typed, unless one has been chosen for it."""
        typed = (self.known.get("place") or "").strip()
        is_settled = self.point is not None or self.known.get("spot") == NO_POINT
        if not typed or (is_settled and typed == self.rows.get("place_before", "").strip()):
            return []
        at = typed_coordinates(typed)
        if at is not None:
            return [Hit(written(at), gettext("Coordinates"), typed)]
        found = addresses.search(typed, near=self.office.position, limit=3 * HITS)
        own = self.office.municipality.key
        home_first = sorted(found, key=lambda each: each.area_key != own)[:HITS]
        return [Hit(written(each.position), addresses.label(each)) for each in home_first]

    @property
    def start(self) -> str:
        """Where a map opens, "lon,lat": at the spot, else at the office; "" where nobody knows."""
        start = self.point or self.office.position
        return written(start) if start else ""

    @cached_property
    def spot_name(self) -> str:
        return addresses.in_words(self.point) if self.point is not None else ""

    @cached_property
    def town(self) -> Municipality | None:
        """Of the place of find, as far as it is known."""
        if self.point is not None:
            here = municipality_at(self.point)
            return here.municipality if here else None
        return self.find_place.municipality if self.find_place else None

    @property
    def is_outside(self) -> bool:
        """Found where this counter is not in charge."""
        return self.town is not None and self.town not in self.office.department.serves.all()

    @cached_property
    def cents(self) -> int | None:
        return intake.cents_of(self.facts())

    @property
    def may_have_photos(self) -> bool:
        return self.thing is None or handling(self.thing.law).photographed

    @property
    def is_listed(self) -> bool:
        return self.thing is None or handling(self.thing.law).listed

    # ── About the finder ─────────────────────────────────────────────────────────────────────
    @property
    def stays(self) -> str:
        """Where the thing is: with us, unless somebody said otherwise."""
        return self.rows.get("kept") or DELIVERED

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was answered about the finder and is not asked at this moment: it goes along, so
        that a wrong click loses nothing. None of it is kept unless it is asked again.
        """
        shown = self._shown_of_finder()
        answers = ((name, self.rows.get(name, "")) for name in _OF_FINDER if name not in shown)
        return [(name, value) for name, value in answers if value]

    def _shown_of_finder(self) -> set[str]:
        if self.known.get("finder") != NAMED:
            return set()
        shown = {*_OF_PERSON, "is_minor"}
        if self.known.get("is_minor"):
            shown.add("guardian")
        of_authority = self.settled_regime is law.Regime.VERKEHRSFUND
        shown.add("is_staff_of_place" if of_authority else "kept")
        if not self.asked.rights:
            return shown
        shown.add("waives_all")
        if not self.known.get("waives_all"):
            shown |= {f"claims_{right}" for right in self.asked.rights}
            if self.settled_regime is law.Regime.GENERAL:
                shown.add("consent")
            if self.known.get("consent") == Consent.CONDITIONAL:
                shown.add("consent_condition")
        return shown

    # ── The draft ────────────────────────────────────────────────────────────────────────────
    def clean(self) -> dict[str, Any]:
        """The rules of the deed, in words, at the field they are about."""
        facts = self.facts()
        today = timezone.localdate()
        if self.is_change:
            found = intake.objections_to_facts(facts, today=today)
        else:
            found = intake.objections_to(self.draft(), today=today)
        self.object_to(found)
        for words in self.row_complaints():
            self.add_error("parts", words)
        return self.cleaned_data

    def object_to(self, objections: Iterable[Objection]) -> None:
        for each in objections:
            name, _colon, row = each.field.partition(":")
            words: Any = wording.INTAKE_PROBLEMS[each.problem]
            if name in self._errors or (name == "kind" and "kind" not in self.cleaned_data):
                continue
            if row and name == "parts":
                words = gettext("Line %(n)d: %(words)s") % {"n": int(row) + 1, "words": words}
            self.add_error(name if name in self.fields else None, words)

    def draft(self) -> Draft:
        known = self.known
        return Draft(
            client_id=known.get("client_id") or uuid.uuid4(),
            facts=self.facts(),
            kept_by_finder=known.get("kept") == KEPT and "kept" in self._shown_of_finder(),
            marks=tuple(self.marks_typed()),
            questions=tuple(row for row in self.question_rows if row.text),
            parts=tuple(self._parts()),
            photo_ids=tuple(self.photo_ids),
            source=known.get("source") or Source.COUNTER,
            source_reference=known.get("source_reference") or "",
            publish=bool(known.get("publish")),
        )

    def facts(self) -> Facts:
        known = self.known
        today = timezone.localdate()
        plain = {name: known.get(name) or "" for name in _TEXTS}
        return Facts(
            found_on=known.get("found_on") or today,
            notice_on=known.get("notice_on") or today,
            handed_over_on=known.get("handed_over_on"),
            position=self.point,
            place_text=known.get("place") or "",
            find_place=self.find_place,
            place_kind=self.place_kind,
            circumstance=known.get("circumstance") or Circumstance.LOST,
            regime=known.get("regime") or "",
            value=known.get("value") or Value.UNKNOWN,
            value_cents=known.get("amount"),
            is_perishable=bool(known.get("is_perishable")),
            is_costly=bool(known.get("is_costly")),
            finder=self._person(),
            is_anonymous=known.get("finder") == ANONYMOUS,
            claims=self._claims(),
            consent=self._consent(),
            no_mark_visible=bool(known.get("no_mark_visible")),
            **plain,
        )

    def _person(self) -> Person | None:
        known = self.known
        if known.get("finder") != NAMED:
            return None
        return Person(
            name=known.get("finder_name") or "",
            postal_address=known.get("finder_address") or "",
            email=known.get("finder_email") or "",
            phone=known.get("finder_phone") or "",
            language=known.get("finder_language") or settings.LANGUAGE_CODE,
            is_minor=bool(known.get("is_minor")),
            guardian=known.get("guardian") or "",
            is_staff_of_place=bool(known.get("is_staff_of_place")),
        )

    def _claims(self) -> dict[Right, bool | None]:
        if self.known.get("waives_all"):
            return dict.fromkeys(Right, False)
        answers = {YES: True, NO: False}
        return {right: answers.get(self.known.get(f"claims_{right}") or "") for right in Right}

    def _consent(self) -> str:
        if self.known.get("finder") != NAMED:
            return Consent.NONE
        return Consent.GIVEN if self.known.get("waives_all") else self.known.get("consent") or ""


_OF_PERSON = (
    "finder_name",
    "finder_address",
    "finder_email",
    "finder_phone",
    "finder_language",
)
_OF_FINDER = (
    *_OF_PERSON,
    "is_minor",
    "kept",
    "guardian",
    "is_staff_of_place",
    "waives_all",
    *(f"claims_{right}" for right in Right),
    "consent",
    "consent_condition",
)
_TEXTS = (
    "kind",
    "colour",
    "second_colour",
    "brand",
    "description",
    "found_time",
    "handed_over_to",
    "regime_reason",
    "consent_condition",
)


# Kept for the page: what the finder owes, in the law's own answer.
def duty_of(form: IntakeForm) -> duty.FindersDuty | None:
    return None if form.cents is None else duty.finders_duty(form.cents, regime=form.settled_regime)
