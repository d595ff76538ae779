"""What the API answers, for its description (`/api/v1/schema/`). serializers.py makes it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from reports.catalogue.answers import DATATYPES
from reports.models import Priority, QuestionKind, StatusChoice

_TOWN = {"key": "06431002", "name": "Bensheim"}
_PHOTO = {
    "url": "/foto/616317b2-f54f-40f5-877f-c6812cd47e88/full",
    "thumbnail_url": "/foto/616317b2-f54f-40f5-877f-c6812cd47e88/thumb",
    "width": 960,
    "height": 720,
}
_REPORT = {
    "code": "5TKJJFYW",
    "version": 3,
    "status": "new",
    "hazard": False,
    "category": "gehwegschaden",
    "group": "strassen",
    "title": "Gehweg beschädigt, Moltkestraße",
    "description": "Platte fehlt ganz, da klafft ein Loch im Gehweg.",
    "place": "Moltkestraße",
    "lat": 49.677583,
    "lon": 8.62618,
    "municipality": _TOWN,
    "department": "Tiefbauamt Bensheim",
    "forwarded_to": None,
    "received_at": "2026-11-21T16:48:53+00:00",
    "changed_at": "2026-11-21T23:16:30.791535+00:00",
    "due_on": "2026-11-27",
    "url": "https://maengel.example.de/meldung/5TKJJFYW",
    "photos": [_PHOTO],
}
_NEXT = "2026-11-21T23:16:30.791535+00:00~5TKJJFYW"
_OWN = "https://maengel.example.de/r/aN5qGzbxI4ZguYS4YWBZYkPONrr7tjvJZFulRo5jS08"
_RECEIPT = {
    "code": "SWBP4AG4",
    "status": "new",
    "hazard": True,
    "department": "Tiefbauamt Bensheim",
    "routing": {
        "department": {"slug": "bensheim-tiefbau", "name": "Tiefbauamt Bensheim"},
        "rule": {"number": 16, "name": "Straßen und Wege in Bensheim"},
        "fallback": False,
        "rules_total": 22,
        "checked": [{"number": 1, "name": "Schlagloch außerorts", "because": "answers"}],
    },
    "url": _OWN,
    "photos": [{"url": f"{_OWN}/foto/61/full", "thumbnail_url": f"{_OWN}/foto/61/thumb"}],
    "call": ["112", "06251 23125 99"],
    "read_at": "2026-11-23T07:30:00+01:00",
}
_CATEGORY = {
    "code": "schlagloch",
    "name": "Schlagloch",
    "group": "strassen",
    "group_name": "Straßen und Wege",
    "icon": "pothole",
    "hint": "Ein Foto mit einem Gegenstand zum Vergleich hilft.",
    "hazard": False,
    "days": 5,
    "questions": [
        {
            "code": "akut",
            "kind": "yes_no",
            "datatype": "singlevaluelist",
            "variable": True,
            "order": 1,
            "text": "Besteht akute Gefahr?",
            "help": None,
            "required": False,
            "public": False,
            "condition": {},
            "options": [{"key": "yes", "name": "Ja"}, {"key": "no", "name": "Nein"}],
            "hazard_answers": ["yes"],
        }
    ],
    "blocks": [
        {
            "condition": {"akut": ["yes"]},
            "title": "Rufen Sie bitte gleich an",
            "text": "Wir lesen Meldungen nicht rund um die Uhr.",
            "call": [{"name": "Polizei", "number": "110"}],
        }
    ],
}
_SUGGESTION = {
    "code": "ampel",
    "name": "Ampel gestört",
    "group": "licht",
    "icon": "traffic-light",
    "by": "words",
}
_ROW = {
    "code": "5TKJJFYW",
    "version": 3,
    "status": "new",
    "hazard": False,
    "priority": "normal",
    "category": "gehwegschaden",
    "title": "Gehweg beschädigt, Moltkestraße 4",
    "locality": "Auerbach",
    "lat": 49.677583,
    "lon": 8.62618,
    "municipality": _TOWN,
    "department": {"slug": "bensheim-tiefbau", "name": "Tiefbauamt Bensheim"},
    "assignee": None,
    "forwarded_to": None,
    "is_public": True,
    "received_at": "2026-11-21T16:48:53+00:00",
    "changed_at": "2026-11-21T23:16:30.791535+00:00",
    "closed_at": None,
    "due_on": "2026-11-27",
    "working_days_left": 4,
    "days_overdue": 0,
    "waiting_since": None,
    "resubmit_on": None,
    "supporters": 2,
    "worse": 0,
}
_POSTCARD = {
    "kind": "report",
    "code": "5TKJJFYW",
    "version": 3,
    "status": "new",
    "hazard": False,
    "group": "strassen",
    "category": "gehwegschaden",
    "municipality": "06431002",
    "title": "Gehweg beschädigt, Moltkestraße",
    "at": [8.62618, 49.677583],
}
_TILE = {
    "cursor": "6b1f0c1e.4711:4711:",
    "clusters": [{"at": [8.6201, 49.6812], "n": 12, "by": {"in_progress": 3, "new": 9}}],
    "reports": [_POSTCARD],
    "cut": False,
}


def _like(value: Any) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample("example", value=value)])


class Town(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Eight-digit AGS")
    name = serializers.CharField()


class Team(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class PhotoLinks(serializers.Serializer[Any]):
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()


class PublicPhoto(PhotoLinks):
    width = serializers.IntegerField()
    height = serializers.IntegerField()


@_like(_REPORT)
class PublicReport(serializers.Serializer[Any]):
    """What the public may know of a report."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(StatusChoice.choices)
    hazard = serializers.BooleanField()
    category = serializers.CharField()
    group = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    description = serializers.CharField(allow_null=True, help_text="null until it is released")
    place = serializers.CharField(allow_null=True, help_text="As exactly as the category allows")
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    municipality = Town()
    department = serializers.CharField()
    forwarded_to = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(help_text="Last change that the public may see")
    due_on = serializers.DateField(allow_null=True)
    url = serializers.CharField()
    photos = PublicPhoto(many=True)


