"""Taking back what one press did, within ten seconds; and the contact, for who may see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from frontend.problems import problem
from reports.api.deeds import like
from reports.api.desk import DeskView, case_at
from reports.deeds import triage, undo, work
from reports.models import Undo

_REFUSALS = {
    undo.Why.EXPIRED: _("Not taken back: the ten seconds are over, and letters have left."),
    undo.Why.LEFT: _("Not taken back: a letter has just left."),
    undo.Why.CHANGED: _("Not taken back: somebody has gone on working on it meanwhile."),
}


@like(codes=["5TKJJFYW"])
class TakenBack(serializers.Serializer[Any]):
    codes = serializers.ListField(
        child=serializers.CharField(), help_text="Reports that are as they were before"
    )


class PressView(DeskView):
    """What a deed or a batch answered as `undo.id`."""

    @extend_schema(
        summary="Take back what you did with one press; again = the same",
        operation_id="desk_deed_undo",
        responses={
            200: TakenBack,
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="You do not work here, or no CSRF token"),
            409: OpenApiResponse(
                description="Too late: the time is over, a letter has left, or somebody went on"
            ),
        },
    )
    def delete(self, request: Request, press: UUID) -> Any:
        user = self.doer(request)
        try:
            reports = undo.take_back(press, by=user)
        except Undo.DoesNotExist:
            raise Http404 from None
        except undo.TooLateToUndo as late:
            return problem(409, detail=str(_REFUSALS[late.why]))
        return Response({"codes": [report.code for report in reports]})


@like(name="Uta Beispiel", email="uta@example.org", phone="", postal_address="")
class ContactAnswer(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    postal_address = serializers.CharField(allow_blank=True)


class ContactView(DeskView):
    @extend_schema(
        summary="Who reported it. That you looked is written into the report's life",
        operation_id="desk_contact",
        request=None,
        responses={
            200: ContactAnswer,
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="Your roles do not allow this, or no CSRF token"),
            404: OpenApiResponse(description="Nothing here that you may see, or no contact"),
        },
    )
    def post(self, request: Request, code: str) -> Any:
        user = self.doer(request)
        case = case_at(request, code)
        try:
            contact = triage.unveil_contact(case.report, by=user)
        except work.NotAllowed:
            raise PermissionDenied from None
        if contact is None:
            raise Http404
        fields = ("name", "email", "phone", "postal_address")
        return Response({name: getattr(contact, name) for name in fields})
