"""„Erledigt. [Rückgängig]“: the message that says so after a deed, and the button in it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from reports.deeds import undo
from reports.deeds.remembering import Batch
from reports.deeds.undo import TooLateToUndo, Why
from reports.desk.wish import Wish
from reports.models import Report, Undo
from reports.templatetags.undoing import tag
from townhall.views.sign_in import StaffRequest, staff_only

_REFUSALS = {
    Why.EXPIRED: _("Not taken back: the ten seconds are over, and letters have left."),
    Why.LEFT: _("Not taken back: a letter has just left."),
    Why.CHANGED: _("Not taken back: somebody has gone on working on it meanwhile."),
}


def say_done(request: StaffRequest, words: str, batch: Batch) -> None:
    """Tell what was done; as long as it can be taken back, with the button that does."""
    until = batch.until if batch.can_be_undone else None
    messages.success(request, words, extra_tags=tag(batch.id, until) if until else "")


@require_POST
@staff_only
def undo_page(request: StaffRequest, batch: UUID) -> HttpResponse:
    """Take back what this member of staff did with one press. 404 for what others did."""
    try:
        reports = undo.take_back(batch, by=request.user)
    except Undo.DoesNotExist:
        raise Http404 from None
    except TooLateToUndo as late:
        messages.error(request, _REFUSALS[late.why])
        reports = list(Report.objects.filter(pk__in=_about(batch)))
    else:
        messages.success(request, _("Taken back. It is as it was before."))
    response = HttpResponseRedirect(_page(request, reports))
    response.status_code = 303
    return response


def _about(batch: UUID) -> list[int]:
    return list(Undo.objects.filter(batch=batch).values_list("report_id", flat=True))


def _page(request: StaffRequest, reports: list[Report]) -> str:
    """The one report, or the list."""
    mine = Report.objects.in_care_of(request.user).filter(pk__in=[each.pk for each in reports])
    codes = list(mine.values_list("code", flat=True)[:2])
    page = reverse("desk-report", args=codes) if len(codes) == 1 else reverse("desk")
    query = Wish.parse(request.GET).query
    return f"{page}?{query}" if query else page
