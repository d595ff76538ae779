"""The form `/melden`: one page on a wide screen, a step at a time on a narrow one, plain on both.

Each button posts the whole form. What is put in is kept under the form's own link, and the answer
leads to the address of a step, so that going back and reloading lose nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from geo.points import point_from
from reports.models import Photo
from reports.receiving import intake, unsent
from reports.receiving.forms import LAST, MAX_DESCRIPTION, STEPS, ReportForm, step_of
from reports.voices import support
from townhall import doors, photos, sites
from townhall.capabilities import token_for
from townhall.codes import normalise
from townhall.guards import confidential, refuse_cross_site
from townhall.limits import TooMany

from .sheet import Sheet

# Parts of the page that a script may ask for by `?teil=`; each is a template and an element id.
PARTS = (
    "errors",
    "hazard",
    "photos",
    "place",
    "hits",
    "categories",
    "questions",
    "text",
    "duplicates",
    "contact",
    "summary",
    "preview",
)


Deed = Callable[[HttpRequest, Sheet], HttpResponse]


@csrf_exempt
@refuse_cross_site
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request: HttpRequest) -> HttpResponse:
    """GET: the empty form. POST: whatever its buttons ask for; only "send" makes a report."""
    if request.method == "POST":
        return _press(request)
    spot = point_from(f"{request.GET.get('lon', '')},{request.GET.get('lat', '')}")
    category = request.GET.get("category", "")
    return _show(request, Sheet(ReportForm.blank(spot=spot, category=category)))


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def report_step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """A step of a form that was begun: as it was left, or on to the thanks if it was sent."""
    if step not in STEPS:
        raise Http404
    if request.method == "POST":
        return _press(request)
    kept = unsent.SHELF.find(token)
    if kept is None:
        return _show(request, Sheet(ReportForm.blank()), status=404, is_gone=True)
    if kept.is_sent:
        return redirect("report-thanks", token_for("view", kept.client_id))
    return _show(request, _as_left(request, ReportForm.of(kept.fields), step))


def _as_left(request: HttpRequest, form: ReportForm, step: str) -> Sheet:
    sheet = Sheet(form, at=step)
    if _wants_search(form):
        _search(request, sheet)
    return sheet


def _press(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.POST)
    if picked := request.POST.get("pick"):
        form.pick(picked)
    if (answer := request.POST.get("photo_at", "")) in {"here", "photo"}:
        form.settle_photo(answer)
    sheet = Sheet(form, at="was" if picked else request.POST.get("step", ""))
    take_out(form, request.POST.get("remove", ""))
    uploads = request.FILES.getlist("photo")
    try:
        if uploads:
            doors.count(request, doors.by_client(request, "photos", cost=len(uploads)))
    except TooMany as refused:
        return _too_many(request, sheet, refused, field="photo")
    refusals = take_in(form, uploads, request.POST.getlist("photo_id"))
    if refusals:
        form.refuse({"photo": refusals})
        sheet.problems_of = "foto"
        return _with_problems(request, sheet)
    if chosen := request.POST.get("pixelate"):
        return _to_pixels(request, sheet, chosen)
    if request.POST.get("goto"):
        return _to(request, sheet, request.POST["goto"])
    if same := request.POST.get("same"):
        return _same(request, sheet, same)
    return _DEEDS.get(request.POST.get("action", ""), _stay)(request, sheet)


# ── Buttons ──────────────────────────────────────────────────────────────────────────────────
def _find_place(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    _search(request, sheet)
    return _to(request, sheet, "ort")


def _search(request: HttpRequest, sheet: Sheet) -> None:
    sheet.has_searched = True
    sheet.area_keys = sites.area_keys(sites.site_of(request))


def _wants_search(form: ReportForm) -> bool:
    """Something else stands in the address field than when the page was shown."""
    typed = form.data.get("place", "").strip()
    return bool(typed) and typed != form.data.get("place_before", "").strip()


def _stay(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Enter in some field, a photo taken out: look for the address or category that was typed."""
    if _wants_search(sheet.form):
        return _seen(_find_place(request, sheet), "ort")
    if sheet.words and sheet.entry is None:
        return _seen(_to(request, sheet, "was"), "was")
    return _to(request, sheet, "foto" if request.POST.get("remove") else sheet.at)


def _seen(answer: HttpResponse, step: str) -> HttpResponse:
    """A wide page has all steps: it shall open at this one."""
    if "Location" in answer:
        answer["Location"] += f"#{step}"
    return answer


