"""`/verwaltung/einsicht`: who opened which report, for administrators of towns that keep it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.desk import reading
from townhall.codes import normalise
from townhall.views.sign_in import StaffRequest, staff_only

MAX_WORDS = 80


@require_safe
@staff_only
def reading_log(request: StaffRequest) -> HttpResponse:
    """`?meldung=` a number, `?person=` words of a name, `?vor=` for the next page."""
    towns = reading.towns_of(request.user)
    if not towns:
        raise Http404
    said = request.GET.get("meldung", "")[:MAX_WORDS].strip()
    name = request.GET.get("person", "")[:MAX_WORDS].replace("\0", "").strip()
    code = normalise(said) if said else ""
    before = request.GET.get("vor", "")
    is_number = before.isascii() and before.isdigit() and len(before) < 18
    rows = list(
        reading.readings_in(
            towns, code=code or "", name=name, before=int(before) if is_number else None
        )
        if code is not None
        else ()
    )
    last = rows[reading.MOST - 1].pk if len(rows) > reading.MOST else None
    facts: dict[str, Any] = {
        "towns": towns,
        "readings": rows[: reading.MOST],
        "said": said,
        "name": name,
        "more": urlencode({"meldung": said, "person": name, "vor": last}) if last else "",
    }
    response = render(request, "reports/staff/reading_log.html", facts)
    response["Cache-Control"] = "private, no-store"
    return response
