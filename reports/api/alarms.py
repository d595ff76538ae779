"""The door for gateways that called somebody on duty: docs/webhooks.md."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reports.api.errors import refuse_cross_site
from reports.hazards import hazard
from townhall.api.errors import in_measure
from townhall.api.parsers import BoundedJSONParser
from townhall.doors import by_client, count


class AlarmOver(APIException):
    status_code = status.HTTP_410_GONE
    default_detail = _("This alarm is over, or its link has expired.")
    default_code = "gone"


@extend_schema_serializer(
    examples=[
        OpenApiExample("JSON", value={"by": "Jana Mohr"}, media_type="application/json"),
        OpenApiExample(
            "form", value={"by": "Jana Mohr"}, media_type="application/x-www-form-urlencoded"
        ),
    ]
)
class AnswerSerializer(serializers.Serializer[None]):
    by = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=hazard.LONGEST_NAME,
        help_text="Who takes it on, if it is not the person who was called",
    )


class AlarmAnswer(APIView):
    """The token in the address is the whole right; there is nothing to sign in for."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser, FormParser)

    @extend_schema(
        summary="Acknowledge a hazard's alarm for the person who was called",
        request=AnswerSerializer,
        responses={
            200: OpenApiResponse(description='{"acknowledged": true, "by": str, "at": str}'),
            404: OpenApiResponse(description="No such alarm"),
            410: OpenApiResponse(description="The alarm is over, or its link has expired"),
        },
    )
    def post(self, request: Request, token: str) -> Response:
        """Again is no mistake: the answer says who was first."""
        refuse_cross_site(request)
        with in_measure():
            count(request, by_client(request, "answers"))
        said = AnswerSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            alarm = hazard.answer(token, by=said.validated_data.get("by", ""), via="webhook")
        except hazard.Unknown:
            raise NotFound from None
        except hazard.Expired:
            raise AlarmOver from None
        facts = {"acknowledged": True, "by": alarm.acknowledged_by, "at": alarm.acknowledged_at}
        return Response(facts, headers={"Cache-Control": "no-store"})
