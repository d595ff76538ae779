"""The outbox page: letters that did not leave, why, and another try."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from townhall import letters, outbox
from townhall.models import Letter
from townhall.outbox import SHELVES, Wish

from .sign_in import StaffRequest, staff_only


@require_safe
@staff_only
def outbox_page(request: StaffRequest) -> HttpResponse:
    """Letters of the user's own towns; 404 for who has none to look after."""
    if not outbox.municipality_ids(request.user):
        raise Http404
    wish = Wish.parse(request.GET)
    counts = outbox.counters(request.user)
    facts = {
        "wish": wish,
        "page": outbox.page_of(wish, request.user),
        "shelves": [
            {"shelf": shelf, "count": counts.get(slug), "is_here": shelf is wish.shelf}
            for slug, shelf in SHELVES.items()
        ],
    }
    response = render(request, "townhall/outbox.html", facts)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@staff_only
def dispatch(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Another round of attempts, at once."""
    wish = Wish.parse(request.GET)
    mine = outbox.municipality_ids(request.user)
    try:
        is_on_its_way = letters.send_again(letter_id, by=request.user, municipality_ids=mine)
    except Letter.DoesNotExist:
        raise Http404 from None
    outbox.forget_sign(request.user)
    if is_on_its_way:
        messages.success(request, _("The letter is on its way again."))
    else:
        messages.info(request, _("The letter has left the house in the meantime."))
    page = reverse("outbox")
    return HttpResponseRedirect(f"{page}?{wish.query}" if wish.query else page, status=303)
