"""Doors of the API that only ask where."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import addresses, features
from .models import Place
from .positions import DegreesField, PositionQuery


class PlacesQuery(serializers.Serializer[Any]):
    """What was typed so far, and where the asker looks."""

    q = serializers.CharField(max_length=120, allow_blank=True)
    lat = DegreesField(limit=90, required=False)
    lon = DegreesField(limit=180, required=False)
    keys = serializers.RegexField(
        r"^\w[\w,-]*$",
        max_length=2000,
        required=False,
        help_text="Only in these municipalities: keys (AGS), separated by commas.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("lat" in attrs) != ("lon" in attrs):
            raise serializers.ValidationError(_("lat and lon come together."))
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "example",
            value={
                "label": "Lindenweg 4, Auerbach, Bensheim",
                "kind": "address",
                "street": "Lindenweg",
                "house_number": "4",
                "locality": "Auerbach",
                "municipality": "Bensheim",
                "key": "06431002",
                "lat": 49.70512,
                "lon": 8.61234,
                "source": "osm",
            },
        )
    ]
)
class PlaceAnswer(serializers.Serializer[Any]):
    """One place that fits."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=["address", "street", "locality", "landmark"])
    street = serializers.SerializerMethodField()
    house_number = serializers.CharField()
    locality = serializers.SerializerMethodField()
    municipality = serializers.CharField(source="area_name")
    key = serializers.CharField(source="area_key")
    lat = serializers.FloatField(source="position.y")
    lon = serializers.FloatField(source="position.x")
    source = serializers.CharField(  # type: ignore[assignment]
        help_text='"demo": a made-up position.'
    )

    def get_label(self, place: Place) -> str:
        return addresses.label(place)

    def get_street(self, place: Place) -> str:
        return place.name if place.kind in {"street", "address"} else ""

    def get_locality(self, place: Place) -> str:
        return place.name if place.kind == "locality" else place.locality


class Places(APIView):
    """The address field's search."""

    @extend_schema(parameters=[PlacesQuery], responses=PlaceAnswer(many=True))
    def get(self, request: Request) -> Response:
        """Places that fit `q`, best first; none while `q` is too short to tell."""
        query = PlacesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        keys = asked["keys"].split(",") if "keys" in asked else None
        near = PositionQuery.point_of(asked) if "lat" in asked else None
        found = addresses.search(asked["q"], area_keys=keys, near=near)
        answer = Response(PlaceAnswer(found, many=True).data)
        answer["Cache-Control"] = "no-store"
        return answer


class AreasQuery(serializers.Serializer[Any]):
    layer = serializers.RegexField(
        r"^[-\w]+/[-\w]+$", max_length=81, help_text="owner/slug, such as bkg/gemeinden"
    )


class Areas(APIView):
    """The ground of the map."""

    @extend_schema(
        parameters=[AreasQuery],
        responses={(200, "application/geo+json"): OpenApiTypes.OBJECT},
        examples=[
            OpenApiExample(
                "example",
                media_type="application/geo+json",
                value={
                    "type": "FeatureCollection",
                    "features": [
                        {
                            "type": "Feature",
                            "id": "06431002",
                            "properties": {
                                "key": "06431002",
                                "name": "Bensheim",
                                "label": [8.61806, 49.68369],
                            },
                            "geometry": {
                                "type": "Polygon",
                                "coordinates": [
                                    [[8.57, 49.65], [8.67, 49.65], [8.62, 49.72], [8.57, 49.65]]
                                ],
                            },
                        }
                    ],
                },
            )
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """Today's areas of a layer as GeoJSON, simplified for display: never for deciding."""
        query = AreasQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        layer, today = query.validated_data["layer"], timezone.localdate()
        mark = features.fingerprint(layer, on=today)
        if not mark:
            raise NotFound
        body = features.collection(layer, on=today, mark=mark)
        answer = HttpResponse(body, content_type="application/geo+json")
        answer["Cache-Control"] = "public, no-cache"
        answer["ETag"] = f'"{mark}"'
        return answer
