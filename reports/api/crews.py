"""Day lists of the crews: for staff at `desk/crews/`, for the crew's phone at `crews/TOKEN/`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from frontend.problems import problem
from reports.api.case import iso, team_json
from reports.api.deeds import Flag, Words, like, photo_ids
from reports.api.desk import DeskView
from reports.api.errors import refuse_cross_site
from reports.api.shapes import Team
from reports.deeds import crews
from reports.deeds.crews import Said
from reports.deeds.work import NotAllowed
from reports.models import Crew, Report, StatusChoice, Stop, StopState
from reports.receiving.drafts import Refused
from reports.voices.remarks import MAX_TEXT
from townhall.api.errors import in_measure
from townhall.api.fields import UuidField
from townhall.api.parsers import BoundedJSONParser
from townhall.doors import by_client, count
from townhall.links import link
from townhall.models import User

_STOP: dict[str, Any] = {
    "id": 3,
    "code": "5TKJJFYW",
    "title": "Gehweg beschädigt, Moltkestraße 4",
    "description": "Platte fehlt ganz.",
    "hazard": False,
    "lat": 49.677583,
    "lon": 8.62618,
    "state": None,
    "note": "",
    "answered_at": None,
}
_CREW = {
    "id": 2,
    "name": "Trupp 1",
    "department": {"slug": "bensheim-bauhof", "name": "Bauhof Bensheim"},
}
_LIST: dict[str, Any] = {
    "crew": _CREW,
    "day": "2026-11-23",
    "stand": "3b0c44298fc1c149",
    "may_plan": True,
    "phone": {"url": "https://maengel.example.de/trupp/aN5qGz", "until": "2026-11-24"},
    "stops": [_STOP | {"status": "in_progress"}],
}


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────
class CrewShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    department = Team()


class CountedCrew(CrewShape):
    stops = serializers.IntegerField(help_text="On the day's list")
    answered = serializers.IntegerField()


@like(day="2026-11-23", crews=[_CREW | {"stops": 8, "answered": 3}])
class CrewsAnswer(serializers.Serializer[Any]):
    day = serializers.DateField()
    crews = CountedCrew(many=True)


class PhoneStop(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    hazard = serializers.BooleanField()
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    state = serializers.ChoiceField(StopState.choices, allow_null=True)
    note = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class DeskStop(PhoneStop):
    status = serializers.ChoiceField(StatusChoice.choices, help_text="Of the report")


class PhoneShape(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="The last part is the token of `crews/TOKEN/`")
    until = serializers.DateField()


@like(**_LIST)
class DayList(serializers.Serializer[Any]):
    crew = CrewShape()
    day = serializers.DateField()
    stand = serializers.CharField(
        help_text="What was seen: send it along when you change the order"
    )
    may_plan = serializers.BooleanField()
    phone = PhoneShape(allow_null=True, help_text="null: not for you to hand out")
    stops = DeskStop(many=True, help_text="In the order of the way")


@like(stand="3b0c44298fc1c149")
class Seen(serializers.Serializer[Any]):
    stand = Words(
        max_length=16, required=False, default="", allow_blank=True, help_text="Empty: whatever is"
    )


@like(up=True, stand="3b0c44298fc1c149")
class Step(Seen):
    up = Flag(help_text="false: one place down")


@like(crew="Trupp 1", day="2026-11-23", until="2026-11-24", stops=[_STOP])
class PhoneList(serializers.Serializer[Any]):
    crew = serializers.CharField()
    day = serializers.DateField()
    until = serializers.DateField(help_text="The last day on which the link opens")
    stops = PhoneStop(many=True)


@like(
    client_id="0d3cbb0e-6d0c-4a49-93c8-4a3d2d9f5a13",
    stop=3,
    state="done",
    text="Platte neu gesetzt.",
    photos=[],
    said_at="2026-11-23T09:12:00+01:00",
)
class Word(serializers.Serializer[Any]):
    client_id = UuidField(help_text="Made on the phone, once per sending")
    stop = serializers.IntegerField(min_value=1, max_value=2**62)
    state = serializers.ChoiceField(StopState.choices)
    text = Words(max_length=MAX_TEXT, required=False, default="", allow_blank=True)
    photos = photo_ids()
    said_at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        help_text="By the phone's clock, if it waited for a network",
    )


@like(stop=3, state="done")
class Taken(serializers.Serializer[Any]):
    stop = serializers.IntegerField()
    state = serializers.ChoiceField(StopState.choices)


# ── The desk's doors ─────────────────────────────────────────────────────────────────────────
_REFUSALS = {
    401: OpenApiResponse(description="Nobody is signed in"),
    403: OpenApiResponse(description="Your roles do not allow this, or no CSRF token"),
}
_CHANGED = {409: OpenApiResponse(description="Somebody else has changed the list since `stand`")}


class CrewsView(DeskView):
    @extend_schema(
        summary="The crews whose lists you see, and how far they are on a day",
        operation_id="desk_crews",
        parameters=[OpenApiParameter("day", dt.date, description="Today if not said")],
        responses={200: CrewsAnswer, **_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        said = request.query_params.get("day")
        day = _day(said) if said else timezone.localdate()
        if day is None:
            raise ValidationError({"day": [_("Write the day like this: 2026-12-24.")]})
        known = list(crews.crews_of(request.user))
        counts = crews.counted(known, day)
        rows = [_counted_json(crew, counts.get(crew.pk, (0, 0))) for crew in known]
        return Response({"day": day.isoformat(), "crews": rows})


class DayView(DeskView):
    """A crew's list of a day. 404 for crews that drive elsewhere."""

    @extend_schema(
        summary="A crew's day, in the order of the way",
        operation_id="desk_crew_day",
        responses={200: DayList, **_REFUSALS},
    )
    def get(self, request: Request, crew: int, day: str) -> Response:
        assert isinstance(request.user, User)
        return _shown(request.user, *_list_of(request.user, crew, day))


