"""What the page of the form shows beyond the form; each fact is asked for when it is wanted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from geo import addresses
from geo.addresses import Address
from geo.distances import distance_m
from geo.models import Place
from geo.points import typed_coordinates, written
from reports import routing
from reports.catalogue import offered as catalogue
from reports.catalogue.asking import Questions, kept
from reports.catalogue.offered import Entry, Group
from reports.catalogue.proposals import propose
from reports.models import Publication, PublicPlace
from reports.receiving import intake, unsent
from reports.receiving.duplicates import Hit as Known
from reports.receiving.duplicates import nearby
from reports.receiving.forms import FIRST, LAST, STEPS, Problem, ReportForm
from reports.routing import Explanation
from townhall import photos
from townhall.calendar import Calendar
from townhall.models import Image, Municipality
from townhall.people import Whereabouts, municipality_at

# A photo from farther away or longer ago may be of another place than where the device is.
FAR_M = 500
OLD = dt.timedelta(hours=24)
_NUMBERED = [step for step in STEPS if step != "schon"]


@dataclass(frozen=True)
class Hit:
    """A line of the address search, or typed coordinates."""

    spot: str
    name: str
    more: str


@dataclass(frozen=True)
class Offer:
    """A place that a photo proposes: "lon,lat", and what it is called."""

    spot: str
    name: str


class Sheet:
    """A form and what is known about what is in it.

    `at` is the step that a narrow screen shows; a wide one shows them all.
    """

    def __init__(self, form: ReportForm, *, at: str = FIRST) -> None:
        self.form = form
        self.at = at if at in STEPS else FIRST
        self.area_keys: tuple[str, ...] = ()  # where the address search looks; empty: everywhere
        self.now = timezone.now()
        self.has_searched = False
        self.shows_problems = False
        self.problems_of = ""  # a step; empty: of the whole page

    # ── Steps ────────────────────────────────────────────────────────────────────────────
    @property
    def number(self) -> int:
        """„Schritt 2 von 5“. What is known already belongs to the question what it is."""
        return _NUMBERED.index("was" if self.at == "schon" else self.at) + 1

    @property
    def count(self) -> int:
        return len(_NUMBERED)

    @property
    def way(self) -> list[str]:
        """The steps that this report goes through, in order."""
        return [step for step in STEPS if step != "schon" or self.duplicates]

    @property
    def back_to(self) -> str:
        """Whoever came from looking it over to change something goes back there; else ""."""
        return LAST if self.at != LAST and self.form.data.get("back_to") == LAST else ""

    def onward(self) -> str:
        """The step that follows a finished one."""
        if not self.back_to:
            return self.beside(1)
        return "schon" if self.at in {"ort", "was"} and self.duplicates else LAST

    def beside(self, by: int) -> str:
        """The step before (-1) or after (1) this one; at the ends itself."""
        place = list(STEPS).index(self.at) + by
        while 0 <= place < len(STEPS):
            if list(STEPS)[place] in self.way:
                return list(STEPS)[place]
            place += by
        return self.at

    @property
    def token(self) -> str:
        """What is kept of this form lies under it."""
        return unsent.SHELF.token_of(self.form.client_uuid)

    @cached_property
    def duplicates(self) -> list[Known]:
        """Reports nearby that may tell of the same; the step „schon“ is there only for them."""
        point, entry = self.form.point, self.entry
        return nearby(point, entry.category, now=self.now) if point and entry else []

    @cached_property
    def problems(self) -> list[Problem]:
        """What to say on top of the page, each with the question that it is about."""
        if not self.shows_problems:
            return []
        found = self.form.problems(self.problems_of)
        if not any(each.field.startswith("answers.") for each in found) or self.entry is None:
            return found
        texts = {f"answers.{question.code}": question.text for question in self.entry.questions}
        return [replace(each, about=texts.get(each.field, "")) for each in found]

    # ── Where ────────────────────────────────────────────────────────────────────────────
    @property
    def spot(self) -> str:
        return written(self.form.point) if self.form.point else ""

    @cached_property
    def whereabouts(self) -> Whereabouts | None:
        return municipality_at(self.form.point) if self.form.point else None

    @property
    def town(self) -> Municipality | None:
        return self.whereabouts.municipality if self.whereabouts else None

    @property
    def is_elsewhere(self) -> bool:
        """A place that nobody here serves."""
        return bool(self.form.point) and self.town is None

    @cached_property
    def elsewhere(self) -> Any:
        """Who may be responsible instead: the sentence that a submission would get."""
        return intake.OutsideArea(self.whereabouts).errors["position"][0]

    @cached_property
    def address(self) -> Address | None:
        if self.form.point is None or self.whereabouts is None:
            return None
        return addresses.nearest(self.form.point, area_key=self.whereabouts.key)

    @property
    def place_name(self) -> str:
        """„Lindenweg 4“, or the coordinates where nothing has a name."""
        point = self.form.point
        return _name_of(point, self.address) if point else ""

    @property
    def offer(self) -> Offer | None:
        """Where a photo was taken, until a place is chosen."""
        return self.photo_place if self.form.point is None else None

    @property
    def doubt(self) -> str:
        """Why a photo may be of another place than where the device is: "far", "old" or ""."""
        here, there, taken = self.form.by_gps, self.form.photo_point, self.form.photo_taken
        if here is None or self.is_elsewhere or self.form.data.get("photo_settled"):
            return ""
        if there is not None and distance_m(here, there) > FAR_M:
            return "far"
        return "old" if taken is not None and self.now - taken > OLD else ""

    @property
    def far_m(self) -> float:
        """Metres from the device to where the photo was taken."""
        here, there = self.form.point, self.form.photo_point
        return distance_m(here, there) if here and there else 0

    @cached_property
    def photo_place(self) -> Offer | None:
        """Where a photo was taken, where somebody here serves."""
        point = self.form.photo_point
        found = municipality_at(point) if point else None
        if point is None or found is None or found.municipality is None:
            return None
        return Offer(written(point), _name_of(point, addresses.nearest(point, area_key=found.key)))

    @property
    def locality(self) -> str:
        """„Auerbach, Bensheim“."""
        town = self.whereabouts.name if self.whereabouts else ""
        part = self.address.locality if self.address else ""
        return ", ".join(dict.fromkeys(filter(None, [part, town])))

    @property
    def hits(self) -> list[Hit]:
        point = typed_coordinates(self._wanted)
        if point:
            return [Hit(written(point), self._wanted, "")]
        return [_hit(place) for place in self._found]

    @property
    def finds_the_same(self) -> bool:
        """The search has found what is chosen already."""
        return any(hit.spot == self.spot for hit in self.hits)

    @property
    def has_demo_hits(self) -> bool:
        return addresses.has_demo(self._found)

    @property
    def _wanted(self) -> str:
        """What the address field asks for; "" unless the search was pressed."""
        return str(self.form["place"].value() or "").strip() if self.has_searched else ""

    @cached_property
    def _found(self) -> list[Place]:
        if not self._wanted or typed_coordinates(self._wanted):
            return []
        keys = self.area_keys or None
        return addresses.search(self._wanted, area_keys=keys, near=self.form.point, limit=6)

    # ── What ─────────────────────────────────────────────────────────────────────────────
    @cached_property
    def groups(self) -> list[Group]:
        return catalogue.offered_at(self.town)

    @cached_property
    def entry(self) -> Entry | None:
        """The chosen category, if it is offered here."""
        code = self.form["category"].value()
        return next((e for group in self.groups for e in group.entries if e.code == code), None)

    @property
    def words(self) -> str:
        """What was typed to find a category."""
        return str(self.form.data.get("words", "")).strip()

    @cached_property
    def suggested(self) -> list[Entry]:
        """Likely categories by the words so far and by the place, while none is chosen."""
        if self.entry is not None:
            return []
        text = f"{self.words} {self.form['description'].value() or ''}"
        found = propose(self.groups, text=text, at=self.form.point if self.town else None)
        return [proposal.entry for proposal in found]

    @cached_property
    def questions(self) -> Questions:
        """What the chosen category asks, with the answers so far and what is wrong with them."""
        return Questions(self.entry, self.form.answers, self._errors)

    @property
    def kept_answers(self) -> list[tuple[str, str]]:
        return kept(self.form.data, self.entry.code if self.entry else "")

    @property
    def reachable(self) -> list[str]:
        """What was put in as contact, for the summary."""
        given = (str(self.form[name].value() or "").strip() for name in ("email", "name", "phone"))
        return [each for each in given if each]

    @property
    def errors(self) -> dict[str, list[Any]]:
        return {field: self._errors(field) for field in self.form.errors}

    def _errors(self, field: str) -> list[Any]:
        return [each.sentence for each in self.problems if each.field == field]

    @property
    def is_hazard(self) -> bool:
        return self.questions.is_hazard

    @cached_property
    def images(self) -> list[Image]:
        """The photos that lie ready, in the order in which they were added."""
        known = Image.objects.in_bulk(self.form.photo_ids)
        return [known[each] for each in self.form.photo_ids if each in known]

    @property
    def room_for_photos(self) -> int:
        return photos.MAX_PHOTOS - len(self.form.photo_ids)

    # ── What becomes of it ───────────────────────────────────────────────────────────────
    @cached_property
    def routing(self) -> Explanation | None:
        if self.town is None or self.entry is None or self.form.point is None:
            return None
        return routing.route(
            self.town,
            category=self.entry.category,
            position=self.form.point,
            answers=self.questions.checked.answers,
        )

    @property
    def title(self) -> str:
        """As the public will read it: „Schlagloch, Lindenweg“."""
        entry = self.entry
        return ", ".join(filter(None, [entry.name, self.public_place])) if entry else ""

    @property
    def public_place(self) -> str:
        kind = PublicPlace(self.entry.category.public_place) if self.entry else PublicPlace.EXACT
        if self.address is None or kind == PublicPlace.NONE:
            return ""
        if kind == PublicPlace.LOCALITY:
            return self.address.locality
        return self.address.street or self.address.locality

    @property
    def publication(self) -> str:
        """A value of Publication: what will happen, as far as it is known now."""
        if self.form["private"].value():
            return Publication.NEVER
        terms = self.entry.terms if self.entry else catalogue.Terms()
        if terms.publication == Publication.AFTER_CONFIRMATION and not self.form["email"].value():
            return Publication.AFTER_REVIEW
        return terms.publication

    @property
    def reading(self) -> dt.datetime | None:
        """When staff will read it; None while the town is not known."""
        if self.town is None:
            return None
        return timezone.localtime(Calendar.of(self.town).next_reading(self.now))


def _name_of(point: Point, address: Address | None) -> str:
    if address and address.street:
        return f"{address.street} {address.house_number}".strip()
    return f"{point.y:.5f}, {point.x:.5f}"


def _hit(place: Place) -> Hit:
    more = ", ".join(dict.fromkeys(filter(None, [place.locality, place.area_name])))
    return Hit(written(place.position), str(place), more)
