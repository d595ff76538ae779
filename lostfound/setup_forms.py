"""What administrators and the counter send about terms, fees, places and offices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lostfound.ending.forms import DayField
from lostfound.law import Policy
from lostfound.law.fees import Band, Charge, Extra, ExtraCharge, Payer, Schedule
from lostfound.law.grounds import reading
from lostfound.law.policy import DEFAULT, GROUNDS, LEAST_GRID_M, IllegalPolicy
from lostfound.models import FindPlace, Office
from lostfound.money.euros import EuroField, say_euros
from lostfound.releasing.dues import ANIMAL, BULKY, OTHER
from lostfound.terms import read_policy
from lostfound.wording import CERTAINTIES, EXTRAS, POLICY, POLICY_VALUES, Words

MOST = 3650  # of days, months, years or metres that anybody means
MOST_BANDS = 12
BLANK_BANDS = 2


# ── The law's settings ───────────────────────────────────────────────────────────────────────
class PolicyForm(forms.Form):
    """One field for each setting of law.policy, with its default and what it hangs on."""

    use_required_attribute = False

    def __init__(self, *args: Any, policy: Policy, **options: Any) -> None:
        super().__init__(*args, **options)
        self.policy = policy
        for setting in fields(Policy):
            field = _field_for(getattr(DEFAULT, setting.name))
            words: Any = POLICY[setting.name]
            field.label, field.help_text = words
            field.initial = _initial(getattr(policy, setting.name))
            field.error_messages |= {
                "required": _("Fill this in."),
                "min_value": _("At least %(limit_value)d."),
                "max_value": _("At most %(limit_value)d."),
            }
            self.fields[setting.name] = field

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            read_policy(self.settings())
        except IllegalPolicy as refused:
            self.add_error(refused.setting, _illegal(refused.setting))
        return given

    def settings(self) -> dict[str, Any]:
        """What differs from the defaults, as `Terms.settings` keeps it."""
        found = {}
        for setting in fields(Policy):
            value = _stored(self.cleaned_data.get(setting.name))
            if value != _stored(getattr(DEFAULT, setting.name)):
                found[setting.name] = value
        return found

    def rows(self) -> Iterator[dict[str, Any]]:
        """For the page: each field with its default, its ground, and whether it differs."""
        for name, ground in GROUNDS.items():
            field = self[name]
            default = getattr(DEFAULT, name)
            yield {
                "field": field,
                "is_tick": isinstance(field.field, forms.BooleanField),
                "default": _said(default),
                "ground": ground,
                "certainty": CERTAINTIES[ground.certainty],
                "differs": getattr(self.policy, name) != default,
            }


def _field_for(default: Any) -> forms.Field:
    match default:
        case bool():
            return forms.BooleanField(required=False)
        case StrEnum():
            choices = [(each.value, POLICY_VALUES[each.value]) for each in type(default)]
            return forms.ChoiceField(choices=choices)
        case int():
            words = {"invalid": _("Enter a whole number.")}
            return forms.IntegerField(min_value=1, max_value=MOST, error_messages=words)
        case _:
            return DayField(required=False)


def _initial(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _stored(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case dt.date():
            return value.isoformat()
    return value


def _said(value: Any) -> Words:
    match value:
        case True:
            return _("yes")
        case False:
            return _("no")
        case None:
            return _("not set")
        case StrEnum():
            return POLICY_VALUES[value.value]
        case dt.date():
            return formats.date_format(value, "j. F Y")
    return str(value)


def _illegal(setting: str) -> str:
    if setting == "public_grid_m":
        metres = {"n": LEAST_GRID_M}
        return gettext("At least %(n)d metres: finer would lead a stranger to the spot.") % metres
    return gettext("At least 1: the law knows no shorter time.")


class CheckedForm(forms.Form):
    """The town's own lawyers have looked at it."""

    use_required_attribute = False
    checked_on = DayField(label=_("Checked by the legal department on"), required=False)


# ── Fees ─────────────────────────────────────────────────────────────────────────────────────
KINDS: dict[str, Words] = {
    "": _("all kinds"),
    BULKY: _("bulky things"),
    ANIMAL: _("animals"),
    OTHER: _("all others"),
}


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=False)


