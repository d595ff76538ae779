"""What reporters do to a report of their own by its link: change it, take it back, have it erased.

The page for changing is one plain form. Each button posts all of it, so nothing that was put in is
lost when a photo is taken out, an address looked for, or a category asks something else. Whoever
goes to pixelate a photo finds the rest as it was left.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from geo.points import written
from reports.models import Contact, Photo, Publication, Report
from reports.receiving import unsent
from reports.receiving.drafts import Refused
from reports.receiving.forms import MAX_DESCRIPTION, ReportForm
from reports.voices import amending
from townhall import doors, photos, sites
from townhall.guards import confidential, in_measure, refuse_cross_site
from townhall.limits import TooMany

from .form import take_in, take_out
from .sheet import Sheet

PARTS = ("place", "hits")  # what a script may ask for by `?teil=`, as of the form


# ── Changing ─────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def own_change(request: HttpRequest, token: str, kept: str = "") -> HttpResponse:
    """Words and photos, and while nobody works on it category and place as well.

    `kept`: the link of changes that were begun; what is unknown or forgotten shows it as it is.
    """
    report = _own(token)
    if not amending.may_change(report, now=timezone.now()):
        return _over(request, token, report)
    if request.method != "POST":
        return _show(request, token, report, _as_left(kept) or _as_it_is(report))
    form = ReportForm(request.POST)
    take_out(form, request.POST.get("remove", ""))
    refusals = _uploaded(request, form)
    if refusals:
        form.refuse({"photo": refusals})
        return _with_problems(request, token, report, form)
    if chosen := request.POST.get("pixelate"):
        return _to_pixels(request, token, report, form, chosen)
    match request.POST.get("action"):
        case "save" if not request.POST.get("remove"):
            return _save(request, token, report, form)
        case action:
            return _show(request, token, report, form, searches=action == "find-place")


def _as_left(kept: str) -> ReportForm | None:
    begun = unsent.CHANGES.find(kept) if kept else None
    return ReportForm.of(begun.fields) if begun else None


def _as_it_is(report: Report) -> ReportForm:
    prefix = f"answer.{report.category.code}."
    own = Photo.objects.filter(report=report, remark=None).order_by("position")
    fields = {
        "client_id": [str(uuid.uuid4())],
        "spot": [written(report.position)],
        "category": [report.category.code],
        "description": [report.description],
        "photos": [str(image_id) for image_id in own.values_list("image_id", flat=True)],
        "private": ["1"] if report.publication == Publication.NEVER else [],
    }
    for code, answer in report.answers.items():
        fields[prefix + code] = [str(each) for each in _many(answer)]
    return ReportForm.of(fields)


def _many(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


def _uploaded(request: HttpRequest, form: ReportForm) -> list[Any]:
    """Sentences about what was refused."""
    uploads = request.FILES.getlist("photo")
    if not uploads:
        return []
    try:
        doors.count(request, doors.by_client(request, "photos", cost=len(uploads)))
    except TooMany as refused:
        return [doors.told(refused)]
    return take_in(form, uploads, [])


def _to_pixels(
    request: HttpRequest, token: str, report: Report, form: ReportForm, chosen: str
) -> HttpResponse:
    """On to the page that pixelates a photo, with everything kept."""
    image_id = next((each for each in form.photo_ids if str(each) == chosen), None)
    if image_id is None or not unsent.CHANGES.keep(form.client_uuid, form.contents()):
        return _show(request, token, report, form)
    kept = unsent.CHANGES.token_of(form.client_uuid)
    return HttpResponseRedirect(reverse("own-pixels", args=[token, kept, image_id]), status=303)


def _save(request: HttpRequest, token: str, report: Report, form: ReportForm) -> HttpResponse:
    if not form.is_valid():
        return _with_problems(request, token, report, form)
    try:
        amending.change(token, form.draft(), version=_version(request, report))
    except Refused as refusal:
        form.refuse(refusal.errors)
        return _with_problems(request, token, report, form)
    except amending.BegunOn:
        form.complain("category", _("We have begun to work on it: category and place stay."))
        return _with_problems(request, token, report, form, status=409)
    except amending.ChangedMeanwhile as meanwhile:
        report.version = meanwhile.version
        sentence = _("You have changed the report in another window. Save again to keep this one.")
        form.complain("send", sentence)
        return _with_problems(request, token, report, form, status=409)
    except amending.OverNow:
        return _over(request, token, _own(token))
    goal = f"{reverse('own-report', args=[token])}?dank=geaendert#dank"
    return HttpResponseRedirect(goal, status=303)


def _version(request: HttpRequest, report: Report) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else report.version


def _with_problems(
    request: HttpRequest, token: str, report: Report, form: ReportForm, *, status: int = 422
) -> HttpResponse:
    return _show(request, token, report, form, status=status)


def _show(
    request: HttpRequest,
    token: str,
    report: Report,
    form: ReportForm,
    *,
    status: int = 200,
    searches: bool = False,
) -> HttpResponse:
    sheet = Sheet(form)
    sheet.shows_problems = status >= 400
    if searches:
        sheet.has_searched = True
        sheet.area_keys = sites.area_keys(sites.site_of(request))
    kept = set(Photo.objects.filter(report=report).values_list("image_id", flat=True))
    facts = {
        "token": token,
        "report": report,
        "sheet": sheet,
        "form": form,
        "pictures": [{"image": image, "is_kept": image.pk in kept} for image in sheet.images],
        "until": timezone.localtime(amending.until(report)),
        "fixed": _fixed(form),
        "may_move": amending.may_move(report, now=timezone.now()),
        "max_photos": photos.MAX_PHOTOS,
        "max_description": MAX_DESCRIPTION,
        "map": sites.crosshair(request),
    }
    wanted = [part for part in request.GET.get("teil", "").split(",") if part in PARTS]
    if wanted:
        parts = (render_to_string(f"reports/form/_{part}.html", facts, request) for part in wanted)
        return HttpResponse("\n".join(parts), status=status)
    return render(request, "reports/own/change.html", facts, status=status)


def _fixed(form: ReportForm) -> list[tuple[str, str]]:
    """What the page carries along where category and place stay."""
    return [
        (name, value)
        for name, values in form.contents()
        for value in values
        if name in {"spot", "category"} or name.startswith("answer.")
    ]


def _over(request: HttpRequest, token: str, report: Report) -> HttpResponse:
    """The half hour is over: what can be done now. Nothing of it is lost on the page before."""
    facts = {"token": token, "report": report, "typed": request.POST.get("description", "")}
    return render(request, "reports/own/over.html", facts, status=409)


# ── Taking back ──────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def own_withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    """A page that says what happens, and a button."""
    report = _own(token)
    try:
        if request.method == "POST":
            amending.withdraw(token)
            return _done(token)
    except amending.OverNow:
        return _over(request, token, report)
    if report.withdrawn_at:
        return _done(token)
    if not amending.may_withdraw(report, now=timezone.now()):
        return _over(request, token, report)
    return _ask(request, token, report, "reports/own/withdraw.html")


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def own_erasure(request: HttpRequest, token: str) -> HttpResponse:
    """As above, at any time; afterwards nobody here knows who sent the report."""
    report = _own(token)
    if request.method == "POST":
        amending.erase(token)
        return _done(token)
    if report.erasure_asked_at:
        return _done(token)
    return _ask(request, token, report, "reports/own/erase.html")


@csrf_exempt
@refuse_cross_site
@confidential
@require_POST
def own_name(request: HttpRequest, token: str) -> HttpResponse:
    """The button beside what the public sees: my name no more."""
    _own(token)
    amending.hide_name(token)
    return _done(token)


def _ask(request: HttpRequest, token: str, report: Report, template: str) -> HttpResponse:
    contact = Contact.objects.filter(report=report).first()
    return render(request, template, {"token": token, "report": report, "contact": contact})


def _done(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("own-report", args=[token]), status=303)


def _own(token: str) -> Report:
    try:
        return Report.objects.by_token(token)
    except Report.DoesNotExist:
        raise Http404 from None
