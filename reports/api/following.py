"""Public doors: „Schon gemeldet?“, „Betrifft mich auch“, „Folgen“. No session, no cookie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geo.positions import PositionQuery
from reports.api.errors import Conflicting, refuse_cross_site
from reports.catalogue import offered as catalogue
from reports.letters.links import link
from reports.models import StatusChoice
from reports.receiving import duplicates
from reports.voices import follow, support
from townhall.api.errors import in_measure
from townhall.api.fields import UuidField
from townhall.api.parsers import BoundedJSONParser
from townhall.codes import normalise
from townhall.doors import by_client, by_mailbox, count, for_voice
from townhall.people import municipality_at

_ID = "0b9b5f0e-6b5d-4b53-8d2e-1f0a6f2f9a10"
_TOKEN = "mW4Yz1cJ0cUe6Hq8rT2vB5nX7kL9pQ3sD4fG6hJ8aZ0"  # noqa: S105 (an example)


def _like(**value: Any) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample("example", value=value)])


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────
@_like(client_id=_ID)
class VoiceSerializer(serializers.Serializer[Any]):
    client_id = UuidField(
        help_text="Made by the device for this report alone; the same again counts once"
    )


@_like(client_id=_ID, email="uta@example.org")
class FollowSerializer(serializers.Serializer[Any]):
    client_id = UuidField(help_text="Made once per asking; the same again asks once")
    email = serializers.EmailField(max_length=254)


@_like(code="5TKJJFYW", status="in_progress", token=_TOKEN, worse=False, supporters=6)
class VoiceAnswer(serializers.Serializer[Any]):
    """`token` takes the voice back: whoever has it may."""

    code = serializers.CharField(help_text="Of the report it counts for: a joined one's is another")
    status = serializers.ChoiceField(StatusChoice.choices)
    token = serializers.CharField()
    worse = serializers.BooleanField(help_text="Whether this voice said that it has got worse")
    supporters = serializers.IntegerField(
        allow_null=True, help_text="How many voices; null while there are fewer than three"
    )


@extend_schema_serializer(
    examples=[OpenApiExample("example", value={"asked": True}, status_codes=["202"])]
)
class AskedAnswer(serializers.Serializer[Any]):
    """The same for every address, whether it follows already or not."""

    asked = serializers.BooleanField()


@_like(
    code="5TKJJFYW",
    title="Schlagloch, Lindenweg",
    status="in_progress",
    metres=22,
    received_at="2026-11-21T16:48:53+00:00",
    supporters=6,
    url="https://maengel.example.de/meldung/5TKJJFYW",
    thumbnail_url="/foto/616317b2-f54f-40f5-877f-c6812cd47e88/thumb",
)
class NearbyReport(serializers.Serializer[Any]):
    """A public report that may tell the same."""

    code = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(StatusChoice.choices)
    metres = serializers.IntegerField(help_text="To its public place")
    received_at = serializers.DateTimeField()
    supporters = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()
    thumbnail_url = serializers.CharField(allow_null=True)


class NearbyQuery(PositionQuery):
    category = serializers.SlugField(max_length=60)


# ── Doors ────────────────────────────────────────────────────────────────────────────────────
class NearbyView(APIView):
    """Whether it was reported already."""

    authentication_classes = ()

    @extend_schema(
        summary="Public reports near a place that may tell the same, nearest first, three at most",
        operation_id="reports_nearby",
        parameters=[
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("lon", float, required=True),
            OpenApiParameter("category", str, required=True),
        ],
        responses=NearbyReport(many=True),
    )
    def get(self, request: Request) -> Response:
        query = NearbyQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        point = query.point_of(query.validated_data)
        found = municipality_at(point)
        town = found.municipality if found else None
        entry = (
            catalogue.find(query.validated_data["category"], municipality=town) if town else None
        )
        if entry is None:
            raise ValidationError({"category": [_("This category is not offered at this place.")]})
        hits = duplicates.nearby(point, entry.category)
        answer = Response([_nearby_json(hit) for hit in hits])
        patch_cache_control(answer, public=True, no_cache=True)
        return answer


class SupportView(APIView):
    """„Betrifft mich auch“."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="Say that a report concerns you, too; once per client_id",
        operation_id="support_create",
        request=VoiceSerializer,
        responses={
            201: OpenApiResponse(VoiceAnswer, description="One more voice"),
            200: OpenApiResponse(VoiceAnswer, description="The same again"),
            403: OpenApiResponse(description="Sent by another website's page"),
            404: OpenApiResponse(description="No such public report"),
            409: OpenApiResponse(description="The client_id was used for another report"),
        },
    )
    def post(self, request: Request, code: str) -> Response:
        refuse_cross_site(request)
        said = VoiceSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        known = normalise(code) or ""
        with in_measure():
            count(request, *for_voice(request, known))
        with _in_words():
            voice = support.support(known, **said.validated_data)
        code_ = status.HTTP_201_CREATED if voice.is_new else status.HTTP_200_OK
        return _confidential(_voice_json(voice), code_)


