"""The pages of a report: thanks, the reporter's own page, the public page, its photos."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
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
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from reports import catalogue, intake
from reports.catalogue import Told
from reports.links import link
from reports.models import Contact, Event, EventKind, Photo, Report
from townhall import live, photos
from townhall.calendar import Calendar
from townhall.capabilities import digest
from townhall.codes import normalise

from .doors import confidential, in_measure, refuse_cross_site

SIZES = frozenset({"full", "thumb"})
# Short, because what is taken out of public view must vanish soon.
PHOTO_SECONDS = 300


@dataclass(frozen=True)
class Story:
    """A report as one reader may see it. `token` is the reporter's; empty for the public."""

    report: Report
    token: str = ""

    @property
    def is_own(self) -> bool:
        return bool(self.token)

    @property
    def title(self) -> str:
        return self.report.title if self.is_own else self.report.public_title

    @property
    def description(self) -> str:
        return self.report.description if self.is_own else self.report.public_description

    @property
    def place(self) -> str:
        """„Lindenweg, Auerbach, Bensheim“; with the house number for the reporter only."""
        report = self.report
        street = f"{report.street} {report.house_number}".strip()
        first = street if self.is_own else report.public_place
        hides_all = not self.is_own and not report.public_place
        locality = "" if hides_all else report.locality
        return ", ".join(dict.fromkeys(filter(None, [first, locality, report.municipality.name])))

    @property
    def on_map(self) -> str:
        """Address of the map at the public place; "" where the map does not show it."""
        place = self.report.public_position
        if place is None or not self.report.is_public:
            return ""
        return f"{reverse('home')}?lat={place.y:.5f}&lon={place.x:.5f}&z=16"

    @property
    def pin(self) -> str:
        """ "lon,lat" of the public place, for the small map; only where `on_map` is not empty."""
        place = self.report.public_position
        return f"{place.x:.6f},{place.y:.6f}" if place else ""

    @property
    def ground(self) -> str:
        return f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}"

    @property
    def latitude(self) -> str:
        return f"{self.report.position.y:.6f}"

    @property
    def longitude(self) -> str:
        return f"{self.report.position.x:.6f}"

    @property
    def address(self) -> str:
        """The public page, absolute."""
        return link("report-page", self.report.code)

    @property
    def picture_address(self) -> str:
        """Of the first public photo; "" where there is none."""
        if not self.photos:
            return ""
        return link("photo", str(self.photos[0]["photo"].image_id), "full")

    @property
    def waits_for_review(self) -> bool:
        """Something was sent in that the public can't read yet."""
        hidden_photo = any(not photo.is_released for photo in self.report.photos.all())
        return (bool(self.report.description) and not self.report.is_text_public) or hidden_photo

    @cached_property
    def photos(self) -> list[dict[str, Any]]:
        """The pictures this reader may see, with their addresses."""
        return [
            {
                "photo": photo,
                "image": photo.image,
                "full": self._photo_url(photo, "full"),
                "thumb": self._photo_url(photo, "thumb"),
            }
            for photo in self.report.photos.all()
            if self.is_own or photo.is_released
        ]

    def _photo_url(self, photo: Photo, size: str) -> str:
        if self.is_own:
            return reverse("own-photo", args=[self.token, photo.image_id, size])
        return reverse("photo", args=[photo.image_id, size])

    @cached_property
    def events(self) -> list[Event]:
        """What happened, newest first, in words meant for this reader."""
        events = self.report.events
        mine = events.for_reporter() if self.is_own else events.public()
        return [each for each in mine.newest_first() if each.kind in _TOLD]

    @cached_property
    def answers(self) -> list[Told]:
        """What was answered to the category's questions, as far as this reader may know."""
        told = catalogue.answered(self.report)
        return told if self.is_own else list(catalogue.public(told, self.report))

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.of(self.report.municipality)

    @property
    def days_left(self) -> int | None:
        """Working days until the target date; negative when it has passed, None when closed."""
        due = self.report.due_on
        if due is None or not self.report.is_open:
            return None
        today = timezone.localdate()
        if due >= today:
            return self.calendar.working_days_between(today, due)
        return -self.calendar.working_days_between(due, today)

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def days_promised(self) -> int | None:
        """Working days from receipt to the target date."""
        if self.report.due_on is None:
            return None
        received = timezone.localdate(self.report.received_at)
        return self.calendar.working_days_between(received, self.report.due_on)

    @property
    def reading(self) -> Any:
        """When staff read it, seen from its arrival."""
        return timezone.localtime(self.calendar.next_reading(self.report.received_at))


