"""The deeds of staff as the API knows them: address, shape and act, one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from reports.colleagues import colleagues, departments
from reports.deeds import (
    alarms,
    answering,
    commissioning,
    placeholders,
    publishing,
    sealing,
    triage,
)
from reports.deeds.composing import filled
from reports.deeds.enclosing import PhotoGone
from reports.deeds.forms import LONGEST_TEXT
from reports.hazards import hazard
from reports.models import Photo, Report, StatusChoice, Visibility
from reports.workflow import IllegalMove, Status
from townhall.api.fields import UuidField
from townhall.models import User
from townhall.photos import MAX_PHOTOS

Given = Mapping[str, Any]
# A duplicate needs its main report: not by this door.
GOALS = [(value, label) for value, label in StatusChoice.choices if value != Status.DUPLICATE]


def like(**value: Any) -> Any:
    """An example for the description of the API."""
    return extend_schema_serializer(examples=[OpenApiExample("example", value=value)])


class Words(serializers.CharField):
    """Text and nothing that could be made into text: a 0 here is a mistake of the program."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """true or false, not "vielleicht" or 1."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


def _words(**options: Any) -> Words:
    return Words(max_length=LONGEST_TEXT, **options)


@like()
class Nothing(serializers.Serializer[Any]):
    """No words needed."""


@like(to="tiefbau.bensheim")
class Assignment(serializers.Serializer[Any]):
    to = Words(max_length=150, allow_null=True, help_text="User name, or null")


@like(status="done", text="Das Schlagloch ist verfüllt.")
class StatusMove(serializers.Serializer[Any]):
    status = serializers.ChoiceField(GOALS)
    text = _words(required=False, default="", allow_blank=True, help_text="Public")


@like(reason="Die Laterne gehört der Deutschen Bahn.")
class Reason(serializers.Serializer[Any]):
    reason = _words(help_text="Public, and in the letter to the reporter")


@like(department="bensheim-gruen", reason="Es geht um die Hecke.")
class Forwarding(serializers.Serializer[Any]):
    department = serializers.SlugField(required=False, allow_null=True, max_length=60)
    outside = Words(required=False, allow_blank=True, default="", max_length=120)
    reason = _words(required=False, default="", allow_blank=True)
    with_contact = Flag(
        required=False, default=False, help_text="Tell them who reported it; it is written down"
    )
    clock_anew = Flag(
        required=False, default=False, help_text="Count the target date anew; within the house"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("department")) == bool(attrs.get("outside")):
            raise serializers.ValidationError(
                {"department": [_("Name either a department or somebody outside.")]}
            )
        return attrs


@like(text="Vor dem Markt am Samstag erledigen.")
class NoteText(serializers.Serializer[Any]):
    text = _words(help_text="For colleagues only")


def photo_ids() -> serializers.ListField:
    return serializers.ListField(
        child=UuidField(), required=False, default=list, max_length=MAX_PHOTOS
    )


@like(visibility="reporter", text="Guten Tag {{name}}, wir kommen bis {{zieltermin}}.")
class AnswerText(serializers.Serializer[Any]):
    visibility = serializers.ChoiceField(Visibility.choices)
    text = _words(help_text="Placeholders are filled in; what has no value is refused")
    status = serializers.ChoiceField(GOALS, required=False, allow_null=True, default=None)
    photos = photo_ids()


@like(text="Welche Nummer steht am Mast?", via="mail")
class QuestionText(serializers.Serializer[Any]):
    text = _words(help_text="For the reporter alone; the report waits for the answer")
    via = serializers.ChoiceField(
        [(each.value, each.value) for each in answering.Via], required=False, default="mail"
    )


@like(name="Hessen Mobil", email="bauhof@hessenmobil.example", text="Bitte die Ampel richten.")
class TaskText(serializers.Serializer[Any]):
    name = Words(max_length=120)
    email = serializers.EmailField(max_length=254)
    text = _words(help_text="What to do; the mail holds it and a link to this one report")
    due_on = serializers.DateField(required=False, allow_null=True, default=None)


