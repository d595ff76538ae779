"""A report as the API tells it to staff: all that its page shows, and never who reported it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import unescape
from typing import Any

from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import strip_tags
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from reports.api.shapes import Team, Town
from reports.deeds import commissioning, crossing, incidents, merging, sharing, undo
from reports.desk.case import Case
from reports.desk.rows import Deadline
from reports.models import (
    Alarm,
    Commission,
    Event,
    EventKind,
    Photo,
    Priority,
    ProblemReason,
    Publication,
    Remark,
    RemarkKind,
    Report,
    Returned,
    Share,
    StaffPhoto,
    StatusChoice,
    Stop,
    StopState,
    TaskOutcome,
    Undo,
    Visibility,
)
from reports.workflow import MOVES, Deed, Status

_EVENT_WORDS = "reports/staff/_event_words.html"
_BY_THE_REPORTER = frozenset(
    {EventKind.RECEIVED, EventKind.CONFIRMED, EventKind.UNSUBSCRIBED, EventKind.RESUBSCRIBED}
)
_BY_THE_STANDBY = frozenset(
    {EventKind.HAZARD_TAKEN, EventKind.HAZARD_SECURED, EventKind.HAZARD_SEEN}
)
LETTERS = ("none", "unconfirmed", "mail", "paper", "other", "ended", "unreachable")
BY = ("staff", "reporter", "resident", "outside", "standby", "system")

_TOWN = {"key": "06431002", "name": "Bensheim"}
_IMAGE = {
    "id": "616317b2-f54f-40f5-877f-c6812cd47e88",
    "url": "/amt/foto/616317b2-f54f-40f5-877f-c6812cd47e88/full",
    "thumbnail_url": "/amt/foto/616317b2-f54f-40f5-877f-c6812cd47e88/thumb",
    "width": 960,
    "height": 720,
}
EXAMPLE: dict[str, Any] = {
    "code": "5TKJJFYW",
    "version": 3,
    "status": "new",
    "hazard": False,
    "category": "gehwegschaden",
    "title": "Gehweg beschädigt, Moltkestraße 4",
    "description": "Platte fehlt ganz, da klafft ein Loch im Gehweg.",
    "address": "Moltkestraße 4",
    "locality": "Auerbach",
    "lat": 49.677583,
    "lon": 8.62618,
    "municipality": _TOWN,
    "department": {"slug": "bensheim-tiefbau", "name": "Tiefbauamt Bensheim"},
    "assignee": None,
    "forwarded_to": None,
    "source": "web",
    "publication": "at_once",
    "is_public": True,
    "is_text_public": False,
    "is_text_reviewed": False,
    "is_sealed": False,
    "public_text": "Rückruf bitte unter •••",
    "received_at": "2026-11-21T16:48:53+00:00",
    "changed_at": "2026-11-21T23:16:30.791535+00:00",
    "closed_at": None,
    "withdrawn_at": None,
    "due_on": "2026-11-27",
    "deadline": {
        "working_days_left": 4,
        "days_overdue": 0,
        "is_paused": False,
        "reason": "Das Ersatzteil kommt erst am Montag.",
    },
    "priority": "normal",
    "resubmit_on": "2026-12-01",
    "waiting_since": None,
    "replied_at": None,
    "returned": None,
    "photos": [_IMAGE | {"visibility": "internal", "is_released": False, "is_reviewed": False}],
    "answers": [{"question": "Wo ist der Schaden?", "answer": "Auf dem Gehweg"}],
    "residents": {"supporters": 2, "worse": 0, "followers": 1},
    "reporter": {"letters": "mail", "public_name": None},
    "routing": {"department": {"slug": "bensheim-tiefbau", "name": "Tiefbauamt Bensheim"}},
    "alarm": None,
    "remarks": [
        {
            "id": "0b9b5f0e-6b5d-4b53-8d2e-1f0a6f2f9a10",
            "kind": "more",
            "reason": None,
            "text": "Es ist inzwischen doppelt so groß.",
            "at": "2026-11-21T18:02:11+00:00",
            "is_reporters": False,
            "photos": [],
        }
    ],
    "shares": [
        {
            "id": 12,
            "department": {"slug": "bensheim-gruen", "name": "Grünflächenamt Bensheim"},
            "text": "Bitte die Hecke schneiden.",
            "due_on": None,
            "asked_at": "2026-11-21T18:02:11+00:00",
            "answer": "",
            "ended_at": None,
            "may_end": True,
        }
    ],
    "tasks": [
        {
            "id": 7,
            "name": "Hessen Mobil",
            "email": "bauhof@hessenmobil.example",
            "text": "Bitte die Ampel richten.",
            "due_on": None,
            "asked_at": "2026-11-21T18:02:11+00:00",
            "opened_at": None,
            "outcome": None,
            "answer": "",
            "ended_at": None,
        }
    ],
    "stop": {"id": 3, "crew": "Trupp 1", "day": "2026-11-23", "state": None, "note": ""},
    "incident": {"code": "7K3F9QMX", "title": "Sturm am Samstag"},
    "found_thing": None,
    "duplicate_of": None,
    "joined": [],
    "split_from": None,
    "parts": [],
    "timeline": [
        {
            "kind": "received",
            "words": "Meldung eingegangen",
            "at": "2026-11-21T16:48:53+00:00",
            "by": {"kind": "reporter", "name": None},
            "visibility": "public",
            "status": None,
            "text": "",
            "is_taken_back": False,
            "photos": [],
        }
    ],
    "undo": {"id": "5d9c6a0e-1e0f-4a57-9a53-6a3f0c2c8a11", "until": "2026-11-21T23:16:40+00:00"},
    "may": ["accept", "note"],
    "moves": ["in_progress", "on_hold", "done"],
}


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────
class StaffPhotoShape(serializers.Serializer[Any]):
    """The addresses open with the session, released or not."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class CasePhoto(StaffPhotoShape):
    visibility = serializers.ChoiceField(
        Visibility.choices, help_text="public: released, and of a public report"
    )
    is_released = serializers.BooleanField()
    is_reviewed = serializers.BooleanField(help_text="Somebody has decided on it")


