"""The page behind the link in an alarm: for a phone, at night, without an account.

The token is the whole right. A GET confirms nothing, because mail scanners open links: buttons do.
"""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from reports.hazards import hazard
from reports.models import Call, Photo
from townhall import photos
from townhall.guards import confidential, refuse_cross_site

LONGEST_TEXT = 1000


class SecuredForm(forms.Form):
    """How the place was made safe, and by whom if not by the one who was called."""

    how = forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Write down how the place is safe, such as: barrier set up."),
            "max_length": _("Shorten the text to 1,000 characters."),
        },
    )
    by = forms.CharField(
        required=False,
        max_length=hazard.LONGEST_NAME,
        error_messages={"max_length": _("Shorten the name to 120 characters.")},
    )
    use_required_attribute = False


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def alarm(request: HttpRequest, token: str) -> HttpResponse:
    """GET: what, where, the button. POST `schritt=annahme`: it is answered; `=gesichert`: safe."""
    try:
        if request.method == "POST":
            return _do(request, token)
        if request.method == "HEAD":
            return _page(request, hazard.call_of(token, now=timezone.now()), token)
        return _page(request, hazard.open_link(token), token)
    except hazard.Unknown:
        return render(request, "reports/alarm_over.html", status=404)
    except hazard.Expired as expired:
        facts = {"call": expired.call, "alarm": expired.call.alarm}
        return render(request, "reports/alarm_over.html", facts, status=410)


def _do(request: HttpRequest, token: str) -> HttpResponse:
    if request.POST.get("schritt") != "gesichert":
        hazard.answer(token, via="link")
    else:
        form = SecuredForm(request.POST)
        if not form.is_valid():
            call = hazard.call_of(token, now=timezone.now())
            return _page(request, call, token, form=form, status=422)
        hazard.make_safe(token, **form.cleaned_data)
    return HttpResponseRedirect(reverse("alarm", args=[token]), status=303)


def _page(
    request: HttpRequest,
    call: Call,
    token: str,
    *,
    form: SecuredForm | None = None,
    status: int = 200,
) -> HttpResponse:
    report = call.alarm.report
    facts = {
        "call": call,
        "alarm": call.alarm,
        "report": report,
        "token": token,
        "form": form or SecuredForm(),
        "photos": list(report.photos.select_related("image")),
    }
    return render(request, "reports/alarm.html", facts, status=status)


@confidential
@require_safe
def alarm_photo(request: HttpRequest, token: str, image_id: UUID, size: str) -> HttpResponseBase:
    """Released or not: who is called must see it."""
    try:
        call = hazard.call_of(token, now=timezone.now())
    except (hazard.Unknown, hazard.Expired):
        raise Http404 from None
    photo = get_object_or_404(
        Photo.objects.select_related("image"), image_id=image_id, report=call.alarm.report_id
    )
    return photos.file_response(photo.image, "thumb" if size == "thumb" else "full")
