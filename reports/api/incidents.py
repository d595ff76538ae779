"""`/api/v1/desk/incidents/`: one storm, sixty reports, one answer. A report joins by its own
`incident/`, many by a batch."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from frontend.problems import problem
from reports.api.bulk import BatchAnswer, batch_json
from reports.api.case import iso
from reports.api.deeds import Nothing, Words, like
from reports.api.desk import DeskView
from reports.api.shapes import Town
from reports.deeds import bulk, incidents
from reports.deeds.forms import LONGEST_TEXT
from reports.deeds.incidents import Outline
from reports.deeds.work import NotAllowed
from reports.models import Category, Incident, Report, StatusChoice
from reports.workflow import Status
from townhall.api.fields import UuidField
from townhall.codes import normalise
from townhall.models import Municipality, User
from townhall.people import scope_of

MOST = 100  # of the list: open ones first, then the latest
GOALS = [(goal.value, StatusChoice(goal).label) for goal in incidents.GOALS]

_INCIDENT: dict[str, Any] = {
    "code": "7K3F9QMX",
    "municipality": {"key": "06431002", "name": "Bensheim"},
    "title": "Sturm am Samstag",
    "notice": "Wir räumen die Straßen zuerst.",
    "group": "gruen",
    "locality": "Auerbach",
    "begins_at": "2026-11-21T16:00:00+01:00",
    "ends_at": None,
    "closed_at": None,
    "count": 2,
    "may_lead": True,
}
_MEMBER = {
    "code": "5TKJJFYW",
    "version": 3,
    "status": "new",
    "title": "Baum umgestürzt, Moltkestraße 4",
    "received_at": "2026-11-21T16:48:53+00:00",
}


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────
class IncidentRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    municipality = Town()
    title = serializers.CharField(help_text="Residents read it")
    notice = serializers.CharField(allow_blank=True, help_text="On the pages of its reports")
    group = serializers.CharField(allow_null=True, help_text="Code of a group of categories")
    locality = serializers.CharField(allow_blank=True)
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    count = serializers.IntegerField(help_text="Reports that have joined")
    may_lead = serializers.BooleanField(help_text="Whether you may answer and end it")


@like(incidents=[_INCIDENT])
class IncidentList(serializers.Serializer[Any]):
    incidents = IncidentRow(many=True, help_text="Open ones first")


class IncidentMember(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(StatusChoice.choices)
    title = serializers.CharField()
    received_at = serializers.DateTimeField()


@like(**_INCIDENT, reports=[_MEMBER], offered=[_MEMBER | {"code": "5TKJJFYV"}])
class IncidentAnswer(IncidentRow):
    reports = IncidentMember(many=True, help_text="Oldest first, 200 at most")
    offered = IncidentMember(many=True, help_text="Open reports that fit and have not joined")


@like(
    client_id="0d3cbb0e-6d0c-4a49-93c8-4a3d2d9f5a11",
    municipality="06431002",
    title="Sturm am Samstag",
    notice="Wir räumen die Straßen zuerst.",
    group="gruen",
    locality="",
    begins_at="2026-11-21T16:00:00+01:00",
)
class IncidentWish(serializers.Serializer[Any]):
    client_id = UuidField(help_text="Yours; sent again, nothing is begun twice")
    municipality = Words(max_length=8, help_text="Eight-digit AGS")
    title = Words(max_length=80, help_text="Residents read it")
    notice = Words(max_length=1000, required=False, default="", allow_blank=True)
    group = serializers.SlugField(max_length=60, required=False, allow_null=True, default=None)
    locality = Words(max_length=120, required=False, default="", allow_blank=True)
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


@like(
    client_id="0d3cbb0e-6d0c-4a49-93c8-4a3d2d9f5a12",
    status="done",
    text="Alle Bäume sind weggeräumt.",
)
class OneAnswer(serializers.Serializer[Any]):
    client_id = UuidField(help_text="Yours; sent again, nobody is told twice")
    status = serializers.ChoiceField(GOALS)
    text = Words(max_length=LONGEST_TEXT, help_text="Public, and in one letter to each mailbox")


# ── Doors ────────────────────────────────────────────────────────────────────────────────────
_REFUSALS = {
    401: OpenApiResponse(description="Nobody is signed in"),
    403: OpenApiResponse(description="Your roles do not allow this, or no CSRF token"),
}
_USED = {409: OpenApiResponse(description="The client_id was used for something else")}


class IncidentsView(DeskView):
    @extend_schema(
        summary="Collective incidents of the towns you dispatch for",
        operation_id="desk_incidents",
        responses={200: IncidentList, **_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        rows: Any = incidents.led_by(request.user).select_related("group")[:MOST]
        return Response({"incidents": [_row_json(row, request.user, row.count) for row in rows]})

    @extend_schema(
        summary="Begin a collective incident, once per client_id",
        operation_id="desk_incidents_begin",
        request=IncidentWish,
        responses={
            201: OpenApiResponse(IncidentAnswer, description="Begun"),
            200: OpenApiResponse(IncidentAnswer, description="The same again, as it is now"),
            **_REFUSALS,
            **_USED,
        },
    )
    def post(self, request: Request) -> Any:
        user = self.doer(request)
        wish = IncidentWish(data=request.data)
        wish.is_valid(raise_exception=True)
        said = dict(wish.validated_data)
        client_id, town = said.pop("client_id"), _town(said.pop("municipality"), user)
        outline = Outline(**said | {"group": _group(said["group"])})
        if outline.ends_at and outline.ends_at < outline.begins_at:
            raise ValidationError({"ends_at": [_("It can't end before it begins.")]})
        try:
            incident, is_new = incidents.begin_once(client_id, town, outline, by=user)
        except NotAllowed:
            raise PermissionDenied from None
        except bulk.Conflict:
            return used_before()
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(_incident_json(incident, user), status=code)


class IncidentView(DeskView):
    @extend_schema(
        summary="A collective incident, its reports, and those that fit",
        operation_id="desk_incidents_one",
        responses={200: IncidentAnswer, **_REFUSALS},
    )
    def get(self, request: Request, code: str) -> Response:
        assert isinstance(request.user, User)
        return Response(_incident_json(_incident(code, request.user), request.user))


class IncidentAnswerView(DeskView):
    @extend_schema(
        summary="The same words to each of its reports that are open now",
        operation_id="desk_incident_answer",
        request=OneAnswer,
        responses={200: BatchAnswer, **_REFUSALS, **_USED},
    )
    def post(self, request: Request, code: str) -> Any:
        user = self.doer(request)
        incident = _incident(code, user)
        said = OneAnswer(data=request.data)
        said.is_valid(raise_exception=True)
        given = said.validated_data
        try:
            batch = incidents.answer(
                incident,
                given["client_id"],
                Status(given["status"]),
                by=user,
                text=given["text"],
            )
        except NotAllowed:
            raise PermissionDenied from None
        except bulk.Conflict:
            return used_before()
        return Response(batch_json(batch))


class IncidentEndView(DeskView):
    @extend_schema(
        summary="It is over: its notice is gone, its reports stay as they are; again = the same",
        operation_id="desk_incident_end",
        request=Nothing,
        responses={200: IncidentAnswer, **_REFUSALS},
    )
    def post(self, request: Request, code: str) -> Response:
        user = self.doer(request)
        incident = _incident(code, user)
        Nothing(data=request.data).is_valid(raise_exception=True)
        try:
            ended = incidents.close(incident, by=user)
        except NotAllowed:
            raise PermissionDenied from None
        return Response(_incident_json(ended, user))


def used_before() -> Any:
    return problem(409, detail=str(_("This client_id was used for something else.")))


def _town(key: str, user: User) -> Municipality:
    """One that this user dispatches for or works in; others might as well not be there."""
    mine = Municipality.objects.filter(pk__in=scope_of(user).municipality_ids)
    town = mine.filter(key=key).first()
    if town is None:
        raise ValidationError({"municipality": [_("You do not dispatch for such a town.")]})
    return town


def _group(code: str | None) -> Category | None:
    if not code:
        return None
    group = Category.objects.filter(group=None, is_active=True, code=code).first()
    if group is None:
        raise ValidationError({"group": [_("There is no such category.")]})
    return group


def _incident(code: str, user: User) -> Incident:
    """404 for other towns' and for nonsense."""
    mine = Incident.objects.filter(municipality__in=scope_of(user).municipality_ids)
    found = mine.select_related("municipality", "group").filter(code=normalise(code) or "")
    incident = found.first()
    if incident is None:
        raise Http404
    return incident


def _row_json(incident: Incident, user: User, count: int) -> dict[str, Any]:
    town = incident.municipality
    return {
        "code": incident.code,
        "municipality": {"key": town.key, "name": town.name},
        "title": incident.title,
        "notice": incident.notice,
        "group": incident.group.code if incident.group else None,
        "locality": incident.locality,
        "begins_at": incident.begins_at.isoformat(),
        "ends_at": iso(incident.ends_at),
        "closed_at": iso(incident.closed_at),
        "count": count,
        "may_lead": incidents.may_lead(user, town),
    }


def _incident_json(incident: Incident, user: User) -> dict[str, Any]:
    joined = list(incidents.members(incident)[: bulk.MOST])
    offered = incidents.offered(incident, user) if incident.is_open else []
    return _row_json(incident, user, incident.members.count()) | {
        "reports": [_member_json(report) for report in joined],
        "offered": [_member_json(report) for report in offered],
    }


def _member_json(report: Report) -> dict[str, Any]:
    return {
        "code": report.code,
        "version": report.version,
        "status": report.status,
        "title": report.title,
        "received_at": report.received_at.isoformat(),
    }
