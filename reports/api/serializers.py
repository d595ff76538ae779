"""Shape of, and trust in, what comes and goes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers

from geo.positions import PositionQuery
from reports.catalogue.answers import MAX_CHOSEN, Answer, Asked
from reports.catalogue.offered import BlockNotice, Entry
from reports.desk.rows import Row
from reports.letters.links import link
from reports.models import Photo, Priority, Report
from reports.receiving.intake import MAX_DESCRIPTION, Draft, Receipt
from townhall.api.fields import UuidField
from townhall.calendar import Calendar
from townhall.photos import MAX_PHOTOS


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {
            "type": ["string", "boolean", "number", "array"],
            "items": {"type": "string"},
        },
    }
)
class AnswersField(serializers.Field[dict[str, Answer], Any, dict[str, Answer], Any]):
    """`{"question": "answer"}`, several answers as a list; in a multipart form as JSON text."""

    def to_internal_value(self, data: Any) -> dict[str, Answer]:
        if isinstance(data, str):
            try:
                data = json.loads(data or "{}")
            except (ValueError, RecursionError):
                raise _no_answers() from None
        if not isinstance(data, Mapping):
            raise _no_answers()
        return {_answer(key)[:60]: _answers(value) for key, value in data.items()}

    def to_representation(self, value: dict[str, Answer]) -> dict[str, Answer]:
        return value


def _no_answers() -> serializers.ValidationError:
    return serializers.ValidationError(
        _('Send the answers as an object such as {"ground": "road"}.')
    )


def _answers(value: Any) -> Answer:
    if not isinstance(value, list):
        return _answer(value)
    if len(value) > MAX_CHOSEN:
        raise _no_answers()
    return tuple(_answer(each) for each in value)


def _answer(value: Any) -> str:
    """Yes-or-no questions may be answered by JSON's true and false."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str | int | float):
        raise _no_answers()
    text = str(value).replace("\r\n", "\n")
    kept = (c for c in text if (c >= " " or c == "\n") and not "\ud800" <= c <= "\udfff")
    return "".join(kept).strip()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "example",
            value={
                "client_id": "0b9b5f0e-6b5d-4b53-8d2e-1f0a6f2f9a10",
                "category": "schlagloch",
                "lat": 49.6815,
                "lon": 8.6188,
                "description": "Tiefes Schlagloch vor der Bäckerei",
                "answers": {"ground": "road"},
                "photos": [],
            },
            request_only=True,
        )
    ]
)
class SubmissionSerializer(PositionQuery):
    """A report as a client hands it in."""

    client_id = UuidField()
    category = serializers.SlugField(max_length=60)
    description = serializers.CharField(
        max_length=MAX_DESCRIPTION, allow_blank=True, required=False, default=""
    )
    email = serializers.EmailField(
        allow_blank=True, allow_null=True, required=False, default="", max_length=254
    )
    name = serializers.CharField(
        allow_blank=True, allow_null=True, required=False, default="", max_length=120
    )
    phone = serializers.CharField(
        allow_blank=True, allow_null=True, required=False, default="", max_length=40
    )
    answers = AnswersField(required=False)
    photos = serializers.ListField(child=UuidField(), required=False, max_length=MAX_PHOTOS)
    private = serializers.BooleanField(required=False, default=False)
    name_is_public = serializers.BooleanField(
        required=False, default=False, help_text="As soon as the e-mail address is confirmed."
    )

    def validate_photos(self, photos: list[uuid.UUID]) -> list[uuid.UUID]:
        if len(set(photos)) != len(photos):
            raise serializers.ValidationError(_("The same photo is named twice."))
        return photos

    def draft(self, *, language: str, source: str, uploads: tuple[uuid.UUID, ...] = ()) -> Draft:
        """The validated data as a Draft; `uploads`: photos that came inside the form."""
        data = self.validated_data
        return Draft(
            client_id=data["client_id"],
            category=data["category"],
            position=self.point_of(data),
            description=data["description"],
            email=data["email"] or "",
            name=data["name"] or "",
            phone=data["phone"] or "",
            answers=data.get("answers") or {},
            photo_ids=(*data.get("photos", ()), *uploads),
            private=data["private"],
            name_is_public=data["name_is_public"],
            language=language,
            source=source,
        )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "example",
            media_type="multipart/form-data",
            value={
                "client_id": "0b9b5f0e-6b5d-4b53-8d2e-1f0a6f2f9a10",
                "category": "schlagloch",
                "lat": 49.6815,
                "lon": 8.6188,
                "description": "Tiefes Schlagloch vor der Bäckerei",
                "answers": '{"ground": "road"}',
                "photo": ["(file)"],
            },
            request_only=True,
        )
    ]
)
class FormSubmission(SubmissionSerializer):
    """As a form: `answers` is JSON text, and photos may come along as `photo`."""

    photo = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=MAX_PHOTOS
    )


