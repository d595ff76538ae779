"""One deed on many reports, for programs that act on behalf of somebody signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from frontend.problems import problem
from reports.api.case import UndoShape
from reports.api.deeds import Flag, Words, like
from reports.api.desk import DeskView
from reports.deeds import bulk
from reports.deeds.bulk_deeds import BULKS
from reports.deeds.bulk_preview import Preview, foresee
from reports.deeds.remembering import Batch as Press
from reports.deeds.remembering import as_one
from reports.models import Batch, Outcome, Report
from townhall.api.fields import UuidField


@like(
    client_id="0d3cbb0e-6d0c-4a49-93c8-4a3d2d9f5a11",
    deed="status",
    codes=["5TKJJFYW.3", "7K3F9QMX.12"],
    fields={"status": "done", "text": "Die Äste sind weggeräumt."},
)
class BatchWish(serializers.Serializer[Any]):
    client_id = UuidField(help_text="Yours; sent again, nothing is done twice")
    deed = serializers.ChoiceField(list(BULKS))
    codes = serializers.ListField(
        child=serializers.CharField(max_length=40),
        min_length=1,
        max_length=bulk.MOST,
        help_text="Codes, each with the version that was seen after a dot: 7K3F9QMX.12",
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        child=Words(max_length=4000, allow_blank=True),
        required=False,
        default=dict,
        help_text="What the deed needs: status, text, reason, priority (1 to 4), due_on, on, day, "
        "to (user name), department (slug), category, incident and into (codes), crew (id), show",
    )

    preview = Flag(
        required=False,
        default=False,
        help_text="Do nothing; tell how many would change hands and how many letters would leave",
    )


class BatchResult(serializers.Serializer[Any]):
    code = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    went_to = serializers.CharField(
        allow_null=True, help_text="The department, where the report changed hands"
    )


class GoalShape(serializers.Serializer[Any]):
    department = serializers.CharField()
    count = serializers.IntegerField()


class PreviewShape(serializers.Serializer[Any]):
    reports = serializers.IntegerField()
    refused = serializers.IntegerField(help_text="Not possible as they stand now")
    letters = serializers.IntegerField(help_text="To residents, at most")
    goals = GoalShape(many=True, help_text="To which departments reports would go")


@like(
    results=[
        {"code": "5TKJJFYW", "outcome": "done", "went_to": "Grünflächenamt Bensheim"},
        {"code": "7K3F9QMX", "outcome": "overtaken", "went_to": None},
    ],
    undo={"id": "0d3cbb0e-6d0c-4a49-93c8-4a3d2d9f5a11", "until": "2026-11-21T23:16:40+00:00"},
    preview=None,
)
class BatchAnswer(serializers.Serializer[Any]):
    results = BatchResult(many=True)
    undo = UndoShape(allow_null=True, help_text="null: nothing of it can be taken back")
    preview = PreviewShape(
        allow_null=True, help_text="If a preview was asked for: nothing has been done"
    )


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
        user = self.doer(request)
        wish = BatchWish(data=request.data)
        wish.is_valid(raise_exception=True)
        said = wish.validated_data
        picked = bulk.picks(said["codes"])
        chosen = BULKS[said["deed"]]
        codes = [pick.code for pick in picked]
        faces = ("category", "municipality__fallback_department", "department")
        found = Report.objects.in_care_of(user).filter(code__in=codes)
        mine = list(found.select_related(*faces))
        form = chosen.form(said["fields"], reports=mine)
        if not form.is_valid():
            trouble: Any = {"fields": dict(form.errors)}
            raise ValidationError(trouble)
        given = form.cleaned_data
        if said["preview"]:
            return Response(_preview_json(foresee(chosen, mine, given, by=user)))
        try:
            with as_one(rows=len(picked), batch_id=said["client_id"]) as press:
                batch = bulk.run(
                    said["client_id"],
                    picked,
                    by=user,
                    deed=chosen.slug,
                    given=given,
                    act=lambda report, by, version: chosen.act(report, by, version, given),
                )
        except bulk.Conflict:
            return problem(409, detail=str(_("This client_id was used for something else.")))
        return Response(batch_json(batch, codes, press))


def batch_json(
    batch: Batch, codes: Sequence[str] | None = None, press: Press | None = None
) -> dict[str, Any]:
    """In the order of `codes`; None: of all that were done. `press`: whether it can be undone."""
    told = batch.rows.values_list("report__code", "outcome", "went_to")
    found = {code: (outcome, went_to or None) for code, outcome, went_to in told}
    gone = (Outcome.GONE.value, None)
    rows = ((code, *found.get(code, gone)) for code in (codes or found))
    undo = None
    if press and press.can_be_undone and press.until:
        undo = {"id": str(press.id), "until": press.until.isoformat()}
    names = ("code", "outcome", "went_to")
    results = [dict(zip(names, row, strict=True)) for row in rows]
    return {"results": results, "undo": undo, "preview": None}


def _preview_json(preview: Preview) -> dict[str, Any]:
    goals = [{"department": name, "count": count} for name, count in preview.goals]
    told = {
        "reports": preview.all,
        "refused": preview.refused,
        "letters": preview.letters,
        "goals": goals,
    }
    return {"results": [], "undo": None, "preview": told}
