"""What can be done to many reports at once, and what has to be said for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.deeds import crew_forms, crews, incidents, merging, planning, triage
from reports.deeds.forms import text_field
from reports.models import Crew, Incident, Priority, Report, StatusChoice
from reports.workflow import NEEDS_REASON, Deed, Status
from townhall.models import Department, Membership, Role, User
from townhall.people import DEPARTMENT_ROLES, MUNICIPALITY_ROLES

GOALS = (Status.IN_PROGRESS, Status.ON_HOLD, Status.DONE, Status.NO_ACTION)


class BulkForm(forms.Form):
    """About these reports."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, reports: Sequence[Report], **options: Any) -> None:
        super().__init__(data, auto_id=f"{options.get('prefix') or 'bulk'}-%s", **options)
        self.reports = reports
        self.fit()

    def fit(self) -> None:
        """Make the choices those of the reports."""


class AcceptForm(BulkForm):
    pass


class AssignForm(BulkForm):
    to: Any = forms.ModelChoiceField(
        queryset=None,
        required=False,
        empty_label=_("nobody"),
        error_messages={"invalid_choice": _("Choose somebody from the list.")},
    )

    def fit(self) -> None:
        field: Any = self.fields["to"]
        field.queryset = _people(self.reports)
        field.label_from_instance = lambda user: user.name


