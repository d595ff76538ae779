"""A resident's draft: what it holds, and whether it can become a report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from geo.addresses import Address, nearest
from reports.catalogue import offered as catalogue
from reports.catalogue.answers import Answers, plain
from reports.catalogue.offered import BlockNotice, Entry
from reports.models import Publication
from townhall.models import Municipality
from townhall.people import Whereabouts, municipality_at
from townhall.photos import MAX_PHOTOS

MAX_DESCRIPTION = 4000
MIN_DESCRIPTION = 10


@dataclass(frozen=True)
class Draft:
    """What a resident hands in. `client_id` is made on their device, once per report."""

    client_id: UUID
    category: str
    position: Point
    description: str = ""
    email: str = ""
    name: str = ""
    phone: str = ""
    postal_address: str = ""
    house_number: str = ""  # of a door that the directory of addresses lacks
    answers: Answers = field(default_factory=dict)
    photo_ids: tuple[UUID, ...] = ()
    private: bool = False
    name_is_public: bool = False
    is_suspect: bool = False  # a field that no person sees was filled in: a program, or autofill
    language: str = "de"
    source: str = "web"

    def digest(self) -> str:
        """The same for the same content, whichever door it came through."""
        content = [
            self.category,
            [repr(self.position.x), repr(self.position.y)],
            self.description,
            [self.email, self.name, self.phone],
            sorted(self.answers.items()),
            [str(each) for each in self.photo_ids],
            self.private,
        ]
        if self.name_is_public:  # what was sent before one could say so keeps its digest
            content.append("name")
        if self.postal_address:
            content.append(["post", self.postal_address])
        if self.house_number:
            content.append(["door", self.house_number])
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


class Refused(Exception):
    """The draft can't become a report. `errors`: field → sentences for the resident."""

    def __init__(self, errors: Mapping[str, list[Any]]) -> None:
        super().__init__(sorted(errors))
        self.errors = errors


class OutsideArea(Refused):
    """Nobody here serves the place. `whereabouts` names the area, if it is a known one."""

    def __init__(self, whereabouts: Whereabouts | None) -> None:
        self.whereabouts = whereabouts
        super().__init__({"position": [_outside(whereabouts)]})


class Blocked(Refused):
    """Nobody should wait for an answer to such a report: `notice` says whom to call instead.

    The error stands at the answer that blocks, or at the category.
    """

    def __init__(self, notice: BlockNotice) -> None:
        self.notice = notice
        question = next(iter(notice.condition), None)
        super().__init__({f"answers.{question}" if question else "category": [notice.sentence]})


def _outside(whereabouts: Whereabouts | None) -> Any:
    if whereabouts is None:
        return _(
            "This place lies outside the area served here. The town hall of the place is "
            "responsible; the number 115 connects you."
        )
    return _(
        "%(name)s belongs to no municipality that takes part here. The district "
        "administration is responsible; the number 115 connects you."
    ) % {"name": whereabouts.name}


@dataclass(frozen=True)
class Place:
    municipality: Municipality
    address: Address | None


def place_of(draft: Draft) -> Place:
    whereabouts = municipality_at(draft.position)
    if whereabouts is None or whereabouts.municipality is None:
        raise OutsideArea(whereabouts)
    return Place(whereabouts.municipality, nearest(draft.position, area_key=whereabouts.key))


def entry_for(draft: Draft, municipality: Municipality) -> Entry:
    """The category as the town offers it, with the draft's answers checked against it."""
    entry = catalogue.find(draft.category, municipality=municipality)
    if entry is None:
        sentence = _("%(town)s does not take reports of this kind. Please choose another category.")
        raise Refused({"category": [sentence % {"town": municipality.name}]})
    checked = entry.check(draft.answers)
    block = entry.block(checked.answers)
    if block:
        raise Blocked(block)
    errors: dict[str, list[Any]] = {
        f"answers.{code}": [complaint] for code, complaint in checked.complaints.items()
    }
    unknown = set(draft.answers) - {question.code for question in entry.questions}
    if unknown and draft.source != "web":  # a page may be older than the catalogue
        errors["answers"] = [_("There is an answer to a question that was not asked.")]
    if not draft.photo_ids and len(draft.description.strip()) < MIN_DESCRIPTION:
        errors["description"] = [
            _("Describe the defect in a few words (at least 10 characters), or add a photo.")
        ]
    if len(draft.description) > MAX_DESCRIPTION:
        errors["description"] = [_("Please keep the description under 4,000 characters.")]
    if len(draft.photo_ids) > MAX_PHOTOS:
        errors["photos"] = [_("Please choose at most 5 photos.")]
    if errors:
        raise Refused(errors)
    return entry


def as_stored(draft: Draft, entry: Entry) -> Draft:
    """With its answers as the report keeps them: only to questions that were asked."""
    return replace(draft, answers=plain(entry.check(draft.answers).answers))


def is_hazard(draft: Draft, entry: Entry) -> bool:
    return entry.is_hazard(draft.answers)


def publication_of(draft: Draft, entry: Entry) -> Publication:
    if draft.private:
        return Publication.NEVER
    if draft.is_suspect:
        return Publication.AFTER_REVIEW
    publication = entry.terms.publication
    if publication == Publication.AFTER_CONFIRMATION and not draft.email:
        return Publication.AFTER_REVIEW
    return publication
