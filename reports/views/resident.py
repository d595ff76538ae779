"""The pages of a report: thanks, the reporter's own page, the public page, its photos."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from reports.models import (
    Contact,
    Photo,
    Report,
    StaffPhoto,
)
from reports.publicity import appointment, gone
from reports.receiving import receipt_paper
from reports.receiving.next_steps import next_steps
from reports.views.story import Story
from townhall import live, photos
from townhall.codes import normalise
from townhall.guards import confidential, paper_in_measure
from townhall.papers import NotPrinted

log = logging.getLogger(__name__)

SIZES = frozenset({"full", "thumb"})
# Short, because what is taken out of public view must vanish soon.
PHOTO_SECONDS = 300


# ── With the capability ──────────────────────────────────────────────────────────────────────
@confidential
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Right after sending: the code, what happens now, the link to come back by."""
    report = _own(token)
    contact = Contact.objects.filter(report=report).first()
    facts = {
        "story": Story(report, token),
        "report": report,
        "contact": contact,
        "steps": next_steps(report, has_mailbox=bool(contact and contact.email)),
    }
    return render(request, "reports/thanks.html", facts)


@confidential
@require_safe
def own_report(request: HttpRequest, token: str) -> HttpResponse:
    """Everything the reporter sent, and what of it the public sees."""
    cursor = live.cursor()
    report = _own(token)
    facts = {
        "story": Story(report, token),
        "report": report,
        "contact": Contact.objects.filter(report=report).first(),
        "cursor": cursor,
        "topic": f"reporter:{token}",
        "thanks": _thanks(request),
    }
    if request.GET.get("teil") == "meldung":
        return render(request, "reports/page/_live.html", facts)
    return render(request, "reports/own_report.html", facts)


@confidential
@require_safe
def own_photo(request: HttpRequest, token: str, image_id: uuid.UUID, size: str) -> FileResponse:
    report = _own(token)
    added = StaffPhoto.objects.for_reporter().filter(report=report, image=image_id).first()
    if added and size in SIZES:
        return _file(added, size)
    photo = _photo(image_id, size, report=report)
    if photo.remark and not (photo.is_released or photo.remark.is_reporters):
        raise Http404  # a stranger's, that nobody has looked at
    return _file(photo, size)


@confidential
@paper_in_measure
@require_safe
def own_paper(request: HttpRequest, token: str) -> HttpResponse:
    """The reporter's copy as PDF, to keep or to print."""
    report = _own(token)
    try:
        paper = receipt_paper.receipt(report, token=token)
    except NotPrinted as trouble:
        log.exception("No paper of report %s: %s", report.pk, trouble.because)
        return render(request, "reports/no_paper.html", {"story": Story(report, token)}, status=503)
    name = f"{gettext('Report')}-{report.shown_code}.pdf"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        paper, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )


# ── For everybody ────────────────────────────────────────────────────────────────────────────
@require_safe
def report_page(request: HttpRequest, code: str) -> HttpResponse:
    """What the public may know of a report. Unpublished and unknown look the same."""
    known = normalise(code)
    if known is not None and known != code:
        return HttpResponsePermanentRedirect(reverse("report-page", args=[known]))
    cursor = live.cursor()
    story = public_story(request, code)
    if isinstance(story, HttpResponse):
        return story
    report = story.report
    facts = {
        "story": story,
        "thanks": _thanks(request),
        "report": report,
        "cursor": cursor,
        "topic": f"report:{report.code}",
        "merged": _merged(request, report),
    }
    if request.GET.get("teil") == "meldung":
        return _short_lived(render(request, "reports/page/_live.html", facts))
    return _short_lived(render(request, "reports/report.html", facts))


@require_safe
def target_date(request: HttpRequest, code: str) -> HttpResponse:
    """The target date for a calendar; 404 where there is none (any more)."""
    report = Report.objects.public().with_faces().filter(code=normalise(code) or "").first()
    if report is None or not Story(report).has_target_date:
        raise Http404
    name = f"{report.shown_code}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return _short_lived(
        HttpResponse(appointment.target_date(report), content_type="text/calendar", headers=headers)
    )


@require_safe
def photo(request: HttpRequest, image_id: uuid.UUID, size: str) -> FileResponse:
    """A released photo of a public report; everything else is 404."""
    added = StaffPhoto.objects.public().filter(image=image_id).first() if size in SIZES else None
    shown = added or _photo(image_id, size, is_released=True, report__is_public=True)
    response = _file(shown, size)
    response["Cache-Control"] = f"public, max-age={PHOTO_SECONDS}"
    return response


def public_story(request: HttpRequest, code: str) -> Story | HttpResponse:
    """What everybody may know; or where else to look (303), or that it is gone (410).

    Raises Http404.
    """
    known = normalise(code)
    faces = Report.objects.with_faces().with_public_name()
    report = faces.filter(code=known).first() if known else None
    if report is None:
        raise Http404
    if not report.is_public:
        return _not_public(request, report)
    if main := _main_report(report):
        return HttpResponseRedirect(f"{main}?von={known}", status=303)
    return Story(report)


def own_story(token: str) -> Story:
    """Raises Http404."""
    return Story(_own(token), token)


# What the page thanks for: the last part of its address after something was sent.
_THANKS = frozenset(
    {"ergaenzung", "behoben", "nicht-behoben", "wieder-offen", "problem", "geaendert", "antwort"}
)


def _thanks(request: HttpRequest) -> str:
    asked = request.GET.get("dank", "")
    return asked if asked in _THANKS else ""


def _own(token: str) -> Report:
    try:
        return Report.objects.with_faces().by_token(token)
    except Report.DoesNotExist:
        raise Http404 from None


def _photo(image_id: uuid.UUID, size: str, **terms: Any) -> Photo:
    found = Photo.objects.select_related("image", "remark").filter(image=image_id, **terms)
    photo = found.first()
    if photo is None or size not in SIZES:
        raise Http404
    return photo


def _file(photo: Photo | StaffPhoto, size: str) -> FileResponse:
    return photos.file_response(photo.image, "full" if size == "full" else "thumb")


def _not_public(request: HttpRequest, report: Report) -> HttpResponse:
    """410 and why for what the public once saw, else 404 like the unknown."""
    found = gone.because(report)
    if found is None:
        raise Http404
    facts = {"report": report, "because": found.because, "reason": found.reason}
    return render(request, "reports/gone.html", facts, status=410)


def _main_report(report: Report) -> str:
    """Address of the report that a duplicate was merged into, if the public may see it."""
    if report.duplicate_of_id is None:
        return ""
    main = Report.objects.public().filter(pk=report.duplicate_of_id).first()
    return reverse("report-page", args=[main.code]) if main else ""


def _merged(request: HttpRequest, report: Report) -> Report | None:
    """The duplicate through which the reader came here."""
    code = normalise(request.GET.get("von", ""))
    return report.duplicates.public().filter(code=code).first() if code else None


def _short_lived(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, no-cache"
    return response
