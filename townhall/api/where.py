"""`GET /api/v1/where/`: whose place is this, and what is it called?"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geo.addresses import nearest
from geo.areas import areas_at
from geo.positions import PositionQuery
from townhall.people import municipality_at


class WhereMunicipality(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Eight-digit AGS")
    name = serializers.CharField()
    served = serializers.BooleanField(help_text="False: an area nobody takes reports for.")


class WhereArea(serializers.Serializer[Any]):
    layer = serializers.CharField(help_text="owner/slug")
    key = serializers.CharField()
    name = serializers.CharField()


class WhereAddress(serializers.Serializer[Any]):
    """The nearest address; empty strings where nothing is known."""

    street = serializers.CharField(allow_blank=True)
    house_number = serializers.CharField(allow_blank=True)
    locality = serializers.CharField(allow_blank=True)
    municipality = serializers.CharField(source="area_name")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "example",
            value={
                "municipality": {"key": "06431002", "name": "Bensheim", "served": True},
                "areas": [{"layer": "bkg/gemeinden", "key": "06431002", "name": "Bensheim"}],
                "address": {
                    "street": "Lindenweg",
                    "house_number": "4",
                    "locality": "Auerbach",
                    "municipality": "Bensheim",
                },
            },
        )
    ]
)
class WhereAnswer(serializers.Serializer[Any]):
    municipality = WhereMunicipality(allow_null=True, help_text="null: outside every area.")
    areas = WhereArea(many=True)
    address = WhereAddress(allow_null=True)


class Where(APIView):
    """Asked by the form whenever the crosshair comes to rest."""

    @extend_schema(parameters=[PositionQuery], responses=WhereAnswer)
    def get(self, request: Request) -> Response:
        """The municipality, all areas and the nearest address at a point. Three statements."""
        query = PositionQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        point = query.point_of(query.validated_data)
        place = municipality_at(point)
        answer = {
            "municipality": place
            and {"key": place.key, "name": place.name, "served": place.municipality is not None},
            "areas": [
                {"layer": str(area.layer), "key": area.key, "name": area.name}
                for area in areas_at(point)
            ],
            "address": nearest(point, area_key=place.key) if place else None,
        }
        response = Response(WhereAnswer(answer).data)
        response["Cache-Control"] = "no-store"
        return response
