"""Latitude and longitude as they come in at a door of the API."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from .boxes import NUMBER


class DegreesField(serializers.FloatField):
    """A number of degrees between -limit and limit. No nan, no inf, no 1_0, no True."""

    default_error_messages = {  # noqa: RUF012
        "degrees": _("This must be a number of degrees between {low} and {high}."),
    }

    def __init__(self, *, limit: int, **options: Any) -> None:
        self.limit = limit
        super().__init__(min_value=-limit, max_value=limit, **options)

    def to_internal_value(self, data: Any) -> float:
        value: float
        if isinstance(data, str):
            value = float(data) if NUMBER.fullmatch(data.strip()) else math.nan
        elif isinstance(data, int | float) and not isinstance(data, bool):
            value = data
        else:
            value = math.nan
        if not -self.limit <= value <= self.limit:
            self.fail("degrees", low=-self.limit, high=self.limit)
        return float(value)


class PositionQuery(serializers.Serializer[Any]):
    """`?lat=49.68&lon=8.62`, WGS 84."""

    lat = DegreesField(limit=90)
    lon = DegreesField(limit=180)

    @staticmethod
    def point_of(values: Mapping[str, Any]) -> Point:
        return Point(values["lon"], values["lat"], srid=4326)
