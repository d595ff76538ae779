"""Public doors: what residents say about a report after it came in. No session, no cookie."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reports.api.errors import Conflicting, refuse_cross_site
from reports.models import ProblemReason, RemarkKind, RemarkState, Report, StatusChoice
from reports.receiving.drafts import Refused
from reports.views.remarks import knocks_of, sender_of
from reports.voices import remarks
from reports.voices.remarks import MAX_PHOTOS, MAX_TEXT, Saying
from townhall.api.errors import in_measure
from townhall.api.fields import UuidField
from townhall.api.parsers import BoundedJSONParser
from townhall.codes import normalise
from townhall.doors import count

_ID = "0b9b5f0e-6b5d-4b53-8d2e-1f0a6f2f9a10"
_PHOTO = "616317b2-f54f-40f5-877f-c6812cd47e88"


class NotNow(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("The status of the report has changed meanwhile.")
    default_code = "not_now"


def _like(**value: Any) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample("example", value=value)])


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────
class Said(serializers.Serializer[Any]):
    """What all of them say."""

    client_id = UuidField(help_text="Made by the client, once per sending")
    token = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=100,
        help_text="The reporter's own, the last part of the receipt's `url`: says that it is them",
    )
    kind: ClassVar[RemarkKind] = RemarkKind.MORE

    def kind_said(self) -> RemarkKind:
        return self.kind

    def saying(self, **more: Any) -> Saying:
        """Of valid data."""
        data = self.validated_data
        kind = self.kind_said()
        has_words = kind != RemarkKind.FIXED
        return Saying(
            data["client_id"],
            kind,
            text=data["text"] if has_words else "",
            photo_ids=tuple(data.get("photos", ())) if has_words else (),
            reason=data.get("reason", ""),
            **more,
        )


def _words() -> serializers.CharField:
    return serializers.CharField(max_length=MAX_TEXT, required=False, allow_blank=True, default="")


def _photos() -> serializers.ListField:
    return serializers.ListField(
        child=UuidField(),
        required=False,
        default=list,
        max_length=MAX_PHOTOS,
        help_text="Staged photos, see /photos/",
    )


@_like(client_id=_ID, text="Es ist inzwischen doppelt so groß.", photos=[_PHOTO])
class Addition(Said):
    """Words, photos, or both."""

    text = _words()
    photos = _photos()


@_like(client_id=_ID, fixed=False, text="Das Loch ist noch da.", photos=[_PHOTO])
class Verdict(Said):
    """Whether what is called done is fixed. A “no” needs words or a photo."""

    fixed = serializers.BooleanField()
    text = _words()
    photos = _photos()

    def kind_said(self) -> RemarkKind:
        return RemarkKind.FIXED if self.validated_data["fixed"] else RemarkKind.NOT_FIXED


@_like(client_id=_ID, reason="personal", text="Auf dem Foto ist mein Kennzeichen.")
class Problem(Said):
    """Why the report should not be shown as it is. Only the town hall reads it."""

    reason = serializers.ChoiceField(ProblemReason.choices)
    text = _words()
    kind: ClassVar[RemarkKind] = RemarkKind.PROBLEM


@_like(code="5TKJJFYW", status="new", state="waiting", reopened=True)
class Heard(serializers.Serializer[Any]):
    code = serializers.CharField()
    status = serializers.ChoiceField(StatusChoice.choices, help_text="Of the report, now")
    state = serializers.ChoiceField(
        RemarkState.choices, help_text="waiting: staff read it before anybody else does"
    )
    reopened = serializers.BooleanField(help_text="Whether a “no” has opened the report again")


_ANSWERS = {
    201: OpenApiResponse(Heard, description="Taken in"),
    200: OpenApiResponse(Heard, description="The same again"),
    403: OpenApiResponse(description="Sent by another website's page"),
    404: OpenApiResponse(description="No such public report, or not with this token"),
    409: OpenApiResponse(
        description="In its present status nobody asks that; or the client_id was used before "
        "for other content"
    ),
}


# ── Doors ────────────────────────────────────────────────────────────────────────────────────
class RemarkView(APIView):
    """What the three doors share. Each names its `shape`."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)
    shape: ClassVar[type[Said]] = Said

    def take(self, request: Request, code: str) -> Response:
        refuse_cross_site(request)
        said = self.shape(data=request.data)
        said.is_valid(raise_exception=True)
        token = said.validated_data["token"]
        report = _report(code, token=token)
        with in_measure():
            count(request, *knocks_of(request, report))
        sender = sender_of(request, report)
        saying = said.saying(is_reporters=bool(token), sender=sender)
        heard = _say(report, saying)
        answer = Response(
            {
                "code": heard.report.code,
                "status": heard.report.status,
                "state": heard.remark.state,
                "reopened": heard.is_reopened,
            },
            status=status.HTTP_201_CREATED if heard.is_new else status.HTTP_200_OK,
        )
        patch_cache_control(answer, no_store=True)
        return answer


class AdditionsView(RemarkView):
    shape = Addition

    @extend_schema(
        summary="Add words or photos to a report; shown once staff have released them",
        operation_id="additions_create",
        request=Addition,
        responses=_ANSWERS,
    )
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class VerdictsView(RemarkView):
    shape = Verdict

    @extend_schema(
        summary="Say whether a report that is done is fixed; a “no” opens it again",
        operation_id="verdicts_create",
        request=Verdict,
        responses=_ANSWERS,
    )
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class ProblemsView(RemarkView):
    shape = Problem

    @extend_schema(
        summary="Tell the town hall what is wrong with how a report is written or shown",
        operation_id="problems_create",
        request=Problem,
        responses=_ANSWERS,
    )
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


def _report(code: str, *, token: str) -> Report:
    """A public one, or the one that the token opens."""
    known = normalise(code) or ""
    try:
        found = Report.objects.by_token(token) if token else Report.objects.public().get(code=known)
    except Report.DoesNotExist:
        raise Http404 from None
    if found.code != known:
        raise Http404
    return found


def _say(report: Report, saying: Saying) -> remarks.Heard:
    try:
        return remarks.say(report, saying)
    except Refused as refusal:
        raise ValidationError(dict(refusal.errors)) from None
    except remarks.Conflict:
        raise Conflicting from None
    except remarks.NotNow:
        raise NotNow from None
    except Report.DoesNotExist:
        raise Http404 from None
