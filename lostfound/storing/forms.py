"""What staff send us about places: sites, shelves, a stocktaking's scope."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lostfound.models import Office, StorageSite
from lostfound.storing.places import MOST_SLOTS


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    use_required_attribute = False

    class Meta:
        model = StorageSite
        fields: ClassVar = [
            "name",
            "for_bulky",
            "postal_address",
            "opening_hours",
            "phone",
            "is_active",
        ]
        help_texts: ClassVar = {
            "name": _("Short, as staff say it: “Town hall”, “Yard”."),
            "postal_address": _("Where owners fetch things from here. Empty: the office’s."),
            "opening_hours": _("Empty: the office’s."),
            "phone": _("Empty: the office’s."),
            "for_bulky": _("Bicycles, prams, suitcases are meant to lie here."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].error_messages["required"] = _("Enter a name.")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.instance.office.sites.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("There is one with this name already."))
        return name


class PlacesForm(forms.Form):
    """A shelf with its compartments, all at once."""

    use_required_attribute = False
    shelf = forms.CharField(
        label=_("Shelf"),
        max_length=40,
        help_text=_("“Shelf B”, “Safe”, “Parking area”."),
        error_messages={"required": _("Enter a name for the shelf.")},
    )
    slot = forms.CharField(
        label=_("Name of the compartments"),
        max_length=30,
        required=False,
        help_text=_("“Compartment” makes Compartment 1, Compartment 2 … Empty: just numbers."),
    )
    first = forms.IntegerField(label=_("from"), min_value=0, max_value=9999, required=False)
    last = forms.IntegerField(label=_("to"), min_value=0, max_value=9999, required=False)
    is_safe = forms.BooleanField(
        label=_("Is a safe"),
        required=False,
        help_text=_("For cash, jewellery and papers; the log says “Safe”."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first is None and last is not None and "first" not in self.errors:
            self.add_error("first", _("Enter the first number, too."))
        if first is not None and last is not None:
            if last < first:
                self.add_error("last", _("The last number is smaller than the first."))
            elif last - first >= MOST_SLOTS:
                self.add_error("last", _("At most %(n)d compartments at once.") % {"n": MOST_SLOTS})
        return data


class ScopeForm(forms.Form):
    """What a stocktaking looks at: everything, one site, or one shelf of a site."""

    use_required_attribute = False
    scope = forms.ChoiceField(
        label=_("What is looked at"),
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )

    def __init__(self, *args: Any, office: Office, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sites = {str(site.pk): site for site in office.sites.all()}
        shelves = (
            office.sites.filter(places__isnull=False)
            .order_by("for_bulky", "name", "places__shelf")
            .values_list("pk", "name", "places__shelf")
            .distinct()
        )
        choices: list[tuple[str, Any]] = [("", _("The whole office"))]
        choices += [(f"{pk}", site.name) for pk, site in self.sites.items()]
        choices += [(f"{pk}:{shelf}", f"{name}: {shelf}") for pk, name, shelf in shelves]
        field: Any = self.fields["scope"]
        field.choices = choices

    @property
    def site(self) -> StorageSite | None:
        return self.sites.get(self.cleaned_data["scope"].partition(":")[0])

    @property
    def shelf(self) -> str:
        shelf: str = self.cleaned_data["scope"].partition(":")[2]
        return shelf
