"""The desk: the lists, one report, and everything staff do to it.

`/amt` and `/amt/meldung/CODE` are the same page with and without a report in its right pane. A
script that sends X-Fragment gets the pane alone. Every deed is a thing with an address of its
own: GET shows its form, POST does it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.deeds import crossing, custody, triage, work
from reports.deeds.forms import Complaint, DeedForm
from reports.deeds.remembering import as_one
from reports.desk import reading
from reports.desk.case import Case, case_of
from reports.desk.wish import Wish
from reports.hazards import hazard, liability
from reports.models import Contact, Event, Photo, Report, StaffPhoto
from reports.views.desk_list import list_facts
from reports.views.thing import Thing
from reports.views.things import THINGS
from reports.views.undoing import say_done
from reports.workflow import Deed, IllegalMove, ReasonMissing
from townhall import crossings, drafts
from townhall.codes import normalise
from townhall.models import User
from townhall.papers import NotPrinted
from townhall.photos import file_response
from townhall.views.sign_in import StaffRequest, staff_only, wants_fragment

log = logging.getLogger(__name__)


class SeeOther(HttpResponseRedirect):
    """After a deed: look there, by GET."""

    status_code = 303


# ── What the page shows of it ────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Panel:
    """A thing as the page shows it: its form, perhaps filled in, perhaps open."""

    thing: Thing
    form: DeedForm
    is_open: bool = False
    has_preview: bool = False


@dataclass(frozen=True)
class Attempt:
    """A form that came and was not carried out. None of it is lost."""

    thing: Thing
    form: DeedForm
    has_preview: bool = False

    @property
    def typed(self) -> str:
        """The text of the form, whatever its field is called here."""
        return str(
            next(
                (
                    self.form[name].value()
                    for name in ("text", "reason")
                    if name in self.form.fields
                ),
                "",
            )
            or ""
        )


# ── Pages ────────────────────────────────────────────────────────────────────────────────────
@require_GET
@staff_only
def report_page(request: StaffRequest, code: str) -> HttpResponse:
    case = _case(request, code)
    custody.is_opened_by(case.report, request.user)
    reading.note(case.report, request.user)
    # That somebody who can act has seen a danger is a fact of its own.
    if case.may(Deed.ACKNOWLEDGE) and hazard.see(case.report, by=request.user):
        case = _case(request, code)
    return _show(request, case)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def thing_page(request: StaffRequest, code: str, slug: str) -> HttpResponse:
    """GET: the report with this form open. POST: the deed."""
    thing = THINGS[slug]
    case = _case(request, code)
    if not case.may(thing.deed):
        return _refused(request, case)
    if request.method == "POST":
        return _do(request, case, thing)
    draft = drafts.take(request)
    if draft is not None:
        messages.warning(request, _("You had been signed out. Your text is here, not yet saved."))
    initial = None if draft is None else _typed(draft)
    return _show(request, case, Attempt(thing, thing.form(case=case, initial=initial)))


@require_POST
@staff_only
def contact_page(request: StaffRequest, code: str) -> HttpResponse:
    """The reporter's contact, once. Who looked is written into the report's life."""
    case = _case(request, code)
    try:
        contact = triage.unveil_contact(case.report, by=request.user)
    except work.NotAllowed:
        return _refused(request, case)
    return _show(request, _case(request, code), contact=contact, is_unveiled=True)


@require_GET
@staff_only
def liability_page(request: StaffRequest, code: str) -> HttpResponse:
    """The record of a danger as PDF; 404 for what never was one."""
    case = _case(request, code)
    if not case.may_file:
        return _refused(request, case)
    if not case.report.alarms.exists():
        raise Http404
    try:
        paper = liability.liability_file(case, by=request.user)
    except NotPrinted as trouble:
        log.exception("No liability file of report %s: %s", case.report.pk, trouble.because)
        messages.error(request, _("The PDF could not be made. Please tell your administrator."))
        return _show(request, case, status=500)
    name = f"Haftungsakte-{case.report.shown_code}.pdf"
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


# ── Pieces for scripts ───────────────────────────────────────────────────────────────────────
@require_GET
@staff_only
def photo(request: StaffRequest, image_id: UUID, size: str) -> HttpResponseBase:
    """A photo of a report in this user's care, released or not."""
    mine = Report.objects.in_sight_of(request.user)
    found: Any = Photo.objects.filter(image=image_id, report__in=mine).first()
    found = found or get_object_or_404(StaffPhoto, image=image_id, report__in=mine)
    response = file_response(found.image, "thumb" if size == "thumb" else "full")
    response["Cache-Control"] = "private, max-age=600"
    return response


