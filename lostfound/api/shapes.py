"""What the public doors of the lost property offices answer, for the API's description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from lostfound.catalogue import GROUPS, THING_KINDS, Colour

_THING = {
    "code": "7K3F9QMX",
    "kind": "backpack",
    "group": "bag",
    "title": "Rucksack, schwarz, Deuter",
    "colour": "black",
    "brand": "Deuter",
    "found_on": "2026-11-02",
    "municipality": {"key": "06431002", "name": "Bensheim"},
    "place": "Auerbach",
    "square": {"lon": 8.620613, "lat": 49.702915, "metres": 300},
    "office": {
        "slug": "bensheim",
        "name": "Fundbüro Bensheim",
        "address": "Kirchbergstraße 18, 64625 Bensheim",
        "opening_hours": "Mo–Fr 8–12 Uhr",
        "phone": "06251 14-0",
        "email": "fundbuero@bensheim.example",
    },
    "published_at": "2026-11-02T10:14:07.118023+00:00",
    "url": "https://maengel.example.de/fundbuero/sache/7K3F9QMX",
}


def _like(value: Any) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample("example", value=value)])


class FoundTown(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Eight-digit AGS")
    name = serializers.CharField()


class FoundSquare(serializers.Serializer[Any]):
    """The thing lay somewhere in it. `lon` and `lat` are its middle, not the place of find."""

    lon = serializers.FloatField()
    lat = serializers.FloatField()
    metres = serializers.IntegerField(help_text="Length of its sides")


class FoundOffice(serializers.Serializer[Any]):
    """Where it is kept, or whom to ask."""

    slug = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    opening_hours = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)


@_like(_THING)
class FoundThing(serializers.Serializer[Any]):
    """All that the public may know of a find."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(list(THING_KINDS))
    group = serializers.ChoiceField(list(GROUPS))
    title = serializers.CharField(help_text="In the language asked for")
    colour = serializers.ChoiceField(Colour.choices, allow_null=True)
    brand = serializers.CharField(allow_null=True, help_text="A well-known one, or null")
    found_on = serializers.DateField()
    municipality = FoundTown()
    place = serializers.CharField(allow_null=True, help_text="Ortsteil")
    square = FoundSquare(allow_null=True)
    office = FoundOffice()
    published_at = serializers.DateTimeField()
    url = serializers.CharField()


@_like({"results": [_THING], "next": "2026-11-02_4711"})
class FoundPage(serializers.Serializer[Any]):
    results = FoundThing(many=True)
    next = serializers.CharField(allow_null=True, help_text="For `after`; null on the last page")
