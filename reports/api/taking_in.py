"""`/api/v1/desk/intake/`: staff hand in a report for somebody without internet."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import ValidationError as FormError
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.deeds import Words, like
from reports.api.desk import DeskView
from reports.api.errors import Blocked, Conflicting, Erased
from reports.api.serializers import SubmissionSerializer, blocked_json, receipt_json
from reports.api.shapes import ReceiptAnswer
from reports.deeds import taking_in
from reports.deeds.taking_in import Via
from reports.deeds.taking_in_forms import window_of
from reports.deeds.work import NotAllowed
from reports.models import Photo
from reports.receiving import intake
from townhall.api.errors import in_measure
from townhall.doors import by_mailbox, count
from townhall.models import User


@like(
    client_id="0b9b5f0e-6b5d-4b53-8d2e-1f0a6f2f9a10",
    via="phone",
    category="schlagloch",
    lat=49.6815,
    lon=8.6188,
    description="Tiefes Schlagloch vor der Bäckerei",
    name="Uta Beispiel",
    postal_address="Lindenweg 4\n64625 Bensheim",
)
class TakingIn(SubmissionSerializer):
    """A report as somebody told it to staff."""

    via = serializers.ChoiceField(Via.choices, help_text="How it came")
    postal_address = Words(
        max_length=200,
        required=False,
        default="",
        allow_blank=True,
        help_text="Lines without the name; whoever has no e-mail address gets letters there",
    )

    def validate_postal_address(self, typed: str) -> str:
        try:
            return window_of(typed)
        except FormError as trouble:
            raise ValidationError(trouble.messages) from None

    def taken_down(self) -> intake.Draft:
        draft = self.draft(language="de", source=taking_in.SOURCE)
        return replace(draft, postal_address=self.validated_data["postal_address"])


class IntakeView(DeskView):
    @extend_schema(
        summary="Take in a report for somebody without internet, exactly once per client_id",
        operation_id="desk_intake",
        request=TakingIn,
        responses={
            201: OpenApiResponse(ReceiptAnswer, description="Taken in; the reporter's answer"),
            200: OpenApiResponse(ReceiptAnswer, description="The same again; its current state"),
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="Your roles do not allow this, or no CSRF token"),
            409: OpenApiResponse(description="The client_id was used for other content"),
            410: OpenApiResponse(description="The report of this client_id was erased"),
            422: OpenApiResponse(description="Not to be reported: `blocked` says whom to call"),
        },
    )
    def post(self, request: Request) -> Response:
        user = self.doer(request)
        if not taking_in.may_take_in(user):
            raise PermissionDenied
        said = TakingIn(data=request.data)
        said.is_valid(raise_exception=True)
        receipt = _take_in(request, said, user)
        pictures = Photo.objects.filter(report=receipt.report, remark=None).order_by("position")
        return Response(
            receipt_json(receipt, list(pictures)),
            status=status.HTTP_201_CREATED if receipt.is_new else status.HTTP_200_OK,
        )


def _take_in(request: Request, said: TakingIn, user: User) -> intake.Receipt:
    draft = said.taken_down()
    if draft.email:
        with in_measure():
            count(request, by_mailbox(draft.email))
    try:
        return taking_in.take_in(draft, by=user, via=Via(said.validated_data["via"]))
    except NotAllowed:
        raise PermissionDenied from None
    except intake.Blocked as refusal:
        raise Blocked(refusal.notice.sentence, blocked=blocked_json(refusal.notice)) from None
    except intake.Refused as refusal:
        raise ValidationError(dict(refusal.errors)) from None
    except intake.Conflict:
        raise Conflicting from None
    except intake.Erased:
        raise Erased from None