# ── Doing ────────────────────────────────────────────────────────────────────────────────────
def _do(request: StaffRequest, case: Case, thing: Thing) -> HttpResponse:
    form = thing.form(request.POST, files=request.FILES, case=case)
    attempt = Attempt(thing, form, has_preview="vorschau" in request.POST)
    if not form.is_valid():
        if _is_overtaken(form):
            return _too_late(request, case, attempt)
        return _show(request, case, attempt, status=422)
    if attempt.has_preview or form.needs_another_look:
        return _show(request, case, attempt)
    try:
        with as_one() as batch:
            thing.act(case.report, request.user, form)
    except (work.TooLate, IllegalMove):
        return _too_late(request, case, attempt)
    except work.NotAllowed:
        return _refused(request, case)
    except Complaint as complaint:
        form.add_error(complaint.field, complaint.sentence)
        return _show(request, case, attempt, status=422)
    except crossings.NotWanted:
        messages.error(request, _("The lost property office does not take this. Nothing changed."))
        return _show(request, _case(request, case.report.code), status=422)
    except (ReasonMissing, triage.Nowhere):  # the row moved between our look and the lock
        return _show(request, _case(request, case.report.code), attempt, status=422)
    say_done(request, str(thing.done), batch)
    return SeeOther(_next_page(request, case.report))


def _is_overtaken(form: DeedForm) -> bool:
    """The choice was there when the page was made, and is gone because the report moved."""
    version = form.cleaned_data.get("version")
    is_stale = version is not None and version != form.case.report.version
    codes = {each.code for errors in form.errors.as_data().values() for each in errors}
    return is_stale and "invalid_choice" in codes


def _too_late(request: StaffRequest, case: Case, attempt: Attempt) -> HttpResponse:
    """409: what has changed, by whom and when; what was typed stays and can be sent again."""
    seen = attempt.form.cleaned_data.get("version")
    fresh = _case(request, case.report.code)
    changes = [event for event in fresh.events if seen is not None and event.version > seen]
    typed = _typed(request.POST) | {"version": fresh.report.version}
    thing = attempt.thing
    again = Attempt(thing, thing.form(case=fresh, initial=typed))
    is_harmless = thing.fits(fresh.report) and thing.form(request.POST, case=fresh).is_valid()
    return _show(
        request,
        fresh,
        again,
        late=changes,
        is_late=True,
        is_harmless=is_harmless,
        status=409,
    )


def _typed(fields: QueryDict) -> dict[str, Any]:
    """What was typed, as first values of another form."""
    several = {name: fields.getlist(name) for name in fields if name == "photos"}
    return fields.dict() | several


def _refused(request: StaffRequest, case: Case) -> HttpResponse:
    messages.error(request, _("Your role does not allow this. Nothing has been changed."))
    return _show(request, case, status=403)


def _next_page(request: StaffRequest, report: Report) -> str:
    """The report again, or the list when it is no longer in this user's care."""
    is_mine = Report.objects.in_care_of(request.user).filter(pk=report.pk).exists()
    page = reverse("desk-report", args=[report.code]) if is_mine else reverse("desk")
    query = Wish.parse(request.GET).query
    return f"{page}?{query}" if query else page


# ── Showing ──────────────────────────────────────────────────────────────────────────────────
def _found(look: Callable[[str], Any], code: str) -> Any:
    """What `look` finds under the code somebody typed; 404 for others' and for nonsense."""
    known = normalise(code)
    if known is None:
        raise Http404
    try:
        return look(known)
    except Report.DoesNotExist:
        raise Http404 from None


def _case(request: StaffRequest, code: str) -> Case:
    today = timezone.localdate()
    case: Case = _found(lambda code: case_of(code, request.user, today=today), code)
    return case


def _show(
    request: StaffRequest,
    case: Case,
    attempt: Attempt | None = None,
    *,
    late: Sequence[Event] = (),
    is_late: bool = False,
    is_harmless: bool = False,
    contact: Contact | None = None,
    is_unveiled: bool = False,
    status: int = 200,
) -> HttpResponse:
    wish = Wish.parse(request.GET)
    panels = _panels(case, attempt)
    facts: dict[str, Any] = {
        "case": case,
        "report": case.report,
        "wish": wish,
        "panels": panels,
        "attempt": attempt,
        "orphan": attempt if attempt and not any(panel.is_open for panel in panels) else None,
        "late": late,
        "is_late": is_late,
        "is_harmless": is_harmless,
        "contact": contact,
        "is_unveiled": is_unveiled,
        "found": _found_thing(case, request.user),
    }
    if wants_fragment(request):
        return render(request, "reports/staff/_report.html", facts, status=status)
    facts = list_facts(request, wish) | facts
    return render(request, "reports/staff/desk.html", facts, status=status)


def _found_thing(case: Case, user: User) -> crossings.Sight | None:
    """What the report has become, if it was a find."""
    codes = [event.facts[crossing.FOUND] for event in case.events if crossing.FOUND in event.facts]
    return crossings.sight(crossing.FOUND, codes[-1], user) if codes else None


def _panels(case: Case, attempt: Attempt | None) -> list[Panel]:
    """The deeds that the rules allow now to this user, the attempted one as it was left."""
    panels = []
    for thing in THINGS.values():
        if not (case.may(thing.deed) and thing.fits(case.report)):
            continue
        if attempt and attempt.thing is thing:
            panels.append(Panel(thing, attempt.form, True, attempt.has_preview))
        else:
            panels.append(Panel(thing, thing.form(case=case)))
    return panels
