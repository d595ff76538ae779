"""The page `/amt/annahme`: a report for somebody without internet, in the order they tell it.

Every button posts the whole form; only "save" takes the report in, all others show the page again
with what follows from what was typed. A script sends X-Fragment and puts the parts in place.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from geo import addresses, wording
from geo.models import Place, PlaceKind
from geo.points import typed_coordinates, written
from reports.deeds import taking_in
from reports.deeds.taking_in import Via
from reports.deeds.taking_in_forms import TakingInForm
from reports.models import Report
from reports.receiving import intake, receipt_paper
from reports.views.form import forget_used, take_out
from reports.views.form import take_in as stage_photos
from reports.views.sheet import Sheet
from reports.voices import support
from townhall import drafts, sites
from townhall.codes import normalise
from townhall.models import Municipality
from townhall.papers import NotPrinted
from townhall.people import scope_of
from townhall.views.sign_in import StaffRequest, staff_only, wants_fragment

log = logging.getLogger(__name__)
MOST_HITS = 6


class TakingInSheet(Sheet):
    """What the page shows beside the fields. The clerk's own towns are searched first."""

    form: TakingInForm

    def __init__(self, form: TakingInForm, *, area_keys: tuple[str, ...]) -> None:
        super().__init__(form)
        self.area_keys = area_keys
        self.has_searched = bool(form.data.get("place", "").strip())

    def look_up(self) -> None:
        """Another place was typed: the likeliest is taken until somebody chooses another."""
        if not self.form.is_place_new:
            return
        hits = self.hits
        self.form.put(spot=hits[0].spot if hits else "", accuracy="")

    @property
    def _found(self) -> list[Place]:
        if not hasattr(self, "_places"):
            self._places = self._search(self._wanted)
        return self._places

    def _search(self, words: str) -> list[Place]:
        """Without a look at the point chosen: the hits stay in their order."""
        if not words or typed_coordinates(words):
            return []
        found: list[Place] = []
        if self.area_keys:
            found = addresses.search(words, area_keys=self.area_keys, limit=MOST_HITS)
        return found or addresses.search(words, limit=MOST_HITS)

    @cached_property
    def unlisted_number(self) -> str:
        """Of the address typed, where the directory has its street alone; else ""."""
        number = wording.Wanted.read(self._wanted).house_number
        if not number or self.address is None:
            return ""
        chosen = next((each for each in self._found if written(each.position) == self.spot), None)
        is_street = (
            chosen and chosen.kind == PlaceKind.STREET and chosen.name == self.address.street
        )
        return number if is_street else ""

    @property
    def place_name(self) -> str:
        return f"{super().place_name} {self.unlisted_number}".strip()

    @property
    def is_from_map(self) -> bool:
        """Chosen on the map, or typed as coordinates: none of the hits."""
        return bool(self.spot) and not self.finds_the_same


# ── Pages ────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def intake_page(request: StaffRequest) -> HttpResponse:
    _refuse_others(request)
    if request.method == "POST":
        return _press(request)
    draft = drafts.take(request)
    if draft is None:
        blank = TakingInForm(initial={"client_id": uuid.uuid4(), "via": Via.PHONE})
        return _show(request, _sheet(request, blank))
    messages.warning(
        request, _("You had been signed out. Everything you typed is here, not yet saved.")
    )
    return _show(request, _sheet(request, TakingInForm(draft)))


@require_GET
@staff_only
def receipt_page(request: StaffRequest, code: str) -> HttpResponse:
    """What to tell the caller: the number. For whoever took the report in."""
    report = _own(request, code)
    is_mine = Report.objects.in_sight_of(request.user).filter(pk=report.pk).exists()
    return render(
        request, "reports/staff/intake/receipt.html", {"report": report, "opens": is_mine}
    )


