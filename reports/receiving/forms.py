"""What residents send us: the shape of it, and how far it is trusted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.http import QueryDict
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from geo.points import point_from, written
from reports.catalogue.answers import Answer, read_form
from reports.receiving.intake import MIN_DESCRIPTION, Draft
from townhall.photos import MAX_PHOTOS

MAX_DESCRIPTION = 1000

# The fields of each step, in the order in which the page shows them.
STEPS: dict[str, tuple[str, ...]] = {
    "foto": ("photo",),
    "ort": ("spot",),
    "was": ("category", "answers", "description"),
    "schon": (),
    "kontakt": ("email", "name", "phone"),
    "pruefen": ("private", "send"),
}
FIRST, LAST = "foto", "pruefen"
ORDER = tuple(field for fields in STEPS.values() for field in fields)

# What intake calls a field and what the page calls it.
_FIELD_OF = {"position": "spot", "lat": "spot", "lon": "spot", "photos": "photo"}
_FIELD_OF |= {"photo_ids": "photo"}

# Buttons, uploads, the trap for programs; photos are read beside the fields.
_NOT_KEPT = frozenset(
    {
        "action",
        "pick",
        "asked",
        "remove",
        "step",
        "goto",
        "coming",
        "photo_at",
        "photo",
        "photo_id",
        "photos",
        "website",
    }
)


@dataclass(frozen=True)
class Problem:
    """A sentence about a field, and the id of the element that it is about.

    `about` names the question where the sentence alone would not.
    """

    field: str
    anchor: str
    sentence: Any
    about: str = ""


class SpotField(forms.Field):
    """ "lon,lat" in degrees (WGS 84), as the page's radio buttons and map hand it over."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Point | None:
        if not value:
            return None
        point = point_from(str(value))
        if point is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return point


class AddressForm(forms.Form):
    """An e-mail address, and nothing else."""

    email = forms.EmailField(
        max_length=254,
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_length"),
            _("Enter an e-mail address such as name@example.org."),
        ),
    )


