"""The pages behind „Betrifft mich auch“ and „Folgen“, and a report's feed.

Without scripts each of them is a page with a plain form. What a button does hangs on a token in the
address, and nobody's browser is asked to remember anything: docs/adr/0014-voices-without-names.md.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from reports.models import Report
from reports.publicity import feeds
from reports.receiving.forms import AddressForm
from reports.voices import follow, support
from townhall import doors
from townhall.codes import normalise
from townhall.guards import confidential, in_measure, refuse_cross_site
from townhall.limits import TooMany


class FollowForm(AddressForm):
    """An address, and the page's own id: sent twice, it asks once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)


# ── A voice ──────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows the button, with an id of its own: pressed twice, it counts once."""
    report = _public(code)
    if request.method != "POST":
        return render(
            request, "reports/concern.html", {"report": report, "client_id": uuid.uuid4()}
        )
    try:
        client_id = uuid.UUID(request.POST.get("client_id", ""))
        doors.count(request, *doors.for_voice(request, report.code))
        voice = support.support(report.code, client_id=client_id)
    except TooMany as refused:
        return _too_many(request, report, refused)
    except (ValueError, support.Conflict):  # a form that was tampered with: a fresh one
        return HttpResponseRedirect(request.path, status=303)
    except support.Unknown:
        raise Http404 from None
    return HttpResponseRedirect(reverse("voice", args=[voice.token]), status=303)


def _too_many(request: HttpRequest, report: Report, refused: TooMany) -> HttpResponse:
    facts = {"report": report, "client_id": uuid.uuid4(), "problem": doors.told(refused)}
    answer = render(request, "reports/concern.html", facts, status=429)
    answer["Retry-After"] = str(refused.wait_s)
    return answer


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: HttpRequest, token: str) -> HttpResponse:
    """„Danke! Ist es schlimmer geworden?“ – and whatever else the holder of a voice may do."""
    try:
        if request.method == "POST":
            return _with_voice(request, token)
        held = support.voice_of(token)
    except support.Unknown:
        return render(request, "reports/voice_unknown.html", status=404)
    return _voice_page(request, held, FollowForm(initial={"client_id": uuid.uuid4()}))


def _with_voice(request: HttpRequest, token: str) -> HttpResponse:
    """Raises support.Unknown."""
    here = reverse("voice", args=[token])
    match request.POST.get("action", ""):
        case "worse":
            support.worsen(token)
            return HttpResponseRedirect(f"{here}?schlimmer=ja", status=303)
        case "as-before":
            return HttpResponseRedirect(f"{here}?schlimmer=nein", status=303)
        case "take-back":
            report = support.take_back(token)
            return HttpResponseRedirect(reverse("report-page", args=[report.code]), status=303)
        case "follow":
            return _follow_with(request, token)
    return HttpResponseRedirect(here, status=303)


def _follow_with(request: HttpRequest, token: str) -> HttpResponse:
    held = support.voice_of(token)
    form = FollowForm(request.POST)
    if form.is_valid() and _ask(request, form, held.report, voice=token):
        return HttpResponseRedirect(f"{reverse('voice', args=[token])}?folgen=ja", status=303)
    return _voice_page(request, held, form, status=422)


def _voice_page(
    request: HttpRequest, held: support.Voice, form: FollowForm, *, status: int = 200
) -> HttpResponse:
    report = held.report
    facts = {
        "report": report,
        "voice": held,
        "form": form,
        "is_answered": held.said_worse or request.GET.get("schlimmer") == "nein",
        "has_asked": request.GET.get("folgen") == "ja",
        "has_photos": request.GET.get("foto") == "ja",
    }
    return render(request, "reports/voice.html", facts, status=status)


# ── Letters ──────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def follow_page(request: HttpRequest, code: str) -> HttpResponse:
    """The page that takes an address; whether it follows already, only its mailbox learns."""
    report = _public(code)
    form = FollowForm(initial={"client_id": uuid.uuid4()})
    status = 200
    if request.method == "POST":
        form = FollowForm(request.POST)
        if form.is_valid() and _ask(request, form, report):
            return HttpResponseRedirect(f"{request.path}?geschickt=ja", status=303)
        status = 422
    facts = {"report": report, "form": form, "has_asked": "geschickt" in request.GET}
    return render(request, "reports/follow.html", facts, status=status)


def _ask(request: HttpRequest, form: FollowForm, report: Report, *, voice: str = "") -> bool:
    """Whether the question is on its way; else the form says why not."""
    given: dict[str, Any] = form.cleaned_data
    try:
        doors.count(request, doors.by_client(request, "answers"), doors.by_mailbox(given["email"]))
        follow.ask(report.code, language=get_language() or "de", voice=voice, **given)
    except TooMany as refused:
        form.add_error("email", doors.told(refused))
    except follow.Conflict:
        form.data = {**form.data, "client_id": str(uuid.uuid4())}
        form.add_error("email", _("This form was sent before with another address. Send it again."))
    except follow.Unknown:
        raise Http404 from None
    return form.is_valid()


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter. A mail scanner's GET confirms nothing: the button does."""
    try:
        if request.method == "POST":
            follow.confirm(token)
            return HttpResponseRedirect(request.path, status=303)
        row = follow.follower_of(token, confirms=True)
    except follow.Unknown:
        return render(request, "reports/follow_unknown.html", status=404)
    is_over = not row.gets_letters and row.is_past_confirming(timezone.now())
    facts = {"follower": row, "report": row.report, "is_over": is_over}
    return render(request, "reports/follow_confirm.html", facts, status=410 if is_over else 200)


@csrf_exempt
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def follow_end(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button. POST ends the letters at once (RFC 8058: mail programs do that).

    Not refused cross-site: a mail program's page may ask, and the token is the whole right.
    """
    try:
        if request.method == "POST":
            (follow.begin_again if request.POST.get("wieder") else follow.end)(token)
            return HttpResponseRedirect(request.path, status=303)
        row = follow.follower_of(token)
    except follow.Unknown:
        return render(request, "reports/follow_unknown.html", status=404)
    return render(request, "reports/follow_end.html", {"follower": row, "report": row.report})


# ── The feed ─────────────────────────────────────────────────────────────────────────────────
@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """What happens, for feed readers: only what everybody may read. ETag by its content."""
    report = _public(code)
    answer = HttpResponse(feeds.atom(report), content_type="application/atom+xml; charset=utf-8")
    answer["Cache-Control"] = "public, no-cache"
    return answer


def _public(code: str) -> Report:
    """Of a report that was joined with another, that one."""
    try:
        return support.public_report(normalise(code) or "")
    except support.Unknown:
        raise Http404 from None
