"""The deeds about who has a report and how soon it is dealt with, as the API knows them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from reports.api.deeds import Deed, Given, Nothing, Words, like
from reports.colleagues import departments
from reports.deeds import (
    commissioning,
    correcting,
    crews,
    crossing,
    custody,
    incidents,
    merging,
    planning,
    sharing,
    splitting,
    triage,
)
from reports.deeds.correction_forms import read_spot
from reports.deeds.forms import LONGEST_TEXT, Complaint
from reports.models import Category, Commission, Incident, Priority, Report, Share, Stop
from reports.workflow import IllegalMove, Status
from townhall.codes import normalise
from townhall.models import User

_NAMES = {priority.name.lower(): priority for priority in Priority}


@like(priority="high")
class Ranking(serializers.Serializer[Any]):
    priority = serializers.ChoiceField(list(_NAMES))


@like(due_on="2026-12-18", reason="Das Ersatzteil kommt erst am Montag.")
class TargetDate(serializers.Serializer[Any]):
    due_on = serializers.DateField(help_text="From today on")
    reason = Words(max_length=LONGEST_TEXT, help_text="Public, and in the letter to the reporter")


@like(on="2026-12-01", text="Ist das Material da?")
class Resubmission(serializers.Serializer[Any]):
    on = serializers.DateField(allow_null=True, help_text="From today on; null: no more")
    text = Words(max_length=LONGEST_TEXT, required=False, default="", allow_blank=True)


@like(position=[8.62106, 49.67892], category="laterne", reason="Das Foto zeigt die Ecke.")
class Correction(serializers.Serializer[Any]):
    position = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        required=False,
        allow_null=True,
        default=None,
        help_text="Longitude, latitude in degrees",
    )
    category = serializers.SlugField(
        max_length=60, required=False, allow_null=True, default=None, help_text="Code"
    )
    reason = Words(max_length=LONGEST_TEXT, required=False, default="", allow_blank=True)


@like(reason="Die Brücke gehört dem Kreis.")
class Refusal(serializers.Serializer[Any]):
    reason = Words(max_length=LONGEST_TEXT, help_text="For colleagues only")


@like(main="5TKJ-JFYW")
class Joining(serializers.Serializer[Any]):
    main = Words(max_length=40, help_text="Code of the report that goes on")


@like(department="bensheim-gruen", text="Bitte die Hecke schneiden.", due_on=None)
class Part(serializers.Serializer[Any]):
    department = serializers.SlugField(max_length=60)
    text = Words(max_length=LONGEST_TEXT, help_text="What it shall do; for colleagues only")
    due_on = serializers.DateField(required=False, allow_null=True, default=None)


@like(answer="Die Hecke ist geschnitten.")
class PartDone(serializers.Serializer[Any]):
    answer = Words(
        max_length=LONGEST_TEXT,
        required=False,
        default="",
        allow_blank=True,
        help_text="What was done; for colleagues only",
    )


@like(category="laterne", text="Die Laterne daneben ist aus.", own_text="Ein Loch in der Fahrbahn.")
class Division(serializers.Serializer[Any]):
    category = serializers.SlugField(max_length=60, help_text="Of the second report")
    text = Words(max_length=LONGEST_TEXT, help_text="Goes to the second report")
    own_text = Words(max_length=LONGEST_TEXT, help_text="Stays with this one")


@like(crew=2, day="2026-11-23")
class CrewDay(serializers.Serializer[Any]):
    crew = serializers.IntegerField(min_value=1, max_value=2**62, help_text="`id`: desk/crews/")
    day = serializers.DateField(help_text="From today on")


@like(incident="7K3F-9QMX")
class Belonging(serializers.Serializer[Any]):
    incident = Words(max_length=40, help_text="Code of the collective incident")


def _share(report: Report, by: User, given: Given) -> object:
    department = departments(report).filter(slug=given["department"]).first()
    if department is None:
        raise triage.Nowhere
    return sharing.ask(
        report, by=by, department=department, text=given["text"], due_on=given["due_on"]
    )


def _finish(report: Report, by: User, given: Given) -> object:
    share = Share.objects.filter(pk=given["part"], report=report).select_related("report").first()
    if share is None:
        raise Http404
    return sharing.finish(share, by=by, answer=given["answer"])


def _end_task(report: Report, by: User, given: Given) -> object:
    tasks = Commission.objects.filter(report=report).select_related("report")
    task = tasks.filter(pk=given["part"]).first()
    if task is None:
        raise Http404
    return commissioning.end(task, by=by)


def _split(report: Report, by: User, given: Given) -> object:
    offered = Category.objects.reportable().filter(
        offers__municipality=report.municipality_id, offers__is_active=True
    )
    category = offered.filter(code=given["category"]).first()
    if category is None:
        raise serializers.ValidationError({"category": [_("The town does not offer this.")]})
    words = {"text": given["text"], "own_text": given["own_text"]}
    return splitting.split(report, by=by, category=category, **words)


def _to_fundbuero(report: Report, by: User, given: Given) -> object:
    if report.is_hazard:  # its alarm would end with it
        raise IllegalMove(Status(report.status), Status.FORWARDED)
    return crossing.hand_to_fundbuero(report, by=by)


def _put(report: Report, by: User, given: Given) -> object:
    if not planning.can_be_due(given["day"]):
        sentence = _("Choose a day from today on, three years at most.")
        raise serializers.ValidationError({"day": [sentence]})
    crew = crews.crews_for(report).filter(pk=given["crew"]).first()
    if crew is None:
        raise serializers.ValidationError({"crew": [_("This crew does not drive there.")]})
    return crews.put(report, crew, given["day"], by=by)


def _take_off(report: Report, by: User, given: Given) -> None:
    stop = Stop.objects.filter(report=report, state="").select_related("report", "crew").first()
    if stop is None:
        raise IllegalMove(Status(report.status), Status(report.status))
    crews.take_off(stop, by=by)


def _belong(report: Report, by: User, given: Given) -> object:
    code = normalise(given["incident"]) or ""
    incident = Incident.objects.filter(code=code, municipality=report.municipality_id).first()
    if incident is None:
        raise serializers.ValidationError({"incident": [_("There is no such incident.")]})
    return incidents.join(report, incident, by=by)


def _merge(report: Report, by: User, given: Given) -> object:
    code = normalise(given["main"])
    main = Report.objects.in_care_of(by).filter(code=code or "").first()
    if main is None:
        sentence = _("There is no such report in your care. Check the number.")
        raise serializers.ValidationError({"main": [sentence]})
    return merging.merge(report, into=main, by=by)


def _prioritize(report: Report, by: User, given: Given) -> object:
    return planning.set_priority(report, _NAMES[given["priority"]], by=by)


def _reschedule(report: Report, by: User, given: Given) -> object:
    if not planning.can_be_due(given["due_on"]):
        sentence = _("Choose a day from today on, three years at most.")
        raise serializers.ValidationError({"due_on": [sentence]})
    return planning.set_deadline(report, given["due_on"], by=by, reason=given["reason"])


def _resubmit(report: Report, by: User, given: Given) -> object:
    if given["on"] and not planning.can_be_due(given["on"]):
        sentence = _("Choose a day from today on, three years at most.")
        raise serializers.ValidationError({"on": [sentence]})
    return planning.resubmit(report, given["on"], by=by, text=given["text"])


def _correct(report: Report, by: User, given: Given) -> object:
    position = category = None
    if given["position"] is not None:
        position = read_spot(",".join(map(str, given["position"])))
        if position is None:
            raise serializers.ValidationError({"position": [_("This is no place on earth.")]})
    if given["category"]:
        category = Category.objects.reportable().filter(code=given["category"]).first()
        if category is None:
            raise serializers.ValidationError({"category": [_("There is no such category.")]})
    try:
        return correcting.correct(
            report, by=by, position=position, category=category, reason=given["reason"]
        )
    except Complaint as complaint:
        field = "position" if complaint.field == "address" else complaint.field
        raise serializers.ValidationError({field: [complaint.sentence]}) from complaint


def _refuse(report: Report, by: User, given: Given) -> object:
    return custody.refuse(report, by=by, reason=given["reason"])


HANDS = (
    Deed("priority/", "Say how urgent it is, for colleagues only", Ranking, _prioritize),
    Deed("deadline/", "Another target date, with a public reason", TargetDate, _reschedule),
    Deed(
        "resubmission/", "Have it come back on a day, for colleagues only", Resubmission, _resubmit
    ),
    Deed(
        "correction/",
        "Put place or category right: responsibility is worked out anew",
        Correction,
        _correct,
    ),
    Deed(
        "refusal/",
        "Not this department's: back to the town's dispatchers",
        Refusal,
        _refuse,
    ),
    Deed(
        "merging/",
        "Join with the report that said it first (DELETE: part them, within a day)",
        Joining,
        _merge,
        undo=lambda report, by, given: merging.separate(report, by=by),
    ),
    Deed("shares/", "Ask a second department for its part", Part, _share),
    Deed(
        "shares/<int:part>/ending/",
        "This part is done, or nobody needs it any more",
        PartDone,
        _finish,
    ),
    Deed("tasks/<int:part>/ending/", "The task's link opens nothing any more", Nothing, _end_task),
    Deed(
        "fundbuero/",
        "It is a find: over to the lost property office",
        Nothing,
        _to_fundbuero,
    ),
    Deed("division/", "Two matters become two reports", Division, _split),
    Deed(
        "stop/",
        "On a crew's day list (DELETE: off it; 409: it stands on none)",
        CrewDay,
        _put,
        undo=_take_off,
    ),
    Deed("incident/", "Part of a collective incident", Belonging, _belong),
)
