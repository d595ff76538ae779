"""`/api/v1/losses/`: report a loss, and read what may be it. No session, no CSRF token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geo.positions import PositionQuery
from lostfound.api.found import found_json
from lostfound.api.shapes import FoundThing
from lostfound.catalogue import MARKS, THING_KINDS, Colour
from lostfound.losing import hits, losses
from lostfound.losing.drafts import MAX_DESCRIPTION, MAX_MARK, MAX_PLACE, MAX_POINTS, Draft, Refused
from lostfound.losing.hits import Strength
from lostfound.models import LossReport, LossState, MatchState
from townhall.api.errors import in_measure
from townhall.api.fields import UuidField
from townhall.api.parsers import BoundedJSONParser
from townhall.doors import by_client, by_mailbox, count, is_cross_site
from townhall.links import link

# Named in settings.SPECTACULAR_SETTINGS.
KINDS = list(THING_KINDS)
COLOURS = list(Colour.values)

_SENT: dict[str, Any] = {
    "client_id": "5f0f3c0e-2c0f-4a58-9a56-0d6f2f0c8a11",
    "kind": "backpack",
    "lost_from": "2026-11-20",
    "lost_until": "2026-11-21",
    "time_text": "abends, gegen acht",
    "colour": "black",
    "brand": "Deuter",
    "description": "Roter Reißverschluss, ein Anhänger aus Holz",
    "points": [{"lat": 49.6815, "lon": 8.6188}],
    "place_text": "Bahnhof Bensheim",
    "marks": {"contents": "Turnschuhe, ein blaues Heft"},
    "email": "uta@example.org",
}
_HIT: dict[str, Any] = {
    "found": {
        "code": "7K3F9QMX",
        "kind": "backpack",
        "group": "bag",
        "title": "Rucksack, schwarz, Deuter",
        "colour": "black",
        "brand": "Deuter",
        "found_on": "2026-11-22",
        "municipality": {"key": "06431002", "name": "Bensheim"},
        "place": "Auerbach",
        "square": {"lon": 8.620613, "lat": 49.702915, "metres": 300},
        "office": {
            "slug": "bensheim",
            "name": "Fundbüro Bensheim",
            "address": "Kirchbergstraße 18, 64625 Bensheim",
            "opening_hours": "Mo–Fr 8–12 Uhr",
            "phone": "06251 14-0",
            "email": "fundbuero@bensheim.example",
        },
        "published_at": "2026-11-22T10:14:07.118023+00:00",
        "url": "https://maengel.example.de/fundbuero/sache/7K3F9QMX",
    },
    "strength": "good",
    "reasons": ["gleiche Art", "gleiche Farbe", "gleiche Woche"],
    "answer": "open",
}
_LOSS: dict[str, Any] = {
    "code": "5TKJJFYW",
    "version": 3,
    "state": "open",
    "kind": "backpack",
    "title": "Rucksack, schwarz, Deuter",
    "lost_from": "2026-11-20",
    "lost_until": "2026-11-21",
    "municipality": "06431002",
    "watch_until": "2027-05-22",
    "address_confirmed": False,
    "hits": [_HIT],
    "url": "https://maengel.example.de/fundbuero/verlust/0ZqUO1fDT2mDZnn_1uJ0YVxQ3mNq6gH8sB2vJw4kXyA",
}


class Conflicting(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This client_id was used before for another loss. Make a new one.")
    default_code = "conflict"


class Erased(APIException):
    status_code = status.HTTP_410_GONE
    default_detail = _("This loss report was erased.")
    default_code = "gone"


class CrossSite(APIException):
    status_code = status.HTTP_403_FORBIDDEN
    default_detail = _("Losses can't be reported from another website.")
    default_code = "cross_site"


class Way(serializers.Serializer[Any]):
    """Somewhere between two places."""

    start = PositionQuery()
    end = PositionQuery()


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, allow_blank=True, required=False, default="")


@extend_schema_serializer(
    examples=[OpenApiExample("example", value=_SENT, request_only=True)],
)
class LossSubmission(serializers.Serializer[Any]):
    """A loss as a client hands it in. `marks` are for the check only and are never shown."""

    client_id = UuidField()
    kind = serializers.ChoiceField(KINDS)
    lost_from = serializers.DateField(help_text="Or later; not in the future")
    lost_until = serializers.DateField()
    time_text = _text(60)
    colour = serializers.ChoiceField(COLOURS, required=False, allow_blank=True)
    second_colour = serializers.ChoiceField(COLOURS, required=False, allow_blank=True)
    brand = _text(60)
    description = _text(MAX_DESCRIPTION)
    points = serializers.ListField(child=PositionQuery(), required=False, max_length=MAX_POINTS)
    way = Way(required=False, allow_null=True)
    place_text = _text(MAX_PLACE)
    transport_line = _text(60)
    municipality = serializers.RegexField(
        r"^(\d{8})?$", required=False, default="", allow_blank=True, help_text="Eight-digit AGS"
    )
    marks = serializers.DictField(
        child=serializers.CharField(max_length=MAX_MARK, allow_blank=True),
        required=False,
        help_text=f"Of {', '.join(MARKS)}. Numbers are kept as keyed hashes.",
    )
    email = serializers.EmailField(
        max_length=254, allow_blank=True, required=False, default="", help_text="To be confirmed"
    )
    name = _text(120)
    phone = _text(40)
    postal_address = _text(200)

    def draft(self) -> Draft:
        data = self.validated_data
        way = data.get("way")
        return Draft(
            client_id=data["client_id"],
            kind=data["kind"],
            lost_from=data["lost_from"],
            lost_until=data["lost_until"],
            colour=data.get("colour", ""),
            second_colour=data.get("second_colour", ""),
            brand=data["brand"],
            description=data["description"],
            time_text=data["time_text"],
            points=tuple(_point(each) for each in data.get("points", ())),
            way=(_point(way["start"]), _point(way["end"])) if way else None,
            place_text=data["place_text"],
            transport_line=data["transport_line"],
            town=data["municipality"],
            marks=data.get("marks") or {},
            email=data["email"],
            name=data["name"],
            phone=data["phone"],
            postal_address=data["postal_address"],
            language=get_language() or "de",
            source="api",
        )


def _point(values: Mapping[str, float]) -> Point:
    return PositionQuery.point_of(values)


@extend_schema_serializer(examples=[OpenApiExample("example", value=_HIT)])
class HitAnswer(serializers.Serializer[Any]):
    """What may be it, by what everybody may read of it."""

    found = FoundThing()
    strength = serializers.ChoiceField([each.value for each in Strength])
    reasons = serializers.ListField(child=serializers.CharField())
    answer = serializers.ChoiceField(
        [MatchState.OPEN.value, MatchState.IS_IT.value, MatchState.NOT_MINE.value]
    )


@extend_schema_serializer(examples=[OpenApiExample("example", value=_LOSS)])
class LossAnswer(serializers.Serializer[Any]):
    """A loss as its owner sees it. `url` is the key to it: keep it secret."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(LossState.choices)
    kind = serializers.ChoiceField(KINDS)
    title = serializers.CharField()
    lost_from = serializers.DateField()
    lost_until = serializers.DateField()
    municipality = serializers.CharField(allow_null=True)
    watch_until = serializers.DateField(help_text="The last day of the search")
    address_confirmed = serializers.BooleanField()
    hits = HitAnswer(many=True, help_text="Best first; they come within seconds, and for months")
    url = serializers.URLField()


