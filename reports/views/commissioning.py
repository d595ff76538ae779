"""Tasks for somebody outside, as the desk gives and ends them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from reports.deeds import commissioning
from reports.deeds.commissioning_forms import CommissionForm
from reports.deeds.work import NotAllowed
from reports.models import Commission, Report
from reports.views.found import case_at
from reports.views.thing import Thing
from reports.workflow import Deed
from townhall.models import User
from townhall.views.sign_in import StaffRequest, staff_only


def _give(report: Report, by: User, form: CommissionForm) -> object:
    version = form.cleaned_data["version"]
    return commissioning.give(report, form.task(), by=by, version=version)


THINGS = (
    Thing(
        "auftrag",
        "send",
        Deed.COMMISSION,
        _("Task for somebody outside"),
        _("The task has been mailed."),
        CommissionForm,
        _give,
        lambda report: report.is_open,
        key="w",
    ),
)


@require_POST
@staff_only
def end_page(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    """From then on the link opens nothing."""
    case = case_at(request, code)
    task = get_object_or_404(Commission.objects.select_related("report"), pk=pk, report=case.report)
    try:
        commissioning.end(task, by=request.user)
    except NotAllowed:
        messages.error(request, _("Your role does not allow this. Nothing has been changed."))
    else:
        messages.success(request, _("The task has ended. Its link opens nothing any more."))
    return HttpResponseRedirect(reverse("desk-report", args=[code]), status=303)
