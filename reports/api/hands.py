"""The deeds about who has a report and how soon it is dealt with, as the API knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from reports.api.deeds import Deed, Given, Words
from reports.models import Priority, Report
from reports.staff import custody, merging, planning
from reports.staff.forms import LONGEST_TEXT
from townhall.codes import normalise
from townhall.models import User

_NAMES = {priority.name.lower(): priority for priority in Priority}


class Ranking(serializers.Serializer[Any]):
    priority = serializers.ChoiceField(list(_NAMES))


class TargetDate(serializers.Serializer[Any]):
    due_on = serializers.DateField(help_text="From today on")
    reason = Words(max_length=LONGEST_TEXT, help_text="Public, and in the letter to the reporter")


class Refusal(serializers.Serializer[Any]):
    reason = Words(max_length=LONGEST_TEXT, help_text="For colleagues only")


class Joining(serializers.Serializer[Any]):
    main = Words(max_length=40, help_text="Code of the report that goes on")


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


def _refuse(report: Report, by: User, given: Given) -> object:
    return custody.refuse(report, by=by, reason=given["reason"])


HANDS = (
    Deed("priority/", "Say how urgent it is, for colleagues only", Ranking, _prioritize),
    Deed("deadline/", "Another target date, with a public reason", TargetDate, _reschedule),
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
)
