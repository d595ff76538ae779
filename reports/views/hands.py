"""The deeds about who has a report and how soon it is dealt with, as things with addresses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.models import Report
from reports.staff import custody, hand_forms, merging, planning
from reports.staff.forms import DeedForm
from reports.views.thing import Thing
from reports.workflow import Deed
from townhall.models import User


def _prioritize(report: Report, by: User, form: DeedForm) -> object:
    return planning.set_priority(report, by=by, **form.cleaned_data)


def _reschedule(report: Report, by: User, form: DeedForm) -> object:
    return planning.set_deadline(report, by=by, **form.cleaned_data)


def _refuse(report: Report, by: User, form: DeedForm) -> object:
    return custody.refuse(report, by=by, **form.cleaned_data)


def _separate(report: Report, by: User, form: DeedForm) -> object:
    return merging.separate(report, by=by, version=form.cleaned_data["version"])


def _can_be_refused(report: Report) -> bool:
    is_fallback = report.department_id == report.municipality.fallback_department_id
    return report.is_open and not is_fallback


THINGS = (
    Thing(
        "prioritaet",
        "chart",
        Deed.PRIORITIZE,
        _("Priority"),
        _("The priority is saved."),
        hand_forms.PriorityForm,
        _prioritize,
        lambda report: report.is_open,
        key="p",
    ),
    Thing(
        "zieltermin",
        "calendar",
        Deed.RESCHEDULE,
        _("Target date"),
        _("The new target date is saved."),
        hand_forms.DeadlineForm,
        _reschedule,
        lambda report: report.is_open,
        key="t",
    ),
    Thing(
        "zurueckweisung",
        "undo",
        Deed.REFUSE,
        _("Not our responsibility"),
        _("The report lies with the dispatchers again."),
        hand_forms.RefusalForm,
        _refuse,
        _can_be_refused,
    ),
    Thing(
        "trennung",
        "layers",
        Deed.MERGE,
        _("Part them again"),
        _("The report stands on its own again."),
        hand_forms.SeparationForm,
        _separate,
        merging.can_separate,
    ),
)
