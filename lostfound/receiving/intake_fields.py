"""The counter's form: its fields, and what they offer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lostfound import wording
from lostfound.catalogue import GROUPS, Colour, kinds_of
from lostfound.law.rights import Right
from lostfound.models import Circumstance, FindPlace, Office, PlaceKind, Regime, Source, Value
from lostfound.money.euros import EuroField

NAMED, ANONYMOUS, NOBODY = "named", "anonymous", "nobody"
DELIVERED, KEPT = "delivered", "kept"
YES, NO = "yes", "no"
MAX_TEXT = 2000
# Kinds of places that needn't be in a register: anybody knows them.
OPEN_PLACES = (
    PlaceKind.STREET,
    PlaceKind.PARK,
    PlaceKind.TAXI,
    PlaceKind.SHOP,
    PlaceKind.PRIVATE_HOME,
)
BY_KIND = "kind:"  # in the value of `where`, before the kind of an unregistered place

Options = list[tuple[Any, Any]]


class IntakeFields(forms.Form):
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

    def __init__(self, data: QueryDict | None = None, *, office: Office, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        self.office = office
        self.rows: MultiValueDict[str, str] = data if data is not None else MultiValueDict()
        self._offer()

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
        by_hand = [(f"{BY_KIND}{kind.value}", kind.label) for kind in OPEN_PLACES]
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


def grouped_kinds() -> Options:
    """The catalogue by its tiles."""
    return [
        (group.label, [(kind.code, kind.label) for kind in kinds_of(group.code)])
        for group in GROUPS.values()
    ]
