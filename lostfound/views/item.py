"""The page of one found thing, for the counter that keeps it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lostfound import panels
from lostfound.counter import counter_only, item_of
from townhall.views.sign_in import StaffRequest


@require_GET
@counter_only
def item_page(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    facts = {
        "item": item,
        "office": item.office,
        "panels": panels.of_item(item, request.user),
        "events": item.events.select_related("actor"),
        "custody": item.custody.select_related("by", "witness"),
        "parts": item.parts.order_by("pk"),
    }
    return render(request, "lostfound/item/page.html", facts)
