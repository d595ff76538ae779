"""Deeds of the counter about what the public reads of a thing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lostfound.counter import counter_only, item_of
from lostfound.searching import pictures, publishing
from lostfound.searching.panel import why_not
from lostfound.searching.publishing import WITHHOLDABLE, NotPublishable
from townhall.codes import uuid_in
from townhall.photos import PhotoRefused
from townhall.views.sign_in import StaffRequest


@require_POST
@counter_only
def listing_publish(request: StaffRequest, code: str) -> HttpResponse:
    """Publish it, or hold back more or less of it."""
    item = item_of(request, code)
    withheld = [fact for fact in request.POST.getlist("withheld") if fact in WITHHOLDABLE]
    try:
        publishing.publish(item, by=request.user, withheld=withheld)
    except NotPublishable as refusal:
        messages.error(request, " ".join(map(str, why_not(refusal.answer.missing))))
    else:
        messages.success(request, _("Everybody can find it now."))
    return redirect("fund-item", item.code)


@require_POST
@counter_only
def listing_picture(request: StaffRequest, code: str) -> HttpResponse:
    """`image`: of which photo; none: show none any more. `is_clear`: not in coarse blocks."""
    item = item_of(request, code)
    chosen = uuid_in(request.POST.get("image", ""))
    if chosen is None:
        pictures.hide(item, by=request.user)
        messages.success(request, _("The photo is out of public view."))
        return redirect("fund-item", item.code)
    try:
        pictures.show(item, chosen, by=request.user, is_clear="is_clear" in request.POST)
    except (pictures.NotShown, PhotoRefused):
        messages.error(request, _("This photo can’t be shown."))
    else:
        messages.success(request, _("Everybody can see the photo now."))
    return redirect("fund-item", item.code)


@require_POST
@counter_only
def listing_end(request: StaffRequest, code: str) -> HttpResponse:
    item = item_of(request, code)
    reason = " ".join(request.POST.get("reason", "").replace("\0", " ").split())[:200]
    publishing.unpublish(item, by=request.user, reason=reason)
    messages.success(request, _("It is out of public view."))
    return redirect("fund-item", item.code)