class DeadlineShape(serializers.Serializer[Any]):
    working_days_left = serializers.IntegerField()
    days_overdue = serializers.IntegerField()
    is_paused = serializers.BooleanField(help_text="While the reporter is asked something")
    reason = serializers.CharField(
        allow_null=True, help_text="Why it is another day than the usual one; public"
    )


class ToldAnswer(serializers.Serializer[Any]):
    question = serializers.CharField()
    answer = serializers.CharField()


class Residents(serializers.Serializer[Any]):
    supporters = serializers.IntegerField(help_text="Exactly, unlike in public")
    worse = serializers.IntegerField(help_text="Of them, who say that it has got worse")
    followers = serializers.IntegerField()


class Reporter(serializers.Serializer[Any]):
    letters = serializers.ChoiceField(
        LETTERS, help_text="How an answer reaches the reporter; `other`: only a name or a number"
    )
    public_name = serializers.CharField(allow_null=True, help_text="As they wish to be called")


class AlarmShape(serializers.Serializer[Any]):
    started_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(allow_blank=True)
    secured_at = serializers.DateTimeField(allow_null=True)
    secured_by = serializers.CharField(allow_blank=True)
    ended_at = serializers.DateTimeField(
        allow_null=True, help_text="Closed, handed on, or the mark was lifted"
    )


class RemarkShape(serializers.Serializer[Any]):
    """What a resident said and nobody decided on yet."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(RemarkKind.choices)
    reason = serializers.ChoiceField(ProblemReason.choices, allow_null=True)
    text = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    is_reporters = serializers.BooleanField()
    photos = StaffPhotoShape(many=True)


class ShareShape(serializers.Serializer[Any]):
    """Another department's part."""

    id = serializers.IntegerField()
    department = Team()
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    may_end = serializers.BooleanField()


class TaskShape(serializers.Serializer[Any]):
    """What somebody outside was asked to do, by a mailed link."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    asked_at = serializers.DateTimeField()
    opened_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(TaskOutcome.choices, allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class StopShape(serializers.Serializer[Any]):
    """Where it stands on a crew's day list: the last time."""

    id = serializers.IntegerField()
    crew = serializers.CharField()
    day = serializers.DateField()
    state = serializers.ChoiceField(StopState.choices, allow_null=True)
    note = serializers.CharField(allow_blank=True)


