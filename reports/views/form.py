"""The page `/melden`: one plain form that never loses what was put in."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from geo import addresses
from geo.addresses import Address
from geo.models import Place
from reports import catalogue, intake, routing
from reports.catalogue import Entry, Group
from reports.forms import (
    MAX_DESCRIPTION,
    Problem,
    ReportForm,
    point_from,
    typed_coordinates,
    written,
)
from reports.models import Photo, Publication, PublicPlace
from reports.routing import Explanation
from townhall import doors, photos, sites
from townhall.calendar import Calendar
from townhall.limits import TooMany
from townhall.models import Image, Municipality
from townhall.people import Whereabouts, municipality_at

from .doors import refuse_cross_site

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
    "contact",
    "preview",
)


@dataclass(frozen=True)
class Hit:
    """A line of the address search, or typed coordinates."""

    spot: str
    name: str
    more: str


@dataclass(frozen=True)
class Offer:
    """A place that a photo proposes: "lon,lat", and what it is called."""

    spot: str
    name: str


class Sheet:
    """What the page shows beyond the form. Each fact is asked for when a template wants it."""

    def __init__(self, form: ReportForm, *, step: str = "") -> None:
        self.form = form
        self.area_keys: tuple[str, ...] = ()  # where the address search looks; empty: everywhere
        self.step = step
        self.now = timezone.now()
        self.has_searched = False
        self.shows_problems = False

    @cached_property
    def problems(self) -> list[Problem]:
        """What to say on top of the page, each with the question that it is about."""
        if not self.shows_problems:
            return []
        found = self.form.problems(self.step)
        if not any(each.field.startswith("answers.") for each in found) or self.entry is None:
            return found
        texts = {f"answers.{question.code}": question.text for question in self.entry.questions}
        return [replace(each, about=texts.get(each.field, "")) for each in found]

    # ── Where ────────────────────────────────────────────────────────────────────────────
    @property
    def spot(self) -> str:
        return written(self.form.point) if self.form.point else ""

    @cached_property
    def whereabouts(self) -> Whereabouts | None:
        return municipality_at(self.form.point) if self.form.point else None

    @property
    def town(self) -> Municipality | None:
        return self.whereabouts.municipality if self.whereabouts else None

    @property
    def is_elsewhere(self) -> bool:
        """A place that nobody here serves."""
        return bool(self.form.point) and self.town is None

    @cached_property
    def elsewhere(self) -> Any:
        """Who may be responsible instead: the sentence that a submission would get."""
        return intake.OutsideArea(self.whereabouts).errors["position"][0]

    @cached_property
    def address(self) -> Address | None:
        if self.form.point is None or self.whereabouts is None:
            return None
        return addresses.nearest(self.form.point, area_key=self.whereabouts.key)

    @property
    def place_name(self) -> str:
        """„Lindenweg 4“, or the coordinates where nothing has a name."""
        point = self.form.point
        return _name_of(point, self.address) if point else ""

    @cached_property
    def offer(self) -> Offer | None:
        """Where a photo was taken, until a place is chosen. Only where somebody here serves."""
        point = self.form.photo_point
        if point is None or self.form.point is not None:
            return None
        found = municipality_at(point)
        if found is None or found.municipality is None:
            return None
        return Offer(written(point), _name_of(point, addresses.nearest(point, area_key=found.key)))

    @property
    def locality(self) -> str:
        """„Auerbach, Bensheim“."""
        town = self.whereabouts.name if self.whereabouts else ""
        part = self.address.locality if self.address else ""
        return ", ".join(dict.fromkeys(filter(None, [part, town])))

    @property
    def hits(self) -> list[Hit]:
        point = typed_coordinates(self._wanted)
        if point:
            return [Hit(written(point), self._wanted, "")]
        return [_hit(place) for place in self._found]

    @property
    def has_demo_hits(self) -> bool:
        return addresses.has_demo(self._found)

    @property
    def _wanted(self) -> str:
        """What the address field asks for; "" unless the search was pressed."""
        return str(self.form["place"].value() or "").strip() if self.has_searched else ""

    @cached_property
    def _found(self) -> list[Place]:
        if not self._wanted or typed_coordinates(self._wanted):
            return []
        keys = self.area_keys or None
        return addresses.search(self._wanted, area_keys=keys, near=self.form.point, limit=6)

    # ── What ─────────────────────────────────────────────────────────────────────────────
    @cached_property
    def groups(self) -> list[Group]:
        return catalogue.offered_at(self.town)

    @cached_property
    def entry(self) -> Entry | None:
        """The chosen category, if it is offered here."""
        code = self.form["category"].value()
        return next((e for group in self.groups for e in group.entries if e.code == code), None)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The chosen category's questions with the answers so far and what is wrong with them."""
        if self.entry is None:
            return []
        return [
            {
                "question": question,
                "name": f"answer.{self.entry.code}.{question.code}",
                "answer": self.form.answers.get(question.code, ""),
                "errors": self._errors(f"answers.{question.code}"),
            }
            for question in self.entry.questions
        ]

    @property
    def errors(self) -> dict[str, list[Any]]:
        return {field: self._errors(field) for field in self.form.errors}

    def _errors(self, field: str) -> list[Any]:
        return [each.sentence for each in self.problems if each.field == field]

    @property
    def is_hazard(self) -> bool:
        entry = self.entry
        return entry is not None and (
            entry.category.is_hazard
            or any(self.form.answers.get(q.code) in q.hazard_answers for q in entry.questions)
        )

    @cached_property
    def images(self) -> list[Image]:
        """The photos that lie ready, in the order in which they were added."""
        known = Image.objects.in_bulk(self.form.photo_ids)
        return [known[each] for each in self.form.photo_ids if each in known]

    @property
    def room_for_photos(self) -> int:
        return photos.MAX_PHOTOS - len(self.form.photo_ids)

    # ── What becomes of it ───────────────────────────────────────────────────────────────
    @cached_property
    def routing(self) -> Explanation | None:
        if self.town is None or self.entry is None or self.form.point is None:
            return None
        return routing.route(
            self.town,
            category=self.entry.category,
            position=self.form.point,
            answers=self.form.answers,
        )

    @property
    def title(self) -> str:
        """As the public will read it: „Schlagloch, Lindenweg“."""
        entry = self.entry
        return ", ".join(filter(None, [entry.name, self.public_place])) if entry else ""

    @property
    def public_place(self) -> str:
        kind = PublicPlace(self.entry.category.public_place) if self.entry else PublicPlace.EXACT
        if self.address is None or kind == PublicPlace.NONE:
            return ""
        if kind == PublicPlace.LOCALITY:
            return self.address.locality
        return self.address.street or self.address.locality

    @property
    def publication(self) -> str:
        """A value of Publication: what will happen, as far as it is known now."""
        if self.form["private"].value():
            return Publication.NEVER
        terms = self.entry.terms if self.entry else catalogue.Terms()
        if terms.publication == Publication.AFTER_CONFIRMATION and not self.form["email"].value():
            return Publication.AFTER_REVIEW
        return terms.publication

    @property
    def reading(self) -> dt.datetime | None:
        """When staff will read it; None while the town is not known."""
        if self.town is None:
            return None
        return timezone.localtime(Calendar.of(self.town).next_reading(self.now))