class LossesView(APIView):
    """The door to report a loss."""

    authentication_classes = ()
    parser_classes = (BoundedJSONParser,)

    @extend_schema(
        summary="Report a loss, exactly once per client_id",
        operation_id="losses_create",
        request=LossSubmission,
        responses={
            201: OpenApiResponse(LossAnswer, description="Taken in"),
            200: OpenApiResponse(LossAnswer, description="The same again; its current state"),
            403: OpenApiResponse(description="Sent by another website's page"),
            409: OpenApiResponse(description="The client_id was used for other content"),
            410: OpenApiResponse(description="The loss of this client_id was erased"),
        },
    )
    def post(self, request: Request) -> Response:
        if is_cross_site(request):
            raise CrossSite
        shape = LossSubmission(data=request.data)
        shape.is_valid(raise_exception=True)
        draft = shape.draft()
        knocks = [by_client(request, "losses")]
        knocks += [by_mailbox(draft.email)] if draft.email else []
        with in_measure():
            count(request, *knocks)
        try:
            receipt = losses.report(draft)
        except Refused as refusal:
            raise ValidationError(_named(refusal.errors)) from None
        except losses.Conflict:
            raise Conflicting from None
        except losses.Erased:
            raise Erased from None
        code = status.HTTP_201_CREATED if receipt.is_new else status.HTTP_200_OK
        return _private(Response(loss_json(receipt.loss), status=code))


class LossView(APIView):
    """One loss, by the token at the end of its `url`."""

    authentication_classes = ()

    @extend_schema(
        summary="A loss with what may be it, for its owner",
        operation_id="losses_detail",
        responses=LossAnswer,
    )
    def get(self, request: Request, token: str) -> Response:
        try:
            loss = losses.of_token(token)
        except losses.Unknown:
            raise NotFound from None
        return _private(Response(loss_json(loss)))


def loss_json(loss: LossReport) -> dict[str, Any]:
    town = loss.municipality
    loser = getattr(loss, "loser", None)
    return {
        "code": loss.code,
        "version": loss.version,
        "state": loss.state,
        "kind": loss.kind,
        "title": loss.title,
        "lost_from": loss.lost_from.isoformat(),
        "lost_until": loss.lost_until.isoformat(),
        "municipality": town.key if town else None,
        "watch_until": loss.watch_until.isoformat(),
        "address_confirmed": bool(loser and loser.confirmed_at),
        "hits": [_hit_json(hit) for hit in hits.of_loss(loss)],
        "url": link("loss-hits", losses.token_of(loss)),
    }


def _hit_json(hit: hits.Hit) -> dict[str, Any]:
    return {
        "found": found_json(hit.listing),
        "strength": hit.strength.value,
        "reasons": hit.reasons,
        "answer": hit.match.state,
    }


# What the deed calls a field and what the door calls it.
_FIELD_OF = {"town": "municipality"}


def _named(errors: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {_FIELD_OF.get(name, name): said for name, said in errors.items()}


def _private(answer: Response) -> Response:
    """Readable with the token alone: kept by nobody."""
    patch_cache_control(answer, private=True, no_store=True)
    return answer
