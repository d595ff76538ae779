"""What finders send us from home: the shape of it, and how far it is trusted.

Two pages: what, when and where; then the rights that the law leaves for just this, and who it is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geo.points import point_from
from lostfound import law
from lostfound.catalogue import GROUPS, THING_KINDS, Colour, kinds_of
from lostfound.finders import finds
from lostfound.finders.towns import Town
from lostfound.finders.wishes import Wish
from lostfound.law.duty import SMALL_FIND_CENTS, FindersDuty
from lostfound.law.rights import Asked, Right
from lostfound.models import Consent, Office, Spot, Value, Whereabouts
from lostfound.money.euros import EuroField
from townhall.people import municipality_at

OLDEST = dt.timedelta(days=3 * 366)
_UNANSWERED = {
    Right.REWARD: _("Finder’s reward: choose one of the answers."),
    Right.EXPENSES: _("Expenses: choose one of the answers."),
    Right.OWNERSHIP: _("Ownership: choose one of the answers."),
}
_DAY = _("Enter a day such as 24.12.2026.")

# What the second page asks; everything else belongs to the first.
SECOND = (
    "ownership",
    "reward",
    "expenses",
    "consent",
    "may_be_named",
    "name",
    "postal_address",
    "email",
    "phone",
    "is_minor",
    "guardian",
    "anonymous",
)
# Buttons, uploads, the trap for programs, what stands in the address anyway.
_NOT_KEPT = frozenset({"action", "photo", "website", "remove"})


@dataclass(frozen=True)
class Answer:
    """One radio button of a right: its value, its words, whether it is chosen."""

    value: str
    label: Any
    is_chosen: bool


class FindForm(forms.Form):
    """Both pages of `/fundbuero/fund`, as far as they have been filled in.

    `photo_ids` are read beside the fields. Which of the second page's fields count follows from
    the first (`asked`): what the law doesn't ask is dropped, whatever was sent.
    """

    use_required_attribute = False

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(error_messages={"required": _("Choose what it is.")})
    colour = forms.ChoiceField(required=False, choices=[("", ""), *Colour.choices])
    brand = forms.CharField(required=False, max_length=60)
    description = forms.CharField(
        required=False,
        max_length=2000,
        error_messages={"max_length": _("Keep the description under 2,000 characters.")},
    )
    value = forms.ChoiceField(
        choices=[
            (Value.SMALL, _("Up to and including 10.00 €")),
            (Value.ESTIMATE, _("More: about")),
            (Value.DEAR, _("Dear to its owner, hardly worth money")),
            (Value.UNKNOWN, _("I don’t know")),
        ],
        error_messages={"required": _("Choose what it is worth.")},
    )
    value_cents = EuroField(required=False)
    found_on = forms.DateField(
        error_messages={"required": _("When did you find it?"), "invalid": _DAY}
    )
    found_time = forms.CharField(required=False, max_length=40)
    office = forms.ChoiceField(error_messages={"required": _("Choose the town.")})
    spot = forms.ChoiceField(
        choices=Spot.choices, error_messages={"required": _("Choose where it was.")}
    )
    place_text = forms.CharField(
        max_length=200, error_messages={"required": _("Say where: a street, a place, a line.")}
    )
    place_text_spot = forms.CharField(required=False, max_length=40)  # "lon,lat" of the map …
    place_text_name = forms.CharField(required=False, max_length=200)  # … for just these words
    whereabouts = forms.ChoiceField(
        choices=Whereabouts.choices, error_messages={"required": _("Choose where it is now.")}
    )
    handed_in_to = forms.CharField(required=False, max_length=120)
    handed_in_on = forms.DateField(required=False, error_messages={"invalid": _DAY})
    photo = forms.Field(required=False, widget=forms.FileInput)

    ownership = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", "")])
    reward = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", "")])
    expenses = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", "")])
    consent = forms.ChoiceField(
        required=False,
        choices=[
            (Consent.GIVEN, _("Yes")),
            (Consent.CONDITIONAL, _("Yes, once my finder’s reward is paid")),
            (Consent.NONE, _("Ask me first")),
        ],
    )
    may_be_named = forms.BooleanField(required=False)
    name = forms.CharField(required=False, max_length=120)
    postal_address = forms.CharField(required=False, max_length=200)
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={"invalid": _("Enter an e-mail address such as name@example.org.")},
    )
    phone = forms.CharField(required=False, max_length=40)
    is_minor = forms.BooleanField(required=False)
    guardian = forms.CharField(required=False, max_length=120)
    anonymous = forms.BooleanField(required=False)

    photo_ids: tuple[uuid.UUID, ...]

    def __init__(
        self,
        filled: Mapping[str, Any] | None = None,
        *,
        towns: Sequence[Town],
        is_whole: bool = True,
        **options: Any,
    ) -> None:
        """`is_whole` False: only the first page has been filled in so far."""
        super().__init__(filled, auto_id="find-%s", **options)
        self.towns = {town.value: town for town in towns}
        self.is_whole = is_whole
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", _("Please choose")), *_kinds()]
        choice: Any = self.fields["office"]
        choice.choices = [(value, town.name) for value, town in self.towns.items()]
        lists = filled if isinstance(filled, QueryDict) else QueryDict()
        self.photo_ids = tuple(dict.fromkeys(_uuids(lists.getlist("photos"))))[: finds.MAX_PHOTOS]

    @classmethod
    def blank(cls, *, towns: Sequence[Town], kind: str = "") -> FindForm:
        only = towns[0].value if len(towns) == 1 else ""
        start = {
            "client_id": uuid.uuid4(),
            "kind": kind,
            "office": only,
            "found_on": timezone.localdate(),
        }
        return cls(initial=start, towns=towns)

    @classmethod
    def of(cls, kept: Mapping[str, list[str]], *, towns: Sequence[Town]) -> FindForm:
        """The form as it was left."""
        return cls(_query(kept), towns=towns, is_whole=False)

    # ── What was said ────────────────────────────────────────────────────────────────────────
    @property
    def client_uuid(self) -> uuid.UUID:
        """The page's own id; a fresh one where somebody tampered with it."""
        known = next(_uuids([str(self["client_id"].value() or "")]), None)
        if known is None:
            known = uuid.uuid4()
            self.start_anew(known)
        return known

    def start_anew(self, client_id: uuid.UUID | None = None) -> None:
        """What is sent next is another report."""
        sent = self.data
        filled = sent.copy() if isinstance(sent, QueryDict) else QueryDict(mutable=True)
        filled["client_id"] = str(client_id or uuid.uuid4())
        self.data = filled

    @property
    def is_suspect(self) -> bool:
        """No person sees the field "website"."""
        return bool(str(self.data.get("website", "")).strip())

    @property
    def place_names(self) -> list[str]:
        """Of the towns' registers: suggestions while the place is typed."""
        return sorted(
            {
                place.name
                for town in self.towns.values()
                for place in town.municipality.find_places.all()
                if place.is_active and place.kind not in {"street", "park", "taxi"}
            }
        )

    @property
    def chosen_kind(self) -> str:
        return str(self["kind"].value() or "")

    @property
    def chosen_town(self) -> Town | None:
        return self.towns.get(str(self["office"].value() or ""))

    @property
    def chosen_office(self) -> Office | None:
        return self.chosen_town.office if self.chosen_town else None

    @property
    def point(self) -> Point | None:
        """Taken from the map, and still the place that the words name."""
        words = str(self["place_text"].value() or "").strip()
        is_meant = words and words == str(self["place_text_name"].value() or "").strip()
        return point_from(str(self["place_text_spot"].value() or "")) if is_meant else None

    @property
    def regime(self) -> law.Regime:
        """Presumed from the place. Of a valid first page."""
        given = self.cleaned_data
        name = given["place_text"].strip().casefold()
        town = self.towns[given["office"]].municipality
        known = (each for each in town.find_places.all() if each.is_active)
        place = next((each for each in known if each.name.casefold() == name), None)
        return finds.regime_of(Spot(given["spot"]), place)

    @property
    def duty(self) -> FindersDuty:
        return finds.duty_of(self.cents, regime=self.regime)

    @property
    def cents(self) -> int | None:
        """As far as the law's limits need it. Of a valid first page."""
        given = self.cleaned_data
        if given["value"] == Value.SMALL:
            return SMALL_FIND_CENTS
        return given["value_cents"] if given["value"] == Value.ESTIMATE else None

    @property
    def keeps(self) -> bool:
        return str(self["whereabouts"].value()) == Whereabouts.KEEPS

    @property
    def is_anonymous(self) -> bool:
        return bool(self["anonymous"].value())

    @property
    def asked(self) -> Asked:
        """The questions of the second page, if the finder gives a name. Of a valid first page."""
        return self._asked(is_anonymous=False)

    def _asked(self, *, is_anonymous: bool) -> Asked:
        who = finds.Who(is_minor=bool(self["is_minor"].value()))
        return finds.rights_asked(
            self.cleaned_data["kind"],
            regime=self.regime,
            who=who,
            keeps=self.keeps,
            is_anonymous=is_anonymous,
        )

    @property
    def asks_consent(self) -> bool:
        """§ 975 S. 3 binds the office only where it holds, and only for what is delivered."""
        return self.regime is law.Regime.GENERAL and not self.keeps

    # ── Checks ───────────────────────────────────────────────────────────────────────────────
    def clean_found_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["found_on"]
        today = timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("That day is still to come."))
        if day < today - OLDEST:
            raise forms.ValidationError(_("That is more than three years ago. Please call us."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._clean_value(given)
        self._clean_town(given)
        self._clean_whereabouts(given)
        if self.photo_ids and not finds.photo_is_welcome(given.get("kind", "")):
            self.photo_ids = ()  # papers, cards, money: taken in without a picture
        if not self.is_whole:
            for name in SECOND:
                self.errors.pop(name, None)
        elif not self.errors:
            self._clean_second(given)
        return given

    def _clean_value(self, given: dict[str, Any]) -> None:
        if given.get("value") != Value.ESTIMATE:
            given["value_cents"] = None
            return
        cents = given.get("value_cents")
        if cents is None and "value_cents" not in self.errors:
            self.add_error("value_cents", _("About how much is it worth?"))

    def _clean_town(self, given: dict[str, Any]) -> None:
        """Which town it was decides who is in charge: the map and the choice have to agree."""
        town = self.towns.get(given.get("office", ""))
        if town and town.office is None:
            self.add_error("office", _("There is no lost property office here yet"))
        here = municipality_at(self.point) if town and self.point else None
        if town and here and here.municipality and here.municipality != town.municipality:
            sentence = _("This spot lies in %(town)s. Choose that town, or another spot.")
            self.add_error("place_text", sentence % {"town": here.municipality.name})

    def _clean_whereabouts(self, given: dict[str, Any]) -> None:
        if given.get("whereabouts") != Whereabouts.HANDED_IN:
            given["handed_in_to"], given["handed_in_on"] = "", None
            if given.get("whereabouts") == Whereabouts.KEEPS and not self._may_keep(given):
                self.add_error("whereabouts", _("This has to be handed in. You can’t keep it."))
            return
        if not given.get("handed_in_to"):
            self.add_error("handed_in_to", _("Who has it now?"))
        found, handed = given.get("found_on"), given.get("handed_in_on")
        if found and handed and not found <= handed <= timezone.localdate():
            self.add_error("handed_in_on", _("That is not between the find and today."))

    def _may_keep(self, given: Mapping[str, Any]) -> bool:
        if not {"kind", "spot", "place_text", "office"} <= set(given):
            return True
        return finds.may_keep(given["kind"], regime=self.regime)

    def _clean_second(self, given: dict[str, Any]) -> None:
        """What isn't asked is None, what is asked needs an answer; who claims needs a name."""
        rights = self._asked(is_anonymous=self.is_anonymous)
        for right in Right:
            said = given.get(right.value, "")
            if right not in rights.rights:
                given[right.value] = False if self.is_anonymous else None
            elif not said:
                self.add_error(right.value, _UNANSWERED[right])
            else:
                given[right.value] = said == "yes"
        if self.is_anonymous:
            self._clean_anonymous(given)
            return
        self._clean_consent(given)
        if not given.get("name"):
            self.add_error("name", _("Enter your name, or report without a name."))
        if not (given.get("email") or given.get("phone") or given.get("postal_address")):
            self.add_error("email", _("How can we reach you? One way is enough."))
        claims = {right for right in Right if given.get(right.value)}
        if (claims or self.keeps) and not given.get("postal_address"):
            self.add_error(
                "postal_address", _("Who claims something or keeps it needs an address.")
            )
        if given.get("is_minor") and claims & rights.guardian_for and not given.get("guardian"):
            self.add_error("guardian", _("Name a parent or guardian, who has to agree."))

    def _clean_anonymous(self, given: dict[str, Any]) -> None:
        """All is waived and the consent given, in one sentence; nothing about the person stays."""
        for name in ("name", "postal_address", "email", "phone", "guardian"):
            given[name] = ""
        given["is_minor"] = given["may_be_named"] = False
        given["consent"] = Consent.GIVEN
        if self.keeps:
            self.add_error("anonymous", _("Who keeps it at home has to say who they are."))

    def _clean_consent(self, given: dict[str, Any]) -> None:
        if not self.asks_consent:
            given["consent"] = Consent.NONE
        elif not given.get("consent"):
            self.add_error("consent", _("Choose whether it may be given away."))
        elif given["consent"] == Consent.CONDITIONAL and not given.get("reward"):
            given["consent"] = Consent.GIVEN  # there is no reward to wait for
        if not given.get("reward"):
            given["may_be_named"] = False

    # ── On to the deed ───────────────────────────────────────────────────────────────────────
    def draft(self) -> finds.Draft:
        """What `finds.submit` takes. Only of a valid, whole form."""
        given = self.cleaned_data
        names = ("colour", "brand", "description", "value_cents", "found_on", "found_time")
        more = ("place_text", "handed_in_to", "handed_in_on", "may_be_named")
        person = ("name", "postal_address", "email", "phone", "is_minor", "guardian")
        town = self.towns[given["office"]]
        assert town.office is not None  # `_clean_town`
        return finds.Draft(
            client_id=given["client_id"],
            office=town.office,
            town=town.municipality,
            found_at=self.point,
            kind=given["kind"],
            spot=Spot(given["spot"]),
            whereabouts=Whereabouts(given["whereabouts"]),
            value=Value(given["value"]),
            claims_ownership=given["ownership"],
            claims_reward=given["reward"],
            claims_expenses=given["expenses"],
            consent=Consent(given["consent"] or Consent.NONE),
            who=finds.Who(**{name: given[name] for name in person}),
            photo_ids=self.photo_ids,
            is_suspect=self.is_suspect,
            language=get_language() or "de",
            **{name: given[name] for name in (*names, *more)},
        )

    def contents(self) -> list[tuple[str, list[str]]]:
        """Every field as it was sent, to be kept for the next page."""
        sent = self.data
        if not isinstance(sent, QueryDict):
            return []
        rest = [(name, list(values)) for name, values in sent.lists() if name not in _NOT_KEPT]
        kept = dict(rest) | {"photos": [str(each) for each in self.photo_ids]}
        return list(kept.items())

    def refuse(self, errors: Mapping[str, Iterable[Any]]) -> None:
        for name, sentences in errors.items():
            for sentence in sentences:
                self.complain(name, sentence)

    def complain(self, field: str, sentence: Any) -> None:
        """`field` "" is the form as a whole."""
        self.is_valid()  # makes a place for complaints
        self.add_error(field or None, sentence)


class WishForm(forms.Form):
    """A finder thinks again, from home or at the counter."""

    named = forms.ChoiceField(choices=[("", ""), ("ja", ""), ("nein", "")], required=False)
    waives = forms.MultipleChoiceField(choices=[(right, right) for right in Right], required=False)

    def wish(self) -> Wish:
        """Of a valid form."""
        named = {"ja": True, "nein": False}.get(self.cleaned_data["named"])
        return Wish(named, frozenset(Right(each) for each in self.cleaned_data["waives"]))


def merged(kept: Mapping[str, list[str]], sent: QueryDict) -> QueryDict:
    """The first page as it was kept, with the second one's fields as they come now."""
    filled = _query(kept)
    for name in SECOND:
        filled.setlist(name, sent.getlist(name))
    filled.setlist("website", sent.getlist("website"))
    return filled


def _query(kept: Mapping[str, list[str]]) -> QueryDict:
    filled = QueryDict(mutable=True)
    for name, values in kept.items():
        filled.setlist(name, values)
    return filled


def _kinds() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """By group, in the catalogue's order: what is whole names its parts in the description."""
    return [
        (group.label, [(kind.code, kind.label) for kind in kinds_of(group.code)])
        for group in GROUPS.values()
    ]


def is_kind(code: str) -> bool:
    return code in THING_KINDS


def _uuids(texts: Iterable[str]) -> Iterator[uuid.UUID]:
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue
