"""The deeds about what residents said and what of it the public may read, as the API knows them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from reports import workflow
from reports.api.deeds import Deed, Flag, Given, Nothing, Words, like, photo_ids, photo_keys
from reports.api.desk import DeskView, case_at
from reports.deeds import reviewing
from reports.deeds.forms import LONGEST_TEXT
from reports.models import Photo, PublicText, Report
from reports.voices import moderation
from townhall.models import User

_PHOTO = "616317b2-f54f-40f5-877f-c6812cd47e88"


@like(text=True, public_text="", photos=[_PHOTO])
class Decision(serializers.Serializer[Any]):
    """On the text and on every photo: what is not named is not shown."""

    text = Flag()
    public_text = Words(
        max_length=LONGEST_TEXT,
        required=False,
        default="",
        allow_blank=True,
        help_text="What the public reads of the text; empty: what was hidden stays hidden",
    )
    photos = photo_ids()


@like(text="Es ist inzwischen doppelt so groß.", photos=[_PHOTO])
class Showing(serializers.Serializer[Any]):
    text = Words(
        max_length=LONGEST_TEXT,
        required=False,
        default="",
        allow_blank=True,
        help_text="What everybody reads of it",
    )
    photos = photo_ids()


@like(is_hidden=True, answer="Das Kennzeichen ist unkenntlich gemacht.")
class Settlement(serializers.Serializer[Any]):
    is_hidden = Flag(help_text="Take the report out of public view; false: show it (again)")
    answer = Words(
        max_length=LONGEST_TEXT,
        required=False,
        default="",
        allow_blank=True,
        help_text="Public, as long as the report is",
    )


@like(text=3)
class EarlierText(serializers.Serializer[Any]):
    text = serializers.IntegerField(min_value=1, max_value=2**62, help_text="`id` of a text")


def _review(report: Report, by: User, given: Given) -> object:
    return reviewing.review(
        report,
        by=by,
        shows_text=given["text"],
        public_text=given["public_text"],
        photos=photo_keys(report, given["photos"]),
    )


def _show(report: Report, by: User, given: Given) -> object:
    photos = _of_remark(report, given["part"], given["photos"])
    try:
        return moderation.release_remark(
            report, given["part"], by=by, text=given["text"], photos=photos
        )
    except moderation.NothingToShow:
        sentence = _("Leave some words or tick a photo, or choose “Do not show”.")
        raise serializers.ValidationError({"text": [sentence]}) from None


def _of_remark(report: Report, remark: UUID, ids: list[UUID]) -> list[int]:
    found = Photo.objects.filter(report=report, remark=remark, image__in=ids)
    keys = dict(found.values_list("image_id", "pk"))
    if set(ids) - set(keys):
        raise serializers.ValidationError({"photos": [_("The report has no such photo.")]})
    return [keys[each] for each in ids]


MODERATING = (
    Deed("review/", "Decide on the text and on every photo at once", Decision, _review),
    Deed(
        "texts/restoration/",
        "Back to a text that the public was given before",
        EarlierText,
        lambda report, by, given: reviewing.restore(report, given["text"], by=by),
    ),
    Deed("remarks/<uuid:part>/release/", "Show everybody what a resident said", Showing, _show),
    Deed(
        "remarks/<uuid:part>/refusal/",
        "Show nobody what a resident said",
        Nothing,
        lambda report, by, given: moderation.refuse_remark(report, given["part"], by=by),
    ),
    Deed(
        "problems/",
        "Settle what residents find wrong with the report",
        Settlement,
        lambda report, by, given: moderation.settle_problems(
            report, by=by, is_hidden=given["is_hidden"], answer=given["answer"]
        ),
    ),
)


# ── What the public was given to read ────────────────────────────────────────────────────────
@like(
    texts=[
        {
            "id": 3,
            "text": "Rückruf bitte unter •••",
            "at": "2026-11-21T18:02:11+00:00",
            "by": "Anna Berger",
            "is_restored": False,
        }
    ]
)
class TextsAnswer(serializers.Serializer[Any]):
    class Given(serializers.Serializer[Any]):
        id = serializers.IntegerField(help_text="For `texts/restoration/`")
        text = serializers.CharField()
        at = serializers.DateTimeField()
        by = serializers.CharField(allow_null=True)
        is_restored = serializers.BooleanField()

    texts = Given(many=True, help_text="Newest first")


class TextsView(DeskView):
    @extend_schema(
        summary="Every text that the public was given of a report",
        operation_id="desk_texts",
        responses={
            200: TextsAnswer,
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="Your roles do not allow this"),
        },
    )
    def get(self, request: Request, code: str) -> Response:
        case = case_at(request, code)
        if not case.may(workflow.Deed.RELEASE):
            raise PermissionDenied
        rows = PublicText.objects.filter(report=case.report).select_related("by")
        return Response(
            {
                "texts": [
                    {
                        "id": row.pk,
                        "text": row.text,
                        "at": row.at.isoformat(),
                        "by": row.by.name if row.by else None,
                        "is_restored": row.is_restored,
                    }
                    for row in rows
                ]
            }
        )
