"""What is to be forgotten, what was, and what the archive is offered. Numbers, no names."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lostfound.counter import counter_only
from lostfound.models import ArchiveAnswer, ArchiveOffer, FoundErasure
from lostfound.personal import forgetting
from lostfound.terms import policy_of
from lostfound.views.deadlines import office_or_404
from lostfound.views.setup import frame
from lostfound.wording import FORGETTING
from townhall.spreadsheets import as_csv
from townhall.views.sign_in import StaffRequest

AHEAD = dt.timedelta(days=30)
MOST = 500


@require_GET
@counter_only
def retention_page(request: StaffRequest) -> HttpResponse:
    office = office_or_404(request)
    today = timezone.localdate()
    mine = Q(office__municipality=office.municipality)
    lines = forgetting.forecast(today=today, until=today + AHEAD, items=mine)
    facts = frame(request, office.municipality, "aufbewahrung") | {
        "lines": [(FORGETTING[line.deed], line) for line in lines],
        "until": today + AHEAD,
        "runs": FoundErasure.objects.all()[:10],
        "offers": _offers(request),
        "policy": policy_of(office.municipality),
    }
    return render(request, "lostfound/setup/retention.html", facts)


@require_POST
@counter_only
def archive(request: StaffRequest) -> HttpResponse:
    """What the archive has said to some of its offers."""
    reply = request.POST.get("antwort", "")
    ids = [int(each) for each in request.POST.getlist("angebot")[:MOST] if each.isdigit()]
    ids = [each for each in ids if each < 2**63]
    if not ids or reply not in {ArchiveAnswer.NOTHING, ArchiveAnswer.TAKEN}:
        messages.warning(request, _("Choose at least one thing."))
    else:
        forgetting.answer(ids, ArchiveAnswer(reply), by=request.user)
        messages.success(request, _("Noted: their data are erased in the coming night."))
    return HttpResponseRedirect(reverse("fund-retention"), status=303)


@require_GET
@counter_only
def archive_file(request: StaffRequest) -> HttpResponse:
    """The offers as a table for the archive: what each case was, without names."""
    head = [_("Number"), _("Kind"), _("Found"), _("Law"), _("Stage"), _("Closed on"), _("Until")]
    rows = [
        [
            row.item.shown_code,
            str(row.item.thing.label),
            row.item.found_on.isoformat(),
            str(row.item.get_regime_display()),
            str(row.item.get_state_display()),
            timezone.localdate(row.item.closed_at).isoformat() if row.item.closed_at else "",
            row.until.isoformat(),
        ]
        for row in _offers(request)
    ]
    response = HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="archivangebot.csv"'
    return response


def _offers(request: StaffRequest) -> list[ArchiveOffer]:
    rows = ArchiveOffer.objects.filter(
        answer="", item__erased_at=None, item__office=office_or_404(request)
    )
    return list(rows.select_related("item").order_by("until", "pk")[:MOST])