def receipt_json(receipt: Receipt, photos: list[Photo]) -> dict[str, Any]:
    """The reporter's answer: its links are readable with the capability they carry."""
    report = receipt.report
    return {
        "code": report.code,
        "status": report.status,
        "hazard": report.is_hazard,
        "department": report.department.name,
        "routing": report.routing,
        "url": link("own-report", receipt.token),
        "photos": [
            {
                "url": link("own-photo", receipt.token, str(photo.image_id), "full"),
                "thumbnail_url": link("own-photo", receipt.token, str(photo.image_id), "thumb"),
            }
            for photo in photos
        ],
        **(_hazard_json(report) if report.is_hazard else {}),
    }


def _hazard_json(report: Report) -> dict[str, Any]:
    """A hazard is never only written down: whom to call, and when staff will read it."""
    numbers = ["112", report.municipality.hazard_phone]
    read_at = Calendar.of(report.municipality).next_reading(report.received_at)
    return {"call": [number for number in numbers if number], "read_at": read_at.isoformat()}


def report_json(report: Report) -> dict[str, Any]:
    """What the public may know of a report. The report comes with_faces()."""
    place = report.public_position
    return {
        "code": report.code,
        "version": report.version,
        "status": report.status,
        "hazard": report.is_hazard,
        "category": report.category.code,
        "group": report.category.group.code if report.category.group else None,
        "title": report.public_title,
        "description": report.public_description or None,
        "place": report.public_place or None,
        "lat": place.y if place else None,
        "lon": place.x if place else None,
        "municipality": {"key": report.municipality.key, "name": report.municipality.name},
        "department": report.department.name,
        "forwarded_to": report.forwarded_to or None,
        "received_at": report.received_at.isoformat(),
        "changed_at": report.changed_at.isoformat(),
        "due_on": report.due_on.isoformat() if report.due_on else None,
        "url": link("report-page", report.code),
        "photos": [
            {
                "url": reverse("photo", args=[photo.image_id, "full"]),
                "thumbnail_url": reverse("photo", args=[photo.image_id, "thumb"]),
                "width": photo.image.width,
                "height": photo.image.height,
            }
            for photo in report.photos.all()
            if photo.is_released
        ],
    }


# What the line reads besides what staff see in the list.
OF_A_ROW = (
    "is_public",
    "resubmit_on",
    "municipality__name",
    "department__slug",
    "department__name",
    "assignee__username",
)


def row_json(row: Row) -> dict[str, Any]:
    """A line of the desk's list, read with OF_A_ROW."""
    report, deadline = row.report, row.deadline
    return {
        "code": report.code,
        "version": report.version,
        "status": report.status,
        "hazard": report.is_hazard,
        "priority": Priority(report.priority).name.lower(),
        "category": report.category.code,
        "title": report.title,
        "locality": report.locality,
        "lat": report.position.y,
        "lon": report.position.x,
        "municipality": {"key": report.municipality.key, "name": report.municipality.name},
        "department": {"slug": report.department.slug, "name": report.department.name},
        "assignee": report.assignee.username if report.assignee else None,
        "forwarded_to": report.forwarded_to or None,
        "is_public": report.is_public,
        "received_at": report.received_at.isoformat(),
        "changed_at": report.changed_at.isoformat(),
        "closed_at": report.closed_at.isoformat() if report.closed_at else None,
        "due_on": report.due_on.isoformat() if report.due_on else None,
        "working_days_left": deadline.left if deadline else None,
        "days_overdue": deadline.over if deadline else None,
        "waiting_since": report.waiting_since.isoformat() if report.waiting_since else None,
        "resubmit_on": report.resubmit_on.isoformat() if report.resubmit_on else None,
        "supporters": row.supporters,
        "worse": row.worse,
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.name,
        "group": entry.category.group.code if entry.category.group else None,
        "group_name": entry.category.group.label if entry.category.group else None,
        "icon": entry.icon,
        "hint": entry.category.advice or None,
        "hazard": entry.category.is_hazard,
        "days": entry.terms.days,
        "questions": [
            _question_json(question, order)
            for order, question in enumerate(entry.questions, start=1)
        ],
        "blocks": [
            {
                "condition": notice.condition,
                "title": notice.title,
                "text": notice.text,
                "call": _numbers_json(notice),
            }
            for notice in entry.blocks
        ],
    }


def _question_json(question: Asked, order: int) -> dict[str, Any]:
    """With Open311's names for what it has names for."""
    return {
        "code": question.code,
        "kind": question.kind.value,
        "datatype": question.datatype,
        "variable": not question.is_note,
        "order": order,
        "text": question.text,
        "help": question.help or None,
        "required": question.is_required,
        "public": question.is_public,
        "condition": question.condition,
        "options": [{"key": each.key, "name": each.name} for each in question.options],
        "hazard_answers": sorted(question.hazard_answers),
    }


def _numbers_json(notice: BlockNotice) -> list[dict[str, str]]:
    return [{"name": each.name, "number": each.number} for each in notice.numbers]


def blocked_json(notice: BlockNotice) -> dict[str, Any]:
    """What a client shows instead of a report that nobody takes."""
    return {"title": notice.title, "text": notice.text, "call": _numbers_json(notice)}
