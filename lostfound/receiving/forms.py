"""The counter's form: what was typed, what follows from it at once, and the draft it makes.

The same form takes a thing in and changes what is known of it. It can be read half filled: all that
is right already counts for the proposals beside it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.gis.geos import Point
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geo import addresses
from geo.points import point_from, typed_coordinates, written
from lostfound import law, wording
from lostfound.catalogue import (
    GROUPS,
    MARKS,
    THING_KINDS,
    Colour,
    ThingKind,
    answers_to,
    kinds_of,
)
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
    PlaceKind,
    Regime,
    Source,
    Value,
)
from lostfound.money.euros import EuroField, NoMoney, plain_euros, read_euros
from lostfound.receiving import intake
from lostfound.receiving.intake import Draft, Facts, Objection, Part, Person, Problem, Question
from townhall.models import Image, Municipality
from townhall.people import municipality_at

NAMED, ANONYMOUS, NOBODY = "named", "anonymous", "nobody"
DELIVERED, KEPT = "delivered", "kept"
YES, NO = "yes", "no"
NO_POINT = "none"  # asked, and answered: the words will do
MAX_TEXT = 2000
HITS = 6
# Kinds of places that needn't be in a register: anybody knows them.
OPEN_PLACES = (
    PlaceKind.STREET,
    PlaceKind.PARK,
    PlaceKind.TAXI,
    PlaceKind.SHOP,
    PlaceKind.PRIVATE_HOME,
)
_KIND = "kind:"  # in the value of `where`, before the kind of an unregistered place
_BLANK_PARTS = 2
_MOST_LINES = 40  # of questions or parts that are read at all

Options = list[tuple[Any, Any]]


@dataclass(frozen=True)
class Hit:
    """A place that fits what was typed. `spot`: "lon,lat"."""

    spot: str
    name: str
    more: str = ""


@dataclass(frozen=True)
class MarkRow:
    """A mark that is asked, and what was typed."""

    code: str
    value: str

    @property
    def mark(self) -> Any:
        return MARKS[self.code]

    @property
    def name(self) -> str:
        return f"mark_{self.code}"


@dataclass(frozen=True)
class PartRow:
    kind: str = ""
    text: str = ""
    amount: str = ""
    complaint: Any = ""

    @property
    def is_filled(self) -> bool:
        return bool(self.kind or self.text.strip() or self.amount.strip())


class IntakeForm(forms.Form):
    """`office` is the counter; its municipality's register offers the places."""

    use_required_attribute = False

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    origin = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    kind = forms.ChoiceField(
        label=_("What is it?"), error_messages={"required": _("Choose what it is.")}
    )
    colour = forms.ChoiceField(label=_("Colour"), required=False)
    second_colour = forms.ChoiceField(label=_("Second colour"), required=False)
    brand = forms.CharField(label=_("Brand"), required=False, max_length=60)
    description = forms.CharField(
        label=_("Description for staff"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Never public. Size, condition, what strikes the eye."),
    )

    where = forms.ChoiceField(
        label=_("Kind of place"),
        required=False,
        help_text=_("Who runs the place decides which law holds."),
    )
    place = forms.CharField(
        label=_("Place of find"),
        required=False,
        max_length=200,
        help_text=_("Street, stop, room, or coordinates. Never public."),
    )
    spot = forms.CharField(required=False, max_length=40)
    found_on = forms.DateField(
        label=_("Found on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the day of the find."),
            "invalid": _("Enter the day of the find as a date."),
        },
    )
    found_time = forms.CharField(label=_("Time of the find"), required=False, max_length=40)
    handed_over_on = forms.DateField(
        label=_("Handed in there on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    handed_over_to = forms.CharField(
        label=_("First handed in to"),
        required=False,
        max_length=120,
        help_text=_("Police, pool, driver"),
    )
    notice_on = forms.DateField(
        label=_("Reported to us on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the day of the report."),
            "invalid": _("Enter the day of the report as a date."),
        },
    )
    circumstance = forms.ChoiceField(label=_("How it came there"), choices=Circumstance.choices)
    regime = forms.ChoiceField(label=_("Law that holds"), required=False)
    regime_reason = forms.CharField(
        label=_("Reason for deciding otherwise"), required=False, max_length=200
    )

    value = forms.ChoiceField(
        label=_("Value"),
        widget=forms.RadioSelect,
        choices=[
            (each.value, each.label)
            for each in (Value.SMALL, Value.ESTIMATE, Value.EXACT, Value.DEAR, Value.UNKNOWN)
        ],
        error_messages={"required": _("Say what it is worth, or that nobody knows yet.")},
    )
    amount = EuroField(label=_("Amount in euros"), required=False)
    is_perishable = forms.BooleanField(label=_("Perishable"), required=False)
    is_costly = forms.BooleanField(label=_("Costs more to keep than it is worth"), required=False)

    finder = forms.ChoiceField(
        label=_("Finder"),
        widget=forms.RadioSelect,
        choices=[
            (NAMED, _("Gives name and address")),
            (ANONYMOUS, _("Stays anonymous")),
            (NOBODY, _("No finder: found by ourselves or by an authority")),
        ],
        error_messages={"required": _("Say who the finder is.")},
    )
    kept = forms.ChoiceField(
        label=_("Where is the thing?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (DELIVERED, _("Delivered to us")),
            (KEPT, _("Stays with the finder (§ 966)")),
        ],
    )
    finder_name = forms.CharField(label=_("Name"), required=False, max_length=120)
    finder_address = forms.CharField(label=_("Address"), required=False, max_length=200)
    finder_email = forms.EmailField(label=_("E-mail"), required=False)
    finder_phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    finder_language = forms.ChoiceField(label=_("Letters in"), required=False)
    is_minor = forms.BooleanField(label=_("Under 18"), required=False)
    guardian = forms.CharField(
        label=_("Name of a parent or guardian"), required=False, max_length=120
    )
    is_staff_of_place = forms.BooleanField(
        label=_("Works for the authority or the transport company"),
        required=False,
        help_text=_("§ 978 para. 2: then there is no reward"),
    )
    waives_all = forms.BooleanField(label=_("Waives everything and agrees"), required=False)
    claims_reward = forms.ChoiceField(
        label=_("Finder’s reward"), required=False, widget=forms.RadioSelect
    )
    claims_expenses = forms.ChoiceField(
        label=_("Expenses"), required=False, widget=forms.RadioSelect
    )
    claims_ownership = forms.ChoiceField(
        label=_("Ownership after six months"), required=False, widget=forms.RadioSelect
    )
    consent = forms.ChoiceField(
        label=_("May we give it to its owner?"), required=False, widget=forms.RadioSelect
    )
    consent_condition = forms.CharField(label=_("Condition"), required=False, max_length=200)

    # Rows of their own; these fields carry their complaints.
    marks = forms.CharField(required=False)
    no_mark_visible = forms.BooleanField(
        label=_("No mark to be seen: handing over only after asking"), required=False
    )
    parts = forms.CharField(required=False)
    photo = forms.Field(required=False)
    despite = forms.BooleanField(label=_("It is another thing: take it in"), required=False)

    source = forms.ChoiceField(label=_("Came by"), required=False)
    source_reference = forms.CharField(label=_("Their reference"), required=False, max_length=80)
    publish = forms.BooleanField(
        label=_("Publish at once"),
        required=False,
        help_text=_("Only kind, colour, brand, day and part of town"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, office: Office, is_change: bool = False, **more: Any
    ) -> None:
        super().__init__(data, label_suffix="", **more)
        self.office = office
        self.is_change = is_change
        self._read: dict[str, Any] | None = None
        self.rows: MultiValueDict[str, str] = data if data is not None else MultiValueDict()
        self._offer()

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
        for name, value in _fields_of(item).items():
            data[name] = value
        form = cls(data, office=item.office, is_change=True)
        form.hush()
        return form

    def hush(self) -> None:
        """Show what was typed without complaints: nobody has asked to save it."""
        self.full_clean()
        self._errors = ErrorDict()

    # ── Offers ───────────────────────────────────────────────────────────────────────────────
    def _offer(self) -> None:
        colours: Options = [("", gettext("– none –")), *Colour.choices]
        self._choices("kind", [("", gettext("– choose –")), *grouped_kinds()])
        self._choices("colour", colours)
        self._choices("second_colour", colours)
        self._choices("where", self._wheres())
        self._choices("regime", [("", gettext("as proposed")), *Regime.choices])
        self._choices("source", [each for each in Source.choices if each[0] != Source.DEMO])
        self._choices("finder_language", settings.LANGUAGES)
        for right in Right:
            self._choices(
                f"claims_{right}", [(YES, gettext("claims it")), (NO, gettext("waives it"))]
            )
        self._choices("consent", list(wording.CONSENT_ANSWERS.items()))

    def _choices(self, name: str, choices: Sequence[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _wheres(self) -> Options:
        by_hand = [(f"{_KIND}{kind.value}", kind.label) for kind in OPEN_PLACES]
        options: Options = [("", gettext("– choose –")), (gettext("Anywhere"), by_hand)]
        towns: dict[str, Options] = {}
        for place in self.register.values():
            towns.setdefault(place.municipality.name, []).append((str(place.pk), place.name))
        return [*options, *towns.items()]

    @cached_property
    def register(self) -> dict[int, FindPlace]:
        """The active places of the municipalities that this counter serves."""
        served = self.office.department.serves.all()
        rows = FindPlace.objects.filter(is_active=True, municipality__in=served)
        own = self.office.municipality_id
        places = sorted(
            rows.select_related("municipality"),
            key=lambda each: (each.municipality_id != own, each.municipality.name, each.name),
        )
        return {place.pk: place for place in places}

    # ── What follows from it at once ─────────────────────────────────────────────────────────
    @property
    def known(self) -> dict[str, Any]:
        """Every field that is right, whatever is wrong beside it."""
        if self._read is None:
            if hasattr(self, "cleaned_data"):  # being cleaned; a complaint will take its field out
                self._read = dict(self.cleaned_data)
            else:
                self.full_clean()
        return self._read or {}

    @cached_property
    def thing(self) -> ThingKind | None:
        return THING_KINDS.get(self.known.get("kind", ""))

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
        return where.removeprefix(_KIND) if where.startswith(_KIND) else ""

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

    @cached_property
    def mark_rows(self) -> list[MarkRow]:
        """The marks of this kind first; none that was typed for another kind gets lost."""
        of_kind = self.thing.marks if self.thing else ()
        typed = [code for code in MARKS if self.rows.get(f"mark_{code}", "").strip()]
        codes = dict.fromkeys([*of_kind, *typed])
        return [MarkRow(code, self.rows.get(f"mark_{code}", "")) for code in codes]

    @cached_property
    def question_rows(self) -> list[Question]:
        """Typed ones, then what the kind proposes and nobody has taken out. A mark that answers a
        question is offered as its answer, once.
        """
        rows = [self._with_offer(row) for row in self.questions_typed()]
        kept = [row for row in rows if row.answer or row.text not in _proposals()]
        seen = set(self.rows.getlist("question_seen")) - {row.text for row in rows}
        texts = {row.text for row in kept}
        fresh = [each for each in self.proposals_seen if each not in seen | texts]
        return kept + [self._with_offer(Question(each)) for each in fresh]

    def _with_offer(self, row: Question) -> Question:
        """Whoever empties an offered answer has said no to it."""
        if row.answer or row.text in self.rows.getlist("answer_offered"):
            return row
        return Question(row.text, self.answers_offered.get(row.text, ""))

    @cached_property
    def answers_offered(self) -> dict[str, str]:
        """Question → what the marks typed here say."""
        return answers_to(
            self.known.get("kind", ""), {row.code: row.value for row in self.mark_rows}
        )

    @property
    def proposals_seen(self) -> list[str]:
        return [str(each.text) for each in (self.thing.questions if self.thing else ())]

    @cached_property
    def part_rows(self) -> list[PartRow]:
        filled = [row for row in self._part_rows() if row.is_filled]
        is_whole = bool(self.thing and self.thing.is_whole)
        blanks = _BLANK_PARTS if filled or is_whole else 1
        return [*filled, *([PartRow()] * blanks)]

    @cached_property
    def photo_ids(self) -> list[uuid.UUID]:
        found = []
        for text in self.rows.getlist("photos")[:20]:
            try:
                found.append(uuid.UUID(text))
            except ValueError:
                continue
        return list(dict.fromkeys(found))

    @cached_property
    def images(self) -> list[Image]:
        """The staged photos, as far as they are still there."""
        rows = Image.objects.in_bulk(self.photo_ids)
        return [rows[each] for each in self.photo_ids if each in rows]

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

    @property
    def may_have_photos(self) -> bool:
        return self.thing is None or handling(self.thing.law).photographed

    @property
    def is_listed(self) -> bool:
        return self.thing is None or handling(self.thing.law).listed

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

    def row_complaints(self) -> list[str]:
        """Of parts that can't be read."""
        found = []
        for number, row in enumerate(self._part_rows(), start=1):
            if row.is_filled and not row.kind:
                found.append(gettext("Line %(n)d: choose what it is.") % {"n": number})
            if row.complaint:
                found.append(
                    gettext("Line %(n)d: %(words)s") % {"n": number, "words": row.complaint}
                )
        return found

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

    def marks_typed(self) -> Iterator[intake.Mark]:
        for row in self.mark_rows:
            if row.value.strip():
                yield intake.Mark(row.code, " ".join(row.value.split())[:300])

    def questions_typed(self) -> Iterator[Question]:
        texts = self.rows.getlist("question_text")[:_MOST_LINES]
        answers = self.rows.getlist("question_answer")
        for number, text in enumerate(texts):
            answer = answers[number] if number < len(answers) else ""
            if text.strip():
                yield Question(" ".join(text.split())[:200], " ".join(answer.split())[:300])

    def _part_rows(self) -> list[PartRow]:
        kinds = self.rows.getlist("part_kind")[:_MOST_LINES]
        texts, amounts = self.rows.getlist("part_text"), self.rows.getlist("part_amount")
        return [_part_row(kind, _at(texts, n), _at(amounts, n)) for n, kind in enumerate(kinds)]

    def _parts(self) -> Iterator[Part]:
        for row in self._part_rows():
            if row.kind:
                cents = None if row.complaint or not row.amount else read_euros(row.amount)
                yield Part(row.kind, " ".join(row.text.split())[:MAX_TEXT], cents)


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


def _part_row(kind: str, text: str, amount: str) -> PartRow:
    amount = amount.strip()
    complaint: Any = ""
    if amount:
        try:
            read_euros(amount)
        except NoMoney:
            complaint = _("Enter an amount in euros and cents, for example 12.50.")
    return PartRow(kind, text, amount, complaint)


def _at(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def grouped_kinds() -> Options:
    """The catalogue by its tiles."""
    return [
        (group.label, [(kind.code, kind.label) for kind in kinds_of(group.code)])
        for group in GROUPS.values()
    ]


def _proposals() -> set[str]:
    """All questions of all kinds, in the reader's language."""
    return {str(each.text) for kind in THING_KINDS.values() for each in kind.questions}


def _fields_of(item: FoundItem) -> dict[str, str]:
    place = str(item.find_place_id or "") or (item.place_kind and f"{_KIND}{item.place_kind}")
    fields: dict[str, Any] = {
        name: getattr(item, name)
        for name in (
            "kind",
            "colour",
            "second_colour",
            "brand",
            "description",
            "found_time",
            "handed_over_to",
            "circumstance",
            "regime_reason",
            "value",
            "consent_condition",
        )
    }
    exact = item.value in {Value.ESTIMATE, Value.EXACT} and item.value_cents is not None
    return {
        **{name: str(value) for name, value in fields.items()},
        "version": str(item.version),
        "where": place or "",
        "place": item.place_text,
        "place_before": item.place_text,
        "spot": written(item.found_at) if item.found_at else "",
        **{name: _day(getattr(item, name)) for name in _DAYS},
        "amount": plain_euros(item.value_cents or 0) if exact else "",
        **{name: "on" for name in _TICKS if getattr(item, name)},
        **_finder_fields(item),
        **_regime_field(item),
    }


_DAYS = ("found_on", "handed_over_on", "notice_on")
_TICKS = ("is_perishable", "is_costly", "no_mark_visible")


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _regime_field(item: FoundItem) -> dict[str, str]:
    proposal = intake.proposed(item.find_place, item.place_kind, item.circumstance)
    return {"regime": "" if proposal.regime == item.regime else item.regime}


def _finder_fields(item: FoundItem) -> dict[str, str]:
    person = getattr(item, "finder", None)
    if person is None:
        waived = item.claims_reward is False and item.consent == Consent.GIVEN
        return {"finder": ANONYMOUS if waived else NOBODY}
    claims = {
        f"claims_{right}": YES if answer else NO
        for right in Right
        if (answer := getattr(item, f"claims_{right}")) is not None
    }
    ticks = {name: "on" for name in ("is_minor", "is_staff_of_place") if getattr(person, name)}
    return {
        "finder": NAMED,
        "finder_name": person.name,
        "finder_address": person.postal_address,
        "finder_email": person.email,
        "finder_phone": person.phone,
        "finder_language": person.language,
        "guardian": person.guardian,
        "consent": item.consent,
        **ticks,
        **claims,
    }


# Kept for the page: what the finder owes, in the law's own answer.
def duty_of(form: IntakeForm) -> duty.FindersDuty | None:
    return None if form.cents is None else duty.finders_duty(form.cents, regime=form.settled_regime)


__all__ = ["ANONYMOUS", "NAMED", "NOBODY", "Hit", "IntakeForm", "Problem", "duty_of"]
