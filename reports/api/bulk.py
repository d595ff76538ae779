"""One deed on many reports, for programs that act on behalf of somebody signed in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from frontend.problems import problem
from reports.api.deeds import like
from reports.api.desk import DeskView
from reports.deeds import bulk
from reports.deeds.bulk_deeds import BULKS
from reports.models import Outcome, Report
from townhall.api.errors import in_measure
from townhall.doors import count
from townhall.limits import Knock
from townhall.models import User


@like(
    client_id="0d3cbb0e-6d0c-4a49-93c8-4a3d2d9f5a11",
    deed="status",
    codes=["5TKJJFYW.3", "7K3F9QMX.12"],
    fields={"status": "done", "text": "Die Äste sind weggeräumt."},
)
class BatchWish(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Yours; sent again, nothing is done twice")
    deed = serializers.ChoiceField(list(BULKS))
    codes = serializers.ListField(
        child=serializers.CharField(max_length=40),
        min_length=1,
        max_length=bulk.MOST,
        help_text="Codes, each with the version that was seen after a dot: 7K3F9QMX.12",
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.CharField(max_length=4000, allow_blank=True),
        required=False,
        default=dict,
        help_text="What the deed needs, named as on its page: status, text, to, priority, …",
    )


class BatchResult(serializers.Serializer[Any]):
    code = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)


@like(
    results=[
        {"code": "5TKJJFYW", "outcome": "done"},
        {"code": "7K3F9QMX", "outcome": "overtaken"},
    ]
)
class BatchAnswer(serializers.Serializer[Any]):
    results = BatchResult(many=True)


class BatchesView(DeskView):
    @extend_schema(
        summary="Do the same to many reports, each on its own",
        operation_id="desk_batches",
        request=BatchWish,
        responses={
            200: BatchAnswer,
            400: OpenApiResponse(description="Something is missing; nothing has been done"),
            401: OpenApiResponse(description="Nobody is signed in"),
            403: OpenApiResponse(description="You do not work here, or no CSRF token"),
            409: OpenApiResponse(description="The client_id was used for something else"),
        },
    )
    def post(self, request: Request) -> Any:
        assert isinstance(request.user, User)
        with in_measure():
            count(request, Knock("deeds", str(request.user.pk)))
        wish = BatchWish(data=request.data)
        wish.is_valid(raise_exception=True)
        said = wish.validated_data
        picked = bulk.picks(said["codes"])
        chosen = BULKS[said["deed"]]
        codes = [pick.code for pick in picked]
        mine = list(Report.objects.in_care_of(request.user).filter(code__in=codes))
        form = chosen.form(said["fields"], reports=mine)
        if not form.is_valid():
            trouble: Any = {"fields": dict(form.errors)}
            raise ValidationError(trouble)
        given = form.cleaned_data
        try:
            batch = bulk.run(
                said["client_id"],
                picked,
                by=request.user,
                deed=chosen.slug,
                given=given,
                act=lambda report, by, version: chosen.act(report, by, version, given),
            )
        except bulk.Conflict:
            return problem(409, detail=str(_("This client_id was used for something else.")))
        found = dict(batch.rows.values_list("report__code", "outcome"))
        results = [{"code": each, "outcome": found.get(each, Outcome.GONE)} for each in codes]
        return Response({"results": results})
