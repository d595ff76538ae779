"""The desk's list as a file. The list posts its ticked check boxes as `codes`; none: all of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.deeds.bulk import Pick
from reports.desk import export
from reports.desk.wish import Wish
from townhall.people import scope_of
from townhall.spreadsheets import as_csv
from townhall.views.sign_in import StaffRequest, staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def list_csv(request: StaffRequest) -> HttpResponse:
    """The list of the address, as its filters and order say."""
    if not scope_of(request.user).sees_reports:
        raise Http404
    today = timezone.localdate()
    picked = map(Pick.parse, request.POST.getlist("codes"))  # more than bulk takes at once
    codes = [pick.code for pick in picked if pick]
    rows = list(export.rows(Wish.parse(request.GET), request.user, today=today, codes=codes))
    if len(rows) == export.MOST:
        words = _("The table ends after %(n)s reports. Filter the list for the others.")
        rows.append([words % {"n": export.MOST}])
    response = HttpResponse(as_csv(export.columns(), rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("Reports")}-{today}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
