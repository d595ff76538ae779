"""Day lists of the crews: the desk's page and sheet, and the page on the crew's phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from frontend.qr import qr_code
from reports.deeds import crews
from reports.deeds.crew_forms import CrewDayForm
from reports.deeds.crews import Said
from reports.deeds.forms import Complaint
from reports.deeds.work import NotAllowed
from reports.models import Crew, Report, Stop, StopState
from reports.receiving.drafts import Refused
from reports.views.remarks import stage_photos, uploads
from reports.views.thing import Thing
from reports.voices.forms import RemarkForm
from reports.workflow import Deed
from townhall import doors
from townhall.guards import confidential, in_measure, refuse_cross_site
from townhall.limits import TooMany
from townhall.links import link
from townhall.models import User
from townhall.views.sign_in import StaffRequest, staff_only


def _put(report: Report, by: User, form: CrewDayForm) -> object:
    given = form.cleaned_data
    try:
        return crews.put(report, given["crew"], given["day"], by=by, version=given["version"])
    except crews.Elsewhere:
        raise Complaint("crew", _("This crew does not work here. Choose another.")) from None


THINGS = (
    Thing(
        "tagesliste",
        "list",
        Deed.SCHEDULE,
        _("Put on a crew's day list"),
        _("It stands on the day list."),
        CrewDayForm,
        _put,
        lambda report: report.is_open and crews.crews_for(report).exists(),
    ),
)


# ── The desk ─────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def crews_page(request: StaffRequest) -> HttpResponse:
    """The list of one crew and day. POST: a stop goes up, down, to another day, or off."""
    known = list(crews.crews_of(request.user))
    if request.method == "POST":
        return _change(request, known)
    crew = _chosen(known, request.GET.get("trupp", ""))
    day = _day(request.GET.get("tag", ""))
    facts: dict[str, Any] = {"crews": known, "crew": crew, "day": day}
    if crew:
        facts |= _sheet_facts(crew, day)
    return render(request, "reports/staff/crews/page.html", facts)


@require_GET
@staff_only
def sheet_page(request: StaffRequest, pk: int, day: str) -> HttpResponse:
    """To print and to take along: A4, ticks and notes by hand."""
    crew = get_object_or_404(crews.crews_of(request.user), pk=pk)
    facts = {"crew": crew, "day": _day(day), **_sheet_facts(crew, _day(day))}
    for stop in facts["stops"]:
        stop.qr = qr_code(link("desk-report", stop.report.code), label=stop.report.shown_code)
    return render(request, "reports/staff/crews/sheet.html", facts)


def _sheet_facts(crew: Crew, day: dt.date) -> dict[str, Any]:
    page = link("crew", crews.link_token(crew, day))
    return {
        "stops": crews.stops_of(crew, day),
        "phone_page": page,
        "phone_qr": qr_code(page, label=str(_("Day list on the phone"))),
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1),
    }


def _change(request: StaffRequest, known: list[Crew]) -> HttpResponse:
    number = request.POST.get("halt", "")
    stops = Stop.objects.select_related("report", "crew").filter(crew__in=known)
    stop = stops.filter(pk=number).first() if number.isascii() and number.isdecimal() else None
    if stop is None:
        raise Http404
    try:
        _do(request, stop)
    except NotAllowed:
        messages.error(request, _("Your role does not allow this. Nothing has been changed."))
    page = f"{reverse('crews')}?trupp={stop.crew_id}&tag={stop.day.isoformat()}#halt-{stop.pk}"
    return HttpResponseRedirect(page, status=303)


def _do(request: StaffRequest, stop: Stop) -> None:
    match request.POST.get("schritt"):
        case "hoch" | "runter" as step:
            crews.move(stop, by=request.user, is_up=step == "hoch")
        case "weg":
            crews.take_off(stop, by=request.user)
            messages.success(request, _("It is off the list."))
        case "tag" if (day := parse_date_or_none(request.POST.get("tag", ""))) and not stop.state:
            crews.put(stop.report, stop.crew, day, by=request.user)
            messages.success(request, _("It is on the other day's list now."))


def _chosen(known: list[Crew], said: str) -> Crew | None:
    return next((crew for crew in known if str(crew.pk) == said), known[0] if known else None)


def parse_date_or_none(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _day(text: str) -> dt.date:
    day = parse_date_or_none(text)
    return day if day and 2000 < day.year < 2200 else timezone.localdate()


# ── The phone ────────────────────────────────────────────────────────────────────────────────
class CrewAnswer(RemarkForm):
    stop = forms.IntegerField(min_value=1, max_value=2**62)
    state = forms.ChoiceField(choices=StopState.choices)


@csrf_exempt
@refuse_cross_site
@in_measure
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def crew_page(request: HttpRequest, token: str) -> HttpResponse:
    """The day's stops in order. A GET changes nothing. POST: what came of one of them."""
    try:
        opened = crews.open_link(token)
        if request.method != "POST":
            return _list(request, token, opened)
        return _take(request, token, opened)
    except (crews.Unknown, Report.DoesNotExist):
        return render(request, "reports/crew_over.html", status=404)
    except crews.Over:
        return render(request, "reports/crew_over.html", {"is_over": True}, status=410)


def _take(request: HttpRequest, token: str, opened: Any) -> HttpResponse:
    form = CrewAnswer(request.POST)
    try:
        if came := len(uploads(request)):
            doors.count(request, doors.by_client(request, "photos", cost=came))
        stage_photos(request, form)
        if not form.is_valid():
            return _list(request, token, opened, form, status=422)
        given = form.cleaned_data
        state = StopState(given["state"])
        said = Said(given["client_id"], state, given["text"], form.photo_ids)
        crews.answer(token, given["stop"], said)
    except TooMany as refused:
        form.complain("", doors.told(refused))
        return _list(request, token, opened, form, status=429)
    except Refused as refusal:
        form.refuse(refusal.errors)
        return _list(request, token, opened, form, status=422)
    except crews.Conflict:
        form.complain("", _("You have sent this already."))
        return _list(request, token, opened, form, status=409)
    page = reverse("crew", args=[token])
    return HttpResponseRedirect(f"{page}#halt-{given['stop']}", status=303)


def _list(
    request: HttpRequest,
    token: str,
    opened: Any,
    form: CrewAnswer | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    stops = crews.stops_of(opened.crew, opened.day)
    for stop in stops:
        is_this = form is not None and str(form["stop"].value() or "") == str(stop.pk)
        stop.form = form if is_this else CrewAnswer.blank()  # type: ignore[attr-defined]
    facts = {
        "crew": opened.crew,
        "day": opened.day,
        "stops": stops,
        "form": form,
        "done": sum(bool(stop.state) for stop in stops),
        "token": token,
    }
    return render(request, "reports/crew.html", facts, status=status)