def _name_of(point: Point, address: Address | None) -> str:
    if address and address.street:
        return f"{address.street} {address.house_number}".strip()
    return f"{point.y:.5f}, {point.x:.5f}"


def _hit(place: Place) -> Hit:
    more = ", ".join(dict.fromkeys(filter(None, [place.locality, place.area_name])))
    return Hit(written(place.position), str(place), more)


@csrf_exempt
@refuse_cross_site
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request: HttpRequest) -> HttpResponse:
    """GET: the empty form. POST: whatever its buttons ask for; only "send" makes a report."""
    if request.method != "POST":
        spot = point_from(f"{request.GET.get('lon', '')},{request.GET.get('lat', '')}")
        return _show(request, Sheet(ReportForm.blank(spot=spot)))
    form = ReportForm(request.POST)
    _take_out(form, request.POST.get("remove", ""))
    uploads = request.FILES.getlist("photo")
    try:
        if uploads:
            doors.count(request, doors.by_client(request, "photos", cost=len(uploads)))
    except TooMany as refused:
        return _too_many(request, form, refused, field="photo")
    refusals = _take_in(form, uploads, request.POST.getlist("photo_id"))
    if refusals:
        form.refuse({"photo": refusals})
        return _with_problems(request, Sheet(form, step="foto"))
    deed = _DEEDS.get(request.POST.get("action", ""), _go_on)
    return deed(request, form)


# ── Buttons ──────────────────────────────────────────────────────────────────────────────────
def _find_place(request: HttpRequest, form: ReportForm) -> HttpResponse:
    sheet = Sheet(form)
    sheet.has_searched = True
    sheet.area_keys = sites.area_keys(sites.site_of(request))
    return _show(request, sheet)