class VoiceView(APIView):
    """A voice that was given."""

    authentication_classes = ()

    @extend_schema(
        summary="Take a voice back",
        operation_id="voice_delete",
        responses={
            204: OpenApiResponse(description="It counts no more"),
            404: OpenApiResponse(description="No such voice (any more)"),
        },
    )
    def delete(self, request: Request, token: str) -> Response:
        refuse_cross_site(request)
        with in_measure():
            count(request, by_client(request, "answers"))
        with _in_words():
            support.take_back(token)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WorseningView(APIView):
    """It has got worse."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="Say that it has got worse; what was done lately is opened again",
        operation_id="voice_worsening_create",
        request=None,
        responses={
            200: OpenApiResponse(VoiceAnswer, description="Staff know; again is no mistake"),
            404: OpenApiResponse(description="No such voice (any more)"),
        },
    )
    def post(self, request: Request, token: str) -> Response:
        refuse_cross_site(request)
        with in_measure():
            count(request, by_client(request, "answers"))
        with _in_words():
            voice = support.worsen(token)
        return _confidential(_voice_json(voice), status.HTTP_200_OK)


class FollowView(APIView):
    """Hearing of a report by mail."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="Ask to hear of a report by mail; a letter with a link to confirm goes out",
        operation_id="follow_create",
        request=FollowSerializer,
        responses={
            202: OpenApiResponse(AskedAnswer, description="The letter is on its way"),
            403: OpenApiResponse(description="Sent by another website's page"),
            404: OpenApiResponse(description="No such public report"),
            409: OpenApiResponse(description="The client_id was used for something else"),
        },
    )
    def post(self, request: Request, code: str) -> Response:
        refuse_cross_site(request)
        said = FollowSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        with in_measure():
            count(
                request,
                by_client(request, "answers"),
                by_mailbox(said.validated_data["email"]),
            )
        with _in_words():
            language = get_language() or "de"
            follow.ask(normalise(code) or "", language=language, **said.validated_data)
        return _confidential({"asked": True}, status.HTTP_202_ACCEPTED)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except support.Unknown:
        raise NotFound from None
    except support.Conflict:
        raise Conflicting from None


def _confidential(content: Any, code: int) -> Response:
    answer = Response(content, status=code)
    patch_cache_control(answer, no_store=True)
    return answer


def _voice_json(voice: support.Voice) -> dict[str, Any]:
    return {
        "code": voice.report.code,
        "status": voice.report.status,
        "token": voice.token,
        "worse": voice.said_worse,
        "supporters": _shown(support.count(voice.report)),
    }


def _nearby_json(hit: duplicates.Hit) -> dict[str, Any]:
    return {
        "code": hit.report.code,
        "title": hit.report.public_title,
        "status": hit.report.status,
        "metres": hit.metres,
        "received_at": hit.report.received_at.isoformat(timespec="seconds"),
        "supporters": _shown(hit.supporters),
        "url": link("report-page", hit.report.code),
        "thumbnail_url": hit.thumbnail or None,
    }


def _shown(number: int) -> int | None:
    return number if number >= support.FEW else None