@require_GET
@staff_only
def receipt_pdf(request: StaffRequest, code: str) -> HttpResponse:
    report = _own(request, code)
    try:
        paper = receipt_paper.receipt(report, token=taking_in.token_of(report))
    except NotPrinted as trouble:
        log.exception("No receipt of report %s: %s", report.pk, trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return _see_other(reverse("desk-intake-receipt", args=[report.code]))
    name = f"{gettext('Report')}-{report.shown_code}.pdf"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _refuse_others(request: StaffRequest) -> None:
    if not taking_in.may_take_in(request.user):
        raise PermissionDenied


def _own(request: StaffRequest, code: str) -> Report:
    try:
        return taking_in.taken_in_by(request.user, normalise(code) or "")
    except Report.DoesNotExist:
        raise Http404 from None


# ── Buttons ──────────────────────────────────────────────────────────────────────────────────
def _press(request: StaffRequest) -> HttpResponse:
    form = TakingInForm(request.POST)
    sheet = _sheet(request, form)
    was_new = form.is_place_new
    sheet.look_up()
    take_out(form, request.POST.get("remove", ""))
    refusals = stage_photos(form, request.FILES.getlist("photo"), [])
    if refusals:
        form.refuse({"photo": refusals})
    if same := request.POST.get("same"):
        return _same(request, sheet, same)
    if request.POST.get("action") != "save":
        if refusals:
            sheet.shows_problems, sheet.problems_of = True, "photo"
        return _show(request, sheet)
    if was_new and len(sheet.hits) > 1:
        form.complain("spot", _("Several places are called so: which one is it?"))
    return _save(request, sheet)


def _save(request: StaffRequest, sheet: TakingInSheet) -> HttpResponse:
    form = sheet.form
    if form.errors.pop("client_id", None):  # somebody tampered with it
        form.start_anew()
        form.complain("send", _("Please save once more."))
    complaints = dict(form.errors)
    if not form.is_valid() or complaints:
        return _with_problems(request, sheet)
    via = Via(form.cleaned_data["via"])
    try:
        draft = replace(form.draft(), house_number=sheet.unlisted_number)
        receipt = taking_in.take_in(draft, by=request.user, via=via)
    except intake.Refused as refusal:
        form.refuse(refusal.errors)
        return _with_problems(request, sheet)
    except (intake.Conflict, intake.Erased):
        form.start_anew()
        forget_used(form)
        form.complain(
            "send", _("This form was sent before. Save once more to make another report of it.")
        )
        return _with_problems(request, sheet, status=409)
    return _see_other(reverse("desk-intake-receipt", args=[receipt.report.code]))


def _same(request: StaffRequest, sheet: TakingInSheet, code: str) -> HttpResponse:
    """It is known already: one voice more, no second report. Pressed twice, it counts once."""
    known = normalise(code) or ""
    try:
        voice = support.support(
            known,
            client_id=uuid.uuid5(sheet.form.client_uuid, known),
            photo_ids=sheet.form.photo_ids,
        )
    except (support.Unknown, support.Conflict):  # gone from public view since the page was shown
        return _show(request, sheet)
    words = _("Counted as one more voice for %(code)s. No second report was made.")
    messages.success(request, words % {"code": voice.report.shown_code})
    return _see_other(reverse("desk-intake"))


def _see_other(url: str) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(url)
    answer.status_code = 303
    return answer


# ── Showing ──────────────────────────────────────────────────────────────────────────────────
def _sheet(request: StaffRequest, form: TakingInForm) -> TakingInSheet:
    towns = _town_ids(request)
    keys = Municipality.objects.filter(pk__in=towns).values_list("key", flat=True)
    return TakingInSheet(form, area_keys=tuple(sorted(keys)))


def _town_ids(request: StaffRequest) -> frozenset[int]:
    """The towns that the clerk's departments serve."""
    return frozenset().union(*(each.municipality_ids for each in scope_of(request.user).grants))


def _with_problems(
    request: StaffRequest, sheet: TakingInSheet, *, status: int = 422
) -> HttpResponse:
    sheet.shows_problems = True
    return _show(request, sheet, status=status)


def _show(request: StaffRequest, sheet: TakingInSheet, *, status: int = 200) -> HttpResponse:
    facts: dict[str, Any] = {
        "sheet": sheet,
        "form": sheet.form,
        "vias": Via.choices,
        "map": sites.crosshair(request),
    }
    template = "_form" if wants_fragment(request) else "page"
    return render(request, f"reports/staff/intake/{template}.html", facts, status=status)
