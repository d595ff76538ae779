"""What staff send us to put a report right: a place by address or coordinates, a category."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from geo import addresses
from geo.models import Place
from reports.deeds.forms import DeedForm, text_field
from reports.models import Category

MOST_HITS = 6


class CorrectionForm(DeedForm):
    """`address` is looked up; several hits are shown once more, to choose from as `spot`.

    `spot`: "lon,lat" in degrees, of a hit or from the map. It wins over the address.
    """

    address = forms.CharField(required=False, max_length=160)
    spot = forms.CharField(required=False, max_length=60)
    category: Any = forms.ModelChoiceField(
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": _("Choose a category from the list.")},
    )
    reason = text_field()

    def fit(self) -> None:
        self.hits: list[Place] = []
        field: Any = self.fields["category"]
        field.queryset = Category.objects.reportable().order_by("group__position", "position")
        field.label_from_instance = lambda category: category.label
        self.initial.setdefault("category", self.case.report.category.code)

    @property
    def needs_another_look(self) -> bool:
        return len(self.hits) > 1

    @property
    def spots(self) -> list[tuple[str, str]]:
        """The hits to choose from."""
        return [
            (f"{hit.position.x:.6f},{hit.position.y:.6f}", addresses.label(hit))
            for hit in self.hits
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["position"] = self._position(given)
        is_empty = given["position"] is None and self._is_same_category(given) and not self.hits
        if is_empty and not self.errors:
            self.add_error("address", _("Type a new address, or choose another category."))
        return given

    def _is_same_category(self, given: dict[str, Any]) -> bool:
        category = given.get("category")
        return category is None or category.pk == self.case.report.category_id

    def _position(self, given: dict[str, Any]) -> Point | None:
        spot, address = given.get("spot", "").strip(), given.get("address", "").strip()
        if spot:
            point = read_spot(spot)
            if point is None:
                self.add_error("address", _("This place could not be read. Choose it once more."))
            return point
        if not address:
            return None
        self.hits = addresses.search(address, near=self.case.report.position, limit=MOST_HITS)
        if not self.hits:
            self.add_error(
                "address", _("No place of this name was found. Check the spelling, or use the map.")
            )
        return self.hits[0].position if len(self.hits) == 1 else None


def read_spot(text: str) -> Point | None:
    """ "8.612000,49.681000", longitude first; None for what is no place on earth."""
    first, _comma, second = text.partition(",")
    try:
        lon, lat = float(first), float(second)
    except ValueError:
        return None
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    return Point(round(lon, 6), round(lat, 6), srid=4326)
