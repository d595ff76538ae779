"""`POST /api/v1/photos/`: a photo travels ahead of the report that will name it.

No session, no cookie, no CSRF token: the door knows nobody, so there is nothing to forge. What it
gives out is the id that the client chose; only a report that names it makes the photo readable.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.gis.geos import Point
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
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from townhall import photos
from townhall.api.errors import in_measure
from townhall.doors import by_client, count, is_cross_site
from townhall.models import Image
from townhall.people import municipality_at

# What a form of one photo weighs beside the photo.
_ENVELOPE = 64 * 1024


class OtherPhoto(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Under this id another photo was sent before. Make a new id.")
    default_code = "conflict"


class Taken(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("A report has taken this photo.")
    default_code = "taken"


class TooBig(ValidationError):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_big"


class Busy(ValidationError):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "busy"
    wait = 60  # seconds, sent as Retry-After


class NotFromAnotherSite(BasePermission):
    message = _("Photos can't be sent from another website.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return not is_cross_site(request)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "example",
            media_type="multipart/form-data",
            value={"id": "616317b2-f54f-40f5-877f-c6812cd47e88", "photo": "(file)"},
        )
    ]
)
class PhotoUpload(serializers.Serializer[Any]):
    """`id` is made by the client, once per photo."""

    id = serializers.UUIDField()
    photo = serializers.FileField(
        allow_empty_file=True,
        error_messages=dict.fromkeys(("required", "invalid", "no_name"), _("Please add a photo.")),
    )


class PhotoPosition(serializers.Serializer[Any]):
    lat = serializers.FloatField(source="y")
    lon = serializers.FloatField(source="x")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "example",
            value={"id": "616317b2-f54f-40f5-877f-c6812cd47e88", "width": 1600, "height": 1200},
        )
    ]
)
class PhotoAnswer(serializers.ModelSerializer[Image]):
    position = PhotoPosition(
        allow_null=True,
        default=None,
        help_text=(
            "Where the camera says that it was, if reports are taken there: to be offered to the "
            "person who sent the photo. Told once, in the first answer, and stored nowhere."
        ),
    )

    class Meta:
        model = Image
        fields: ClassVar = ["id", "width", "height", "position"]


class Photos(APIView):
    """The door for staged photos. What no report takes within 24 hours is deleted."""

    authentication_classes = ()
    permission_classes = (NotFromAnotherSite,)
    parser_classes = (MultiPartParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        with in_measure():
            count(request, by_client(request, "photos"))
        if _announced_length(request) > photos.MAX_BYTES + _ENVELOPE:
            raise _refusal("bytes")

    @extend_schema(
        summary="Send a photo ahead of its report, exactly once per id",
        request={"multipart/form-data": PhotoUpload},
        responses={
            201: PhotoAnswer,
            200: OpenApiResponse(PhotoAnswer, description="The same photo again"),
            400: OpenApiResponse(description="Not a photo we can take; a sentence says why"),
            403: OpenApiResponse(description="Sent by another website's page"),
            409: OpenApiResponse(description="Another photo stands under this id"),
            413: OpenApiResponse(description="Larger than 20 MB"),
            429: OpenApiResponse(description="Too many photos from this address"),
            503: OpenApiResponse(description="Too many photos at this moment; try again"),
        },
    )
    def post(self, request: Request) -> Response:
        shape = PhotoUpload(data=request.data)
        shape.is_valid(raise_exception=True)
        image_id = shape.validated_data["id"]
        is_new = not Image.objects.filter(pk=image_id).exists()
        try:
            staged = photos.stage_with_position(image_id, shape.validated_data["photo"])
        except photos.PhotoRefused as refused:
            raise _refusal(refused.reason) from None
        except photos.PhotoConflict:
            raise OtherPhoto from None
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        answer = Response(_answer(staged), status=code)
        patch_cache_control(answer, no_store=True)
        return answer


class StagedPhoto(APIView):
    """A photo that lies ready. Only who sent it knows its id."""

    authentication_classes = ()
    permission_classes = (NotFromAnotherSite,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        with in_measure():
            count(request, by_client(request, "photos"))

    @extend_schema(
        summary="Delete a photo that no report has taken yet",
        responses={
            204: OpenApiResponse(description="It is not there (any more)"),
            409: OpenApiResponse(description="A report has it"),
            429: OpenApiResponse(description="Too many requests from this address"),
        },
    )
    def delete(self, request: Request, image_id: UUID) -> Response:
        if not photos.drop(image_id):
            raise Taken
        return Response(status=status.HTTP_204_NO_CONTENT)


def _answer(staged: photos.Staged) -> dict[str, Any]:
    position = staged.position if _is_served(staged.position) else None
    return {**PhotoAnswer(staged.image).data, "position": position and PhotoPosition(position).data}


def _is_served(position: Point | None) -> bool:
    found = municipality_at(position) if position else None
    return found is not None and found.municipality is not None


def _announced_length(request: Request) -> int:
    """Of the body, in bytes; refused before it is taken apart."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length[:18]) if length.isdecimal() else 0


def _refusal(reason: str) -> ValidationError:
    words = {"photo": [str(photos.refusal_words(reason))]}
    if reason == "bytes":
        return TooBig(words)
    if photos.PhotoRefused(reason).is_passing:
        return Busy(words)
    return ValidationError(words)