@_like({**_REPORT, "duplicate_of": None})
class OneReport(PublicReport):
    duplicate_of = serializers.CharField(
        allow_null=True, help_text="Code of the report that this one was joined with"
    )


@_like({"results": [_REPORT], "next": _NEXT})
class ReportsPage(serializers.Serializer[Any]):
    results = PublicReport(many=True)
    next = serializers.CharField(allow_null=True, help_text="For `after`; null on the last page")


@_like(_RECEIPT)
class ReceiptAnswer(serializers.Serializer[Any]):
    """The reporter's answer. `url` opens their own page: whoever has it may read the report."""

    code = serializers.CharField()
    status = serializers.ChoiceField(StatusChoice.choices)
    hazard = serializers.BooleanField()
    department = serializers.CharField()
    routing = serializers.DictField(help_text="Why this department: the rule that matched")
    url = serializers.CharField()
    photos = PhotoLinks(many=True)
    call = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Of a hazard: numbers to call now"
    )
    read_at = serializers.DateTimeField(
        required=False, help_text="Of a hazard: when staff will read it"
    )


class OptionShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class QuestionShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    kind = serializers.ChoiceField(QuestionKind.choices)
    datatype = serializers.ChoiceField(
        sorted(set(DATATYPES.values())), help_text="As Open311 GeoReport v2 calls it"
    )
    variable = serializers.BooleanField(help_text="False: only tells something, asks nothing")
    order = serializers.IntegerField()
    text = serializers.CharField()
    help = serializers.CharField(allow_null=True)
    required = serializers.BooleanField()  # type: ignore[assignment]  # a name of DRF's
    public = serializers.BooleanField(help_text="The answer is shown on the report's page")
    condition = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Asked only where each question named here got one of the answers; {} always",
    )
    options = OptionShape(many=True)
    hazard_answers = serializers.ListField(child=serializers.CharField())


class NumberShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    number = serializers.CharField(help_text="As people write it")


class BlockShape(serializers.Serializer[Any]):
    """Whom to call instead: where the condition holds, a report is refused with 422."""

    condition = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="{} blocks the category as a whole",
    )
    title = serializers.CharField()
    text = serializers.CharField()
    call = NumberShape(many=True)


@_like(_CATEGORY)
class OfferedCategory(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField(allow_null=True)
    group_name = serializers.CharField(allow_null=True)
    icon = serializers.CharField()
    hint = serializers.CharField(allow_null=True)
    hazard = serializers.BooleanField(help_text="Always a hazard, whatever is answered")
    days = serializers.IntegerField(help_text="Working days to the answer")
    questions = QuestionShape(many=True)
    blocks = BlockShape(many=True)


@_like({"text": "Die Ampel blinkt", "lat": 49.6815, "lon": 8.6188})
class SuggestionWish(serializers.Serializer[Any]):
    """In the body, because what people type belongs into no address and no log."""

    text = serializers.CharField(max_length=4000, allow_blank=True, required=False, default="")
    lat = serializers.FloatField(required=False)
    lon = serializers.FloatField(required=False)


@_like(_SUGGESTION)
class Suggestion(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    icon = serializers.CharField()
    by = serializers.ChoiceField(
        ["words", "place"], help_text="What the words mean, or what is usual at the place"
    )


@_like(_ROW)
class DeskRow(serializers.Serializer[Any]):
    """A line of the desk's list."""

    code = serializers.CharField()
    version = serializers.IntegerField(help_text="For If-Match")
    status = serializers.ChoiceField(StatusChoice.choices)
    hazard = serializers.BooleanField()
    priority = serializers.ChoiceField([each.name.lower() for each in Priority])
    category = serializers.CharField()
    title = serializers.CharField()
    locality = serializers.CharField(allow_blank=True)
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    municipality = Town()
    department = Team()
    assignee = serializers.CharField(allow_null=True, help_text="User name")
    forwarded_to = serializers.CharField(allow_null=True)
    is_public = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    working_days_left = serializers.IntegerField(
        allow_null=True, help_text="null: closed, or without a deadline"
    )
    days_overdue = serializers.IntegerField(allow_null=True)
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when the reporter's answer is waited for"
    )
    resubmit_on = serializers.DateField(allow_null=True, help_text="Comes back on this day")
    supporters = serializers.IntegerField(help_text="People whom it concerns, too")
    worse = serializers.IntegerField(help_text="Of them, who say that it has got worse")


@_like({"results": [_ROW], "next": "2026-11-21T16:48:53+00:00~4711", "cut": False})
class DeskPage(serializers.Serializer[Any]):
    results = DeskRow(many=True)
    next = serializers.CharField(allow_null=True, help_text="For `after`; null on the last page")
    cut = serializers.BooleanField(help_text="There is more, and no next page: narrow the list")


class Postcard(serializers.Serializer[Any]):
    """A public report as a pin."""

    kind = serializers.CharField(help_text="report")
    code = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(StatusChoice.choices)
    hazard = serializers.BooleanField()
    group = serializers.CharField(allow_blank=True)
    category = serializers.CharField()
    municipality = serializers.CharField(help_text="Eight-digit AGS")
    title = serializers.CharField()
    at = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, help_text="[lon, lat]"
    )


class Ring(serializers.Serializer[Any]):
    """Several reports close to each other."""

    at = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, help_text="[lon, lat]"
    )
    n = serializers.IntegerField(min_value=1)
    by = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many of them in each status"
    )


@_like(_TILE)
class TileAnswer(serializers.Serializer[Any]):
    """What a map tile shows: rings from afar, pins from near."""

    cursor = serializers.CharField(help_text="For `since` of the live line: docs/live.md")
    clusters = Ring(many=True)
    reports = Postcard(many=True)
    cut = serializers.BooleanField(help_text="There are more reports than are shown")
