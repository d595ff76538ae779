"""Label and receipt as PDF, for the printer beside the counter."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lostfound.counter import counter_only, item_of
from lostfound.models import FoundItem, Whose
from lostfound.personal import disclosure
from lostfound.receiving import papers as intake_papers
from townhall.papers import NotPrinted
from townhall.views.sign_in import StaffRequest

log = logging.getLogger(__name__)
WITH_PARTS = "teile"


@require_GET
@counter_only
def label(request: StaffRequest, code: str) -> HttpResponse:
    """The thing's label; with `?teile` those of what is inside, too."""
    item = item_of(request, code)
    wanted = FoundItem.objects.filter(pk=item.pk)
    if WITH_PARTS in request.GET:
        wanted |= FoundItem.objects.filter(part_of=item)
    items = list(wanted.select_related("office", "deadline").order_by("pk"))
    return _printed(request, item, lambda: intake_papers.labels(items), name="Etikett")


@require_GET
@counter_only
def receipt(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    disclosure.saw(item.part_of or item, Whose.FINDER, by=request.user)
    return _printed(request, item, lambda: intake_papers.receipt(item), name="Fundbescheinigung")


def _printed(
    request: StaffRequest, item: FoundItem, paper: Callable[[], bytes], *, name: str
) -> HttpResponse:
    """The paper; back to the thing with a word where the printer gave up."""
    try:
        content = paper()
    except NotPrinted as trouble:
        log.exception("No %s of found item %s: %s", name, item.pk, trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return redirect("fund-item", item.code)
    number = (item.file_number or item.shown_code).replace("/", "-")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}-{number}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
