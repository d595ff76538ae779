"""The counter's start page: scan or type, what is to do today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lostfound import lookup, panels
from lostfound.counter import counter_only, office_of
from lostfound.models import FoundItem, Office
from lostfound.panels import Counter
from townhall import live
from townhall.views.sign_in import StaffRequest, wants_fragment


@dataclass(frozen=True)
class Number:
    counter: Counter
    count: int

    @property
    def url(self) -> str:
        page, query = reverse(self.counter.url_name), self.counter.query
        if query.startswith("#"):
            return page + query
        return f"{page}?{query}" if query else page


@require_GET
@counter_only
def start(request: StaffRequest) -> HttpResponse:
    cursor = live.cursor()  # first: what happens while we read is told again rather than missed
    office = office_of(request)
    text = request.GET.get("q", "").strip()
    found = lookup.find(text, by=request.user) if text else None
    if found and found.url:
        return redirect(found.url)
    facts: dict[str, Any] = {"office": office, "cursor": cursor, "found": found}
    if office is not None:
        facts |= {
            "numbers": _numbers(office),
            "panels": panels.of_office(office, request.user),
            "latest": lookup.latest(office.pk),
        }
    piece = wants_fragment(request)
    return render(request, f"lostfound/desk/{'_today' if piece else 'start'}.html", facts)


def _numbers(office: Office) -> list[Number]:
    today = timezone.localdate()
    return [Number(each, each.count(office, today)) for each in panels.counters()]


def _received(office: Office, today: dt.date) -> int:
    since = timezone.make_aware(dt.datetime.combine(today, dt.time()))
    rows = FoundItem.objects.filter(office=office, received_at__gte=since)
    return rows.wholes().count()


def register() -> None:
    panels.register_counter(
        Counter(90, "fund-desk", "box", _("taken in today"), _received, query="#zuletzt")
    )