class MoveForm(BulkForm):
    status = forms.ChoiceField(
        choices=[(goal.value, StatusChoice(goal).label) for goal in GOALS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the new status.")},
    )
    text = text_field()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("status") in NEEDS_REASON and not given.get("text"):
            self.add_error("text", _("Write down why. The reporter reads it."))
        return given


class RankForm(BulkForm):
    priority = forms.TypedChoiceField(
        choices=list(reversed(Priority.choices)),
        coerce=lambda value: Priority(int(value)),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a priority.")},
    )


class PassOnForm(BulkForm):
    department: Any = forms.ModelChoiceField(
        queryset=None,
        empty_label=_("please choose"),
        error_messages={
            "required": _("Choose a department from the list."),
            "invalid_choice": _("Choose a department from the list."),
        },
    )
    reason = text_field()

    def fit(self) -> None:
        towns = {report.municipality_id for report in self.reports}
        field: Any = self.fields["department"]
        serving = Department.objects.filter(is_active=True, serves__in=towns)
        field.queryset = serving.order_by("kind", "name").distinct()


class JoinForm(BulkForm):
    into: Any = forms.ModelChoiceField(
        queryset=None,
        empty_label=None,
        to_field_name="code",
        error_messages={
            "required": _("Choose the main report."),
            "invalid_choice": _("Choose the main report."),
        },
    )

    def fit(self) -> None:
        field: Any = self.fields["into"]
        picked = Report.objects.filter(pk__in=[report.pk for report in self.reports])
        field.queryset = picked.select_related("category").order_by("received_at", "pk")
        field.label_from_instance = lambda row: f"{row.shown_code} {row.title}"


class IncidentForm(BulkForm):
    incident: Any = forms.ModelChoiceField(
        queryset=None,
        empty_label=_("please choose"),
        error_messages={
            "required": _("Choose the collective incident."),
            "invalid_choice": _("Choose the collective incident."),
        },
    )

    def fit(self) -> None:
        field: Any = self.fields["incident"]
        towns = {report.municipality_id for report in self.reports}
        field.queryset = Incident.objects.filter(municipality__in=towns, closed_at=None)


class CrewForm(BulkForm):
    crew = crew_forms.crew_field()
    day = crew_forms.day_field()

    def fit(self) -> None:
        field: Any = self.fields["crew"]
        towns = {report.municipality_id for report in self.reports}
        serving = Crew.objects.filter(department__serves__in=towns, is_active=True)
        field.queryset = serving.distinct()
        self.initial.setdefault("day", timezone.localdate())

    def clean_day(self) -> dt.date:
        return crew_forms.checked_day(self.cleaned_data["day"])


class RemarkForm(BulkForm):
    text = text_field(_("Write something down before you save."), required=True)


@dataclass(frozen=True)
class Bulk:
    """One of them. `act` does it to one report."""

    slug: str
    icon: str
    deed: Deed
    name: str | Promise
    form: type[BulkForm]
    act: Callable[[Report, User, int | None, dict[str, Any]], object]
    audience: str = "internal"

    @property
    def template(self) -> str:
        return f"reports/staff/bulk/_{self.slug}.html"


def _move(report: Report, by: User, version: int | None, given: dict[str, Any]) -> object:
    goal, text = Status(given["status"]), given["text"]
    if goal is Status.NO_ACTION:
        return triage.reject(report, by=by, reason=text, version=version)
    return triage.set_status(report, goal, by=by, text=text, version=version)


def _join(report: Report, by: User, version: int | None, given: dict[str, Any]) -> object:
    main: Report = given["into"]
    if main.pk == report.pk:  # it is the one that goes on
        return None
    return merging.merge(report, into=main, by=by, version=version)


BULKS: dict[str, Bulk] = {
    bulk.slug: bulk
    for bulk in (
        Bulk(
            "annahme",
            "check",
            Deed.ACCEPT,
            _("Take into work"),
            AcceptForm,
            lambda report, by, version, given: triage.accept(report, by=by, version=version),
            "public",
        ),
        Bulk(
            "zuweisung",
            "user",
            Deed.ASSIGN,
            _("Assign"),
            AssignForm,
            lambda report, by, version, given: triage.assign(
                report, by=by, to=given["to"], version=version
            ),
        ),
        Bulk(
            "status",
            "send",
            Deed.SET_STATUS,
            _("Status and answer"),
            MoveForm,
            _move,
            "public",
        ),
        Bulk(
            "prioritaet",
            "chart",
            Deed.PRIORITIZE,
            _("Priority"),
            RankForm,
            lambda report, by, version, given: planning.set_priority(
                report, given["priority"], by=by, version=version
            ),
        ),
        Bulk(
            "weiterleitung",
            "arrow",
            Deed.FORWARD,
            _("Forward"),
            PassOnForm,
            lambda report, by, version, given: triage.forward(
                report,
                by=by,
                department=given["department"],
                reason=given["reason"],
                version=version,
            ),
        ),
        Bulk(
            "zusammenfuehrung",
            "layers",
            Deed.MERGE,
            _("Join into one report"),
            JoinForm,
            _join,
            "public",
        ),
        Bulk(
            "sammellage",
            "layers",
            Deed.INCIDENT,
            _("Join with a collective incident"),
            IncidentForm,
            lambda report, by, version, given: incidents.join(
                report, given["incident"], by=by, version=version
            ),
        ),
        Bulk(
            "tagesliste",
            "list",
            Deed.SCHEDULE,
            _("Put on a crew's day list"),
            CrewForm,
            lambda report, by, version, given: crews.put(
                report, given["crew"], given["day"], by=by, version=version
            ),
        ),
        Bulk(
            "notiz",
            "note",
            Deed.NOTE,
            _("Internal note"),
            RemarkForm,
            lambda report, by, version, given: triage.note(report, by=by, text=given["text"]),
        ),
    )
}


def _people(reports: Sequence[Report]) -> Any:
    """Who may work on at least one of them; each report is asked again when it is assigned."""
    workers = Membership.objects.filter(
        Q(
            department__in={report.department_id for report in reports},
            role__in=sorted(DEPARTMENT_ROLES),
        )
        | Q(
            department__serves__in={report.municipality_id for report in reports},
            role__in=sorted(MUNICIPALITY_ROLES - {Role.READ_ONLY}),
        ),
        department__is_active=True,
    )
    people = User.objects.filter(is_active=True, pk__in=workers.values("user"))
    return people.order_by("last_name", "first_name", "username")
