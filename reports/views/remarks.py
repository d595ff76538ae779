"""Where residents say something about a report: a plain form each."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.models import Photo, RemarkKind, Report
from reports.receiving.drafts import Refused
from reports.voices import remarks
from reports.voices.forms import RemarkForm
from townhall import doors, limits, photos
from townhall.guards import confidential, refuse_cross_site
from townhall.limits import Knock, TooMany

from .resident import own_story, public_story
from .story import Story

THINGS: dict[str, RemarkKind] = {
    "ergaenzung": RemarkKind.MORE,
    "behoben": RemarkKind.FIXED,
    "nicht-behoben": RemarkKind.NOT_FIXED,
    "problem": RemarkKind.PROBLEM,
}
# Nobody has a problem with their own report: it can be withdrawn.
OWN_THINGS = tuple(slug for slug in THINGS if slug != "problem")


@dataclass(frozen=True)
class Errand:
    """Who says what about which report."""

    story: Story
    slug: str

    @property
    def kind(self) -> RemarkKind:
        return THINGS[self.slug]

    @property
    def report(self) -> Report:
        return self.story.report


@csrf_exempt
@refuse_cross_site
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def public_remark(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """GET: the form alone. POST: what it says is taken in, then the report's page."""
    found = public_story(request, code)
    if isinstance(found, HttpResponse):
        return found
    return _answer(request, Errand(found, slug))


@csrf_exempt
@refuse_cross_site
@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def own_remark(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """As `public_remark`, by the reporter's own link."""
    return _answer(request, Errand(own_story(token), slug))


def _answer(request: HttpRequest, errand: Errand) -> HttpResponse:
    if request.method == "POST":
        return _take(request, errand)
    if errand.kind not in errand.story.asks:
        return HttpResponseRedirect(errand.story.page, status=303)
    return _show(request, errand, RemarkForm.blank())


def _take(request: HttpRequest, errand: Errand) -> HttpResponse:
    form = RemarkForm(request.POST)
    try:
        _count(request, errand)
        stage_photos(request, form)
        if not form.is_valid():
            form.client_uuid  # noqa: B018 (a page that was tampered with gets a new one)
            return _show(request, errand, form, status=422)
        heard = remarks.say(errand.report, _saying(request, errand, form))
    except TooMany as refused:
        form.complain("", doors.told(refused))
        answer = _show(request, errand, form, status=429)
        answer["Retry-After"] = str(refused.wait_s)
        return answer
    except Refused as refusal:
        form.refuse(refusal.errors)
        return _show(request, errand, form, status=422)
    except remarks.NotNow:
        form.complain("", _("The status of the report has changed meanwhile."))
        return _show(request, errand, form, status=409)
    except remarks.Conflict:
        return _sent_before(request, errand, form)
    except Report.DoesNotExist:
        raise Http404 from None
    thanks = "wieder-offen" if errand.slug == "nicht-behoben" and heard.is_reopened else errand.slug
    return HttpResponseRedirect(f"{errand.story.page}?dank={thanks}#dank", status=303)


def _saying(request: HttpRequest, errand: Errand, form: RemarkForm) -> remarks.Saying:
    return form.saying(
        errand.kind,
        is_reporters=errand.story.is_own,
        sender=sender_of(request, errand.report),
    )


def sender_of(request: HttpRequest, report: Report) -> str:
    """Tells the people apart who have a problem with the report, and them only."""
    return limits.alias(f"problem {report.code}", limits.client_of(request))


def knocks_of(request: HttpRequest, report: Report) -> list[Knock]:
    client = limits.client_of(request)
    return [Knock("remarks", client), Knock("remarks-here", f"{report.code} {client}")]


def _count(request: HttpRequest, errand: Errand) -> None:
    came = len(uploads(request))
    more = [doors.by_client(request, "photos", cost=came)] if came else []
    doors.count(request, *knocks_of(request, errand.report), *more)


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def uploads(request: HttpRequest) -> list[UploadedFile]:
    return [file for file in request.FILES.getlist("photo") if file]


def stage_photos(request: HttpRequest, form: RemarkForm) -> None:
    """Open the pictures that came along. Those that arrived stay, whatever else is wrong."""
    deadline = photos.patience()
    for upload in uploads(request):
        if len(form.photo_ids) >= remarks.MAX_PHOTOS:
            form.complain("photo", _("Please choose at most 3 photos."))
            return
        content = hashlib.file_digest(upload, "sha256").hexdigest()
        upload.seek(0)
        image_id = uuid.uuid5(form.client_uuid, content)
        try:
            photos.stage(image_id, upload, deadline=deadline)
        except photos.PhotoRefused as refusal:
            words = photos.refusal_words(refusal.reason)
            form.complain("photo", f"{upload.name}: {words}")
        except photos.PhotoConflict:
            form.complain("photo", _("A photo did not arrive. Please add it again."))
        else:
            form.photo_ids = tuple(dict.fromkeys([*form.photo_ids, image_id]))


# ── Answers ──────────────────────────────────────────────────────────────────────────────────
def _sent_before(request: HttpRequest, errand: Errand, form: RemarkForm) -> HttpResponse:
    """Sent, changed and sent again: a second one needs a second press."""
    form.start_anew()
    taken = set(Photo.objects.filter(image__in=form.photo_ids).values_list("image", flat=True))
    form.photo_ids = tuple(each for each in form.photo_ids if each not in taken)
    form.complain("", _("You have sent this already. Send once more to add this, too."))
    return _show(request, errand, form, status=409)


def _show(
    request: HttpRequest, errand: Errand, form: RemarkForm, *, status: int = 200
) -> HttpResponse:
    facts: dict[str, Any] = {
        "story": errand.story,
        "report": errand.report,
        "form": form,
        "slug": errand.slug,
        "action": errand.story.remark_address(errand.slug),
        "is_asked": errand.kind in errand.story.asks,
    }
    return render(request, "reports/remark.html", facts, status=status)
