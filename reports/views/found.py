"""The report under an address, to one member of staff."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone

from reports.desk.case import Case, case_of
from reports.models import Report
from townhall.codes import normalise
from townhall.views.sign_in import StaffRequest


def case_at(request: StaffRequest, code: str) -> Case:
    """404 for others' reports and for nonsense."""
    try:
        return case_of(normalise(code) or "", request.user, today=timezone.localdate())
    except Report.DoesNotExist:
        raise Http404 from None
