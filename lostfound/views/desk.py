"""The counter's start page: scan or type, what is to do today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lostfound import panels
from lostfound.counter import counter_only, office_of
from lostfound.models import Office
from lostfound.panels import Counter
from townhall import live
from townhall.views.sign_in import StaffRequest, wants_fragment


@dataclass(frozen=True)
class Number:
    counter: Counter
    count: int

    @property
    def url(self) -> str:
        page = reverse(self.counter.url_name)
        return f"{page}?{self.counter.query}" if self.counter.query else page


@require_GET
@counter_only
def start(request: StaffRequest) -> HttpResponse:
    cursor = live.cursor()  # first: what happens while we read is told again rather than missed
    office = office_of(request)
    facts: dict[str, Any] = {"office": office, "cursor": cursor}
    if office is not None:
        facts |= {"numbers": _numbers(office), "panels": panels.of_office(office, request.user)}
    piece = wants_fragment(request)
    return render(request, f"lostfound/desk/{'_today' if piece else 'start'}.html", facts)


def _numbers(office: Office) -> list[Number]:
    today = timezone.localdate()
    return [Number(each, each.count(office, today)) for each in panels.counters()]