# Kinds of events that residents are told about; the rest is the town's own business.
_TOLD = frozenset(
    {
        EventKind.RECEIVED,
        EventKind.ACCEPTED,
        EventKind.STATUS,
        EventKind.FORWARDED,
        EventKind.CONFIRMED,
        EventKind.HAZARD_SECURED,
    }
)


# ── With the capability ──────────────────────────────────────────────────────────────────────
@confidential
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Right after sending: the code, what happens now, the link to come back by."""
    report = _own(token)
    contact = Contact.objects.filter(report=report).first()
    facts = {"story": Story(report, token), "report": report, "contact": contact}
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
    }
    if request.GET.get("teil") == "meldung":
        return render(request, "reports/page/_live.html", facts)
    return render(request, "reports/own_report.html", facts)


@csrf_exempt
@refuse_cross_site
@confidential
@in_measure
@require_http_methods(["GET", "HEAD", "POST"])
def own_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. A mail scanner's GET confirms nothing: the button does."""
    try:
        if request.method == "POST":
            intake.confirm(token)
            return HttpResponseRedirect(reverse("own-confirm", args=[token]), status=303)
        contact = Contact.objects.select_related("report__category").get(
            confirm_digest=digest(token)
        )
    except (Report.DoesNotExist, Contact.DoesNotExist):
        return render(request, "reports/confirm_unknown.html", status=404)
    is_expired = contact.is_past_confirming(timezone.now())
    facts = {"contact": contact, "report": contact.report, "is_expired": is_expired}
    return render(request, "reports/confirm.html", facts, status=410 if is_expired else 200)


@confidential
@require_safe
def own_photo(request: HttpRequest, token: str, image_id: uuid.UUID, size: str) -> FileResponse:
    photo = _photo(image_id, size, report=_own(token))
    return _file(photo, size)


# ── For everybody ────────────────────────────────────────────────────────────────────────────
@require_safe
def report_page(request: HttpRequest, code: str) -> HttpResponse:
    """What the public may know of a report. Unpublished and unknown look the same."""
    known = normalise(code)
    if known is None:
        raise Http404
    if known != code:
        return HttpResponsePermanentRedirect(reverse("report-page", args=[known]))
    cursor = live.cursor()
    report = Report.objects.with_faces().filter(code=known).first()
    if report is None:
        raise Http404
    if not report.is_public:
        return _not_public(request, report)
    if main := _main_report(report):
        return HttpResponseRedirect(f"{main}?von={known}", status=303)
    facts = {
        "story": Story(report),
        "report": report,
        "cursor": cursor,
        "topic": f"report:{report.code}",
        "merged": _merged(request, report),
    }
    if request.GET.get("teil") == "meldung":
        return _short_lived(render(request, "reports/page/_live.html", facts))
    return _short_lived(render(request, "reports/report.html", facts))


@require_safe
def photo(request: HttpRequest, image_id: uuid.UUID, size: str) -> FileResponse:
    """A released photo of a public report; everything else is 404."""
    shown = _photo(image_id, size, is_released=True, report__is_public=True)
    response = _file(shown, size)
    response["Cache-Control"] = f"public, max-age={PHOTO_SECONDS}"
    return response


def _own(token: str) -> Report:
    try:
        return Report.objects.with_faces().by_token(token)
    except Report.DoesNotExist:
        raise Http404 from None


def _photo(image_id: uuid.UUID, size: str, **terms: Any) -> Photo:
    photo = Photo.objects.select_related("image").filter(image=image_id, **terms).first()
    if photo is None or size not in SIZES:
        raise Http404
    return photo


def _file(photo: Photo, size: str) -> FileResponse:
    return photos.file_response(photo.image, "full" if size == "full" else "thumb")


def _not_public(request: HttpRequest, report: Report) -> HttpResponse:
    """410 for what the public once saw and the reporter took back, else 404 like the unknown."""
    if report.withdrawn_at and report.events.filter(was_public=True).exists():
        return render(request, "reports/withdrawn.html", {"report": report}, status=410)
    raise Http404


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
