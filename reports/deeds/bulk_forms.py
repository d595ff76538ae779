"""What has to be said for a deed on many reports. The fields' names are those of the API, too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from frontend.templatetags.frontend import say_ago
from reports.deeds import crew_forms
from reports.deeds.bulk_stock import PickField, Stock
from reports.deeds.forms import text_field
from reports.deeds.planning import can_be_due
from reports.models import Category, Crew, Incident, Priority, Report, StatusChoice
from reports.workflow import NEEDS_REASON, Status
from townhall.models import Department, User

GOALS = (Status.IN_PROGRESS, Status.ON_HOLD, Status.DONE, Status.NO_ACTION)


class Exposure(StrEnum):
    """What the public is to see of them. Photos are looked at one by one, never released so."""

    TEXT = "text"
    NEITHER = "neither"
    PUBLIC = "public"
    HIDDEN = "hidden"


EXPOSURES = (
    (Exposure.TEXT, _("Show the text; what is hidden in it stays hidden")),
    (Exposure.NEITHER, _("Show neither text nor photos")),
    (Exposure.HIDDEN, _("Take the whole report out of public view")),
    (Exposure.PUBLIC, _("Show the report again")),
)


class BulkForm(forms.Form):
    """About these reports. `stock`: where several forms share one."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        reports: Sequence[Report],
        stock: Stock | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, auto_id=f"{options.get('prefix') or 'bulk'}-%s", **options)
        self.reports = reports
        self._stock = stock
        self.fit()

    @cached_property
    def stock(self) -> Stock:
        return self._stock or Stock.of(self.reports)

    def fit(self) -> None:
        """Make the choices those of the reports."""

    def offer(self, name: str, choices: Sequence[Any]) -> None:
        field: Any = self.fields[name]
        field.offer(choices)


def _day_field(missing: Any, *, required: bool = True) -> forms.DateField:
    words = {"required": missing, "invalid": missing}
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=required, widget=picker, error_messages=words)


def _checked(day: dt.date | None) -> dt.date | None:
    if day and not can_be_due(day):
        raise forms.ValidationError(_("Choose a day from today on, three years at most."))
    return day


def _department_field() -> PickField:
    words = dict.fromkeys(("required", "invalid_choice"), _("Choose a department from the list."))
    return PickField(
        lambda slug: Department.objects.filter(slug=slug, is_active=True).first(),
        empty=_("please choose"),
        error_messages=words,
    )


class AcceptForm(BulkForm):
    pass


class AssignForm(BulkForm):
    to = PickField(
        lambda name: User.objects.filter(username=name, is_active=True).first(),
        empty=_("nobody"),
        required=False,
        error_messages={"invalid_choice": _("Choose somebody from the list.")},
    )

    def fit(self) -> None:
        self.offer("to", self.stock.people)


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


class DueForm(BulkForm):
    due_on = _day_field(_("Write down the new day, such as 24.12.2026."))
    reason = text_field(_("Write down why. The reporter reads it."), required=True)

    def clean_due_on(self) -> dt.date | None:
        return _checked(self.cleaned_data["due_on"])


class ComeBackForm(BulkForm):
    """Empty day: they come back no more."""

    on = _day_field(_("Write down the day, such as 24.12.2026, or nothing."), required=False)
    text = text_field()

    def clean_on(self) -> dt.date | None:
        return _checked(self.cleaned_data["on"])


class PassOnForm(BulkForm):
    department = _department_field()
    reason = text_field()

    def fit(self) -> None:
        self.offer("department", self.stock.departments)


class PartForm(BulkForm):
    department = _department_field()
    text = text_field(_("Write down what the department shall do."), required=True)
    due_on = _day_field(_("Write down the day, such as 24.12.2026, or nothing."), required=False)

    def fit(self) -> None:
        self.offer("department", self.stock.departments)

    def clean_due_on(self) -> dt.date | None:
        return _checked(self.cleaned_data["due_on"])


class GiveBackForm(BulkForm):
    reason = text_field(
        _("Write down why your department is not responsible and, if you know, who is."),
        required=True,
    )


class RejectForm(BulkForm):
    reason = text_field(_("Write down why. The reporter reads it."), required=True)


class OpenAgainForm(BulkForm):
    reason = text_field(_("Write down why. The reporter reads it."), required=True)


class KindForm(BulkForm):
    category = PickField(
        lambda code: Category.objects.reportable().filter(code=code).first(),
        empty=_("please choose"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose a category from the list.")
        ),
    )
    reason = text_field()

    def fit(self) -> None:
        self.offer("category", self.stock.categories)


class ExposureForm(BulkForm):
    show = forms.TypedChoiceField(
        choices=EXPOSURES,
        coerce=Exposure,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what everybody may see.")},
    )


def _in_short(report: Report) -> str:
    """„VMFW-QGZC · Sperrmüll, Lindenweg 4 · vor 2 Stunden“: number and age tell alike apart."""
    return f"{report.shown_code} · {report.title} · {say_ago(report.received_at)}"


class JoinForm(BulkForm):
    into = PickField(
        lambda code: Report.objects.filter(code=code).first(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the main report.")),
    )

    def fit(self) -> None:
        oldest_first = sorted(self.reports, key=lambda row: (row.received_at, row.pk))
        self.offer("into", [(row.code, _in_short(row)) for row in oldest_first])


class IncidentForm(BulkForm):
    incident = PickField(
        lambda code: Incident.objects.filter(code=code).first(),
        empty=_("please choose"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose the collective incident.")
        ),
    )

    def fit(self) -> None:
        self.offer("incident", self.stock.incidents)


class CrewForm(BulkForm):
    crew = PickField(
        lambda pk: Crew.objects.filter(pk=pk, is_active=True).first(),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose a crew from the list.")
        ),
    )
    day = crew_forms.day_field()

    def fit(self) -> None:
        self.offer("crew", self.stock.crews)
        self.initial.setdefault("day", timezone.localdate())

    def clean_day(self) -> dt.date:
        return crew_forms.checked_day(self.cleaned_data["day"])


class RemarkForm(BulkForm):
    text = text_field(_("Write something down before you save."), required=True)