class LinesField(forms.CharField):
    """Text with line breaks; browsers send them as CR LF and count them as one character."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return str(super().to_python(text.replace("\r\n", "\n").replace("\r", "\n")))


class ReportForm(forms.Form):
    """The page `/melden`, as far as it has been filled in.

    `photo_ids` and `answers` are read beside the fields: they are lists that no widget holds.
    `photo_point` and `photo_taken` are where and when a photo says that it was taken.
    It stays with the form, and is gone with it.
    """

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    spot = SpotField(
        error_messages={"required": _("Enter an address or set the point on the map.")}
    )
    accuracy = forms.IntegerField(required=False, min_value=0, max_value=100_000)
    place = forms.CharField(required=False, max_length=200)
    category = forms.SlugField(
        max_length=60,
        error_messages={
            "required": _("Choose what you want to report."),
            "invalid": _("Choose what you want to report."),
        },
    )
    description = LinesField(required=False)
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={
            "invalid": _("Enter an e-mail address such as name@example.org."),
            "max_length": _("Enter an e-mail address such as name@example.org."),
        },
    )
    name = forms.CharField(
        required=False,
        max_length=120,
        error_messages={"max_length": _("Keep the name under 120 characters.")},
    )
    phone = forms.CharField(
        required=False,
        max_length=40,
        error_messages={"max_length": _("Keep the phone number under 40 characters.")},
    )
    name_is_public = forms.BooleanField(required=False)
    private = forms.BooleanField(required=False)

    photo_ids: tuple[uuid.UUID, ...]
    answers: dict[str, Answer]
    photo_point: Point | None
    photo_taken: dt.datetime | None

    def __init__(self, filled: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(filled, **options)
        lists = filled if isinstance(filled, QueryDict) else QueryDict()
        self.photo_ids = tuple(uuids_in(lists.getlist("photos")))[:MAX_PHOTOS]
        self.answers = read_form(lists, lists.get("category", ""))
        self.photo_point = point_from(lists.get("photo_spot", ""))
        self.photo_taken = _moment(lists.get("photo_taken", ""))

    @classmethod
    def blank(cls, *, spot: Point | None = None, category: str = "") -> ReportForm:
        """A new page with a client id of its own, perhaps with a place and a category already."""
        start: dict[str, Any] = {"client_id": uuid.uuid4(), "category": category}
        if spot is not None:
            start["spot"] = written(spot)
        return cls(initial=start)

    @classmethod
    def of(cls, kept: Mapping[str, list[str]]) -> ReportForm:
        """The form as it was left."""
        filled = QueryDict(mutable=True)
        for name, values in kept.items():
            filled.setlist(name, values)
        return cls(filled)

    def pick(self, category: str) -> None:
        """A suggestion was pressed: as if its tile had been chosen."""
        filled = QueryDict(mutable=True)
        filled.update(self.data)
        filled["category"] = category
        self.data = filled
        self.answers = read_form(filled, category)

    @property
    def client_uuid(self) -> uuid.UUID:
        """The page's own id; a fresh one where somebody tampered with it."""
        known = next(uuids_in([str(self["client_id"].value() or "")]), None)
        return known or self._fresh_id()

    def _fresh_id(self) -> uuid.UUID:
        if not hasattr(self, "_fresh"):
            self._fresh = uuid.uuid4()
        return self._fresh

    def start_anew(self) -> None:
        """Give the page a new client id: what is sent next is another report."""
        filled = QueryDict(mutable=True)
        filled.update(self.data)
        filled["client_id"] = str(uuid.uuid4())
        self.data = filled

    @property
    def is_suspect(self) -> bool:
        """No person sees the field "website". What fills it in is a program, or autofill: so the
        report is taken in all the same, and staff decide."""
        return bool(str(self.data.get("website", "")).strip())

    def settle_photo(self, answer: str) -> None:
        """ "Where was the photo taken?" is answered: "here", or there ("photo")."""
        filled = QueryDict(mutable=True)
        filled.update(self.data)
        filled["photo_settled"] = answer
        if answer == "photo" and self.photo_point:
            filled["spot"], filled["accuracy"] = written(self.photo_point), ""
        self.data = filled

    @property
    def by_gps(self) -> Point | None:
        """The place, where it is the device that named it."""
        return self.point if str(self["accuracy"].value() or "").isdigit() else None

    @property
    def point(self) -> Point | None:
        return point_from(str(self["spot"].value() or ""))

    def clean_description(self) -> str:
        text: str = self.cleaned_data["description"]
        if len(text) > MAX_DESCRIPTION:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Shorten the description by %(n)d character.",
                    "Shorten the description by %(n)d characters.",
                    "n",
                )
                % {"n": len(text) - MAX_DESCRIPTION}
            )
        is_pictured = bool(self.photo_ids) or self.data.get("coming", "0") != "0"
        if len(text) < MIN_DESCRIPTION and not is_pictured:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Describe it in at least %(n)d character, or add a photo.",
                    "Describe it in at least %(n)d characters, or add a photo.",
                    "n",
                )
                % {"n": MIN_DESCRIPTION}
            )
        return text

    def draft(self) -> Draft:
        """What `intake.submit` takes. Only of a valid form."""
        given = self.cleaned_data
        return Draft(
            client_id=given["client_id"],
            category=given["category"],
            position=given["spot"],
            description=given["description"],
            email=given["email"],
            name=given["name"],
            phone=given["phone"],
            answers=self.answers,
            photo_ids=self.photo_ids,
            private=given["private"],
            name_is_public=given["name_is_public"],
            is_suspect=self.is_suspect,
            language=get_language() or "de",
        )

    def contents(self) -> list[tuple[str, list[str]]]:
        """Every field as it was sent, to be kept; without what only the browser's page needs."""
        sent = self.data
        if not isinstance(sent, QueryDict):
            return []
        rest = [(name, list(values)) for name, values in sent.lists() if name not in _NOT_KEPT]
        own = [("photos", [str(each) for each in self.photo_ids])]
        if self.photo_point:
            own.append(("photo_spot", [written(self.photo_point)]))
        return [*rest, *own]

    def refuse(self, errors: Mapping[str, Iterable[Any]]) -> None:
        """Write what a deed refused to the fields that it is about."""
        for name, sentences in errors.items():
            field = _FIELD_OF.get(name, name)
            for sentence in sentences:
                self.complain(field, sentence)

    def complain(self, field: str, sentence: Any) -> None:
        """`field` may be a question's: "answers.ground", or one beside the fields: "photo"."""
        self.errors.setdefault(field, self.error_class()).append(sentence)

    def problems(self, step: str = "") -> list[Problem]:
        """Every complaint in the order of the page; of one step only, if it is named."""
        wanted = STEPS.get(step, ORDER)
        found = (
            Problem(field, anchor_of(field), sentence)
            for field, sentences in self.errors.items()
            for sentence in sentences
            if field.partition(".")[0] in wanted
        )
        return sorted(found, key=lambda problem: ORDER.index(problem.field.partition(".")[0]))


def step_of(field: str) -> str:
    """The step on which a field, or a question ("answers.ground"), is asked."""
    name = field.partition(".")[0]
    return next((step for step, fields in STEPS.items() if name in fields), FIRST)


def anchor_of(field: str) -> str:
    """The id of the element that a problem's link leads to."""
    match field.partition("."):
        case "answers", _dot, code:
            return f"answer-{code}"
        case "spot", *_rest:
            return "place"
    return field


def _moment(text: str) -> dt.datetime | None:
    """When a photo says that it was taken; None where it is no moment with an offset."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def uuids_in(texts: Iterable[str]) -> Iterator[uuid.UUID]:
    """Those of the texts that are UUIDs."""
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue
