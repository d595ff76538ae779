"""The deeds about who has a report and how soon it is dealt with, as things with addresses."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from reports.deeds import custody, hand_forms, merging, planning, sharing, splitting
from reports.deeds.forms import LONGEST_TEXT, DeedForm
from reports.deeds.work import NotAllowed
from reports.models import Report, Share
from reports.views.found import case_at
from reports.views.thing import Thing
from reports.workflow import Deed
from townhall.models import User
from townhall.views.sign_in import StaffRequest, staff_only


def _prioritize(report: Report, by: User, form: DeedForm) -> object:
    return planning.set_priority(report, by=by, **form.cleaned_data)


def _reschedule(report: Report, by: User, form: DeedForm) -> object:
    return planning.set_deadline(report, by=by, **form.cleaned_data)


def _resubmit(report: Report, by: User, form: DeedForm) -> object:
    return planning.resubmit(report, by=by, **form.cleaned_data)


def _refuse(report: Report, by: User, form: DeedForm) -> object:
    return custody.refuse(report, by=by, **form.cleaned_data)


def _separate(report: Report, by: User, form: DeedForm) -> object:
    return merging.separate(report, by=by, version=form.cleaned_data["version"])


def _share(report: Report, by: User, form: DeedForm) -> object:
    return sharing.ask(report, by=by, **form.cleaned_data)


def _split(report: Report, by: User, form: DeedForm) -> object:
    return splitting.split(report, by=by, **form.cleaned_data)


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
        "wiedervorlage",
        "bell",
        Deed.RESUBMIT,
        _("Look at it again"),
        _("It comes back on that day."),
        hand_forms.ResubmissionForm,
        _resubmit,
        lambda report: report.is_open,
        key="y",
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
    Thing(
        "mitwirkung",
        "users",
        Deed.SHARE,
        _("Ask another department for its part"),
        _("The department is asked for its part."),
        hand_forms.ShareForm,
        _share,
        lambda report: report.is_open,
    ),
    Thing(
        "teilung",
        "copy",
        Deed.SPLIT,
        _("Divide into two reports"),
        _("There are two reports now. The reporter is told once."),
        hand_forms.SplitForm,
        _split,
        lambda report: report.is_open,
    ),
)


@require_POST
@staff_only
def share_page(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    """A department's part is done. From then on it sees the report no longer."""
    case = case_at(request, code)
    share = Share.objects.filter(pk=pk, report=case.report).select_related("report").first()
    if share is None:
        raise Http404
    answer = request.POST.get("answer", "")[:LONGEST_TEXT].replace("\0", "")
    try:
        sharing.finish(share, by=request.user, answer=answer)
    except NotAllowed:
        messages.error(request, _("Your role does not allow this. Nothing has been changed."))
    else:
        messages.success(request, _("This part is done."))
    is_mine = Report.objects.in_sight_of(request.user).filter(pk=case.report.pk).exists()
    page = (
        reverse("desk-report", args=[code]) if is_mine else f"{reverse('desk')}?ansicht=mitwirkung"
    )
    return HttpResponse(status=303, headers={"Location": page})