@like(text=True, photos=["616317b2-f54f-40f5-877f-c6812cd47e88"], hidden_photos=[])
class Release(serializers.Serializer[Any]):
    text = Flag(required=False, allow_null=True, default=None, help_text="null: leave it as it is")
    public_text = _words(
        required=False,
        default="",
        allow_blank=True,
        help_text="What the public reads of the text; empty: what was hidden stays hidden",
    )
    photos = photo_ids()
    hidden_photos = photo_ids()


@like(is_public=True)
class Publicity(serializers.Serializer[Any]):
    is_public = Flag()


@like(reason="Volksverhetzung (§ 130 StGB) im Text.")
class SealReason(serializers.Serializer[Any]):
    reason = _words(help_text="What may be a crime; the police read it")


@like(is_hazard=True, reason="Der Schachtdeckel fehlt.")
class Hazard(serializers.Serializer[Any]):
    is_hazard = Flag()
    reason = _words(required=False, default="", allow_blank=True)


@like(how="Schranke aufgestellt, Schacht abgedeckt.")
class Securing(serializers.Serializer[Any]):
    how = _words(help_text="How the place is safe; for colleagues and the hazard's record")


@dataclass(frozen=True)
class Deed:
    """`POST /api/v1/desk/reports/CODE/<path>`; `undo` is its DELETE.

    A path may name a `part` of the report, such as a task: it stands in what `act` is given.
    """

    path: str
    summary: str
    shape: type[serializers.Serializer[Any]]
    act: Callable[[Report, User, Given], object]
    undo: Callable[[Report, User, Given], object] | None = None

    @property
    def name(self) -> str:
        words = self.path.strip("/").split("/")
        return "-".join(word for word in words if not word.startswith("<"))


def _assign(report: Report, by: User, given: Given) -> object:
    name = given["to"]
    if name is None:
        return triage.assign(report, by=by, to=None)
    to = colleagues(report).filter(username=name).first()
    if to is None:
        raise serializers.ValidationError({"to": [_("Nobody of this name works on the report.")]})
    return triage.assign(report, by=by, to=to)


def _move(report: Report, by: User, given: Given) -> object:
    return triage.set_status(report, Status(given["status"]), by=by, text=given["text"])


def _forward(report: Report, by: User, given: Given) -> object:
    slug = given.get("department")
    department = departments(report).filter(slug=slug).first() if slug else None
    if slug and department is None:
        raise triage.Nowhere
    return triage.forward(
        report,
        by=by,
        department=department,
        outside=given["outside"],
        reason=given["reason"],
        with_contact=given["with_contact"],
        clock_anew=given["clock_anew"],
    )


def _release(report: Report, by: User, given: Given) -> object:
    shown, hidden = (photo_keys(report, given[name]) for name in ("photos", "hidden_photos"))
    return publishing.release(
        report,
        by=by,
        text=given["text"],
        public_text=given["public_text"],
        photos=shown,
        hidden_photos=hidden,
    )


def photo_keys(report: Report, ids: list[UUID]) -> list[int]:
    found = dict(Photo.objects.filter(report=report).values_list("image_id", "pk"))
    unknown = [each for each in ids if each not in found]
    if unknown:
        raise serializers.ValidationError({"photos": [_("The report has no such photo.")]})
    return [found[each] for each in ids]


def _acknowledge(report: Report, by: User, given: Given) -> object:
    _refuse_without_alarm(report)
    return alarms.acknowledge(report, by=by)


def _secure(report: Report, by: User, given: Given) -> object:
    _refuse_without_alarm(report)
    return alarms.secure(report, by=by, how=given["how"])


def _refuse_without_alarm(report: Report) -> None:
    """A program must not believe that it made a place safe where nobody knows of a danger."""
    if hazard.open_alarm(report) is None:
        raise IllegalMove(Status(report.status), Status(report.status))


