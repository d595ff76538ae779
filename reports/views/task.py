"""The page behind the link in a task: one report, for somebody without an account.

The token is the whole right. A GET changes nothing but that the page was opened, because mail
scanners open links: buttons do.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from reports.deeds import commissioning
from reports.deeds.commissioning import Word
from reports.models import Commission, EventKind, Report, TaskOutcome
from reports.receiving.drafts import Refused
from reports.views.remarks import stage_photos, uploads
from reports.voices.forms import RemarkForm
from townhall import doors, photos
from townhall.guards import confidential, in_measure, refuse_cross_site
from townhall.limits import TooMany

STEPS: dict[str, TaskOutcome | None] = {
    "nachricht": None,
    "erledigt": TaskOutcome.DONE,
    "nicht-zustaendig": TaskOutcome.NOT_OURS,
}
SAID = frozenset({EventKind.TASK_SAID, EventKind.TASK_DONE, EventKind.TASK_REFUSED})


@csrf_exempt
@refuse_cross_site
@in_measure
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def task_page(request: HttpRequest, token: str) -> HttpResponse:
    """POST `schritt`: nachricht, erledigt, nicht-zustaendig, or neuer-link. `sicher`: was asked."""
    try:
        if request.method == "POST":
            return _do(request, token)
        look = commissioning.open_link if request.method == "HEAD" else commissioning.look
        return _show(request, look(token), token, RemarkForm.blank())
    except (commissioning.Unknown, Report.DoesNotExist):
        return render(request, "reports/task_over.html", status=404)
    except commissioning.Over as over:
        return _over(request, token, over.commission)


@confidential
@require_safe
def task_photo(request: HttpRequest, token: str, image_id: UUID, size: str) -> HttpResponseBase:
    """What everybody may see, and what was handed to them."""
    try:
        task = commissioning.open_link(token)
    except (commissioning.Unknown, commissioning.Over):
        raise Http404 from None
    photo = get_object_or_404(commissioning.photos_for(task), image_id=image_id)
    return photos.file_response(photo.image, "thumb" if size == "thumb" else "full")


def _do(request: HttpRequest, token: str) -> HttpResponse:
    step = request.POST.get("schritt", "nachricht")
    if step == "neuer-link":
        return _renew(request, token)
    task = commissioning.open_link(token)
    form = RemarkForm(request.POST)
    try:
        if came := len(uploads(request)):
            doors.count(request, doors.by_client(request, "photos", cost=came))
        stage_photos(request, form)
        if not form.is_valid():
            form.client_uuid  # noqa: B018 (a page that was tampered with gets a new one)
            return _show(request, task, token, form, step=step, status=422)
        given = form.cleaned_data
        if _is_bare(step, form) and "sicher" not in request.POST:
            return _show(request, task, token, form, step=step, asks=True)
        word = Word(given["client_id"], given["text"], form.photo_ids, STEPS.get(step))
        commissioning.say(token, word)
    except TooMany as refused:
        form.complain("", doors.told(refused))
        answer = _show(request, task, token, form, step=step, status=429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    except Refused as refusal:
        form.refuse(refusal.errors)
        return _show(request, task, token, form, step=step, status=422)
    except commissioning.Conflict:
        form.start_anew()
        form.complain("", _("You have sent this already. Send once more to add this, too."))
        return _show(request, task, token, form, step=step, status=409)
    return HttpResponseRedirect(f"{reverse('task', args=[token])}?dank=ja#dank", status=303)


def _is_bare(step: str, form: RemarkForm) -> bool:
    """Done, and not a word or picture of it: perhaps a thumb that scrolled."""
    return step == "erledigt" and not form.cleaned_data["text"] and not form.photo_ids


def _renew(request: HttpRequest, token: str) -> HttpResponse:
    try:
        task = commissioning.renew(token)
    except TooMany as refused:
        facts = {"wait": doors.told(refused)}
        answer = render(request, "reports/task_over.html", facts, status=429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    return render(request, "reports/task_over.html", {"task": task, "is_sent": True})


def _over(request: HttpRequest, token: str, task: Commission) -> HttpResponse:
    if not task.is_revoked and task.outcome and request.method == "POST":
        # Answered meanwhile, perhaps by a colleague with the same mail: the page says so.
        return HttpResponseRedirect(reverse("task", args=[token]), status=303)
    return render(request, "reports/task_over.html", {"task": task, "is_over": True}, status=410)


def _show(
    request: HttpRequest,
    task: Commission,
    token: str,
    form: RemarkForm,
    *,
    step: str = "",
    asks: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`asks`: whether it is really done, before it is taken down."""
    said = task.report.events.filter(kind__in=sorted(SAID), facts__task=task.pk)
    report = task.report
    facts: dict[str, Any] = {
        "task": task,
        "report": report,
        "token": token,
        "form": form,
        "step": step,
        "asks": asks,
        "said": list(said.newest_first().annotate(n_photos=Count("photos"))),
        "photos": list(commissioning.photos_for(task)),
        "words": report.public_description if report.is_public else "",
        "is_thanked": "dank" in request.GET,
    }
    return render(request, "reports/task.html", facts, status=status)