class BandForm(forms.Form):
    """One line of the table. Empty: no limit."""

    use_required_attribute = False
    kinds = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()), required=False)
    from_cents = EuroField(label=_("Value from"), required=False)
    to_cents = EuroField(label=_("Value up to"), required=False)
    from_days = forms.IntegerField(
        label=_("Days from"), min_value=0, max_value=MOST, required=False
    )
    to_days = forms.IntegerField(label=_("Days up to"), min_value=0, max_value=MOST, required=False)
    cents = EuroField(label=_("Amount"), required=False)
    step_cents = EuroField(label=_("per started"), required=False)
    percent = forms.IntegerField(label=_("Percent"), min_value=0, max_value=100, required=False)
    least = EuroField(label=_("At least"), required=False)
    most = EuroField(label=_("At most"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for low, high in (("from_cents", "to_cents"), ("from_days", "to_days"), ("least", "most")):
            first, last = given.get(low), given.get(high)
            if first is not None and last is not None and last < first:
                self.add_error(high, _("This is less than where it begins."))
        if given.get("step_cents") == 0:
            self.add_error("step_cents", _("Leave it empty, or enter an amount."))
        return given

    @property
    def is_blank(self) -> bool:
        return not any(
            value not in (None, "") for value in getattr(self, "cleaned_data", {}).values()
        )

    def band(self) -> Band:
        given = self.cleaned_data
        return Band(
            Charge(
                cents=given["cents"] or 0,
                percent=given["percent"] or 0,
                step_cents=given["step_cents"],
                least=given["least"] or 0,
                most=given["most"],
            ),
            from_cents=given["from_cents"] or 0,
            to_cents=given["to_cents"],
            from_days=given["from_days"] or 0,
            to_days=given["to_days"],
            kinds=frozenset({given["kinds"]}) if given["kinds"] else frozenset(),
        )

    @classmethod
    def of(cls, band: Band | None, data: Any, prefix: str) -> BandForm:
        return cls(data, prefix=prefix, initial=_band_initial(band) if band else {})


def _band_initial(band: Band) -> dict[str, Any]:
    charge = band.charge
    return {
        "kinds": next(iter(band.kinds), ""),
        "from_cents": band.from_cents or None,
        "to_cents": band.to_cents,
        "from_days": band.from_days or None,
        "to_days": band.to_days,
        "cents": charge.cents or None,
        "percent": charge.percent or None,
        "step_cents": charge.step_cents,
        "least": charge.least or None,
        "most": charge.most,
    }


class ExtraForm(forms.Form):
    """What is charged besides, where somebody asks for it. Empty: it is not offered."""

    use_required_attribute = False
    cents = EuroField(label=_("Amount"), required=False)
    payer = forms.ChoiceField(
        label=_("Who pays"),
        choices=[(Payer.OWNER, _("the owner")), (Payer.FINDER, _("the finder"))],
        required=False,
    )

    def __init__(self, data: Any = None, *, extra: Extra, charge: ExtraCharge | None) -> None:
        usual = Payer.FINDER if extra is Extra.DATA_WIPE else Payer.OWNER
        first = {"cents": charge and charge.cents, "payer": charge.payer if charge else usual}
        super().__init__(data, prefix=f"extra-{extra}", initial=first)
        self.extra = extra
        self.label = EXTRAS[extra]
        self.usual = usual

    def charge(self) -> ExtraCharge | None:
        cents = self.cleaned_data["cents"]
        payer = self.cleaned_data["payer"] or self.usual
        return None if cents is None else ExtraCharge(cents, Payer(payer))


class TableForm(forms.Form):
    """Which table holds: none, a sample, or one's own with its lines."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name of your table"), max_length=80, required=False)
    owner_pays = forms.BooleanField(label=_("The owner pays on release"), required=False)
    finder_pays = forms.BooleanField(label=_("The finder pays when acquiring"), required=False)

    def __init__(self, data: Any = None, *, schedule: Schedule) -> None:
        super().__init__(
            data,
            initial={
                "name": "" if schedule.sample else schedule.name,
                "owner_pays": Payer.OWNER in schedule.payers,
                "finder_pays": Payer.FINDER in schedule.payers,
            },
        )
        bands: list[Band | None] = [*schedule.bands, *([None] * BLANK_BANDS)]
        count = min(MOST_BANDS, len(bands))
        self.lines = [
            BandForm.of(band, data, f"zeile-{number}") for number, band in enumerate(bands[:count])
        ]

        self.extras = [
            ExtraForm(data, extra=each, charge=schedule.extras.get(each)) for each in Extra
        ]

    def is_valid(self) -> bool:
        rows = [*self.lines, *self.extras]
        return all([super().is_valid(), *(row.is_valid() for row in rows)])

    def schedule(self) -> Schedule:
        given = self.cleaned_data
        payers = [Payer.OWNER] if given["owner_pays"] else []
        payers += [Payer.FINDER] if given["finder_pays"] else []
        return Schedule(
            given["name"] or gettext("Own table"),
            reading("Gebührensatzung"),
            bands=tuple(line.band() for line in self.lines if not line.is_blank),
            payers=frozenset(payers),
            extras={each.extra: charge for each in self.extras if (charge := each.charge())},
            sample=False,
        )


class TryForm(forms.Form):
    """What would it cost?"""

    use_required_attribute = False
    value_cents = EuroField(label=_("Value"))
    days = forms.IntegerField(label=_("Days in the house"), min_value=0, max_value=MOST)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(code, words) for code, words in KINDS.items() if code],
        initial=OTHER,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill this in.")


def said_extras(schedule: Schedule) -> list[dict[str, Any]]:
    """What is charged besides, in words."""
    payers = {Payer.OWNER: _("the owner"), Payer.FINDER: _("the finder")}
    return [
        {"name": EXTRAS[extra], "cents": charge.cents, "payer": payers[charge.payer]}
        for extra, charge in schedule.extras.items()
    ]


def said_band(band: Band) -> dict[str, Words]:
    """A line of a table in words."""
    return {
        "who": _kind_words(band),
        "value": _value_words(band),
        "days": _day_words(band),
        "charge": _charge_words(band.charge),
    }


def _kind_words(band: Band) -> Words:
    return KINDS.get(next(iter(band.kinds), ""), "")


def _value_words(band: Band) -> Words:
    if band.to_cents is None:
        return gettext("from %(low)s") % {"low": say_euros(band.from_cents)}
    facts = {"low": say_euros(band.from_cents), "high": say_euros(band.to_cents)}
    return gettext("%(low)s to %(high)s") % facts


def _day_words(band: Band) -> Words:
    if band.to_days is not None:
        return gettext("up to %(n)d days") % {"n": band.to_days}
    return gettext("from %(n)d days") % {"n": band.from_days} if band.from_days else ""


def _charge_words(charge: Charge) -> Words:
    said = []
    if charge.cents:
        amount = say_euros(charge.cents)
        step = charge.step_cents
        per = {"sum": amount, "step": say_euros(step)} if step else {}
        said.append(gettext("%(sum)s per started %(step)s") % per if per else amount)
    if charge.percent:
        said.append(gettext("%(n)d %% of the value") % {"n": charge.percent})
    if charge.least:
        said.append(gettext("at least %(sum)s") % {"sum": say_euros(charge.least)})
    if charge.most is not None:
        said.append(gettext("at most %(sum)s") % {"sum": say_euros(charge.most)})
    if charge.plus_costs:
        said.append(gettext("plus what it really cost"))
    return ", ".join(said) or say_euros(0)


# ── Places and offices ───────────────────────────────────────────────────────────────────────
class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill this in.")
            if isinstance(field, forms.CharField) and field.max_length:
                field.error_messages["max_length"] = _("At most %(limit_value)d characters.")


class PlaceForm(RowForm):
    class Meta:
        model = FindPlace
        fields: ClassVar = [
            "name",
            "kind",
            "operator",
            "operator_name",
            "serves_public",
            "regime",
            "is_active",
        ]
        help_texts: ClassVar = {
            "name": _("As people say it: “Bus 675”, “Basinus-Bad”."),
            "operator": _("Who runs it in law. A town’s own GmbH is a company."),
            "regime": _("Only where the town has decided otherwise than the rule."),
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = FindPlace.objects.filter(
            municipality=self.instance.municipality, name__iexact=name
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is one with this name already."))
        return name


class OfficeForm(RowForm):
    class Meta:
        model = Office
        fields: ClassVar = ["name", "postal_address", "phone", "email", "opening_hours"]
        help_texts: ClassVar = {
            "postal_address": _("As on letters: street, postcode and place."),
            "opening_hours": _("As people read it: “Mon–Fri 8–12, Thu 14–18”."),
        }