def _answer(report: Report, by: User, given: Given) -> object:
    visibility = Visibility(given["visibility"])
    text = filled(given["text"], report, visibility)
    _refuse_open_places(text, may_name=visibility == Visibility.REPORTER)
    goal = Status(given["status"]) if given["status"] else None
    answer = answering.Answer(text, visibility, goal, tuple(given["photos"]))
    try:
        return answering.write(report, answer, by=by)
    except PhotoGone:
        raise serializers.ValidationError({"photos": [_("There is no such photo.")]}) from None


def _ask(report: Report, by: User, given: Given) -> object:
    text = filled(given["text"], report, Visibility.REPORTER)
    _refuse_open_places(text, may_name=True)
    try:
        return answering.ask(report, text, by=by, via=answering.Via(given["via"]))
    except answering.Unreachable:
        sentence = _("No letter reaches the reporter. Choose another way.")
        raise serializers.ValidationError({"via": [sentence]}) from None


def _refuse_open_places(text: str, *, may_name: bool) -> None:
    if places := placeholders.left(text, may_name=may_name):
        sentence = _("There is no value for %(places)s. Write one, or leave it out.")
        raise serializers.ValidationError({"text": [sentence % {"places": ", ".join(places)}]})


DEEDS = (
    Deed("acceptance/", "Take into work", Nothing, lambda r, by, given: triage.accept(r, by=by)),
    Deed(
        "assignment/",
        "Make one person responsible (DELETE: nobody)",
        Assignment,
        _assign,
        undo=lambda r, by, given: triage.assign(r, by=by, to=None),
    ),
    Deed("status/", "Move on, with words for the public", StatusMove, _move),
    Deed(
        "rejection/",
        "Close without action, with a public reason",
        Reason,
        lambda r, by, given: triage.reject(r, by=by, reason=given["reason"]),
    ),
    Deed(
        "forwarding/", "Hand over to another department, or out of the house", Forwarding, _forward
    ),
    Deed(
        "reopening/",
        "Open again, with a public reason",
        Reason,
        lambda r, by, given: triage.reopen(r, by=by, reason=given["reason"]),
    ),
    Deed(
        "notes/",
        "Write a note for colleagues",
        NoteText,
        lambda r, by, given: triage.note(r, by=by, text=given["text"]),
    ),
    Deed("answers/", "Write to all, to the reporter alone, or to colleagues", AnswerText, _answer),
    Deed(
        "question/",
        "Ask the reporter, and wait for the answer (DELETE: wait no longer)",
        QuestionText,
        _ask,
        undo=lambda r, by, given: answering.settle(r, by=by),
    ),
    Deed(
        "tasks/",
        "Mail an outside body a link to this report, and what to do",
        TaskText,
        lambda r, by, given: commissioning.give(r, commissioning.Task(**given), by=by),
    ),
    Deed("release/", "Show or hide the text and photos", Release, _release),
    Deed(
        "publication/",
        "Show the report to everybody, or take it out of public view",
        Publicity,
        lambda r, by, given: publishing.publish(r, by=by, is_public=given["is_public"]),
    ),
    Deed(
        "sealing/",
        "Criminal content: hide at once, and keep text and photos as sealed evidence",
        SealReason,
        lambda r, by, given: sealing.seal(r, by=by, reason=given["reason"]),
    ),
    Deed(
        "hazard/",
        "Mark as a hazard, which alarms at once, or lift the mark",
        Hazard,
        lambda r, by, given: alarms.flag_hazard(
            r, by=by, is_hazard=given["is_hazard"], reason=given["reason"]
        ),
    ),
    Deed(
        "acknowledgement/",
        "Answer a hazard's alarm: nobody else is called (409: nothing is alarmed)",
        Nothing,
        _acknowledge,
    ),
    Deed("securing/", "A hazard's place is safe (409: nothing is alarmed)", Securing, _secure),
)