class Titled(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()


class JoinedReport(Titled):
    description = serializers.CharField(allow_blank=True)
    received_at = serializers.DateTimeField()
    photos = StaffPhotoShape(many=True)


class Actor(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(BY)
    name = serializers.CharField(allow_null=True)


class TimelineEntry(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(EventKind.choices)
    words = serializers.CharField(help_text="As the page says it")
    at = serializers.DateTimeField()
    by = Actor()
    visibility = serializers.ChoiceField(Visibility.choices)
    status = serializers.ChoiceField(StatusChoice.choices, allow_null=True)
    text = serializers.CharField(allow_blank=True)
    is_taken_back = serializers.BooleanField()
    photos = StaffPhotoShape(many=True)


class UndoShape(serializers.Serializer[Any]):
    """Your last deed, as long as it can be taken back: `DELETE desk/deeds/ID/`."""

    id = serializers.UUIDField()
    until = serializers.DateTimeField()


@extend_schema_serializer(examples=[OpenApiExample("example", value=EXAMPLE)])
class CaseAnswer(serializers.Serializer[Any]):
    """A report as staff see it. Who reported it is not part of it."""

    code = serializers.CharField()
    version = serializers.IntegerField(help_text="Also the ETag")
    status = serializers.ChoiceField(StatusChoice.choices)
    hazard = serializers.BooleanField()
    category = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    locality = serializers.CharField(allow_blank=True)
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    municipality = Town()
    department = Team()
    assignee = serializers.CharField(allow_null=True, help_text="User name")
    forwarded_to = serializers.CharField(allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]  # a field called as the base's own
        help_text="web, api, staff, open311"
    )
    publication = serializers.ChoiceField(Publication.choices)
    is_public = serializers.BooleanField()
    is_text_public = serializers.BooleanField()
    is_text_reviewed = serializers.BooleanField()
    is_sealed = serializers.BooleanField(help_text="Text and photos are kept as evidence only")
    public_text = serializers.CharField(help_text="What the public reads, or would read")
    received_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    deadline = DeadlineShape(allow_null=True, help_text="null: closed, or without a target date")
    priority = serializers.ChoiceField([each.name.lower() for each in Priority])
    resubmit_on = serializers.DateField(allow_null=True, help_text="Comes back on this day")
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when the reporter's answer is waited for"
    )
    replied_at = serializers.DateTimeField(allow_null=True)
    returned = serializers.ChoiceField(
        Returned.choices, allow_null=True, help_text="Why it lies with the dispatchers again"
    )
    photos = CasePhoto(many=True)
    answers = ToldAnswer(many=True)
    residents = Residents()
    reporter = Reporter()
    routing = serializers.DictField(help_text="Why this department: rule, rules checked, road")
    alarm = AlarmShape(allow_null=True, help_text="The last one of a hazard")
    remarks = RemarkShape(many=True)
    shares = ShareShape(many=True, help_text="Open ones first")
    tasks = TaskShape(many=True, help_text="Newest first")
    stop = StopShape(allow_null=True)
    incident = Titled(allow_null=True)
    found_thing = serializers.CharField(
        allow_null=True, help_text="Number in the lost property office, if it was a find"
    )
    duplicate_of = Titled(allow_null=True)
    joined = JoinedReport(many=True, help_text="What was joined with it, oldest first")
    split_from = Titled(allow_null=True)
    parts = Titled(many=True, help_text="What was taken out of it")
    timeline = TimelineEntry(many=True, help_text="Newest first")
    undo = UndoShape(allow_null=True)
    may = serializers.ListField(
        child=serializers.ChoiceField([deed.value for deed in Deed]),
        help_text="Deeds that your roles allow on this report",
    )
    moves = serializers.ListField(
        child=serializers.ChoiceField(StatusChoice.choices),
        help_text="Where its status can go from here",
    )


# ── What it is made of ───────────────────────────────────────────────────────────────────────
def case_json(case: Case) -> dict[str, Any]:
    """What staff see of a report in their care; never who reported it."""
    report = case.report
    return {
        "code": report.code,
        "version": report.version,
        "status": report.status,
        "hazard": report.is_hazard,
        "category": report.category.code,
        "title": report.title,
        "description": report.description,
        "address": f"{report.street} {report.house_number}".strip(),
        "locality": report.locality,
        "lat": report.position.y,
        "lon": report.position.x,
        "municipality": {"key": report.municipality.key, "name": report.municipality.name},
        "department": team_json(report.department),
        "assignee": report.assignee.username if report.assignee else None,
        "forwarded_to": report.forwarded_to or None,
        "source": report.source,
        "publication": report.publication,
        "is_public": report.is_public,
        "is_text_public": report.is_text_public,
        "is_text_reviewed": report.is_text_reviewed,
        "is_sealed": report.is_sealed,
        "public_text": report.readable_text,
        "received_at": report.received_at.isoformat(),
        "changed_at": report.changed_at.isoformat(),
        "closed_at": iso(report.closed_at),
        "withdrawn_at": iso(report.withdrawn_at),
        "due_on": iso(report.due_on),
        "deadline": _deadline_json(case.deadline, case.events) if case.deadline else None,
        "priority": Priority(report.priority).name.lower(),
        "resubmit_on": iso(report.resubmit_on),
        "waiting_since": iso(report.waiting_since),
        "replied_at": iso(report.replied_at),
        "returned": report.returned or None,
        "photos": [_case_photo_json(photo, report) for photo in case.photos],
        "answers": [{"question": asked, "answer": said} for asked, said in case.answers],
        "residents": vars(case.numbers),
        "reporter": {"letters": _letters(case), "public_name": case.public_name or None},
        "routing": report.routing,
        "alarm": _alarm_json(case.alarm) if case.alarm else None,
        "remarks": [_remark_json(remark) for remark in case.remarks],
        **_hands_json(case),
        "timeline": _timeline_json(case.events),
        "undo": undo_json(undo.open_for(report, case.user)),
        "may": [deed.value for deed in Deed if case.may(deed)],
        "moves": [goal.value for goal in Status if goal in MOVES[Status(report.status)]],
    }


def iso(moment: dt.date | None) -> str | None:
    return moment.isoformat() if moment else None


def team_json(department: Any) -> dict[str, str]:
    return {"slug": department.slug, "name": department.name}


def undo_json(kept: Undo | None) -> dict[str, str] | None:
    return {"id": str(kept.batch), "until": kept.until.isoformat()} if kept else None


def _deadline_json(deadline: Deadline, events: Iterable[Event]) -> dict[str, Any]:
    moved = (each for each in events if each.kind == EventKind.DEADLINE)
    standing = (each.text for each in moved if not each.is_undone)  # type: ignore[attr-defined]
    return {
        "working_days_left": deadline.left,
        "days_overdue": deadline.over,
        "is_paused": deadline.is_paused,
        "reason": next(standing, None),
    }


def _case_photo_json(photo: Photo, report: Report) -> dict[str, Any]:
    is_seen = photo.is_released and report.is_public
    return photo_json(photo) | {
        "visibility": "public" if is_seen else "internal",
        "is_released": photo.is_released,
        "is_reviewed": photo.is_reviewed,
    }


def photo_json(photo: Photo | StaffPhoto) -> dict[str, Any]:
    return {
        "id": str(photo.image_id),
        "url": reverse("desk-photo", args=[photo.image_id, "full"]),
        "thumbnail_url": reverse("desk-photo", args=[photo.image_id, "thumb"]),
        "width": photo.image.width,
        "height": photo.image.height,
    }


def _letters(case: Case) -> str:
    """One of LETTERS, in the order in which the page tells them."""
    if not case.has_contact:
        return "none"
    if case.wants_paper:
        return "paper"
    if not case.wants_letters:
        return "other"
    if case.is_unreachable:
        return "unreachable"
    if case.has_ended_letters:
        return "ended"
    return "mail" if case.is_contact_confirmed else "unconfirmed"


def _alarm_json(alarm: Alarm) -> dict[str, Any]:
    """Who answered a hazard's alarm and who made the place safe; "" and None: nobody yet."""
    return {
        "started_at": alarm.started_at.isoformat(),
        "acknowledged_at": iso(alarm.acknowledged_at),
        "acknowledged_by": alarm.acknowledged_by,
        "secured_at": iso(alarm.secured_at),
        "secured_by": alarm.secured_by,
        "ended_at": iso(alarm.ended_at),
    }


def _remark_json(remark: Remark) -> dict[str, Any]:
    return {
        "id": str(remark.client_id),
        "kind": remark.kind,
        "reason": remark.reason or None,
        "text": remark.text,
        "at": remark.at.isoformat(),
        "is_reporters": remark.is_reporters,
        "photos": [photo_json(photo) for photo in remark.photos.all()],
    }


def _hands_json(case: Case) -> dict[str, Any]:
    """Who else has to do with it, and which other reports."""
    report = case.report
    incident = incidents.of(report)
    stop = Stop.objects.filter(report=report).select_related("crew").order_by("day", "pk").last()
    return {
        "shares": [_share_json(share, case) for share in sharing.shares_of(report)],
        "tasks": [_task_json(task) for task in commissioning.tasks_of(report)],
        "stop": _stop_json(stop) if stop else None,
        "incident": {"code": incident.code, "title": incident.title} if incident else None,
        "found_thing": crossing.became(case.events),
        "duplicate_of": _titled(report.duplicate_of),
        "joined": [_joined_json(other) for other in _joined(report)],
        "split_from": _titled(report.split_from),
        "parts": [_titled(part) for part in report.parts.select_related("category")],
    }


def _joined(report: Report) -> Iterable[Report]:
    return merging.joined(report).select_related("category")


def _titled(report: Report | None) -> dict[str, str] | None:
    return {"code": report.code, "title": report.title} if report else None


def _share_json(share: Share, case: Case) -> dict[str, Any]:
    return {
        "id": share.pk,
        "department": team_json(share.department),
        "text": share.text,
        "due_on": iso(share.due_on),
        "asked_at": share.asked_at.isoformat(),
        "answer": share.answer,
        "ended_at": iso(share.ended_at),
        "may_end": share.is_open and sharing.may_finish(share, case.user),
    }


def _task_json(task: Commission) -> dict[str, Any]:
    return {
        "id": task.pk,
        "name": task.name,
        "email": task.email,
        "text": task.text,
        "due_on": iso(task.due_on),
        "asked_at": task.asked_at.isoformat(),
        "opened_at": iso(task.opened_at),
        "outcome": task.outcome or None,
        "answer": task.answer,
        "ended_at": iso(task.ended_at),
    }


def _stop_json(stop: Stop) -> dict[str, Any]:
    return {
        "id": stop.pk,
        "crew": stop.crew.name,
        "day": stop.day.isoformat(),
        "state": stop.state or None,
        "note": stop.note,
    }


def _joined_json(other: Report) -> dict[str, Any]:
    return {
        "code": other.code,
        "title": other.title,
        "description": other.description,
        "received_at": other.received_at.isoformat(),
        "photos": [photo_json(photo) for photo in other.photos.all()],
    }


# ── The timeline ─────────────────────────────────────────────────────────────────────────────
def _timeline_json(events: Iterable[Any]) -> list[dict[str, Any]]:
    words = get_template(_EVENT_WORDS)
    return [
        {
            "kind": event.kind,
            "words": _plain(words.render({"event": event})),
            "at": event.at.isoformat(),
            "by": _actor_json(event),
            "visibility": event.visibility,
            "status": event.status or None,
            "text": event.text,
            "is_taken_back": event.is_undone,
            "photos": [
                photo_json(photo) for photo in (*event.staff_photos.all(), *event.replied_photos)
            ],
        }
        for event in events
    ]


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def _actor_json(event: Any) -> dict[str, str | None]:
    kind, name = _actor(event)
    return {"kind": kind, "name": name}


def _actor(event: Any) -> tuple[str, str | None]:
    said = event.facts.get("by")
    if event.actor:
        return "staff", event.actor.name
    if event.kind in _BY_THE_STANDBY:
        return "standby", event.facts.get("name")
    if event.kind in _BY_THE_REPORTER or said == "reporter":
        return "reporter", None
    if said == "outside":
        return "outside", event.outsider or event.facts.get("name")
    return ("resident", None) if said == "resident" else ("system", None)
