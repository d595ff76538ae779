"""The form `/fundbuero/verlust`: five steps on a narrow screen, one page on a wide one.

Each button posts the whole form. What is put in is kept under the form's own link, and the answer
leads to the address of a step, so that going back and reloading lose nothing.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lostfound.catalogue import THING_KINDS
from lostfound.losing import losses
from lostfound.losing.drafts import MAX_DESCRIPTION, MAX_MARK, Refused
from lostfound.losing.forms import LAST, STEPS, LossForm
from lostfound.views.loss_sheet import SHELF, Sheet
from townhall import doors, sites
from townhall.capabilities import token_for
from townhall.guards import confidential, refuse_cross_site
from townhall.limits import TooMany

# Parts of the page that a script may ask for by `?teil=`; each is a template and an element id.
PARTS = ("errors", "advice", "marks", "others", "summary")


@csrf_exempt
@refuse_cross_site
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def loss_form(request: HttpRequest) -> HttpResponse:
    """GET: the empty form, perhaps with a kind. POST: whatever its buttons ask for."""
    if request.method == "POST":
        return _press(request)
    return _show(request, Sheet(request, _blank(request)))


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def loss_step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """A step of a form that was begun: as it was left, or on to the hits if it was sent."""
    if step not in STEPS:
        raise Http404
    if request.method == "POST":
        return _press(request)
    kept = SHELF.find(token)
    if kept is None:
        return _show(request, Sheet(request, _blank(request)), status=404, is_gone=True)
    if kept.is_sent:
        return redirect("loss-hits", token_for("loss", kept.client_id))
    form = LossForm.of(kept.fields, area_keys=_area_keys(request))
    sheet = Sheet(request, form, at=step)
    if form.said("unsettled"):  # several places of one name: ask again after a reload
        form.settle()
        sheet.shows_problems = bool(form.errors)
    return _show(request, sheet)


def _blank(request: HttpRequest) -> LossForm:
    """„Verlust melden“ beside a search brings along what was searched for."""
    thing = THING_KINDS.get(request.GET.get("kind", ""))
    given = {"group": [thing.group], f"kind-{thing.group}": [thing.code]} if thing else {}
    return LossForm.of(given, area_keys=_area_keys(request))


def _area_keys(request: HttpRequest) -> tuple[str, ...]:
    return sites.area_keys(sites.site_of(request))


def _press(request: HttpRequest) -> HttpResponse:
    form = LossForm(request.POST, area_keys=_area_keys(request))
    sheet = Sheet(request, form, at=request.POST.get("step", ""))
    if goal := request.POST.get("goto"):
        return _to(request, sheet, goal)
    match request.POST.get("action", ""):
        case "send":
            return _send(request, sheet)
        case "back":
            return _to(request, sheet, sheet.beside(-1))
        case "preview":
            return _show(request, sheet)
        case _:
            return _next(request, sheet)


def _next(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """One step is finished: on to the next, unless something is wrong with it."""
    if sheet.is_last:
        return _send(request, sheet)
    if not sheet.form.check(sheet.at):
        return _with_problems(request, sheet)
    return _to(request, sheet, sheet.onward())


def _send(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = sheet.form
    if not form.check():
        return _with_problems(request, sheet)
    draft = form.draft()
    knocks = [doors.by_client(request, "losses")]
    knocks += [doors.by_mailbox(draft.email)] if draft.email else []
    try:
        doors.count(request, *knocks)
        receipt = losses.report(draft)
    except TooMany as refused:
        form.complain("email" if refused.name == "mailbox" else "send", doors.told(refused))
        answer = _with_problems(request, sheet, status=429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    except Refused as refusal:
        form.refuse(refusal.errors)
        return _with_problems(request, sheet)
    except losses.Conflict:
        form.start_anew()
        form.complain(
            "send", _("You have sent this loss already. Send once more to report another one.")
        )
        return _with_problems(request, sheet, status=409)
    except losses.Erased:
        return render(request, "lostfound/loss/erased.html", status=410)
    SHELF.mark_sent(draft.client_id)
    page = reverse("loss-hits", args=[receipt.token])
    return HttpResponseRedirect(f"{page}?neu", status=303)


# ── Answers ──────────────────────────────────────────────────────────────────────────────────
def _to(request: HttpRequest, sheet: Sheet, step: str) -> HttpResponse:
    """On to a step, with everything kept; where it can't be kept, the page has it."""
    sheet.at = step if step in STEPS else sheet.at
    here = _kept(request, sheet)
    return HttpResponseRedirect(here, status=303) if here else _show(request, sheet)


def _kept(request: HttpRequest, sheet: Sheet) -> str:
    """Keep the form; the address of its step, "" where it can't be kept."""
    contents = sheet.form.contents()
    contents["back_to"] = [LAST if request.POST.get("goto") else sheet.back_to]
    contents["unsettled"] = ["1" if sheet.form.errors else ""]
    try:
        doors.count(request, doors.by_client(request, "unsent"))
    except TooMany:
        return ""
    if not SHELF.keep(sheet.form.client_uuid, contents.items()):
        return ""
    return reverse("loss-step", args=[sheet.token, sheet.at])


def _with_problems(request: HttpRequest, sheet: Sheet, *, status: int = 422) -> HttpResponse:
    sheet.to_problem()
    # Whoever goes on in another language takes along what is here.
    request.stands_for = _kept(request, sheet)  # type: ignore[attr-defined]
    return _show(request, sheet, status=status)


def _show(
    request: HttpRequest, sheet: Sheet, *, status: int = 200, is_gone: bool = False
) -> HttpResponse:
    """The whole page, or the parts of it that a script asked for."""
    facts = {
        "sheet": sheet,
        "form": sheet.form,
        "said": sheet.said,
        "is_gone": is_gone,
        "max_description": MAX_DESCRIPTION,
        "max_mark": MAX_MARK,
        "map": sites.crosshair(request),
    }
    wanted = [part for part in request.GET.get("teil", "").split(",") if part in PARTS]
    if not wanted:
        return render(request, "lostfound/loss/form.html", facts, status=status)
    parts = (render_to_string(f"lostfound/loss/_{part}.html", facts, request) for part in wanted)
    return HttpResponse("\n".join(parts), status=status)
