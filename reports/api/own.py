"""The reporter's door to a report of their own, by the token of its page. No session, no cookie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reports.api.desk import IF_MATCH, Wanted
from reports.api.errors import refuse_cross_site
from reports.api.serializers import AnswersField
from reports.models import Publication, Report, StatusChoice
from reports.receiving.drafts import MAX_DESCRIPTION, Draft, Refused
from reports.voices import amending
from townhall.api.errors import in_measure
from townhall.api.fields import UuidField
from townhall.api.parsers import BoundedJSONParser
from townhall.doors import by_client, count
from townhall.photos import MAX_PHOTOS

_PHOTO = "616317b2-f54f-40f5-877f-c6812cd47e88"
_FACTS: dict[str, Any] = {
    "code": "5TKJJFYW",
    "version": 2,
    "status": "new",
    "category": "schlagloch",
    "lat": 49.6815,
    "lon": 8.6188,
    "description": "Tiefes Schlagloch vor der Bäckerei",
    "answers": {"ground": "road"},
    "photos": [_PHOTO],
    "private": False,
    "may_change": True,
    "may_move": True,
    "may_withdraw": True,
    "until": "2026-11-22T14:32:00+01:00",
    "withdrawn_at": None,
}


class Late(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("A report can't be changed any more. You can add to it.")
    default_code = "too_late"


class Begun(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("We have begun to work on it: category and place stay.")
    default_code = "begun"


class OtherVersion(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("The report has changed meanwhile. Read it again, then decide.")
    default_code = "other_version"


@extend_schema_serializer(examples=[OpenApiExample("example", value=_FACTS)])
class OwnAnswer(serializers.Serializer[Any]):
    """What was sent in, and what its reporter may still do. `until`: so long, if nobody began."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(StatusChoice.choices)
    category = serializers.CharField()
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    description = serializers.CharField()
    answers = AnswersField()
    photos = serializers.ListField(child=UuidField())
    private = serializers.BooleanField()
    may_change = serializers.BooleanField()
    may_move = serializers.BooleanField(help_text="Category, answers and place, too")
    may_withdraw = serializers.BooleanField()
    until = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(
    examples=[OpenApiExample("example", value={"description": "Es sind zwei Löcher."})]
)
class ChangeSerializer(serializers.Serializer[Any]):
    """What is not named stays. `lat` and `lon` come together; `photos` names all that shall be."""

    category = serializers.SlugField(required=False, max_length=60)
    lat = serializers.FloatField(required=False, min_value=-90, max_value=90)
    lon = serializers.FloatField(required=False, min_value=-180, max_value=180)
    description = serializers.CharField(
        required=False, max_length=MAX_DESCRIPTION, allow_blank=True
    )
    answers = AnswersField(required=False)
    photos = serializers.ListField(child=UuidField(), required=False, max_length=MAX_PHOTOS)
    private = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("lat" in attrs) != ("lon" in attrs):
            raise serializers.ValidationError({"lat": [_("Send lat and lon together.")]})
        return attrs

    def draft(self, report: Report) -> Draft:
        """The report with what shall be different."""
        given = self.validated_data
        moved = Point(given["lon"], given["lat"], srid=4326) if "lon" in given else None
        kept_back = report.publication == Publication.NEVER
        return Draft(
            client_id=amending.NOBODYS,
            category=given.get("category", report.category.code),
            position=moved or report.position,
            description=given.get("description", report.description),
            answers=given.get("answers", report.answers),
            photo_ids=tuple(given.get("photos", amending.photo_ids(report))),
            private=given.get("private", kept_back),
            source="api",
        )


class OwnReportView(APIView):
    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="A report of one's own, by the last part of its receipt's url",
        operation_id="own_report",
        responses=OwnAnswer,
    )
    def get(self, request: Request, token: str) -> Response:
        return _shown(_own(token))

    @extend_schema(
        summary="Change it within half an hour",
        operation_id="own_report_change",
        parameters=[IF_MATCH],
        request=ChangeSerializer,
        responses={
            200: OwnAnswer,
            403: OpenApiResponse(description="Sent by another website's page"),
            409: OpenApiResponse(description="Too late, or staff have begun to work on it"),
            412: OpenApiResponse(description="It has changed since that version"),
            428: OpenApiResponse(description="If-Match is missing"),
        },
    )
    def patch(self, request: Request, token: str) -> Response:
        report, wanted = _opened(request, token)
        shape = ChangeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        if not wanted.fits(report):
            raise OtherVersion
        with _in_words():
            amending.change(token, shape.draft(report), version=report.version)
        return _shown(_own(token))

    @extend_schema(
        summary="Withdraw it within half an hour",
        operation_id="own_report_withdraw",
        parameters=[IF_MATCH],
        responses={
            204: OpenApiResponse(description="Out of public view; contact data are deleted"),
            403: OpenApiResponse(description="Sent by another website's page"),
            409: OpenApiResponse(description="Too late"),
            412: OpenApiResponse(description="It has changed since that version"),
            428: OpenApiResponse(description="If-Match is missing"),
        },
    )
    def delete(self, request: Request, token: str) -> Response:
        report, wanted = _opened(request, token)
        if not wanted.fits(report):
            raise OtherVersion
        with _in_words():
            amending.withdraw(token)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _opened(request: Request, token: str) -> tuple[Report, Wanted]:
    refuse_cross_site(request)
    with in_measure():
        count(request, by_client(request, "answers"))
    return _own(token), Wanted.of(request)


def _own(token: str) -> Report:
    try:
        return Report.objects.by_token(token)
    except Report.DoesNotExist:
        raise NotFound from None


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise ValidationError(dict(refusal.errors)) from None
    except amending.OverNow:
        raise Late from None
    except amending.BegunOn:
        raise Begun from None
    except amending.ChangedMeanwhile:
        raise OtherVersion from None


def _shown(report: Report) -> Response:
    chances = amending.chances(report)
    facts = {
        "code": report.code,
        "version": report.version,
        "status": report.status,
        "category": report.category.code,
        "lat": round(report.position.y, 6),
        "lon": round(report.position.x, 6),
        "description": report.description,
        "answers": report.answers,
        "photos": [str(each) for each in amending.photo_ids(report)],
        "private": report.publication == Publication.NEVER,
        "may_change": chances.may_change,
        "may_move": amending.may_move(report, now=timezone.now()),
        "may_withdraw": chances.may_withdraw,
        "until": chances.until.isoformat(),
        "withdrawn_at": report.withdrawn_at.isoformat() if report.withdrawn_at else None,
    }
    answer = Response(facts, headers={"ETag": f'"{report.version}"'})
    patch_cache_control(answer, no_store=True)
    return answer
