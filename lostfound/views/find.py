"""„Fund melden“: a finder's report from home, and the finder's own page of it.

Two plain pages. The first says what, when and where, and is kept under the form's own link; the
second asks what the law leaves to ask. In between stands what a finder should know before: that
a small find needs no report, that things from a bus are handed in there, that nobody carries a
grenade to a counter.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from lostfound import law
from lostfound.finders import finds, stops, wishes
from lostfound.finders import paper as find_paper
from lostfound.finders.forms import SECOND, FindForm, WishForm, is_kind, merged
from lostfound.finders.towns import Town, towns
from lostfound.finders.wishes import Wish
from lostfound.law.duty import Duty
from lostfound.models import FindPhoto, FindReport, FindReporter
from lostfound.wording import DUTIES, WAIVERS
from townhall import doors, photos, sites
from townhall.capabilities import digest, token_for
from townhall.guards import confidential, in_measure, paper_in_measure, refuse_cross_site
from townhall.limits import TooMany
from townhall.models import Image
from townhall.papers import NotPrinted
from townhall.unsent import Shelf

log = logging.getLogger(__name__)
SHELF = Shelf("find form")
FORM, HINT, RIGHTS = STEPS = "angaben", "hinweis", "rechte"
# These ask nothing of a finder before the report; the others do, or have nothing to report.
_NEEDS_NO_HINT = frozenset({Duty.REPORT, Duty.TELL_OWNER})


def towns_of(request: HttpRequest) -> Sequence[Town]:
    """The towns behind this front door."""
    return towns(sites.area_keys(sites.site_of(request)))


def _step(step: str, token: str) -> str:
    return reverse(f"find-{step}", args=[token])


# ── The form ─────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@refuse_cross_site
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_form(request: HttpRequest) -> HttpResponse:
    """GET: the empty first page. POST: its buttons."""
    known = towns_of(request)
    if not any(town.office for town in known):
        facts = {"towns": [town.municipality for town in known]}
        return render(request, "lostfound/find/no_office.html", facts, status=404)
    if request.method == "POST":
        return _press(request, known)
    wish = request.GET.get("art", "")
    form = FindForm.blank(towns=known, kind=wish if is_kind(wish) else "")
    return _show(request, form)


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def find_step(request: HttpRequest, step: str, token: str) -> HttpResponse:
    """A page of a form that was begun, as it was left; on to the finder's page if it was sent."""
    kept = SHELF.find(token)
    known = towns_of(request)
    if kept is None:
        gone = FindForm.blank(towns=known)
        return _show(request, gone, status=404, is_gone=True)
    if kept.is_sent:
        return redirect("find", token_for("find", kept.client_id))
    if request.method == "POST":
        return _send(request, FindForm(merged(kept.fields, request.POST), towns=known), token)
    form = FindForm.of(kept.fields, towns=known)
    if step == FORM or not form.is_valid():
        return _show(request, form)
    if step == HINT:
        return _hint(request, form, token)
    return _rights(request, form, token)


def _press(request: HttpRequest, known: Sequence[Town]) -> HttpResponse:
    form = FindForm(request.POST, towns=known, is_whole=False)
    form.client_uuid  # noqa: B018 (a page that was tampered with gets a new one)
    unwanted = request.POST.get("remove", "")
    form.photo_ids = tuple(each for each in form.photo_ids if str(each) != unwanted)
    try:
        _stage(request, form)
        if unwanted or request.POST.get("action") == "photo":
            return _show(request, form, is_fresh=True)
        if stop := stops.stop_for(form.chosen_kind):
            return _stopped(request, form, stop)
        if form.chosen_town and form.chosen_town.office is None:
            return _elsewhere(request, form.chosen_town)
        if not form.is_valid():
            return _show(request, form, status=422)
        doors.count(request, doors.by_client(request, "unsent"))
    except TooMany as refused:
        return _too_many(request, form, refused)
    if not _keep(form):
        form.complain("", _("That is too much text."))
        return _show(request, form, status=422)
    step = RIGHTS if form.duty.duty in _NEEDS_NO_HINT else HINT
    goal = _step(step, SHELF.token_of(form.client_uuid))
    return HttpResponseRedirect(goal, status=303)


