"""What can be done to many reports at once: one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.deeds import (
    alarms,
    bulk_forms,
    correcting,
    crews,
    custody,
    incidents,
    merging,
    planning,
    publishing,
    sharing,
    triage,
)
from reports.deeds.bulk_forms import BulkForm, Exposure
from reports.models import Photo, Report
from reports.workflow import MOVES, Deed, IllegalMove, Status
from townhall.models import DepartmentKind, User

Given = dict[str, Any]


def _is_open(report: Report, given: Given) -> bool:
    return report.is_open


def _always(report: Report, given: Given) -> bool:
    return True


def _tells_nobody(given: Given) -> bool:
    return False


def _tells(given: Given) -> bool:
    return True


def _to_all(reports: Sequence[Report]) -> bool:
    return True


def _with_a_hazard(reports: Sequence[Report]) -> bool:
    return any(report.is_hazard for report in reports)


@dataclass(frozen=True)
class Bulk:
    """One of them. `act` does it to one report.

    `fits`: whether it is possible as the report stands; `tells`: whether residents are written to;
    `suits`: whether it is offered for these at all. They only look ahead: the deed itself decides.
    """

    slug: str
    icon: str
    deed: Deed
    name: str | Promise
    form: type[BulkForm]
    act: Callable[[Report, User, int | None, dict[str, Any]], object]
    audience: str = "internal"
    fits: Callable[[Report, Given], bool] = _always
    tells: Callable[[Given], bool] = _tells_nobody
    suits: Callable[[Sequence[Report]], bool] = _to_all

    @property
    def writes(self) -> bool:
        """Whether residents may be written to, whatever is given."""
        return self.tells is not _tells_nobody

    @property
    def template(self) -> str:
        return f"reports/staff/bulk/_{self.slug}.html"


def _move(report: Report, by: User, version: int | None, given: Given) -> object:
    goal, text = Status(given["status"]), given["text"]
    if goal is Status.NO_ACTION:
        return triage.reject(report, by=by, reason=text, version=version)
    return triage.set_status(report, goal, by=by, text=text, version=version)


def _acknowledge(report: Report, by: User, version: int | None, given: Given) -> object:
    if not report.is_hazard:  # else it would be told as done
        raise IllegalMove(Status(report.status), Status(report.status))
    return alarms.acknowledge(report, by=by, version=version)


def _join(report: Report, by: User, version: int | None, given: Given) -> object:
    main: Report = given["into"]
    if main.pk == report.pk:  # it is the one that goes on
        return None
    return merging.merge(report, into=main, by=by, version=version)


def _expose(report: Report, by: User, version: int | None, given: Given) -> object:
    match given["show"]:
        case Exposure.TEXT:
            return publishing.release(report, by=by, text=True, version=version)
        case Exposure.NEITHER:
            photos = Photo.objects.filter(report=report).values_list("pk", flat=True)
            return publishing.release(
                report, by=by, text=False, hidden_photos=list(photos), version=version
            )
    is_public = given["show"] is Exposure.PUBLIC
    return publishing.publish(report, by=by, is_public=is_public, version=version)


def _goes_out(given: Given) -> bool:
    return bool(given["department"].kind == DepartmentKind.OUTSIDE)


def _can_be_refused(report: Report, given: Given) -> bool:
    return report.is_open and report.department_id != report.municipality.fallback_department_id


BULKS: dict[str, Bulk] = {
    bulk.slug: bulk
    for bulk in (
        Bulk(
            "bestaetigung",
            "bell",
            Deed.ACKNOWLEDGE,
            _("Confirm the alarm"),
            bulk_forms.AcceptForm,
            _acknowledge,
            fits=lambda report, given: report.is_hazard,
            suits=_with_a_hazard,
        ),
        Bulk(
            "annahme",
            "check",
            Deed.ACCEPT,
            _("Take into work"),
            bulk_forms.AcceptForm,
            lambda report, by, version, given: triage.accept(report, by=by, version=version),
            "public",
            fits=lambda report, given: report.status == Status.NEW,
            tells=_tells,
        ),
        Bulk(
            "status",
            "send",
            Deed.SET_STATUS,
            _("Status and answer"),
            bulk_forms.MoveForm,
            _move,
            "public",
            fits=lambda report, given: given["status"] in MOVES[Status(report.status)],
            tells=_tells,
        ),
        Bulk(
            "notiz",
            "note",
            Deed.NOTE,
            _("Internal note"),
            bulk_forms.RemarkForm,
            lambda report, by, version, given: triage.note(report, by=by, text=given["text"]),
        ),
        Bulk(
            "zusammenfuehrung",
            "layers",
            Deed.MERGE,
            _("Join into one report"),
            bulk_forms.JoinForm,
            _join,
            "public",
            fits=lambda report, given: report.is_open,
            tells=_tells,
            suits=lambda reports: len(reports) > 1,
        ),
        Bulk(
            "sammellage",
            "layers",
            Deed.INCIDENT,
            _("Join with a collective incident"),
            bulk_forms.IncidentForm,
            lambda report, by, version, given: incidents.join(
                report, given["incident"], by=by, version=version
            ),
            fits=lambda report, given: report.municipality_id == given["incident"].municipality_id,
        ),
        Bulk(
            "zuweisung",
            "user",
            Deed.ASSIGN,
            _("Assign"),
            bulk_forms.AssignForm,
            lambda report, by, version, given: triage.assign(
                report, by=by, to=given["to"], version=version
            ),
        ),
        Bulk(
            "weiterleitung",
            "arrow",
            Deed.FORWARD,
            _("Forward"),
            bulk_forms.PassOnForm,
            lambda report, by, version, given: triage.forward(
                report,
                by=by,
                department=given["department"],
                reason=given["reason"],
                version=version,
            ),
            fits=_is_open,
            tells=_goes_out,
        ),
        Bulk(
            "zurueckweisung",
            "undo",
            Deed.REFUSE,
            _("Not our responsibility"),
            bulk_forms.GiveBackForm,
            lambda report, by, version, given: custody.refuse(
                report, by=by, reason=given["reason"], version=version
            ),
            fits=_can_be_refused,
        ),
        Bulk(
            "mitwirkung",
            "users",
            Deed.SHARE,
            _("Ask another department for its part"),
            bulk_forms.PartForm,
            lambda report, by, version, given: sharing.ask(report, by=by, version=version, **given),
            fits=_is_open,
        ),
        Bulk(
            "prioritaet",
            "chart",
            Deed.PRIORITIZE,
            _("Priority"),
            bulk_forms.RankForm,
            lambda report, by, version, given: planning.set_priority(
                report, given["priority"], by=by, version=version
            ),
        ),
        Bulk(
            "zieltermin",
            "calendar",
            Deed.RESCHEDULE,
            _("Target date"),
            bulk_forms.DueForm,
            lambda report, by, version, given: planning.set_deadline(
                report, given["due_on"], by=by, reason=given["reason"], version=version
            ),
            "public",
            fits=_is_open,
            tells=_tells,
        ),
        Bulk(
            "wiedervorlage",
            "bell",
            Deed.RESUBMIT,
            _("Look at it again"),
            bulk_forms.ComeBackForm,
            lambda report, by, version, given: planning.resubmit(
                report, given["on"], by=by, text=given["text"], version=version
            ),
            fits=lambda report, given: report.is_open or not given["on"],
        ),
        Bulk(
            "tagesliste",
            "list",
            Deed.SCHEDULE,
            _("Put on a crew's day list"),
            bulk_forms.CrewForm,
            lambda report, by, version, given: crews.put(
                report, given["crew"], given["day"], by=by, version=version
            ),
            fits=_is_open,
        ),
        Bulk(
            "berichtigung",
            "edit",
            Deed.CORRECT,
            _("Change the category"),
            bulk_forms.KindForm,
            lambda report, by, version, given: correcting.correct(
                report,
                by=by,
                category=given["category"],
                reason=given["reason"],
                version=version,
            ),
        ),
        Bulk(
            "freigabe",
            "eye",
            Deed.RELEASE,
            _("Publication"),
            bulk_forms.ExposureForm,
            _expose,
            "public",
        ),
        Bulk(
            "ablehnung",
            "cross",
            Deed.REJECT,
            _("No action"),
            bulk_forms.RejectForm,
            lambda report, by, version, given: triage.reject(
                report, by=by, reason=given["reason"], version=version
            ),
            "public",
            fits=lambda report, given: Status.NO_ACTION in MOVES[Status(report.status)],
            tells=_tells,
        ),
        Bulk(
            "wiedereroeffnung",
            "undo",
            Deed.REOPEN,
            _("Open again"),
            bulk_forms.OpenAgainForm,
            lambda report, by, version, given: triage.reopen(
                report, by=by, reason=given["reason"], version=version
            ),
            "public",
            fits=lambda report, given: Status.NEW in MOVES[Status(report.status)],
            tells=_tells,
        ),
    )
}