class OrderView(DeskView):
    @extend_schema(
        summary="Put in order: hazards first, then the short way",
        operation_id="desk_crew_order",
        request=Seen,
        responses={200: DayList, **_REFUSALS, **_CHANGED},
    )
    def post(self, request: Request, crew: int, day: str) -> Any:
        user = self.doer(request)
        whose, when = _list_of(user, crew, day)
        said = Seen(data=request.data)
        said.is_valid(raise_exception=True)
        stand = said.validated_data["stand"]
        return _ordered(user, whose, when, lambda: crews.arrange(whose, when, by=user, stand=stand))


class LinkView(DeskView):
    @extend_schema(
        summary="A new link for the crew's phone; the old one opens nothing from now on",
        operation_id="desk_crew_link",
        request=None,
        responses={200: DayList, **_REFUSALS},
    )
    def post(self, request: Request, crew: int, day: str) -> Response:
        user = self.doer(request)
        whose, when = _list_of(user, crew, day)
        try:
            crews.renew_link(whose, when, by=user)
        except NotAllowed:
            raise PermissionDenied from None
        return _shown(user, whose, when)


class StopPlaceView(DeskView):
    @extend_schema(
        summary="Move a stop one place up or down on its list",
        operation_id="desk_stop_place",
        request=Step,
        responses={200: DayList, **_REFUSALS, **_CHANGED},
    )
    def post(self, request: Request, stop: int) -> Any:
        user = self.doer(request)
        mine = Stop.objects.filter(crew__in=crews.crews_of(user))
        found = get_object_or_404(mine.select_related("report", "crew__department"), pk=stop)
        said = Step(data=request.data)
        said.is_valid(raise_exception=True)
        is_up, stand = said.validated_data["up"], said.validated_data["stand"]
        return _ordered(
            user,
            found.crew,
            found.day,
            lambda: crews.move(found, by=user, is_up=is_up, stand=stand),
        )


def _ordered(user: User, crew: Crew, day: dt.date, act: Callable[[], None]) -> Any:
    try:
        act()
    except NotAllowed:
        raise PermissionDenied from None
    except crews.Changed:
        sentence = _("Somebody else has changed the list meanwhile. Fetch it once more.")
        return problem(409, detail=str(sentence))
    return _shown(user, crew, day)