def _send(request: HttpRequest, form: FindForm, token: str) -> HttpResponse:
    if not form.is_valid():
        _keep(form)
        page = _rights if not _first_page_fails(form) else _begin_again
        return page(request, form, token, status=422)
    draft = form.draft()
    knocks = [doors.by_client(request, "finds")]
    if draft.who.email:
        knocks.append(doors.by_mailbox(draft.who.email))
    try:
        doors.count(request, *knocks)
        receipt = finds.submit(draft)
    except TooMany as refused:
        return _too_many(request, form, refused, token=token)
    except finds.Refused as refusal:
        form.refuse(refusal.errors)
        return _show(request, form, status=422)
    except finds.Conflict:
        return redirect("find", token_for("find", draft.client_id))
    SHELF.mark_sent(draft.client_id)
    goal = reverse("find", args=[receipt.token])
    return HttpResponseRedirect(f"{goal}?danke", status=303)


def _keep(form: FindForm) -> bool:
    """Both pages, whichever was sent last: who goes back and forth loses nothing."""
    before = SHELF.find(SHELF.token_of(form.client_uuid))
    second = (
        {name: before.fields[name] for name in SECOND if name in before.fields} if before else {}
    )
    return SHELF.keep(form.client_uuid, [*second.items(), *form.contents()])


def _first_page_fails(form: FindForm) -> bool:
    first = FindForm(form.data, towns=list(form.towns.values()), is_whole=False)
    return not first.is_valid()


def _begin_again(
    request: HttpRequest, form: FindForm, token: str, *, status: int = 200
) -> HttpResponse:
    return _show(request, form, status=status)


def _stage(request: HttpRequest, form: FindForm) -> None:
    """Open the pictures that came along. Those that arrived stay, whatever else is wrong."""
    uploads = [file for file in request.FILES.getlist("photo") if file]
    if uploads:
        doors.count(request, doors.by_client(request, "photos", cost=len(uploads)))
    deadline = photos.patience()
    for upload in uploads:
        if len(form.photo_ids) >= finds.MAX_PHOTOS:
            form.complain("photo", _("Please choose at most 3 photos."))
            return
        image_id = uuid.uuid5(form.client_uuid, hashlib.file_digest(upload, "sha256").hexdigest())
        upload.seek(0)
        try:
            photos.stage(image_id, upload, deadline=deadline)
        except photos.PhotoRefused as refusal:
            form.complain("photo", f"{upload.name}: {photos.refusal_words(refusal.reason)}")
        except photos.PhotoConflict:
            form.complain("photo", _("A photo did not arrive. Please add it again."))
        else:
            form.photo_ids = tuple(dict.fromkeys([*form.photo_ids, image_id]))


# ── Its pages ────────────────────────────────────────────────────────────────────────────────
def _show(
    request: HttpRequest,
    form: FindForm,
    *,
    status: int = 200,
    is_gone: bool = False,
    is_fresh: bool = False,
) -> HttpResponse:
    """The first page. `is_fresh`: without the complaints about what isn't filled in yet."""
    if is_fresh:
        mistakes = {name: form.errors[name] for name in ("photo",) if name in form.errors}
        form.errors.clear()
        form.errors.update(mistakes)
    facts = {
        "form": form,
        "is_gone": is_gone,
        "images": Image.objects.filter(pk__in=form.photo_ids),
        "most_photos": finds.MAX_PHOTOS,
        "today": timezone.localdate(),
        "map": sites.crosshair(request),
    }
    return render(request, "lostfound/find/form.html", facts, status=status)


def _hint(request: HttpRequest, form: FindForm, token: str) -> HttpResponse:
    """What a finder may do instead, and the way on."""
    facts = _law_facts(form) | {
        "form": form,
        "token": token,
        "office": form.chosen_office,
        "on": _step(RIGHTS, token),
        "back": _step(FORM, token),
    }
    return render(request, "lostfound/find/hint.html", facts)


def _rights(request: HttpRequest, form: FindForm, token: str, *, status: int = 200) -> HttpResponse:
    """The second page. `form` has a valid first one."""
    facts = _law_facts(form) | {
        "form": form,
        "token": token,
        "office": form.chosen_office,
        "asked": form.asked,
        "asks_consent": form.asks_consent,
        "waiver": law.rights.WAIVER_OF_EVERYTHING,
        "back": _step(FORM, token),
    }
    return render(request, "lostfound/find/rights.html", facts, status=status)


def _law_facts(form: FindForm) -> dict[str, Any]:
    return {"duty": form.duty, "regime": form.regime, "is_small": form.duty.duty is Duty.NONE}


def _stopped(request: HttpRequest, form: FindForm, stop: stops.Stop) -> HttpResponse:
    """Nothing is kept of it: there is nothing to report."""
    town = form.chosen_town.municipality if form.chosen_town else None
    facts = {"stop": stop, "numbers": stops.numbers(stop, town)}
    return render(request, "lostfound/find/stop.html", facts)