def _go_on(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """Enter in some field: look for the address while there is no place, else show the page."""
    if form.data.get("place") and form.data.get("place") != form.data.get("place_before", ""):
        return _find_place(request, form)
    return _show(request, Sheet(form))


def _show_again(request: HttpRequest, form: ReportForm) -> HttpResponse:
    return _show(request, Sheet(form))


def _check(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """One step is finished: what is wrong with it, or 200."""
    sheet = Sheet(form, step=request.POST.get("step", ""))
    if sheet.step == "ort" and sheet.is_elsewhere:
        form.complain("spot", sheet.elsewhere)
    if sheet.step == "was" and sheet.entry:
        for question in sheet.entry.questions:
            complaint = question.complaint(form.answers.get(question.code, ""))
            if complaint:
                form.complain(f"answers.{question.code}", complaint)
    if form.problems(sheet.step):
        return _with_problems(request, sheet)
    return _show(request, sheet)


def _send(request: HttpRequest, form: ReportForm) -> HttpResponse:
    if not form.is_valid():
        return _with_problems(request, Sheet(form))
    draft = form.draft()
    knocks = [doors.by_client(request, "reports")]
    try:
        doors.count(request, *knocks, *([doors.by_mailbox(draft.email)] if draft.email else []))
        receipt = intake.submit(draft)
    except TooMany as refused:
        field = "email" if refused.name == "mailbox" else "send"
        return _too_many(request, form, refused, field=field)
    except intake.Refused as refusal:
        form.refuse(refusal.errors)
        return _with_problems(request, Sheet(form))
    except intake.Conflict:
        return _sent_before(request, form)
    except intake.Erased:
        return render(request, "reports/erased.html", status=410)
    goal = reverse("report-thanks", args=[receipt.token])
    if "teil" in request.GET:
        return HttpResponse(status=201, headers={"Location": goal})
    return HttpResponseRedirect(goal, status=303)


def _too_many(
    request: HttpRequest, form: ReportForm, refused: TooMany, *, field: str
) -> HttpResponse:
    """429: why, and what to do. Everything that was put in stays."""
    form.complain(field, doors.told(refused))
    answer = _with_problems(request, Sheet(form), status=429)
    answer["Retry-After"] = str(refused.wait_s)
    return answer


def _sent_before(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """The form was sent, then changed and sent again: a second report needs a second press."""
    form.start_anew()
    taken = set(Photo.objects.filter(image__in=form.photo_ids).values_list("image", flat=True))
    form.photo_ids = tuple(each for each in form.photo_ids if each not in taken)
    form.complain(
        "category",
        _("You have sent this report already. Send once more to make another one of it."),
    )
    return _with_problems(request, Sheet(form), status=409)


_DEEDS: dict[str, Callable[[HttpRequest, ReportForm], HttpResponse]] = {
    "find-place": _find_place,
    "choose-category": _show_again,
    "add-photo": _show_again,
    "preview": _show_again,
    "check": _check,
    "send": _send,
}


# ── Photos ───────────────────────────────────────────────────────────────────────────────────
def _take_in(form: ReportForm, uploads: list[UploadedFile], ids: list[str]) -> list[Any]:
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


def _id_for(form: ReportForm, upload: UploadedFile, given: str) -> uuid.UUID:
    """The script's own id, or one that the same file gets again in the same form."""
    try:
        return uuid.UUID(given)
    except ValueError:
        content = hashlib.file_digest(upload, "sha256").hexdigest()
        upload.seek(0)
        return uuid.uuid5(form.client_uuid, content)


def _take_out(form: ReportForm, unwanted: str) -> None:
    form.photo_ids = tuple(each for each in form.photo_ids if str(each) != unwanted)


# ── Answers ──────────────────────────────────────────────────────────────────────────────────
def _with_problems(request: HttpRequest, sheet: Sheet, *, status: int = 422) -> HttpResponse:
    sheet.shows_problems = True
    return _show(request, sheet, status=status)


def _show(request: HttpRequest, sheet: Sheet, *, status: int = 200) -> HttpResponse:
    """The whole page, or the parts of it that a script asked for."""
    facts = {
        "sheet": sheet,
        "form": sheet.form,
        "max_photos": photos.MAX_PHOTOS,
        "max_description": MAX_DESCRIPTION,
        "map": _map(request),
    }
    wanted = [part for part in request.GET.get("teil", "").split(",") if part in PARTS]
    if not wanted:
        return render(request, "reports/form.html", facts, status=status)
    parts = (render_to_string(f"reports/form/_{part}.html", facts, request) for part in wanted)
    return HttpResponse("\n".join(parts), status=status)


def _map(request: HttpRequest) -> dict[str, str]:
    """What the map with the crosshair must know: west,south,east,north and the ground."""
    whole = sites.extent(sites.site_of(request))
    return {
        "extent": f"{whole.west},{whole.south},{whole.east},{whole.north}",
        "areas": f"{reverse('api-areas')}?layer={settings.MUNICIPALITY_LAYER}",
    }
