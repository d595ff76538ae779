"""„Bereich verpixeln“: a photo with a grid to tick, or with rectangles drawn upon it by a script.

For residents before they send (the form's own link is the key) and while they may change what they
have sent (the report's is), and for staff at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.deeds import publishing, work
from reports.desk.case import Case, case_of
from reports.models import Photo, Report
from reports.receiving import unsent
from reports.voices import amending
from reports.workflow import Deed
from townhall import doors, photos
from townhall.capabilities import token_for
from townhall.codes import normalise
from townhall.guards import confidential, refuse_cross_site
from townhall.limits import TooMany
from townhall.models import Image
from townhall.unsent import Kept, Shelf
from townhall.views.sign_in import StaffRequest, staff_only


@dataclass(frozen=True)
class Pad:
    """A photo to draw upon. `picture`: its address, or the picture itself as a `data:` address."""

    image: Image
    picture: str
    number: int
    back: str
    ticked: Sequence[str] = ()
    trouble: Any = ""

    @property
    def rows(self) -> list[list[tuple[str, bool]]]:
        return photos.cells_of(self.image, self.ticked)


_NOTHING = _("Mark at least one area.")


# ── Residents ────────────────────────────────────────────────────────────────────────────────
Hide = Callable[[Image, list[photos.Area]], Image]


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def form_pixels(request: HttpRequest, token: str, image_id: UUID) -> HttpResponse:
    """A photo of a form that is not sent yet. It is replaced in the form, and deleted."""
    kept = unsent.SHELF.find(token)
    if kept is None:
        raise Http404
    if kept.is_sent:
        return redirect("report-thanks", token_for("view", kept.client_id))
    back = reverse("report-step", args=[token, "foto"])
    return _pixelate(request, unsent.SHELF, kept, image_id, back=back, hide=photos.redacted)


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def own_pixels(request: HttpRequest, token: str, kept: str, image_id: UUID) -> HttpResponse:
    """A photo of a report that is being changed: one that was sent with it, or a new one.

    `kept`: the link of the changes so far.
    """
    begun = unsent.CHANGES.find(kept)
    back = reverse("own-change-kept", args=[token, kept])
    if begun is None:
        return HttpResponseRedirect(back, status=303)

    def hide(image: Image, areas: list[photos.Area]) -> Image:
        if Photo.objects.filter(image=image).exists():
            return amending.redact(token, image.pk, areas=areas)
        return photos.redacted(image, areas)

    try:
        return _pixelate(request, unsent.CHANGES, begun, image_id, back=back, hide=hide)
    except (Report.DoesNotExist, Photo.DoesNotExist):
        raise Http404 from None
    except amending.OverNow:  # that page says so
        return HttpResponseRedirect(back, status=303)


def _pixelate(
    request: HttpRequest, shelf: Shelf, kept: Kept, image_id: UUID, *, back: str, hide: Hide
) -> HttpResponse:
    """The page, or the other picture in the form that is kept. `hide` makes it."""
    ids = kept.fields.get("photos", [])
    image = Image.objects.filter(pk=image_id).first() if str(image_id) in ids else None
    if image is None:
        return HttpResponseRedirect(back, status=303)
    pad = Pad(image, photos.inline(image), ids.index(str(image_id)) + 1, back)
    if request.method != "POST":
        return _show(request, "reports/form_pixels.html", pad)
    areas = photos.areas_in(dict(request.POST.lists()), image)
    if not areas:
        return _show(request, "reports/form_pixels.html", pad, trouble=_NOTHING)
    try:
        doors.count(request, doors.by_client(request, "photos"))
        new = hide(image, areas)
    except TooMany as refused:
        return _show(request, "reports/form_pixels.html", pad, trouble=doors.told(refused))
    except photos.PhotoRefused as refusal:
        words = photos.refusal_words(refusal.reason)
        return _show(request, "reports/form_pixels.html", pad, trouble=words)
    photos_now = [str(new.pk) if each == str(image_id) else each for each in ids]
    shelf.keep(kept.client_id, [*kept.fields.items(), ("photos", photos_now)])
    photos.drop(image_id)
    return HttpResponseRedirect(back, status=303)


# ── Staff ────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def desk_pixels(request: StaffRequest, code: str, image_id: UUID) -> HttpResponse:
    """A photo of a report. The picture as it was is gone for everybody, staff too."""
    case = _case(request, code)
    if not case.may(Deed.REDACT):
        raise PermissionDenied
    photo = publishing.photo_of(case.report, image_id)
    back = reverse("desk-report", args=[case.report.code])
    if photo is None:
        messages.warning(request, _("This photo has been changed meanwhile. Here is the report."))
        return HttpResponseRedirect(back, status=303)
    picture = reverse("desk-photo", args=[image_id, "full"])
    pad = Pad(photo.image, picture, photo.position + 1, back)
    page, facts = "reports/staff/pixels.html", {"case": case, "report": case.report}
    if request.method != "POST":
        return _show(request, page, pad, **facts)
    areas = photos.areas_in(dict(request.POST.lists()), photo.image)
    if not areas:
        return _show(request, page, pad, trouble=_NOTHING, **facts)
    try:
        publishing.redact(case.report, image_id, by=request.user, areas=areas)
    except work.NotAllowed:
        raise PermissionDenied from None
    except work.TooLate:
        messages.warning(request, _("This photo has been changed meanwhile. Here is the report."))
        return HttpResponseRedirect(back, status=303)
    except photos.PhotoRefused as refusal:
        return _show(request, page, pad, trouble=photos.refusal_words(refusal.reason), **facts)
    messages.success(request, str(_("The areas are pixelated. The picture as it was is deleted.")))
    return HttpResponseRedirect(back, status=303)


def _case(request: StaffRequest, code: str) -> Case:
    known = normalise(code)
    if known is None:
        raise Http404
    try:
        return case_of(known, request.user, today=timezone.localdate())
    except Report.DoesNotExist:
        raise Http404 from None


def _show(
    request: HttpRequest, page: str, pad: Pad, *, trouble: Any = "", **facts: Any
) -> HttpResponse:
    """The page; with what was ticked and what is wrong with it, if something is (422)."""
    ticked = request.POST.getlist("field")
    shown = Pad(pad.image, pad.picture, pad.number, pad.back, ticked, trouble)
    return render(request, page, facts | {"pad": shown}, status=422 if trouble else 200)