def _elsewhere(request: HttpRequest, town: Town) -> HttpResponse:
    """Nothing is kept of it: who is in charge has no office here."""
    return render(request, "lostfound/find/no_office.html", {"towns": [town.municipality]})


def _too_many(
    request: HttpRequest, form: FindForm, refused: TooMany, *, token: str = ""
) -> HttpResponse:
    form.complain("", doors.told(refused))
    answer = (
        _rights(request, form, token, status=429) if token else _show(request, form, status=429)
    )
    answer["Retry-After"] = str(refused.wait_s)
    return answer


# ── The finder's page ────────────────────────────────────────────────────────────────────────
@require_GET
@confidential
def find_page(request: HttpRequest, token: str) -> HttpResponse:
    find = _own(token)
    return _page(request, find, token)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["POST"])
def find_answer(request: HttpRequest, token: str) -> HttpResponse:
    find = _own(token)
    text = request.POST.get("text", "").strip()[:2000]
    if not text:
        return _page(request, find, token, problem=_("Write your answer."), status=422)
    try:
        finds.answer(token, text)
    except finds.TooLate:
        return _page(request, _own(token), token, status=409)
    return HttpResponseRedirect(f"{reverse('find', args=[token])}?antwort", status=303)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["POST"])
def find_wishes(request: HttpRequest, token: str) -> HttpResponse:
    """Being named or not; giving up a right."""
    find = _own(token)
    form = WishForm(request.POST)
    if not form.is_valid() or form.wish() == Wish():
        return _page(request, find, token, problem=_("Choose what shall change."), status=422)
    try:
        wishes.from_home(token, form.wish())
    except finds.TooLate:
        problem = _("Nothing of this can be changed any more. Please call the office.")
        return _page(request, _own(token), token, problem=problem, status=409)
    return HttpResponseRedirect(f"{reverse('find', args=[token])}?geaendert", status=303)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["POST"])
def find_withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    _own(token)
    try:
        finds.withdraw(token)
    except finds.TooLate:
        return _page(request, _own(token), token, status=409)
    return HttpResponseRedirect(reverse("find", args=[token]), status=303)


@require_GET
@paper_in_measure
@confidential
def find_sheet(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet with the code to stick on."""
    find = _own(token)
    try:
        paper = find_paper.sheet(find)
    except NotPrinted as trouble:
        log.exception("No sheet of find %s: %s", find.pk, trouble.because)
        return _page(request, find, token, problem=_("The PDF could not be made."), status=500)
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="Fund-{find.shown_code}.pdf"'},
    )


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def find_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A mail scanner's GET confirms nothing, however often it comes: the button does."""
    if request.method == "POST":
        try:
            finds.confirm(token)
        except FindReport.DoesNotExist:
            return render(request, "lostfound/find/confirm.html", {}, status=404)
        return HttpResponseRedirect(reverse("find-confirm", args=[token]), status=303)
    reporter = (
        FindReporter.objects.select_related("find").filter(confirm_digest=digest(token)).first()
    )
    if reporter is None or not finds.may_confirm(reporter, now=timezone.now()):
        return render(request, "lostfound/find/confirm.html", {}, status=404)
    own = token_for("find", reporter.find.client_id) if reporter.confirmed_at else ""
    facts = {"reporter": reporter, "find": reporter.find, "own_token": own}
    return render(request, "lostfound/find/confirm.html", facts)


def _own(token: str) -> FindReport:
    try:
        return finds.find_of(token)
    except FindReport.DoesNotExist:
        raise Http404 from None


def _page(
    request: HttpRequest, find: FindReport, token: str, *, problem: Any = "", status: int = 200
) -> HttpResponse:
    duty = finds.duty_of(find.value_cents, regime=find.law_regime)
    facts = {
        "find": find,
        "office": find.office,
        "reporter": getattr(find, "reporter", None),
        "token": token,
        "sticker": find_paper.address_of(find),
        "is_fresh": "danke" in request.GET,
        "has_answered": "antwort" in request.GET,
        "has_changed": "geaendert" in request.GET,
        "may_change": wishes.is_open(find),
        "rights_left": [(right, WAIVERS[right]) for right in wishes.rights_left(find.item or find)],
        "duty": duty,
        "duty_words": DUTIES[duty.duty],
        "said": find_paper.said(find.item or find),
        "photos": FindPhoto.objects.filter(find=find).count(),
        "problem": problem,
    }
    return render(request, "lostfound/find/page.html", facts, status=status)
