"""Day lists of the crews: the desk's page and sheet, and the page on the crew's phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend.problems import problem
from frontend.qr import qr_code
from geo.ways import length_m
from reports.deeds import crews
from reports.deeds.crew_forms import CrewDayForm
from reports.deeds.crews import Said
from reports.deeds.forms import Complaint
from reports.deeds.planning import can_be_due
from reports.deeds.work import NotAllowed
from reports.models import Crew, CrewLink, Report, Stop, StopState
from reports.receiving.drafts import Refused
from reports.views.remarks import stage_photos, uploads
from reports.views.thing import Thing
from reports.voices.forms import RemarkForm
from reports.workflow import Deed, IllegalMove
from townhall import doors, live
from townhall.guards import confidential, in_measure, refuse_cross_site
from townhall.limits import TooMany
from townhall.links import link
from townhall.models import Department, Municipality, User
from townhall.people import scope_of
from townhall.views.sign_in import StaffRequest, staff_only

MOST_AT_ONCE = 200
KEEP = "Augenmerk-Keep"  # until when a crew's phone may keep the page; "no": not at all


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
    """The list of one crew and day. POST: its order, other lists, its link."""
    cursor = live.cursor()  # first: what happens while we read is told again rather than missed
    known = list(crews.crews_of(request.user))
    if request.method == "POST":
        return _change(request, known)
    crew = _chosen(known, request.GET.get("trupp", ""))
    day = _day(request.GET.get("tag", ""))
    facts: dict[str, Any] = {"crews": known, "crew": crew, "day": day}
    if crew:
        facts |= _page_facts(request, crew, day)
        facts["days"] = _days(known, day)
        facts["may_plan"] = crews.may_plan(request.user, crew)
        facts |= {"cursor": cursor, "topics": " ".join(_topics(request.user))}
    return render(request, "reports/staff/crews/page.html", facts)


@require_GET
@staff_only
def sheet_page(request: StaffRequest, pk: int, day: str) -> HttpResponse:
    """To print and to take along: A4, a map, ticks and notes by hand."""
    crew = get_object_or_404(crews.crews_of(request.user), pk=pk)
    facts = {"crew": crew, "day": _day(day), **_page_facts(request, crew, _day(day))}
    for stop in facts["stops"]:
        stop.qr = qr_code(link("desk-report", stop.report.code), label=stop.report.shown_code)
    return render(request, "reports/staff/crews/sheet.html", facts)


def _page_facts(request: StaffRequest, crew: Crew, day: dt.date) -> dict[str, Any]:
    stops = crews.stops_of(crew, day)
    facts: dict[str, Any] = {
        "stops": stops,
        "stand": crews.stand_of(stops),
        "open": sum(not stop.state for stop in stops),
        "way_m": length_m([stop.report.position for stop in stops]),
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1),
        "next_day": max(day, timezone.localdate()) + dt.timedelta(days=1),
        "may_hand_out": crews.may_hand_out(request.user, crew),
    }
    if facts["may_hand_out"]:
        opened = crews.link_of(crew, day)
        page = link("crew", crews.token_of(opened))
        facts["phone_page"] = page
        facts["phone_qr"] = qr_code(page, label=str(_("Day list on the phone")))
        facts["phone_until"] = opened.last_day
        facts["is_phone_over"] = opened.last_day < timezone.localdate()
    return facts


def _topics(user: User) -> list[str]:
    """What tells of all reports that may stand on their lists."""
    scope = scope_of(user)
    towns = Municipality.objects.filter(pk__in=scope.municipality_ids).values_list("key", flat=True)
    teams = Department.objects.filter(pk__in=scope.department_ids).values_list("slug", flat=True)
    return [f"staff:{key}" for key in towns] + [f"team:{slug}" for slug in teams]


def _days(known: list[Crew], day: dt.date) -> list[tuple[Crew, int, int]]:
    """Each crew with its stops of the day and how many are answered."""
    counts = crews.counted(known, day)
    return [(crew, *counts.get(crew.pk, (0, 0))) for crew in known]


def _change(request: StaffRequest, known: list[Crew]) -> HttpResponse:
    crew, day = _list_meant(request, known)
    try:
        _do(request, crew, day, known)
    except NotAllowed:
        messages.error(request, _("Your role does not allow this. Nothing has been changed."))
    except crews.Changed:
        messages.warning(
            request,
            _("Somebody else has changed the list meanwhile. This is how it stands now."),
        )
    anchor = f"#halt-{request.POST['halt']}" if request.POST.get("schritt") in _STEPS else ""
    page = f"{reverse('crews')}?trupp={crew.pk}&tag={day.isoformat()}{anchor}"
    return HttpResponseRedirect(page, status=303)


_STEPS = {"hoch": True, "runter": False}


def _list_meant(request: StaffRequest, known: list[Crew]) -> tuple[Crew, dt.date]:
    """The list that was open: named, or that of the stop. Raises Http404."""
    if request.POST.get("schritt") in {"ordnen", "neuer-link", "verschieben", "weg"}:
        named = [crew for crew in known if str(crew.pk) == request.POST.get("trupp")]
        if named:
            return named[0], _day(request.POST.get("tag", ""))
    stops = _stops_meant(request, known)
    if not stops:
        raise Http404
    return stops[0].crew, stops[0].day


def _stops_meant(request: StaffRequest, known: list[Crew]) -> list[Stop]:
    numbers = [each for each in request.POST.getlist("halt") if each.isascii() and each.isdecimal()]
    found = Stop.objects.select_related("report", "crew").filter(
        crew__in=known, pk__in=numbers[:MOST_AT_ONCE]
    )
    return list(found)


def _do(request: StaffRequest, crew: Crew, day: dt.date, known: list[Crew]) -> None:
    by, stand = request.user, request.POST.get("stand", "")
    stops = _stops_meant(request, known)
    match request.POST.get("schritt"):
        case "hoch" | "runter" as step if stops:
            crews.move(stops[0], by=by, is_up=_STEPS[step], stand=stand)
        case "ordnen":
            crews.arrange(crew, day, by=by, stand=stand)
            messages.success(request, _("Hazards first, then the short way."))
        case "neuer-link":
            crews.renew_link(crew, day, by=by)
            messages.success(request, _("This is the new link. The old one opens nothing now."))
        case "weg" | "verschieben" if not stops:
            messages.warning(request, _("Tick the stops that you mean, then press again."))
        case "weg":
            for stop in stops:
                crews.take_off(stop, by=by)
            messages.success(request, _told_off(len(stops)))
        case "verschieben":
            _move_away(request, stops, known)


def _told_off(count: int) -> str:
    return ngettext("It is off the list.", "%(n)s stops are off the list.", count) % {"n": count}


def _move_away(request: StaffRequest, stops: list[Stop], known: list[Crew]) -> None:
    """To another crew's list, or another day's. What was answered stays where it is."""
    goal = next((each for each in known if str(each.pk) == request.POST.get("zu-trupp")), None)
    day = parse_date_or_none(request.POST.get("zu-tag", ""))
    if goal is None or day is None or not can_be_due(day):
        messages.error(request, _("Choose a crew, and a day from today on."))
        return
    refused = []
    for stop in (each for each in stops if not each.state):
        try:
            crews.put(stop.report, goal, day, by=request.user)
        except (crews.Elsewhere, IllegalMove):
            refused.append(stop.report.shown_code)
    if refused:
        words = _("%(crew)s does not work there, or the report is closed: %(codes)s.")
        messages.error(request, words % {"crew": goal.name, "codes": ", ".join(refused)})
    moved = len([each for each in stops if not each.state]) - len(refused)
    if moved:
        facts = {"n": moved, "crew": goal.name, "day": date_format(day)}
        told = ngettext(
            "It is on the list of %(crew)s for %(day)s now.",
            "%(n)s stops are on the list of %(crew)s for %(day)s now.",
            moved,
        )
        messages.success(request, told % facts)


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
    # Milliseconds since 1970 by the phone's clock: it may have waited for a network.
    at = forms.FloatField(required=False, min_value=0, max_value=1e13)

    def said(self) -> Said:
        """Of a valid form."""
        given = self.cleaned_data
        at = given["at"]
        moment = dt.datetime.fromtimestamp(at / 1000, tz=dt.UTC) if at else None
        return Said(
            given["client_id"], StopState(given["state"]), given["text"], self.photo_ids, moment
        )


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
        return _over(request, {}, status=404)
    except crews.Over as over:
        facts = {"is_over": True, "is_revoked": isinstance(over, crews.Revoked)}
        return _over(request, facts, status=410)


@csrf_exempt
@refuse_cross_site
@in_measure
@confidential
@require_POST
def hand_in(request: HttpRequest, token: str) -> HttpResponse:
    """An answer that waited on the phone; its photos were sent ahead. The same again: 200.

    Else a problem document: 422 ("photos" alone: send these again), 404, 409, 410.
    """
    form = CrewAnswer(request.POST)
    if not form.is_valid():
        return _refused({name: list(map(str, form.errors[name])) for name in form.errors})
    try:
        is_new = crews.answer(token, form.cleaned_data["stop"], form.said())
    except Refused as refusal:
        return _refused({name: list(map(str, said)) for name, said in refusal.errors.items()})
    except crews.Conflict:
        return problem(409, detail=str(_("You have sent this already.")))
    except (crews.Unknown, Report.DoesNotExist):
        return problem(404, detail=str(_("This stop is not on your list any more.")))
    except crews.Over:
        return problem(410, detail=str(_("This link is not valid any more.")))
    return JsonResponse({"code": str(form.cleaned_data["stop"])}, status=201 if is_new else 200)


def _refused(errors: dict[str, list[str]]) -> HttpResponse:
    return problem(422, detail=next(iter(errors.values()))[0], errors=errors)


def _over(request: HttpRequest, facts: dict[str, Any], *, status: int) -> HttpResponse:
    """Says nothing of the list; a phone that has kept it forgets it."""
    page = render(request, "reports/crew_over.html", facts, status=status)
    page[KEEP] = "no"
    return page


def _take(request: HttpRequest, token: str, opened: CrewLink) -> HttpResponse:
    form = CrewAnswer(request.POST)
    try:
        if came := len(uploads(request)):
            doors.count(request, doors.by_client(request, "photos", cost=came))
        stage_photos(request, form)
        if not form.is_valid():
            return _list(request, token, opened, form, status=422)
        crews.answer(token, form.cleaned_data["stop"], form.said())
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
    return HttpResponseRedirect(f"{page}#halt-{form.cleaned_data['stop']}", status=303)


def _list(
    request: HttpRequest,
    token: str,
    opened: CrewLink,
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
        "now": timezone.now(),
    }
    page = render(request, "reports/crew.html", facts, status=status)
    if form is None:
        page[KEEP] = http_date(_end_of(opened.last_day).timestamp())
    return page


def _end_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
