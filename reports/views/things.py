"""What staff can do to a report from its page: each deed, its form, and when it fits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.deeds import alarms, crossing, publishing, triage
from reports.deeds import forms as staff_forms
from reports.deeds.forms import DeedForm
from reports.hazards import hazard
from reports.models import Publication, Report
from reports.views import commissioning, composer, correcting, crews, hands, sealing
from reports.views.thing import Thing, leads_to
from reports.workflow import MOVES, Deed, Status
from townhall import crossings
from townhall.models import User


def _can_be_released(report: Report) -> bool:
    return report.publication != Publication.NEVER


def _accept(report: Report, by: User, form: DeedForm) -> object:
    return triage.accept(report, by=by, version=form.cleaned_data["version"])


def _assign(report: Report, by: User, form: DeedForm) -> object:
    return triage.assign(report, by=by, **form.cleaned_data)


def _set_status(report: Report, by: User, form: DeedForm) -> object:
    given = form.cleaned_data
    status = Status(given["status"])
    return triage.set_status(report, status, by=by, text=given["text"], version=given["version"])


def _reject(report: Report, by: User, form: DeedForm) -> object:
    return triage.reject(report, by=by, **form.cleaned_data)


def _forward(report: Report, by: User, form: DeedForm) -> object:
    return triage.forward(report, by=by, **form.cleaned_data)


def _to_fundbuero(report: Report, by: User, form: DeedForm) -> object:
    return crossing.hand_to_fundbuero(report, by=by, version=form.cleaned_data["version"])


def _is_for_fundbuero(report: Report) -> bool:
    """It may still be forwarded, and the town has an office that takes it."""
    can_go = Status.FORWARDED in MOVES[Status(report.status)] and not report.is_hazard
    return can_go and bool(crossings.receiver(crossing.FOUND, report.municipality))


def _reopen(report: Report, by: User, form: DeedForm) -> object:
    return triage.reopen(report, by=by, **form.cleaned_data)


def _note(report: Report, by: User, form: DeedForm) -> object:
    return triage.note(report, by=by, text=form.cleaned_data["text"])


def _release(report: Report, by: User, form: staff_forms.ReleaseForm) -> object:
    if form.cleaned_data["umfang"] == "nichts":
        version = form.cleaned_data["version"]
        return publishing.publish(report, by=by, is_public=False, version=version)
    changes = form.changes()
    if not changes:
        return None
    return publishing.release(report, by=by, version=form.cleaned_data["version"], **changes)


def _flag_hazard(report: Report, by: User, form: DeedForm) -> object:
    given = form.cleaned_data
    return alarms.flag_hazard(report, by=by, **given)


def _acknowledge(report: Report, by: User, form: DeedForm) -> object:
    return alarms.acknowledge(report, by=by, version=form.cleaned_data["version"])


def _secure(report: Report, by: User, form: DeedForm) -> object:
    given = form.cleaned_data
    return alarms.secure(report, by=by, how=given["text"], version=given["version"])


def _is_unanswered(report: Report) -> bool:
    alarm = hazard.open_alarm(report) if report.is_hazard else None
    return alarm is not None and alarm.is_ringing


def _is_unsafe(report: Report) -> bool:
    alarm = hazard.open_alarm(report) if report.is_hazard else None
    return alarm is not None and not alarm.is_over


THINGS: dict[str, Thing] = {
    thing.slug: thing
    for thing in (
        *composer.THINGS,
        Thing(
            "bestaetigung",
            "bell",
            Deed.ACKNOWLEDGE,
            _("Confirm the alarm"),
            _("The alarm is confirmed. Nobody else is called."),
            staff_forms.AcknowledgementForm,
            _acknowledge,
            _is_unanswered,
        ),
        Thing(
            "sicherung",
            "check",
            Deed.SECURE,
            _("Place secured"),
            _("It is written down that the place is safe."),
            staff_forms.SecuringForm,
            _secure,
            _is_unsafe,
        ),
        Thing(
            "annahme",
            "check",
            Deed.ACCEPT,
            _("Take into work"),
            _("Taken into work."),
            staff_forms.AcceptanceForm,
            _accept,
            lambda report: report.status == Status.NEW,
            key="b",
        ),
        Thing(
            "status",
            "send",
            Deed.SET_STATUS,
            _("Status and answer"),
            _("The new status is saved."),
            staff_forms.StatusForm,
            _set_status,
            lambda report: bool(staff_forms.status_goals(report.status)),
            key="s",
        ),
        Thing(
            "notiz",
            "note",
            Deed.NOTE,
            _("Internal note"),
            _("The note is saved."),
            staff_forms.NoteForm,
            _note,
            lambda _report: True,
            key="n",
        ),
        Thing(
            "zuweisung",
            "user",
            Deed.ASSIGN,
            _("Assign"),
            _("The assignment is saved."),
            staff_forms.AssignmentForm,
            _assign,
            lambda report: report.is_open,
            key="a",
        ),
        Thing(
            "weiterleitung",
            "arrow",
            Deed.FORWARD,
            _("Forward"),
            _("The report is forwarded."),
            staff_forms.ForwardingForm,
            _forward,
            leads_to(Status.FORWARDED),
            key="u",
        ),
        Thing(
            "fundbuero",
            "box",
            Deed.FORWARD,
            _("It is a find: to the lost property office"),
            _("It is a found thing now. The reporter reads that it was passed on."),
            staff_forms.FundForm,
            _to_fundbuero,
            _is_for_fundbuero,
        ),
        Thing(
            "ablehnung",
            "cross",
            Deed.REJECT,
            _("No action"),
            _("The report is closed without action."),
            staff_forms.RejectionForm,
            _reject,
            leads_to(Status.NO_ACTION),
            key="l",
        ),
        Thing(
            "wiedereroeffnung",
            "undo",
            Deed.REOPEN,
            _("Open again"),
            _("The report is open again."),
            staff_forms.ReopeningForm,
            _reopen,
            leads_to(Status.NEW),
        ),
        Thing(
            "freigabe",
            "eye",
            Deed.RELEASE,
            _("Publication"),
            _("The publication is saved."),
            staff_forms.ReleaseForm,
            _release,
            _can_be_released,
            key="v",
        ),
        Thing(
            "gefahr",
            "hazard",
            Deed.FLAG_HAZARD,
            _("Hazard"),
            _("The hazard mark is saved."),
            staff_forms.HazardForm,
            _flag_hazard,
            lambda report: report.is_open or report.is_hazard,
        ),
        *hands.THINGS,
        *commissioning.THINGS,
        *crews.THINGS,
        *correcting.THINGS,
        *sealing.THINGS,
    )
}