def _to_step(step: str) -> Deed:
    def deed(request: HttpRequest, sheet: Sheet) -> HttpResponse:
        return _to(request, sheet, step)

    return deed


def _back(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return _to(request, sheet, sheet.beside(-1))


def _next(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """One step is finished: on to the next, unless something is wrong with it."""
    form = sheet.form
    if sheet.at == "ort" and _wants_search(form) and "teil" not in request.GET:
        return _find_place(request, sheet)
    if sheet.at == "ort" and sheet.is_elsewhere:
        form.complain("spot", sheet.elsewhere)
    if sheet.at == "ort" and form.point is None and form.data.get("place", "").strip():
        _search(request, sheet)
        if sheet.hits:  # they were shown, and none of them was taken
            form.errors.pop("spot", None)
            form.complain("spot", _("Choose one of the places that were found."))
    if sheet.at == "was" and sheet.entry:
        for field, complaint in sheet.questions.complaints().items():
            form.complain(field, complaint)
    if form.problems(sheet.at):
        sheet.problems_of = sheet.at
        return _with_problems(request, sheet)
    return _to(request, sheet, sheet.at if _has_more_to_ask(request, sheet) else sheet.onward())


def _has_more_to_ask(request: HttpRequest, sheet: Sheet) -> bool:
    """Without a script the page shows a question that hangs on an answer only after that one."""
    is_plain = "teil" not in request.GET and sheet.at == "was"
    return is_plain and sheet.questions.has_news(request.POST.getlist("asked"))


def _send(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = sheet.form
    if not form.is_valid():
        return _with_problems(request, sheet)
    draft = form.draft()
    knocks = [doors.by_client(request, "reports")]
    try:
        doors.count(request, *knocks, *([doors.by_mailbox(draft.email)] if draft.email else []))
        receipt = intake.submit(draft)
    except TooMany as refused:
        field = "email" if refused.name == "mailbox" else "send"
        return _too_many(request, sheet, refused, field=field)
    except intake.Refused as refusal:
        form.refuse(refusal.errors)
        return _with_problems(request, sheet)
    except intake.Conflict:
        return _sent_before(request, sheet)
    except intake.Erased:
        return render(request, "reports/erased.html", status=410)
    unsent.SHELF.mark_sent(draft.client_id)
    goal = reverse("report-thanks", args=[receipt.token])
    if "teil" in request.GET:
        return HttpResponse(status=201, headers={"Location": goal})
    return HttpResponseRedirect(goal, status=303)


def _same(request: HttpRequest, sheet: Sheet, code: str) -> HttpResponse:
    """„Ja, das ist es“: no report of one's own, but a voice and a photo for the one that is there.

    Pressed twice, it counts once: the voice's id follows from the form's own.
    """
    form = sheet.form
    known = normalise(code) or ""
    try:
        doors.count(request, *doors.for_voice(request, known))
        voice = support.support(
            known, client_id=uuid.uuid5(form.client_uuid, known), photo_ids=form.photo_ids
        )
    except TooMany as refused:
        return _too_many(request, sheet, refused, field="send")
    except support.Unknown:  # gone from public view since the page was shown
        return _to(request, sheet, "kontakt")
    goal = reverse("voice", args=[voice.token]) + ("?foto=ja" if form.photo_ids else "")
    if "teil" in request.GET:
        return HttpResponse(status=201, headers={"Location": goal})
    return HttpResponseRedirect(goal, status=303)


def _too_many(request: HttpRequest, sheet: Sheet, refused: TooMany, *, field: str) -> HttpResponse:
    """429: why, and what to do. Everything that was put in stays."""
    sheet.form.complain(field, doors.told(refused))
    answer = _with_problems(request, sheet, status=429)
    answer["Retry-After"] = str(refused.wait_s)
    return answer


def _sent_before(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The form was sent, then changed and sent again: a second report needs a second press."""
    form = sheet.form
    form.start_anew()
    forget_used(form)
    form.complain(
        "send",
        _("You have sent this report already. Send once more to make another one of it."),
    )
    return _with_problems(request, sheet, status=409)


_DEEDS: dict[str, Deed] = {
    "find-place": _find_place,
    "choose-category": _to_step("was"),
    "find-category": _to_step("was"),
    "add-photo": _to_step("foto"),
    "preview": _to_step("pruefen"),
    "next": _next,
    "back": _back,
    "send": _send,
}


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def take_in(form: ReportForm, uploads: list[UploadedFile], ids: list[str]) -> list[Any]:
    """Stage the photos that came with the form. Sentences about those that were refused."""
    refusals: list[Any] = []
    deadline = photos.patience()
    for number, upload in enumerate(uploads):
        if len(form.photo_ids) >= photos.MAX_PHOTOS:
            return [*refusals, _("Five photos are the most. The others were left out.")]
        image_id = _id_for(form, upload, ids[number] if len(ids) == len(uploads) else "")
        try:
            staged = photos.stage_with_position(image_id, upload, deadline=deadline)
        except photos.PhotoRefused as refusal:
            refusals.append(f"{upload.name}: {photos.refusal_words(refusal.reason)}")
        except photos.PhotoConflict:
            refusals.append(_("A photo did not arrive. Please add it again."))
        else:
            form.photo_ids = tuple(dict.fromkeys([*form.photo_ids, staged.image.pk]))
            form.photo_point = form.photo_point or staged.position
    return refusals


def _to_pixels(request: HttpRequest, sheet: Sheet, chosen: str) -> HttpResponse:
    """On to the page that pixelates a photo, with everything kept."""
    image_id = next((each for each in sheet.form.photo_ids if str(each) == chosen), None)
    if image_id is None or not _kept(request, sheet):
        return _show(request, sheet)
    goal = reverse("report-pixels", args=[sheet.token, image_id])
    return HttpResponseRedirect(goal, status=303)


def _id_for(form: ReportForm, upload: UploadedFile, given: str) -> uuid.UUID:
    """The script's own id, or one that the same file gets again in the same form."""
    try:
        return uuid.UUID(given)
    except ValueError:
        content = hashlib.file_digest(upload, "sha256").hexdigest()
        upload.seek(0)
        return uuid.uuid5(form.client_uuid, content)


def take_out(form: ReportForm, unwanted: str) -> None:
    form.photo_ids = tuple(each for each in form.photo_ids if str(each) != unwanted)


def forget_used(form: ReportForm) -> None:
    """Photos that hang on a report already stay there."""
    taken = set(Photo.objects.filter(image__in=form.photo_ids).values_list("image", flat=True))
    form.photo_ids = tuple(each for each in form.photo_ids if each not in taken)


# ── Answers ──────────────────────────────────────────────────────────────────────────────────
def _to(request: HttpRequest, sheet: Sheet, step: str) -> HttpResponse:
    """On to a step, with everything kept. A script gets its parts, and the step's address."""
    sheet.at = step if step in STEPS else sheet.at
    is_script = "teil" in request.GET
    moves = request.POST.get("action") in {"next", "back"} or "goto" in request.POST
    if is_script and not moves:
        return _show(request, sheet)
    here = _kept(request, sheet)
    if is_script:
        answer = _show(request, sheet)
        answer["Content-Location"] = here or f"#{sheet.at}"
        return answer
    return HttpResponseRedirect(here, status=303) if here else _show(request, sheet)


def _kept(request: HttpRequest, sheet: Sheet) -> str:
    """Keep the form; the address of its step. "" where it can't be kept: then the page has it."""
    form = sheet.form
    contents = dict(form.contents())
    if sheet.has_searched:
        contents["place_before"] = [""]  # so that the page looks for it again
    contents["back_to"] = [LAST if request.POST.get("goto") else sheet.back_to]
    try:
        doors.count(request, doors.by_client(request, "unsent"))
    except TooMany:
        return ""
    if not unsent.SHELF.keep(form.client_uuid, contents.items()):
        return ""
    return reverse("report-step", args=[sheet.token, sheet.at])


def _with_problems(request: HttpRequest, sheet: Sheet, *, status: int = 422) -> HttpResponse:
    sheet.shows_problems = True
    if sheet.problems:
        sheet.at = step_of(sheet.problems[0].field)
    if "teil" not in request.GET:  # whoever goes on in another language takes along what is here
        request.stands_for = _kept(request, sheet)  # type: ignore[attr-defined]
    return _show(request, sheet, status=status)


def _show(
    request: HttpRequest, sheet: Sheet, *, status: int = 200, is_gone: bool = False
) -> HttpResponse:
    """The whole page, or the parts of it that a script asked for."""
    facts = {
        "sheet": sheet,
        "form": sheet.form,
        "is_gone": is_gone,
        "max_photos": photos.MAX_PHOTOS,
        "max_description": MAX_DESCRIPTION,
        "map": sites.crosshair(request),
    }
    wanted = [part for part in request.GET.get("teil", "").split(",") if part in PARTS]
    if not wanted:
        return render(request, "reports/form.html", facts, status=status)
    parts = (render_to_string(f"reports/form/_{part}.html", facts, request) for part in wanted)
    return HttpResponse("\n".join(parts), status=status)