def _list_of(user: User, crew: int, day: str) -> tuple[Crew, dt.date]:
    when = _day(day)
    if when is None:
        raise Http404
    return get_object_or_404(crews.crews_of(user), pk=crew), when


def _day(text: str) -> dt.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 < day.year < 2200 else None


def _shown(user: User, crew: Crew, day: dt.date) -> Response:
    stops = crews.stops_of(crew, day)
    return Response(
        {
            "crew": _crew_json(crew),
            "day": day.isoformat(),
            "stand": crews.stand_of(stops),
            "may_plan": crews.may_plan(user, crew),
            "phone": _phone_json(crew, day) if crews.may_hand_out(user, crew) else None,
            "stops": [_stop_json(stop) | {"status": stop.report.status} for stop in stops],
        }
    )


def _crew_json(crew: Crew) -> dict[str, Any]:
    return {"id": crew.pk, "name": crew.name, "department": team_json(crew.department)}


def _counted_json(crew: Crew, counts: Sequence[int]) -> dict[str, Any]:
    return _crew_json(crew) | {"stops": counts[0], "answered": counts[1]}


def _phone_json(crew: Crew, day: dt.date) -> dict[str, str]:
    opened = crews.link_of(crew, day)
    return {"url": link("crew", crews.token_of(opened)), "until": opened.last_day.isoformat()}


def _stop_json(stop: Stop) -> dict[str, Any]:
    report = stop.report
    return {
        "id": stop.pk,
        "code": report.code,
        "title": report.title,
        "description": report.description,
        "hazard": report.is_hazard,
        "lat": report.position.y,
        "lon": report.position.x,
        "state": stop.state or None,
        "note": stop.note,
        "answered_at": iso(stop.answered_at),
    }


# ── The phone's doors ────────────────────────────────────────────────────────────────────────
_BY_TOKEN = {
    403: OpenApiResponse(description="Sent by another website's page"),
    404: OpenApiResponse(description="No such link, or no such stop on its list"),
    410: OpenApiResponse(description="The link has run out, or staff have ended it"),
}


class PhoneView(APIView):
    """The token is the key: no session, no cookie."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="The crew's day, by the link on its phone",
        operation_id="crew_day",
        responses={200: PhoneList, **_BY_TOKEN},
    )
    def get(self, request: Request, token: str) -> Any:
        try:
            opened = crews.open_link(token)
        except crews.Unknown:
            raise Http404 from None
        except crews.Over:
            return _over()
        stops = [_stop_json(stop) for stop in crews.stops_of(opened.crew, opened.day)]
        told = {
            "crew": opened.crew.name,
            "day": opened.day.isoformat(),
            "until": opened.last_day.isoformat(),
            "stops": stops,
        }
        answer = Response(told)
        patch_cache_control(answer, private=True, no_store=True)
        return answer


class PhoneAnswerView(APIView):
    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="Done, not found, or another problem: exactly once per client_id",
        operation_id="crew_answer",
        request=Word,
        responses={
            201: OpenApiResponse(Taken, description="Taken in"),
            200: OpenApiResponse(Taken, description="The same again"),
            **_BY_TOKEN,
            409: OpenApiResponse(description="The client_id was used for other content"),
        },
    )
    def post(self, request: Request, token: str) -> Any:
        refuse_cross_site(request)
        with in_measure():
            count(request, by_client(request, "answers"))
        word = Word(data=request.data)
        word.is_valid(raise_exception=True)
        given = word.validated_data
        said = Said(
            given["client_id"],
            StopState(given["state"]),
            given["text"],
            tuple(given["photos"]),
            given["said_at"],
        )
        try:
            is_new = crews.answer(token, given["stop"], said)
        except Refused as refusal:
            raise ValidationError(dict(refusal.errors)) from None
        except crews.Conflict:
            return problem(409, detail=str(_("You have sent this already.")))
        except (crews.Unknown, Report.DoesNotExist):
            raise Http404 from None
        except crews.Over:
            return _over()
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        answer = Response({"stop": given["stop"], "state": given["state"]}, status=code)
        patch_cache_control(answer, no_store=True)
        return answer


def _over() -> Any:
    return problem(410, detail=str(_("This link is not valid any more.")))
